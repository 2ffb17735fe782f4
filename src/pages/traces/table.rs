//! The list itself: columns, and the cells of one recycled row.

use super::row::{TraceRow, latency_share};
use super::rows::TraceRows;
use crate::components::clock::use_now;
use crate::components::erased::{dynamic, live, memo};
use crate::components::relative_time::RelativeTime;
use crate::components::status_dot::StatusDot;
use crate::components::virtual_list::{ListState, VirtualList};
use crate::format::{NOTHING, duration};
use crate::routes;
use fanlight_wire::{ProjectId, RunStatus};
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use web_sys::MouseEvent;

/// Placeholders below the last loaded row while there is more to come.
const N_PLACEHOLDERS: usize = 12;

/// Title and class of each column, in order.
const COLUMNS: &[(&str, &str)] = &[
    ("Status", "is-status"),
    ("Name", "is-name"),
    ("Input", "is-input"),
    ("Output", "is-output"),
    ("Latency", "is-latency"),
    ("First token", "is-first-token"),
    ("Tokens", "is-tokens"),
    ("Cost", "is-cost"),
    ("Tags", "is-tags"),
    ("Feedback", "is-feedback"),
    ("Started", "is-started"),
];

/// The traces in `rows`. `on_open` says which row was clicked, and whether in a new tab.
#[component]
pub fn TracesTable(
    project: ProjectId,
    state: ListState,
    rows: RwSignal<TraceRows>,
    on_open: Callback<(usize, bool)>,
    on_range: Callback<Range<usize>>,
) -> impl IntoView {
    let has_more = memo(move || rows.with(|rows| rows.next_cursor().is_some()));
    let n_rows = memo(move || rows.with(TraceRows::len) + if has_more.get() { N_PLACEHOLDERS } else { 0 });
    let header = || {
        let cell = |(title, class): &(&'static str, &'static str)| {
            let (title, class) = (*title, *class);
            view! {
                <span class=format!("trace-cell {class}") role="columnheader">
                    <span>{title}</span>
                </span>
            }
        };
        COLUMNS.iter().map(cell).collect_view()
    };
    let cells = Callback::new(move |row_idx: Memo<usize>| {
        let row = memo(move || rows.with(|rows| rows.get(row_idx.get()).cloned()));
        let is_loaded = memo(move || row.with(Option::is_some));
        (move || {
            if is_loaded.get() {
                view! { <TraceCells project row /> }.into_any()
            } else {
                view! {
                    <span class="trace-placeholder" role="gridcell">
                        <span class="visually-hidden">"Loading"</span>
                        <span class="skeleton-bar"></span>
                    </span>
                }
                .into_any()
            }
        })
        .into_any()
    });
    let on_click = Callback::new(move |(row_idx, event): (usize, MouseEvent)| {
        let is_loaded = rows.with_untracked(|rows| rows.get(row_idx).is_some());
        let is_wanted = event.button() <= 1 && !event.default_prevented() && !has_selection();
        // With a modifier, or the middle button, the name's link does by itself what the browser's user expects.
        let is_new_tab = event.button() == 1 || event.meta_key() || event.ctrl_key();
        if is_loaded && is_wanted {
            event.prevent_default();
            on_open.run((row_idx, is_new_tab));
        }
    });
    view! {
        <VirtualList
            state
            label="Traces"
            n_rows
            is_open_ended=has_more
            header=header.into()
            cells
            on_click
            on_range
        />
    }
}

/// Whether text is selected: then a click ended a selection and meant nothing else.
fn has_selection() -> bool {
    let selection = js_sys::Reflect::get(&window(), &"getSelection".into()).ok();
    let selection = selection.and_then(|get| js_sys::Function::from(get).call0(&window()).ok());
    selection.is_some_and(|selection| {
        js_sys::Reflect::get(&selection, &"type".into()).is_ok_and(|kind| kind.as_string().as_deref() == Some("Range"))
    })
}

