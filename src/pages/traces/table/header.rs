//! The header: sorts by a click, and is dragged or keyed to resize, move, pin and hide columns.

use super::header_keys::{HeaderKey, KEYS, changed, drop_position};
use super::{Placed, Table, placed};
use crate::components::erased::{Keyed, live, memo};
use crate::components::keyboard::action;
use crate::pages::traces::address::History;
use crate::pages::traces::columns::{Alignment, ColumnId};
use fanlight_wire::run_query::Order;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

/// A press becomes a drag here.
const DRAG_PX: f64 = 4.0;

/// What a pointer is doing to a column.
#[derive(Clone, Copy, PartialEq)]
enum Drag {
    Pressed { from_px: f64 },
    Moving,
    Resizing { from_px: f64, width_px: f64 },
}

/// The cells of the header row.
pub fn header(table: Table) -> AnyView {
    let columns = table.columns;
    // One header at a time can be tabbed to.
    let current = RwSignal::new(0usize);
    let drop_at = RwSignal::new(None::<usize>);
    let ids = memo(move || columns.read().as_slice().iter().map(|column| column.id.clone()).collect::<Vec<_>>());
    view! {
        <span class="trace-head is-select" role="columnheader" aria-colindex="1">
            <span class="visually-hidden">"Selected"</span>
        </span>
        <Keyed
            each=move || ids.get()
            key=Clone::clone
            children=move |id| head_view(table, id, current, drop_at)
        />
    }
    .into_any()
}

