//! `GET /api/v2/runs/{run_id}/url`: where the dashboard shows a run. SDKs print it, often before the run has arrived.

use crate::app::App;
use crate::error::AppResult;
use crate::http::params::{Params, path_id};
use crate::routes::links;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::{ProjectId, RunId, TraceId};
use serde_json::{Value, json};

/// Answers for unknown runs too, from what the caller says about them.
pub async fn find_run_url(
    State(app): State<App>,
    Path(run_id): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Json<Value>> {
    let run_id: RunId = path_id("run_id", &run_id)?;
    let trace_id = params.id::<TraceId>("trace_id")?.unwrap_or(run_id.into());
    let path = match params.id::<ProjectId>("project_id")? {
        Some(project_id) => {
            let tenant_id = app.store.tenant_id();
            format!("/o/{tenant_id}/projects/p/{project_id}/r/{run_id}?trace_id={trace_id}")
        }
        None => match app.store.find_run(run_id).await? {
            Some(run) => run.app_path,
            None => {
                return Err(crate::error::AppError::invalid(
                    "query",
                    "project_id",
                    "is required for a run that is not known",
                ));
            }
        },
    };
    Ok(Json(json!({"url": format!("{}{path}", links::base_url(&headers))})))
}
