//! Saved views of the Traces page.

use super::{ApiClient, ApiError};
use fanlight_wire::ProjectId;
use fanlight_wire::view::{SavedView, ViewWrite};
use gloo_net::http::Method;
use uuid::Uuid;

impl ApiClient {
    /// All views of one project, by name.
    pub async fn list_views(&self, project: ProjectId) -> Result<Vec<SavedView>, ApiError> {
        self.get(&format!("/api/fanlight/v1/views?session_id={project}")).await
    }

    /// Fails with [`ApiError::Conflict`] when the name is taken.
    pub async fn create_view(&self, view: &ViewWrite) -> Result<SavedView, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/views", view).await
    }

    /// Fails with [`ApiError::Conflict`] when the name is taken.
    pub async fn update_view(&self, id: Uuid, view: &ViewWrite) -> Result<SavedView, ApiError> {
        self.send(Method::PATCH, &format!("/api/fanlight/v1/views/{id}"), view).await
    }

    pub async fn delete_view(&self, id: Uuid) -> Result<(), ApiError> {
        self.delete(&format!("/api/fanlight/v1/views/{id}")).await
    }
}
