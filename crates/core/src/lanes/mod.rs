//! A trace as a flame chart: every run in a lane below its parent, parallel work stacked, as wide as the time it took,
//! the tokens it used or what it cost.
//!
//! [`assign`] finds the lanes, [`Lanes`] keeps them, [`layout`] merges what is too narrow to see and says what to draw,
//! [`axis`] writes the numbers above it.

mod assign;
pub mod axis;
pub mod draw;
pub mod keys;
pub mod layout;

use crate::model::{RunIdx, RunTree};
use crate::trace_view::XUnit;
use crate::waterfall::narrowing::Shown;
use assign::{lanes_by_time, span_ns};
use keys::LaneStep;

/// Where every run of one tree stands. 12 bytes a run by time, 28 by tokens or cost.
///
/// Positions on the axis are nanoseconds, thousandths of a token, or picodollars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lanes {
    unit: XUnit,
    lane_of: Vec<u32>,
    /// Runs that have a size, by lane, then from left to right.
    order: Vec<RunIdx>,
    /// Where the runs of each lane end in `order`.
    lane_ends: Vec<u32>,
    /// From and to of each run; empty by time, where the tree has them.
    spans: Vec<(u64, u64)>,
    extent: u64,
    n_without_size: usize,
}

impl Default for Lanes {
    fn default() -> Self {
        Lanes::new(&RunTree::default(), XUnit::Time)
    }
}

impl Lanes {
    pub fn new(tree: &RunTree, unit: XUnit) -> Self {
        let n = tree.n_runs();
        let (lane_of, spans, extent) = match unit {
            XUnit::Time => (lanes_by_time(tree), Vec::new(), tree.extent_ns()),
            XUnit::Tokens | XUnit::Cost => {
                let (spans, extent) = nested_spans(tree, |run| size_of(tree, run, unit));
                ((0..n as RunIdx).map(|run| tree.depth(run)).collect(), spans, extent)
            }
        };
        let has_size = |run: &RunIdx| spans.get(*run as usize).is_none_or(|&(from, to)| from < to);
        let mut order: Vec<RunIdx> = (0..n as RunIdx).filter(has_size).collect();
        let from = |run: RunIdx| spans.get(run as usize).map_or_else(|| tree.start_ns(run), |&(from, _)| from);
        order.sort_unstable_by_key(|&run| (lane_of[run as usize], from(run)));
        let n_lanes = order.last().map_or(0, |&run| lane_of[run as usize] + 1);
        let mut lane_ends = vec![0u32; n_lanes as usize];
        order.iter().for_each(|&run| lane_ends[lane_of[run as usize] as usize] += 1);
        let mut end = 0;
        for lane_end in &mut lane_ends {
            end += *lane_end;
            *lane_end = end;
        }
        let n_without_size = n - order.len();
        Lanes { unit, lane_of, order, lane_ends, spans, extent, n_without_size }
    }

    pub fn unit(&self) -> XUnit {
        self.unit
    }

    pub fn n_lanes(&self) -> usize {
        self.lane_ends.len()
    }

    /// The last position that anything reaches, runs under way apart.
    pub fn extent(&self) -> u64 {
        self.extent
    }

    /// Runs that used no tokens, or whose cost is nothing or unknown: they cannot be seen.
    pub fn n_without_size(&self) -> usize {
        self.n_without_size
    }

    /// `None` for a run without size, or of another tree.
    pub fn lane_of(&self, run: RunIdx) -> Option<u32> {
        let lane = *self.lane_of.get(run as usize)?;
        self.spans.get(run as usize).is_none_or(|&(from, to)| from < to).then_some(lane)
    }

    /// From and to on the axis; runs under way reach to `now_ns`.
    pub fn span(&self, tree: &RunTree, run: RunIdx, now_ns: u64) -> (u64, u64) {
        let by_time = || (tree.start_ns(run), tree.end_or_now_ns(run, now_ns));
        self.spans.get(run as usize).copied().unwrap_or_else(by_time)
    }

