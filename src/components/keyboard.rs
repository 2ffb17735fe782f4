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
    let (key, code) = (event.key(), event.code());
    find(
        table,
        KeyPress {
            key: &key,
            code: &code,
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

/// The key pressed before, for chords of two. Copy it freely.
#[derive(Clone, Copy)]
pub struct KeyMemory(StoredValue<(String, f64)>);

impl KeyMemory {
    pub fn new() -> Self {
        KeyMemory(StoredValue::new((String::new(), 0.0)))
    }

    /// The key before `event` if that was just now; remembers that of `event`.
    fn key_before(self, event: &KeyboardEvent) -> String {
        let (key, time_ms) = self.0.get_value();
        self.0.set_value((event.key(), event.time_stamp()));
        if event.time_stamp() - time_ms < SEQUENCE_MS { key } else { String::new() }
    }
}

impl Default for KeyMemory {
    fn default() -> Self {
        Self::new()
    }
}

/// The same as [`free_action`], and chords of two keys (`g t`), the second within a second of the first.
pub fn free_action_after<A: Copy>(table: &[Binding<A>], event: &KeyboardEvent, memory: KeyMemory) -> Option<A> {
    if !is_free(event) {
        return None;
    }
    action_after(table, event, &memory.key_before(event))
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
    use_keys_within("html", table, on_action);
}

/// Like [`use_page_keys`] for keys pressed inside an element that `selector` finds: there they mean this and nothing else.
pub fn use_keys_within<A: Copy + 'static>(
    selector: &'static str,
    table: &'static [Binding<A>],
    on_action: impl Fn(A) + 'static,
) {
    let memory = KeyMemory::new();
    let on_keydown = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if !target.is_some_and(|target| target.closest(selector).is_ok_and(|place| place.is_some())) {
            return;
        }
        if let Some(action) = free_action_after(table, &event, memory) {
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
