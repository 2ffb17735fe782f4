//! What the parts of the aggregate share: the paths, how they are sorted and what is folded.

use crate::aggregate::keys::PathCommand;
use crate::aggregate::rows::{Column, PathOrder, PathRows, Sort};
use crate::aggregate::{Aggregate, PathIdx};
use crate::components::erased::{effect, memo};
use crate::trace_view::XUnit;
use crate::waterfall::Waterfall;
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// A handle on the aggregate. Copy it freely.
#[derive(Clone, Copy)]
pub struct AggregateState {
    pub waterfall: Waterfall,
    pub unit: Memo<XUnit>,
    pub aggregate: Memo<Arc<Aggregate>>,
    /// The weight of everything, in the unit that is on.
    pub whole: Memo<u64>,
    /// `None`: the heaviest first, in the unit that is on.
    chosen_sort: RwSignal<Option<Sort>>,
    pub order: Memo<Arc<PathOrder>>,
    expanded: RwSignal<HashSet<PathIdx>>,
    pub rows: Memo<PathRows>,
    /// The path of the selected run, or of what is above it where the run is left out, or the first.
    pub selected: Memo<Option<PathIdx>>,
    /// Paths with a run that the search found; `None` without a search.
    pub matching: Memo<Option<HashSet<PathIdx>>>,
    /// Counts the times that the table was asked to take the keyboard.
    pub focus_requests: RwSignal<u32>,
}

impl AggregateState {
    pub fn new(waterfall: Waterfall, unit: Memo<XUnit>) -> Self {
        let aggregate = memo(move || {
            let tree = waterfall.tree.get();
            Arc::new(Aggregate::new(&tree, &waterfall.shown(), waterfall.now_ns.get_untracked()))
        });
        let chosen_sort = RwSignal::new(None::<Sort>);
        // A unit on top of the page is a wish for what is heaviest in it.
        Effect::watch(move || unit.get(), move |_, _, _| chosen_sort.set(None), false);
        let sort = move || chosen_sort.get().unwrap_or_else(|| Sort::by(Column::of_unit(unit.get())));
        let order = memo(move || Arc::new(PathOrder::new(&waterfall.tree.read(), &aggregate.get(), sort())));
        let expanded = RwSignal::new(order.with_untracked(|order| order.expanded_on_open()));
        carry_over(waterfall, aggregate, order, expanded);
        AggregateState {
            waterfall,
            unit,
            aggregate,
            whole: memo(move || aggregate.with(|aggregate| aggregate.whole(unit.get()))),
            chosen_sort,
            order,
            expanded,
            rows: memo(move || order.with(|order| expanded.with(|expanded| order.rows(expanded)))),
            selected: memo(move || {
                let (tree, aggregate) = (waterfall.tree.get(), aggregate.get());
                let of_run = aggregate.path_of_or_above(&tree, waterfall.selected.get()?);
                of_run.or_else(|| (!aggregate.is_empty()).then_some(0))
            }),
            matching: memo(move || {
                let matches = waterfall.matches.get()?;
                aggregate.with(|all| Some(matches.iter().filter_map(|&run| all.path_of(run)).collect()))
            }),
            focus_requests: RwSignal::new(0),
        }
    }

    pub fn sort(&self) -> Sort {
        self.chosen_sort.get().unwrap_or_else(|| Sort::by(Column::of_unit(self.unit.get())))
    }

    /// A heading was clicked.
    pub fn sort_by(&self, column: Column) {
        let next = untrack(|| self.sort()).clicked(column);
        self.chosen_sort.set(Some(next));
    }

    /// Unfolds what hides the path.
    pub fn reveal(&self, path: PathIdx) {
        let above: Vec<PathIdx> = self.aggregate.with_untracked(|aggregate| aggregate.ancestors(path).collect());
        if self.expanded.with_untracked(|expanded| above.iter().any(|above| !expanded.contains(above))) {
            self.expanded.update(|expanded| expanded.extend(above));
        }
    }

