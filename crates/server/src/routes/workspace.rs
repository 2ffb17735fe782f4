//! The one workspace of this server, under the names that LangSmith's API has for it.

use crate::app::App;
use crate::error::AppResult;
use crate::store::prompts::OWNER;
use crate::store::{ProjectFilter, ProjectSort};
use axum::Json;
use axum::extract::State;
use fanlight_wire::Timestamp;
use serde_json::{Value, json};

const DISPLAY_NAME: &str = "Fanlight";

/// `GET /settings`.
pub async fn find_settings(State(app): State<App>) -> AppResult<Json<Value>> {
    let created_at = created_at(&app).await?;
    Ok(Json(json!({
        "id": app.store.tenant_id(),
        "display_name": DISPLAY_NAME,
        "created_at": created_at,
        "tenant_handle": OWNER,
    })))
}

/// `GET /workspaces`, `GET /tenants`: always exactly one.
pub async fn list_workspaces(State(app): State<App>) -> AppResult<Json<Value>> {
    let created_at = created_at(&app).await?;
    Ok(Json(json!([{
        "id": app.store.tenant_id(),
        "organization_id": app.store.tenant_id(),
        "created_at": created_at,
        "display_name": DISPLAY_NAME,
        "is_personal": false,
        "is_deleted": false,
        "tenant_handle": OWNER,
        "read_only": false,
        "role_id": null,
        "permissions": [],
    }])))
}

/// `GET /orgs/current`.
pub async fn find_organization(State(app): State<App>) -> Json<Value> {
    Json(json!({
        "id": app.store.tenant_id(),
        "display_name": DISPLAY_NAME,
        "is_personal": false,
        "tier": "self-hosted",
        "config": {},
    }))
}

/// The workspace is as old as its oldest project: the store makes `default` with itself.
async fn created_at(app: &App) -> AppResult<Option<Timestamp>> {
    let oldest =
        ProjectFilter { limit: 1, sort: ProjectSort::StartTime, is_descending: false, ..ProjectFilter::default() };
    Ok(app.store.list_projects(oldest).await?.first().map(|project| project.start_time))
}
