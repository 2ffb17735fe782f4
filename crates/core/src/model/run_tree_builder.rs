//! Makes a tree of runs that come in display order, one by one.
//!
//! What follows from a run's place (depth, siblings, sums over what is below) is kept up as runs come, so the last run
//! of a million is followed by nothing that takes long.

use super::RunIdx;
use super::repairs::Repairs;
use super::run_tree::{NO_COST, NO_TIME, NONE, RunTree};
use fanlight_wire::RunStatus;
use fanlight_wire::skeleton::{LeftOut, NO_RUN, SkeletonBlock, SkeletonHead, SkeletonRun, UsageOf};
use std::fmt;

/// A run came before its parent, or before the time that the trace begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder;

impl fmt::Display for OutOfOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the runs of the trace are not in order")
    }
}

impl std::error::Error for OutOfOrder {}

/// No more room than this is made for runs that were only announced.
const MAX_AHEAD: usize = 1 << 20;

/// A run on the way from the root to the last one: more may come below it.
#[derive(Clone, Copy, Debug)]
struct OpenRun {
    run: RunIdx,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost_pico: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct RunTreeBuilder {
    tree: RunTree,
    usage_of: UsageOf,
    path: Vec<OpenRun>,
    /// Top-level runs other than the trace's root.
    n_strangers: u32,
    /// Where runs are left out, the next place last.
    left_out: Vec<LeftOut>,
}

impl RunTreeBuilder {
    /// Makes room for `head.n_runs` runs, within reason.
    pub fn new(head: &SkeletonHead) -> Self {
        let n_ahead = (head.n_runs as usize).min(MAX_AHEAD);
        let mut tree =
            RunTree { trace_id: head.trace_id, project_id: head.project_id, origin: head.origin, ..RunTree::default() };
        tree.reserve(n_ahead);
        tree.below = head.below;
        let left_out = head.left_out.iter().rev().copied().collect();
        RunTreeBuilder { tree, usage_of: head.usage_of, path: Vec::new(), n_strangers: 0, left_out }
    }

    pub fn n_runs(&self) -> usize {
        self.tree.n_runs()
    }

    pub(super) fn add_strings(&mut self, strings: impl IntoIterator<Item = String>) {
        self.tree.strings.extend(strings);
    }

    pub(super) fn repairs_mut(&mut self) -> &mut Repairs {
        &mut self.tree.repairs
    }

    /// The next runs of an answer.
    pub fn push_block(&mut self, block: SkeletonBlock) -> Result<(), OutOfOrder> {
        self.add_strings(block.strings);
        block.runs.iter().try_for_each(|run| self.push(run))
    }

