//! What the list keeps of a trace, and the words its columns show. Pure.

use crate::format;
use fanlight_wire::feedback::{FeedbackStat, FeedbackStats};
use fanlight_wire::{Run, RunStatus, Timestamp, TraceId, Usd};

/// Fields of a run that the list asks the server for: never payloads.
pub const SELECT: &[&str] = &[
    "id",
    "trace_id",
    "session_id",
    "name",
    "run_type",
    "status",
    "start_time",
    "end_time",
    "first_token_time",
    "parent_run_id",
    "dotted_order",
    "app_path",
    "error_preview",
    "inputs_preview",
    "outputs_preview",
    "tags",
    "total_tokens",
    "prompt_tokens",
    "completion_tokens",
    "total_cost",
    "model",
    "feedback_stats",
];

/// A trace as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRow {
    pub id: TraceId,
    pub name: String,
    pub status: RunStatus,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub first_token: Option<Timestamp>,
    pub input: String,
    /// What came out; of a failed trace, the error.
    pub output: String,
    pub total_tokens: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub cost: Option<Usd>,
    pub tags: Vec<String>,
    /// Key and value of each kind of feedback.
    pub feedback: Vec<(String, String)>,
}

impl From<Run> for TraceRow {
    fn from(run: Run) -> Self {
        let output = match run.status {
            RunStatus::Error => run.error_preview.or(run.outputs_preview),
            _ => run.outputs_preview,
        };
        TraceRow {
            id: run.trace_id,
            name: run.name,
            status: run.status,
            start: run.start_time,
            end: run.end_time,
            first_token: run.first_token_time,
            input: run.inputs_preview.unwrap_or_default(),
            output: output.unwrap_or_default(),
            total_tokens: run.total_tokens,
            prompt_tokens: run.prompt_tokens,
            completion_tokens: run.completion_tokens,
            cost: run.total_cost,
            tags: run.tags.unwrap_or_default(),
            feedback: feedback_words(&run.feedback_stats.unwrap_or_default()),
        }
    }
}

impl TraceRow {
    pub fn is_running(&self) -> bool {
        self.status == RunStatus::Pending
    }

    /// Nanoseconds from start to end, or to `now` while running.
    pub fn latency_ns(&self, now: Timestamp) -> Option<i64> {
        match self.end {
            Some(end) => Some(end.since(self.start)),
            None if self.is_running() => Some(now.since(self.start).max(0)),
            None => None,
        }
    }

    pub fn first_token_words(&self) -> String {
        self.first_token.map_or_else(nothing, |first| format::duration::duration(first.since(self.start)))
    }

    pub fn tokens_words(&self) -> String {
        if self.total_tokens == 0 { nothing() } else { format::tokens::tokens(self.total_tokens) }
    }

    /// Tokens in and out, for the tooltip; empty when there are none.
    pub fn tokens_detail(&self) -> String {
        if self.total_tokens == 0 {
            return String::new();
        }
        let grouped = format::digits::grouped;
        format!("{} in, {} out", grouped(self.prompt_tokens), grouped(self.completion_tokens))
    }

    pub fn cost_words(&self) -> String {
        self.cost.map_or_else(nothing, format::cost::cost)
    }
}

fn nothing() -> String {
    format::NOTHING.into()
}

/// Length of a latency bar, 0 to 1, on a logarithmic scale from 10 ms to 100 s: the same on every page and at every time.
pub fn latency_share(latency_ns: i64) -> f64 {
    let ms = latency_ns as f64 / 1e6;
    if ms <= 10.0 { 0.02 } else { ((ms / 10.0).log10() / 4.0).clamp(0.02, 1.0) }
}

/// Each key with its mean score, or with its most frequent category.
fn feedback_words(stats: &FeedbackStats) -> Vec<(String, String)> {
    stats.iter().filter(|(_, stat)| stat.n > 0).map(|(key, stat)| (key.clone(), stat_words(stat))).collect()
}

fn stat_words(stat: &FeedbackStat) -> String {
    if let Some(mean) = stat.avg {
        let text = format!("{mean:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let most_frequent = stat.values.iter().max_by_key(|(_, n)| **n);
    most_frequent.map_or_else(|| format!("×{}", stat.n), |(category, _)| category.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(more: serde_json::Value) -> TraceRow {
        let id = "6f0c7a4e-0000-4000-8000-000000000001";
        let mut run = json!({
            "id": id, "trace_id": id, "session_id": id, "name": "chat", "run_type": "chain", "status": "success",
            "start_time": "2026-11-23T22:00:00Z", "end_time": "2026-11-23T22:00:02.5Z", "first_token_time": null,
            "parent_run_id": null, "dotted_order": "", "app_path": "", "tags": null,
        });
        run.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<Run>(run).unwrap().into()
    }

    #[test]
    fn a_failed_trace_shows_its_error_where_the_output_would_be() {
        let failed = row(json!({"status": "error", "outputs_preview": "half", "error_preview": "ValueError: no"}));
        assert_eq!(failed.output, "ValueError: no");
        assert_eq!(row(json!({"outputs_preview": "whole", "error_preview": null})).output, "whole");
    }

    #[test]
    fn a_running_trace_counts_up_to_now() {
        let now = "2026-11-23T22:00:09Z".parse().unwrap();
        assert_eq!(row(json!({})).latency_ns(now), Some(2_500_000_000));
        assert_eq!(row(json!({"status": "pending", "end_time": null})).latency_ns(now), Some(9_000_000_000));
        assert_eq!(row(json!({"status": "error", "end_time": null})).latency_ns(now), None);
    }

    #[test]
    fn feedback_shows_means_and_categories() {
        let rated = row(json!({"feedback_stats": {
            "correctness": {"n": 3, "avg": 0.666_666},
            "stars": {"n": 1, "avg": 4.0},
            "topic": {"n": 3, "avg": null, "values": {"billing": 2, "other": 1}},
            "note": {"n": 2, "avg": null, "values": {}},
        }}));
        let words: Vec<String> = rated.feedback.iter().map(|(key, value)| format!("{key} {value}")).collect();
        assert_eq!(words, ["correctness 0.67", "note ×2", "stars 4", "topic billing"]);
    }

    #[test]
    fn the_latency_bar_grows_with_every_factor_of_ten() {
        for (latency_ms, expected) in
            [(0, 0.02), (10, 0.02), (100, 0.25), (1_000, 0.5), (100_000, 1.0), (9_000_000, 1.0)]
        {
            assert_eq!(latency_share(latency_ms * 1_000_000), expected);
        }
    }
}
