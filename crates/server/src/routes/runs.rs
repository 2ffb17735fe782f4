//! Reading runs.

use super::{json_body, links, question};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::run_query::RunPage;
use fanlight_wire::{RawJson, Run, RunId};
use serde_json::value::RawValue;

/// `POST /runs/query`: a page of runs, newest first unless asked otherwise.
///
/// For everybody, as often as they like: a page costs the same wherever it begins. Body up to 1 MiB, each filter up to
/// 16 KiB, at most 100 runs a page, more is taken as 100. 400 for a filter that cannot be read, with the position; 422
/// for a field of the wrong shape or another query's cursor.
pub async fn query_runs(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<RunPage>> {
    let query = question::run_query(json_body::read_question(&app, &headers, body).await?)?;
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
pub fn complete(run: &mut Run, base_url: &str) {
    run.inputs.get_or_insert_with(empty_object);
    for (key, attachment) in run.attachments.iter_mut().flatten() {
        let name = key.strip_prefix("attachment.").unwrap_or(key);
        attachment.presigned_url = links::attachment_url(base_url, run.id, name);
    }
}

fn empty_object() -> RawJson {
    RawValue::from_string("{}".into()).expect("braces are an object")
}
