//! Threads: the traces of one conversation (`/api/v2/threads/…`, `/runs/group`).

use crate::feedback::FeedbackStats;
use crate::{ProjectId, Timestamp, TraceId, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which threads: those with a root run that passes all conditions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ThreadQuery {
    pub project_id: Option<ProjectId>,
    /// On the root runs of a thread's traces.
    pub filter: Option<String>,
    pub trace_filter: Option<String>,
    pub tree_filter: Option<String>,
    /// On the thread as a whole; only conditions on `thread_id` are known.
    pub thread_filter: Option<String>,
    pub min_start_time: Option<Timestamp>,
    pub max_start_time: Option<Timestamp>,
    /// 20 without a word, at most 100.
    pub page_size: Option<usize>,
    pub cursor: Option<String>,
    /// Threads skipped before the page; `/runs/group` counts instead of following cursors.
    #[serde(skip)]
    pub offset: usize,
}

/// One page of threads, those that spoke last first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThreadPage {
    pub items: Vec<Thread>,
    pub next_cursor: Option<String>,
    #[serde(default)]
    pub has_more: bool,
    /// All threads of the query. Fanlight's addition.
    #[serde(default)]
    pub total: u64,
}

/// A conversation. Counts and sums are over its root runs that pass the query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thread {
    pub thread_id: String,
    /// The newest trace.
    pub trace_id: Option<TraceId>,
    /// Turns: its traces.
    pub count: u64,
    pub start_time: Option<Timestamp>,
    pub min_start_time: Option<Timestamp>,
    pub max_start_time: Option<Timestamp>,
    /// The last end; null while the newest turn runs. Fanlight's addition.
    pub max_end_time: Option<Timestamp>,
    /// Previews: one line of plain text.
    pub first_inputs: Option<String>,
    pub last_outputs: Option<String>,
    /// Of the newest turn that failed, also when the conversation went on after it.
    pub last_error: Option<String>,
    pub first_trace_id: Option<TraceId>,
    pub last_trace_id: Option<TraceId>,
    pub total_tokens: i64,
    pub total_cost: Option<Usd>,
    pub total_token_details: BTreeMap<String, i64>,
    pub total_cost_details: BTreeMap<String, Usd>,
    /// Seconds.
    pub latency_p50: Option<f64>,
    pub latency_p99: Option<f64>,
    pub feedback_stats: Option<FeedbackStats>,
    pub num_errored_turns: u64,
}
