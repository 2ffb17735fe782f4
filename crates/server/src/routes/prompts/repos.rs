//! `/repos`, `/likes`: prompts and what is said about them.

use super::super::json_body;
use super::{check_owner, checks};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use crate::store::prompts::{OWNER, PromptFilter, PromptSort};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::TenantId;
use fanlight_wire::prompt::{Prompt, PromptCreate, PromptPage, PromptUpdate};
use serde::Deserialize;
use serde_json::{Value, json};

/// Parameters about forks and workspace tags, which do not exist here.
const UNSUPPORTED: &[&str] = &["upstream_repo_owner", "upstream_repo_handle", "tag_value_id", "source"];
const DEFAULT_LIMIT: usize = 20;
const MAX_IDS: usize = 1000;

/// `GET /repos`: newest first unless asked otherwise, 20 unless asked for more, 100 at most. `query`: words, each of which
/// begins a word of the name, the description or a tag.
pub async fn list_prompts(State(app): State<App>, params: Params) -> AppResult<Json<PromptPage>> {
    params.refuse(UNSUPPORTED)?;
    if asks_for_others(&app, &params)? {
        return Ok(Json(PromptPage::default()));
    }
    let filter = PromptFilter {
        query: params.text("query").map(str::to_owned),
        is_public: params.flag("is_public")?,
        is_archived: archived(&params)?,
        tags: params.texts("tags").into_iter().map(str::to_owned).collect(),
        has_commits: params.flag("has_commits")?,
        sort: sort(&params)?,
        is_ascending: is_ascending(&params)?,
        with_latest_manifest: params.flag("with_latest_manifest")?.unwrap_or(false),
        limit: if params.text("limit").is_some() { params.limit()? } else { DEFAULT_LIMIT },
        offset: params.offset()?,
    };
    Ok(Json(app.store.list_prompts(filter).await?))
}

/// Whether the question is about another workspace's prompts, or about agents and skills: there are none.
fn asks_for_others(app: &App, params: &Params) -> AppResult<bool> {
    let is_other_owner = params.text("tenant_handle").is_some_and(|owner| owner != OWNER && owner != "-");
    let is_other_tenant = params.id::<TenantId>("tenant_id")?.is_some_and(|tenant| tenant != app.store.tenant_id());
    let kinds: Vec<_> = params.texts("repo_type").into_iter().chain(params.texts("repo_types")).collect();
    let is_other_kind = !kinds.is_empty() && !kinds.contains(&"prompt");
    Ok(is_other_owner || is_other_tenant || is_other_kind)
}

fn archived(params: &Params) -> AppResult<Option<bool>> {
    match params.text("is_archived") {
        Some("allow") => Ok(None),
        _ => Ok(Some(params.flag("is_archived")?.unwrap_or(false))),
    }
}

fn sort(params: &Params) -> AppResult<PromptSort> {
    let Some(text) = params.text("sort_field") else { return Ok(PromptSort::default()) };
    // Python may send its enum as `PromptSortField.updated_at`.
    Ok(match text.rsplit('.').next().unwrap_or(text) {
        "updated_at" => PromptSort::UpdatedAt,
        "num_likes" => PromptSort::Likes,
        "num_downloads" => PromptSort::Downloads,
        "num_views" => PromptSort::Views,
        "relevance" => PromptSort::Relevance,
        "name" => PromptSort::Name,
        _ => return Err(AppError::invalid("query", "sort_field", format!("unknown: {text}"))),
    })
}

fn is_ascending(params: &Params) -> AppResult<bool> {
    match params.text("sort_direction") {
        None | Some("desc") => Ok(false),
        Some("asc") => Ok(true),
        Some(other) => Err(AppError::invalid("query", "sort_direction", format!("asc or desc, not {other}"))),
    }
}

/// `GET /repos/tags`: tags of prompts, not of their versions, with how many prompts have each.
pub async fn count_tags(State(app): State<App>) -> AppResult<Json<Value>> {
    let counts = app.store.count_prompt_tags().await?;
    let tags: Vec<Value> = counts.into_iter().map(|(tag, count)| json!({"tag": tag, "count": count})).collect();
    Ok(Json(json!({"tags": tags})))
}

/// `GET /repos/{owner}/{name}`.
pub async fn find_prompt(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
) -> AppResult<Json<Value>> {
    check_owner(&owner, &name)?;
    let prompt = app.store.find_prompt(name.clone()).await?;
    Ok(wrapped(prompt.ok_or_else(|| AppError::not_found(format!("there is no prompt {name:?}")))?))
}

/// `POST /repos`: 409 for a name that is taken, 422 for one that would not fit into an address.
pub async fn create_prompt(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Value>> {
    let prompt: PromptCreate = json_body::read_fields(&app, &headers, body).await?;
    checks::new_prompt(&prompt)?;
    Ok(wrapped(app.store.create_prompt(prompt).await?))
}

/// `PATCH /repos/{owner}/{name}`: what is given changes.
pub async fn update_prompt(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Value>> {
    check_owner(&owner, &name)?;
    let update: PromptUpdate = json_body::read_fields(&app, &headers, body).await?;
    checks::prompt_update(&update)?;
    Ok(wrapped(app.store.update_prompt(name, update).await?))
}

/// `DELETE /repos/{owner}/{name}`: with its versions, tags and history.
pub async fn delete_prompt(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
) -> AppResult<Json<Value>> {
    check_owner(&owner, &name)?;
    app.store.delete_prompt(name).await?;
    Ok(Json(json!({})))
}

/// `DELETE /repos?repo_ids=`: those of them that exist, 1,000 at most.
pub async fn delete_prompts(State(app): State<App>, params: Params) -> AppResult<Json<Value>> {
    let ids = params.ids("repo_ids")?.ok_or_else(|| AppError::invalid("query", "repo_ids", "is missing"))?;
    if ids.len() > MAX_IDS {
        return Err(AppError::invalid("query", "repo_ids", format!("at most {MAX_IDS}")));
    }
    app.store.delete_prompts(ids).await?;
    Ok(Json(json!({})))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Like {
    like: Option<bool>,
}

/// `POST /likes/{owner}/{name}`: there is one user, so a prompt has one like or none.
pub async fn like_prompt(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Value>> {
    check_owner(&owner, &name)?;
    let like: Like = json_body::read_fields(&app, &headers, body).await?;
    let is_liked = like.like.ok_or_else(|| AppError::invalid("body", "like", "is missing"))?;
    Ok(Json(json!({"likes": app.store.like_prompt(name, is_liked).await?})))
}

fn wrapped(prompt: Prompt) -> Json<Value> {
    Json(json!({"repo": prompt}))
}