fn head_view(table: Table, id: ColumnId, current: RwSignal<usize>, drop_at: RwSignal<Option<usize>>) -> AnyView {
    let columns = table.columns;
    let cell = NodeRef::<html::Span>::new();
    let place = {
        let id = id.clone();
        memo(move || {
            let found: Option<Placed> = placed(&columns.read()).into_iter().find(|placed| placed.id == id);
            found.map(|placed| (placed.col_index, placed.pin_px))
        })
    };
    // The check boxes are column 1.
    let idx = move || place.get().map_or(0, |(col_index, _)| col_index - 2);
    let idx_untracked = move || place.get_untracked().map_or(0, |(col_index, _)| col_index - 2);
    let sort_by = id.sort();
    let order = memo(move || {
        let sort = table.page.with(|query| query.sort);
        sort_by.filter(|by| *by == sort.by).map(|_| sort.order)
    });
    let aria_sort = move || match order.get() {
        Some(Order::Asc) => Some("ascending"),
        Some(Order::Desc) => Some("descending"),
        None => sort_by.map(|_| "none"),
    };
    let sort = move || {
        if let Some(by) = sort_by {
            table.page.change(History::Push, |query| query.sort = query.sort.clicked(by));
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let Some(key) = action(KEYS, &event) else { return };
        event.prevent_default();
        event.stop_propagation();
        let (at, last) = (idx_untracked(), columns.with_untracked(|columns| columns.count().saturating_sub(1)));
        match key {
            HeaderKey::Left => focus_head(table, current, at.saturating_sub(1)),
            HeaderKey::Right => focus_head(table, current, (at + 1).min(last)),
            HeaderKey::Sort => sort(),
            HeaderKey::Leave => table.state.move_to(table.state.cursor.get_untracked().unwrap_or(0)),
            change => {
                let columns = columns.get_untracked();
                if let Some((columns, at)) = changed(&columns, at, width_of(cell), change) {
                    table.on_columns.run(columns);
                    request_animation_frame(move || focus_head(table, current, at));
                }
            }
        }
    };
    let drag = RwSignal::new(None::<Drag>);
    let on_move = move |event: PointerEvent| {
        let x_px = f64::from(event.client_x());
        match drag.get_untracked() {
            Some(Drag::Pressed { from_px }) if (x_px - from_px).abs() >= DRAG_PX => drag.set(Some(Drag::Moving)),
            Some(Drag::Moving) => drop_at.set(Some(drop_position(&edges(cell), x_px))),
            Some(Drag::Resizing { from_px, width_px }) => {
                let columns = columns.get_untracked();
                table.on_columns.run(columns.resized(idx_untracked(), width_px + x_px - from_px));
            }
            _ => {}
        }
    };
    let on_up = move |_: PointerEvent| {
        match (drag.get_untracked(), drop_at.get_untracked()) {
            (Some(Drag::Pressed { .. }), _) => sort(),
            (Some(Drag::Moving), Some(to)) => {
                let from = idx_untracked();
                // Positions are counted with the column still in its old place.
                let to = if to > from { to - 1 } else { to };
                let columns = columns.get_untracked();
                table.on_columns.run(columns.moved(from, to));
            }
            _ => {}
        }
        drag.set(None);
        drop_at.set(None);
    };
    let start = move |event: &PointerEvent, what: Drag| {
        if event.button() != 0 {
            return;
        }
        event.stop_propagation();
        if let Some(cell) = cell.get_untracked() {
            // Without capture a drag merely ends at the edge.
            let _ = cell.set_pointer_capture(event.pointer_id());
        }
        drag.set(Some(what));
    };
    let on_down = move |event: PointerEvent| {
        current.set(idx_untracked());
        start(&event, Drag::Pressed { from_px: f64::from(event.client_x()) });
    };
    let on_grip = move |event: PointerEvent| {
        let width_px = width_of(cell);
        start(&event, Drag::Resizing { from_px: f64::from(event.client_x()), width_px });
    };
    let refit = move |_| {
        let columns = columns.get_untracked();
        table.on_columns.run(columns.refitted(idx_untracked()));
    };
    let is_end = id.alignment() == Alignment::End;
    let title = id.title();
    let tip = title.clone();
    let is_status = id == ColumnId::Status;
    view! {
        <span
            node_ref=cell
            class="trace-head"
            class:is-end=is_end
            class:is-status=is_status
            class:is-pinned=live(move || place.get().is_some_and(|(_, pin_px)| pin_px.is_some()))
            class:is-sorted=live(move || order.get().is_some())
            class:is-moving=live(move || drag.get() == Some(Drag::Moving))
            class:is-drop=live(move || drop_at.get() == Some(idx()))
            class:is-drop-after=live(move || {
                drop_at.get() == Some(idx() + 1) && columns.with(|columns| idx() + 1 == columns.count())
            })
            style:--pin=live(move || place.get().and_then(|(_, pin_px)| pin_px).map(|pin_px| format!("{pin_px}px")))
            role="columnheader"
            aria-colindex=live(move || (idx() + 2).to_string())
            aria-sort=live(aria_sort)
            title=tip
            tabindex=live(move || if current.get() == idx() { "0" } else { "-1" })
            on:keydown=on_keydown
            on:focus=move |_| current.set(idx_untracked())
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| {
                drag.set(None);
                drop_at.set(None);
            }
        >
            <span class="trace-head-title" class:visually-hidden=is_status>{title}</span>
            <span class="trace-head-order" aria-hidden="true">
                {move || match order.get() {
                    Some(Order::Asc) => "↑",
                    Some(Order::Desc) => "↓",
                    None => "",
                }}
            </span>
            <span class="trace-head-grip" aria-hidden="true" on:pointerdown=on_grip on:dblclick=refit></span>
        </span>
    }
    .into_any()
}

fn width_of(cell: NodeRef<html::Span>) -> f64 {
    cell.get_untracked().map_or(100.0, |cell| cell.get_bounding_client_rect().width())
}

/// Left and right of each column's header.
fn edges(cell: NodeRef<html::Span>) -> Vec<(f64, f64)> {
    let Some(row) = cell.get_untracked().and_then(|cell| cell.parent_element()) else { return Vec::new() };
    let heads = row.children();
    (1..heads.length())
        .filter_map(|idx| heads.item(idx))
        .map(|head: Element| {
            let rect = head.get_bounding_client_rect();
            (rect.left(), rect.right())
        })
        .collect()
}

fn focus_head(table: Table, current: RwSignal<usize>, idx: usize) {
    current.set(idx);
    let Some(Some(scroller)) = table.state.scroller.try_get_untracked() else { return };
    let selector = format!("[role=columnheader][aria-colindex='{}']", idx + 2);
    let head = scroller.query_selector(&selector).ok().flatten();
    if let Some(head) = head.and_then(|head| head.dyn_into::<HtmlElement>().ok()) {
        let _ = head.focus();
    }
}
