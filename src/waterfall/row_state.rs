//! Which rows there are, as the reader has it: folds, groups, gaps, one branch alone, hidden names.

use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
use super::groups::Groups;
use super::link_state::LinkedRows;
use super::narrowing::{Shown, apart, hidden_flags, kept};
use super::rows::{Row, RowRules, VisibleRows};
use super::state::Waterfall;
use crate::components::erased::memo;
use crate::format::digits::grouped;
use crate::model::run_set::RunSet;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunId;
use leptos::prelude::*;
use std::sync::Arc;

/// The signals behind the rows. Copy it freely.
#[derive(Clone, Copy)]
pub struct RowState {
    pub collapsed: RwSignal<Collapsed>,
    /// Groups whose runs all have rows, by their first run.
    pub open_groups: RwSignal<RunSet>,
    /// Gaps that were opened, by their first run.
    pub open_gaps: RwSignal<RunSet>,
    /// Only this run and what is below it is shown.
    pub solo: RwSignal<Option<RunIdx>>,
    /// In the order in which they were hidden.
    pub hidden_names: RwSignal<Vec<String>>,
    /// The search leaves out what it did not find.
    pub shows_matches_only: RwSignal<bool>,
    /// A group's or gap's row that the keyboard is at, by its first run. `None`: it is at the selected run.
    pub at: RwSignal<Option<RunIdx>>,
    /// The folds before the search left anything out, to go back to.
    pub folds_before: StoredValue<Option<Collapsed>>,
    /// The folds that the trace opened with: a link says what differs from them.
    pub on_open: StoredValue<Collapsed>,
    /// What the address said about rows and could not be shown yet.
    pub linked: StoredValue<LinkedRows>,
    /// What of that did not fit, in a sentence each.
    pub notes: RwSignal<Vec<String>>,
}

impl RowState {
    pub fn new() -> Self {
        RowState {
            collapsed: RwSignal::new(Collapsed::none()),
            open_groups: RwSignal::new(RunSet::default()),
            open_gaps: RwSignal::new(RunSet::default()),
            solo: RwSignal::new(None),
            hidden_names: RwSignal::new(Vec::new()),
            shows_matches_only: RwSignal::new(false),
            at: RwSignal::new(None),
            folds_before: StoredValue::new(None),
            on_open: StoredValue::new(Collapsed::none()),
            linked: StoredValue::new(LinkedRows::default()),
            notes: RwSignal::new(Vec::new()),
        }
    }

    /// Forgets what was about another trace. Hidden names stay: they are words.
    pub fn reset(&self, collapsed: Collapsed) {
        self.collapsed.set(collapsed);
        self.open_groups.set(RunSet::default());
        self.open_gaps.set(RunSet::default());
        self.solo.set(None);
        self.at.set(None);
        self.folds_before.set_value(None);
    }

    /// The same for a newer state of the trace, to be set with it: see [`RowsCarried`].
    pub fn carried_over(&self, old: &RunTree, new: &RunTree) -> RowsCarried {
        let again = |run: Option<RunIdx>| run.and_then(|run| new.find(old.id(run)));
        RowsCarried {
            collapsed: self.collapsed.with_untracked(|collapsed| collapsed.carried_over(old, new)),
            open_groups: self.open_groups.with_untracked(|open| open.carried_over(old, new)),
            open_gaps: self.open_gaps.with_untracked(|open| open.carried_over(old, new)),
            solo: again(self.solo.get_untracked()),
            at: again(self.at.get_untracked()),
            folds_before: self
                .folds_before
                .with_value(|folds| folds.as_ref().map(|folds| folds.carried_over(old, new))),
        }
    }

    pub fn set(&self, carried: RowsCarried) {
        self.collapsed.set(carried.collapsed);
        self.open_groups.set(carried.open_groups);
        self.open_gaps.set(carried.open_gaps);
        self.solo.set(carried.solo);
        self.at.set(carried.at);
        self.folds_before.set_value(carried.folds_before);
    }