    /// The runs of a lane from left to right.
    pub fn runs_in(&self, lane: u32) -> &[RunIdx] {
        let lane = lane as usize;
        let Some(&end) = self.lane_ends.get(lane) else { return &[] };
        let start = lane.checked_sub(1).map_or(0, |before| self.lane_ends[before]);
        &self.order[start as usize..end as usize]
    }

    /// The runs of a lane from the first that reaches `from` on.
    fn runs_from(&self, tree: &RunTree, lane: u32, from: f64) -> &[RunIdx] {
        let runs = self.runs_in(lane);
        let to = |run: RunIdx| self.spans.get(run as usize).map_or_else(|| span_ns(tree, run).1, |&(_, to)| to);
        &runs[runs.partition_point(|&run| (to(run) as f64) < from)..]
    }

    /// The run that an arrow leads to, of those that are `shown`: to the parent, the first child, or along the lane.
    pub fn step(&self, tree: &RunTree, shown: &Shown, run: RunIdx, step: LaneStep) -> Option<RunIdx> {
        let is_shown = |other: &RunIdx| *other == run || shown.contains(tree, *other);
        let along = |pick: &dyn Fn(&[RunIdx], usize) -> Option<usize>| {
            let lane = self.runs_in(self.lane_of(run)?);
            let runs: Vec<RunIdx> = lane.iter().copied().filter(is_shown).collect();
            let here = runs.iter().position(|&other| other == run)?;
            runs.get(pick(&runs, here)?).copied()
        };
        match step {
            LaneStep::Parent => tree.ancestors(run).find(|&above| shown.contains(tree, above)),
            LaneStep::Child => shown.children(tree, run).into_iter().find(|&child| self.lane_of(child).is_some()),
            LaneStep::Next => along(&|_, here| here.checked_add(1)),
            LaneStep::Previous => along(&|_, here| here.checked_sub(1)),
            LaneStep::First => along(&|_, _| Some(0)),
            LaneStep::Last => along(&|runs, _| runs.len().checked_sub(1)),
        }
    }
}

/// Of the run and all below it, in the unit of the axis.
fn size_of(tree: &RunTree, run: RunIdx, unit: XUnit) -> u64 {
    match unit {
        XUnit::Time => tree.end_ns(run).map_or(0, |end| end - tree.start_ns(run)),
        XUnit::Tokens => {
            let (prompt, completion) = tree.tokens(run);
            (u64::from(prompt) + u64::from(completion)) * 1000
        }
        XUnit::Cost => tree.cost(run).map_or(0, |cost| u64::try_from(cost.picodollars).unwrap_or(0)),
    }
}

/// Children side by side inside their parent, in order; what is left at its end is the parent's own. Also: the sum.
///
/// ```text
/// agent |---------------|   1,200 tokens
/// chat  |------|            500
/// chat         |-----|      400, so that 300 are the agent's own
/// ```
fn nested_spans(tree: &RunTree, size: impl Fn(RunIdx) -> u64) -> (Vec<(u64, u64)>, u64) {
    let n = tree.n_runs();
    // First the size of all that is below, then of the run: sums that do not add up must not make children stick out.
    let mut sizes = vec![0u64; n];
    for run in (0..n).rev() {
        sizes[run] = sizes[run].max(size(run as RunIdx));
        if let Some(parent) = tree.parent(run as RunIdx) {
            sizes[parent as usize] = sizes[parent as usize].saturating_add(sizes[run]);
        }
    }
    let mut free_from = vec![0u64; n];
    let mut roots_until = 0u64;
    let mut spans = Vec::with_capacity(n);
    for (run, &size) in sizes.iter().enumerate() {
        let cursor = tree.parent(run as RunIdx).map_or(&mut roots_until, |parent| &mut free_from[parent as usize]);
        let from = *cursor;
        let to = from.saturating_add(size);
        *cursor = to;
        free_from[run] = from;
        spans.push((from, to));
    }
    (spans, roots_until)
}

