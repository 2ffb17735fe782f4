//! Feedback: scores, values, comments and corrections on runs and projects.

use super::json_body;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use crate::ingest::langsmith::feedback::{BadFeedback, decode_feedback, source_kind};
use crate::model::Batch;
use crate::store::FeedbackFilter;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::FeedbackId;
use fanlight_wire::feedback::{Feedback, FeedbackUpdate};
use serde_json::{Value, json};
use uuid::Uuid;

/// `POST /feedback`: the same id again replaces. Unknown runs are accepted: clients retry on 404, and the run may come.
pub async fn create_feedback(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Feedback>> {
    let bytes = json_body::read_bytes(&app, &headers, body).await?;
    let mut feedback = decode_feedback(&bytes, None).map_err(|error| match error {
        BadFeedback::Malformed(_) => AppError::malformed(error.to_string()),
        BadFeedback::Field(field, reason) => AppError::invalid("body", field, reason),
    })?;
    let id = *feedback.id.get_or_insert_with(|| FeedbackId(Uuid::now_v7()));
    app.store.write(Batch { feedback: vec![feedback], ..Batch::default() }).await?;
    find(&app, id).await
}

/// `GET /feedback`: newest first; unknown runs have none.
pub async fn list_feedback(State(app): State<App>, params: Params) -> AppResult<Json<Vec<Feedback>>> {
    params.refuse(&["user", "comparative_experiment_id"])?;
    let texts = |name| Some(params.texts(name)).filter(|texts| !texts.is_empty());
    let filter = FeedbackFilter {
        runs: params.ids("run")?,
        keys: texts("key").map(|keys| keys.into_iter().map(str::to_owned).collect()),
        projects: params.ids("session")?,
        sources: texts("source").map(|sources| sources.into_iter().map(source_kind).collect()),
        has_comment: params.flag("has_comment")?,
        has_score: params.flag("has_score")?,
        is_on_run: match params.text("level").map(source_kind).as_deref() {
            None => None,
            Some("run") => Some(true),
            Some("session") => Some(false),
            Some(_) => return Err(AppError::invalid("query", "level", "is run or session")),
        },
        min_created_at: params.time("min_created_at")?,
        max_created_at: params.time("max_created_at")?,
        limit: params.limit()?,
        offset: params.offset()?,
    };
    Ok(Json(app.store.list_feedback(filter).await?))
}

/// `GET /feedback/{feedback_id}`.
pub async fn find_feedback(State(app): State<App>, Path(feedback_id): Path<String>) -> AppResult<Json<Feedback>> {
    find(&app, path_id("feedback_id", &feedback_id)?).await
}

async fn find(app: &App, id: FeedbackId) -> AppResult<Json<Feedback>> {
    let feedback = app.store.find_feedback(id).await?;
    Ok(Json(feedback.ok_or_else(|| AppError::not_found(format!("feedback {id} not found")))?))
}

/// `PATCH /feedback/{feedback_id}`: only what is given changes.
pub async fn update_feedback(
    State(app): State<App>,
    Path(feedback_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Feedback>> {
    let id = path_id("feedback_id", &feedback_id)?;
    let update: FeedbackUpdate = json_body::read(&app, &headers, body).await?;
    Ok(Json(app.store.update_feedback(id, update).await?))
}

/// `DELETE /feedback/{feedback_id}`.
pub async fn delete_feedback(State(app): State<App>, Path(feedback_id): Path<String>) -> AppResult<Json<Value>> {
    app.store.delete_feedback(path_id("feedback_id", &feedback_id)?).await?;
    Ok(Json(json!({"message": "deleted"})))
}
