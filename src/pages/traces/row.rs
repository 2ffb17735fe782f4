//! What the list keeps of a trace, and the words its columns show. Pure.

use crate::format;
use fanlight_wire::feedback::{FeedbackStat, FeedbackStats};
use fanlight_wire::run::Snippet;
use fanlight_wire::shape::TraceShape;
use fanlight_wire::{Run, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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
    "thread_id",
    "feedback_stats",
];

/// Asked for only where a column or a search needs them: each costs the server a look elsewhere.
pub const SELECT_METADATA: &str = "metadata";
pub const SELECT_SNIPPET: &str = "snippet";
pub const SELECT_SHAPE: &str = "shape";

/// A run, or the trace that it is the root of, as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRow {
    pub id: RunId,
    pub trace_id: TraceId,
    pub name: String,
    pub run_type: RunType,
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
    pub model: Option<String>,
    pub thread: Option<String>,
    pub tags: Vec<String>,
    /// Key and value of each kind of feedback.
    pub feedback: Vec<(String, String)>,
    /// Key and value, values that are no text as JSON; empty unless asked for.
    pub metadata: Vec<(String, String)>,
    /// Where a searched word was found.
    pub snippet: Option<Snippet>,
    /// When which kinds of work went on, of a trace, if asked for.
    pub shape: Option<TraceShape>,
    /// It was on the list and has changed so that the filter no longer holds. It stays where it is until the list is
    /// read anew: nothing moves under the reader's hand.
    pub is_former: bool,
}

impl From<Run> for TraceRow {
    fn from(run: Run) -> Self {
        let output = match run.status {
            RunStatus::Error => run.error_preview.or(run.outputs_preview),
            _ => run.outputs_preview,
        };
        TraceRow {
            id: run.id,
            trace_id: run.trace_id,
            name: run.name,
            run_type: run.run_type,
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
            model: run.model,
            thread: run.thread_id,
            tags: run.tags.unwrap_or_default(),
            feedback: feedback_words(&run.feedback_stats.unwrap_or_default()),
            metadata: run.metadata.as_deref().map(metadata_words).unwrap_or_default(),
            snippet: run.snippet.filter(is_sound),
            shape: run.shape,
            is_former: false,
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

    /// Nanoseconds from the start to the first token.
    pub fn first_token_ns(&self) -> Option<i64> {
        self.first_token.map(|first| first.since(self.start))
    }

    pub fn first_token_words(&self) -> String {
        self.first_token_ns().map_or_else(nothing, format::duration::duration)
    }

    pub fn metadata_of(&self, key: &str) -> Option<&str> {
        self.metadata.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str())
    }

    pub fn feedback_of(&self, key: &str) -> Option<&str> {
        self.feedback.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str())
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

/// A count of tokens; none is shown as nothing.
pub fn tokens_words(count: i64) -> String {
    if count == 0 { nothing() } else { format::tokens::tokens(count) }
}

fn nothing() -> String {
    format::NOTHING.into()
}

/// Length of a latency bar, 0 to 1, on a logarithmic scale from 10 ms to 100 s: the same on every page and at every time.
pub fn latency_share(latency_ns: i64) -> f64 {
    let ms = latency_ns as f64 / 1e6;
    if ms <= 10.0 { 0.02 } else { ((ms / 10.0).log10() / 4.0).clamp(0.02, 1.0) }
}

/// Whether the marks can be cut out of the text.
fn is_sound(snippet: &Snippet) -> bool {
    let ends = |(from, to): &(usize, usize)| from <= to && snippet.text.get(*from..*to).is_some();
    snippet.matches.iter().all(ends) && snippet.matches.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

fn metadata_words(metadata: &RawValue) -> Vec<(String, String)> {
    let entries: BTreeMap<String, serde_json::Value> = serde_json::from_str(metadata.get()).unwrap_or_default();
    let words = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    entries.into_iter().map(|(key, value)| (key, words(value))).collect()
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
    fn metadata_is_read_as_words_and_unsound_marks_are_not_taken() {
        let snippet = json!({"part": "inputs", "text": "é refund", "matches": [[3, 9]]});
        let found = row(json!({"metadata": {"env": "prod", "n": 3, "deep": {"a": [1]}}, "snippet": snippet}));
        assert_eq!(found.metadata_of("env"), Some("prod"));
        assert_eq!(found.metadata_of("n"), Some("3"));
        assert_eq!(found.metadata_of("deep"), Some(r#"{"a":[1]}"#));
        assert!(found.snippet.is_some());
        for matches in [json!([[1, 3]]), json!([[3, 99]]), json!([[3, 5], [4, 6]])] {
            let unsound = json!({"snippet": {"part": "inputs", "text": "é refund", "matches": matches}});
            assert_eq!(row(unsound).snippet, None);
        }
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
