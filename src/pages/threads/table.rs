//! The list itself: columns, and the cells of one recycled row.

use super::list::ThreadRows;
use super::row::ThreadRow;
use crate::components::clock::use_now;
use crate::components::erased::{dynamic, live, memo};
use crate::components::relative_time::RelativeTime;
use crate::components::status_dot::StatusDot;
use crate::components::virtual_list::{ListState, VirtualList};
use crate::format::visible::visible;
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
    ("Thread", "is-id"),
    ("First input", "is-input"),
    ("Last output", "is-output"),
    ("Turns", "is-turns"),
    ("Failed", "is-errors"),
    ("Duration", "is-duration"),
    ("Tokens", "is-tokens"),
    ("Cost", "is-cost"),
    ("Feedback", "is-feedback"),
    ("Last activity", "is-last"),
];

/// The threads in `rows`. `on_open` says which row was clicked, and whether in a new tab.
#[component]
pub fn ThreadsTable(
    project: ProjectId,
    state: ListState,
    rows: RwSignal<ThreadRows>,
    on_open: Callback<(usize, bool)>,
    on_range: Callback<Range<usize>>,
) -> impl IntoView {
    let has_more = memo(move || rows.with(|rows| rows.next_cursor().is_some()));
    let n_rows = memo(move || rows.with(ThreadRows::len) + if has_more.get() { N_PLACEHOLDERS } else { 0 });
    let header = || {
        let cell = |(idx, (title, class)): (usize, &(&'static str, &'static str))| {
            let (title, class) = (*title, *class);
            view! {
                <span class=format!("thread-cell {class}") role="columnheader" aria-colindex=idx + 1>
                    <span>{title}</span>
                </span>
            }
        };
        COLUMNS.iter().enumerate().map(cell).collect_view()
    };
    let cells = Callback::new(move |row_idx: Memo<usize>| {
        let row = memo(move || rows.with(|rows| rows.get(row_idx.get()).cloned()));
        let is_loaded = memo(move || row.with(Option::is_some));
        dynamic(move || {
            if is_loaded.get() {
                view! { <ThreadCells project row /> }.into_any()
            } else {
                view! {
                    <span class="thread-placeholder" role="gridcell" aria-colindex="1">
                        <span class="visually-hidden">"Loading"</span>
                        <span class="skeleton-bar"></span>
                    </span>
                }
                .into_any()
            }
        })
    });
    let on_click = Callback::new(move |(row_idx, event): (usize, MouseEvent)| {
        let is_loaded = rows.with_untracked(|rows| rows.get(row_idx).is_some());
        let is_wanted = event.button() <= 1 && !event.default_prevented();
        let is_new_tab = event.button() == 1 || event.meta_key() || event.ctrl_key();
        if is_loaded && is_wanted {
            event.prevent_default();
            on_open.run((row_idx, is_new_tab));
        }
    });
    view! {
        <VirtualList
            state
            label="Threads"
            n_rows
            is_open_ended=has_more
            header=header.into()
            cells
            is_selected=Callback::new(|_| false)
            n_columns=COLUMNS.len()
            on_click
            on_range
        />
    }
}

/// Characters at the end of an id that are always shown: what tells generated ids apart.
const ID_TAIL: usize = 6;

/// An id in two parts, of which the first may be cut short.
fn middle_cut(id: &str) -> (&str, &str) {
    let tail = id.char_indices().rev().nth(ID_TAIL - 1).map_or(0, |(at, _)| at);
    // A short id is not worth cutting.
    if tail < ID_TAIL { (id, "") } else { id.split_at(tail) }
}

