//! The tree of pairs with its columns, its axis and its bars.

use super::chart::{CompareChart, TICK_GAP_PX};
use super::geometry::Geometry;
use super::pointer::PointerInput;
use super::rows::PairRowsView;
use super::state::CompareState;
use crate::compare::keys::Command;
use crate::components::element_size::use_element_size;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::keyboard::action;
use crate::components::screen::use_media;
use crate::components::tree::TreeScroller;
use crate::waterfall::keys::TREE_KEYS;
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
    let input = PointerInput::new(state, viewport);
    let on_key = move |event: KeyboardEvent| {
        let Some(command) = action(TREE_KEYS, &event) else { return };
        event.prevent_default();
        event.stop_propagation();
        if !state.carry_out(Command::Of(command)) {
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
            style:--tree-name=px(|geometry| geometry.name_px)
            style:--chart-left=px(|geometry| geometry.chart_left_px())
            style:--chart=px(|geometry| geometry.chart_px())
            style:--viewport-height=px(|geometry| geometry.height_px)
            style:--tree-row-height=px(|geometry| geometry.row_height_px)
        >
            <ColumnHeads state />
            <TreeScroller
                label="Runs"
                scroller
                n_rows=Signal::derive(move || state.rows.with(|rows| rows.len()))
                content_height_px=content_height
                has_size=Signal::derive(move || state.geometry.get().height_px >= 1.0)
                scroll_top_px=state.scroll_top_px
                scroll_request=state.scroll_request
                on_key=Callback::new(on_key)
            >
                <div
                    node_ref=viewport
                    class="tree-viewport"
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
            </TreeScroller>
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
    let is_judged = memo(move || state.comparison.with(|comparison| comparison.baseline().is_some()));
    view! {
        <div class="compare-heads" aria-hidden="true">
            <span class="compare-head-name">"Run"</span>
            <span class="pair-row-a">
                <span class="compare-key is-a"></span>
                {dynamic(move || if is_judged.get() { "Usual" } else { "A" })}
            </span>
            <span class="pair-row-b">
                <span class="compare-key is-b"></span>
                {dynamic(move || if is_judged.get() { "Here" } else { "B" })}
            </span>
            <span class="pair-row-delta">"Δ "{dynamic(move || state.measure().label().to_lowercase())}</span>
            <span class="pair-row-output">{dynamic(move || if is_judged.get() { "Place" } else { "Output" })}</span>
            <div class="waterfall-axis">{dynamic(labels)}</div>
        </div>
    }
}
