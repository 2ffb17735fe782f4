//! Puts runs in display order and mends what is not a forest: duplicates, orphans, rings.
//!
//! Everything is a loop over columns: nothing here recurses, so depth costs memory for a stack and nothing else.

use fanlight_wire::RunId;
use fanlight_wire::skeleton::NO_RUN as NONE;

/// Runs in any order. All columns are equally long.
pub struct Unordered<'a> {
    /// `None`: no id is there twice.
    pub ids: Option<&'a [RunId]>,
    /// Positions in these columns, or `u32::MAX`.
    pub parents: Vec<u32>,
    pub start_ns: &'a [i64],
}

/// Which run stands where.
pub struct Arranged {
    /// Positions in the columns, in display order.
    pub order: Vec<u32>,
    /// The parent's position in `order`, or `u32::MAX`.
    pub parents: Vec<u32>,
    pub n_duplicates: u32,
    pub n_cycles: u32,
}

/// Total: any parents give an order in which each kept run stands exactly once, after its parent.
pub fn arrange(runs: Unordered) -> Arranged {
    let Unordered { ids, mut parents, start_ns } = runs;
    let mut n_duplicates = 0;
    let kept_as = ids.map(|ids| merge_duplicates(ids, &mut n_duplicates)).filter(|_| n_duplicates > 0);
    if let Some(kept_as) = &kept_as {
        for parent in parents.iter_mut().filter(|parent| **parent != NONE) {
            *parent = kept_as[*parent as usize];
        }
    }
    let is_kept = |run: usize| kept_as.as_ref().is_none_or(|kept_as| kept_as[run] == run as u32);
    let by_start = order_by_start(start_ns);
    let n_cycles = open_rings(&mut parents, &by_start);
    let (order, parents) = preorder(&parents, &by_start, is_kept);
    Arranged { order, parents, n_duplicates, n_cycles }
}

/// For each run the first run with the same id: itself, unless it is a repetition.
fn merge_duplicates(ids: &[RunId], n_duplicates: &mut u32) -> Vec<u32> {
    let mut kept_as: Vec<u32> = (0..ids.len() as u32).collect();
    let mut by_id = kept_as.clone();
    by_id.sort_unstable_by_key(|&run| (ids[run as usize], run));
    for pair in by_id.windows(2) {
        let (earlier, later) = (pair[0] as usize, pair[1] as usize);
        if ids[earlier] == ids[later] {
            kept_as[later] = kept_as[earlier];
            *n_duplicates += 1;
        }
    }
    kept_as
}

fn order_by_start(start_ns: &[i64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..start_ns.len() as u32).collect();
    if !start_ns.is_sorted() {
        order.sort_by_key(|&run| start_ns[run as usize]);
    }
    order
}

/// Cuts each ring of parents above its earliest run; returns how many there were.
fn open_rings(parents: &mut [u32], by_start: &[u32]) -> u32 {
    let mut n_cycles = 0;
    const UNSEEN: u32 = 0;
    // The walk that first met a run; a walk that meets its own mark has gone round a ring.
    let mut seen_by = vec![UNSEEN; parents.len()];
    let mut rank = vec![0u32; parents.len()];
    for (position, &run) in by_start.iter().enumerate() {
        rank[run as usize] = position as u32;
    }
    for (position, &first) in by_start.iter().enumerate() {
        let walk = position as u32 + 1;
        let mut run = first;
        while run != NONE && seen_by[run as usize] == UNSEEN {
            seen_by[run as usize] = walk;
            run = parents[run as usize];
        }
        if run == NONE || seen_by[run as usize] != walk {
            continue;
        }
        let mut earliest = run;
        let mut member = parents[run as usize];
        while member != run {
            if rank[member as usize] < rank[earliest as usize] {
                earliest = member;
            }
            member = parents[member as usize];
        }
        parents[earliest as usize] = NONE;
        n_cycles += 1;
    }
    n_cycles
}

