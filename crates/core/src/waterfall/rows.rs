//! The rows on offer: runs that nothing hides, groups of equal ones, and gaps that a search leaves.

pub use super::row_view::RowView;

use super::collapse::Collapsed;
use super::groups::{Group, Groups, LEAST_MEMBERS, is_plain};
use crate::model::run_set::RunSet;
use crate::model::{RunIdx, RunTree};

/// What one row stands for. Eight bytes, since there may be a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Run(RunIdx),
    /// Equal siblings under one row: see [`VisibleRows::group`].
    Group(u32),
    /// Runs that the search did not find: see [`VisibleRows::gap`].
    Gap(u32),
}

/// A group as one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupRow {
    pub group: Group,
    /// The first of those under the row, which its place goes by.
    pub first: RunIdx,
    /// How many are under the row; the others of the group have rows of their own.
    pub n_members: u32,
}

/// Runs `first..end` left out by a search, in whole subtrees of siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub first: RunIdx,
    pub end: RunIdx,
}

/// Everything that decides which rows there are. [`RowRules::of_folds`] has the least.
#[derive(Clone, Copy)]
pub struct RowRules<'a> {
    pub collapsed: &'a Collapsed,
    pub groups: &'a Groups,
    /// Groups whose runs all have rows, by their first run.
    pub open_groups: &'a RunSet,
    /// Runs that stay out of groups though nothing distinguishes them there: found by a search, on the critical path.
    pub apart: &'a RunSet,
    /// With a search that leaves out what it did not find: what it found, with all that is above.
    pub kept: Option<&'a RunSet>,
    /// Gaps that were opened, by their first run.
    pub open_gaps: &'a RunSet,
    /// Only this run and what is below it.
    pub solo: Option<RunIdx>,
    /// Per string of the tree, whether runs of that name have no rows. What is below them stays. Empty for none.
    pub hidden_names: &'a [bool],
    /// Has a row whatever else says no: the selected run. Folds count all the same.
    pub shown_anyway: Option<RunIdx>,
}

static NO_GROUPS: Groups = Groups::NONE;
static NO_RUNS: RunSet = RunSet::EMPTY;

impl<'a> RowRules<'a> {
    /// Folds only: no groups, nothing left out.
    pub fn of_folds(collapsed: &'a Collapsed) -> Self {
        RowRules {
            collapsed,
            groups: &NO_GROUPS,
            open_groups: &NO_RUNS,
            apart: &NO_RUNS,
            kept: None,
            open_gaps: &NO_RUNS,
            solo: None,
            hidden_names: &[],
            shown_anyway: None,
        }
    }

    fn is_name_hidden(&self, tree: &RunTree, run: RunIdx) -> bool {
        let [name, _] = tree.string_indices(run);
        name.is_some_and(|name| self.hidden_names.get(name).copied().unwrap_or(false)) && self.shown_anyway != Some(run)
    }

    fn is_kept(&self, run: RunIdx) -> bool {
        self.kept.is_none_or(|kept| kept.contains(run))
    }
}

/// The rows in display order, which is ascending order of the runs that they stand for, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisibleRows {
    rows: Vec<Row>,
    groups: Vec<GroupRow>,
    gaps: Vec<Gap>,
    /// Where the last row's run ends: runs beyond belong to no row.
    end: RunIdx,
}

impl VisibleRows {
    /// The rows that folds alone leave.
    pub fn new(tree: &RunTree, collapsed: &Collapsed) -> Self {
        Self::with_rules(tree, &RowRules::of_folds(collapsed))
    }

    /// One step per row and per run under a group's: what is folded or left out is jumped over.
    pub fn with_rules(tree: &RunTree, rules: &RowRules<'_>) -> Self {
        let (start, end) = match rules.solo {
            Some(run) => (run, tree.subtree_end(run)),
            None => (0, tree.n_runs() as RunIdx),
        };
        let mut rows = VisibleRows { end, ..VisibleRows::default() };
        let mut groups = rules.groups.as_slice().iter().copied().peekable();
        // Up to here the reader has opened a gap.
        let mut kept_until = 0;
        let mut run = start;
        while run < end {
            if run >= kept_until && !rules.is_kept(run) {
                let gap = gap_from(tree, rules, run, end);
                kept_until = gap.end;
                if !rules.open_gaps.contains(run) {
                    rows.rows.push(Row::Gap(rows.gaps.len() as u32));
                    rows.gaps.push(gap);
                    run = gap.end;
                    continue;
                }
            }
            while groups.next_if(|group| group.end <= run).is_some() {}
            if let Some(&group) = groups.peek().filter(|group| group.first == run)
                && rows.add_group(tree, rules, group, kept_until)
            {
                run = group.end;
                continue;
            }
            if rules.is_name_hidden(tree, run) {
                run += 1;
                continue;
            }
            rows.rows.push(Row::Run(run));
            run = if rules.collapsed.contains(run) { tree.subtree_end(run) } else { run + 1 };
        }
        rows
    }

