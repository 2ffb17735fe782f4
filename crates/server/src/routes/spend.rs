//! `/api/fanlight/v1/projects/{project_id}/spend` and `…/budget`: what a month costs, and may cost.

use super::json_body;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::monitor::spend::{BudgetWrite, Spend};
use fanlight_wire::{ProjectId, Usd};
use serde_json::{Map, Value};

/// `GET projects/{project_id}/spend?time_zone=`: spent since the month began on the clocks of the zone (UTC without a
/// word), projected, budget, and what has no price.
///
/// For everybody; looks at every run of the month, so a few at a time are answered.
pub async fn find_spend(
    State(app): State<App>,
    Path(project_id): Path<String>,
    params: Params,
) -> AppResult<Json<Spend>> {
    let project: ProjectId = path_id("project_id", &project_id)?;
    let time_zone = params.text("time_zone").map(str::to_owned);
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.find_spend(project, time_zone).await?))
}

/// `PUT projects/{project_id}/budget`: `{"monthly": "120.50"}` in US dollars, more than 0, or `{"monthly": null}` for none.
/// A budget stops nothing: charts show it.
pub async fn set_budget(
    State(app): State<App>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<BudgetWrite>> {
    let project: ProjectId = path_id("project_id", &project_id)?;
    let fields: Map<String, Value> = json_body::read(&app, &headers, body).await?;
    // Not said at all may be a slip, and must not take a budget away.
    if !fields.contains_key("monthly") {
        return Err(AppError::invalid("body", "monthly", "is missing"));
    }
    let budget: BudgetWrite = json_body::from_fields(fields)?;
    if budget.monthly.is_some_and(|monthly| monthly <= Usd::ZERO) {
        return Err(AppError::invalid("body", "monthly", "is more than 0, or null"));
    }
    Ok(Json(app.store.set_budget(project, budget).await?))
}
