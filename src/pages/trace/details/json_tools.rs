//! What stands above and below a JSON tree: search, open and close all, copy, save; the path of the row in focus.

use super::copy::CopyIcon;
use super::json_tree::Viewer;
use super::save::SaveButton;
use crate::components::breathe::Slice;
use crate::components::copy_button::copy_text;
use crate::components::erased::{When, dynamic, effect, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::measured_list::scroll_to_item;
use crate::components::toast::{Toasts, use_toasts};
use crate::json_view::Tree;
use crate::json_view::search::Finder;
use crate::json_view::tree::RowPart;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::{KeyboardEvent, ScrollLogicalPosition};

/// Counting stops here.
const MAX_MATCHES: usize = 1000;
/// How much is searched before the clock is looked at.
const STEP_BYTES: usize = 512 * 1024;

/// The tools of `viewer`, which shows `text`.
#[component]
pub fn JsonTools(viewer: Viewer, text: Signal<Arc<str>>, label: String, file_name: String) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let at_match = RwSignal::new(None::<usize>);
    let (matches, is_searching) = find_in_slices(wanted, text);
    let go = move |is_back: bool| {
        let matches = matches.get_untracked();
        let Some(last) = matches.len().checked_sub(1) else { return };
        let next = match (at_match.get_untracked(), is_back) {
            (None, false) => 0,
            (None, true) => last,
            (Some(idx), false) => {
                if idx >= last {
                    0
                } else {
                    idx + 1
                }
            }
            (Some(idx), true) => idx.checked_sub(1).unwrap_or(last),
        };
        at_match.set(Some(next));
        let start = viewer.tree.try_update(|tree| tree.reveal(matches[next])).flatten();
        if let Some(start) = start {
            viewer.active.set(Some((start, RowPart::Value)));
            let id = viewer.row_element_id((start, RowPart::Value));
            scroll_to_item(id, ScrollLogicalPosition::Nearest);
        }
    };
    let on_keydown = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            go(event.shift_key());
        }
        "Escape" if !wanted.with_untracked(String::is_empty) => {
            event.prevent_default();
            event.stop_propagation();
            wanted.set(String::new());
            at_match.set(None);
        }
        _ => {}
    };
    let counter = move || {
        let n_matches = matches.with(Vec::len);
        let total = if n_matches == MAX_MATCHES { format!("{MAX_MATCHES}+") } else { n_matches.to_string() };
        match at_match.get() {
            _ if wanted.with(String::is_empty) => String::new(),
            _ if n_matches == 0 && is_searching.get() => "Searching…".into(),
            _ if n_matches == 0 => "No match".into(),
            Some(idx) => format!("{} of {total}", idx + 1),
            None => format!("{total} found"),
        }
    };
    let whole = move |()| text.get_untracked().to_string();
    view! {
        <div class="json-tools">
            <span class="json-search">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    class="input"
                    placeholder="Find"
                    aria-label=format!("Find in {}", label.to_lowercase())
                    prop:value=wanted
                    on:input=move |event| {
                        at_match.set(None);
                        wanted.set(event_target_value(&event));
                    }
                    on:keydown=on_keydown
                />
                <span class="json-counter" role="status">
                    {dynamic(counter)}
                </span>
            </span>
            <button type="button" class="button is-quiet" on:click=move |_| viewer.tree.update(Tree::open_everything)>
                "Expand"
            </button>
            <button type="button" class="button is-quiet" on:click=move |_| viewer.tree.update(Tree::close_all)>
                "Collapse"
            </button>
            <CopyIcon text=whole label=format!("Copy the {} as JSON", label.to_lowercase()) />
            <SaveButton text=whole file_name label="Download" />
        </div>
    }
}

/// Where `wanted` occurs in `text`, and whether the search still goes on. Another word ends the search for the one before.
fn find_in_slices(wanted: RwSignal<String>, text: Signal<Arc<str>>) -> (RwSignal<Vec<usize>>, RwSignal<bool>) {
    let (matches, is_searching) = (RwSignal::new(Vec::new()), RwSignal::new(false));
    let latest = StoredValue::new(0u64);
    effect(move || {
        let (wanted, text) = (wanted.get(), text.get());
        let ours = latest.try_update_value(|latest| {
            *latest += 1;
            *latest
        });
        matches.set(Vec::new());
        is_searching.set(!wanted.is_empty());
        leptos::task::spawn_local(async move {
            let mut finder = Finder::new(&wanted, MAX_MATCHES);
            let mut slice = Slice::begin();
            while !finder.step(&text, STEP_BYTES) {
                slice.breathe_if_long().await;
                if latest.try_get_value() != ours {
                    return;
                }
            }
            matches.try_set(finder.found);
            is_searching.try_set(false);
        });
    });
    (matches, is_searching)
}

/// Where the row in focus is, with buttons to copy its path and value.
#[component]
pub fn PathBar(viewer: Viewer) -> impl IntoView {
    let toasts = use_toasts();
    let active = move || viewer.active.get().filter(|(_, part)| *part == RowPart::Value).map(|(start, _)| start);
    let path = memo(move || active().map(|start| viewer.tree.with(|tree| tree.path(start))));
    view! {
        <When when=move || path.with(Option::is_some)>
            <div class="json-path">
                <bdi class="json-path-text">{dynamic(move || path.get().filter(|path| !path.is_empty()).unwrap_or_else(|| "(whole value)".into()))}</bdi>
                <button
                    type="button"
                    class="button is-quiet"
                    on:click=move |_| copy(toasts, path.get_untracked().unwrap_or_default())
                >
                    "Copy path"
                </button>
                <button
                    type="button"
                    class="button is-quiet"
                    on:click=move |_| copy(toasts, untrack(active).map(|start| viewer.value_text(start)).unwrap_or_default())
                >
                    "Copy value"
                </button>
            </div>
        </When>
    }
}

fn copy(toasts: Toasts, text: String) {
    leptos::task::spawn_local(async move {
        if copy_text(&text).await {
            toasts.show("Copied");
        } else {
            toasts.show_error("The browser does not allow copying here");
        }
    });
}
