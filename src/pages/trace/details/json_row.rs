//! One row of a JSON tree.

use super::folded_text::FoldedText;
use super::json_tree::{HUGE_STRING_BYTES, Viewer, is_long_string};
use super::save::SaveButton;
use crate::components::erased::{When, live, memo};
use crate::format::bytes::bytes;
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::json_view::node::Child;
use crate::json_view::tree::RowId;
use crate::json_view::{Kind, Row, strings};
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;
use std::sync::Arc;
use web_sys::MouseEvent;

/// Rows deeper than this are not indented further; they say how deep they are.
const MAX_INDENT: usize = 16;
/// How much of a long string its row shows.
const PREVIEW_CHARS: usize = 160;
/// How much of the inside of a closed container its row shows.
const SUMMARY_CHARS: usize = 80;

/// Draws `row` of the tree whose JSON is `text`. `current` is the row in the tab order.
#[component]
pub fn RowView(viewer: Viewer, row: Row, text: Arc<str>, current: Signal<Option<RowId>>) -> impl IntoView {
    let id = row.id();
    let depth = row.depth();
    let tabindex = move || if current.get() == Some(id) { "0" } else { "-1" };
    let on_focus = move |_| viewer.active.set(Some(id));
    let indent = depth.min(MAX_INDENT).to_string();
    let Row::Value { child, n_siblings, .. } = row else {
        let words = match row {
            Row::Earlier { n_before, .. } => format!("Show earlier ({} above)", grouped(n_before as i64)),
            Row::More { n_shown, n_total, .. } => {
                format!("Show more ({} of {})", grouped(n_shown as i64), grouped(n_total as i64))
            }
            Row::Value { .. } => String::new(),
        };
        return view! {
            <div
                class="json-row is-more"
                role="treeitem"
                {..custom_attribute("aria-level", (depth + 1).to_string())}
                id=viewer.row_element_id(id)
                tabindex=live(tabindex)
                style:--depth=indent
                on:focus=on_focus
                on:click=move |_| viewer.toggle(&row)
            >
                {words}
            </div>
        }
        .into_any();
    };
    let can_open = child.value.can_open() || is_long_string(&row);
    let is_open = {
        let row = row.clone();
        memo(move || viewer.is_open(&row))
    };
    let toggled = row.clone();
    let on_click = move |_: MouseEvent| {
        if can_open {
            viewer.toggle(&toggled);
        }
    };
    let key = key_text(&child, &text);
    let deep = (depth > MAX_INDENT).then(|| view! { <span class="json-depth">{format!("level {}", depth + 1)}</span> });
    let value = value_view(child, Arc::clone(&text), is_open);
    let long_text = is_long_string(&row).then(|| {
        view! {
            <When when=move || is_open.get()>
                {long_string(child, &text)}
            </When>
        }
    });
    view! {
        <div
            class="json-row"
            class:can-open=can_open
            role="treeitem"
            {..custom_attribute("aria-level", (depth + 1).to_string())}
            aria-posinset=child.idx + 1
            aria-setsize=n_siblings
            aria-expanded=live(move || can_open.then(|| is_open.get().to_string()))
            id=viewer.row_element_id(id)
            tabindex=live(tabindex)
            style:--depth=indent
            on:focus=on_focus
        >
            <div class="json-line" on:click=on_click>
                <span class="json-toggle" aria-hidden="true"></span>
                {deep}
                <bdi class="json-key" class:is-index=child.key.is_none()>
                    {key}
                </bdi>
                {value}
            </div>
            {long_text}
        </div>
    }
    .into_any()
}

fn key_text(child: &Child, text: &str) -> String {
    match child.key {
        Some(key) => visible(&strings::decode(key.raw(text), 200).text).into_owned(),
        None => child.idx.to_string(),
    }
}

fn value_view(child: Child, text: Arc<str>, is_open: Memo<bool>) -> AnyView {
    let value = child.value;
    match value.kind {
        Kind::Object { n_children } | Kind::Array { n_children } => {
            let (open, close, word) = match value.kind {
                Kind::Object { .. } => ("{", "}", if n_children == 1 { "field" } else { "fields" }),
                _ => ("[", "]", if n_children == 1 { "item" } else { "items" }),
            };
            if n_children == 0 {
                return view! { <span class="json-value is-empty">{open} {close}</span> }.into_any();
            }
            let count = format!("{} {word}", grouped(n_children as i64));
            let summary = visible(&summary(value.raw(&text))).into_owned();
            let size = value.size_bytes();
            view! {
                <span class="json-count">
                    {count} {(size > 10_000).then(|| format!(" · {}", bytes(size as u64)))}
                </span>
                <When when=move || !is_open.get()>
                    <bdi class="json-summary">{summary.clone()}</bdi>
                </When>
            }
            .into_any()
        }
        Kind::String if is_long(child) => {
            let preview = strings::decode(value.raw(&text), PREVIEW_CHARS).text.replace('\n', " ");
            let preview = visible(&preview).into_owned();
            view! {
                <span class="json-count">{bytes(value.size_bytes() as u64)}</span>
                <When when=move || !is_open.get()>
                    <span class="json-value is-string is-preview" dir="auto">
                        {preview.clone()}
                        "…"
                    </span>
                </When>
            }
            .into_any()
        }
        Kind::String => {
            let whole = visible(&strings::decode_all(value.raw(&text))).into_owned();
            view! { <span class="json-value is-string" dir="auto">{whole}</span> }.into_any()
        }
        Kind::Number => view! { <span class="json-value is-number">{raw_text(child, &text)}</span> }.into_any(),
        Kind::Bool => view! { <span class="json-value is-bool">{raw_text(child, &text)}</span> }.into_any(),
        Kind::Null => view! { <span class="json-value is-null">"null"</span> }.into_any(),
        Kind::Malformed => view! { <span class="json-value">{raw_text(child, &text)}</span> }.into_any(),
    }
}

fn is_long(child: Child) -> bool {
    child.value.size_bytes() > super::json_tree::SHORT_STRING_BYTES
}

fn raw_text(child: Child, text: &str) -> String {
    visible(&child.value.raw(text).chars().take(400).collect::<String>()).into_owned()
}

/// The start of a container's JSON on one line.
fn summary(raw: &str) -> String {
    let mut summary = String::new();
    let mut chars = raw.chars().take(4 * SUMMARY_CHARS).filter(|c| !matches!(c, '\n' | '\r' | '\t'));
    summary.extend(chars.by_ref().take(SUMMARY_CHARS));
    if chars.next().is_some() {
        summary.push('…');
    }
    summary
}

/// A long string below its row; a huge one can only be saved.
fn long_string(child: Child, text: &Arc<str>) -> AnyView {
    let raw = child.value.raw(text);
    if raw.len() < HUGE_STRING_BYTES {
        let text: Arc<str> = strings::decode_all(raw).into();
        return view! { <div class="json-text"><FoldedText text is_mono=true /></div> }.into_any();
    }
    let start = visible(&strings::decode(raw, 1000).text).into_owned();
    let text = Arc::clone(text);
    let label = format!("Download ({})", bytes(raw.len() as u64));
    view! {
        <div class="json-text">
            <div class="plain-text is-mono" dir="auto">
                {start}
                "…"
            </div>
            <SaveButton
                text=move |()| strings::decode_all(child.value.raw(&text))
                file_name="value.txt"
                mime_type="text/plain"
                label
            />
        </div>
    }
    .into_any()
}
