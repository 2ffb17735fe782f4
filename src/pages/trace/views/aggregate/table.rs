//! The table of call paths: a treegrid that draws the rows in sight.

use super::row::PathRowView;
use super::state::AggregateState;
use crate::aggregate::keys::PATH_KEYS;
use crate::aggregate::rows::Column;
use crate::components::element_size::use_element_size;
use crate::components::erased::{effect, live, memo};
use crate::components::keyboard::action;
use crate::components::screen::use_media;
use crate::components::tree::{RowFocus, RowSlots, TreeRows, TreeScroller, is_on_twist};
use crate::waterfall::rows::RowView;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn PathTable(state: AggregateState, on_details: Callback<()>, on_pick: Callback<()>) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let viewport = NodeRef::<Div>::new();
    let head = NodeRef::<Div>::new();
    let size = use_element_size(scroller);
    let head_size = use_element_size(head);
    let is_coarse = use_media("(pointer: coarse)");
    let scroll_top_px = RwSignal::new(0.0);
    let scroll_request = RwSignal::new(None);
    let row_view = memo(move || RowView {
        scroll_top_px: scroll_top_px.get(),
        height_px: (size.get().height_px - head_size.get().height_px).max(0.0),
        row_height_px: if is_coarse.get() { 44.0 } else { 26.0 },
    });
    let n_rows = memo(move || state.rows.with(|rows| rows.len()));
    let selected_row = memo(move || {
        let path = state.selected.get()?;
        state.rows.with(|rows| rows.position_of(path))
    });
    let has_size = memo(move || row_view.get().height_px >= 1.0);
    // What is selected is scrolled into sight.
    effect(move || {
        if let Some(row) = selected_row.get().filter(|_| has_size.get())
            && let Some(top_px) = row_view.get_untracked().scroll_to_see(row)
        {
            scroll_request.set(Some(top_px));
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let Some(command) = action(PATH_KEYS, &event) else { return };
        event.prevent_default();
        event.stop_propagation();
        if state.carry_out(command, row_view.get_untracked().page_rows()) {
            state.focus_requests.update(|n| *n += 1);
        } else {
            on_details.run(());
        }
    };
    let on_click = move |event: MouseEvent| {
        let top_px = viewport.get_untracked().map_or(0.0, |viewport| viewport.get_bounding_client_rect().top());
        let y_px = f64::from(event.client_y()) - top_px;
        let row = state.rows.with_untracked(|rows| rows.get(row_view.get_untracked().row_at(y_px, rows.len())?));
        let Some(row) = row else { return };
        if is_on_twist(&event) && row.is_expanded.is_some() {
            state.toggle(row.path);
            return;
        }
        state.select(row.path);
        state.focus_requests.update(|n| *n += 1);
        on_pick.run(());
    };
    let slots = RowSlots::new(Signal::from(n_rows), Signal::from(row_view), selected_row, Signal::stored(true));
    let slots = slots.below_headings();
    let focus = RowFocus::new(state.focus_requests);
    let draw = Callback::new(move |at| view! { <PathRowView state at focus /> }.into_any());
    let headings = view! {
        <div node_ref=head class="path-table-head" role="row" aria-rowindex="1">
            {Column::ALL.iter().map(|&column| heading(state, column)).collect_view()}
        </div>
    };
    view! {
        <div
            class="path-table"
            style:--tree-row-height=live(move || format!("{}px", row_view.get().row_height_px))
            style:--viewport-height=live(move || format!("{}px", row_view.get().height_px))
        >
            <TreeScroller
                label="Call paths"
                scroller
                n_rows=Signal::derive(move || n_rows.get() + 1)
                content_height_px=Signal::derive(move || n_rows.get() as f64 * row_view.get().row_height_px)
                has_size
                scroll_top_px
                scroll_request
                on_key=Callback::new(on_key)
                head=headings.into_any()
            >
                <div
                    node_ref=viewport
                    class="tree-viewport"
                    role="presentation"
                    // The browser would focus the row under the mouse and select text; a click focuses by itself.
                    on:mousedown=move |event: MouseEvent| event.prevent_default()
                    on:click=on_click
                >
                    <TreeRows slots focus draw />
                </div>
            </TreeScroller>
        </div>
    }
}

fn heading(state: AggregateState, column: Column) -> impl IntoView {
    let direction = move || {
        let sort = state.sort();
        (sort.column == column).then_some(if sort.is_ascending { "ascending" } else { "descending" })
    };
    view! {
        <span class="path-cell" class:is-name=column == Column::Name role="columnheader" aria-sort=live(direction)>
            <button type="button" class="path-heading" on:click=move |_| state.sort_by(column)>
                {column.label()}
                <span class="path-heading-arrow" aria-hidden="true">
                    {live(move || match direction() {
                        Some("ascending") => "↑",
                        Some(_) => "↓",
                        None => "",
                    })}
                </span>
            </button>
        </span>
    }
}
