//! Reading runs.

use super::json_body;
use super::links;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::run_query::{RunPage, RunQuery};
use fanlight_wire::{RawJson, Run, RunId};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// `POST /runs/query`: a page of runs. Conditions that cannot be answered yet are refused with 422.
pub async fn query_runs(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<RunPage>> {
    let query = read_query(json_body::read(&app, &headers, body).await?)?;
    let mut page = app.store.query_runs(query).await?;
    let base = links::base_url(&headers);
    for run in &mut page.runs {
        complete(run, &base);
    }
    Ok(Json(page))
}

/// `GET /runs/{run_id}`. The project and start time that clients may add only help other servers to find the run.
pub async fn find_run(
    State(app): State<App>,
    Path(run_id): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Json<Run>> {
    let run_id: RunId = path_id("run_id", &run_id)?;
    if params.flag("include_messages")? == Some(true) {
        params.refuse(&["include_messages"])?;
    }
    let mut run =
        app.store.find_run(run_id).await?.ok_or_else(|| AppError::not_found(format!("run {run_id} not found")))?;
    if params.flag("exclude_serialized")? == Some(true) {
        run.serialized = None;
    }
    complete(&mut run, &links::base_url(&headers));
    Ok(Json(run))
}

/// What the SDKs read unguarded: inputs that are an object, and links that work from where the caller is.
fn complete(run: &mut Run, base_url: &str) {
    run.inputs.get_or_insert_with(empty_object);
    for (key, attachment) in run.attachments.iter_mut().flatten() {
        let name = key.strip_prefix("attachment.").unwrap_or(key);
        attachment.presigned_url = links::attachment_url(base_url, run.id, name);
    }
}

fn empty_object() -> RawJson {
    RawValue::from_string("{}".into()).expect("braces are an object")
}

/// Reads a query with the liberties that clients take: one id where a list belongs, blank filters, words in capitals.
fn read_query(mut body: Map<String, Value>) -> AppResult<RunQuery> {
    body.retain(|_, value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()));
    for list in ["id", "session", "reference_example", "select"] {
        if let Some(value) = body.get_mut(list).filter(|value| !value.is_array()) {
            *value = Value::Array(vec![value.take()]);
        }
    }
    for word in ["order", "run_type"] {
        if let Some(Value::String(text)) = body.get_mut(word) {
            *text = text.to_ascii_lowercase();
        }
    }
    for field in KNOWN_FIELDS {
        let Some(value) = body.get(*field) else { continue };
        // One field at a time, so that the answer can name the wrong one.
        let alone = Value::Object(Map::from_iter([((*field).to_owned(), value.clone())]));
        if let Err(error) = serde_json::from_value::<RunQuery>(alone) {
            return Err(AppError::invalid("body", field, error.to_string()));
        }
    }
    serde_json::from_value(Value::Object(body)).map_err(|error| AppError::invalid("body", "", error.to_string()))
}

const KNOWN_FIELDS: &[&str] = &[
    "id",
    "session",
    "session_id",
    "trace",
    "trace_id",
    "parent_run",
    "is_root",
    "execution_order",
    "run_type",
    "reference_example",
    "start_time",
    "end_time",
    "error",
    "filter",
    "trace_filter",
    "tree_filter",
    "query",
    "search_filter",
    "limit",
    "cursor",
    "order",
    "select",
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: Value) -> Result<RunQuery, String> {
        let Value::Object(body) = body else { panic!("an object") };
        read_query(body).map_err(|error| format!("{:?} {}", error.location, error.message))
    }

    #[test]
    fn liberties_of_clients_are_taken_kindly() {
        let id = "00000000-0000-4000-8000-000000000001";
        let query =
            read(json!({"session": id, "filter": " ", "start_time": null, "order": "ASC", "run_type": "LLM", "kw": 1}));
        let expected = read(json!({"session": [id], "order": "asc", "run_type": "llm"}));
        assert_eq!(query.unwrap(), expected.unwrap());
    }

    #[test]
    fn a_wrong_field_is_named() {
        let error = read(json!({"run_type": "agent"})).unwrap_err();
        assert!(error.starts_with(r#"Some(["body", "run_type"]) unknown variant `agent`"#), "{error}");
    }
}
