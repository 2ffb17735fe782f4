//! What the binary form carries: a head, then runs in blocks.

use crate::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};

/// In place of a run's position: there is none.
pub const NO_RUN: u32 = u32::MAX;

/// Whose tokens and cost the runs of an answer carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsageOf {
    /// The run's own, without what is below it: sums are made where they are read. Small numbers travel light.
    #[default]
    Run,
    /// The run and everything below it, including runs that the answer leaves out.
    Subtree,
}

/// What comes before the runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkeletonHead {
    pub trace_id: Option<TraceId>,
    pub project_id: Option<ProjectId>,
    /// The earliest start in the trace; times count from it.
    pub origin: Option<Timestamp>,
    /// How many runs follow.
    pub n_runs: u32,
    /// How many the trace has: more than follow when it is too large, or when only changes were asked for.
    pub n_runs_in_trace: u64,
    /// The latest end known, in nanoseconds from `origin`: the width of the trace is known before its runs are.
    pub extent_ns: i64,
    /// The state of the trace that this answer shows: `since` in the next question. 0: changes cannot be asked for.
    pub version: u64,
    /// Only runs that changed since the version asked for, and their ancestors: others stay as they were.
    pub is_changes: bool,
    pub usage_of: UsageOf,
    /// Only this run, what is above it, and what is below it were asked for.
    pub below: Option<RunId>,
    /// Runs of the answer below which others are missing, by position. Of a trace that is here whole there are none.
    pub left_out: Vec<LeftOut>,
}

/// Some runs are not in the answer, because there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The position in the answer of the lowest run above them.
    pub above: u32,
    pub n_runs: u32,
}

/// One run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkeletonRun {
    pub id: RunId,
    /// The parent's position in the answer, or [`NO_RUN`]: a root, or a run whose parent has not arrived.
    pub parent: u32,
    /// Positions among the strings of this block and those before it.
    pub name: u32,
    pub model: Option<u32>,
    pub run_type: RunType,
    pub status: RunStatus,
    /// Nanoseconds since the head's `origin`, like the two that follow.
    pub start_ns: i64,
    /// `None` while running.
    pub end_ns: Option<i64>,
    pub first_token_ns: Option<i64>,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    /// Of the prompt tokens, how many came from the provider's cache.
    pub cached_tokens: i64,
    /// Of the completion tokens, how many were spent on reasoning.
    pub reasoning_tokens: i64,
    /// `None`: no price is known.
    pub cost: Option<Usd>,
    pub n_feedback: u32,
}

/// Some runs in display order (a parent before its children, siblings by start), and the strings they bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkeletonBlock {
    /// Names and models not seen in earlier blocks; numbered on from those.
    pub strings: Vec<String>,
    pub runs: Vec<SkeletonRun>,
}