    /// The rows of `tree`, made again when any of this changes. `matches` and the critical path keep runs out of groups.
    pub fn rows(
        self,
        tree: RwSignal<Arc<RunTree>>,
        groups: Memo<Arc<Groups>>,
        selected: Memo<Option<RunIdx>>,
        matches: Memo<Option<Arc<Vec<RunIdx>>>>,
        critical_path: Memo<Option<Arc<CriticalPath>>>,
    ) -> Memo<VisibleRows> {
        let apart = memo(move || {
            let (matches, path) = (matches.get(), critical_path.get());
            groups.with(|groups| apart(groups, matches.as_deref().map(Vec::as_slice), path.as_deref()))
        });
        let hidden = memo(move || self.hidden_names.with(|names| hidden_flags(&tree.read(), names)));
        let found = memo(move || {
            let matches = matches.get().filter(|_| self.shows_matches_only.get())?;
            Some(Arc::new(kept(&tree.read(), &matches)))
        });
        // The selected run only where it has no row otherwise: moving from row to row must not make all rows anew.
        let shown_anyway = memo(move || {
            let run = selected.get()?;
            let tree = tree.read();
            let is_hidden = || {
                let [name, _] = tree.string_indices(run);
                hidden.with(|hidden| name.is_some_and(|name| hidden.get(name) == Some(&true)))
            };
            (groups.with(|groups| groups.of(run).is_some()) || is_hidden()).then_some(run)
        });
        let kept = memo(move || {
            let found = found.get()?;
            let run = selected.get().filter(|&run| !found.contains(run));
            Some(match run {
                None => found,
                Some(run) => {
                    let mut kept = (*found).clone();
                    kept.add_with_ancestors(&tree.read(), run);
                    Arc::new(kept)
                }
            })
        });
        memo(move || {
            let (kept, groups) = (kept.get(), groups.get());
            VisibleRows::with_rules(
                &tree.read(),
                &RowRules {
                    collapsed: &self.collapsed.read(),
                    groups: &groups,
                    open_groups: &self.open_groups.read(),
                    apart: &apart.read(),
                    kept: kept.as_deref(),
                    open_gaps: &self.open_gaps.read(),
                    solo: self.solo.get(),
                    hidden_names: &hidden.read(),
                    shown_anyway: shown_anyway.get(),
                },
            )
        })
    }
}

impl Default for RowState {
    fn default() -> Self {
        Self::new()
    }
}

/// What [`RowState::carried_over`] found in the newer tree.
pub struct RowsCarried {
    collapsed: Collapsed,
    open_groups: RunSet,
    open_gaps: RunSet,
    solo: Option<RunIdx>,
    at: Option<RunIdx>,
    folds_before: Option<Collapsed>,
}

impl Waterfall {
    /// Which runs the reader wants to see, in whatever view; follows it.
    pub fn shown(&self) -> Shown {
        let (solo, tree) = (self.folding.solo.get(), self.tree.read());
        self.folding.hidden_names.with(|names| Shown::new(&tree, solo, names))
    }

    /// What the row that the keyboard is at stands for.
    pub fn row_at_keyboard(&self) -> Option<Row> {
        let row = untrack(|| self.active_row())?;
        self.rows.with_untracked(|rows| rows.row_at(row))
    }

    /// Goes to a row: selects its run, or only rests there if it is a group's or a gap's.
    pub fn go_to_row(&self, row: usize) {
        let Some((kind, first)) =
            self.rows.with_untracked(|rows| rows.row_at(row).map(|kind| (kind, rows.first_run(kind))))
        else {
            return;
        };
        if let Row::Run(run) = kind {
            self.select(run);
            return;
        }
        self.folding.at.set(Some(first));
        if let Some(wanted) = self.row_view_untracked().scroll_to_see(row) {
            self.scroll_request.set(Some(wanted));
        }
    }

    /// Asks for the runs below `run` that were left out of a trace that is too large; nothing if there are none.
    pub fn ask_below(&self, run: RunIdx) {
        let (id, n_left_out) = self.tree.with_untracked(|tree| (tree.id(run), tree.n_left_out(run)));
        if n_left_out > 0 && self.asked_below.get_untracked().is_none() {
            self.asked_below.set(Some(id));
            self.say(format!("Loading {} runs", grouped(n_left_out.into())));
        }
    }

    /// Shows the rows of the children of a run, if it is there.
    pub fn unfold(&self, id: RunId) {
        let Some(run) = self.tree.with_untracked(|tree| tree.find(id)) else { return };
        self.collapsed.update(|collapsed| collapsed.set(run, false));
        self.say_at_rest(|| "Loaded".to_owned());
    }

