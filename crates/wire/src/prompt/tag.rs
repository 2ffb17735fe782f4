//! Tags: names of versions that move, such as `production` (`/repos/{owner}/{name}/tags`).

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a tag is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptTag {
    pub id: Uuid,
    #[serde(rename = "repo_id")]
    pub prompt_id: Uuid,
    pub commit_id: Uuid,
    pub commit_hash: String,
    #[serde(rename = "tag_name")]
    pub name: String,
    pub created_at: Timestamp,
    /// When it was moved last.
    pub updated_at: Timestamp,
}

/// The body of `POST …/tags`, which also moves a tag that exists, and of `PATCH …/tags/{name}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagWrite {
    #[serde(rename = "tag_name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_id: Option<Uuid>,
    /// Fanlight's addition: who to name as the one who moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

/// One step in the history of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagMove {
    #[serde(rename = "tag_name")]
    pub name: String,
    /// Where it went; null when it was removed.
    #[serde(default)]
    pub commit_id: Option<Uuid>,
    #[serde(default)]
    pub commit_hash: Option<String>,
    /// Where it was before; null when it was new.
    #[serde(default)]
    pub previous_commit_hash: Option<String>,
    pub created_at: Timestamp,
    /// Who says to have moved it: nobody has signed in.
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub client: Option<String>,
}
