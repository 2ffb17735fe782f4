//! What a set of runs amounts to: `POST /runs/stats`, and Fanlight's facets, histogram and suggestions over the same
//! questions (`POST /api/fanlight/v1/runs/…`).

use crate::feedback::FeedbackStats;
use crate::run_query::RunQuery;
use crate::{Timestamp, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Over the runs of a query. Latencies in seconds; null where there is nothing to measure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunStats {
    pub run_count: i64,
    pub latency_p50: Option<f64>,
    pub latency_p99: Option<f64>,
    pub first_token_p50: Option<f64>,
    pub first_token_p99: Option<f64>,
    pub total_tokens: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub median_tokens: Option<i64>,
    pub completion_tokens_p50: Option<i64>,
    pub prompt_tokens_p50: Option<i64>,
    pub tokens_p99: Option<i64>,
    pub completion_tokens_p99: Option<i64>,
    pub prompt_tokens_p99: Option<i64>,
    pub last_run_start_time: Option<Timestamp>,
    pub feedback_stats: Option<FeedbackStats>,
    pub total_cost: Option<Usd>,
    pub prompt_cost: Option<Usd>,
    pub completion_cost: Option<Usd>,
    pub cost_p50: Option<Usd>,
    pub cost_p99: Option<Usd>,
    /// 0 to 1.
    pub error_rate: Option<f64>,
    /// Share of LLM runs that have a first token, 0 to 1.
    pub streaming_rate: Option<f64>,
}

/// How `POST /runs/stats` splits the runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupBy {
    pub attribute: GroupAttribute,
    /// The metadata key, of metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The largest groups are kept; 5 without a word, at most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_groups: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupAttribute {
    Name,
    RunType,
    Tag,
    Metadata,
}

/// Stats of everything, or by group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StatsAnswer {
    Whole(Box<RunStats>),
    Grouped(BTreeMap<String, RunStats>),
}

/// The body of `POST /api/fanlight/v1/runs/facets`: a query, and what to count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FacetQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    pub facets: Vec<FacetKey>,
    /// Values listed per facet; 10 without a word, at most 200.
    pub max_values: Option<usize>,
}

/// What can be counted. `metadata.KEY` counts the values of one key, `metadata` the keys; `feedback` counts keys.
///
/// In JSON and in addresses a word: `name`, `run_type`, `status`, `error_kind`, `model`, `provider`, `tag`, `metadata`,
/// `metadata.env`, `feedback`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FacetKey {
    Name,
    RunType,
    Status,
    ErrorKind,
    Model,
    Provider,
    Tag,
    MetadataKeys,
    Metadata(String),
    Feedback,
}

impl std::fmt::Display for FacetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FacetKey::Name => f.write_str("name"),
            FacetKey::RunType => f.write_str("run_type"),
            FacetKey::Status => f.write_str("status"),
            FacetKey::ErrorKind => f.write_str("error_kind"),
            FacetKey::Model => f.write_str("model"),
            FacetKey::Provider => f.write_str("provider"),
            FacetKey::Tag => f.write_str("tag"),
            FacetKey::MetadataKeys => f.write_str("metadata"),
            FacetKey::Metadata(key) => write!(f, "metadata.{key}"),
            FacetKey::Feedback => f.write_str("feedback"),
        }
    }
}

/// The text names nothing that can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFacet(pub String);

impl std::fmt::Display for UnknownFacet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} cannot be counted", self.0)
    }
}

impl std::error::Error for UnknownFacet {}

impl std::str::FromStr for FacetKey {
    type Err = UnknownFacet;

    fn from_str(text: &str) -> Result<Self, UnknownFacet> {
        Ok(match text {
            "name" => FacetKey::Name,
            "run_type" => FacetKey::RunType,
            "status" => FacetKey::Status,
            "error_kind" => FacetKey::ErrorKind,
            "model" => FacetKey::Model,
            "provider" => FacetKey::Provider,
            "tag" => FacetKey::Tag,
            "metadata" => FacetKey::MetadataKeys,
            "feedback" => FacetKey::Feedback,
            other => match other.strip_prefix("metadata.") {
                Some(key) if !key.is_empty() => FacetKey::Metadata(key.to_owned()),
                _ => return Err(UnknownFacet(other.chars().take(64).collect())),
            },
        })
    }
}

impl Serialize for FacetKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FacetKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The answer to a [`FacetQuery`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facets {
    /// Runs that match the whole query.
    pub n_runs: u64,
    /// In the order they were asked for.
    pub facets: Vec<Facet>,
}

/// Counts of one facet, over the runs that match the query without its conditions on this very facet: so that the values
/// beside the chosen one say what choosing them would bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facet {
    pub key: FacetKey,
    /// The runs counted.
    pub n_runs: u64,
    /// Runs without a value.
    pub n_without: u64,
    /// How many distinct values there are, listed or not.
    pub n_values: u64,
    /// Most frequent first; equal counts by value.
    pub values: Vec<FacetValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetValue {
    pub value: String,
    pub count: u64,
}

/// The body of `POST /api/fanlight/v1/runs/histogram`: runs by start time, and by latency over time.
///
/// Without `start_time` or `end_time` the range is that of the runs found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistogramQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    /// 60 without a word, at most 400.
    pub n_buckets: Option<usize>,
}

/// Buckets of equal width from `start`; the last ends at or after the end asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Null when no run was found and no range was asked for.
    pub start: Option<Timestamp>,
    /// Width of a bucket in nanoseconds: a whole number of a unit that people use (1 s, 5 s, … 1 h, … 1 d).
    pub bucket_ns: i64,
    /// One entry per bucket in each.
    pub n_success: Vec<u64>,
    pub n_error: Vec<u64>,
    /// Pending and interrupted.
    pub n_other: Vec<u64>,
    /// `latency[bucket][step]`: runs by latency, in steps of [`LATENCY_BOUNDS_MS`].
    pub latency: Vec<Vec<u32>>,
}

/// Upper bounds of the latency steps in milliseconds; a last step holds what is slower.
pub const LATENCY_BOUNDS_MS: [u64; 19] = [
    10, 20, 50, 100, 200, 350, 500, 750, 1_000, 1_500, 2_000, 3_500, 5_000, 10_000, 20_000, 60_000, 300_000, 1_800_000,
    7_200_000,
];

/// The body of `POST /api/fanlight/v1/runs/suggest`: what could be typed next, of what is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    /// Values of this facet; of `metadata` and `feedback`, keys.
    pub of: FacetKey,
    /// What the value begins with or contains, ignoring case; those that begin with it come first.
    #[serde(default)]
    pub text: String,
    /// 20 without a word, at most 100.
    #[serde(default)]
    pub limit: Option<usize>,
}
