//! Which runs are folded: their descendants have no rows.

use super::critical_path::CriticalPath;
use crate::model::run_set::RunSet;
use crate::model::{RunIdx, RunTree};

/// The folded runs of one tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collapsed {
    runs: RunSet,
}

/// Up to this many runs a trace opens with everything unfolded.
const OPENS_WHOLE: usize = 500;
/// Larger traces open this deep, and those beyond `HUGE` a level less.
const OPENS_TO_DEPTH: u32 = 3;
const HUGE: usize = 100_000;
/// Up to this many failed runs are in sight on opening, however deep; of more, those who look find the branch.
const MOST_REVEALED: usize = 50;

impl Collapsed {
    /// Nothing is folded.
    pub fn none() -> Self {
        Collapsed::default()
    }

    /// How a trace opens: small ones whole; of large ones only the branches that failed or that the trace waited for, to
    /// depth 3 (2 beyond 100,000 runs). Takes one pass, however many runs failed.
    pub fn on_open(tree: &RunTree, path: &CriticalPath) -> Self {
        let mut collapsed = Collapsed::none();
        if tree.n_runs() <= OPENS_WHOLE {
            return collapsed;
        }
        let mut leads_somewhere = RunSet::default();
        for run in tree.errors().iter().copied().chain(path.runs()) {
            if let Some(parent) = tree.parent(run) {
                leads_somewhere.add_with_ancestors(tree, parent);
            }
        }
        let depth = if tree.n_runs() > HUGE { OPENS_TO_DEPTH - 1 } else { OPENS_TO_DEPTH };
        for run in 0..tree.n_runs() as RunIdx {
            let is_open = tree.depth(run) < depth && leads_somewhere.contains(run);
            if tree.has_children(run) && !is_open && run != 0 {
                collapsed.set(run, true);
            }
        }
        if tree.errors().len() <= MOST_REVEALED {
            for &run in tree.errors() {
                collapsed.reveal(tree, run);
            }
        }
        collapsed
    }

    pub fn runs(&self) -> &RunSet {
        &self.runs
    }

    pub fn contains(&self, run: RunIdx) -> bool {
        self.runs.contains(run)
    }

    /// Folds or unfolds one run. Leaves can be marked too, which shows once they have children.
    pub fn set(&mut self, run: RunIdx, is_collapsed: bool) {
        self.runs.set(run, is_collapsed);
    }

    /// Folds or unfolds `run` and everything below it.
    pub fn set_subtree(&mut self, tree: &RunTree, run: RunIdx, is_collapsed: bool) {
        for member in run..tree.subtree_end(run) {
            self.set(member, is_collapsed && tree.has_children(member));
        }
    }

    /// Unfolds `run` and its siblings.
    pub fn expand_siblings(&mut self, tree: &RunTree, run: RunIdx) {
        for sibling in tree.siblings(run) {
            self.set(sibling, false);
        }
    }

    /// Unfolds what hides `run`. True if anything did.
    pub fn reveal(&mut self, tree: &RunTree, run: RunIdx) -> bool {
        let mut has_changed = false;
        for ancestor in tree.ancestors(run) {
            has_changed |= self.contains(ancestor);
            self.set(ancestor, false);
        }
        has_changed
    }

    /// Unfolds what hides any of `runs`, each ancestor once.
    pub fn reveal_all(&mut self, tree: &RunTree, runs: &[RunIdx]) {
        let mut above = RunSet::default();
        for parent in runs.iter().filter_map(|&run| tree.parent(run)) {
            above.add_with_ancestors(tree, parent);
        }
        above.iter().for_each(|run| self.set(run, false));
    }

    /// Runs of `depth` and deeper are folded, those above are not.
    pub fn fold_below_depth(&mut self, tree: &RunTree, depth: u32) {
        for run in 0..tree.n_runs() as RunIdx {
            self.set(run, tree.depth(run) >= depth && tree.has_children(run));
        }
    }

