//! `POST /api/fanlight/v1/monitor/differs`: what the runs in a box have that the others have not.

use super::Area;
use crate::RunType;
use crate::run_query::RunQuery;
use crate::run_stats::FacetKey;
use serde::{Deserialize, Serialize};

/// Most differences in an answer.
pub const MAX_DIFFERENCES: usize = 100;

/// The query's runs inside the box are compared with its runs outside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiffersQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    pub area: Area,
    /// 20 without a word, at most 100, in each list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Differs {
    pub n_inside: u64,
    pub n_outside: u64,
    /// Values that are more or less frequent inside by more than chance explains (two-proportion z ≥ 3), the largest
    /// difference of shares first.
    pub values: Vec<Difference>,
    /// Only of queries for root runs: what in their traces takes longer or shorter, the largest difference first.
    pub steps: Vec<StepDifference>,
    /// Keys of metadata that were left out because nearly every run has a value of its own.
    pub skipped: Vec<String>,
}

/// A value, and how many runs have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub key: FacetKey,
    pub value: String,
    pub n_inside: u64,
    pub n_outside: u64,
    /// `n_inside` ÷ all inside, 0 to 1.
    pub share_inside: f64,
    pub share_outside: f64,
}

/// Runs of one name and type below the roots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepDifference {
    pub name: String,
    pub run_type: RunType,
    /// Such runs in the traces of the roots inside, and of those outside.
    pub n_inside: u64,
    pub n_outside: u64,
    /// Seconds per trace of the side: the sum of their latencies, together with what is below them, by how many traces
    /// there are.
    pub seconds_inside: f64,
    pub seconds_outside: f64,
    /// Failed runs of such runs, 0 to 1.
    pub error_rate_inside: f64,
    pub error_rate_outside: f64,
}
