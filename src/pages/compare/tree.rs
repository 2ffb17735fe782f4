//! The tree of pairs with its columns, its axis and its bars.

use super::chart::{CompareChart, TICK_GAP_PX};
use super::geometry::Geometry;
use super::pointer::PointerInput;
use super::rows::PairRowsView;
use super::state::CompareState;
use crate::compare::keys::TREE_KEYS;
use crate::components::element_size::use_element_size;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::keyboard::action;
use crate::components::screen::use_media;
use crate::waterfall::ticks::ticks;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// Draws `state`.
#[component]
pub fn CompareTree(
    state: CompareState,
    /// Enter on a row: the reader wants to see what differs.
    on_details: Callback<()>,
    /// A row was clicked or tapped.
    on_pick: Callback<()>,
) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let viewport = NodeRef::<Div>::new();
    let viewport_size = use_element_size(viewport);
    let scroller_size = use_element_size(scroller);
    let is_coarse = use_media("(pointer: coarse)");
    effect(move || {
        // The width without the scroll bar is that of the rows, the height that of the scrolling box.
        let (width, height) = (viewport_size.get().width_px, scroller_size.get().height_px);
        let geometry = Geometry::new(width, height, is_coarse.get());
        let was_unknown = state.geometry.get_untracked().height_px < 1.0;
        if state.geometry.get_untracked() != geometry {
            state.geometry.set(geometry);
        }
        if was_unknown && height >= 1.0 {
            state.reveal_selected();
        }
    });
    let content_height = memo(move || state.rows.with(|rows| rows.len()) as f64 * state.geometry.get().row_height_px);
    // After the rows have their new height: a scroll position beyond the old one would be cut.
    effect(move || {
        content_height.track();
        let (Some(top_px), Some(scroller)) = (state.scroll_request.get(), scroller.get()) else { return };
        if state.geometry.get().height_px < 1.0 {
            return;
        }
        scroller.set_scroll_top(top_px.round() as i32);
        state.scroll_top_px.set(f64::from(scroller.scroll_top()));
        state.scroll_request.set(None);
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            state.scroll_top_px.set(f64::from(scroller.scroll_top()));
        }
    };
    let input = PointerInput::new(state, viewport);
    let on_key = move |event: KeyboardEvent| {
        let Some(command) = action(TREE_KEYS, &event) else { return };
        event.prevent_default();
        event.stop_propagation();
        if !state.carry_out(command) {
            on_details.run(());
        }
    };
    let px = move |pick: fn(Geometry) -> f64| move || format!("{}px", pick(state.geometry.get()));
    let is = move |pick: fn(Geometry) -> bool| live(move || pick(state.geometry.get()));
    view! {
        <section
            class="compare-tree"
            class:is-stacked=is(|geometry| geometry.is_stacked)
            class:has-amounts=is(|geometry| geometry.has_amounts)
            class:has-output=is(|geometry| geometry.has_output)
            aria-label="Runs of both traces"
            style:--name=px(|geometry| geometry.name_px)
            style:--chart-left=px(|geometry| geometry.chart_left_px())
            style:--chart=px(|geometry| geometry.chart_px())
            style:--viewport-height=px(|geometry| geometry.height_px)
            style:--pair-row-height=px(|geometry| geometry.row_height_px)
        >
            <ColumnHeads state />
            <div
                node_ref=scroller
                class="compare-scroller"
                role="treegrid"
                aria-label="Runs"
                aria-rowcount=live(move || state.rows.with(|rows| rows.len()).to_string())
                on:scroll=on_scroll
                on:keydown=on_key
            >
                <div class="compare-content" role="presentation" style:--content-height=live(move || {
                    format!("{}px", content_height.get())
                })>
                    <div
                        node_ref=viewport
                        class="compare-viewport"
                        role="presentation"
                        on:wheel=move |event: WheelEvent| input.on_wheel(&event)
                        // The browser would focus the row under the mouse and select text; a click focuses by itself.
                        on:mousedown=move |event: MouseEvent| event.prevent_default()
                        on:pointerdown=move |event: PointerEvent| input.on_down(&event)
                        on:pointermove=move |event: PointerEvent| input.on_move(&event)
                        on:pointerup=move |_: PointerEvent| input.on_up()
                        on:pointercancel=move |_: PointerEvent| input.on_up()
                        on:pointerleave=move |_: PointerEvent| input.on_leave()
                        on:click=move |event: MouseEvent| {
                            if input.on_click(&event) {
                                on_pick.run(());
                            }
                        }
                        on:dblclick=move |event: MouseEvent| input.on_double_click(&event)
                    >
                        <PairRowsView state />
                        <CompareChart state />
                    </div>
                </div>
            </div>
            <div class="visually-hidden" role="status">{state.announcement}</div>
        </section>
    }
}

/// The names of the columns and the time axis. Rows say all of it in words.
#[component]
fn ColumnHeads(state: CompareState) -> impl IntoView {
    let labels = move || {
        let width = state.geometry.get().chart_px();
        let ticks = ticks(state.shown_window(), width, TICK_GAP_PX);
        // The last label needs room to its right.
        ticks
            .into_iter()
            .filter(|tick| tick.x_px >= -1.0 && tick.x_px <= width - 34.0)
            .map(|tick| {
                view! {
                    <span class="waterfall-tick" style:--x=format!("{:.1}px", tick.x_px)>
                        {tick.label}
                    </span>
                }
                .into_any()
            })
            .collect_view()
    };
    view! {
        <div class="compare-heads" aria-hidden="true">
            <span class="compare-head-name">"Run"</span>
            <span class="pair-row-a"><span class="compare-key is-a"></span>"A"</span>
            <span class="pair-row-b"><span class="compare-key is-b"></span>"B"</span>
            <span class="pair-row-delta">"Δ "{dynamic(move || state.measure().label().to_lowercase())}</span>
            <span class="pair-row-output">"Output"</span>
            <div class="waterfall-axis">{dynamic(labels)}</div>
        </div>
    }
}
