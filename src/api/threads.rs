//! Threads: the conversations of a project.

use super::{ApiClient, ApiError};
use fanlight_wire::thread::{ThreadPage, ThreadQuery};
use gloo_net::http::Method;

impl ApiClient {
    /// One page of threads, those that spoke last first. Without a `min_start_time` only the last day is looked at: that
    /// is LangSmith's rule.
    pub async fn query_threads(&self, query: &ThreadQuery) -> Result<ThreadPage, ApiError> {
        self.send(Method::POST, "/api/v2/threads/query", query).await
    }
}
