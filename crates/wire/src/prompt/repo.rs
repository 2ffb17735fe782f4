//! A prompt and what can be said of it without opening a version (`/repos`).

use super::tag::PromptTag;
use crate::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A prompt. The SDKs read most keys unguarded, so those that may be null are written all the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Prompt {
    pub id: Uuid,
    pub tenant_id: TenantId,
    /// Unique: a letter, then letters, digits, `-` and `_`, all in lower case.
    #[serde(rename = "repo_handle")]
    pub name: String,
    /// The workspace's handle on public prompts, null on others.
    pub owner: Option<String>,
    /// By which it is pulled: `owner/name`, or `-/name`.
    pub full_name: String,
    pub description: Option<String>,
    pub readme: Option<String>,
    pub is_public: bool,
    pub is_archived: bool,
    /// What the prompt is about, not to be taken for the tags of its versions.
    pub tags: Vec<String>,
    #[serde(rename = "repo_type")]
    pub kind: String,
    pub created_at: Timestamp,
    /// Of the last version, or of the last change of what is said about it.
    pub updated_at: Timestamp,
    pub num_likes: u64,
    pub num_downloads: u64,
    pub num_views: u64,
    pub num_commits: u64,
    #[serde(default)]
    pub liked_by_auth_user: Option<bool>,
    #[serde(default)]
    pub last_commit_hash: Option<String>,
    /// Names of the tags that versions have, in order.
    #[serde(default)]
    pub commit_tags: Vec<String>,
    #[serde(default)]
    pub original_repo_id: Option<Uuid>,
    #[serde(default)]
    pub upstream_repo_id: Option<Uuid>,
    #[serde(default)]
    pub original_repo_full_name: Option<String>,
    #[serde(default)]
    pub upstream_repo_full_name: Option<String>,
    /// With `with_latest_manifest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_commit_manifest: Option<super::PulledCommit>,
    /// Fanlight's addition: who saved the last version, when, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_commit: Option<LastCommit>,
    /// Fanlight's addition: where the tags are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag_places: Vec<PromptTag>,
}

/// The newest version of a prompt, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCommit {
    pub commit_hash: String,
    pub created_at: Timestamp,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub client: Option<String>,
}

/// A page of prompts, with how many there are in all.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PromptPage {
    #[serde(rename = "repos")]
    pub prompts: Vec<Prompt>,
    pub total: u64,
}

/// The body of `POST /repos`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromptCreate {
    #[serde(rename = "repo_handle")]
    pub name: String,
    pub is_public: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Only `prompt` is kept.
    #[serde(rename = "repo_type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// The body of `PATCH /repos/{owner}/{name}`; null means unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromptUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_public: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
}
