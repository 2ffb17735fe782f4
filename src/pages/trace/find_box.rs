//! Finding runs by name, model, type or status: `/` goes here, Enter to the next match, Esc back to the tree.

use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::waterfall::Waterfall;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// `input` lets the page put the focus here.
#[component]
pub fn FindBox(state: Waterfall, input: NodeRef<Input>) -> impl IntoView {
    let counter = memo(move || {
        let matches = state.matches.get()?;
        let here = state.selected.get().and_then(|run| matches.binary_search(&run).ok());
        Some(match (here, matches.len()) {
            (_, 0) => "none".to_owned(),
            (Some(position), n) => format!("{} of {n}", position + 1),
            (None, n) => n.to_string(),
        })
    });
    let spoken = move || match counter.get().as_deref() {
        None => String::new(),
        Some("none") => "No run matches".to_owned(),
        Some(text) => format!("Match {text}"),
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            state.go_to_match(!event.shift_key());
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            state.query.set(String::new());
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
                aria-label="Find runs by name, model, type or status"
                autocomplete="off"
                spellcheck="false"
                prop:value=state.query
                on:input=move |event| state.query.set(event_target_value(&event))
                on:keydown=on_key
            />
            <When when=move || counter.get().is_some() fallback=|| view! { <kbd aria-hidden="true">"/"</kbd> }>
                <span class="find-box-count" aria-hidden="true">{counter}</span>
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
            <span class="visually-hidden" role="status">{dynamic(spoken)}</span>
        </div>
    }
}
