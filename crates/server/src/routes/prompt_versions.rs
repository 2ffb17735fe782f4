//! `POST /api/fanlight/v1/prompts/versions`: what the versions of a prompt did in production.

use super::{json_body, question};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use fanlight_wire::version_stats::{Unit, VersionsAnswer, VersionsQuery};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Points of a series.
const MAX_BUCKETS: f64 = 200.0;

/// Commits and keys of feedback in one question, and the longest name among them.
const MAX_NAMED: usize = 100;
const MAX_NAME_BYTES: usize = 512;

/// What is asked beside the query of the runs.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Versions {
    repo: String,
    owner: Option<String>,
    unit: Unit,
    commits: Vec<String>,
    feedback: Option<Vec<String>>,
    n_buckets: f64,
}

/// The names that [`Versions`] reads; the query must not see them.
const OWN_FIELDS: [&str; 6] = ["repo", "owner", "unit", "commits", "feedback", "n_buckets"];

/// Runs, errors, latency, tokens, cost and feedback of each version of a prompt that runs name in their metadata, with
/// what intervals are made of. Versions come in the order in which they were first seen, at most 100.
///
/// For the dashboard; looks at every run of the query, so a few at a time are answered and others wait, then get 429.
/// Body up to 1 MiB: a query as `/runs/query` takes it (`limit`, `cursor`, `order` and `select` do not count), `repo`,
/// and perhaps `owner`, `unit` (`trace` or `llm_call`), `commits` and `feedback` (at most 100 each) and `n_buckets`
/// (0 to 200; beyond is taken as the nearest).
pub async fn find_versions(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<VersionsAnswer>> {
    let query = read(json_body::read_question(&app, &headers, body).await?)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.version_stats(query).await?))
}

fn read(mut fields: Map<String, Value>) -> AppResult<VersionsQuery> {
    let own = OWN_FIELDS.iter().filter_map(|name| fields.remove_entry(*name)).collect();
    let Versions { repo, owner, unit, commits, feedback, n_buckets } = json_body::from_fields(own)?;
    if repo.is_empty() {
        return Err(AppError::invalid("body", "repo", "is missing"));
    }
    let no_keys = Vec::new();
    for (name, texts) in [("commits", &commits), ("feedback", feedback.as_ref().unwrap_or(&no_keys))] {
        if texts.len() > MAX_NAMED {
            return Err(AppError::invalid("body", name, format!("{} entries; at most {MAX_NAMED}", texts.len())));
        }
    }
    let texts = [("repo", &repo)].into_iter().chain(owner.as_ref().map(|owner| ("owner", owner)));
    let lists =
        commits.iter().map(|text| ("commits", text)).chain(feedback.iter().flatten().map(|key| ("feedback", key)));
    if let Some((name, text)) = texts.chain(lists).find(|(_, text)| text.len() > MAX_NAME_BYTES) {
        return Err(AppError::invalid("body", name, format!("has {} bytes; at most {MAX_NAME_BYTES}", text.len())));
    }
    // The owner `-` is whoever asks.
    let owner = owner.filter(|owner| owner != "-");
    let n_buckets = n_buckets.clamp(0.0, MAX_BUCKETS) as usize;
    Ok(VersionsQuery { query: question::run_query(fields)?, repo, owner, unit, commits, feedback, n_buckets })
}
