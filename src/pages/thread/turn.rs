//! One turn of a conversation: a trace, as its root run tells it. Pure.

use crate::feedback::{THUMBS_KEY, summary};
use crate::format;
use fanlight_wire::{RawJson, Run, RunStatus, RunType, Timestamp, TraceId, Usd};
use std::sync::Arc;

/// Fields of a run that a turn asks the server for.
pub const SELECT: &[&str] = &[
    "id",
    "trace_id",
    "thread_id",
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
    "inputs",
    "outputs",
    "error",
    "inputs_preview",
    "outputs_preview",
    "total_tokens",
    "prompt_tokens",
    "completion_tokens",
    "total_cost",
    "feedback_stats",
];

/// Payloads beyond this are not searched for messages: a preview stands for them, and the trace has the rest.
const MAX_READ_BYTES: usize = 4 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    pub id: TraceId,
    pub name: String,
    pub run_type: RunType,
    pub status: RunStatus,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub inputs: Payload,
    pub outputs: Payload,
    pub error: Option<String>,
    pub total_tokens: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub cost: Option<Usd>,
    /// Key and value of each kind of feedback but the thumbs.
    pub feedback: Vec<(String, String)>,
    /// Changes whenever somebody says something about the turn.
    pub n_feedback: i64,
}

/// What went in or came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Payload {
    /// JSON, unless it is too large to read here.
    pub json: Option<Arc<str>>,
    /// One line of plain text.
    pub preview: String,
    /// Bytes of JSON that were too many.
    pub left_out_bytes: Option<u64>,
}

impl Payload {
    fn new(json: Option<RawJson>, preview: Option<String>) -> Self {
        let json = json.filter(|json| !matches!(json.get(), "null" | "{}"));
        let n_bytes = json.as_ref().map_or(0, |json| json.get().len());
        let is_too_large = n_bytes > MAX_READ_BYTES;
        Payload {
            json: json.filter(|_| !is_too_large).map(|json| Arc::from(Box::<str>::from(json))),
            preview: preview.unwrap_or_default(),
            left_out_bytes: is_too_large.then_some(n_bytes as u64),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.json.is_none() && self.left_out_bytes.is_none()
    }
}

impl From<Run> for Turn {
    fn from(run: Run) -> Self {
        let stats = run.feedback_stats.unwrap_or_default();
        let mut feedback = summary::words(&stats);
        feedback.retain(|(key, _)| key != THUMBS_KEY);
        Turn {
            id: run.trace_id,
            name: run.name,
            run_type: run.run_type,
            status: run.status,
            start: run.start_time,
            end: run.end_time,
            inputs: Payload::new(run.inputs, run.inputs_preview),
            outputs: Payload::new(run.outputs, run.outputs_preview),
            error: run.error.filter(|error| !error.is_empty()).or(run.error_preview),
            total_tokens: run.total_tokens,
            prompt_tokens: run.prompt_tokens,
            completion_tokens: run.completion_tokens,
            cost: run.total_cost,
            feedback,
            n_feedback: summary::count(&stats),
        }
    }
}

impl Turn {
    pub fn is_running(&self) -> bool {
        self.status == RunStatus::Pending
    }

    /// `1.24 s`, counting up to `now` while running.
    pub fn latency_words(&self, now: Timestamp) -> Option<String> {
        let end = self.end.or(self.is_running().then_some(now))?;
        Some(format::duration::duration(end.since(self.start).max(0)))
    }

    /// `1,200 → 300 tokens`; none when nothing was counted.
    pub fn tokens_words(&self) -> Option<String> {
        let tokens = format::tokens::tokens;
        match (self.prompt_tokens, self.completion_tokens, self.total_tokens) {
            (_, _, 0) => None,
            (0, 0, total) => Some(format!("{} tokens", tokens(total))),
            (prompt, completion, _) => Some(format!("{} → {} tokens", tokens(prompt), tokens(completion))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn turn(more: serde_json::Value) -> Turn {
        let id = "6f0c7a4e-0000-4000-8000-000000000001";
        let mut run = json!({
            "id": id, "trace_id": id, "session_id": id, "name": "chat", "run_type": "chain", "status": "success",
            "start_time": "2026-11-23T22:00:00Z", "end_time": "2026-11-23T22:00:02.5Z", "first_token_time": null,
            "parent_run_id": null, "dotted_order": "", "app_path": "", "tags": null,
        });
        run.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        // Raw JSON can only be read from text.
        serde_json::from_str::<Run>(&run.to_string()).unwrap().into()
    }

    #[test]
    fn a_running_turn_counts_up_to_now() {
        let now = "2026-11-23T22:00:09Z".parse().unwrap();
        assert_eq!(turn(json!({})).latency_words(now).as_deref(), Some("2.50 s"));
        let running = turn(json!({"status": "pending", "end_time": null}));
        assert_eq!(running.latency_words(now).as_deref(), Some("9.00 s"));
        assert_eq!(turn(json!({"status": "error", "end_time": null})).latency_words(now), None);
    }

    #[test]
    fn tokens_are_told_apart_where_they_are_known() {
        assert_eq!(turn(json!({})).tokens_words(), None);
        assert_eq!(turn(json!({"total_tokens": 7})).tokens_words().as_deref(), Some("7 tokens"));
        let both = turn(json!({"total_tokens": 1500, "prompt_tokens": 1200, "completion_tokens": 300}));
        assert_eq!(both.tokens_words().as_deref(), Some("1,200 → 300 tokens"));
    }

    #[test]
    fn thumbs_have_buttons_of_their_own() {
        let rated =
            turn(json!({"feedback_stats": {"user_rating": {"n": 1, "avg": 1.0}, "tone": {"n": 2, "avg": 0.5}}}));
        assert_eq!(rated.feedback, [("tone".to_owned(), "0.5".to_owned())]);
        assert_eq!(rated.n_feedback, 3);
    }

    #[test]
    fn a_payload_too_large_to_read_says_its_size() {
        let large = turn(json!({"inputs": {"text": "x".repeat(5_000_000)}, "inputs_preview": "xxx"}));
        assert_eq!((large.inputs.json.as_ref(), large.inputs.preview.as_str()), (None, "xxx"));
        assert_eq!(large.inputs.left_out_bytes, Some(5_000_011));
        assert!(turn(json!({"inputs": {}})).inputs.is_empty());
    }
}
