//! `GET /api/fanlight/v1/traces/{trace_id}/skeleton`: the shape of one trace, column by column and without payloads.

use crate::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use serde::{Deserialize, Serialize};

/// Enough to draw a waterfall. Every column has one entry per run, in order of start; equal starts keep display order.
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
    pub total_cost: Vec<Option<Usd>>,
    pub n_feedback: Vec<u32>,
}

impl TraceSkeleton {
    pub fn n_runs(&self) -> usize {
        self.ids.len()
    }

    /// Every column has as many entries as `ids`, and every index points inside.
    pub fn is_consistent(&self) -> bool {
        let n = self.ids.len();
        let lengths = [
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
            self.total_cost.len(),
            self.n_feedback.len(),
        ];
        let fits = |idx: i64, len: usize| idx < len as i64;
        lengths.iter().all(|&len| len == n)
            && self.parent_idx.iter().all(|&idx| idx >= -1 && fits(idx.into(), n))
            && self.model_idx.iter().all(|&idx| idx >= -1 && fits(idx.into(), self.strings.len()))
            && self.name_idx.iter().all(|&idx| fits(idx.into(), self.strings.len()))
    }
}
