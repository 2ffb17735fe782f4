//! `POST /api/fanlight/v1/monitor/series`: metrics over time, as a whole or by group.

use super::{GroupKey, Metric};
use crate::Usd;
use crate::run_query::RunQuery;
use serde::{Deserialize, Serialize};

/// Most buckets, groups and metrics of one question.
pub const MAX_POINTS: usize = 2_000;
pub const MAX_GROUPS: usize = 20;
pub const MAX_METRICS: usize = 30;

/// A query, and what to measure of its runs. `limit`, `cursor`, `order` and `select` do not count.
///
/// The range is from `start_time` to before `end_time`: other than in a list, the end is not part of it, so that periods
/// side by side share no run. Without one of them it reaches as far as runs are found. Buckets cover it, and only runs
/// inside it are counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeriesQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    /// The width of a bucket; the smallest that people use which needs at most `n_points` without a word. Whole days are
    /// days of the calendar, 23 to 25 hours long. Refused (422) when it makes more than 2,000 buckets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_seconds: Option<u32>,
    /// At most so many buckets: 60 without a word, at most 2,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_points: Option<usize>,
    /// An IANA name such as `Europe/Berlin`; UTC without a word. Buckets of an hour and more begin at whole hours of its
    /// clocks, days at its midnights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// 1 to 30.
    pub metrics: Vec<Metric>,
}

/// How the runs are split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupBy {
    pub key: GroupKey,
    /// The largest are listed, the rest is one group: 8 without a word, at most 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_groups: Option<usize>,
    /// What makes a group large.
    #[serde(default)]
    pub rank_by: Rank,
}

/// What groups are ordered by, the largest first; equals by label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    #[default]
    Count,
    Errors,
    Tokens,
    Cost,
}

/// The answer: buckets, and a column of numbers for each metric of each group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Where buckets start, in milliseconds since 1970, ascending; each ends where the next starts. Empty when nothing was
    /// found and no range was asked for.
    pub starts_ms: Vec<i64>,
    /// Where the last bucket ends.
    pub end_ms: i64,
    /// Nominal width: a day of the calendar is 86,400.
    pub bucket_seconds: u32,
    /// The range begins inside the first bucket: it is not whole.
    pub is_first_partial: bool,
    /// The range, or time itself, ends inside the last bucket.
    pub is_last_partial: bool,
    /// Runs found.
    pub n_runs: u64,
    /// Distinct values of the group key, listed or not; 0 without groups.
    pub n_groups: u64,
    /// A run may be in several groups: they must not be stacked.
    pub is_overlapping: bool,
    /// In order of their rank, then [`GroupKind::Other`], then [`GroupKind::Without`]; only those with runs. One group, of
    /// kind [`GroupKind::All`], without `group_by`.
    pub groups: Vec<Group>,
    pub source: Source,
}

/// What numbers are computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From every run that the query finds: counts, sums and percentiles are exact.
    #[default]
    Runs,
}

/// Runs with a value in common, and their numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub kind: GroupKind,
    /// The value, of [`GroupKind::Value`]; of projects, the name.
    #[serde(default)]
    pub label: Option<String>,
    pub n_runs: u64,
    /// In the order of the metrics asked for.
    pub columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Every run: there are no groups.
    All,
    Value,
    /// Runs that have values, none of them listed.
    Other,
    /// Runs without a value.
    Without,
}

/// One metric over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub metric: Metric,
    /// One per bucket, in the metric's unit; null where there is nothing to measure.
    pub values: Vec<Option<f64>>,
    /// How many runs (of feedback: scores) each value is of.
    pub n: Vec<u32>,
    /// Of money, the values exactly. Empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<Option<Usd>>,
    /// Of feedback, the sum of the scores' squared distances from the bucket's mean: the variance is this ÷ (n − 1). Empty
    /// otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub squares: Vec<f64>,
    /// Over the whole range; not the sum of the buckets, where the metric is no sum.
    pub total: Total,
}

/// One metric over the whole range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Total {
    pub value: Option<f64>,
    pub n: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Usd>,
    /// Of feedback; see [`Column::squares`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub squares: Option<f64>,
}
