//! Finding runs by name, model, type or status: `/` goes here, Enter to the next match, Esc back to the tree.

use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::format::digits::grouped;
use crate::waterfall::Waterfall;
use crate::waterfall::search_state::PayloadStatus;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// `input` lets the page put the focus here.
#[component]
pub fn FindBox(state: Waterfall, input: NodeRef<Input>) -> impl IntoView {
    let search = state.search;
    let counter = memo(move || {
        let matches = state.matches.get()?;
        let here = state.selected.get().and_then(|run| matches.binary_search(&run).ok());
        Some(match (here, matches.len()) {
            (_, 0) => "none".to_owned(),
            (Some(position), n) => format!("{} of {}", grouped(position as i64 + 1), grouped(n as i64)),
            (None, n) => grouped(n as i64),
        })
    });
    let note = memo(move || {
        let n_by_payload = search.found.get().map_or(0, |found| found.n_by_payload) as i64;
        payload_note(&search.payload_status.get(), n_by_payload)
    });
    let bad = memo(move || search.find.with(|find| find.as_ref().err().map(|bad| bad.message.clone())));
    let spoken = memo(move || {
        if let Some(message) = bad.get() {
            return message;
        }
        let counted = match counter.get() {
            None => return String::new(),
            Some(text) if text == "none" => "No run matches".to_owned(),
            Some(text) => format!("Match {text}"),
        };
        note.get().map_or(counted.clone(), |note| format!("{counted}, {note}"))
    });
    // Said once typing has come to rest.
    effect(move || {
        let sentence = spoken.get();
        if !sentence.is_empty() {
            state.say(sentence);
        }
    });
    effect(move || state.follow_search());
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            state.go_to_match(!event.shift_key());
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            search.query.set(String::new());
            state.focus();
        }
        "ArrowDown" => {
            event.prevent_default();
            state.focus();
        }
        _ => {}
    };
    let has_matches = move || state.matches.with(|matches| matches.as_ref().is_some_and(|matches| !matches.is_empty()));
    view! {
        <div class="find-box" role="search">
            <IconView icon=Icon::Search />
            <input
                node_ref=input
                type="search"
                class="find-box-input"
                placeholder="Find in trace"
                aria-label="Find runs by name, model, type, status or text"
                title="Words, or type:tool, latency:>1s, cost:>0.01, name:…, model:…, err; -word leaves out"
                aria-invalid=live(move || bad.get().is_some().then_some("true"))
                aria-describedby="find-note"
                autocomplete="off"
                spellcheck="false"
                prop:value=search.query
                on:input=move |event| search.query.set(event_target_value(&event))
                on:keydown=on_key
            />
            <When when=move || counter.get().is_some() fallback=|| view! { <kbd aria-hidden="true">"/"</kbd> }>
                <span class="find-box-count" aria-hidden="true">{counter}</span>
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    class:is-on=state.folding.shows_matches_only
                    aria-label="Only rows that match"
                    title="Leave out rows that do not match"
                    aria-pressed=live(move || state.folding.shows_matches_only.get().to_string())
                    on:click=move |_| state.folding.shows_matches_only.update(|only| *only = !*only)
                >
                    <IconView icon=Icon::Filter />
                </button>
                <button
                    type="button"
                    class="button is-quiet is-icon find-box-previous"
                    aria-label="Previous match"
                    title="Previous match (Shift+Enter)"
                    disabled=live(move || !has_matches())
                    on:click=move |_| state.go_to_match(false)
                >
                    <IconView icon=Icon::ChevronDown />
                </button>
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    aria-label="Next match"
                    title="Next match (Enter)"
                    disabled=live(move || !has_matches())
                    on:click=move |_| state.go_to_match(true)
                >
                    <IconView icon=Icon::ChevronDown />
                </button>
            </When>
            {dynamic(move || {
                let (text, is_error) = bad.get().map(|bad| (bad, true)).or_else(|| note.get().map(|note| (note, false)))?;
                Some(view! { <p id="find-note" class="find-box-note" class:is-error=is_error>{text}</p> })
            })}
        </div>
    }
}

/// What the server adds to the count: how many only payloads hold, or how far it is.
fn payload_note(status: &PayloadStatus, n_by_payload: i64) -> Option<String> {
    match status {
        PayloadStatus::NotAsked => None,
        PayloadStatus::Done { .. } if n_by_payload == 0 => None,
        PayloadStatus::Done { is_cut: false } => Some(format!("{} in payloads", grouped(n_by_payload))),
        PayloadStatus::Done { is_cut: true } => {
            Some(format!("{} in payloads, and there are more", grouped(n_by_payload)))
        }
        PayloadStatus::Searching => Some("searching payloads…".to_owned()),
        PayloadStatus::Failed(reason) => Some(format!("payloads could not be searched: {reason}")),
    }
}
