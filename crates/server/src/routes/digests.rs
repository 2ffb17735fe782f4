//! `GET /api/fanlight/v1/traces/{trace_id}/digests`: what two traces are compared by.
//!
//! For the dashboard, when two traces are compared: once for each. All payloads of the trace are read, of 20,000 runs and
//! 256 MiB at most, so a few at a time are answered and others wait briefly, then get 429.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::path_id;
use axum::Json;
use axum::extract::{Path, State};
use fanlight_wire::TraceId;
use fanlight_wire::digest::TraceDigests;

/// 64 bits for the inputs, outputs and error of each run of a trace, and for how its outputs read; `n_left_out` says how
/// many runs are missing.
pub async fn find_trace_digests(State(app): State<App>, Path(trace_id): Path<String>) -> AppResult<Json<TraceDigests>> {
    let trace_id: TraceId = path_id("trace_id", &trace_id)?;
    let _turn = app.heavy_reads.take().await?;
    let digests = app.store.find_digests(trace_id).await?;
    Ok(Json(digests.ok_or_else(|| AppError::not_found(format!("trace {trace_id} not found")))?))
}
