//! What the list keeps of a thread, and the words its columns show. Pure.

use crate::feedback::summary;
use crate::format;
use fanlight_wire::thread::Thread;
use fanlight_wire::{Timestamp, Usd};

/// A conversation as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadRow {
    pub id: String,
    pub n_turns: u64,
    pub n_errors: u64,
    pub first_start: Option<Timestamp>,
    /// When the newest turn began: what the list is ordered by.
    pub last_start: Option<Timestamp>,
    /// None while the newest turn runs.
    pub last_end: Option<Timestamp>,
    pub first_input: String,
    /// The last answer; after a failure, the error.
    pub last_output: String,
    pub is_output_error: bool,
    pub total_tokens: i64,
    pub cost: Option<Usd>,
    /// Key and value of each kind of feedback.
    pub feedback: Vec<(String, String)>,
}

impl From<Thread> for ThreadRow {
    fn from(thread: Thread) -> Self {
        let error = thread.last_error.filter(|error| !error.is_empty());
        ThreadRow {
            id: thread.thread_id,
            n_turns: thread.count,
            n_errors: thread.num_errored_turns,
            first_start: thread.min_start_time.or(thread.start_time),
            last_start: thread.max_start_time.or(thread.start_time),
            last_end: thread.max_end_time,
            first_input: thread.first_inputs.unwrap_or_default(),
            is_output_error: error.is_some(),
            last_output: error.or(thread.last_outputs).unwrap_or_default(),
            total_tokens: thread.total_tokens,
            cost: thread.total_cost,
            feedback: summary::words(&thread.feedback_stats.unwrap_or_default()),
        }
    }
}

impl ThreadRow {
    /// Whether the newest turn has not ended.
    pub fn is_running(&self) -> bool {
        self.last_end.is_none() && self.last_start.is_some()
    }

    /// Nanoseconds from the first start to the last end, or to `now` while a turn runs.
    pub fn duration_ns(&self, now: Timestamp) -> Option<i64> {
        let start = self.first_start?;
        Some(self.last_end.unwrap_or(now).since(start).max(0))
    }

    pub fn turns_words(&self) -> String {
        format::digits::grouped(self.n_turns as i64)
    }

    /// `2 failed`; empty when all went well.
    pub fn errors_words(&self) -> String {
        if self.n_errors == 0 { String::new() } else { format::digits::grouped(self.n_errors as i64) }
    }

    pub fn tokens_words(&self) -> String {
        if self.total_tokens == 0 { format::NOTHING.into() } else { format::tokens::tokens(self.total_tokens) }
    }

    pub fn cost_words(&self) -> String {
        self.cost.map_or_else(|| format::NOTHING.into(), format::cost::cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(more: serde_json::Value) -> ThreadRow {
        let mut thread = json!({
            "thread_id": "t", "count": 3, "min_start_time": "2026-11-23T22:00:00Z", "max_start_time": "2026-11-23T22:05:00Z",
            "max_end_time": "2026-11-23T22:05:02Z", "first_inputs": "Hello", "last_outputs": "Bye",
        });
        thread.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<Thread>(thread).unwrap().into()
    }

    #[test]
    fn a_thread_lasts_from_its_first_start_to_its_last_end() {
        let now = "2026-11-23T23:00:00Z".parse().unwrap();
        assert_eq!(row(json!({})).duration_ns(now), Some(302_000_000_000));
        assert_eq!(row(json!({"max_end_time": null})).duration_ns(now), Some(3_600_000_000_000));
        assert!(row(json!({"max_end_time": null})).is_running());
    }

    #[test]
    fn after_a_failure_the_error_stands_where_the_answer_would() {
        let failed = row(json!({"last_error": "TimeoutError", "num_errored_turns": 2}));
        assert_eq!((failed.last_output.as_str(), failed.is_output_error), ("TimeoutError", true));
        assert_eq!(failed.errors_words(), "2");
        let fine = row(json!({"last_error": ""}));
        assert_eq!((fine.last_output.as_str(), fine.is_output_error), ("Bye", false));
        assert_eq!(fine.errors_words(), "");
    }
}
