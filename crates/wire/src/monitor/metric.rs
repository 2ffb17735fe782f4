//! What can be measured of runs.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// One number per bucket and group. In JSON and in addresses a word: `count`, `latency_p95`, `feedback.KEY`.
///
/// Sums over nothing are 0; everything else over nothing is null. A cost of runs without a known price is null, not 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Runs.
    Count,
    /// Failed runs, or with an error text.
    ErrorCount,
    /// Failed runs of all, 0 to 1.
    ErrorRate,
    /// Seconds from start to end, of runs that ended.
    LatencyP50,
    LatencyP95,
    LatencyP99,
    LatencyMax,
    LatencyMean,
    /// Seconds from start to the first token, of runs that have one.
    FirstTokenP50,
    FirstTokenP95,
    FirstTokenP99,
    /// Of a run and everything below it: over roots, or over model runs, each token counts once.
    TotalTokens,
    PromptTokens,
    CompletionTokens,
    /// Parts of the prompt that came from a cache.
    CacheReadTokens,
    /// Cached tokens of prompt tokens, 0 to 1.
    CacheReadShare,
    /// Parts of the completion that nobody sees.
    ReasoningTokens,
    /// Completion tokens per second of latency, over the runs that have both.
    TokensPerSecond,
    /// US dollars, as far as prices are known; of a run and everything below it, as tokens.
    Cost,
    PromptCost,
    CompletionCost,
    CostP50,
    CostP99,
    /// Model runs (LLM and embedding) with tokens and without a price, of those found: what [`Metric::Cost`] leaves out.
    UnpricedCount,
    /// Runs with a first token of LLM runs, 0 to 1.
    StreamingRate,
    /// The mean score under a key.
    Feedback(String),
}

/// Every metric but feedback, by its word.
const WORDS: [(Metric, &str); 25] = [
    (Metric::Count, "count"),
    (Metric::ErrorCount, "error_count"),
    (Metric::ErrorRate, "error_rate"),
    (Metric::LatencyP50, "latency_p50"),
    (Metric::LatencyP95, "latency_p95"),
    (Metric::LatencyP99, "latency_p99"),
    (Metric::LatencyMax, "latency_max"),
    (Metric::LatencyMean, "latency_mean"),
    (Metric::FirstTokenP50, "first_token_p50"),
    (Metric::FirstTokenP95, "first_token_p95"),
    (Metric::FirstTokenP99, "first_token_p99"),
    (Metric::TotalTokens, "total_tokens"),
    (Metric::PromptTokens, "prompt_tokens"),
    (Metric::CompletionTokens, "completion_tokens"),
    (Metric::CacheReadTokens, "cache_read_tokens"),
    (Metric::CacheReadShare, "cache_read_share"),
    (Metric::ReasoningTokens, "reasoning_tokens"),
    (Metric::TokensPerSecond, "tokens_per_second"),
    (Metric::Cost, "cost"),
    (Metric::PromptCost, "prompt_cost"),
    (Metric::CompletionCost, "completion_cost"),
    (Metric::CostP50, "cost_p50"),
    (Metric::CostP99, "cost_p99"),
    (Metric::UnpricedCount, "unpriced_count"),
    (Metric::StreamingRate, "streaming_rate"),
];

const FEEDBACK: &str = "feedback.";

impl Metric {
    /// Every metric but feedback, in the order in which they are offered.
    pub fn fixed() -> impl Iterator<Item = Metric> {
        WORDS.into_iter().map(|(metric, _)| metric)
    }

    /// US dollars: answers have it exactly, too.
    pub fn is_money(&self) -> bool {
        matches!(self, Metric::Cost | Metric::PromptCost | Metric::CompletionCost | Metric::CostP50 | Metric::CostP99)
    }

    /// Groups of runs that do not overlap add up to the whole: what may be stacked.
    pub fn is_sum(&self) -> bool {
        matches!(
            self,
            Metric::Count
                | Metric::ErrorCount
                | Metric::TotalTokens
                | Metric::PromptTokens
                | Metric::CompletionTokens
                | Metric::CacheReadTokens
                | Metric::ReasoningTokens
                | Metric::Cost
                | Metric::PromptCost
                | Metric::CompletionCost
                | Metric::UnpricedCount
        )
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Feedback(key) => write!(f, "{FEEDBACK}{key}"),
            fixed => {
                let word = WORDS.iter().find(|(metric, _)| metric == fixed);
                f.write_str(word.expect("a test finds a word for each").1)
            }
        }
    }
}

/// The text names nothing that can be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMetric(pub String);

impl fmt::Display for UnknownMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no metric", self.0)
    }
}

impl std::error::Error for UnknownMetric {}

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(text: &str) -> Result<Self, UnknownMetric> {
        match text.strip_prefix(FEEDBACK) {
            Some(key) if !key.is_empty() => return Ok(Metric::Feedback(key.to_owned())),
            _ => {}
        }
        let found = WORDS.into_iter().find(|(_, word)| *word == text);
        found.map(|(metric, _)| metric).ok_or_else(|| UnknownMetric(text.chars().take(64).collect()))
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_a_word_and_is_found_by_it() {
        for metric in Metric::fixed().chain([Metric::Feedback("a.b".into())]) {
            assert_eq!(metric.to_string().parse(), Ok(metric));
        }
        assert_eq!("feedback.".parse::<Metric>(), Err(UnknownMetric("feedback.".into())));
    }
}
