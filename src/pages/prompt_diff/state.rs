//! What the parts of the comparison share: one set of signals, and the commands that change them.

use super::address::Address;
use super::keys::Command;
use super::load::Pair;
use crate::components::erased::memo;
use crate::components::measured_list::scroll_to_item;
use crate::components::screen::use_media;
use crate::diff::prompt::rows::{Layout, Row, RowKind, Rows};
use crate::diff::prompt::{PromptDiff, diff_prompts};
use crate::preferences::{Preferences, use_preferences};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use web_sys::ScrollLogicalPosition;

/// Narrower than this, two columns of text are too narrow to read.
const SIDE_BY_SIDE: &str = "(min-width: 1000px)";

/// A handle on the comparison. Copy it freely.
#[derive(Clone, Copy)]
pub struct DiffState {
    pub address: Address,
    pub diff: Memo<Arc<PromptDiff>>,
    pub layout: Memo<Layout>,
    pub rows: Memo<Arc<Rows>>,
    /// The key of a row that stays on the page, to be scrolled to.
    pub pinned: RwSignal<Option<u64>>,
    /// What screen readers are told next.
    pub announcement: RwSignal<String>,
    unfolded: RwSignal<BTreeSet<usize>>,
    preferences: RwSignal<Preferences>,
}

impl DiffState {
    pub fn new(address: Address, pair: Arc<Pair>) -> Self {
        let preferences = use_preferences();
        let is_wide = use_media(SIDE_BY_SIDE);
        let layout = memo(move || {
            let is_unified = preferences.with(|it| it.has_unified_prompts);
            if is_unified || !is_wide.get() { Layout::Unified } else { Layout::SideBySide }
        });
        let diff = memo(move || Arc::new(diff_prompts(&pair.a.version, &pair.b.version, address.ignores_space.get())));
        let unfolded = RwSignal::new(BTreeSet::new());
        let rows = memo(move || {
            let (diff, layout) = (diff.get(), layout.get());
            unfolded.with(|unfolded| Arc::new(Rows::new(&diff, layout, unfolded)))
        });
        let pinned = RwSignal::new(None);
        let announcement = RwSignal::new(String::new());
        DiffState { address, diff, layout, rows, pinned, announcement, unfolded, preferences }
    }

    pub fn n_changes(&self) -> usize {
        self.rows.with(|rows| rows.changes.len())
    }

    /// The change of the address, if there is one of that number.
    pub fn current(&self) -> Option<usize> {
        self.address.change.get().filter(|change| *change < self.n_changes())
    }

    pub fn unfold(&self, first: usize) {
        self.unfolded.update(|unfolded| {
            unfolded.insert(first);
        });
    }

    pub fn set_unified(&self, is_unified: bool) {
        self.preferences.update(|it| it.has_unified_prompts = is_unified);
    }

    /// Does what concerns this page alone; returns whether it did.
    pub fn carry_out(&self, command: Command) -> bool {
        match command {
            Command::NextChange => self.step(1),
            Command::PreviousChange => self.step(-1),
            Command::NextMessage => self.step_message(1),
            Command::PreviousMessage => self.step_message(-1),
            Command::ToggleUnified => {
                self.set_unified(self.layout.get_untracked() == Layout::SideBySide);
            }
            Command::ToggleSpace => {
                self.address.toggle_space();
                let is_ignored = self.address.ignores_space.get_untracked();
                let what = if is_ignored { "Changes of space are ignored" } else { "Changes of space are shown" };
                self.announcement.set(what.to_owned());
            }
            Command::Unfold => self.unfold_nearest(),
            Command::OlderLeft | Command::NewerLeft | Command::Swap | Command::CopyLink => return false,
        }
        true
    }

    fn step(&self, step: isize) {
        let n_changes = untrack(|| self.n_changes());
        let next = match untrack(|| self.current()) {
            None if n_changes == 0 => None,
            None if step < 0 => Some(n_changes - 1),
            None => Some(0),
            Some(at) => at.checked_add_signed(step).filter(|next| *next < n_changes),
        };
        match next {
            Some(next) => self.go_to(next),
            None if n_changes == 0 => self.announcement.set("There are no changes".to_owned()),
            None => self
                .announcement
                .set(if step > 0 { "That was the last change" } else { "That was the first change" }.to_owned()),
        }
    }

    fn step_message(&self, step: isize) {
        let current = untrack(|| self.current());
        match self.rows.with_untracked(|rows| rows.change_of_other_message(current, step)) {
            Some(next) => self.go_to(next),
            None => self.announcement.set("No other message changed".to_owned()),
        }
    }

    /// Selects a change and brings it into view.
    pub fn go_to(&self, change: usize) {
        self.address.set_change(change);
        self.reveal(change);
        let said = self.rows.with_untracked(|rows| {
            let diff = self.diff.get_untracked();
            let role = rows.changes.get(change)?.message.map(|message| diff.messages[message].role().to_owned());
            let of = role.map_or(String::new(), |role| format!(", {role}"));
            Some(format!("Change {} of {}{of}", change + 1, rows.changes.len()))
        });
        self.announcement.set(said.unwrap_or_default());
    }

    pub fn reveal(&self, change: usize) {
        let row = self.rows.with_untracked(|rows| rows.changes.get(change).map(|change| change.row_idx));
        if let Some(row) = row {
            self.scroll_to(row);
        }
    }

    /// Brings the other half of a block that moved into view.
    pub fn go_to_line(&self, line: usize) {
        let found = self.rows.with_untracked(|rows| {
            let row = rows.row_of_line(line)?;
            Some((row, rows.rows[row].change))
        });
        let Some((row, change)) = found else { return };
        if let Some(change) = change {
            self.address.set_change(change);
        }
        self.scroll_to(row);
        self.announcement.set("At the other end of the move".to_owned());
    }

    /// What a row is known by on the page: drawn otherwise, it is another.
    pub fn key(&self, row: &Row) -> u64 {
        let is_unified = self.layout.get() == Layout::Unified;
        row.key * 4 + 2 * u64::from(is_unified) + u64::from(self.address.ignores_space.get())
    }

    fn scroll_to(&self, row: usize) {
        let row = self.rows.with_untracked(|rows| rows.rows.get(row).copied());
        let Some(key) = row.map(|row| untrack(|| self.key(&row))) else { return };
        self.pinned.set(Some(key));
        scroll_to_item(row_id(key), ScrollLogicalPosition::Center);
    }

    /// Opens the fold after the change that is looked at, or the one before it, or the first there is.
    fn unfold_nearest(&self) {
        let current = untrack(|| self.current());
        let fold = self.rows.with_untracked(|rows| {
            let at = current.and_then(|current| rows.changes.get(current)).map_or(0, |change| change.row_idx);
            let first_of = |row: &Row| match row.kind {
                RowKind::Fold { first, .. } => Some(first),
                _ => None,
            };
            let after = rows.rows[at.min(rows.rows.len())..].iter().find_map(first_of);
            after.or_else(|| rows.rows[..at.min(rows.rows.len())].iter().rev().find_map(first_of))
        });
        match fold {
            Some(first) => self.unfold(first),
            None => self.announcement.set("Nothing is folded".to_owned()),
        }
    }
}

/// The element of a row.
pub fn row_id(key: u64) -> String {
    format!("prompt-row-{key}")
}
