//! Which runs are folded: their descendants have no rows.

use crate::model::{RunIdx, RunTree};

/// One bit per run of one tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collapsed {
    words: Vec<u64>,
}

/// Up to this many runs a trace opens with everything unfolded.
const OPENS_WHOLE: usize = 500;

impl Collapsed {
    /// Nothing is folded.
    pub fn none() -> Self {
        Collapsed::default()
    }

    /// How a trace opens: small ones whole; in large ones depth 3 shows, and every failed run.
    pub fn on_open(tree: &RunTree) -> Self {
        let mut collapsed = Collapsed::none();
        if tree.n_runs() > OPENS_WHOLE {
            collapsed.fold_below_depth(tree, 2);
            for &run in tree.errors() {
                collapsed.reveal(tree, run);
            }
        }
        collapsed
    }

    pub fn contains(&self, run: RunIdx) -> bool {
        self.words.get(run as usize / 64).is_some_and(|word| word >> (run % 64) & 1 == 1)
    }

    /// Folds or unfolds one run. Leaves can be marked too, which shows once they have children.
    pub fn set(&mut self, run: RunIdx, is_collapsed: bool) {
        let word = run as usize / 64;
        if word >= self.words.len() {
            if !is_collapsed {
                return;
            }
            self.words.resize(word + 1, 0);
        }
        let bit = 1u64 << (run % 64);
        self.words[word] = if is_collapsed { self.words[word] | bit } else { self.words[word] & !bit };
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

    /// Runs of `depth` and deeper are folded, those above are not.
    pub fn fold_below_depth(&mut self, tree: &RunTree, depth: u32) {
        for run in 0..tree.n_runs() as RunIdx {
            self.set(run, tree.depth(run) >= depth && tree.has_children(run));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// The same runs in a newer state of the trace, where they may stand elsewhere.
    pub fn carried_over(&self, old: &RunTree, new: &RunTree) -> Self {
        let mut folded: Vec<_> =
            (0..old.n_runs() as RunIdx).filter(|&run| self.contains(run)).map(|run| old.id(run)).collect();
        folded.sort_unstable();
        let mut carried = Collapsed::none();
        for run in 0..new.n_runs() as RunIdx {
            if !folded.is_empty() && folded.binary_search(&new.id(run)).is_ok() {
                carried.set(run, true);
            }
        }
        carried
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

    #[test]
    fn a_large_trace_opens_with_its_errors_in_sight() {
        let mut text = String::from("root 0..9\n");
        for _ in 0..200 {
            text.push_str(" a 0..9\n  b 0..9\n   c 0..9\n");
        }
        text.push_str(" a 0..9\n  b 0..9\n   c 0..9 error\n");
        let tree = trace_from_text(&text);
        let rows = VisibleRows::new(&tree, &Collapsed::on_open(&tree));
        assert_eq!(rows.len(), 1 + 201 * 2 + 1);
        assert!(rows.position_of(tree.errors()[0]).is_some());
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
