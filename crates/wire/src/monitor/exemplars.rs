//! `POST /api/fanlight/v1/monitor/exemplars`: a few runs that show what a bucket or a box is made of.

use super::Area;
use crate::run_query::RunQuery;
use crate::{ProjectId, RunId, RunStatus, Timestamp, TraceId, Usd};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExemplarQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    pub area: Area,
    /// The same seed chooses the same random run, as long as the runs are the same.
    pub seed: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exemplars {
    /// Runs in the box.
    pub n_runs: u64,
    pub n_errors: u64,
    /// At most three, each of another trace: the slowest, a failed one (the newest), a random one.
    pub exemplars: Vec<Exemplar>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exemplar {
    pub why: Why,
    pub run_id: RunId,
    pub trace_id: TraceId,
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    pub name: String,
    pub start_time: Timestamp,
    /// Absent while running.
    #[serde(default)]
    pub latency_s: Option<f64>,
    pub status: RunStatus,
    /// The first line of the error.
    #[serde(default)]
    pub error: Option<String>,
    #[serde(default)]
    pub total_cost: Option<Usd>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Slowest,
    Error,
    Random,
}
