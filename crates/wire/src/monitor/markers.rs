//! `POST /api/fanlight/v1/monitor/markers`: when a value of metadata was first seen, such as a version.

use crate::Timestamp;
use crate::run_query::RunQuery;
use serde::{Deserialize, Serialize};

/// Keys that are looked at without a word: what SDKs and people write versions under.
pub const DEFAULT_KEYS: [&str; 6] =
    ["revision_id", "version", "LANGSMITH_REVISION_ID", "release", "git_sha", "lc_hub_commit_hash"];

/// Most keys asked for, and most markers of each.
pub const MAX_KEYS: usize = 10;
pub const MAX_MARKERS: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MarkerQuery {
    /// Only its projects, its range and `is_root` count: filters do not move markers.
    #[serde(flatten)]
    pub query: RunQuery,
    /// Keys of metadata; [`DEFAULT_KEYS`] without a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Markers {
    /// By time. Values that were there before the range are no news, and left out.
    pub markers: Vec<Marker>,
    /// Keys with more than 50 new values in the range: they tell runs apart, not versions.
    pub skipped: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    pub key: String,
    pub value: String,
    /// The start of the first run that has it.
    pub time: Timestamp,
    /// Runs in the range that have it.
    pub n_runs: u64,
}
