//! What the versions of a prompt did in production: `POST /api/fanlight/v1/prompts/versions`.
//!
//! A run says which version made it in its metadata: `lc_hub_repo`, `lc_hub_commit_hash` and perhaps `lc_hub_owner`, as
//! LangChain writes them when a prompt was pulled.

use crate::run_query::RunQuery;
use crate::{ProjectId, Timestamp, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The body: which prompt, measured on what, and of which runs. The query is about the runs that are measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionsQuery {
    #[serde(flatten)]
    pub query: RunQuery,
    /// The prompt's name, without its owner.
    pub repo: String,
    /// Only runs that name this owner, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub unit: Unit,
    /// Full hashes: what runs shorten to at least 7 characters counts for these. None: every version found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<String>,
    /// Feedback to sum up; without a word the keys that most runs have, at most 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Vec<String>>,
    /// Points of the series over time; 0, which makes none, without a word; at most 200.
    pub n_buckets: usize,
}

/// What is measured for a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The traces in which a run names the version: latency, tokens, cost and error of the root, feedback on any run of
    /// it. A trace in which two versions of the prompt were at work counts for neither.
    #[default]
    Trace,
    /// The LLM calls that name the version themselves, with their own feedback.
    LlmCall,
}

/// The answer: versions by the time they were first seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionsAnswer {
    pub versions: Vec<VersionStats>,
    /// Traces left out because more than one version of the prompt was at work in them.
    pub n_mixed: u64,
    /// Versions that are not listed: those with the fewest runs.
    pub n_more_versions: u64,
    /// Where the series begin; null without series or runs.
    pub series_start: Option<Timestamp>,
    /// Width of a bucket of the series.
    pub bucket_ns: i64,
}

/// One version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionStats {
    /// As runs name it, or the requested hash that they shorten.
    pub commit: String,
    /// What runs wrote, which filters on metadata find.
    pub recorded_as: Vec<String>,
    /// Where the runs are, at most 10: those with the most first.
    pub projects: Vec<ProjectId>,
    pub n: u64,
    pub n_errors: u64,
    pub first_start: Option<Timestamp>,
    pub last_start: Option<Timestamp>,
    /// Seconds; of what has ended.
    pub latency_p50: Option<QuantileStat>,
    pub latency_p95: Option<QuantileStat>,
    pub tokens: MeanStat,
    pub prompt_tokens: MeanStat,
    pub completion_tokens: MeanStat,
    /// Dollars, of runs whose price is known.
    pub cost: MeanStat,
    pub total_cost: Option<Usd>,
    pub feedback: BTreeMap<String, MeanStat>,
    /// One entry per bucket, when a series was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<VersionBucket>,
}

/// Count, mean and sample variance (n − 1; 0 for fewer than two).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeanStat {
    pub n: u64,
    pub mean: f64,
    pub variance: f64,
    /// How many are 1, when every one is 0 or 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_ones: Option<u64>,
}

impl MeanStat {
    /// Means that differ by little and are large keep their digits: the spread is summed around the mean (Welford).
    pub fn of(values: impl IntoIterator<Item = f64>) -> MeanStat {
        let (mut n, mut mean, mut squares, mut n_ones, mut is_binary) = (0u64, 0.0, 0.0, 0u64, true);
        for value in values {
            n += 1;
            let delta = value - mean;
            mean += delta / n as f64;
            squares += delta * (value - mean);
            n_ones += u64::from(value == 1.0);
            is_binary &= value == 0.0 || value == 1.0;
        }
        let variance = if n > 1 { squares / (n - 1) as f64 } else { 0.0 };
        MeanStat { n, mean, variance, n_ones: (is_binary && n > 0).then_some(n_ones) }
    }
}

/// A quantile and the interval that holds it 95 % of the time, whatever the distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuantileStat {
    pub n: u64,
    pub value: f64,
    /// Null where there are too few runs to tell.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl QuantileStat {
    /// Of values in ascending order; `None` when there are none. `rank` is between 0 and 1.
    ///
    /// How many of n values are below the true quantile is binomial: the values at the ends of that distribution's
    /// middle 95 % bound it.
    pub fn of(sorted: &[f64], rank: f64) -> Option<QuantileStat> {
        const Z: f64 = 1.959_963_984_540_054;
        let last_idx = sorted.len().checked_sub(1)?;
        let position = rank * last_idx as f64;
        let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
        let n = sorted.len() as f64;
        let reach = Z * (n * rank * (1.0 - rank)).sqrt();
        // Counted from 1: outwards to whole ranks, so that the interval is rather too wide than too narrow.
        let (low, high) = ((n * rank - reach).floor(), (n * rank + reach).ceil() + 1.0);
        Some(QuantileStat {
            n: sorted.len() as u64,
            value: below + (above - below) * position.fract(),
            low: (low >= 1.0).then(|| sorted[low as usize - 1]),
            high: (high <= n).then(|| sorted[high as usize - 1]),
        })
    }
}

/// What started in one bucket of the series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionBucket {
    pub n: u64,
    pub n_errors: u64,
    /// Seconds.
    pub latency_p50: Option<f64>,
    /// Dollars.
    pub mean_cost: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_lies_between_values_of_its_interval() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let median = QuantileStat::of(&values, 0.5).unwrap();
        assert_eq!(median, QuantileStat { n: 100, value: 50.5, low: Some(40.0), high: Some(61.0) });
        assert_eq!(QuantileStat::of(&[], 0.5), None);
    }

    #[test]
    fn few_values_do_not_bound_what_is_rare() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let p95 = QuantileStat::of(&values, 0.95).unwrap();
        assert_eq!((p95.low, p95.high), (Some(17.0), None));
        let one = QuantileStat::of(&[7.0], 0.5).unwrap();
        assert_eq!((one.value, one.low, one.high), (7.0, None, None));
    }

    #[test]
    fn zeros_and_ones_are_counted() {
        assert_eq!(MeanStat::of([1.0, 0.0, 1.0, 0.0]).n_ones, Some(2));
        assert_eq!(MeanStat::of([0.5, 1.5]), MeanStat { n: 2, mean: 1.0, variance: 0.5, n_ones: None });
        assert_eq!(MeanStat::of([]), MeanStat::default());
    }
}
