//! Versions of a prompt (`/commits/{owner}/{name}`). A version never changes; a new one names the one it is based on.

use crate::{RawJson, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A version as histories list it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromptCommit {
    pub id: Uuid,
    /// 64 hexadecimal digits; opaque.
    pub commit_hash: String,
    #[serde(rename = "repo_id")]
    pub prompt_id: Uuid,
    #[serde(default)]
    pub parent_id: Option<Uuid>,
    #[serde(default)]
    pub parent_commit_hash: Option<String>,
    /// The template as LangChain serialises it. Null when it was not asked for, or does not fit into the page.
    #[serde(default)]
    pub manifest: Option<RawJson>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    #[serde(default)]
    pub description: Option<String>,
    /// Who says to have saved it: nobody has signed in.
    #[serde(rename = "full_name", default)]
    pub author: Option<String>,
    /// Fanlight's addition: the program that sent it, as in `langsmith-py/0.15.0`.
    #[serde(default)]
    pub client: Option<String>,
    #[serde(default)]
    pub example_run_ids: Vec<Uuid>,
    #[serde(default)]
    pub num_downloads: u64,
    #[serde(default)]
    pub num_views: u64,
    /// Names of the tags that are here now, in order.
    #[serde(default)]
    pub commit_tags: Vec<String>,
}

/// A page of versions, newest first, with how many there are in all.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CommitPage {
    pub commits: Vec<PromptCommit>,
    pub total: u64,
}

/// The body of `POST /commits/{owner}/{name}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommitCreate {
    pub manifest: RawJson,
    /// The hash of the version that this one is based on, or the beginning of it. Null, or `latest`: whatever is newest.
    #[serde(default)]
    pub parent_commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example_run_ids: Option<Vec<Uuid>>,
    /// Fanlight's addition: who to name as the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

/// The answer to `POST /commits/{owner}/{name}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommitCreated {
    pub commit: PromptCommit,
}

/// A version as it is pulled, by `GET /commits/{owner}/{name}/{version}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PulledCommit {
    pub commit_hash: String,
    pub manifest: RawJson,
    /// Always here, and always empty: examples are named by `example_run_ids` of the version.
    #[serde(default)]
    pub examples: Vec<RawJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the model bound to the prompt is given; with `include_model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_config: Option<RawJson>,
    /// The class of the model bound to the prompt, such as `ChatOpenAI`; with `include_model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_provider: Option<String>,
}