    /// The group's row at the first run it stands for, and a row for each that it does not. `false` if there are too few
    /// to stand for, or the group is open.
    fn add_group(&mut self, tree: &RunTree, rules: &RowRules<'_>, group: Group, kept_until: RunIdx) -> bool {
        if rules.open_groups.contains(group.first) || rules.is_name_hidden(tree, group.first) {
            return false;
        }
        let is_member =
            |run: RunIdx| is_plain(tree, run) && !rules.apart.contains(run) && rules.shown_anyway != Some(run);
        let is_kept = |run: RunIdx| run < kept_until || rules.is_kept(run);
        // With a search that leaves out what it did not find, gaps stand for the rest.
        if !(group.first..group.end).all(is_kept) {
            return false;
        }
        let n_members = (group.first..group.end).filter(|&run| is_member(run)).count();
        if n_members < LEAST_MEMBERS {
            return false;
        }
        let mut has_row = false;
        for run in group.first..group.end {
            if !is_member(run) {
                self.rows.push(Row::Run(run));
            } else if !has_row {
                has_row = true;
                self.rows.push(Row::Group(self.groups.len() as u32));
                self.groups.push(GroupRow { group, first: run, n_members: n_members as u32 });
            }
        }
        true
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn row_at(&self, row: usize) -> Option<Row> {
        self.rows.get(row).copied()
    }

    /// The run of a row that stands for one.
    pub fn run_at(&self, row: usize) -> Option<RunIdx> {
        match self.rows.get(row) {
            Some(&Row::Run(run)) => Some(run),
            _ => None,
        }
    }

    /// What a [`Row::Group`] of these rows stands for.
    pub fn group(&self, idx: u32) -> GroupRow {
        self.groups[idx as usize]
    }

    /// What a [`Row::Gap`] of these rows stands for.
    pub fn gap(&self, idx: u32) -> Gap {
        self.gaps[idx as usize]
    }

    /// The first run that the row stands for.
    pub fn first_run(&self, row: Row) -> RunIdx {
        match row {
            Row::Run(run) => run,
            Row::Group(idx) => self.group(idx).first,
            Row::Gap(idx) => self.gap(idx).first,
        }
    }

    /// Runs with a row of their own.
    pub fn iter(&self) -> impl Iterator<Item = RunIdx> + '_ {
        self.rows.iter().filter_map(|&row| match row {
            Row::Run(run) => Some(run),
            Row::Group(_) | Row::Gap(_) => None,
        })
    }

    /// Runs that no row stands for by itself because a search left them out.
    pub fn n_in_gaps(&self) -> usize {
        self.gaps.iter().map(|gap| (gap.end - gap.first) as usize).sum()
    }

    /// The row that stands for `run` alone.
    pub fn position_of(&self, run: RunIdx) -> Option<usize> {
        let position = self.position_from(run)?;
        (self.rows[position] == Row::Run(run)).then_some(position)
    }

    /// The row that begins with `run`, be it a run's, a group's or a gap's.
    pub fn position_from(&self, run: RunIdx) -> Option<usize> {
        self.rows.binary_search_by_key(&run, |&row| self.first_run(row)).ok()
    }

    /// The row of `run`, or the one that stands for it: of its group, of a fold above it, of the gap that it is in.
    pub fn position_of_or_above(&self, run: RunIdx) -> Option<usize> {
        if run >= self.end {
            return None;
        }
        let above = self.rows.partition_point(|&row| self.first_run(row) <= run).checked_sub(1)?;
        let after = self.groups.partition_point(|group| group.first <= run);
        match self.groups[..after].last().filter(|group| run < group.group.end && self.rows[above] != Row::Run(run)) {
            Some(group) => self.position_from(group.first),
            None => Some(above),
        }
    }
}

/// The siblings from `run` on that are not kept, up to the next that is.
fn gap_from(tree: &RunTree, rules: &RowRules<'_>, run: RunIdx, end: RunIdx) -> Gap {
    let end = tree.parent(run).map_or(end, |parent| tree.subtree_end(parent).min(end));
    let mut next = tree.subtree_end(run);
    while next < end && !rules.is_kept(next) {
        next = tree.subtree_end(next);
    }
    Gap { first: run, end: next }
}

#[cfg(test)]
mod tests;
