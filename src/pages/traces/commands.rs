//! Binds the list's keys and offers them, and the saved views, in the command palette.

use super::actions::Actions;
use super::keys::{KEYS, ListKey};
use super::table::header_keys;
use super::views::Views;
use super::{filter, histogram};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::palette::{Command, use_commands};
use crate::keys::KeyGroup;
use fanlight_wire::view::SavedView;
use leptos::ev;
use leptos::prelude::*;

/// Keys that only move; the palette is no place for them.
const MOVES: [ListKey; 8] = [
    ListKey::Next,
    ListKey::Previous,
    ListKey::PageDown,
    ListKey::PageUp,
    ListKey::First,
    ListKey::Last,
    ListKey::CellLeft,
    ListKey::CellRight,
];

/// The keys work while the list has the focus, and while nothing has it.
pub fn use_list_keys(actions: Actions) {
    use_key_help(KeyGroup::new("Traces", KEYS));
    use_key_help(KeyGroup::new("Column headers", header_keys::KEYS));
    use_key_help(KeyGroup::new("Histogram", histogram::brush::KEYS));
    use_key_help(KeyGroup::new("Filter", filter::KEYS));
    let listener = window_event_listener(ev::keydown, move |event| {
        let Some(key) = free_action(KEYS, &event) else { return };
        let is_elsewhere = document()
            .active_element()
            .is_some_and(|element| !element.matches("body, main").unwrap_or(false) && !actions.state.has_focus());
        // The filter can be reached, and what is open be left, from anywhere on the page.
        let is_everywhere = matches!(key, ListKey::FocusFilter | ListKey::Leave);
        if (!is_elsewhere || is_everywhere) && actions.act(key) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// What the palette offers on this page.
pub fn use_page_commands(actions: Actions, views: Views, more: Vec<Command>) {
    let keys = KEYS.iter().filter(|binding| !MOVES.contains(&binding.action)).map(move |binding| {
        let action = binding.action;
        Command::new(binding.label, binding.chords.first().copied(), move || {
            actions.act(action);
        })
    });
    let commands: Vec<Command> = keys.chain(more).collect();
    use_commands("This page", Signal::stored(commands));
    use_commands(
        "Saved views",
        Signal::derive(move || {
            let list = views.list.value.get().unwrap_or_default();
            let command = |view: SavedView| Command::new(view.name.clone(), None, move || views.open(&view));
            list.into_iter().map(command).collect()
        }),
    );
}
