//! The chain of work that decided how long a trace took: shortening anything on it shortens the trace.

use crate::model::{RunIdx, RunTree};
use std::ops::Range;

/// A time in which the trace waited for `run` itself, not for what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub run: RunIdx,
    pub start_ns: u64,
    pub end_ns: u64,
}

/// The pieces of a trace's critical path, by run, then by start. They never overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CriticalPath {
    pieces: Vec<Piece>,
}

impl CriticalPath {
    /// Walks back from the first root's end: whatever ended last was being waited for.
    ///
    /// ```text
    /// parent |xx..............xxx.......|
    /// first     |xxxxx-----|                then `second` takes over where it starts
    /// second          |xxxxxx|   |xxxxxxx|  what outlives its parent counts up to the parent's end
    /// ```
    pub fn new(tree: &RunTree, now_ns: u64) -> Self {
        let mut walk = CriticalPathWalk::new(tree, now_ns);
        while walk.advance(tree, usize::MAX) {}
        walk.finish()
    }

    pub fn pieces_of(&self, run: RunIdx) -> &[Piece] {
        self.pieces_within(run..run + 1)
    }

    /// The pieces of the runs in `runs`, by run, then by start.
    pub fn pieces_within(&self, runs: Range<RunIdx>) -> &[Piece] {
        let start = self.pieces.partition_point(|piece| piece.run < runs.start);
        let end = self.pieces.partition_point(|piece| piece.run < runs.end);
        &self.pieces[start..end]
    }

    /// Every run that the trace waited for, in display order.
    pub fn runs(&self) -> impl Iterator<Item = RunIdx> + '_ {
        self.pieces.chunk_by(|one, other| one.run == other.run).map(|pieces| pieces[0].run)
    }

    pub fn contains(&self, run: RunIdx) -> bool {
        !self.pieces_of(run).is_empty()
    }

    /// Together: the length of the first root.
    pub fn total_ns(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.end_ns - piece.start_ns).sum()
    }
}

/// The way to a [`CriticalPath`] in steps, for traces so large that the page would feel it as a whole.
#[derive(Debug)]
pub struct CriticalPathWalk {
    now_ns: u64,
    /// Runs that were waited for and are still to be looked into, with the times between which they were.
    waiting: Vec<(RunIdx, u64, u64)>,
    pieces: Vec<Piece>,
    /// The children of one run; kept for its memory.
    by_end: Vec<(u64, RunIdx)>,
}

impl CriticalPathWalk {
    /// `now_ns` is when runs under way end.
    pub fn new(tree: &RunTree, now_ns: u64) -> Self {
        let root = (!tree.is_empty()).then(|| (0, tree.start_ns(0), tree.end_or_now_ns(0, now_ns)));
        CriticalPathWalk { now_ns, waiting: root.into_iter().collect(), pieces: Vec::new(), by_end: Vec::new() }
    }

    /// Looks at about `n_runs` more runs of `tree`, the one it began with; false when there are none left.
    pub fn advance(&mut self, tree: &RunTree, n_runs: usize) -> bool {
        let mut n_seen = 0;
        while n_seen < n_runs {
            let Some((run, from, to)) = self.waiting.pop() else { return false };
            self.by_end.clear();
            self.by_end.extend(tree.children(run).map(|child| (tree.end_or_now_ns(child, self.now_ns), child)));
            self.by_end.sort_unstable_by(|one, other| other.cmp(one));
            n_seen += 1 + self.by_end.len();
            let (first_piece, mut cursor) = (self.pieces.len(), to);
            for &(end, child) in &self.by_end {
                let start = tree.start_ns(child).max(from);
                let end = end.min(cursor);
                if start >= end {
                    continue;
                }
                if end < cursor {
                    self.pieces.push(Piece { run, start_ns: end, end_ns: cursor });
                }
                self.waiting.push((child, start, end));
                cursor = start;
            }
            if from < cursor {
                self.pieces.push(Piece { run, start_ns: from, end_ns: cursor });
            }
            // Runs come in display order, the earliest child being the last that was pushed; a run's own pieces came from
            // the latest to the earliest.
            self.pieces[first_piece..].reverse();
        }
        true
    }

    pub fn finish(self) -> CriticalPath {
        debug_assert!(self.pieces.is_sorted_by_key(|piece| (piece.run, piece.start_ns)), "found by run, then by start");
        CriticalPath { pieces: self.pieces }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    #[track_caller]
    fn check(trace: &str, expected: &str) {
        let tree = trace_from_text(trace);
        let path = CriticalPath::new(&tree, 0);
        let ms = |ns: u64| ns / 1_000_000;
        let piece = |piece: &Piece| format!("{} {}..{}", tree.name(piece.run), ms(piece.start_ns), ms(piece.end_ns));
        assert_eq!(path.pieces.iter().map(piece).collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn the_child_that_ends_last_was_waited_for() {
        check(
            "agent 0..100
               a 10..60
               b 20..90",
            "agent 0..10, agent 90..100, a 10..20, b 20..90",
        );
    }

    #[test]
    fn it_goes_down_to_the_leaves() {
        check(
            "agent 0..100
               a 0..100
                 b 20..80",
            "a 0..20, a 80..100, b 20..80",
        );
    }

    #[test]
    fn what_outlives_its_parent_counts_to_the_parents_end() {
        check(
            "agent 0..50
               a 10..90",
            "agent 0..10, a 10..50",
        );
    }

    proptest! {
        #[test]
        fn it_is_exactly_as_long_as_the_root(spans in prop::collection::vec((0u32..1000, 0u32..1000, 1usize..5), 0..40)) {
            let below: String = spans
                .iter()
                .map(|(start, len, depth)| format!("\n{}run {start}..{}", " ".repeat(*depth), start + len))
                .collect();
            let tree = trace_from_text(&format!("root 0..700{below}"));
            prop_assert_eq!(CriticalPath::new(&tree, 0).total_ns(), 700_000_000);
        }

        #[test]
        fn in_steps_it_is_the_same_and_its_pieces_are_in_order(
            spans in prop::collection::vec((0u32..1000, 0u32..1000, 1usize..5), 0..40),
            step in 1usize..20,
        ) {
            let below: String = spans
                .iter()
                .map(|(start, len, depth)| format!("\n{}run {start}..{}", " ".repeat(*depth), start + len))
                .collect();
            let tree = trace_from_text(&format!("root 0..700{below}"));
            let mut walk = CriticalPathWalk::new(&tree, 0);
            while walk.advance(&tree, step) {}
            let path = walk.finish();
            prop_assert!(path.pieces.is_sorted_by_key(|piece| (piece.run, piece.start_ns)));
            prop_assert_eq!(path, CriticalPath::new(&tree, 0));
        }
    }
}
