//! `/commits`: versions of prompts, pushed and pulled.

use super::super::json_body;
use super::{check_owner, checks, client_of};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use crate::store::prompts::{CommitFilter, NewCommit, PromptUse, VersionRef};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use fanlight_wire::RawJson;
use fanlight_wire::prompt::{CommitCreate, CommitCreated, CommitPage, PromptCommit, PulledCommit, manifest};
use serde_json::Value;
use serde_json::value::to_raw_value;

/// `GET /commits/{owner}/{name}`: newest first, 100 at most. `tag`: only the version it is on. `include_manifest=false`
/// is Fanlight's addition: without what makes the answer large.
pub async fn list_commits(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    params: Params,
) -> AppResult<Json<CommitPage>> {
    check_owner(&owner, &name)?;
    let filter = CommitFilter {
        tag: params.text("tag").map(str::to_owned),
        with_manifests: params.flag("include_manifest")?.unwrap_or(true),
        with_model: wants_model(&params)?,
        limit: params.limit()?,
        offset: params.offset()?,
    };
    Ok(Json(app.store.list_commits(name, filter).await?))
}

fn wants_model(params: &Params) -> AppResult<bool> {
    let is_included = params.texts("include").iter().any(|list| list.split(',').any(|part| part.trim() == "model"));
    Ok(is_included || params.flag("include_model")?.unwrap_or(false))
}

/// `POST /commits/{owner}/{name}`: 409 when another version than `parent_commit` is the newest, or nothing would change;
/// 400 for a manifest that is no prompt; at most 1 MiB.
pub async fn create_commit(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<CommitCreated>> {
    check_owner(&owner, &name)?;
    let commit: CommitCreate = json_body::read(&app, &headers, body).await?;
    checks::new_manifest(&commit.manifest)?;
    checks::commit_description(commit.description.as_deref())?;
    checks::author(commit.author.as_deref())?;
    let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let commit = NewCommit {
        manifest: commit.manifest,
        parent: commit.parent_commit.filter(|parent| !parent.is_empty() && parent != "latest"),
        description: said(commit.description),
        author: said(commit.author),
        client: client_of(&headers),
        example_run_ids: commit.example_run_ids.unwrap_or_default(),
    };
    Ok(Json(CommitCreated { commit: app.store.create_commit(name, commit).await? }))
}

/// `GET /commits/{owner}/{name}/{version}`: by hash, the first eight characters or more of one, tag, or `latest`. Without
/// `include_model`, a prompt with a model is reduced to the prompt. Counted as a download, with `is_view` as a view.
///
/// The answer has an `ETag`, and 304 is answered to whoever has it already.
pub async fn pull_commit(
    State(app): State<App>,
    Path((owner, name, version)): Path<(String, String, String)>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Response> {
    check_owner(&owner, &name)?;
    let (with_model, is_view) = (wants_model(&params)?, params.flag("is_view")?.unwrap_or(false));
    let commit = app.store.find_commit(name, VersionRef::parse(&version)).await?;
    app.store.count_use(commit.id, if is_view { PromptUse::View } else { PromptUse::Download });
    let etag = format!("\"{}{}\"", commit.commit_hash, if with_model { "-model" } else { "" });
    let known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|known| known.trim() == etag));
    let caching = [(ETAG, etag), (CACHE_CONTROL, "no-cache".to_owned())];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, Json(pulled(commit, with_model)?)).into_response())
}

fn pulled(commit: PromptCommit, with_model: bool) -> AppResult<PulledCommit> {
    let unexpected = |error: serde_json::Error| AppError::unexpected(&error.into());
    let raw = commit.manifest.ok_or_else(|| AppError::unexpected(&anyhow::anyhow!("a version without manifest")))?;
    let whole: Value = serde_json::from_str(raw.get()).map_err(unexpected)?;
    let prompt = manifest::without_model(&whole);
    let model = if with_model { manifest::bound_model(&whole) } else { None };
    let config: Option<RawJson> =
        model.and_then(|model| model.config()).map(to_raw_value).transpose().map_err(unexpected)?;
    Ok(PulledCommit {
        commit_hash: commit.commit_hash,
        // As it was sent, unless something is left out.
        manifest: if with_model || prompt == &whole { raw } else { to_raw_value(prompt).map_err(unexpected)? },
        examples: Vec::new(),
        description: commit.description,
        model_config: config,
        model_provider: model.and_then(|model| model.provider()).map(str::to_owned),
    })
}
