//! Prompts, under the names that LangSmith's API has for them: a prompt is a repo, a version of it a commit.
//!
//! [`repos`] has the prompts, [`commits`] their versions, [`tags`] the names that move between versions; [`checks`] says
//! what may be sent.

mod checks;
pub mod commits;
pub mod repos;
pub mod tags;

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::store::prompts::OWNER;
use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::routing::{get, post};

pub fn v1() -> Router<App> {
    Router::new()
        .route("/repos", get(repos::list_prompts).post(repos::create_prompt).delete(repos::delete_prompts))
        .route("/repos/tags", get(repos::count_tags))
        .route(
            "/repos/{owner}/{name}",
            get(repos::find_prompt).patch(repos::update_prompt).delete(repos::delete_prompt),
        )
        .route("/likes/{owner}/{name}", post(repos::like_prompt))
        .route("/commits/{owner}/{name}", get(commits::list_commits).post(commits::create_commit))
        .route("/commits/{owner}/{name}/{version}", get(commits::pull_commit))
        .route("/repos/{owner}/{name}/tags", get(tags::list_tags).post(tags::create_tag))
        .route("/repos/{owner}/{name}/tags/{tag}", get(tags::find_tag).patch(tags::move_tag).delete(tags::delete_tag))
        .route("/repos/{owner}/{name}/tags/{tag}/history", get(tags::list_moves))
}

/// 404 for any owner but this workspace, which is `-` to itself.
fn check_owner(owner: &str, name: &str) -> AppResult<()> {
    if owner == "-" || owner == OWNER {
        return Ok(());
    }
    Err(AppError::not_found(format!("there is no prompt \"{owner}/{name}\"")))
}

/// The program that calls, as it names itself: `langsmith-py/0.15.0`. Pages are the dashboard.
fn client_of(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    let product = agent.split_whitespace().next()?;
    if product.starts_with("Mozilla/") {
        return Some("dashboard".to_owned());
    }
    Some(product.chars().take(100).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_their_first_word_and_pages_as_the_dashboard() {
        let client = |agent: &'static str| {
            client_of(&HeaderMap::from_iter([(USER_AGENT, axum::http::HeaderValue::from_static(agent))]))
        };
        assert_eq!(client("langsmith-py/0.15.0-httpx (Linux)").as_deref(), Some("langsmith-py/0.15.0-httpx"));
        assert_eq!(client("Mozilla/5.0 (X11; Linux x86_64)").as_deref(), Some("dashboard"));
        assert_eq!((client(""), client_of(&HeaderMap::new())), (None, None));
    }
}
