//! `GET /api/fanlight/v1/rejections`: what was sent and refused, so that nobody has to guess where a run went.

use crate::app::App;
use crate::error::AppResult;
use crate::http::params::Params;
use crate::store::RejectionRecord;
use axum::Json;
use axum::extract::State;

/// The newest first, at most 100.
pub async fn list_rejections(State(app): State<App>, params: Params) -> AppResult<Json<Vec<RejectionRecord>>> {
    Ok(Json(app.store.list_rejections(params.limit()?).await?))
}
