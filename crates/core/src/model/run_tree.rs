//! One trace as columns in display order: what the waterfall, the search and the keys read.
//!
//! A run is its position. Runs stand in preorder (a parent before its children, children by start), so a subtree is
//! the range `idx..subtree_end(idx)`, hiding it is a jump, and no child lists, strings or pointers are kept per run.

use super::repairs::Repairs;
use super::run_tree_builder::RunTreeBuilder;
use super::sparse::Sparse;
use super::tree_order::{self, Unordered};
use fanlight_wire::skeleton::{NO_RUN, SkeletonHead, SkeletonRun, TraceSkeleton, UsageOf};
use fanlight_wire::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use std::ops::Range;

/// A run's position in display order.
pub type RunIdx = u32;

pub(super) const NONE: u32 = NO_RUN;
pub(super) const NO_TIME: u64 = u64::MAX;
pub(super) const NO_COST: i64 = i64::MIN;

/// A trace: every column has one entry per run, at most 96 bytes a run in all. Never changes; a newer state is a new tree.
#[derive(Clone, Debug, Default)]
pub struct RunTree {
    pub(super) trace_id: Option<TraceId>,
    pub(super) project_id: Option<ProjectId>,
    pub(super) origin: Option<Timestamp>,
    pub(super) strings: Vec<String>,
    pub(super) ids: Vec<RunId>,
    pub(super) parents: Vec<u32>,
    pub(super) subtree_ends: Vec<u32>,
    pub(super) depths: Vec<u32>,
    pub(super) sibling_positions: Vec<u32>,
    pub(super) n_children: Vec<u32>,
    pub(super) names: Vec<u32>,
    pub(super) models: Sparse<u32>,
    pub(super) run_types: Vec<RunType>,
    pub(super) statuses: Vec<RunStatus>,
    pub(super) start_ns: Vec<u64>,
    pub(super) end_ns: Vec<u64>,
    pub(super) first_token_ns: Sparse<u64>,
    pub(super) prompt_tokens: Vec<u32>,
    pub(super) completion_tokens: Vec<u32>,
    pub(super) cached_tokens: Sparse<u32>,
    pub(super) reasoning_tokens: Sparse<u32>,
    pub(super) costs: Vec<i64>,
    pub(super) n_feedback: Sparse<u16>,
    /// Runs below that were not sent, by the lowest run above them.
    pub(super) n_left_out: Sparse<u32>,
    /// The run whose surroundings this tree is, where it is a part that was asked for.
    pub(super) below: Option<RunId>,
    pub(super) errors: Vec<RunIdx>,
    pub(super) running: Vec<RunIdx>,
    /// Runs shown as an instant: finished without an end, or with one before their start.
    pub(super) without_end: Vec<RunIdx>,
    pub(super) ends_before_start: Vec<RunIdx>,
    pub(super) n_roots: u32,
    pub(super) extent_ns: u64,
    pub(super) repairs: Repairs,
}

impl RunTree {
    /// Reads a skeleton, however odd: what does not fit together is repaired and counted in [`RunTree::repairs`].
    pub fn from_skeleton(skeleton: &TraceSkeleton) -> Self {
        let (n, n_longest) = skeleton.column_lengths();
        let parent = |&idx: &i32| u32::try_from(idx).ok().filter(|&idx| (idx as usize) < n).unwrap_or(NONE);
        let arranged = tree_order::arrange(Unordered {
            ids: Some(&skeleton.ids[..n]),
            parents: skeleton.parent_idx[..n].iter().map(parent).collect(),
            start_ns: &skeleton.start_ns[..n],
        });
        let earliest_ns = arranged.order.iter().map(|&run| skeleton.start_ns[run as usize]).min().unwrap_or(0);
        let mut builder = RunTreeBuilder::new(&SkeletonHead {
            trace_id: skeleton.trace_id,
            project_id: skeleton.project_id,
            origin: skeleton.origin.map(|origin| Timestamp(origin.0.saturating_add(earliest_ns))),
            n_runs: arranged.order.len() as u32,
            usage_of: UsageOf::Subtree,
            ..SkeletonHead::default()
        });
        builder.add_strings(skeleton.strings.iter().cloned());
        let repairs = builder.repairs_mut();
        repairs.n_cut_off = (n_longest - n) as u32;
        repairs.n_cycles = arranged.n_cycles;
        repairs.n_duplicates = arranged.n_duplicates;
        for (&source, parent) in arranged.order.iter().zip(arranged.parents) {
            let run = SkeletonRun { parent, ..skeleton.run(source as usize, earliest_ns) };
            builder.push(&run).expect("what was arranged is in order, and no start is before the earliest");
        }
        builder.finish()
    }

