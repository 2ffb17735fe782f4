//! One trace as columns in display order: what the waterfall, the search and the keys read.
//!
//! A run is its position. Runs stand in preorder (a parent before its children, children by start), so a subtree is
//! the range `idx..subtree_end(idx)`, hiding it is a jump, and no child lists, strings or pointers are kept per run.

use super::repairs::Repairs;
use super::tree_order::{self, Arranged};
use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use std::ops::Range;

/// A run's position in display order.
pub type RunIdx = u32;

const NONE: u32 = u32::MAX;
const NO_TIME: u64 = u64::MAX;
const NO_COST: i64 = i64::MIN;

/// A trace: every column has one entry per run, 92 bytes a run in all. Never changes; a newer state is a new tree.
#[derive(Clone, Debug, Default)]
pub struct RunTree {
    trace_id: Option<TraceId>,
    project_id: Option<ProjectId>,
    origin: Option<Timestamp>,
    strings: Vec<String>,
    ids: Vec<RunId>,
    parents: Vec<u32>,
    subtree_ends: Vec<u32>,
    depths: Vec<u32>,
    sibling_positions: Vec<u32>,
    n_children: Vec<u32>,
    names: Vec<u32>,
    models: Vec<u32>,
    run_types: Vec<RunType>,
    statuses: Vec<RunStatus>,
    start_ns: Vec<u64>,
    end_ns: Vec<u64>,
    first_token_ns: Vec<u64>,
    prompt_tokens: Vec<u32>,
    completion_tokens: Vec<u32>,
    costs: Vec<i64>,
    n_feedback: Vec<u16>,
    errors: Vec<RunIdx>,
    running: Vec<RunIdx>,
    n_roots: u32,
    extent_ns: u64,
    repairs: Repairs,
}

impl RunTree {
    /// Reads a skeleton, however odd: what does not fit together is repaired and counted in [`RunTree::repairs`].
    pub fn from_skeleton(skeleton: &TraceSkeleton) -> Self {
        let Arranged { order, parents, earliest_ns, mut repairs } = tree_order::arrange(skeleton);
        let n = order.len();
        let mut tree = RunTree {
            trace_id: skeleton.trace_id,
            project_id: skeleton.project_id,
            origin: skeleton.origin.map(|origin| Timestamp(origin.0.saturating_add(earliest_ns))),
            strings: skeleton.strings.clone(),
            parents,
            ..RunTree::default()
        };
        let text = |idx: i64| u32::try_from(idx).ok().filter(|&idx| (idx as usize) < skeleton.strings.len());
        for &source in &order {
            let source = source as usize;
            let start = since(skeleton.start_ns[source], earliest_ns);
            let status = skeleton.statuses[source];
            let end = match skeleton.end_ns[source] {
                Some(end) if end < skeleton.start_ns[source] => {
                    repairs.n_ends_before_start += 1;
                    start
                }
                Some(end) => since(end, earliest_ns),
                None if status == RunStatus::Pending => NO_TIME,
                None => {
                    repairs.n_missing_ends += 1;
                    start
                }
            };
            let first_token = skeleton.first_token_ns[source]
                .map(|first| since(first, earliest_ns))
                .filter(|&first| first >= start && first <= end);
            tree.ids.push(skeleton.ids[source]);
            tree.names.push(text(skeleton.name_idx[source].into()).unwrap_or(NONE));
            tree.models.push(text(skeleton.model_idx[source].into()).unwrap_or(NONE));
            tree.run_types.push(skeleton.run_types[source]);
            tree.statuses.push(status);
            tree.start_ns.push(start);
            tree.end_ns.push(end);
            tree.first_token_ns.push(first_token.unwrap_or(NO_TIME));
            tree.prompt_tokens.push(saturated(skeleton.prompt_tokens[source]));
            tree.completion_tokens.push(saturated(skeleton.completion_tokens[source]));
            tree.costs.push(skeleton.total_cost[source].map_or(NO_COST, |usd| usd.picodollars));
            tree.n_feedback.push(u16::try_from(skeleton.n_feedback[source]).unwrap_or(u16::MAX));
        }
        tree.index();
        let skewed =
            (0..n as u32).filter(|&run| tree.parent(run).is_some_and(|parent| tree.starts_before(run, parent)));
        repairs.n_starts_before_parent = skewed.count() as u32;
        tree.repairs = repairs;
        tree
    }

    /// Fills what follows from `parents`: depths, subtree ends, sibling positions, and the lists of errors and runs
    /// under way. Two passes without recursion, since traces 10,000 levels deep exist.
    fn index(&mut self) {
        let n = self.ids.len();
        self.depths = vec![0; n];
        self.sibling_positions = vec![0; n];
        self.n_children = vec![0; n];
        self.subtree_ends = (1..=n as u32).collect();
        for run in 0..n {
            let position = match self.parents[run] {
                NONE => {
                    self.n_roots += 1;
                    self.n_roots - 1
                }
                parent => {
                    let parent = parent as usize;
                    self.depths[run] = self.depths[parent] + 1;
                    self.n_children[parent] += 1;
                    self.n_children[parent] - 1
                }
            };
            self.sibling_positions[run] = position;
            match self.statuses[run] {
                RunStatus::Error => self.errors.push(run as u32),
                _ if self.end_ns[run] == NO_TIME => self.running.push(run as u32),
                _ => {}
            }
            let known_end = if self.end_ns[run] == NO_TIME { self.start_ns[run] } else { self.end_ns[run] };
            self.extent_ns = self.extent_ns.max(known_end);
        }
        for run in (0..n).rev() {
            if self.parents[run] != NONE {
                let parent = self.parents[run] as usize;
                self.subtree_ends[parent] = self.subtree_ends[parent].max(self.subtree_ends[run]);
            }
        }
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
        self.text(self.models[run as usize])
    }

    fn text(&self, idx: u32) -> Option<&str> {
        self.strings.get(idx as usize).map(String::as_str)
    }

    /// Positions of the run's name and model in [`RunTree::strings`].
    pub fn string_indices(&self, run: RunIdx) -> [Option<usize>; 2] {
        [self.names[run as usize], self.models[run as usize]].map(|idx| (idx != NONE).then_some(idx as usize))
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
        Some(self.first_token_ns[run as usize]).filter(|&first| first != NO_TIME)
    }

    /// Of the run and everything below it; prompt, then completion.
    pub fn tokens(&self, run: RunIdx) -> (u32, u32) {
        (self.prompt_tokens[run as usize], self.completion_tokens[run as usize])
    }

    /// Of the run and everything below it; `None` when no price is known.
    pub fn cost(&self, run: RunIdx) -> Option<Usd> {
        Some(self.costs[run as usize]).filter(|&pico| pico != NO_COST).map(Usd::from_pico)
    }

    pub fn n_feedback(&self, run: RunIdx) -> u16 {
        self.n_feedback[run as usize]
    }

    // Clocks of two machines agree to about a millisecond at best: less is not worth a warning.
    fn starts_before(&self, run: RunIdx, parent: RunIdx) -> bool {
        self.start_ns(run) + 1_000_000 < self.start_ns(parent)
    }
}

fn since(time_ns: i64, earliest_ns: i64) -> u64 {
    u64::try_from(time_ns.saturating_sub(earliest_ns)).unwrap_or(0)
}

fn saturated(count: i64) -> u32 {
    count.clamp(0, u32::MAX.into()) as u32
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{draw_tree, trace_from_text};
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