/// The forest in preorder, children by start, and each one's parent as a position in that order.
fn preorder(parents: &[u32], by_start: &[u32], is_kept: impl Fn(usize) -> bool) -> (Vec<u32>, Vec<u32>) {
    let n = parents.len();
    // Linked lists over two columns: filled latest first, so that each list ends up in order of start.
    let mut first_child = vec![NONE; n];
    let mut next_sibling = vec![NONE; n];
    let mut first_root = NONE;
    for &run in by_start.iter().rev().filter(|&&run| is_kept(run as usize)) {
        let head = match parents[run as usize] {
            NONE => &mut first_root,
            parent => &mut first_child[parent as usize],
        };
        next_sibling[run as usize] = std::mem::replace(head, run);
    }
    let mut order = Vec::with_capacity(n);
    let mut placed_parents = Vec::with_capacity(n);
    let mut stack = vec![(first_root, NONE)];
    while let Some((run, parent_position)) = stack.pop() {
        if run == NONE {
            continue;
        }
        let position = order.len() as u32;
        order.push(run);
        placed_parents.push(parent_position);
        stack.push((next_sibling[run as usize], parent_position));
        stack.push((first_child[run as usize], position));
    }
    (order, placed_parents)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{draw_tree, skeleton_from_text, trace_from_text};
    use super::super::run_tree::RunTree;
    use super::*;
    use expect_test::{Expect, expect};
    use fanlight_wire::skeleton::TraceSkeleton;
    use proptest::prelude::*;

    #[track_caller]
    fn check(skeleton: &TraceSkeleton, expected: Expect) {
        expected.assert_eq(&draw_tree(&RunTree::from_skeleton(skeleton)));
    }

    const FOUR: &str = "agent 0..100
        a 10..60
        b 20..90
        c 30..40";

    #[test]
    fn a_run_whose_parent_is_missing_stands_at_the_top_and_is_said() {
        let mut skeleton = skeleton_from_text(FOUR);
        skeleton.parent_idx[2] = -1;
        check(
            &skeleton,
            expect![[r#"
                agent 0..100
                  a 10..60
                  c 30..40
                b 20..90
                ! 1 run names a parent that is not here
            "#]],
        );
    }

    #[test]
    fn a_ring_is_opened_at_its_earliest_run() {
        let mut skeleton = skeleton_from_text(FOUR);
        (skeleton.parent_idx[1], skeleton.parent_idx[2], skeleton.parent_idx[3]) = (3, 1, 2);
        check(
            &skeleton,
            expect![[r#"
                agent 0..100
                a 10..60
                  b 20..90
                    c 30..40
                ! 1 ring of runs was opened at its earliest
            "#]],
        );
    }

    #[test]
    fn a_run_that_is_its_own_parent_stands_at_the_top() {
        let mut skeleton = skeleton_from_text(FOUR);
        skeleton.parent_idx[0] = 0;
        check(
            &skeleton,
            expect![[r#"
                agent 0..100
                  a 10..60
                  b 20..90
                  c 30..40
                ! 1 ring of runs was opened at its earliest
            "#]],
        );
    }

    #[test]
    fn of_runs_with_the_same_id_the_first_is_kept_with_the_children_of_both() {
        let mut skeleton = skeleton_from_text(FOUR);
        skeleton.ids[2] = skeleton.ids[1];
        skeleton.parent_idx[3] = 2;
        check(
            &skeleton,
            expect![[r#"
                agent 0..100
                  a 10..60
                    c 30..40
                ! 1 run has the id of another and is left out
            "#]],
        );
    }

    #[test]
    fn a_chain_of_ten_thousand_levels_is_no_trouble() {
        let mut skeleton = skeleton_from_text(&"a 0..9\n".repeat(10_000));
        skeleton.parent_idx = (-1..9_999).collect();
        let tree = RunTree::from_skeleton(&skeleton);
        assert_eq!((tree.n_runs(), tree.depth(9_999), tree.subtree_end(0)), (10_000, 9_999, 10_000));
    }

    #[test]
    fn columns_of_different_lengths_are_cut_to_the_shortest() {
        let mut skeleton = skeleton_from_text(FOUR);
        skeleton.end_ns.pop();
        assert_eq!(RunTree::from_skeleton(&skeleton).repairs().n_cut_off, 1);
    }

    #[test]
    fn an_empty_skeleton_is_an_empty_tree() {
        assert!(RunTree::from_skeleton(&TraceSkeleton::default()).is_empty());
        assert!(trace_from_text("").repairs().sentences().is_empty());
    }

    proptest! {
        #[test]
        fn every_run_stands_once_and_after_its_parent(parents in prop::collection::vec(0u32..40, 0..40)) {
            let n = parents.len();
            let parents = parents.into_iter().map(|parent| if (parent as usize) < n { parent } else { NONE }).collect();
            let arranged = arrange(Unordered { ids: None, parents, start_ns: &vec![0; n] });
            let mut seen = arranged.order.clone();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..n as u32).collect::<Vec<_>>());
            for (position, &parent) in arranged.parents.iter().enumerate() {
                prop_assert!(parent == NONE || (parent as usize) < position);
            }
        }
    }
}
