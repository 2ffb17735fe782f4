//! Saved views: a list's filter, columns and order under a name (`/api/fanlight/v1/views`).

use crate::{ProjectId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A view that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: Uuid,
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    /// Unique in its project.
    pub name: String,
    /// What follows the `?` in the address of the Traces page.
    pub query: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// The body of `POST /api/fanlight/v1/views`, and of `PATCH /api/fanlight/v1/views/{id}`, where null means unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewWrite {
    #[serde(rename = "session_id", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}
