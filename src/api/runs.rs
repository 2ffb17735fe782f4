//! Runs: lists, what they amount to, one run with its payloads, the shape of a trace.

use super::{ApiClient, ApiError};
use fanlight_wire::run_query::{RunPage, RunQuery};
use fanlight_wire::run_stats::{FacetQuery, FacetValue, Facets, Histogram, HistogramQuery, SuggestQuery};
use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{Run, RunId, TraceId};
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

    /// The same as JSON text, exactly as the server keeps it.
    pub async fn find_run_text(&self, id: RunId) -> Result<String, ApiError> {
        self.get_text(&format!("/api/v1/runs/{id}")).await
    }

    /// The shape of a trace without payloads. A Fanlight server has it when `/info` says `fanlight.skeleton`.
    pub async fn find_skeleton(&self, trace: TraceId) -> Result<TraceSkeleton, ApiError> {
        let skeleton: TraceSkeleton = self.get(&format!("/api/fanlight/v1/traces/{trace}/skeleton")).await?;
        if skeleton.is_consistent() { Ok(skeleton) } else { Err(ApiError::Decode("columns differ in length".into())) }
    }
}
