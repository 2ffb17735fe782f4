//! `/api/fanlight/v1/storage`, `/api/fanlight/v1/projects/{project_id}/retention`: what the data takes, and for how long.

use super::json_body;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::path_id;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::ProjectId;
use fanlight_wire::storage::{Retention, StorageReport};
use serde_json::{Map, Value};

/// A hundred years: whoever wants more wants for ever.
const MAX_DAYS: i64 = 36_500;

/// Bytes of the file and of each project, and how many runs are still to be removed or indexed.
///
/// For everybody; looks at samples of all projects, so a few at a time are answered. While something is deleted, ask
/// every few seconds: `n_doomed_runs` goes down to 0.
pub async fn find_storage_report(State(app): State<App>) -> AppResult<Json<StorageReport>> {
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.storage_report().await?))
}

/// How long a project keeps its traces: `{"days": 30}`, 1 to 36,500, or `{"days": null}` for ever. Older traces are
/// hidden and removed from now on; there is no way back.
pub async fn set_retention(
    State(app): State<App>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Retention>> {
    let project: ProjectId = path_id("project_id", &project_id)?;
    let body: Map<String, Value> = json_body::read(&app, &headers, body).await?;
    // Said and null means for ever; not said at all may be a slip, and would change nothing or everything.
    let days = match body.get("days") {
        Some(Value::Null) => None,
        Some(Value::Number(days)) if days.as_i64().is_some_and(|days| (1..=MAX_DAYS).contains(&days)) => {
            days.as_i64().and_then(|days| u32::try_from(days).ok())
        }
        _ => return Err(AppError::invalid("body", "days", format!("is a whole number from 1 to {MAX_DAYS}, or null"))),
    };
    Ok(Json(app.store.set_retention(project, Retention { days }).await?))
}