#[cfg(test)]
mod tests {
    use super::assign::tests::any_tree;
    use super::*;
    use crate::model::fixtures::{skeleton_from_text, trace_from_text};
    use proptest::prelude::*;

    fn by_tokens(text: &str, tokens: &[i64]) -> (RunTree, Lanes) {
        let mut skeleton = skeleton_from_text(text);
        skeleton.prompt_tokens = tokens.to_vec();
        let tree = RunTree::from_skeleton(&skeleton);
        let lanes = Lanes::new(&tree, XUnit::Tokens);
        (tree, lanes)
    }

    const AGENT: &str = "agent 0..100
        chat 10..20
          parse 12..13
        chat 30..40";

    #[test]
    fn by_tokens_children_stand_side_by_side_and_what_uses_none_is_counted() {
        let (tree, lanes) = by_tokens(AGENT, &[1200, 500, 0, 400]);
        let spans: Vec<_> = (0..4).map(|run| lanes.span(&tree, run, 0)).collect();
        assert_eq!(spans, [(0, 1_200_000), (0, 500_000), (0, 0), (500_000, 900_000)]);
        assert_eq!((lanes.n_lanes(), lanes.n_without_size(), lanes.lane_of(2)), (2, 1, None));
    }

    #[test]
    fn a_parent_whose_sum_is_too_small_is_as_wide_as_its_children() {
        let (tree, lanes) = by_tokens(AGENT, &[0, 500, 0, 400]);
        assert_eq!((lanes.span(&tree, 0, 0), lanes.extent()), ((0, 900_000), 900_000));
    }

    #[test]
    fn arrows_lead_to_the_parent_the_first_child_and_along_the_lane() {
        let tree = trace_from_text(AGENT);
        let lanes = Lanes::new(&tree, XUnit::Time);
        let step = |run, step| lanes.step(&tree, &Shown::default(), run, step);
        assert_eq!(step(0, LaneStep::Child), Some(1));
        assert_eq!(step(1, LaneStep::Next), Some(3));
        assert_eq!(step(3, LaneStep::Previous), Some(1));
        assert_eq!(step(1, LaneStep::Previous), None);
        assert_eq!(step(3, LaneStep::Parent), Some(0));
        assert_eq!((step(3, LaneStep::First), step(1, LaneStep::Last)), (Some(1), Some(3)));
        let without_chats = Shown::new(&tree, None, &["chat".into()]);
        assert_eq!(lanes.step(&tree, &without_chats, 0, LaneStep::Child), Some(2));
        assert_eq!(lanes.step(&tree, &without_chats, 2, LaneStep::Parent), Some(0));
        let (tree, lanes) = by_tokens(AGENT, &[1200, 500, 0, 400]);
        assert_eq!(lanes.step(&tree, &Shown::default(), 1, LaneStep::Child), None);
    }

    proptest! {
        #[test]
        fn by_tokens_too_nothing_overlaps_and_children_stay_inside(tree in any_tree(40)) {
            let lanes = Lanes::new(&tree, XUnit::Tokens);
            let mut n_seen = lanes.n_without_size();
            for lane in 0..lanes.n_lanes() as u32 {
                n_seen += lanes.runs_in(lane).len();
                for pair in lanes.runs_in(lane).windows(2) {
                    prop_assert!(lanes.span(&tree, pair[0], 0).1 <= lanes.span(&tree, pair[1], 0).0);
                }
            }
            prop_assert_eq!(n_seen, tree.n_runs());
            for run in 0..tree.n_runs() as RunIdx {
                if let Some(parent) = tree.parent(run) {
                    let (outer, inner) = (lanes.span(&tree, parent, 0), lanes.span(&tree, run, 0));
                    prop_assert!(outer.0 <= inner.0 && inner.1 <= outer.1);
                }
            }
        }
    }
}
