//! The waterfall's state as a link, and a link as its state.

use super::collapse::Collapsed;
use super::link::{TraceLink, folds};
use super::state::Waterfall;
use fanlight_wire::RunId;
use leptos::prelude::*;

/// What a link says about rows, kept until the trace is here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkedRows {
    pub folds: Option<String>,
    pub solo: Option<RunId>,
}

impl Waterfall {
    /// What the address should say, the folds apart: they take a look at every run, see [`Waterfall::packed_folds`].
    pub fn link(&self) -> TraceLink {
        let folding = self.folding;
        TraceLink {
            run: self.selected_id.get(),
            view: self.view.get(),
            window: self.window.get(),
            search: self.search.query.get(),
            shows_matches_only: folding.shows_matches_only.get(),
            folds: None,
            solo: self.tree.with(|tree| folding.solo.get().map(|run| tree.id(run))),
            hidden_names: folding.hidden_names.get(),
            shows_critical_path: self.shows_critical_path.get(),
            compresses_idle: self.compresses_idle.get(),
            color_by: self.color_by.get(),
            x_unit: self.x_unit.get(),
            markers_us: self.markers_us.get(),
            range: self.range.get(),
            is_map: self.is_map.get(),
        }
    }

    /// The folds as a link has them; nothing if they are as the trace opened.
    pub fn packed_folds(&self) -> Option<String> {
        let folding = self.folding;
        let before = folding.folds_before.get_value();
        let folded = before.unwrap_or_else(|| self.collapsed.get_untracked());
        let (tree, open_groups) = (self.tree.read_untracked(), folding.open_groups.read_untracked());
        folding.on_open.with_value(|on_open| folds::write(&tree, &folded, &open_groups, on_open))
    }

    /// Shows what the address says. What is about rows waits for the trace if need be.
    pub fn show_link(&self, link: &TraceLink) {
        set(self.selected_id, link.run);
        set(self.view, link.view);
        set(self.window, link.window);
        set(self.search.query, link.search.clone());
        set(self.folding.shows_matches_only, link.shows_matches_only);
        set(self.folding.hidden_names, link.hidden_names.clone());
        set(self.shows_critical_path, link.shows_critical_path);
        set(self.compresses_idle, link.compresses_idle);
        set(self.color_by, link.color_by);
        set(self.x_unit, link.x_unit);
        set(self.markers_us, link.markers_us.clone());
        set(self.range, link.range);
        set(self.is_map, link.is_map);
        self.folding.linked.set_value(LinkedRows { folds: link.folds.clone(), solo: link.solo });
        if !self.tree.with_untracked(|tree| tree.is_empty()) {
            self.show_linked_rows();
            self.reveal_selected();
        }
    }

    /// Folds as the link says, and shows its branch alone; what does not fit this trace is left out and said.
    pub fn show_linked_rows(&self) {
        let tree = self.tree.get_untracked();
        let LinkedRows { folds, solo } = self.folding.linked.try_update_value(std::mem::take).unwrap_or_default();
        let mut notes = Vec::new();
        if let Some(text) = folds {
            match self.folding.on_open.with_value(|on_open| folds::read(&text, &tree, on_open)) {
                Ok((collapsed, open_groups)) => {
                    set(self.collapsed, collapsed);
                    set(self.folding.open_groups, open_groups);
                }
                Err(folds::DoesNotFit) => {
                    notes
                        .push("The trace has changed since the link was made: its rows are folded as usual".to_owned());
                }
            }
        }
        let solo_run = solo.and_then(|id| tree.find(id));
        if solo.is_some() && solo_run.is_none() {
            notes.push("The branch that the link shows alone is not in this trace".to_owned());
        }
        set(self.folding.solo, solo_run.filter(|&run| run != 0));
        if !notes.is_empty() {
            self.folding.notes.set(notes);
        }
    }

    /// Forgets the rows of another trace: folds are `on_open`, then what a link says about them.
    pub fn open_rows(&self, on_open: Collapsed) {
        self.folding.on_open.set_value(on_open.clone());
        self.folding.reset(on_open);
        self.show_linked_rows();
    }
}

/// Sets what has changed, so that what has not is not drawn again.
fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
