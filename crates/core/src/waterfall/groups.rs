//! Equal leaf siblings in a row: enough of them, and one row can stand for all.

use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunStatus;

/// Fewer equal rows are read as fast as a summary of them.
pub const LEAST_MEMBERS: usize = 5;

/// Leaf siblings `first..end` with the same name, type and model, one after the other by start.
///
/// All that are alike in kind are in it; those that went wrong, are under way or were judged are not among its
/// [`Group::members`], and keep a row each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub first: RunIdx,
    pub end: RunIdx,
}

impl Group {
    /// Runs that nothing distinguishes from the others.
    pub fn members(self, tree: &RunTree) -> impl Iterator<Item = RunIdx> + '_ {
        (self.first..self.end).filter(|&run| is_plain(tree, run))
    }
}

/// Succeeded, and nobody has said anything about it; and all there is of it is here.
pub fn is_plain(tree: &RunTree, run: RunIdx) -> bool {
    tree.status(run) == RunStatus::Success && tree.n_feedback(run) == 0 && tree.n_left_out(run) == 0
}

/// Every group of a trace, in display order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    groups: Vec<Group>,
}

impl Groups {
    /// Nothing is grouped.
    pub const NONE: Groups = Groups { groups: Vec::new() };

    /// One pass over the columns.
    pub fn find(tree: &RunTree) -> Self {
        let mut groups = Vec::new();
        let n_runs = tree.n_runs() as RunIdx;
        let mut first = 0;
        while first < n_runs {
            let mut end = first + 1;
            if !tree.has_children(first) {
                while end < n_runs && is_alike(tree, first, end) {
                    end += 1;
                }
                let group = Group { first, end };
                if (end - first) as usize >= LEAST_MEMBERS && group.members(tree).nth(LEAST_MEMBERS - 1).is_some() {
                    groups.push(group);
                }
            }
            first = end;
        }
        Groups { groups }
    }

    pub fn as_slice(&self) -> &[Group] {
        &self.groups
    }

    /// The group that `run` is alike with, whether it is a member or not.
    pub fn of(&self, run: RunIdx) -> Option<Group> {
        let after = self.groups.partition_point(|group| group.first <= run);
        self.groups[..after].last().copied().filter(|group| run < group.end)
    }
}

/// Both leaves, of one parent, and called the same. Leaf siblings that follow each other have no run between them.
fn is_alike(tree: &RunTree, one: RunIdx, other: RunIdx) -> bool {
    !tree.has_children(other)
        && tree.parent(one) == tree.parent(other)
        && tree.string_indices(one) == tree.string_indices(other)
        && tree.run_type(one) == tree.run_type(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    #[track_caller]
    fn check(trace: &str, expected: &[(RunIdx, RunIdx)]) {
        let groups = Groups::find(&trace_from_text(trace));
        let found: Vec<_> = groups.as_slice().iter().map(|group| (group.first, group.end)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn five_equal_leaves_in_a_row_are_a_group() {
        check(&format!("agent 0..9\n{}", " get:tool 0..1\n".repeat(5)), &[(1, 6)]);
        check(&format!("agent 0..9\n{}", " get:tool 0..1\n".repeat(4)), &[]);
    }

    #[test]
    fn another_name_type_or_parent_ends_a_group_and_so_does_a_run_with_children() {
        let five = " get:tool 0..1\n".repeat(5);
        check(&format!("agent 0..9\n{five} put:tool 1..2\n{}", " get:tool 3..4\n".repeat(5)), &[(1, 6), (7, 12)]);
        check(&format!("agent 0..9\n{five} get:llm 1..2\n"), &[(1, 6)]);
        check(&format!("agent 0..9\n{} get:tool 0..1\n  x 0..1\n", " get:tool 0..1\n".repeat(4)), &[]);
        check(&format!("agent 0..9\n{five} get:tool 1..2\n  x 1..2\n"), &[(1, 6)]);
    }

    #[test]
    fn failed_runs_do_not_count_as_members() {
        let text = format!("agent 0..9\n{} get:tool 0..1 error\n", " get:tool 0..1\n".repeat(4));
        check(&text, &[]);
        let tree = trace_from_text(&format!("{text} get:tool 2..3\n"));
        let group = Groups::find(&tree).of(5).expect("alike with the others");
        assert_eq!(group.members(&tree).count(), 5);
        assert_eq!(Groups::find(&tree).of(0), None);
    }
}
