//! What metrics are called.

use fanlight_wire::board::ChartRuns;
use fanlight_wire::monitor::Metric;

/// A metric of traces, as a title without what it is grouped by.
pub fn metric_title(metric: &Metric) -> String {
    let words = match metric {
        Metric::Count => "Traces",
        Metric::ErrorCount => "Errors",
        Metric::ErrorRate => "Error rate",
        Metric::LatencyP50 => "Median latency",
        Metric::LatencyP95 => "p95 latency",
        Metric::LatencyP99 => "p99 latency",
        Metric::LatencyMax => "Longest latency",
        Metric::LatencyMean => "Mean latency",
        Metric::FirstTokenP50 => "Median time to first token",
        Metric::FirstTokenP95 => "p95 time to first token",
        Metric::FirstTokenP99 => "p99 time to first token",
        Metric::TotalTokens => "Tokens",
        Metric::PromptTokens => "Prompt tokens",
        Metric::CompletionTokens => "Completion tokens",
        Metric::CacheReadTokens => "Cached tokens",
        Metric::CacheReadShare => "Cached share of prompt tokens",
        Metric::ReasoningTokens => "Reasoning tokens",
        Metric::TokensPerSecond => "Completion tokens per second",
        Metric::Cost => "Cost",
        Metric::PromptCost => "Cost of prompts",
        Metric::CompletionCost => "Cost of completions",
        Metric::CostP50 => "Median cost",
        Metric::CostP99 => "p99 cost",
        Metric::UnpricedCount => "Calls without a price",
        Metric::StreamingRate => "Streamed share of calls",
        Metric::Feedback(key) => return format!("Feedback: {key}"),
    };
    words.to_owned()
}

/// The same of the runs that a chart is about.
pub fn metric_of(metric: &Metric, runs: ChartRuns) -> String {
    match (metric, runs) {
        (Metric::Count, ChartRuns::Runs) => "Runs".into(),
        (Metric::Count, ChartRuns::Models) => "Model calls".into(),
        _ => metric_title(metric),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_metric_has_a_title_of_its_own() {
        let titles: HashSet<String> = Metric::fixed().map(|metric| metric_title(&metric)).collect();
        assert_eq!(titles.len(), Metric::fixed().count());
    }

    #[test]
    fn what_is_counted_is_called_by_what_it_is() {
        let of = |runs| metric_of(&Metric::Count, runs);
        assert_eq!([ChartRuns::Traces, ChartRuns::Runs, ChartRuns::Models].map(of), ["Traces", "Runs", "Model calls"]);
    }
}
