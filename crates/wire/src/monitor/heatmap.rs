//! `POST /api/fanlight/v1/monitor/heatmap`: how many runs by time and by a quantity on a logarithmic scale.

use crate::Timestamp;
use crate::run_query::RunQuery;
use serde::{Deserialize, Serialize};

/// Most cells in each direction.
pub const MAX_COLUMNS: usize = 60;
pub const MAX_ROWS: usize = 40;

/// The range is that of [`super::series::SeriesQuery`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeatmapQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    pub of: Quantity,
    /// At most so many columns: 60 without a word, and at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_columns: Option<usize>,
    /// At most so many rows: 40 without a word, and at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_rows: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A number that runs have, or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Seconds.
    #[default]
    Latency,
    /// Seconds.
    FirstToken,
    Tokens,
    /// US dollars.
    Cost,
}

/// Cells of equal ratio: each bound is the one before times the same number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heatmap {
    /// As in [`super::series::Series`].
    pub starts_ms: Vec<i64>,
    pub end_ms: i64,
    pub bucket_seconds: u32,
    pub is_first_partial: bool,
    pub is_last_partial: bool,
    /// Bounds of the rows, one more than rows, ascending, in the quantity's unit; row i holds `bounds[i] ≤ value <
    /// bounds[i + 1]`. The first bound is 0, so that the first row holds what is too small for a logarithm. Empty without
    /// runs.
    pub bounds: Vec<f64>,
    /// `counts[column][row]`.
    pub counts: Vec<Vec<u32>>,
    /// Runs that have the quantity, and those that do not.
    pub n_runs: u64,
    pub n_without: u64,
    /// The true largest, in the quantity's unit.
    pub max: Option<f64>,
}

/// A box of a chart: a span of time, perhaps a span of a quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Area {
    /// Started then or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Started before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    pub of: Quantity,
    /// So much or more, in the quantity's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Less than that. With `min` or `max` given, runs without the quantity are outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}
