//! The list itself: a grid of any columns, drawn by a few recycled rows.

mod cells_view;
mod header;
pub mod header_keys;

use super::address::PageState;
use super::columns::{ColumnId, Columns};
use super::list::TraceRows;
use super::selection::Selection;
use crate::components::erased::{Keyed, memo};
use crate::components::virtual_list::{ListState, VirtualList};
use cells_view::{cell_view, select_view};
use fanlight_wire::{ProjectId, RunId};
use header::header;
use leptos::prelude::*;
use std::ops::Range;
use web_sys::MouseEvent;

/// Placeholders below the last loaded row while there is more to come.
const N_PLACEHOLDERS: usize = 12;

/// Between columns, and before the first, in CSS pixels; as the style sheet has it.
const GAP_PX: u32 = 12;
const START_PX: u32 = 14;
/// The column with the check boxes comes before all others.
const SELECT_PX: u32 = 16;

/// What the table shows and tells.
#[derive(Clone, Copy)]
pub struct Table {
    pub project: ProjectId,
    pub page: PageState,
    pub state: ListState,
    pub rows: RwSignal<TraceRows>,
    pub columns: Memo<Columns>,
    pub selection: RwSignal<Selection>,
    pub on_columns: Callback<Columns>,
    /// Which row was clicked, and whether in a new tab.
    pub on_open: Callback<(usize, bool)>,
    /// A row's check box was clicked, perhaps with Shift.
    pub on_select: Callback<(usize, bool)>,
    pub on_range: Callback<Range<usize>>,
}

/// A column where it stands: what the cells of one column share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placed {
    pub id: ColumnId,
    /// As `aria-colindex` counts; the check boxes are 1.
    pub col_index: usize,
    /// From the left edge, when it stays in sight.
    pub pin_px: Option<u32>,
}

fn placed(columns: &Columns) -> Vec<Placed> {
    let pins = columns.pinned_at(GAP_PX, START_PX + SELECT_PX + GAP_PX);
    let column =
        |(idx, pin_px)| columns.get(idx).map(|column| Placed { id: column.id.clone(), col_index: idx + 2, pin_px });
    pins.into_iter().enumerate().filter_map(column).collect()
}

/// The rows that are known, under their header.
#[component]
pub fn TracesTable(table: Table) -> impl IntoView {
    let Table { rows, columns, selection, .. } = table;
    let has_more = memo(move || rows.with(|rows| rows.next_cursor().is_some()));
    let n_rows = memo(move || rows.with(TraceRows::len) + if has_more.get() { N_PLACEHOLDERS } else { 0 });
    let template = memo(move || format!("{SELECT_PX}px {}", columns.read().template()));
    let min_width = memo(move || {
        let columns = columns.read();
        let gaps_px = GAP_PX * columns.count() as u32 + SELECT_PX + 2 * START_PX;
        format!("{}px", columns.min_width_px() + gaps_px)
    });
    let placed = memo(move || placed(&columns.read()));
    let cells = Callback::new(move |row_idx: Memo<usize>| {
        let row = memo(move || rows.with(|rows| rows.get(row_idx.get()).cloned()));
        let is_loaded = memo(move || row.with(Option::is_some));
        (move || {
            if is_loaded.get() {
                view! {
                    {select_view(table, row_idx, row)}
                    <Keyed
                        each=move || placed.get()
                        key=Clone::clone
                        children=move |placed| cell_view(table.project, placed, row)
                    />
                }
                .into_any()
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
        if !is_loaded || !is_wanted {
            return;
        }
        event.prevent_default();
        if event.shift_key() {
            table.on_select.run((row_idx, true));
            return;
        }
        // With a modifier, or the middle button, the name's link does by itself what the browser's user expects.
        table.on_open.run((row_idx, event.button() == 1 || event.meta_key() || event.ctrl_key()));
    });
    let id_at = move |row_idx: usize| -> Option<RunId> { rows.with(|rows| rows.get(row_idx).map(|row| row.id)) };
    let is_selected = Callback::new(move |row_idx| {
        id_at(row_idx).is_some_and(|id| selection.with(|selection| selection.contains(id)))
    });
    view! {
        <div class="traces-table" style:--trace-columns=template style:--trace-min-width=min_width>
            <VirtualList
                state=table.state
                label="Traces"
                n_rows
                n_columns=Signal::derive(move || columns.read().count() + 1)
                is_open_ended=has_more
                is_selected
                header=ViewFn::from(move || header(table))
                cells
                on_click
                on_range=table.on_range
            />
        </div>
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
