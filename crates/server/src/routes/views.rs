//! `/api/fanlight/v1/views`: lists that people come back to, under a name.

use super::json_body;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use fanlight_wire::ProjectId;
use fanlight_wire::view::{SavedView, ViewWrite};
use uuid::Uuid;

const MAX_NAME_CHARS: usize = 100;
const MAX_QUERY_BYTES: usize = 4096;

/// `GET views?session_id=`: those of a project, by name.
///
/// For everybody; a handful per project.
pub async fn list_views(State(app): State<App>, params: Params) -> AppResult<Json<Vec<SavedView>>> {
    let project = params.id::<ProjectId>("session_id")?;
    let project = project.ok_or_else(|| AppError::invalid("query", "session_id", "is missing"))?;
    Ok(Json(app.store.list_views(project).await?))
}

/// `POST views`: a name of 1 to 100 characters, unique in the project (409), and a query of at most 4 KiB.
pub async fn create_view(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<(StatusCode, Json<SavedView>)> {
    let view: ViewWrite = json_body::read_fields(&app, &headers, body).await?;
    if view.project_id.is_none() {
        return Err(AppError::invalid("body", "session_id", "is missing"));
    }
    check(&view)?;
    Ok((StatusCode::CREATED, Json(app.store.create_view(view).await?)))
}

/// `PATCH views/{view_id}`: what is given changes, under the same rules.
pub async fn update_view(
    State(app): State<App>,
    Path(view_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<SavedView>> {
    let view_id: Uuid = path_id("view_id", &view_id)?;
    let change: ViewWrite = json_body::read_fields(&app, &headers, body).await?;
    if change.project_id.is_some() {
        return Err(AppError::invalid("body", "session_id", "a view stays in its project"));
    }
    check(&change)?;
    Ok(Json(app.store.update_view(view_id, change).await?))
}

fn check(view: &ViewWrite) -> AppResult<()> {
    if view.name.as_ref().is_some_and(|name| name.trim().is_empty() || name.trim().chars().count() > MAX_NAME_CHARS) {
        return Err(AppError::invalid("body", "name", format!("has 1 to {MAX_NAME_CHARS} characters")));
    }
    if view.query.as_ref().is_some_and(|query| query.len() > MAX_QUERY_BYTES) {
        return Err(AppError::invalid("body", "query", format!("has at most {MAX_QUERY_BYTES} bytes")));
    }
    Ok(())
}

/// `DELETE views/{view_id}`.
pub async fn delete_view(State(app): State<App>, Path(view_id): Path<String>) -> AppResult<StatusCode> {
    app.store.delete_view(path_id("view_id", &view_id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
