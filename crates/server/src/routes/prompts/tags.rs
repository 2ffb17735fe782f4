//! `/repos/{owner}/{name}/tags`: names that move from version to version, and who moved them.

use super::super::json_body;
use super::{check_owner, checks, client_of};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use fanlight_wire::prompt::{PromptTag, TagMove, TagWrite};

/// `GET …/tags`: by name.
pub async fn list_tags(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
) -> AppResult<Json<Vec<PromptTag>>> {
    check_owner(&owner, &name)?;
    Ok(Json(app.store.list_prompt_tags(name).await?))
}

/// `POST …/tags`: moves the tag when it exists, because the SDKs know no other way.
pub async fn create_tag(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<PromptTag>> {
    check_owner(&owner, &name)?;
    let tag: TagWrite = json_body::read_fields(&app, &headers, body).await?;
    if tag.name.is_none() {
        return Err(AppError::invalid("body", "tag_name", "is missing"));
    }
    put(&app, name, tag, &headers, false).await
}

/// `PATCH …/tags/{tag}`: puts it on another version; 404 for a tag that does not exist.
pub async fn move_tag(
    State(app): State<App>,
    Path((owner, name, tag)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<PromptTag>> {
    check_owner(&owner, &name)?;
    let change: TagWrite = json_body::read_fields(&app, &headers, body).await?;
    if change.name.as_ref().is_some_and(|new| *new != tag) {
        return Err(AppError::invalid("body", "tag_name", "a tag keeps its name; make another"));
    }
    put(&app, name, TagWrite { name: Some(tag), ..change }, &headers, true).await
}

async fn put(
    app: &App,
    name: String,
    tag: TagWrite,
    headers: &HeaderMap,
    must_exist: bool,
) -> AppResult<Json<PromptTag>> {
    if tag.commit_id.is_none() {
        return Err(AppError::invalid("body", "commit_id", "is missing"));
    }
    checks::tag(&tag)?;
    Ok(Json(app.store.put_prompt_tag(name, tag, client_of(headers), must_exist).await?))
}

/// `GET …/tags/{tag}`.
pub async fn find_tag(
    State(app): State<App>,
    Path((owner, name, tag)): Path<(String, String, String)>,
) -> AppResult<Json<PromptTag>> {
    check_owner(&owner, &name)?;
    let mut tags = app.store.list_prompt_tags(name.clone()).await?.into_iter();
    let found = tags.find(|candidate| candidate.name == tag);
    Ok(Json(found.ok_or_else(|| AppError::not_found(format!("the prompt {name:?} has no tag {tag:?}")))?))
}

/// `DELETE …/tags/{tag}?author=`.
pub async fn delete_tag(
    State(app): State<App>,
    Path((owner, name, tag)): Path<(String, String, String)>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<StatusCode> {
    check_owner(&owner, &name)?;
    let author = params.text("author").map(str::to_owned);
    checks::author(author.as_deref())?;
    app.store.delete_prompt_tag(name, tag, author, client_of(&headers)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET …/tags/{tag}/history`: who put it where, newest first, also of a tag that is gone.
pub async fn list_moves(
    State(app): State<App>,
    Path((owner, name, tag)): Path<(String, String, String)>,
    params: Params,
) -> AppResult<Json<Vec<TagMove>>> {
    check_owner(&owner, &name)?;
    Ok(Json(app.store.list_tag_moves(name, Some(tag), params.limit()?).await?))
}

/// `GET /api/fanlight/v1/prompts/{name}/tag-moves`: of all tags, newest first, 100 at most.
pub async fn list_all_moves(
    State(app): State<App>,
    Path(name): Path<String>,
    params: Params,
) -> AppResult<Json<Vec<TagMove>>> {
    Ok(Json(app.store.list_tag_moves(name, None, params.limit()?).await?))
}
