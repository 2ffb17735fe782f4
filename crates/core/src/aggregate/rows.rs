//! Which call paths have a row, and in what order: sorted among siblings, below what is expanded.

use super::{Aggregate, PathIdx};
use crate::model::RunTree;
use crate::trace_view::XUnit;
use std::cmp::Ordering;
use std::collections::HashSet;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Name,
    Count,
    Total,
    SelfTime,
    P50,
    P95,
    Tokens,
    Cost,
    Errors,
}

impl Column {
    pub const ALL: &[Column] = &[
        Column::Name,
        Column::Count,
        Column::Total,
        Column::SelfTime,
        Column::P50,
        Column::P95,
        Column::Tokens,
        Column::Cost,
        Column::Errors,
    ];

    /// The heading.
    pub fn label(self) -> &'static str {
        match self {
            Column::Name => "Path",
            Column::Count => "Runs",
            Column::Total => "Total",
            Column::SelfTime => "Self",
            Column::P50 => "p50",
            Column::P95 => "p95",
            Column::Tokens => "Tokens",
            Column::Cost => "Cost",
            Column::Errors => "Failed",
        }
    }

    /// The column that has the heaviest on top.
    pub fn of_unit(unit: XUnit) -> Self {
        match unit {
            XUnit::Time => Column::Total,
            XUnit::Tokens => Column::Tokens,
            XUnit::Cost => Column::Cost,
        }
    }
}

/// By what siblings are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: Column,
    /// The smallest first.
    pub is_ascending: bool,
}

impl Sort {
    /// Names from A to Z, everything else from the largest down.
    pub fn by(column: Column) -> Self {
        Sort { column, is_ascending: column == Column::Name }
    }

    /// What a click on a heading makes of it.
    pub fn clicked(self, column: Column) -> Self {
        if self.column == column { Sort { column, is_ascending: !self.is_ascending } } else { Sort::by(column) }
    }
}

/// The paths with a row, from top to bottom, and what each row needs to know of its siblings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathRows {
    rows: Vec<PathRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathRow {
    pub path: PathIdx,
    /// Position among its siblings, from 1, and how many they are.
    pub position: u32,
    pub n_siblings: u32,
    /// `None` for a path that calls nothing.
    pub is_expanded: Option<bool>,
}

/// All paths, sorted among siblings, folds apart: made once for each order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathOrder {
    /// Paths by the one above them, then as sorted; roots first.
    children: Vec<PathIdx>,
    /// Where the children of each path end in `children`. The first entry is where the roots end.
    ends: Vec<u32>,
}

impl PathOrder {
    pub fn new(tree: &RunTree, aggregate: &Aggregate, sort: Sort) -> Self {
        let n = aggregate.len();
        let slot = |path: PathIdx| aggregate.path(path).parent.map_or(0, |parent| parent as usize + 1);
        let key = |path: PathIdx| key_of(tree, aggregate, path, sort.column);
        let keys: Vec<Key<'_>> = (0..n as PathIdx).map(key).collect();
        let mut children: Vec<PathIdx> = (0..n as PathIdx).collect();
        children.sort_by(|&one, &other| {
            let by_key = keys[one as usize].cmp(&keys[other as usize]);
            let by_key = if sort.is_ascending { by_key } else { by_key.reverse() };
            slot(one).cmp(&slot(other)).then(by_key).then(one.cmp(&other))
        });
        let mut ends = vec![0u32; n + 1];
        children.iter().for_each(|&path| ends[slot(path)] += 1);
        let mut end = 0;
        for slot_end in &mut ends {
            end += *slot_end;
            *slot_end = end;
        }
        PathOrder { children, ends }
    }

    fn of_slot(&self, slot: usize) -> &[PathIdx] {
        let Some(&end) = self.ends.get(slot) else { return &[] };
        let start = slot.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.children[start as usize..end as usize]
    }

    /// The paths directly below, as sorted.
    pub fn below(&self, path: PathIdx) -> &[PathIdx] {
        self.of_slot(path as usize + 1)
    }

    /// The rows when exactly `expanded` are.
    pub fn rows(&self, expanded: &HashSet<PathIdx>) -> PathRows {
        let mut rows = Vec::new();
        let mut waiting: Vec<(PathIdx, u32, u32)> = Vec::new();
        let push = |waiting: &mut Vec<_>, siblings: &[PathIdx]| {
            let n = siblings.len() as u32;
            waiting.extend(siblings.iter().enumerate().rev().map(|(idx, &path)| (path, idx as u32 + 1, n)));
        };
        push(&mut waiting, self.of_slot(0));
        while let Some((path, position, n_siblings)) = waiting.pop() {
            let below = self.below(path);
            let is_expanded = (!below.is_empty()).then(|| expanded.contains(&path));
            rows.push(PathRow { path, position, n_siblings, is_expanded });
            if is_expanded == Some(true) {
                push(&mut waiting, below);
            }
        }
        PathRows { rows }
    }