/// The cells of one slot; `row` changes as the slot is recycled and as the trace changes, and is never `None`.
#[component]
fn TraceCells(project: ProjectId, row: Memo<Option<Arc<TraceRow>>>) -> impl IntoView {
    let now = use_now();
    let text =
        move |of: fn(&TraceRow) -> String| memo(move || row.with(|row| row.as_deref().map(of).unwrap_or_default()));
    let name = text(|row| row.name.clone());
    let (input, output) = (text(|row| row.input.clone()), text(|row| row.output.clone()));
    let (tokens, tokens_detail) = (text(TraceRow::tokens_words), text(TraceRow::tokens_detail));
    let (cost, first_token) = (text(TraceRow::cost_words), text(TraceRow::first_token_words));
    let status = memo(move || row.with(|row| row.as_ref().map_or(RunStatus::Success, |row| row.status)));
    let start = Signal::derive(move || row.with(|row| row.as_ref().map_or(now.get_untracked(), |row| row.start)));
    let href = move || row.with(|row| row.as_ref().map(|row| routes::trace(project, row.id)));
    // Only a running trace's latency follows the clock.
    let latency_ns = memo(move || {
        row.with(|row| {
            let row = row.as_ref()?;
            row.latency_ns(if row.is_running() { now.get() } else { row.start })
        })
    });
    let latency = move || latency_ns.get().map_or_else(|| NOTHING.to_owned(), duration::duration);
    let latency_length = move || format!("{:.3}", latency_ns.get().map_or(0.0, latency_share));
    let is_slow = move || latency_ns.get().is_some_and(|ns| latency_share(ns) >= 0.75);
    let tags = memo(move || row.with(|row| row.as_ref().map(|row| row.tags.clone()).unwrap_or_default()));
    let feedback = memo(move || row.with(|row| row.as_ref().map(|row| row.feedback.clone()).unwrap_or_default()));
    view! {
        <span class="trace-cell is-status" role="gridcell">
            <StatusDot status />
        </span>
        <span class="trace-cell is-name" role="gridcell">
            <a class="trace-link" href=live(href) tabindex="-1" title=name draggable="false">
                <bdi>{name}</bdi>
            </a>
        </span>
        <span class="trace-cell is-input" role="gridcell" title=input>
            <bdi>{input}</bdi>
        </span>
        <span
            class="trace-cell is-output"
            class:is-error=live(move || status.get() == RunStatus::Error)
            role="gridcell"
            title=output
        >
            <bdi>{output}</bdi>
        </span>
        <span class="trace-cell is-latency" role="gridcell">
            <span class="latency-bar" class:is-slow=live(is_slow) style:--share=live(latency_length) aria-hidden="true"></span>
            <span class="latency-words">{dynamic(latency)}</span>
        </span>
        <span class="trace-cell is-first-token" role="gridcell">
            {first_token}
        </span>
        <span class="trace-cell is-tokens" role="gridcell" title=tokens_detail>
            {tokens}
        </span>
        <span class="trace-cell is-cost" role="gridcell">
            {cost}
        </span>
        <span class="trace-cell is-tags" role="gridcell" title=live(move || tags.get().join(", "))>
            {dynamic(move || chips(tags.get().into_iter().map(|tag| (tag, None))))}
        </span>
        <span class="trace-cell is-feedback" role="gridcell" title=live(move || feedback_title(&feedback.get()))>
            {dynamic(move || chips(feedback.get().into_iter().map(|(key, value)| (key, Some(value)))))}
        </span>
        <span class="trace-cell is-started" role="gridcell">
            <RelativeTime time=start />
        </span>
    }
}

fn feedback_title(feedback: &[(String, String)]) -> String {
    feedback.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n")
}

fn chips(words: impl Iterator<Item = (String, Option<String>)>) -> Vec<impl IntoView> {
    words
        .map(|(word, value)| {
            view! {
                <span class="chip">
                    <bdi>{word}</bdi>
                    {value.map(|value| view! { <b>{value}</b> })}
                </span>
            }
        })
        .collect()
}
