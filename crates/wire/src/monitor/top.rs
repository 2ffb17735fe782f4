//! `POST /api/fanlight/v1/monitor/top`: the run names that are slowest, cost most, fail most.

use crate::run_query::RunQuery;
use crate::{RunType, Usd};
use serde::{Deserialize, Serialize};

/// Most names in each list.
pub const MAX_NAMES: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TopQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    /// Names in each list: 10 without a word, at most 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Top {
    /// Distinct pairs of name and type.
    pub n_names: u64,
    /// By 95th percentile of latency.
    pub slowest: Vec<NameStats>,
    /// By cost; only names with a known one.
    pub costliest: Vec<NameStats>,
    /// By failed runs; only names with some.
    pub most_failing: Vec<NameStats>,
}

/// Runs of one name and type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NameStats {
    pub name: String,
    pub run_type: RunType,
    pub n_runs: u64,
    pub n_errors: u64,
    /// Seconds; null while none ended.
    #[serde(default)]
    pub latency_p50: Option<f64>,
    #[serde(default)]
    pub latency_p95: Option<f64>,
    #[serde(default)]
    pub latency_max: Option<f64>,
    /// Together with what is below the runs; null without a known price.
    #[serde(default)]
    pub cost: Option<Usd>,
    pub total_tokens: i64,
}
