//! The keys of the page, apart from those of a chart that has the focus.

use crate::charts::brush;
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::keys::{Binding, KeyGroup};
use leptos::prelude::*;
use leptos::{ev, html};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MonitorKey {
    Search,
    Close,
}

const KEYS: &[Binding<MonitorKey>] = &[
    Binding { chords: &["/"], action: MonitorKey::Search, label: "Filter the traces that are counted" },
    Binding { chords: &["Escape"], action: MonitorKey::Close, label: "Close what is chosen" },
];

/// Binds the keys as long as the page is there, and lists those of charts.
pub fn use_monitor_keys(field: NodeRef<html::Input>, on_close: Callback<()>) {
    use_key_help(KeyGroup::new("Monitor", KEYS));
    use_key_help(KeyGroup::new("In a chart", brush::KEYS));
    let listener = window_event_listener(ev::keydown, move |event| match free_action(KEYS, &event) {
        Some(MonitorKey::Search) => {
            if let Some(field) = field.get_untracked() {
                event.prevent_default();
                let _ = field.focus();
                field.select();
            }
        }
        Some(MonitorKey::Close) => on_close.run(()),
        None => {}
    });
    on_cleanup(move || listener.remove());
}
