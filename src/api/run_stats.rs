//! What sets of runs amount to.

use super::{ApiClient, ApiError};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::RunStats;
use gloo_net::http::Method;

impl ApiClient {
    /// Counts and sums over the runs of a query.
    pub async fn find_run_stats(&self, query: &RunQuery) -> Result<RunStats, ApiError> {
        self.send(Method::POST, "/api/v1/runs/stats", query).await
    }
}
