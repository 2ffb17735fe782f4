//! The table of call paths: a treegrid that draws the rows in sight.

use super::row::PathRowView;
use super::state::AggregateState;
use crate::aggregate::keys::PATH_KEYS;
use crate::aggregate::rows::Column;
use crate::components::element_size::use_element_size;
use crate::components::erased::{Keyed, effect, live, memo};
use crate::components::keyboard::action;
use crate::components::screen::use_media;
use crate::waterfall::rows::RowView;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// Rows drawn above and below those in sight.
const OVERSCAN_ROWS: usize = 8;

/// See the module.
#[component]
pub fn PathTable(state: AggregateState, on_details: Callback<()>, on_pick: Callback<()>) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let head = NodeRef::<Div>::new();
    let size = use_element_size(scroller);
    let head_size = use_element_size(head);
    let is_coarse = use_media("(pointer: coarse)");
    let scroll_top_px = RwSignal::new(0.0);
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
    let drawn = memo(move || {
        let shown = row_view.get().shown(n_rows.get());
        let from = shown.start.saturating_sub(OVERSCAN_ROWS);
        let mut drawn: Vec<usize> = (from..(shown.end + OVERSCAN_ROWS).min(n_rows.get())).collect();
        // The row with the keyboard stays, however far it is scrolled away.
        drawn.extend(selected_row.get().filter(|row| !drawn.contains(row)));
        drawn
    });
    // What is selected is scrolled into sight.
    effect(move || {
        let Some(row) = selected_row.get() else { return };
        let view = row_view.get_untracked();
        if view.height_px < 1.0 {
            size.track();
            return;
        }
        if let (Some(top_px), Some(scroller)) = (view.scroll_to_see(row), scroller.get_untracked()) {
            scroller.set_scroll_top(top_px.round() as i32);
            scroll_top_px.set(f64::from(scroller.scroll_top()));
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
    let each = move || {
        let rows = state.rows.get();
        drawn.get().into_iter().filter_map(move |at| rows.get(at).map(|row| row.path)).collect::<Vec<_>>()
    };
    let height = move || format!("{}px", n_rows.get() as f64 * row_view.get().row_height_px);
    view! {
        <div
            node_ref=scroller
            class="path-table"
            role="treegrid"
            aria-label="Call paths"
            aria-rowcount=live(move || (n_rows.get() + 1).to_string())
            style:--path-row-height=live(move || format!("{}px", row_view.get().row_height_px))
            on:scroll=move |_| {
                if let Some(scroller) = scroller.get_untracked() {
                    scroll_top_px.set(f64::from(scroller.scroll_top()));
                }
            }
            on:keydown=on_key
            on:focusin=move |_| state.has_keyboard.set_value(true)
            // A row that is taken off the page gives it to nobody.
            on:focusout=move |event: FocusEvent| {
                if event.related_target().is_some() {
                    state.has_keyboard.set_value(false);
                }
            }
        >
            <div node_ref=head class="path-row path-table-head" role="row" aria-rowindex="1">
                {Column::ALL.iter().map(|&column| heading(state, column)).collect_view()}
            </div>
            <div class="path-rows" role="rowgroup" style:--content-height=live(height)>
                <Keyed each key=|path| *path let:path>
                    <PathRowView state path on_pick />
                </Keyed>
            </div>
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
