//! JSON bodies of everything but ingest: parsed whatever `Content-Type` says, refused with the field that is wrong.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::body;
use crate::ingest::json::text_from_bytes;
use axum::body::Body;
use axum::http::HeaderMap;
use bytes::Bytes;
use serde::de::DeserializeOwned;

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