    /// What is expanded when the table opens: everything where that is little, else the way down the heaviest paths.
    pub fn expanded_on_open(&self) -> HashSet<PathIdx> {
        const OPENS_WHOLE: usize = 60;
        const HEAVIEST_DEPTH: usize = 200;
        let n = self.children.len();
        if n <= OPENS_WHOLE {
            return (0..n as PathIdx).collect();
        }
        let heaviest = |path: &PathIdx| self.below(*path).first().copied();
        std::iter::successors(self.of_slot(0).first().copied(), heaviest).take(HEAVIEST_DEPTH).collect()
    }

    /// The path and everything below it.
    pub fn subtree(&self, path: PathIdx) -> Vec<PathIdx> {
        let mut subtree = vec![path];
        let mut next = 0;
        while let Some(&path) = subtree.get(next) {
            subtree.extend_from_slice(self.below(path));
            next += 1;
        }
        subtree
    }
}

impl PathRows {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn get(&self, row: usize) -> Option<PathRow> {
        self.rows.get(row).copied()
    }

    pub fn position_of(&self, path: PathIdx) -> Option<usize> {
        self.rows.iter().position(|row| row.path == path)
    }
}

enum Key<'a> {
    Text(&'a str),
    Number(u64),
}

impl Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Key::Text(one), Key::Text(other)) => one.cmp(other),
            (Key::Number(one), Key::Number(other)) => one.cmp(other),
            (Key::Text(_), Key::Number(_)) => Ordering::Less,
            (Key::Number(_), Key::Text(_)) => Ordering::Greater,
        }
    }
}

fn key_of<'a>(tree: &'a RunTree, aggregate: &Aggregate, at: PathIdx, column: Column) -> Key<'a> {
    let path = aggregate.path(at);
    Key::Number(match column {
        Column::Name => return Key::Text(tree.name(path.first)),
        Column::Count => path.n_runs.into(),
        Column::Total => path.total_ns,
        Column::SelfTime => path.self_ns,
        Column::P50 => aggregate.percentile_ns(tree, at, 50),
        Column::P95 => aggregate.percentile_ns(tree, at, 95),
        Column::Tokens => path.n_tokens,
        Column::Cost => aggregate.weight(at, XUnit::Cost),
        Column::Errors => path.n_errors.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{AGENT, any_tree};
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use crate::waterfall::narrowing::Shown;
    use proptest::prelude::*;

    fn names(sort: Sort, is_open: bool) -> String {
        let tree = trace_from_text(AGENT);
        let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
        let order = PathOrder::new(&tree, &aggregate, sort);
        let expanded = if is_open { order.expanded_on_open() } else { HashSet::from([0]) };
        let rows = order.rows(&expanded);
        let name = |row| tree.name(aggregate.path(rows.get(row).expect("a row").path).first);
        (0..rows.len()).map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn siblings_are_sorted_the_heaviest_first_and_names_from_a_to_z() {
        assert_eq!(names(Sort::by(Column::Total), true), "agent search fetch chat");
        assert_eq!(names(Sort::by(Column::Cost), true), "agent chat search fetch");
        assert_eq!(names(Sort::by(Column::Name), true), "agent chat search fetch");
        assert_eq!(names(Sort::by(Column::Total).clicked(Column::Total), true), "agent chat search fetch");
    }

    #[test]
    fn what_is_folded_has_no_rows_below_it() {
        assert_eq!(names(Sort::by(Column::Total), false), "agent search chat");
    }

    proptest! {
        #[test]
        fn fully_expanded_every_path_has_one_row_below_its_parents(tree in any_tree()) {
            let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
            for &column in Column::ALL {
                let order = PathOrder::new(&tree, &aggregate, Sort::by(column));
                let rows = order.rows(&(0..aggregate.len() as PathIdx).collect());
                prop_assert_eq!(rows.len(), aggregate.len());
                for path in 0..aggregate.len() as PathIdx {
                    let here = rows.position_of(path);
                    prop_assert!(here.is_some());
                    let above = aggregate.path(path).parent.map(|parent| rows.position_of(parent));
                    prop_assert!(above.is_none_or(|above| above < here));
                }
            }
        }
    }
}
