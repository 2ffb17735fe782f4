//! The time that each run spent outside its children.

use crate::model::{RunIdx, RunTree};

/// In nanoseconds, in the order of the runs.
///
/// Children may overlap (parallel calls) or outlive their parent; covered time is counted once and only inside the
/// parent, so a self time is never more than the run's length. Runs under way end at `now_ns`.
///
/// ```text
/// parent |........................|
/// first      |---------|
/// second          |---------|         counted from where `first` ends
/// ```
pub fn self_times(tree: &RunTree, now_ns: u64) -> Vec<u64> {
    let end = |run: RunIdx| tree.end_or_now_ns(run, now_ns);
    let mut own: Vec<u64> = (0..tree.n_runs() as RunIdx).map(|run| end(run) - tree.start_ns(run)).collect();
    // Up to where each run's children have been counted; they come in order of start.
    let mut covered_to: Vec<u64> = (0..tree.n_runs() as RunIdx).map(|run| tree.start_ns(run)).collect();
    for run in 0..tree.n_runs() as RunIdx {
        let Some(parent) = tree.parent(run) else { continue };
        let covered = &mut covered_to[parent as usize];
        let from = tree.start_ns(run).max(*covered);
        let to = end(run).min(end(parent));
        if to > from {
            own[parent as usize] -= to - from;
            *covered = to;
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::super::tests::any_tree;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn with_what_children_cover_it_makes_the_length(tree in any_tree()) {
            let own = self_times(&tree, 0);
            for run in 0..tree.n_runs() as RunIdx {
                let (start, end) = (tree.start_ns(run), tree.end_or_now_ns(run, 0));
                let is_covered = |at: u64| tree.children(run).any(|child| (tree.start_ns(child)..tree.end_or_now_ns(child, 0)).contains(&at));
                let n_covered = (start..end).filter(|&at| is_covered(at)).count() as u64;
                prop_assert_eq!(own[run as usize] + n_covered, end - start);
            }
        }
    }
}