    /// Opens the group or gap that a row stands for; `false` for a run's.
    pub fn open_row(&self, row: Row) -> bool {
        match row {
            Row::Run(_) => return false,
            Row::Group(idx) => {
                let first = self.rows.with_untracked(|rows| rows.group(idx).group.first);
                self.folding.open_groups.update(|open| open.set(first, true));
            }
            Row::Gap(idx) => {
                let first = self.rows.with_untracked(|rows| rows.gap(idx).first);
                self.folding.open_gaps.update(|open| open.set(first, true));
            }
        }
        // The keyboard goes to what was there first, which has a row now.
        if let Some(run) = self.folding.at.get_untracked() {
            self.select(run);
        }
        true
    }

    /// Opens the group or the gap at `y_px` below the upper edge of the rows; `false` where there is none.
    pub fn open_row_at(&self, y_px: f64) -> bool {
        let view = self.row_view_untracked();
        let hit = self.rows.with_untracked(|rows| {
            let position = view.row_at(y_px, rows.len())?;
            Some((position, rows.row_at(position)?))
        });
        let Some((position, row)) = hit.filter(|(_, row)| !matches!(row, Row::Run(_))) else { return false };
        self.go_to_row(position);
        self.focus();
        self.open_row(row)
    }

    /// Puts the runs of the group that `run` is in under one row again, if it was opened.
    pub fn close_group_of(&self, run: RunIdx) -> bool {
        let group = self.groups.with_untracked(|groups| groups.of(run));
        let open = group.filter(|group| self.folding.open_groups.with_untracked(|open| open.contains(group.first)));
        let Some(group) = open else { return false };
        self.folding.open_groups.update(|open| open.set(group.first, false));
        let row = self.rows.with_untracked(|rows| rows.position_of_or_above(group.first));
        if let Some(row) = row {
            self.go_to_row(row);
        }
        true
    }

    /// Shows only `run` and what is below it.
    pub fn solo(&self, run: RunIdx) {
        self.folding.at.set(None);
        self.folding.solo.set(Some(run).filter(|&run| run != 0));
        self.scroll_request.set(Some(0.0));
        self.select(run);
        let name = self.tree.with_untracked(|tree| tree.name(run).to_owned());
        self.say(format!("Showing only {name} and what is below it"));
    }

    /// Shows the whole trace again, where the reader was.
    pub fn leave_solo(&self) {
        if self.folding.solo.get_untracked().is_some() {
            self.folding.solo.set(None);
            self.reveal_selected();
            self.say("Showing the whole trace".into());
        }
    }

    /// Takes away the rows of all runs called as `run` is, and goes to the next row that is left.
    pub fn hide_name_of(&self, run: RunIdx) {
        let tree = self.tree.get_untracked();
        let name = tree.name(run).to_owned();
        let is_other = |other: &RunIdx| tree.name(*other) != name;
        let next = self.rows.with_untracked(|rows| {
            let here = rows.position_of_or_above(run)?;
            let run_at = |row: usize| rows.run_at(row).filter(is_other);
            (here + 1..rows.len()).find_map(run_at).or_else(|| (0..here).rev().find_map(run_at))
        });
        let Some(next) = next else {
            self.say(format!("All rows are called {name}: nothing would be left"));
            return;
        };
        self.folding.hidden_names.update(|names| {
            if !names.contains(&name) {
                names.push(name.clone());
            }
        });
        self.select(next);
        self.say(format!("Runs called {name} are hidden"));
    }

    /// Brings back the rows of one hidden name, or of all.
    pub fn show_hidden(&self, name: Option<&str>) {
        if self.folding.hidden_names.with_untracked(Vec::is_empty) {
            return;
        }
        self.folding.hidden_names.update(|names| match name {
            Some(name) => names.retain(|other| other != name),
            None => names.clear(),
        });
        self.reveal_selected();
        self.say(match name {
            Some(name) => format!("Runs called {name} are shown again"),
            None => "Hidden names are shown again".into(),
        });
    }

    /// Unfolds what the search found as long as it leaves out the rest, and folds as before when it no longer does. To
    /// be called when either changes.
    pub fn follow_search(&self) {
        let matches = self.matches.get().filter(|_| self.folding.shows_matches_only.get());
        self.folding.open_gaps.set(RunSet::default());
        let before = self.folding.folds_before;
        let Some(matches) = matches else {
            if let Some(folds) = before.try_update_value(Option::take).flatten() {
                self.folding.collapsed.set(folds);
                self.reveal_selected();
            }
            return;
        };
        let folds = before.get_value().unwrap_or_else(|| self.folding.collapsed.get_untracked());
        before.set_value(Some(folds.clone()));
        let mut revealed = folds;
        revealed.reveal_all(&self.tree.read_untracked(), &matches);
        self.folding.collapsed.set(revealed);
    }
}
