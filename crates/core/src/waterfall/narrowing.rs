//! What the reader has narrowed the rows to: names that are hidden, runs that a search found and what stays with them.

use super::critical_path::CriticalPath;
use super::groups::Groups;
use crate::model::run_set::RunSet;
use crate::model::{RunIdx, RunTree};
use std::ops::Range;

/// Per string of the tree, whether runs of that name are hidden; empty if none is.
pub fn hidden_flags(tree: &RunTree, names: &[String]) -> Vec<bool> {
    if names.is_empty() {
        return Vec::new();
    }
    tree.strings().iter().map(|string| names.contains(string)).collect()
}

/// Which runs the reader wants to see: one branch alone, or all; and none whose name is hidden. Everything by default.
///
/// What is below a run of a hidden name stays, and stands below what was above that run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The branch shown alone, its own run first.
    branch: Option<Range<RunIdx>>,
    /// Per string of the tree; empty if none is hidden.
    hidden: Vec<bool>,
}

impl Shown {
    pub fn new(tree: &RunTree, solo: Option<RunIdx>, hidden_names: &[String]) -> Self {
        Shown { branch: solo.map(|run| run..tree.subtree_end(run)), hidden: hidden_flags(tree, hidden_names) }
    }

    /// The branch shown alone, or the whole tree; runs of hidden names included.
    pub fn branch(&self, tree: &RunTree) -> Range<RunIdx> {
        self.branch.clone().unwrap_or(0..tree.n_runs() as RunIdx)
    }

    pub fn contains(&self, tree: &RunTree, run: RunIdx) -> bool {
        let is_hidden = |name: usize| self.hidden.get(name).is_some_and(|&is_hidden| is_hidden);
        self.branch.as_ref().is_none_or(|branch| branch.contains(&run))
            && !tree.string_indices(run)[0].is_some_and(is_hidden)
    }

    /// What stands directly below a run, in order of start.
    pub fn children(&self, tree: &RunTree, run: RunIdx) -> Vec<RunIdx> {
        let mut waiting: Vec<RunIdx> = tree.children(run).collect();
        if self.hidden.is_empty() {
            return waiting;
        }
        let mut children = Vec::new();
        while let Some(child) = waiting.pop() {
            match self.contains(tree, child) {
                true => children.push(child),
                false => waiting.extend(tree.children(child)),
            }
        }
        children.sort_unstable_by_key(|&child| (tree.start_ns(child), child));
        children
    }
}

/// How much hidden names leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HiddenCount {
    pub n_runs: usize,
    pub n_failed: usize,
}

/// Counts the runs that `flags` (of [`hidden_flags`]) hide in the whole trace.
pub fn count_hidden(tree: &RunTree, flags: &[bool]) -> HiddenCount {
    let mut count = HiddenCount::default();
    if flags.is_empty() {
        return count;
    }
    let is_hidden = |run: RunIdx| tree.string_indices(run)[0].is_some_and(|name| flags[name]);
    for run in (0..tree.n_runs() as RunIdx).filter(|&run| is_hidden(run)) {
        count.n_runs += 1;
        count.n_failed += usize::from(tree.has_error(run));
    }
    count
}

/// More runs of one group than this are not taken out of it for lying on the critical path: a loop of a thousand calls
/// in sequence lies on it entirely, and its row says so.
const MOST_CRITICAL: usize = 8;

/// Runs that stand apart from the groups that they would be in: those found by a search, and a few of each group that lie
/// on the critical path while it is shown.
pub fn apart(groups: &Groups, matches: Option<&[RunIdx]>, path: Option<&CriticalPath>) -> RunSet {
    let mut apart: RunSet = matches.unwrap_or_default().iter().copied().collect();
    let Some(path) = path else { return apart };
    let critical: Vec<RunIdx> = path.runs().collect();
    for group in groups.as_slice() {
        let from = critical.partition_point(|&run| run < group.first);
        let to = critical.partition_point(|&run| run < group.end);
        if to - from <= MOST_CRITICAL {
            critical[from..to].iter().for_each(|&run| apart.set(run, true));
        }
    }
    apart
}

/// What a search that leaves out everything else keeps: what it found, and what is above.
pub fn kept(tree: &RunTree, matches: &[RunIdx]) -> RunSet {
    let mut kept = RunSet::default();
    matches.iter().for_each(|&run| kept.add_with_ancestors(tree, run));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    #[test]
    fn hidden_runs_are_counted_and_the_failed_among_them() {
        let tree = trace_from_text("agent 0..9\n write 0..1\n write 1..2 error\n read 2..3");
        let flags = hidden_flags(&tree, &["write".into(), "unheard of".into()]);
        assert_eq!(count_hidden(&tree, &flags), HiddenCount { n_runs: 2, n_failed: 1 });
        assert_eq!(count_hidden(&tree, &hidden_flags(&tree, &[])), HiddenCount::default());
    }

    #[test]
    fn what_is_below_a_hidden_run_stands_below_what_was_above_it() {
        let tree = trace_from_text("agent 0..9\n step 0..4\n  chat 1..2\n  chat 3..4\n plan 2..3\n step 5..6");
        let shown = Shown::new(&tree, None, &["step".into()]);
        let names = |runs: Vec<RunIdx>| runs.into_iter().map(|run| tree.name(run)).collect::<Vec<_>>().join(" ");
        assert_eq!(names(shown.children(&tree, 0)), "chat plan chat");
        assert_eq!(names(Shown::default().children(&tree, 0)), "step plan step");
        let branch = Shown::new(&tree, Some(1), &[]);
        assert_eq!((branch.branch(&tree), branch.contains(&tree, 2), branch.contains(&tree, 0)), (1..4, true, false));
        assert!(!shown.contains(&tree, 1) && shown.contains(&tree, 2));
    }

    #[test]
    fn the_slowest_of_a_group_stands_apart_but_not_a_whole_loop() {
        let parallel: String = (0..20).map(|call| format!(" get:tool 0..{}\n", call + 1)).collect();
        let tree = trace_from_text(&format!("agent 0..100\n{parallel}"));
        let set = apart(&Groups::find(&tree), None, Some(&CriticalPath::new(&tree, 0)));
        assert_eq!(set.iter().collect::<Vec<_>>(), [20]);
        let sequence: String = (0..20).map(|call| format!(" get:tool {call}..{}\n", call + 1)).collect();
        let tree = trace_from_text(&format!("agent 0..100\n{sequence}"));
        assert!(apart(&Groups::find(&tree), None, Some(&CriticalPath::new(&tree, 0))).is_empty());
    }

    #[test]
    fn matches_are_kept_with_all_that_is_above_them() {
        let tree = trace_from_text("agent 0..9\n a 0..9\n  b 0..9\n c 0..9");
        assert_eq!(kept(&tree, &[2]).iter().collect::<Vec<_>>(), [0, 1, 2]);
    }
}