    /// The same below `root` only, its own depth being 0.
    pub fn fold_below_depth_of(&mut self, tree: &RunTree, root: RunIdx, depth: u32) {
        for run in root..tree.subtree_end(root) {
            self.set(run, tree.depth(run) - tree.depth(root) >= depth && tree.has_children(run));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The same runs in a newer state of the trace, where they may stand elsewhere.
    pub fn carried_over(&self, old: &RunTree, new: &RunTree) -> Self {
        Collapsed { runs: self.runs.carried_over(old, new) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::VisibleRows;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    const TRACE: &str = "agent 0..100
        a 0..50
          b 1..40
            c 2..30
          d 41..45
        e 60..70";

    fn names(tree: &RunTree, collapsed: &Collapsed) -> String {
        let rows = VisibleRows::new(tree, collapsed);
        rows.iter().map(|run| tree.name(run)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_folded_run_hides_what_is_below_it() {
        let tree = trace_from_text(TRACE);
        let mut collapsed = Collapsed::none();
        collapsed.set(2, true);
        assert_eq!(names(&tree, &collapsed), "agent a b d e");
        collapsed.set(0, true);
        assert_eq!(names(&tree, &collapsed), "agent");
    }

    #[test]
    fn revealing_a_run_unfolds_its_ancestors_only() {
        let tree = trace_from_text(TRACE);
        let mut collapsed = Collapsed::none();
        collapsed.set_subtree(&tree, 0, true);
        assert!(collapsed.reveal(&tree, 2));
        assert_eq!(names(&tree, &collapsed), "agent a b d e");
        assert!(!collapsed.reveal(&tree, 2));
        collapsed.set_subtree(&tree, 0, true);
        collapsed.reveal_all(&tree, &[3, 5]);
        assert_eq!(names(&tree, &collapsed), "agent a b c d e");
    }

    #[test]
    fn a_trace_is_unfolded_to_a_depth_everywhere_or_below_one_run() {
        let tree = trace_from_text(TRACE);
        let mut collapsed = Collapsed::none();
        collapsed.fold_below_depth(&tree, 1);
        assert_eq!(names(&tree, &collapsed), "agent a e");
        collapsed.fold_below_depth_of(&tree, 1, 1);
        assert_eq!(names(&tree, &collapsed), "agent a b d e");
    }

    #[test]
    fn folding_survives_a_run_that_arrives_in_between() {
        let old = trace_from_text(TRACE);
        let mut collapsed = Collapsed::none();
        collapsed.set(2, true);
        let mut grown = crate::model::fixtures::skeleton_from_text(&format!("{TRACE}\n        new 0..5"));
        grown.parent_idx[6] = 0;
        let new = RunTree::from_skeleton(&grown);
        assert_eq!(names(&new, &collapsed.carried_over(&old, &new)), "agent a b d new e");
    }

    /// A root with `n` branches, each a chain of four, and what `last` adds.
    fn branches(n: usize, last: &str) -> RunTree {
        let branch = " a 0..4\n  b 0..4\n   c 0..4\n    d 0..4\n".repeat(n);
        trace_from_text(&format!("root 0..9\n{branch}{last}"))
    }

    #[test]
    fn a_large_trace_opens_with_its_errors_in_sight() {
        let tree = branches(200, " a 0..4\n  b 0..4\n   c 0..4\n    d 0..4 error\n");
        let rows = VisibleRows::new(&tree, &Collapsed::on_open(&tree, &CriticalPath::default()));
        assert_eq!(rows.len(), 1 + 201 + 3);
        assert!(rows.position_of(tree.errors()[0]).is_some());
    }

    #[test]
    fn a_large_trace_opens_its_critical_path_to_depth_three() {
        let tree = branches(200, " slow 0..9\n  b 0..9\n   c 0..9\n    d 0..9\n");
        let rows = VisibleRows::new(&tree, &Collapsed::on_open(&tree, &CriticalPath::new(&tree, 0)));
        let below_slow: Vec<_> = rows.iter().filter(|&run| run > 800).map(|run| tree.name(run)).collect();
        assert_eq!((rows.len(), below_slow), (1 + 201 + 2, vec!["slow", "b", "c"]));
    }

    #[test]
    fn of_many_errors_the_branches_are_opened_but_no_deeper_than_three() {
        let tree =
            trace_from_text(&format!("root 0..9\n{}", " a 0..4\n  b 0..4\n   c 0..4\n    d 0..4 error\n".repeat(200)));
        let rows = VisibleRows::new(&tree, &Collapsed::on_open(&tree, &CriticalPath::default()));
        assert_eq!(rows.len(), 1 + 200 * 3);
    }

    proptest! {
        #[test]
        fn folding_and_unfolding_gives_the_same_rows(run in 0u32..6, folded in prop::collection::vec(0u32..6, 0..6)) {
            let tree = trace_from_text(TRACE);
            let mut before = Collapsed::none();
            folded.iter().filter(|&&other| other != run).for_each(|&other| before.set(other, true));
            let mut after = before.clone();
            after.set(run, true);
            after.set(run, false);
            prop_assert_eq!(VisibleRows::new(&tree, &before), VisibleRows::new(&tree, &after));
        }
    }
}
