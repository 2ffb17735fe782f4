//! A JSON tree on screen: a `tree` of rows that open and close, moved through by keys.

use super::json_row::RowView;
use super::json_tools::{JsonTools, PathBar};
use crate::components::copy_button::copy_text;
use crate::components::erased::{Keyed, effect, memo};
use crate::components::unique_id;
use crate::json_view::{Kind, Row, Tree, strings};
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Strings up to this size are shown whole in their row.
pub const SHORT_STRING_BYTES: usize = 400;
/// Strings from this size on never open in place: they are saved as a file instead.
pub const HUGE_STRING_BYTES: usize = 1_000_000;

/// What identifies a row: where its value starts, and whether it is the "show more" of that value.
pub type RowId = (usize, bool);

/// The state of one tree on screen. Copy it freely.
#[derive(Clone, Copy)]
pub struct Viewer {
    pub tree: RwSignal<Tree>,
    /// The row that keys act on.
    pub active: RwSignal<Option<RowId>>,
    /// Long strings that are shown below their row, by where they start.
    open_texts: RwSignal<HashSet<usize>>,
    pub rows: Memo<Vec<Row>>,
    element_id: StoredValue<String>,
}

impl Viewer {
    fn new(text: Signal<Arc<str>>) -> Self {
        let tree = RwSignal::new(Tree::new(text.get_untracked()));
        let viewer = Viewer {
            tree,
            active: RwSignal::new(None),
            open_texts: RwSignal::new(HashSet::new()),
            rows: memo(move || tree.with(Tree::rows)),
            element_id: StoredValue::new(unique_id("json")),
        };
        effect(move || {
            let text = text.get();
            if tree.with_untracked(|tree| *tree.text() != text) {
                viewer.open_texts.set(HashSet::new());
                viewer.active.set(None);
                tree.update(|tree| *tree = tree.with_text(text));
            }
        });
        viewer
    }

    pub fn row_element_id(&self, (start, is_more): RowId) -> String {
        self.element_id.with_value(|id| format!("{id}-{start}{}", if is_more { "-more" } else { "" }))
    }

    pub fn is_open(&self, row: &Row) -> bool {
        match row {
            Row::Value { child, .. } if child.value.can_open() => {
                self.tree.with(|tree| tree.is_open(child.value.start))
            }
            Row::Value { child, .. } => self.open_texts.with(|open| open.contains(&child.value.start)),
            Row::More { .. } => false,
        }
    }

    /// Opens or closes what the row holds; shows more for a "show more".
    pub fn toggle(&self, row: &Row) {
        match row {
            Row::Value { child, .. } if child.value.can_open() => self.tree.update(|tree| tree.toggle(child.value)),
            Row::Value { child, .. } if is_long_string(row) => self.open_texts.update(|open| {
                if !open.remove(&child.value.start) {
                    open.insert(child.value.start);
                }
            }),
            Row::Value { .. } => {}
            Row::More { parent, .. } => self.tree.update(|tree| tree.show_more(*parent)),
        }
    }

    /// What copying the row gives: the text of a string, the JSON of anything else.
    pub fn value_text(&self, start: usize) -> String {
        let rows = self.rows.get_untracked();
        let child = rows.iter().find_map(|row| match row {
            Row::Value { child, .. } if child.value.start == start => Some(child.value),
            _ => None,
        });
        self.tree.with_untracked(|tree| match child {
            Some(value) if value.kind == Kind::String => strings::decode_all(value.raw(tree.text())),
            Some(value) => value.raw(tree.text()).to_owned(),
            None => String::new(),
        })
    }

    pub fn focus(&self, row: RowId) {
        self.active.set(Some(row));
        let id = self.row_element_id(row);
        // The row may only just be drawn.
        request_animation_frame(move || {
            let element = document().get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
            if let Some(element) = element {
                let _ = element.focus();
            }
        });
    }

