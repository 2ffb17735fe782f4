//! Projects; the API calls them sessions.

use super::{ApiClient, ApiError};
use fanlight_wire::ProjectId;
use fanlight_wire::project::{Project, ProjectCreate, ProjectUpdate};
use gloo_net::http::Method;

/// Most projects that one list shows.
const LIMIT: usize = 1000;

impl ApiClient {
    /// Projects that are not experiments, the newest first; with statistics when asked, which costs the server more.
    pub async fn list_projects(&self, has_stats: bool) -> Result<Vec<Project>, ApiError> {
        self.get(&format!("/api/v1/sessions?reference_free=true&include_stats={has_stats}&limit={LIMIT}")).await
    }

    pub async fn find_project(&self, id: ProjectId) -> Result<Project, ApiError> {
        self.get(&format!("/api/v1/sessions/{id}")).await
    }

    /// Fails with [`ApiError::Conflict`] when the name is taken.
    pub async fn create_project(&self, project: &ProjectCreate) -> Result<Project, ApiError> {
        self.send(Method::POST, "/api/v1/sessions", project).await
    }

    /// Fails with [`ApiError::Conflict`] when the name is taken.
    pub async fn update_project(&self, id: ProjectId, update: &ProjectUpdate) -> Result<Project, ApiError> {
        self.send(Method::PATCH, &format!("/api/v1/sessions/{id}"), update).await
    }

    /// Deletes the project with all its traces and feedback.
    pub async fn delete_project(&self, id: ProjectId) -> Result<(), ApiError> {
        self.delete(&format!("/api/v1/sessions/{id}")).await
    }
}