    /// Makes room for `n_runs` runs where every run has a value.
    pub(super) fn reserve(&mut self, n_runs: usize) {
        self.ids.reserve_exact(n_runs);
        for column in [
            &mut self.parents,
            &mut self.subtree_ends,
            &mut self.depths,
            &mut self.sibling_positions,
            &mut self.n_children,
            &mut self.names,
            &mut self.prompt_tokens,
            &mut self.completion_tokens,
        ] {
            column.reserve_exact(n_runs);
        }
        self.run_types.reserve_exact(n_runs);
        self.statuses.reserve_exact(n_runs);
        self.start_ns.reserve_exact(n_runs);
        self.end_ns.reserve_exact(n_runs);
        self.costs.reserve_exact(n_runs);
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.models.shrink_to_fit();
        self.first_token_ns.shrink_to_fit();
        self.cached_tokens.shrink_to_fit();
        self.reasoning_tokens.shrink_to_fit();
        self.n_feedback.shrink_to_fit();
        self.n_left_out.shrink_to_fit();
        self.errors.shrink_to_fit();
        self.running.shrink_to_fit();
        self.without_end.shrink_to_fit();
        self.ends_before_start.shrink_to_fit();
    }

    /// What the tree takes in memory.
    pub fn heap_bytes(&self) -> usize {
        let of_runs = [
            &self.parents,
            &self.subtree_ends,
            &self.depths,
            &self.sibling_positions,
            &self.n_children,
            &self.names,
            &self.prompt_tokens,
            &self.completion_tokens,
            &self.errors,
            &self.running,
            &self.without_end,
            &self.ends_before_start,
        ];
        of_runs.iter().map(|column| column.capacity() * size_of::<u32>()).sum::<usize>()
            + self.ids.capacity() * size_of::<RunId>()
            + (self.run_types.capacity() + self.statuses.capacity()) * size_of::<RunType>()
            + (self.start_ns.capacity() + self.end_ns.capacity() + self.costs.capacity()) * size_of::<u64>()
            + self.models.heap_bytes()
            + self.first_token_ns.heap_bytes()
            + self.cached_tokens.heap_bytes()
            + self.reasoning_tokens.heap_bytes()
            + self.n_feedback.heap_bytes()
            + self.n_left_out.heap_bytes()
            + self.strings.capacity() * size_of::<String>()
            + self.strings.iter().map(String::capacity).sum::<usize>()
    }

    pub fn n_runs(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn trace_id(&self) -> Option<TraceId> {
        self.trace_id
    }

    pub fn project_id(&self) -> Option<ProjectId> {
        self.project_id
    }

    /// When the first run started: what all times in the tree count from.
    pub fn origin(&self) -> Option<Timestamp> {
        self.origin
    }

    /// The latest moment known: the last end, or the last start of a run under way.
    pub fn extent_ns(&self) -> u64 {
        self.extent_ns
    }

    /// What had to be mended to draw this trace.
    pub fn repairs(&self) -> &Repairs {
        &self.repairs
    }

    /// Runs that failed, in display order.
    pub fn errors(&self) -> &[RunIdx] {
        &self.errors
    }

    /// Runs without an end so far, in display order.
    pub fn running(&self) -> &[RunIdx] {
        &self.running
    }

    /// Distinct names and models, in no particular order.
    pub fn strings(&self) -> &[String] {
        &self.strings
    }

    pub fn id(&self, run: RunIdx) -> RunId {
        self.ids[run as usize]
    }

    /// Looks through the column: for a link or a selection, not for every run.
    pub fn find(&self, id: RunId) -> Option<RunIdx> {
        self.ids.iter().position(|&other| other == id).map(|position| position as RunIdx)
    }

    pub fn parent(&self, run: RunIdx) -> Option<RunIdx> {
        Some(self.parents[run as usize]).filter(|&parent| parent != NONE)
    }

    /// From the parent up to the root.
    pub fn ancestors(&self, run: RunIdx) -> impl Iterator<Item = RunIdx> + '_ {
        std::iter::successors(self.parent(run), |&ancestor| self.parent(ancestor))
    }