    /// The next run in display order; times count from the tree's origin.
    pub fn push(&mut self, run: &SkeletonRun) -> Result<(), OutOfOrder> {
        let start_ns = u64::try_from(run.start_ns).map_err(|_| OutOfOrder)?;
        let position = self.place(run)?;
        let tree = &mut self.tree;
        let idx = tree.ids.len() as RunIdx;
        tree.ids.push(run.id);
        tree.parents.push(run.parent);
        tree.depths.push(self.path.len() as u32);
        tree.sibling_positions.push(position);
        tree.n_children.push(0);
        tree.subtree_ends.push(idx + 1);
        let n_strings = tree.strings.len();
        let text = |idx: &u32| (*idx as usize) < n_strings;
        tree.names.push(Some(run.name).filter(text).unwrap_or(NONE));
        tree.models.push(run.model.filter(text));
        tree.run_types.push(run.run_type);
        tree.statuses.push(run.status);
        let end_ns = match run.end_ns {
            Some(end_ns) if end_ns < run.start_ns => {
                tree.ends_before_start.push(idx);
                start_ns
            }
            Some(end_ns) => end_ns as u64,
            None if run.status == RunStatus::Pending => NO_TIME,
            None => {
                tree.without_end.push(idx);
                start_ns
            }
        };
        tree.start_ns.push(start_ns);
        tree.end_ns.push(end_ns);
        let first_token = run.first_token_ns.and_then(|first| u64::try_from(first).ok());
        tree.first_token_ns.push(first_token.filter(|&first| first >= start_ns && first <= end_ns));
        tree.prompt_tokens.push(saturated(run.prompt_tokens));
        tree.completion_tokens.push(saturated(run.completion_tokens));
        tree.cached_tokens.push(Some(saturated(run.cached_tokens)).filter(|&n| n > 0));
        tree.reasoning_tokens.push(Some(saturated(run.reasoning_tokens)).filter(|&n| n > 0));
        let cost_pico = run.cost.map(|usd| usd.picodollars);
        tree.costs.push(cost_pico.unwrap_or(NO_COST));
        let n_feedback = u16::try_from(run.n_feedback).unwrap_or(u16::MAX);
        tree.n_feedback.push(Some(n_feedback).filter(|&n| n > 0));
        let left_out = self.left_out.pop_if(|left_out| left_out.above == idx);
        tree.n_left_out.push(left_out.map(|left_out| left_out.n_runs).filter(|&n| n > 0));
        match run.status {
            RunStatus::Error => tree.errors.push(idx),
            _ if end_ns == NO_TIME => tree.running.push(idx),
            _ => {}
        }
        tree.extent_ns = tree.extent_ns.max(if end_ns == NO_TIME { start_ns } else { end_ns });
        if tree.parent(idx).is_some_and(|parent| tree.starts_before(idx, parent)) {
            tree.repairs.n_starts_before_parent += 1;
        }
        self.path.push(OpenRun {
            run: idx,
            prompt_tokens: run.prompt_tokens,
            completion_tokens: run.completion_tokens,
            cost_pico,
        });
        Ok(())
    }

    /// Finds the parent, closing what nothing more comes below of; returns the run's position among its siblings.
    fn place(&mut self, run: &SkeletonRun) -> Result<u32, OutOfOrder> {
        if run.parent == NO_RUN {
            while self.close_last() {}
            self.n_strangers += u32::from(self.tree.trace_id.map(fanlight_wire::RunId::from) != Some(run.id));
            self.tree.n_roots += 1;
            return Ok(self.tree.n_roots - 1);
        }
        while self.path.last().is_some_and(|open| open.run != run.parent) {
            self.close_last();
        }
        let parent = self.path.last().ok_or(OutOfOrder)?.run as usize;
        self.tree.n_children[parent] += 1;
        Ok(self.tree.n_children[parent] - 1)
    }

    /// Nothing more comes below the last run of the path: its sums are final, and count for its parent. False without one.
    fn close_last(&mut self) -> bool {
        let Some(open) = self.path.pop() else { return false };
        let (run, n_runs) = (open.run as usize, self.tree.ids.len() as u32);
        self.tree.subtree_ends[run] = n_runs;
        if self.usage_of == UsageOf::Run {
            self.tree.prompt_tokens[run] = saturated(open.prompt_tokens);
            self.tree.completion_tokens[run] = saturated(open.completion_tokens);
            self.tree.costs[run] = open.cost_pico.unwrap_or(NO_COST);
            if let Some(above) = self.path.last_mut() {
                above.prompt_tokens = above.prompt_tokens.saturating_add(open.prompt_tokens);
                above.completion_tokens = above.completion_tokens.saturating_add(open.completion_tokens);
                let sum = |above: i64| open.cost_pico.map_or(above, |below| above.saturating_add(below));
                above.cost_pico = above.cost_pico.map(sum).or(open.cost_pico);
            }
        }
        true
    }

    pub fn finish(mut self) -> RunTree {
        while self.close_last() {}
        let repairs = &mut self.tree.repairs;
        // Without a trace id the first top-level run counts as the root. A ring that was opened is said to be one.
        let n_expected = repairs.n_cycles + u32::from(self.tree.trace_id.is_none());
        repairs.n_orphans = self.n_strangers.saturating_sub(n_expected);
        repairs.n_missing_ends = self.tree.without_end.len() as u32;
        repairs.n_ends_before_start = self.tree.ends_before_start.len() as u32;
        self.tree.shrink_to_fit();
        self.tree
    }
}

fn saturated(count: i64) -> u32 {
    count.clamp(0, u32::MAX.into()) as u32
}
