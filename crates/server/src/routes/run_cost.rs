//! `GET /api/fanlight/v1/runs/{run_id}/cost`.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::path_id;
use axum::Json;
use axum::extract::{Path, State};
use fanlight_wire::RunId;
use fanlight_wire::cost::CostExplanation;

/// How the cost of a run came about: price, tokens and factors of its own, and the largest costs below it.
///
/// For everybody, as often as they like: at most 20,000 rows are looked at, however large the trace. 404 for a run that
/// is not there.
pub async fn explain_run_cost(State(app): State<App>, Path(run_id): Path<String>) -> AppResult<Json<CostExplanation>> {
    let run_id: RunId = path_id("run_id", &run_id)?;
    let explanation = app.store.explain_cost(run_id).await?;
    Ok(Json(explanation.ok_or_else(|| AppError::not_found(format!("run {run_id} not found")))?))
}