    /// 0 for a root.
    pub fn depth(&self, run: RunIdx) -> u32 {
        self.depths[run as usize]
    }

    pub fn n_children(&self, run: RunIdx) -> u32 {
        self.n_children[run as usize]
    }

    pub fn has_children(&self, run: RunIdx) -> bool {
        self.n_children(run) > 0
    }

    /// One past the last descendant.
    pub fn subtree_end(&self, run: RunIdx) -> RunIdx {
        self.subtree_ends[run as usize]
    }

    /// Everything below `run`, itself apart.
    pub fn descendants(&self, run: RunIdx) -> Range<RunIdx> {
        run + 1..self.subtree_end(run)
    }

    /// Direct children by start.
    pub fn children(&self, run: RunIdx) -> impl Iterator<Item = RunIdx> + '_ {
        let end = self.subtree_end(run);
        let first = Some(run + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.subtree_end(child)).filter(|&next| next < end))
    }

    /// The runs with the same parent, `run` included.
    pub fn siblings(&self, run: RunIdx) -> impl Iterator<Item = RunIdx> + '_ {
        let (first, end) = match self.parent(run) {
            Some(parent) => (parent + 1, self.subtree_end(parent)),
            None => (0, self.n_runs() as u32),
        };
        std::iter::successors(Some(first), move |&sibling| Some(self.subtree_end(sibling)).filter(|&next| next < end))
    }

    /// Position among its siblings, from 0, and how many they are.
    pub fn sibling_position(&self, run: RunIdx) -> (u32, u32) {
        let n_siblings = self.parent(run).map_or(self.n_roots, |parent| self.n_children(parent));
        (self.sibling_positions[run as usize], n_siblings)
    }

    /// Empty when the run was sent without a name.
    pub fn name(&self, run: RunIdx) -> &str {
        self.text(self.names[run as usize]).unwrap_or_default()
    }

    pub fn model(&self, run: RunIdx) -> Option<&str> {
        self.models.get(run).and_then(|idx| self.text(idx))
    }

    fn text(&self, idx: u32) -> Option<&str> {
        self.strings.get(idx as usize).map(String::as_str)
    }

    /// Positions of the run's name and model in [`RunTree::strings`].
    pub fn string_indices(&self, run: RunIdx) -> [Option<usize>; 2] {
        [Some(self.names[run as usize]).filter(|&idx| idx != NONE), self.models.get(run)]
            .map(|idx| idx.map(|idx| idx as usize))
    }

    pub fn run_type(&self, run: RunIdx) -> RunType {
        self.run_types[run as usize]
    }

    pub fn status(&self, run: RunIdx) -> RunStatus {
        self.statuses[run as usize]
    }

    pub fn has_error(&self, run: RunIdx) -> bool {
        self.status(run) == RunStatus::Error
    }

    /// How many of the runs below `run` failed.
    pub fn n_errors_below(&self, run: RunIdx) -> usize {
        let range = self.descendants(run);
        let before = |idx: RunIdx| self.errors.partition_point(|&error| error < idx);
        before(range.end.max(range.start)) - before(range.start)
    }

    pub fn start_ns(&self, run: RunIdx) -> u64 {
        self.start_ns[run as usize]
    }

    /// `None` while the run is under way.
    pub fn end_ns(&self, run: RunIdx) -> Option<u64> {
        Some(self.end_ns[run as usize]).filter(|&end| end != NO_TIME)
    }

    /// The end, or `now_ns` for a run under way (never before its start).
    pub fn end_or_now_ns(&self, run: RunIdx, now_ns: u64) -> u64 {
        self.end_ns(run).unwrap_or(now_ns.max(self.start_ns(run)))
    }

    /// Between start and end.
    pub fn first_token_ns(&self, run: RunIdx) -> Option<u64> {
        self.first_token_ns.get(run)
    }

    /// Of the run and everything below it; prompt, then completion.
    pub fn tokens(&self, run: RunIdx) -> (u32, u32) {
        (self.prompt_tokens[run as usize], self.completion_tokens[run as usize])
    }

    /// How many of the run's own prompt tokens came from the provider's cache.
    pub fn cached_tokens(&self, run: RunIdx) -> u32 {
        self.cached_tokens.get(run).unwrap_or(0)
    }

    /// How many of the run's own completion tokens were spent on reasoning.
    pub fn reasoning_tokens(&self, run: RunIdx) -> u32 {
        self.reasoning_tokens.get(run).unwrap_or(0)
    }

    /// Of the run and everything below it; `None` when no price is known.
    pub fn cost(&self, run: RunIdx) -> Option<Usd> {
        Some(self.costs[run as usize]).filter(|&pico| pico != NO_COST).map(Usd::from_pico)
    }

    pub fn n_feedback(&self, run: RunIdx) -> u16 {
        self.n_feedback.get(run).unwrap_or(0)
    }

    /// Runs below `run`, and below no lower run that is here, which were left out because the trace is too large.
    pub fn n_left_out(&self, run: RunIdx) -> u32 {
        self.n_left_out.get(run).unwrap_or(0)
    }

    // Clocks of two machines agree to about a millisecond at best: less is not worth a warning.
    pub(super) fn starts_before(&self, run: RunIdx, parent: RunIdx) -> bool {
        self.start_ns(run) + 1_000_000 < self.start_ns(parent)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{Shape, draw_tree, trace_from_text};
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(trace: &str, expected: Expect) {
        expected.assert_eq(&draw_tree(&trace_from_text(trace)));
    }

    #[test]
    fn runs_stand_below_their_parent_in_order_of_start() {
        check(
            "agent 0..100
               tool 40..90
               chat:llm 10..60
                 parse 20..30",
            expect![[r#"
                agent 0..100
                  chat 10..60
                    parse 20..30
                  tool 40..90
            "#]],
        );
    }

    #[test]
    fn a_run_under_way_has_no_end() {
        check(
            "agent 0..
               chat 10..20",
            expect![[r#"
                agent 0..
                  chat 10..20
            "#]],
        );
    }

    #[test]
    fn an_end_before_the_start_is_taken_for_the_start() {
        check(
            "agent 5..2",
            expect![[r#"
                agent 0..0
                ! 1 run ends before it starts
            "#]],
        );
    }

    #[test]
    fn a_finished_run_without_an_end_and_clock_skew_are_said() {
        check(
            "agent 100..200
               chat 20..50
               tool 130.. success",
            expect![[r#"
                agent 80..180
                  chat 0..30
                  tool 110..110
                ! 1 finished run has no end time
                ! 1 run starts before its parent: clocks disagree
            "#]],
        );
    }

    #[test]
    fn errors_below_a_run_are_counted_without_the_run() {
        let tree = trace_from_text(
            "agent 0..100 error
               a 0..10 error
                 b 1..2 error
               c 20..30",
        );
        let counts: Vec<_> = (0..4).map(|run| tree.n_errors_below(run)).collect();
        assert_eq!(counts, [2, 1, 0, 0]);
    }

    #[test]
    fn a_run_takes_at_most_96_bytes() {
        for shape in [Shape::Agent(20_000), Shape::Siblings(5_000), Shape::Chat(2_000)] {
            let tree = shape.tree(1);
            let bytes = tree.heap_bytes() as f64 / tree.n_runs() as f64;
            assert!(bytes <= 96.0, "{shape:?} takes {bytes:.1} bytes a run");
        }
    }

    #[test]
    fn children_and_siblings_skip_what_is_below_them() {
        let tree = trace_from_text(
            "agent 0..100
               a 0..10
                 b 1..2
               c 20..30",
        );
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(tree.siblings(3).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(tree.children(2).count(), 0);
        assert_eq!(tree.sibling_position(3), (1, 2));
        assert_eq!(tree.ancestors(2).collect::<Vec<_>>(), [1, 0]);
    }
}
