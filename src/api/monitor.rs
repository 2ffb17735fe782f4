//! Numbers over many runs, by time.

use super::{ApiClient, ApiError};
use fanlight_wire::ProjectId;
use fanlight_wire::monitor::differs::{Differs, DiffersQuery};
use fanlight_wire::monitor::exemplars::{ExemplarQuery, Exemplars};
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery};
use fanlight_wire::monitor::markers::{MarkerQuery, Markers};
use fanlight_wire::monitor::series::{Series, SeriesQuery};
use fanlight_wire::monitor::spend::{BudgetWrite, Spend};
use fanlight_wire::monitor::top::{Top, TopQuery};
use gloo_net::http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl ApiClient {
    /// Metrics over time, as a whole or by group.
    pub async fn find_series(&self, query: &SeriesQuery) -> Result<Series, ApiError> {
        self.ask_monitor("series", query).await
    }

    /// How many runs by time and latency.
    pub async fn find_heatmap(&self, query: &HeatmapQuery) -> Result<Heatmap, ApiError> {
        self.ask_monitor("heatmap", query).await
    }

    /// A few runs that show what a part of a chart is made of.
    pub async fn find_exemplars(&self, query: &ExemplarQuery) -> Result<Exemplars, ApiError> {
        self.ask_monitor("exemplars", query).await
    }

    /// What the runs in a part of a chart have that the others have not.
    pub async fn find_differences(&self, query: &DiffersQuery) -> Result<Differs, ApiError> {
        self.ask_monitor("differs", query).await
    }

    /// The run names that are slowest, cost most, fail most.
    pub async fn find_top(&self, query: &TopQuery) -> Result<Top, ApiError> {
        self.ask_monitor("top", query).await
    }

    /// When values of metadata, such as versions, were first seen.
    pub async fn find_markers(&self, query: &MarkerQuery) -> Result<Markers, ApiError> {
        self.ask_monitor("markers", query).await
    }

    /// What this month cost, and what it will have cost. `time_zone` is an IANA name.
    pub async fn find_spend(&self, project: ProjectId, time_zone: &str) -> Result<Spend, ApiError> {
        let time_zone = String::from(js_sys::encode_uri_component(time_zone));
        self.get(&format!("/api/fanlight/v1/projects/{project}/spend?time_zone={time_zone}")).await
    }

    /// Sets what the project may cost in a month, or takes that away.
    pub async fn set_budget(&self, project: ProjectId, budget: BudgetWrite) -> Result<BudgetWrite, ApiError> {
        self.send(Method::PUT, &format!("/api/fanlight/v1/projects/{project}/budget"), &budget).await
    }

    async fn ask_monitor<T: DeserializeOwned>(&self, what: &str, query: &impl Serialize) -> Result<T, ApiError> {
        self.send(Method::POST, &format!("/api/fanlight/v1/monitor/{what}"), query).await
    }
}
