//! The comparison itself: only the rows in view are on the page.

use super::line::{counts_view, fold_view, pair_view, unified_view};
use super::state::{DiffState, row_id};
use crate::components::diff_lines::changes_view;
use crate::components::erased::live;
use crate::components::measured_list::MeasuredList;
use crate::diff::prompt::PromptDiff;
use crate::diff::prompt::rows::{Layout, Row, RowKind};
use crate::diff::shown::Shown;
use crate::format::visible::visible;
use leptos::prelude::*;

/// Guessed heights in pixels, until rows are measured.
const TITLE_PX: f64 = 38.0;
const LINE_PX: f64 = 21.0;
const FOLD_PX: f64 = 30.0;
const STRUCTURE_PX: f64 = 120.0;

/// See the module.
#[component]
pub fn PromptLines(state: DiffState) -> impl IntoView {
    let items = Signal::derive(move || {
        state.rows.with(|rows| rows.rows.iter().map(|row| (state.key(row), guess_px(row.kind))).collect::<Vec<_>>())
    });
    let draw = Callback::new(move |(key, idx): (u64, usize)| {
        let rows = state.rows.get_untracked();
        // The list may still draw what is about to go.
        let is_it = |row: &&Row| untrack(|| state.key(row)) == key;
        let row = rows.rows.get(idx).filter(is_it).or_else(|| rows.rows.iter().find(is_it));
        row.map_or_else(|| ().into_any(), |row| row_view(state, *row))
    });
    view! {
        <section
            class="prompt-lines"
            class:is-unified=live(move || state.layout.get() == Layout::Unified)
            aria-label="What changed"
        >
            <MeasuredList items draw pinned=state.pinned />
        </section>
    }
}

fn guess_px(kind: RowKind) -> f64 {
    match kind {
        RowKind::Message(_) | RowKind::SettingsTitle | RowKind::StructureTitle(_) => TITLE_PX,
        RowKind::Lines { .. } | RowKind::Setting(_) => LINE_PX,
        RowKind::Fold { .. } => FOLD_PX,
        RowKind::Structure { .. } => STRUCTURE_PX,
    }
}

fn row_view(state: DiffState, row: Row) -> AnyView {
    let diff = state.diff.get_untracked();
    let is_current = move || row.change.is_some() && state.current() == row.change;
    let content = match row.kind {
        RowKind::Message(idx) => message_title(&diff, idx),
        RowKind::Lines { left, right } => match (state.layout.get_untracked(), left.or(right)) {
            (Layout::Unified, Some(line)) => unified_view(state, &diff, line),
            _ => pair_view(state, &diff, left, right),
        },
        RowKind::Fold { first, n } => fold_view(state, first, n),
        RowKind::SettingsTitle => title_view("Model settings".to_owned(), ().into_any()),
        RowKind::Setting(idx) => setting_view(&diff, idx),
        RowKind::StructureTitle(idx) => {
            let same = diff.structures[idx].shown.changes.is_empty();
            let note = same.then(|| view! { <span class="prompt-title-note">"unchanged"</span> }).into_any();
            title_view(diff.structures[idx].title.to_owned(), note)
        }
        RowKind::Structure { structure, change } => {
            let shown = &diff.structures[structure].shown;
            let one = Shown {
                changes: vec![shown.changes[change].clone()],
                n_more: 0,
                is_by_lines_only: shown.is_by_lines_only,
            };
            view! { <div class="prompt-structure">{changes_view(one)}</div> }.into_any()
        }
    };
    view! {
        <div id=row_id(untrack(|| state.key(&row))) class="prompt-row" class:is-current=live(is_current)>
            {content}
        </div>
    }
    .into_any()
}

fn message_title(diff: &PromptDiff, idx: usize) -> AnyView {
    let message = &diff.messages[idx];
    let name = match (&message.old_role, &message.new_role) {
        (Some(old), Some(new)) if old != new => format!("{} → {}", visible(old), visible(new)),
        _ => visible(message.role()).into_owned(),
    };
    let word = match (&message.old_role, &message.new_role) {
        (None, _) => "new message",
        (_, None) => "removed message",
        _ if message.is_changed() => "",
        _ => "unchanged",
    };
    let note = view! {
        {(!word.is_empty()).then(|| view! { <span class="prompt-title-note">{word}</span> })}
        {counts_view(message.n_added, message.n_removed, message.n_moved)}
    };
    title_view(name, note.into_any())
}

fn title_view(name: String, note: AnyView) -> AnyView {
    view! {
        <div class="prompt-title">
            <h2><bdi>{name}</bdi></h2>
            {note}
        </div>
    }
    .into_any()
}

fn setting_view(diff: &PromptDiff, idx: usize) -> AnyView {
    let setting = &diff.settings[idx];
    let value = |value: &Option<String>| value.as_deref().map_or("–".to_owned(), |value| visible(value).into_owned());
    let (name, old, new) = (visible(&setting.name).into_owned(), value(&setting.old), value(&setting.new));
    let values = match setting.is_changed() {
        true => view! {
            <span class="visually-hidden">"changed from "</span>
            <del>{old}</del>
            <span aria-hidden="true">" → "</span>
            <span class="visually-hidden">" to "</span>
            <ins>{new}</ins>
        }
        .into_any(),
        false => view! { <span>{new}</span> }.into_any(),
    };
    view! {
        <div class="prompt-setting">
            <span class="prompt-setting-name">{name}</span>
            <span class="prompt-setting-values">{values}</span>
        </div>
    }
    .into_any()
}
