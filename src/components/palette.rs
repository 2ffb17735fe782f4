//! The command palette: everything that can be done or gone to, found by a few letters of its name.

use super::keyboard::is_mac;
use super::part::{Drawn, part};
use super::subsequence::score;
use crate::components::erased::{Keyed, When, dynamic, effect, live, memo};
use crate::format::visible::visible;
use crate::keys::caps;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// Something that can be done.
#[derive(Clone)]
pub struct Command {
    pub label: String,
    /// The key that does the same.
    pub chord: Option<&'static str>,
    /// Not a `Callback`: those end with whoever made them, which a list of found commands is done with before it is run.
    on_run: Arc<dyn Fn() + Send + Sync>,
}

impl Command {
    pub fn new(
        label: impl Into<String>,
        chord: Option<&'static str>,
        on_run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Command { label: label.into(), chord, on_run: Arc::new(on_run) }
    }
}

/// Commands under a heading, for as long as whoever offers them is there.
#[derive(Clone)]
struct Group {
    id: u64,
    title: &'static str,
    commands: Signal<Vec<Command>>,
}

/// Most commands listed at once; typing finds the others.
const LIMIT: usize = 60;

/// The palette's state; from context.
#[derive(Clone, Copy)]
pub struct Palette {
    pub is_open: RwSignal<bool>,
    groups: RwSignal<Vec<Group>>,
    n_added: StoredValue<u64>,
    /// Turns what was typed into a command that no list has, such as "Open run …" for an id.
    typed: StoredValue<Option<Callback<String, Option<Command>>>>,
}

impl Palette {
    /// Provides the palette. Called once, by the application.
    pub fn provide() -> Self {
        let palette = Palette {
            is_open: RwSignal::new(false),
            groups: RwSignal::new(Vec::new()),
            n_added: StoredValue::new(0),
            typed: StoredValue::new(None),
        };
        provide_context(palette);
        palette
    }

    /// Says what a text by itself may mean.
    pub fn understand(&self, typed: Callback<String, Option<Command>>) {
        self.typed.set_value(Some(typed));
    }
}

/// Offers `commands` for as long as the current owner (a page, usually) lives. What the newest owner offers comes first.
pub fn use_commands(title: &'static str, commands: Signal<Vec<Command>>) {
    let palette: Palette = expect_context();
    let id = palette.n_added.get_value();
    palette.n_added.set_value(id + 1);
    palette.groups.update(|groups| groups.push(Group { id, title, commands }));
    on_cleanup(move || {
        palette.groups.try_update(|groups| groups.retain(|group| group.id != id));
    });
}

/// A command that was found.
#[derive(Clone)]
struct Found {
    title: &'static str,
    command: Command,
    score: i32,
}

/// The dialog itself. Once per page, in the shell.
#[component]
pub fn PaletteDialog() -> impl IntoView {
    let palette: Palette = expect_context();
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        if palette.is_open.get() && !dialog.open() {
            // Fails only when it is shown already, or gone from the page.
            let _ = dialog.show_modal();
        } else if !palette.is_open.get() && dialog.open() {
            dialog.close();
        }
    });
    let close_on_backdrop = move |event: web_sys::MouseEvent| {
        let is_backdrop = event.target().is_some_and(|target| {
            dialog.get_untracked().is_some_and(|dialog| target.dyn_ref::<web_sys::HtmlDialogElement>() == Some(&dialog))
        });
        if is_backdrop {
            palette.is_open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="palette"
            aria-label="Commands"
            on:close=move |_| palette.is_open.set(false)
            on:mousedown=close_on_backdrop
        >
            <When when=move || palette.is_open.get()>
                {part(fetch, move || finder(palette), || ())}
            </When>
        </dialog>
    }
}

/// What is in the dialog, in a file of its own.
#[wasm_split(palette, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
fn finder(palette: Palette) -> Drawn {
    Ok(view! { <Finder palette /> }.into_any())
}