/// The cells of one slot; `row` changes as the slot is recycled and as the thread changes, and is never `None`.
#[component]
fn ThreadCells(project: ProjectId, row: Memo<Option<Arc<ThreadRow>>>) -> impl IntoView {
    let now = use_now();
    let text =
        move |of: fn(&ThreadRow) -> String| memo(move || row.with(|row| row.as_deref().map(of).unwrap_or_default()));
    let id = text(|row| visible(&row.id).into_owned());
    let (input, output) = (text(|row| row.first_input.clone()), text(|row| row.last_output.clone()));
    let unit = text(|row| if row.n_turns == 1 { " turn".into() } else { " turns".into() });
    let (turns, errors) = (text(ThreadRow::turns_words), text(ThreadRow::errors_words));
    let (tokens, cost) = (text(ThreadRow::tokens_words), text(ThreadRow::cost_words));
    let is_failed = memo(move || row.with(|row| row.as_ref().is_some_and(|row| row.is_output_error)));
    let is_running = memo(move || row.with(|row| row.as_ref().is_some_and(|row| row.is_running())));
    let status = memo(move || match (is_running.get(), is_failed.get()) {
        (true, _) => RunStatus::Pending,
        (false, true) => RunStatus::Error,
        (false, false) => RunStatus::Success,
    });
    let last = Signal::derive(move || {
        row.with(|row| row.as_ref().and_then(|it| it.last_end.or(it.last_start)).unwrap_or(now.get_untracked()))
    });
    let href = move || row.with(|row| row.as_ref().map(|row| routes::thread(project, &row.id, None)));
    // Only a running thread's duration follows the clock.
    let lasted = move || {
        let now = if is_running.get() { now.get() } else { now.get_untracked() };
        let lasted_ns = row.with(|row| row.as_ref().and_then(|row| row.duration_ns(now)));
        lasted_ns.map_or_else(|| NOTHING.to_owned(), duration::duration)
    };
    let feedback = memo(move || row.with(|row| row.as_ref().map(|row| row.feedback.clone()).unwrap_or_default()));
    let feedback_title = move || {
        feedback.with(|all| all.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n"))
    };
    view! {
        <span class="thread-cell is-status" role="gridcell" aria-colindex="1">
            <StatusDot status />
        </span>
        <span class="thread-cell is-id" role="gridcell" aria-colindex="2">
            <a class="trace-link" href=live(href) tabindex="-1" title=id draggable="false">
                <bdi class="thread-id">
                    <span>{dynamic(move || id.with(|id| middle_cut(id).0.to_owned()))}</span>
                    <span>{dynamic(move || id.with(|id| middle_cut(id).1.to_owned()))}</span>
                </bdi>
            </a>
        </span>
        <span class="thread-cell is-input" role="gridcell" aria-colindex="3" title=input>
            <bdi>{input}</bdi>
        </span>
        <span class="thread-cell is-output" class:is-error=is_failed role="gridcell" aria-colindex="4" title=output>
            <bdi>{output}</bdi>
        </span>
        <span class="thread-cell is-turns" role="gridcell" aria-colindex="5">
            {turns}
            <span class="thread-unit">{unit}</span>
        </span>
        <span class="thread-cell is-errors" role="gridcell" aria-colindex="6">
            {errors}
        </span>
        <span class="thread-cell is-duration" role="gridcell" aria-colindex="7">
            {dynamic(lasted)}
        </span>
        <span class="thread-cell is-tokens" role="gridcell" aria-colindex="8">
            {tokens}
        </span>
        <span class="thread-cell is-cost" role="gridcell" aria-colindex="9">
            {cost}
        </span>
        <span class="thread-cell is-feedback" role="gridcell" aria-colindex="10" title=live(feedback_title)>
            {dynamic(move || {
                feedback
                    .get()
                    .into_iter()
                    .map(|(key, value)| {
                        view! {
                            <span class="chip">
                                <bdi>{key}</bdi>
                                <b>
                                    <bdi>{value}</bdi>
                                </b>
                            </span>
                        }
                    })
                    .collect_view()
            })}
        </span>
        <span class="thread-cell is-last" role="gridcell" aria-colindex="11">
            <RelativeTime time=last />
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_id_is_kept_whole() {
        assert_eq!(middle_cut("start-return-d378367d"), ("start-return-d3", "78367d"));
        assert_eq!(middle_cut("user-7"), ("user-7", ""));
        assert_eq!(middle_cut("日本語の会話スレッド番号七"), ("日本語の会話ス", "レッド番号七"));
        assert_eq!(middle_cut(""), ("", ""));
    }
}
