//! Which lane each run stands in, so that no two runs cover each other: children below their parent, parallel work
//! stacked.

use crate::model::{RunIdx, RunTree};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The lane of each run by time, from 0 at the top. Runs without an end reach to the end of all time.
///
/// A subtree takes lanes of its own below its root, as many as it needs; siblings whose subtrees do not overlap share
/// theirs:
///
/// ```text
/// agent |------------------------|      0
/// plan    |---|        chat |---|       1   both below the agent, one after the other
/// search        |-------|               1
/// search          |-------|             2   at the same time as the other search
/// ```
pub fn lanes_by_time(tree: &RunTree) -> Vec<u32> {
    let n = tree.n_runs();
    let mut blocks = Blocks {
        from_ns: vec![0; n],
        to_ns: vec![0; n],
        n_lanes: vec![1; n],
        // First how far below its parent a run stands, then its lane.
        lanes: vec![0; n],
        packer: Packer::default(),
    };
    // Children stand after their parent: when a run's turn comes, everything below it has its block.
    for run in (0..n as RunIdx).rev() {
        let (start, end) = span_ns(tree, run);
        let below = blocks.pack(tree.children(run));
        let at = run as usize;
        blocks.from_ns[at] = start.min(below.from_ns);
        blocks.to_ns[at] = end.max(below.to_ns);
        blocks.n_lanes[at] = 1 + below.n_lanes;
    }
    if n > 0 {
        blocks.pack(tree.siblings(0));
    }
    for run in 0..n as RunIdx {
        if let Some(parent) = tree.parent(run) {
            blocks.lanes[run as usize] += 1 + blocks.lanes[parent as usize];
        }
    }
    blocks.lanes
}

/// Start and end, at least a nanosecond apart: an instant takes room, too.
pub fn span_ns(tree: &RunTree, run: RunIdx) -> (u64, u64) {
    let start = tree.start_ns(run);
    (start, tree.end_ns(run).unwrap_or(u64::MAX).max(start.saturating_add(1)))
}

/// The time and the lanes that each subtree takes.
struct Blocks {
    from_ns: Vec<u64>,
    to_ns: Vec<u64>,
    n_lanes: Vec<u32>,
    lanes: Vec<u32>,
    packer: Packer,
}

/// What several blocks take together.
struct Packed {
    from_ns: u64,
    to_ns: u64,
    n_lanes: u32,
}

impl Blocks {
    /// Gives each of `siblings` a track, the first that is free, and writes to `lanes` where the track begins.
    fn pack(&mut self, siblings: impl Iterator<Item = RunIdx>) -> Packed {
        let Packer { order, tracks, track_of, busy, free } = &mut self.packer;
        order.clear();
        order.extend(siblings);
        // Clocks that disagree let a subtree begin before its root.
        order.sort_by_key(|&run| self.from_ns[run as usize]);
        tracks.clear();
        track_of.clear();
        busy.clear();
        free.clear();
        let mut packed = Packed { from_ns: u64::MAX, to_ns: 0, n_lanes: 0 };
        for &run in order.iter() {
            let (from_ns, to_ns) = (self.from_ns[run as usize], self.to_ns[run as usize]);
            while let Some(&Reverse((until_ns, track))) = busy.peek()
                && until_ns <= from_ns
            {
                busy.pop();
                free.push(Reverse(track));
            }
            let track = free.pop().map_or(tracks.len() as u32, |Reverse(track)| track);
            if track as usize == tracks.len() {
                tracks.push(0);
            }
            tracks[track as usize] = tracks[track as usize].max(self.n_lanes[run as usize]);
            track_of.push(track);
            busy.push(Reverse((to_ns, track)));
            packed = Packed { from_ns: packed.from_ns.min(from_ns), to_ns: packed.to_ns.max(to_ns), n_lanes: 0 };
        }
        // From the height of each track to where it begins.
        for height in tracks.iter_mut() {
            packed.n_lanes += std::mem::replace(height, packed.n_lanes);
        }
        for (&run, &track) in order.iter().zip(track_of.iter()) {
            self.lanes[run as usize] = tracks[track as usize];
        }
        packed
    }
}

