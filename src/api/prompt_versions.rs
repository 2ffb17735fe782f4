//! What the versions of a prompt did in production.

use super::{ApiClient, ApiError};
use fanlight_wire::version_stats::{VersionsAnswer, VersionsQuery};
use gloo_net::http::Method;

impl ApiClient {
    /// Runs by version, with what intervals are made of.
    pub async fn find_version_stats(&self, query: &VersionsQuery) -> Result<VersionsAnswer, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/prompts/versions", query).await
    }
}