    pub fn toggle(&self, path: PathIdx) {
        self.expanded.update(|expanded| {
            if !expanded.remove(&path) {
                expanded.insert(path);
            }
        });
    }

    /// Selects the longest run of the path, unless one of its runs is selected already.
    pub fn select(&self, path: PathIdx) {
        if self.selected.get_untracked() == Some(path) {
            return;
        }
        let longest = self.aggregate.with_untracked(|aggregate| aggregate.runs_of(path).first().copied());
        if let Some(run) = longest {
            self.waterfall.select(run);
        }
    }

    /// Does what a key asked for; `false` when it is the page's to do.
    pub fn carry_out(&self, command: PathCommand, page_rows: usize) -> bool {
        let Some(path) = self.selected.get_untracked() else { return false };
        let rows = self.rows.get_untracked();
        let Some(here) = rows.position_of(path) else { return false };
        let last = rows.len().saturating_sub(1);
        let row = rows.get(here);
        let is_expanded = row.and_then(|row| row.is_expanded);
        let go = |row: usize| {
            if let Some(row) = rows.get(row.min(last)) {
                self.select(row.path);
            }
        };
        match command {
            PathCommand::NextRow => go(here + 1),
            PathCommand::PreviousRow => go(here.saturating_sub(1)),
            PathCommand::NextPage => go(here + page_rows),
            PathCommand::PreviousPage => go(here.saturating_sub(page_rows)),
            PathCommand::FirstRow => go(0),
            PathCommand::LastRow => go(last),
            PathCommand::StepIn if is_expanded == Some(false) => self.toggle(path),
            PathCommand::StepIn if is_expanded == Some(true) => go(here + 1),
            PathCommand::StepIn => {}
            PathCommand::StepOut if is_expanded == Some(true) => self.toggle(path),
            PathCommand::StepOut => {
                let parent = self.aggregate.with_untracked(|aggregate| aggregate.path(path).parent);
                if let Some(parent) = parent {
                    self.select(parent);
                }
            }
            PathCommand::ExpandBelow | PathCommand::CollapseBelow => {
                let below = self.order.with_untracked(|order| order.subtree(path));
                self.expanded.update(|expanded| {
                    if command == PathCommand::ExpandBelow {
                        expanded.extend(below);
                    } else {
                        below.iter().for_each(|path| {
                            expanded.remove(path);
                        });
                    }
                });
            }
            PathCommand::FocusDetails => return false,
        }
        true
    }
}

/// Keeps the same paths expanded when the trace grows or other runs are shown: they may stand elsewhere then. Paths that
/// were not there are as in a table that opens.
fn carry_over(
    waterfall: Waterfall,
    aggregate: Memo<Arc<Aggregate>>,
    order: Memo<Arc<PathOrder>>,
    expanded: RwSignal<HashSet<PathIdx>>,
) {
    let shown = StoredValue::new((waterfall.tree.get_untracked(), aggregate.get_untracked()));
    effect(move || {
        let (tree, next) = (waterfall.tree.get(), aggregate.get());
        let (old_tree, old) = shown.get_value();
        if Arc::ptr_eq(&old, &next) {
            return;
        }
        shown.set_value((Arc::clone(&tree), Arc::clone(&next)));
        let is_same_tree = Arc::ptr_eq(&old_tree, &tree);
        let now_at = |&path: &PathIdx| {
            let first = old.path(path).first;
            next.path_of(if is_same_tree { first } else { tree.find(old_tree.id(first))? })
        };
        let is_new = |path: &PathIdx| {
            let first = next.path(*path).first;
            is_same_tree && old.path_of(first).is_none()
        };
        let opening = order.with_untracked(|order| order.expanded_on_open());
        expanded.update(|expanded| {
            let carried = expanded.iter().filter(|&&path| (path as usize) < old.len()).filter_map(now_at);
            *expanded = carried.chain(opening.into_iter().filter(is_new)).collect();
        });
    });
}
