//! JSON bodies of everything but ingest: parsed whatever `Content-Type` says, refused with the field that is wrong.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::body;
use crate::ingest::json::text_from_bytes;
use axum::body::Body;
use axum::http::HeaderMap;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads a body; `Bytes` because feedback is decoded by `ingest`.
pub async fn read_bytes(app: &App, headers: &HeaderMap, body: Body) -> AppResult<Bytes> {
    let limits = &app.config.limits;
    let body = body::read(headers, body, &app.body_memory, limits.body_bytes, limits.idle).await?;
    Ok(body.bytes)
}

/// Reads an object; an empty body is an empty object. 400 for what is no JSON, 422 for JSON of the wrong shape.
pub async fn read<T: DeserializeOwned>(app: &App, headers: &HeaderMap, body: Body) -> AppResult<T> {
    parse(&read_bytes(app, headers, body).await?)
}

/// Reads the body of a question about runs: an object, small. Nulls and blank texts are left out: they mean absent.
pub async fn read_question(app: &App, headers: &HeaderMap, body: Body) -> AppResult<Map<String, Value>> {
    let limits = &app.config.limits;
    let body = body::read(headers, body, &app.body_memory, limits.question_bytes, limits.idle).await?;
    let mut fields: Map<String, Value> = parse(&body.bytes)?;
    fields.retain(|_, value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()));
    Ok(fields)
}

/// Reads a small object of which nulls mean absent; 422 names the field that is wrong.
pub async fn read_fields<T: DeserializeOwned + Default>(app: &App, headers: &HeaderMap, body: Body) -> AppResult<T> {
    let limits = &app.config.limits;
    let body = body::read(headers, body, &app.body_memory, limits.question_bytes, limits.idle).await?;
    from_fields(parse(&body.bytes)?)
}

/// What the fields of an object stand for; 422 names the field that is wrong. Unknown fields are ignored.
pub fn from_fields<T: DeserializeOwned + Default>(fields: Map<String, Value>) -> AppResult<T> {
    let whole = match serde_json::from_value(Value::Object(fields.clone())) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    for (name, value) in fields {
        let alone = Map::from_iter([(name.clone(), value)]);
        if let Err(error) = serde_json::from_value::<T>(Value::Object(alone)) {
            return Err(AppError::invalid("body", &name, error.to_string()));
        }
    }
    Err(AppError::invalid("body", "", whole.to_string()))
}

pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> AppResult<T> {
    let text = text_from_bytes(bytes).map_err(AppError::malformed)?;
    let text = if text.trim().is_empty() { "{}" } else { &text };
    // Serde would take an array for a struct's fields in order.
    if !text.trim_start().starts_with('{') {
        return Err(AppError::invalid("body", "", "an object was expected"));
    }
    serde_json::from_str(text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => AppError::invalid("body", "", e.to_string()),
        _ => AppError::malformed(format!("the body is not JSON: {e}")),
    })
}
