//! The keys of the page.

use super::Asks;
use super::editor::Editor;
use super::load::PromptLoad;
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::{action, use_page_keys};
use crate::components::palette::{Command, use_commands};
use crate::keys::{Binding, KeyGroup};
use crate::prompt::history::short_hash;
use crate::routes;
use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PromptKey {
    Newer,
    Older,
    Tag,
    Save,
    Undo,
    Redo,
}

const KEYS: &[Binding<PromptKey>] = &[
    Binding { chords: &["k"], action: PromptKey::Newer, label: "Newer version" },
    Binding { chords: &["j"], action: PromptKey::Older, label: "Older version" },
    Binding { chords: &["t"], action: PromptKey::Tag, label: "Tag this version" },
];

/// These work while typing, too.
const EDIT_KEYS: &[Binding<PromptKey>] = &[
    Binding { chords: &["Mod+Enter"], action: PromptKey::Save, label: "Save a new version" },
    Binding { chords: &["Mod+Shift+Z"], action: PromptKey::Redo, label: "Redo" },
    Binding { chords: &["Mod+Z"], action: PromptKey::Undo, label: "Undo" },
];

/// Fields beside the editor, such as sample values, have the browser's own undo.
fn is_in_another_field(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_in = |selector| target.as_ref().is_some_and(|it| it.closest(selector).is_ok_and(|place| place.is_some()));
    is_in("input, textarea, select, dialog") && !is_in(".prompt-editor")
}

pub fn use_prompt_keys(load: PromptLoad, editor: Editor, asks: Asks) {
    use_key_help(KeyGroup::new("Prompt", KEYS));
    use_key_help(KeyGroup::new("Prompt editor", EDIT_KEYS));
    let navigate = StoredValue::new_local(use_navigate());
    let step = move |by: isize| {
        let target = load.commits.with_untracked(|commits| {
            let open = load.opened.with_untracked(|opened| opened.as_ref().and_then(|opened| opened.hash.clone()))?;
            let at = commits.iter().position(|commit| commit.commit_hash == open)?;
            commits.get(at.checked_add_signed(by)?).map(|commit| commit.commit_hash.clone())
        });
        if let Some(hash) = target {
            let address = routes::prompt_version(&load.name.get_untracked(), short_hash(&hash));
            navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
        }
    };
    let has_version =
        move || load.opened.with_untracked(|opened| opened.as_ref().is_some_and(|opened| opened.hash.is_some()));
    let can_save = move || editor.is_changed() || !has_version() || !load.is_newest();
    let act = move |key: PromptKey| match key {
        PromptKey::Newer => step(-1),
        PromptKey::Older => step(1),
        PromptKey::Tag if has_version() => asks.tag.set(true),
        PromptKey::Save if untrack(can_save) => asks.save.set(true),
        PromptKey::Undo => editor.undo(),
        PromptKey::Redo => editor.redo(),
        PromptKey::Tag | PromptKey::Save => {}
    };
    use_page_keys(KEYS, act);
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_elsewhere = asks.is_any_open() || is_in_another_field(&event);
        if let Some(key) = action(EDIT_KEYS, &event).filter(|_| !is_elsewhere && !event.default_prevented()) {
            event.prevent_default();
            act(key);
        }
    });
    on_cleanup(move || listener.remove());
    let commands = KEYS.iter().chain(EDIT_KEYS).map(move |binding| {
        let key = binding.action;
        Command::new(binding.label, binding.chords.first().copied(), move || act(key))
    });
    use_commands("Prompt", Signal::stored(commands.collect()));
}