#[component]
fn Finder(palette: Palette) -> impl IntoView {
    let (query, highlighted) = (RwSignal::new(String::new()), RwSignal::new(0usize));
    let field = NodeRef::<html::Input>::new();
    let found = memo_found(palette, query);
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let run = move |idx: usize| {
        if let Some(found) = found.with_untracked(|found| found.get(idx).cloned()) {
            palette.is_open.set(false);
            // The focus is back where it was before the command runs.
            request_animation_frame(move || (found.command.on_run)());
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let idx = match event.key().as_str() {
            "ArrowDown" => {
                if highlighted.get_untracked() >= last {
                    0
                } else {
                    highlighted.get_untracked() + 1
                }
            }
            "ArrowUp" => highlighted.get_untracked().checked_sub(1).unwrap_or(last),
            "Enter" => {
                event.prevent_default();
                run(highlighted.get_untracked());
                return;
            }
            _ => return,
        };
        event.prevent_default();
        highlighted.set(idx);
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        if let Some(option) = document().get_element_by_id(&option_id(idx)) {
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    let is_mac = is_mac();
    let option = move |(idx, found): (usize, Found)| {
        let is_new_group = idx == 0;
        let chord = found.command.chord.map(|chord| {
            let caps = caps(chord, is_mac).into_iter().map(|cap| view! { <kbd>{cap}</kbd> }).collect_view();
            view! { <span class="palette-chord">{caps}</span> }
        });
        view! {
            <div
                class="palette-option"
                class:is-highlighted=live(move || highlighted.get() == idx)
                class:is-first=is_new_group
                role="option"
                id=option_id(idx)
                aria-selected=live(move || (highlighted.get() == idx).to_string())
                on:click=move |_| run(idx)
                on:mousemove=move |_| highlighted.set(idx)
            >
                <bdi class="palette-label">{visible(&found.command.label).into_owned()}</bdi>
                <span class="palette-group">{found.title}</span>
                {chord}
            </div>
        }
    };
    let n_found = memo(move || found.with(Vec::len));
    let numbered = move || found.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <input
            node_ref=field
            class="input palette-field"
            type="text"
            role="combobox"
            aria-label="Find a command"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls="palette-list"
            aria-activedescendant=live(move || option_id(highlighted.get()))
            placeholder="Go to, do, or paste an id"
            autocomplete="off"
            spellcheck="false"
            on:keydown=on_keydown
            on:input:target=move |event| {
                query.set(event.target().value());
                highlighted.set(0);
            }
        />
        <div class="palette-list" role="listbox" aria-label="Commands" id="palette-list">
            <Keyed
                each=numbered
                key=|(idx, found)| (*idx, found.title, found.command.label.clone())
                children=option
            />
        </div>
        <p class="palette-note" role="status">
            {dynamic(move || match n_found.get() {
                0 => "Nothing of that name".to_owned(),
                LIMIT => format!("The first {LIMIT}"),
                n => format!("{n} found"),
            })}
        </p>
    }
}

fn option_id(idx: usize) -> String {
    format!("palette-option-{idx}")
}

fn memo_found(palette: Palette, query: RwSignal<String>) -> Signal<Vec<Found>> {
    let found = RwSignal::new(Vec::new());
    effect(move || {
        let query = query.get();
        let mut all: Vec<Found> = Vec::new();
        if let Some(command) = palette.typed.get_value().and_then(|typed| typed.run(query.trim().to_owned())) {
            all.push(Found { title: "", command, score: i32::MAX });
        }
        // Inner owners registered later: what the page offers comes before what is offered everywhere.
        for group in palette.groups.get().iter().rev() {
            for command in group.commands.get() {
                if let Some((score, _)) = score(&query, &command.label) {
                    let score = if query.trim().is_empty() { 0 } else { score };
                    all.push(Found { title: group.title, command, score });
                }
            }
        }
        all.sort_by_key(|found| std::cmp::Reverse(found.score));
        all.truncate(LIMIT);
        found.set(all);
    });
    found.into()
}
