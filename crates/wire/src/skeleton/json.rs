//! The skeleton as JSON: one array per column.

use super::{NO_RUN, SkeletonRun};
use crate::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use serde::{Deserialize, Serialize};

/// Enough to draw a waterfall. Every column has one entry per run, in display order: parents before their children, siblings by start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TraceSkeleton {
    pub trace_id: Option<TraceId>,
    #[serde(rename = "session_id")]
    pub project_id: Option<ProjectId>,
    /// The earliest start; the times below count from it.
    pub origin: Option<Timestamp>,
    /// Distinct names and models that `name_idx` and `model_idx` point into.
    pub strings: Vec<String>,
    pub ids: Vec<RunId>,
    /// Position of the parent, or −1: a root, or a run whose parent has not arrived.
    pub parent_idx: Vec<i32>,
    pub name_idx: Vec<u32>,
    /// Position in `strings`, or −1.
    pub model_idx: Vec<i32>,
    pub run_types: Vec<RunType>,
    pub statuses: Vec<RunStatus>,
    /// Nanoseconds since `origin`.
    pub start_ns: Vec<i64>,
    /// Nanoseconds since `origin`; null while running.
    pub end_ns: Vec<Option<i64>>,
    pub first_token_ns: Vec<Option<i64>>,
    /// Of the run and everything below it.
    pub prompt_tokens: Vec<i64>,
    pub completion_tokens: Vec<i64>,
    /// Of the run alone: how many of its prompt tokens came from the provider's cache.
    pub cached_tokens: Vec<i64>,
    /// Of the run alone: how many of its completion tokens were spent on reasoning.
    pub reasoning_tokens: Vec<i64>,
    pub total_cost: Vec<Option<Usd>>,
    pub n_feedback: Vec<u32>,
}

impl TraceSkeleton {
    pub fn n_runs(&self) -> usize {
        self.ids.len()
    }

    /// The lengths of the shortest and of the longest column: the same, if all is well.
    pub fn column_lengths(&self) -> (usize, usize) {
        let lengths = [
            self.ids.len(),
            self.parent_idx.len(),
            self.name_idx.len(),
            self.model_idx.len(),
            self.run_types.len(),
            self.statuses.len(),
            self.start_ns.len(),
            self.end_ns.len(),
            self.first_token_ns.len(),
            self.prompt_tokens.len(),
            self.completion_tokens.len(),
            self.cached_tokens.len(),
            self.reasoning_tokens.len(),
            self.total_cost.len(),
            self.n_feedback.len(),
        ];
        lengths.into_iter().fold((usize::MAX, 0), |(least, most), length| (least.min(length), most.max(length)))
    }

    /// Every column has as many entries as `ids`, and every index points inside.
    pub fn is_consistent(&self) -> bool {
        let n = self.ids.len();
        let fits = |idx: i64, len: usize| idx < len as i64;
        self.column_lengths() == (n, n)
            && self.parent_idx.iter().all(|&idx| idx >= -1 && fits(idx.into(), n))
            && self.model_idx.iter().all(|&idx| idx >= -1 && fits(idx.into(), self.strings.len()))
            && self.name_idx.iter().all(|&idx| fits(idx.into(), self.strings.len()))
    }

    /// Adds a run, whose `parent` is a position in these columns, and whose usage is that of its subtree.
    pub fn push(&mut self, run: &SkeletonRun) {
        let or_minus_one = |idx: Option<u32>| idx.and_then(|idx| i32::try_from(idx).ok()).unwrap_or(-1);
        self.ids.push(run.id);
        self.parent_idx.push(or_minus_one(Some(run.parent)));
        self.name_idx.push(run.name);
        self.model_idx.push(or_minus_one(run.model));
        self.run_types.push(run.run_type);
        self.statuses.push(run.status);
        self.start_ns.push(run.start_ns);
        self.end_ns.push(run.end_ns);
        self.first_token_ns.push(run.first_token_ns);
        self.prompt_tokens.push(run.prompt_tokens);
        self.completion_tokens.push(run.completion_tokens);
        self.cached_tokens.push(run.cached_tokens);
        self.reasoning_tokens.push(run.reasoning_tokens);
        self.total_cost.push(run.cost);
        self.n_feedback.push(run.n_feedback);
    }

    /// The run at `idx`, which every column has, without its parent; times count from `earliest_ns` on the skeleton's clock.
    pub fn run(&self, idx: usize, earliest_ns: i64) -> SkeletonRun {
        let since = |time_ns: i64| time_ns.saturating_sub(earliest_ns);
        SkeletonRun {
            id: self.ids[idx],
            parent: NO_RUN,
            name: self.name_idx[idx],
            model: u32::try_from(self.model_idx[idx]).ok(),
            run_type: self.run_types[idx],
            status: self.statuses[idx],
            start_ns: since(self.start_ns[idx]),
            end_ns: self.end_ns[idx].map(since),
            first_token_ns: self.first_token_ns[idx].map(since),
            prompt_tokens: self.prompt_tokens[idx],
            completion_tokens: self.completion_tokens[idx],
            cached_tokens: self.cached_tokens[idx],
            reasoning_tokens: self.reasoning_tokens[idx],
            cost: self.total_cost[idx],
            n_feedback: self.n_feedback[idx],
        }
    }
}
