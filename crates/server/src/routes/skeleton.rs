//! `GET /api/fanlight/v1/traces/{trace_id}/skeleton`.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::path_id;
use axum::Json;
use axum::extract::{Path, State};
use fanlight_wire::TraceId;
use fanlight_wire::skeleton::TraceSkeleton;

/// The shape of one trace, column by column and without payloads: enough to draw its waterfall.
pub async fn find_trace_skeleton(
    State(app): State<App>,
    Path(trace_id): Path<String>,
) -> AppResult<Json<TraceSkeleton>> {
    let trace_id: TraceId = path_id("trace_id", &trace_id)?;
    let skeleton = app.store.find_skeleton(trace_id).await?;
    Ok(Json(skeleton.ok_or_else(|| AppError::not_found(format!("trace {trace_id} not found")))?))
}
