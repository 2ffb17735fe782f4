//! What the data takes on disk, and how long it is kept.

use super::{ApiClient, ApiError};
use fanlight_wire::ProjectId;
use fanlight_wire::storage::{Retention, StorageReport};
use gloo_net::http::Method;

impl ApiClient {
    pub async fn find_storage(&self) -> Result<StorageReport, ApiError> {
        self.get("/api/fanlight/v1/storage").await
    }

    /// Sets how long the project's traces are kept. What is older is deleted from now on, bit by bit.
    pub async fn set_retention(&self, project: ProjectId, retention: Retention) -> Result<Retention, ApiError> {
        self.send(Method::PUT, &format!("/api/fanlight/v1/projects/{project}/retention"), &retention).await
    }
}
