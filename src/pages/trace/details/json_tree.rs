//! A JSON tree on screen: a `tree` of rows that open and close, moved through by keys.

use super::json_row::RowView;
use super::json_tools::{JsonTools, PathBar};
use crate::components::copy_button::copy_text;
use crate::components::erased::{effect, memo};
use crate::components::measured_list::MeasuredList;
use crate::components::unique_id;
use crate::json_view::tree::{RowId, RowPart};
use crate::json_view::{Index, Kind, Row, Tree, strings};
use leptos::prelude::*;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Strings up to this size are shown whole in their row.
pub const SHORT_STRING_BYTES: usize = 400;
/// Strings from this size on never open in place: they are saved as a file instead.
pub const HUGE_STRING_BYTES: usize = 1_000_000;

/// A guess of a row's height, in pixels, before it is measured.
const ROW_PX: f64 = 27.0;

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
    fn new(text: Signal<Arc<str>>, index: Signal<Arc<Index>>) -> Self {
        let tree = RwSignal::new(Tree::indexed(text.get_untracked(), index.get_untracked()));
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
                tree.update(|tree| *tree = tree.with_text(text, index.get_untracked()));
            }
        });
        viewer
    }

    pub fn row_element_id(&self, (start, part): RowId) -> String {
        let part = match part {
            RowPart::Value => "",
            RowPart::Earlier => "-earlier",
            RowPart::More => "-more",
        };
        self.element_id.with_value(|id| format!("{id}-{start}{part}"))
    }

    pub fn is_open(&self, row: &Row) -> bool {
        match row {
            Row::Value { child, .. } if child.value.can_open() => {
                self.tree.with(|tree| tree.is_open(child.value.start))
            }
            Row::Value { child, .. } => self.open_texts.with(|open| open.contains(&child.value.start)),
            Row::Earlier { .. } | Row::More { .. } => false,
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
            Row::Earlier { parent, .. } => self.tree.update(|tree| tree.show_earlier(*parent)),
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
            "ArrowLeft" => rows.iter().position(|other| other.id() == (row.parent_start(), RowPart::Value)),
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
    /// Of the text: a large one should have it.
    #[prop(optional, into)]
    index: Signal<Arc<Index>>,
    #[prop(into)] label: String,
    /// Given, the tree has tools: search, open and close all, copy, save under this name.
    #[prop(optional, into)]
    file_name: Option<String>,
) -> impl IntoView {
    let viewer = Viewer::new(text, index);
    let has_tools = file_name.is_some();
    let first = memo(move || viewer.rows.with(|rows| rows.first().map(Row::id)));
    let current = Signal::derive(move || viewer.active.get().or_else(|| first.get()));
    let keyed = memo(move || {
        let text = viewer.tree.with(|tree| Arc::as_ptr(tree.text()).addr());
        viewer.rows.with(|rows| rows.iter().map(|row| row_key(row, text)).collect::<Vec<_>>())
    });
    let items = Signal::derive(move || keyed.with(|keys| keys.iter().map(|key| (*key, ROW_PX)).collect::<Vec<_>>()));
    // The row with the focus stays, or the keyboard would be nowhere once it is scrolled away.
    let pinned = memo(move || {
        let active = viewer.active.get()?;
        let position = viewer.rows.with(|rows| rows.iter().position(|row| row.id() == active))?;
        keyed.with(|keys| keys.get(position).copied())
    });
    let draw = Callback::new(move |(_, idx): (u64, usize)| {
        let text = viewer.tree.with_untracked(|tree| Arc::clone(tree.text()));
        let row = viewer.rows.with_untracked(|rows| rows.get(idx).cloned());
        row.map(|row| view! { <RowView viewer row text current /> }).into_any()
    });
    view! {
        <div class="json-tree">
            {file_name.map(|file_name| view! { <JsonTools viewer text label=label.clone() file_name /> })}
            <div class="json-rows" role="tree" aria-label=label on:keydown=move |event| viewer.on_keydown(&event)>
                <MeasuredList items draw pinned />
            </div>
            {has_tools.then(|| view! { <PathBar viewer /> })}
        </div>
    }
}

/// Equal as long as the row looks the same: rows that stand for others change their words as they go.
fn row_key(row: &Row, text: usize) -> u64 {
    let n_left_out = match row {
        Row::Value { .. } => 0,
        Row::Earlier { n_before, .. } => *n_before,
        Row::More { n_shown, .. } => *n_shown,
    };
    let mut hasher = DefaultHasher::new();
    (row.id(), row.depth(), text, n_left_out).hash(&mut hasher);
    hasher.finish()
}
