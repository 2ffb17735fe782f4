//! Prompts, their versions and tags.

use super::{ApiClient, ApiError};
use fanlight_wire::prompt::{
    CommitCreate, CommitCreated, CommitPage, Prompt, PromptCommit, PromptCreate, PromptPage, PromptTag, PromptUpdate,
    PulledCommit, TagMove, TagWrite,
};
use gloo_net::http::Method;
use serde::Deserialize;

/// Most prompts, or versions, in one answer.
const PAGE: usize = 100;
/// Pages of a history that are read: older versions are found by their hash.
const MAX_PAGES: usize = 5;

/// LangSmith wraps a prompt.
#[derive(Deserialize)]
struct Wrapped {
    repo: Prompt,
}

impl ApiClient {
    /// Prompts whose name, description or tags have words that begin like those of `query`; `sort` as the API names it.
    pub async fn list_prompts(
        &self,
        query: &str,
        tag: &str,
        sort: &str,
        offset: usize,
    ) -> Result<PromptPage, ApiError> {
        let direction = if sort == "name" { "asc" } else { "desc" };
        let mut path =
            format!("/api/v1/repos?limit={PAGE}&offset={offset}&sort_field={sort}&sort_direction={direction}");
        for (key, value) in [("query", query), ("tags", tag)] {
            if !value.is_empty() {
                path += &format!("&{key}={}", encoded(value));
            }
        }
        self.get(&path).await
    }

    pub async fn find_prompt(&self, name: &str) -> Result<Prompt, ApiError> {
        self.get::<Wrapped>(&format!("/api/v1/repos/-/{}", encoded(name))).await.map(|wrapped| wrapped.repo)
    }

    /// Fails with [`ApiError::Conflict`] when the name is taken.
    pub async fn create_prompt(&self, prompt: &PromptCreate) -> Result<Prompt, ApiError> {
        self.send::<Wrapped>(Method::POST, "/api/v1/repos", prompt).await.map(|wrapped| wrapped.repo)
    }

    pub async fn update_prompt(&self, name: &str, update: &PromptUpdate) -> Result<Prompt, ApiError> {
        let path = format!("/api/v1/repos/-/{}", encoded(name));
        self.send::<Wrapped>(Method::PATCH, &path, update).await.map(|wrapped| wrapped.repo)
    }

    pub async fn delete_prompt(&self, name: &str) -> Result<(), ApiError> {
        self.delete(&format!("/api/v1/repos/-/{}", encoded(name))).await
    }

    /// The newest 500 versions, newest first, without what they say.
    pub async fn list_prompt_commits(&self, name: &str) -> Result<Vec<PromptCommit>, ApiError> {
        let mut commits: Vec<PromptCommit> = Vec::new();
        for _ in 0..MAX_PAGES {
            let path = format!(
                "/api/v1/commits/-/{}?include_manifest=false&limit={PAGE}&offset={}",
                encoded(name),
                commits.len()
            );
            let page: CommitPage = self.get(&path).await?;
            let is_last = page.commits.len() < PAGE;
            commits.extend(page.commits);
            if is_last {
                break;
            }
        }
        Ok(commits)
    }

    /// A version with its model, by hash, tag or `latest`. Counted as a view.
    pub async fn pull_prompt(&self, name: &str, version: &str) -> Result<PulledCommit, ApiError> {
        let (name, version) = (encoded(name), encoded(version));
        self.get(&format!("/api/v1/commits/-/{name}/{version}?include_model=true&is_view=true")).await
    }

    /// Fails with [`ApiError::Conflict`] when somebody saved a version meanwhile, or nothing would change.
    pub async fn create_prompt_commit(&self, name: &str, commit: &CommitCreate) -> Result<PromptCommit, ApiError> {
        let path = format!("/api/v1/commits/-/{}", encoded(name));
        self.send::<CommitCreated>(Method::POST, &path, commit).await.map(|made| made.commit)
    }

    /// Puts a tag on a version, from wherever it was.
    pub async fn put_prompt_tag(&self, name: &str, tag: &TagWrite) -> Result<PromptTag, ApiError> {
        self.send(Method::POST, &format!("/api/v1/repos/-/{}/tags", encoded(name)), tag).await
    }

    pub async fn delete_prompt_tag(&self, name: &str, tag: &str, author: &str) -> Result<(), ApiError> {
        let (name, tag, author) = (encoded(name), encoded(tag), encoded(author));
        self.delete(&format!("/api/v1/repos/-/{name}/tags/{tag}?author={author}")).await
    }

    /// Who put which tag where: the last hundred moves, newest first.
    pub async fn list_tag_moves(&self, name: &str) -> Result<Vec<TagMove>, ApiError> {
        self.get(&format!("/api/fanlight/v1/prompts/{}/tag-moves?limit={PAGE}", encoded(name))).await
    }
}

fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
