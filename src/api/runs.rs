//! Runs: lists, what they amount to, one run with its payloads.

use super::{ApiClient, ApiError};
use fanlight_wire::cost::CostExplanation;
use fanlight_wire::run_query::{RunPage, RunQuery};
use fanlight_wire::run_stats::{FacetQuery, FacetValue, Facets, Histogram, HistogramQuery, SuggestQuery};
use fanlight_wire::{Run, RunId};
use gloo_net::http::Method;

impl ApiClient {
    /// One page of runs. Name what you need in `select`: payloads are only sent when asked for.
    pub async fn query_runs(&self, query: &RunQuery) -> Result<RunPage, ApiError> {
        self.send(Method::POST, "/api/v1/runs/query", query).await
    }

    /// How often each value occurs among the runs of a query.
    pub async fn count_facets(&self, query: &FacetQuery) -> Result<Facets, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/runs/facets", query).await
    }

    /// The runs of a query by start time and latency.
    pub async fn find_histogram(&self, query: &HistogramQuery) -> Result<Histogram, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/runs/histogram", query).await
    }

    /// Values that begin with, or contain, what is being typed.
    pub async fn suggest_values(&self, query: &SuggestQuery) -> Result<Vec<FacetValue>, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/runs/suggest", query).await
    }

    /// One run with everything that was recorded.
    pub async fn find_run(&self, id: RunId) -> Result<Run, ApiError> {
        self.get(&format!("/api/v1/runs/{id}")).await
    }

    /// The same as JSON, exactly as the server keeps it; `on_bytes` sees it as it comes.
    pub async fn find_run_bytes(&self, id: RunId, on_bytes: impl FnMut(&[u8])) -> Result<Vec<u8>, ApiError> {
        self.get_bytes(&format!("/api/v1/runs/{id}"), on_bytes).await
    }

    /// How the cost of a run came about. A Fanlight server has it when `/info` says `fanlight.cost`.
    pub async fn explain_cost(&self, id: RunId) -> Result<CostExplanation, ApiError> {
        self.get(&format!("/api/fanlight/v1/runs/{id}/cost")).await
    }
}
