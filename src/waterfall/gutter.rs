//! The tree beside the bars: what keyboards, screen readers and eyes read of each row.

use super::keys::TREE_KEYS;
use super::row_text::{RowSource, RowText};
use super::state::Waterfall;
use crate::components::erased::{live, memo};
use crate::components::keyboard::action;
use crate::components::tree::{RowBadge, RowFocus, RowLabel, RowLook, RowSlot, RowSlots, TreeRow, TreeRows};
use crate::format::digits::grouped;
use crate::model::RunIdx;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The rows in sight.
#[component]
pub fn RunRows(state: Waterfall) -> impl IntoView {
    let slots = RowSlots::new(
        Signal::derive(move || state.rows.with(|rows| rows.len())),
        Signal::derive(move || state.row_view()),
        memo(move || state.active_row()),
        Signal::derive(move || state.geometry.get().has_names()),
    );
    let focus = RowFocus::new(state.focus_requests);
    let draw = Callback::new(move |at| view! { <RunRow state at focus /> }.into_any());
    view! { <TreeRows slots focus draw /> }
}

/// One recycled row.
#[component]
fn RunRow(state: Waterfall, at: RowSlot, focus: RowFocus) -> impl IntoView {
    let text = memo(move || {
        let (critical_path, tree) = (state.critical_path.get(), state.tree.get());
        let (rows, collapsed) = (state.rows.read(), state.collapsed.read());
        let kind = rows.row_at(at.row.get()?)?;
        let critical_path = critical_path.as_deref();
        let source = RowSource { tree: &tree, rows: &rows, collapsed: &collapsed, critical_path, now_ns: 0 };
        Some(RowText::new(&source, kind))
    });
    let is_asked = memo(move || {
        let asked = state.asked_below.get()?;
        let run = text.with(|text| text.as_ref()?.run)?;
        Some(state.tree.with(|tree| tree.id(run)) == asked)
    });
    let label = memo(move || {
        let is_loading = is_asked.get() == Some(true);
        text.with(|text| text.as_ref().map(|text| label_of(text, is_loading)))
    });
    let look = memo(move || {
        let Some((run, has_error, class)) = text.with(|text| text.as_ref().map(look_of)) else {
            return RowLook::default();
        };
        RowLook {
            is_selected: run.is_some() && run == state.selected.get(),
            is_hovered: run.is_some() && run == state.hovered.get(),
            is_faded: run.is_some_and(|run| {
                state
                    .matches
                    .with(|matches| matches.as_ref().is_some_and(|matches| matches.binary_search(&run).is_err()))
            }),
            has_error,
            class,
        }
    });
    let cell = move |read: fn(&RowText) -> &String| {
        live(move || text.with(|text| text.as_ref().map(|text| read(text).clone())))
    };
    view! {
        <TreeRow at focus label look max_indent=Signal::derive(move || state.geometry.get().max_indent())>
            <span class="visually-hidden" role="gridcell">{cell(|text| &text.start)}</span>
            <span class="visually-hidden" role="gridcell">{cell(|text| &text.duration)}</span>
            <span class="run-row-tokens" role="gridcell">{cell(|text| &text.tokens)}</span>
            <span class="run-row-cost" role="gridcell">{cell(|text| &text.cost)}</span>
        </TreeRow>
    }
}

/// Its run, whether it failed, and the style of a row that stands for many.
fn look_of(text: &RowText) -> (Option<RunIdx>, bool, &'static str) {
    let class = match (text.run, text.run_type) {
        (Some(_), _) => "",
        (None, Some(_)) => "is-group",
        (None, None) => "is-gap",
    };
    (text.run, text.has_error, class)
}

/// `is_loading`: what was left out below the run is on its way.
fn label_of(text: &RowText, is_loading: bool) -> RowLabel {
    // A gap counts its runs in its name.
    let n_members = if text.run_type.is_some() { text.n_members } else { 0 };
    let badge = |is_shown: bool, class, title, words: String| is_shown.then(|| RowBadge::new(class, title, words));
    let left_out = match is_loading {
        true => "loading…".to_owned(),
        false => format!("load {} more", grouped(text.n_left_out.into())),
    };
    let left_out_title = "Runs left out of this large trace: load them";
    let badges = [
        badge(n_members > 0, "is-members", "Equal runs in this row", format!("×{}", grouped(n_members.into()))),
        badge(text.n_hidden > 0, "", "Runs folded away", grouped(text.n_hidden.into())),
        badge(text.n_left_out > 0, "is-left-out", left_out_title, left_out),
        badge(text.n_errors > 0, "is-error", "", format!("{} failed", grouped(text.n_errors as i64))),
        badge(text.n_running > 0, "", "", format!("{} running", grouped(text.n_running as i64))),
        badge(text.n_feedback > 0, "is-feedback", "Feedback", text.n_feedback.to_string()),
    ];
    RowLabel {
        run_type: text.run_type,
        name: text.name.clone(),
        aside: text.aside.clone(),
        badges: badges.into_iter().flatten().collect(),
        depth: text.depth,
        position: text.position,
        n_siblings: text.n_siblings,
        is_expanded: text.is_expanded,
        spoken: text.spoken.clone(),
    }
}

/// Carries out the tree's own keys. To be called for key presses inside the rows.
pub fn on_tree_key(state: Waterfall, event: &KeyboardEvent, on_details: Callback<()>) {
    let Some(command) = action(TREE_KEYS, event) else { return };
    event.prevent_default();
    event.stop_propagation();
    if !state.carry_out(command) {
        on_details.run(());
    }
}