/// Room for one packing after another.
#[derive(Default)]
struct Packer {
    order: Vec<RunIdx>,
    tracks: Vec<u32>,
    track_of: Vec<u32>,
    busy: BinaryHeap<Reverse<(u64, u32)>>,
    free: BinaryHeap<Reverse<u32>>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::fixtures::{skeleton_from_text, trace_from_text};
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    #[track_caller]
    fn check(trace: &str, expected: Expect) {
        let tree = trace_from_text(trace);
        let lanes = lanes_by_time(&tree);
        let line = |(run, lane): (usize, &u32)| format!("{lane} {}\n", tree.name(run as u32));
        expected.assert_eq(&lanes.iter().enumerate().map(line).collect::<String>());
    }

    #[test]
    fn what_follows_shares_a_lane_and_what_is_parallel_is_stacked() {
        check(
            "agent 0..100
               plan 0..10
               search 20..60
                 fetch 30..40
               search 30..70
               chat 80..90",
            expect![[r#"
                0 agent
                1 plan
                1 search
                2 fetch
                3 search
                1 chat
            "#]],
        );
    }

    #[test]
    fn a_run_under_way_shares_its_lane_with_nothing_that_follows() {
        check(
            "agent 0..
               a 0..
               b 50..60",
            expect![[r#"
                0 agent
                1 a
                2 b
            "#]],
        );
    }

    #[test]
    fn a_child_that_outlives_its_parent_keeps_the_room_below_it() {
        check(
            "agent 0..100
               a 0..10
                 late 5..50
               b 20..30",
            expect![[r#"
                0 agent
                1 a
                2 late
                3 b
            "#]],
        );
    }

    #[test]
    fn ten_thousand_levels_and_fifty_thousand_siblings_are_no_trouble() {
        let mut deep = skeleton_from_text(&"a 0..9\n".repeat(10_000));
        deep.parent_idx = (-1..9_999).collect();
        assert_eq!(lanes_by_time(&RunTree::from_skeleton(&deep)).last(), Some(&9_999));
        let mut wide = skeleton_from_text(&"a 0..9\n".repeat(50_001));
        wide.parent_idx[1..].fill(0);
        let mut lanes = lanes_by_time(&RunTree::from_skeleton(&wide));
        lanes.sort_unstable();
        assert_eq!(lanes, (0..=50_000).collect::<Vec<_>>());
    }

    /// Any tree with any times, as `(parent, start, length)`; a parent may be any earlier run, or none.
    pub(in crate::lanes) fn any_tree(max_runs: usize) -> impl Strategy<Value = RunTree> {
        prop::collection::vec((any::<prop::sample::Index>(), 0i64..60, -1i64..40), 1..max_runs).prop_map(|runs| {
            let mut skeleton = skeleton_from_text(&"a 0..9\n".repeat(runs.len()));
            for (idx, (parent, start, len)) in runs.iter().enumerate() {
                skeleton.parent_idx[idx] = parent.index(idx + 1) as i32 - 1;
                skeleton.start_ns[idx] = *start;
                skeleton.end_ns[idx] = (*len >= 0).then_some(start + len);
                if *len < 0 {
                    skeleton.statuses[idx] = fanlight_wire::RunStatus::Pending;
                }
                skeleton.prompt_tokens[idx] = start % 7;
            }
            RunTree::from_skeleton(&skeleton)
        })
    }

    proptest! {
        #[test]
        fn no_two_runs_of_a_lane_overlap_and_children_stand_below(tree in any_tree(40)) {
            let lanes = lanes_by_time(&tree);
            prop_assert_eq!(lanes.len(), tree.n_runs());
            for run in 0..tree.n_runs() as RunIdx {
                if let Some(parent) = tree.parent(run) {
                    prop_assert!(lanes[run as usize] > lanes[parent as usize]);
                }
                let (start, end) = span_ns(&tree, run);
                for other in (0..run).filter(|&other| lanes[other as usize] == lanes[run as usize]) {
                    let (other_start, other_end) = span_ns(&tree, other);
                    prop_assert!(end <= other_start || other_end <= start, "{run} and {other}");
                }
            }
        }
    }
}
