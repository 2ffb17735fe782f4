//! Draws the cells of one recycled row. What stands in them is decided in [`super::super::cells`].

use super::{Placed, Table};
use crate::components::clock::{use_clock, zone_offset_minutes};
use crate::components::erased::{dynamic, live, memo};
use crate::components::status_dot::StatusDot;
use crate::format::visible::visible;
use crate::pages::traces::cells::{Cell, Tone, cell, follows_clock, holds_ns, pieces};
use crate::pages::traces::columns::{Alignment, ColumnId};
use crate::pages::traces::row::TraceRow;
use crate::routes;
use fanlight_wire::{ProjectId, RunStatus, TraceId};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::MouseEvent;

/// What a slot draws; changes as it is recycled and as the run changes, and is never `None` while cells are drawn.
type Row = Memo<Option<Arc<TraceRow>>>;

/// The check box of a row.
pub fn select_view(table: Table, row_idx: Memo<usize>, row: Row) -> AnyView {
    let is_checked = memo(move || {
        let id = row.with(|row| row.as_ref().map(|row| row.id));
        id.is_some_and(|id| table.selection.with(|selection| selection.contains(id)))
    });
    let on_click = move |event: MouseEvent| {
        // The row must not open.
        event.stop_propagation();
        table.on_select.run((row_idx.get_untracked(), event.shift_key()));
    };
    view! {
        <span class="trace-cell is-select" role="gridcell" aria-colindex="1">
            <input type="checkbox" tabindex="-1" aria-label="Select" prop:checked=is_checked on:click=on_click />
        </span>
    }
    .into_any()
}

/// One cell; its words follow the row.
pub fn cell_view(project: ProjectId, placed: Placed, row: Row) -> AnyView {
    let Placed { id, col_index, pin_px } = placed;
    let class = class_of(&id, pin_px.is_some());
    let pin = pin_px.map(|pin_px| format!("{pin_px}px"));
    if id == ColumnId::Status {
        let status = memo(move || row.with(|row| row.as_ref().map_or(RunStatus::Success, |row| row.status)));
        return view! {
            <span class=class role="gridcell" tabindex="-1" aria-colindex=col_index.to_string() style:--pin=pin>
                <StatusDot status />
            </span>
        }
        .into_any();
    }
    let content = content(id.clone(), row);
    let title = move || content.with(|cell| visible(&cell.title).into_owned());
    let inside = match id {
        ColumnId::Name => name(project, content, row),
        ColumnId::Latency => latency(content),
        ColumnId::Shape => shape(content),
        ColumnId::Tags | ColumnId::Feedback => dynamic(move || chips(content.with(|cell| cell.chips.clone()))),
        ColumnId::Input | ColumnId::Output => dynamic(move || content.with(words)),
        _ => (move || content.with(|cell| visible(&cell.words).into_owned())).into_any(),
    };
    let is_error = live(move || content.with(|cell| cell.tone == Tone::Error));
    view! {
        <span
            class=class
            class:is-error=is_error
            role="gridcell"
            tabindex="-1"
            dir="auto"
            aria-colindex=col_index.to_string()
            title=live(title)
            style:--pin=pin
        >
            {inside}
        </span>
    }
    .into_any()
}

fn class_of(id: &ColumnId, is_pinned: bool) -> String {
    let word = match id {
        ColumnId::Metadata(_) => "metadata".to_owned(),
        ColumnId::FeedbackKey(_) => "feedback-key".to_owned(),
        plain => plain.to_string().replace('_', "-"),
    };
    let end = if id.alignment() == Alignment::End { " is-end" } else { "" };
    let pinned = if is_pinned { " is-pinned" } else { "" };
    format!("trace-cell is-{word}{end}{pinned}")
}

fn content(id: ColumnId, row: Row) -> Memo<Cell> {
    let clock = use_clock();
    memo(move || {
        row.with(|row| {
            let Some(row) = row else { return Cell::default() };
            let now = if follows_clock(row, &id) { clock.now_for(|now| holds_ns(row, &id, now)) } else { row.start };
            let offset_minutes = if id == ColumnId::Started { zone_offset_minutes(row.start) } else { 0 };
            cell(row, &id, now, offset_minutes)
        })
    })
}

fn name(project: ProjectId, content: Memo<Cell>, row: Row) -> AnyView {
    let href = move || {
        row.with(|row| {
            let (trace, run) = row.as_ref().map_or((None, None), |row| (Some(row.trace_id), Some(row.id)));
            trace.zip(run).map(|(trace, run): (TraceId, _)| routes::run(project, trace, run))
        })
    };
    let is_former = live(move || row.with(|row| row.as_ref().is_some_and(|row| row.is_former)));
    view! {
        <a class="trace-link" class:is-former=is_former href=live(href) tabindex="-1" draggable="false">
            {move || content.with(|cell| visible(&cell.words).into_owned())}
        </a>
    }
    .into_any()
}

fn latency(content: Memo<Cell>) -> AnyView {
    let share = memo(move || content.with(|cell| cell.share.unwrap_or(0.0)));
    view! {
        <span
            class="latency-bar"
            class:is-slow=live(move || share.get() >= 0.75)
            style:--share=live(move || format!("{:.3}", share.get()))
            aria-hidden="true"
        ></span>
        <span class="latency-words">{move || content.with(|cell| cell.words.clone())}</span>
    }
    .into_any()
}

/// The strip; its words are the cell's.
fn shape(content: Memo<Cell>) -> AnyView {
    let is_drawn = memo(move || content.with(|cell| !cell.strip.is_empty()));
    dynamic(move || {
        if !is_drawn.get() {
            return content.with(|cell| cell.words.clone()).into_any();
        }
        view! {
            <span
                class="trace-shape"
                role="img"
                aria-label=live(move || content.with(|cell| cell.title.clone()))
                style:--shape=live(move || content.with(|cell| cell.strip.clone()))
            ></span>
        }
        .into_any()
    })
}

/// The words with what was searched for marked.
fn words(cell: &Cell) -> AnyView {
    if cell.marks.is_empty() {
        return visible(&cell.words).into_owned().into_any();
    }
    let piece = |(text, is_match): (String, bool)| {
        let text = visible(&text).into_owned();
        if is_match { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    };
    pieces(&cell.words, &cell.marks).into_iter().map(piece).collect_view().into_any()
}

fn chips(chips: Vec<(String, Option<String>)>) -> Vec<AnyView> {
    let chip = |(word, value): (String, Option<String>)| {
        let word = visible(&word).into_owned();
        let value = value.map(|value| view! { <b>{visible(&value).into_owned()}</b> });
        view! { <bdi class="chip">{word} {value}</bdi> }.into_any()
    };
    chips.into_iter().map(chip).collect()
}
