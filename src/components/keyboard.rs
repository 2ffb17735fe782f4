//! Keyboard events looked up in tables of [`crate::keys`].

use crate::keys::{Binding, KeyPress, find};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, KeyboardEvent};

/// Where a key means something else than a shortcut.
const OWNERS: &str =
    "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog, [popover], [role=menu]";

/// How long the first key of a sequence is remembered.
const SEQUENCE_MS: f64 = 1000.0;

/// The action of `table` that `event` asks for.
pub fn action<A: Copy>(table: &[Binding<A>], event: &KeyboardEvent) -> Option<A> {
    action_after(table, event, "")
}

fn action_after<A: Copy>(table: &[Binding<A>], event: &KeyboardEvent, after: &str) -> Option<A> {
    let key = event.key();
    find(
        table,
        KeyPress {
            key: &key,
            has_shift: event.shift_key(),
            // AltGr counts as typing: some systems report it as Ctrl and Alt.
            has_mod: event.ctrl_key() || event.meta_key(),
            has_alt: event.alt_key(),
            after,
        },
    )
}

/// The same, unless the key belongs to somebody else: a text being typed, an open dialog or menu, a handler that took
/// it already.
pub fn free_action<A: Copy>(table: &[Binding<A>], event: &KeyboardEvent) -> Option<A> {
    if is_free(event) { action(table, event) } else { None }
}

fn is_free(event: &KeyboardEvent) -> bool {
    !event.default_prevented()
        && !event.is_composing()
        && event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_none_or(|target| target.closest(OWNERS).is_ok_and(|owner| owner.is_none()))
}

/// Calls `on_action` for free keys anywhere on the page, before the page's own handlers, as long as the owner lives.
/// Knows chords of two keys (`g t`), the second within [`SEQUENCE_MS`] of the first.
pub fn use_page_keys<A: Copy + 'static>(table: &'static [Binding<A>], on_action: impl Fn(A) + 'static) {
    let last = StoredValue::new((String::new(), 0.0));
    let on_keydown = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if !is_free(&event) {
            return;
        }
        let (key, time_ms) = last.get_value();
        let after = if event.time_stamp() - time_ms < SEQUENCE_MS { key } else { String::new() };
        last.set_value((event.key(), event.time_stamp()));
        if let Some(action) = action_after(table, &event, &after) {
            event.prevent_default();
            event.stop_propagation();
            on_action(action);
        }
    });
    let callback: js_sys::Function = on_keydown.into_js_value().unchecked_into();
    let window = window();
    // Fails for no reason that a browser could have.
    let _ = window.add_event_listener_with_callback_and_bool("keydown", &callback, true);
    let callback = StoredValue::new_local(callback);
    on_cleanup(move || {
        let window = leptos::prelude::window();
        callback.with_value(|callback| {
            let _ = window.remove_event_listener_with_callback_and_bool("keydown", callback, true);
        });
    });
}

/// Whether this is an Apple keyboard, where `Mod` is ⌘.
pub fn is_mac() -> bool {
    window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}
