//! A search among rows that are all there already: what is typed, how many were found, the way from one to the next.

use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::format::digits::grouped;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// What was found, and which of it the reader is at, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundAt {
    pub here: Option<usize>,
    pub n: usize,
}

/// The search behind a [`FindBox`]. Copy it freely.
#[derive(Clone, Copy)]
pub struct Finder {
    pub query: RwSignal<String>,
    /// Why `query` cannot be understood.
    pub bad: Memo<Option<String>>,
    /// `None` without a query.
    pub found: Memo<Option<FoundAt>>,
    /// What else there is to say of it.
    pub note: Memo<Option<String>>,
    /// Rows that do not match are left out; `None` where that is not offered.
    pub only_matches: Option<RwSignal<bool>>,
    /// Asked to go to the next match (true) or the previous one.
    pub go: Callback<bool>,
    /// Asked to give the keyboard back to the rows.
    pub leave: Callback<()>,
    /// Tells screen readers.
    pub say: Callback<String>,
}

/// `input` lets the page put the focus here: `/`. Enter goes to the next match, Esc back to the rows.
#[component]
pub fn FindBox(
    finder: Finder,
    input: NodeRef<Input>,
    placeholder: &'static str,
    /// What can be looked for, for screen readers.
    label: &'static str,
) -> impl IntoView {
    let counter = memo(move || {
        Some(match finder.found.get()? {
            FoundAt { n: 0, .. } => "none".to_owned(),
            FoundAt { here: Some(here), n } => format!("{} of {}", grouped(here as i64 + 1), grouped(n as i64)),
            FoundAt { here: None, n } => grouped(n as i64),
        })
    });
    let spoken = memo(move || {
        if let Some(message) = finder.bad.get() {
            return message;
        }
        let counted = match counter.get() {
            None => return String::new(),
            Some(text) if text == "none" => "No run matches".to_owned(),
            Some(text) => format!("Match {text}"),
        };
        finder.note.get().map_or(counted.clone(), |note| format!("{counted}, {note}"))
    });
    // Said once typing has come to rest.
    effect(move || {
        let sentence = spoken.get();
        if !sentence.is_empty() {
            finder.say.run(sentence);
        }
    });
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            finder.go.run(!event.shift_key());
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            finder.query.set(String::new());
            finder.leave.run(());
        }
        "ArrowDown" => {
            event.prevent_default();
            finder.leave.run(());
        }
        _ => {}
    };
    let has_matches = move || finder.found.get().is_some_and(|found| found.n > 0);
    let only = move || {
        finder.only_matches.map(|only| {
            view! {
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    class:is-on=only
                    aria-label="Only rows that match"
                    title="Leave out rows that do not match"
                    aria-pressed=live(move || only.get().to_string())
                    on:click=move |_| only.update(|only| *only = !*only)
                >
                    <IconView icon=Icon::Filter />
                </button>
            }
        })
    };
    view! {
        <div class="find-box" role="search">
            <IconView icon=Icon::Search />
            <input
                node_ref=input
                type="search"
                class="find-box-input"
                placeholder=placeholder
                aria-label=label
                title="Words, or type:tool, latency:>1s, cost:>0.01, name:…, model:…, err; -word leaves out"
                aria-invalid=live(move || finder.bad.get().is_some().then_some("true"))
                aria-describedby="find-note"
                autocomplete="off"
                spellcheck="false"
                prop:value=finder.query
                on:input=move |event| finder.query.set(event_target_value(&event))
                on:keydown=on_key
            />
            <When when=move || counter.get().is_some() fallback=|| view! { <kbd aria-hidden="true">"/"</kbd> }>
                <span class="find-box-count" aria-hidden="true">{counter}</span>
                {only()}
                <button
                    type="button"
                    class="button is-quiet is-icon find-box-previous"
                    aria-label="Previous match"
                    title="Previous match (Shift+Enter)"
                    disabled=live(move || !has_matches())
                    on:click=move |_| finder.go.run(false)
                >
                    <IconView icon=Icon::ChevronDown />
                </button>
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    aria-label="Next match"
                    title="Next match (Enter)"
                    disabled=live(move || !has_matches())
                    on:click=move |_| finder.go.run(true)
                >
                    <IconView icon=Icon::ChevronDown />
                </button>
            </When>
            {dynamic(move || {
                let bad = finder.bad.get().map(|bad| (bad, true));
                let (text, is_error) = bad.or_else(|| finder.note.get().map(|note| (note, false)))?;
                Some(view! { <p id="find-note" class="find-box-note" class:is-error=is_error>{text}</p> })
            })}
        </div>
    }
}
