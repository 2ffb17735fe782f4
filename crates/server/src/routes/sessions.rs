//! Projects; LangSmith's API calls them sessions.

use super::{filters, json_body};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use crate::store::project_filter::FilterOnProjects;
use crate::store::{ProjectFilter, ProjectSort};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use fanlight_wire::ProjectId;
use fanlight_wire::project::{Project, ProjectCreate, ProjectUpdate};
use serde_json::{Value, json};

/// Parameters that would change which projects, or which numbers, are returned, and cannot be answered yet.
const UNSUPPORTED: &[&str] =
    &["stats_filter", "stats_start_time", "sort_by_feedback_key", "tag_value_id", "dataset_version"];

/// `GET /sessions`: newest first unless asked otherwise; no match is an empty list. `filter` knows what projects are called
/// and carry, and what their traces amount to: latency, error rate, tokens, cost, feedback.
pub async fn list_projects(State(app): State<App>, params: Params) -> AppResult<Json<Vec<Project>>> {
    params.refuse(UNSUPPORTED)?;
    filters::check_of_projects("filter", params.text("filter"))?;
    let filter = ProjectFilter {
        ids: params.ids("id")?,
        name: params.text("name").map(str::to_owned),
        name_contains: params.text("name_contains").map(str::to_owned),
        is_reference_free: params.flag("reference_free")?,
        reference_datasets: params.ids("reference_dataset")?,
        metadata: metadata(&params)?,
        filter: params.text("filter").map(FilterOnProjects::parse).transpose()?,
        with_stats: params.flag("include_stats")?.unwrap_or(false),
        sort: sort(&params)?,
        is_descending: params.flag("sort_by_desc")?.unwrap_or(true),
        limit: params.limit()?,
        offset: params.offset()?,
    };
    Ok(Json(app.store.list_projects(filter).await?))
}

fn metadata(params: &Params) -> AppResult<Option<serde_json::Map<String, Value>>> {
    let parse = |text| {
        serde_json::from_str(text)
            .map_err(|e| AppError::invalid("query", "metadata", format!("not a JSON object: {e}")))
    };
    params.text("metadata").map(parse).transpose()
}

fn sort(params: &Params) -> AppResult<ProjectSort> {
    let Some(text) = params.text("sort_by") else { return Ok(ProjectSort::default()) };
    // Python may send its enum as `SessionSortableColumns.NAME`.
    match text.rsplit('.').next().unwrap_or(text).to_ascii_lowercase().as_str() {
        "name" => Ok(ProjectSort::Name),
        "start_time" => Ok(ProjectSort::StartTime),
        "last_run_start_time" => Ok(ProjectSort::LastRunStartTime),
        "latency_p50" => Ok(ProjectSort::LatencyP50),
        "latency_p99" => Ok(ProjectSort::LatencyP99),
        "error_rate" => Ok(ProjectSort::ErrorRate),
        "runs_count" | "run_count" => Ok(ProjectSort::RunCount),
        _ => Err(AppError::invalid("query", "sort_by", format!("cannot sort by {text}"))),
    }
}

/// `POST /sessions`: 409 when the name is taken, unless `upsert=true`.
pub async fn create_project(
    State(app): State<App>,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Project>> {
    let project: ProjectCreate = json_body::read(&app, &headers, body).await?;
    if project.name.as_deref().is_none_or(|name| name.trim().is_empty()) {
        return Err(AppError::invalid("body", "name", "is missing"));
    }
    let is_upsert = params.flag("upsert")?.unwrap_or(false);
    Ok(Json(app.store.create_project(project, is_upsert).await?))
}

/// `GET /sessions/{project_id}`.
pub async fn find_project(
    State(app): State<App>,
    Path(project_id): Path<String>,
    params: Params,
) -> AppResult<Json<Project>> {
    params.refuse(&["stats_start_time"])?;
    let project_id: ProjectId = path_id("session_id", &project_id)?;
    let with_stats = params.flag("include_stats")?.unwrap_or(false);
    let project = app.store.find_project(project_id, with_stats).await?;
    Ok(Json(project.ok_or_else(|| AppError::not_found(format!("project {project_id} not found")))?))
}

/// `PATCH /sessions/{project_id}`: null means unchanged.
pub async fn update_project(
    State(app): State<App>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Project>> {
    let project_id = path_id("session_id", &project_id)?;
    let update: ProjectUpdate = json_body::read(&app, &headers, body).await?;
    if update.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
        return Err(AppError::invalid("body", "name", "must not be empty"));
    }
    Ok(Json(app.store.update_project(project_id, update).await?))
}

/// `DELETE /sessions/{project_id}`: with all its runs and feedback.
pub async fn delete_project(
    State(app): State<App>,
    Path(project_id): Path<String>,
) -> AppResult<(StatusCode, Json<Value>)> {
    app.store.delete_project(path_id("session_id", &project_id)?).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({"message": "deleted"}))))
}

/// `DELETE /sessions?session_ids=…`: several at once. Stops at the first that does not exist.
pub async fn delete_projects(State(app): State<App>, params: Params) -> AppResult<(StatusCode, Json<Value>)> {
    let ids = params.ids::<ProjectId>("session_ids")?;
    let ids = ids.ok_or_else(|| AppError::invalid("query", "session_ids", "is missing"))?;
    for id in ids {
        app.store.delete_project(id).await?;
    }
    Ok((StatusCode::ACCEPTED, Json(json!({"message": "deleted"}))))
}