    fn on_keydown(&self, event: &KeyboardEvent) {
        let rows = self.rows.get_untracked();
        let active = self.active.get_untracked();
        let here = rows.iter().position(|row| Some(row.id()) == active).unwrap_or(0);
        let Some(row) = rows.get(here) else { return };
        if (event.ctrl_key() || event.meta_key()) && event.key() == "c" && !has_selection() {
            let text = self.value_text(row.id().0);
            leptos::task::spawn_local(async move {
                copy_text(&text).await;
            });
            event.prevent_default();
            return;
        }
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let is_open = untrack(|| self.is_open(row));
        let can_open = matches!(row, Row::Value { child, .. } if child.value.can_open()) || is_long_string(row);
        let last = rows.len() - 1;
        let target = match event.key().as_str() {
            "ArrowDown" => Some((here + 1).min(last)),
            "ArrowUp" => Some(here.saturating_sub(1)),
            "Home" => Some(0),
            "End" => Some(last),
            "ArrowRight" if can_open && !is_open => {
                self.toggle(row);
                None
            }
            "ArrowRight" => Some((here + 1).min(last)).filter(|_| can_open),
            "ArrowLeft" if is_open => {
                self.toggle(row);
                None
            }
            "ArrowLeft" => rows.iter().position(|other| other.id() == (row.parent_start(), false)),
            "Enter" | " " => {
                self.toggle(row);
                None
            }
            "*" => {
                self.tree.update(Tree::open_everything);
                None
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let target = target.and_then(|idx| rows.get(idx)).unwrap_or(row);
        self.focus(target.id());
    }
}

/// Too long for its row, or several lines.
pub fn is_long_string(row: &Row) -> bool {
    matches!(row, Row::Value { child, .. } if child.value.kind == Kind::String && child.value.size_bytes() > SHORT_STRING_BYTES)
}

fn has_selection() -> bool {
    let selection = js_sys::Reflect::get(&window(), &"getSelection".into()).ok();
    let selection =
        selection.and_then(|get| get.dyn_into::<js_sys::Function>().ok()).and_then(|get| get.call0(&window()).ok());
    selection
        .and_then(|selection| js_sys::Reflect::get(&selection, &"isCollapsed".into()).ok())
        .is_some_and(|is_collapsed| is_collapsed == false)
}

/// Shows `text` as a tree; what is open stays open when the text changes.
#[component]
pub fn JsonTree(
    text: Signal<Arc<str>>,
    #[prop(into)] label: String,
    /// Given, the tree has tools: search, open and close all, copy, save under this name.
    #[prop(optional, into)]
    file_name: Option<String>,
) -> impl IntoView {
    let viewer = Viewer::new(text);
    let has_tools = file_name.is_some();
    let first = memo(move || viewer.rows.with(|rows| rows.first().map(Row::id)));
    let current = Signal::derive(move || viewer.active.get().or_else(|| first.get()));
    view! {
        <div class="json-tree">
            {file_name.map(|file_name| view! { <JsonTools viewer text label=label.clone() file_name /> })}
            <div class="json-rows" role="tree" aria-label=label on:keydown=move |event| viewer.on_keydown(&event)>
                <Keyed
                    each=move || {
                        let text = viewer.tree.with(|tree| Arc::clone(tree.text()));
                        viewer.rows.get().into_iter().map(|row| (row, Arc::clone(&text))).collect::<Vec<_>>()
                    }
                    key=|(row, text)| (row.id(), row.depth(), Arc::as_ptr(text).addr(), more_count(row))
                    let((row, text))
                >
                    <RowView viewer row text current />
                </Keyed>
            </div>
            {has_tools.then(|| view! { <PathBar viewer /> })}
        </div>
    }
}

/// A "show more" row changes its words as it goes.
fn more_count(row: &Row) -> usize {
    match row {
        Row::Value { .. } => 0,
        Row::More { n_shown, .. } => *n_shown,
    }
}
