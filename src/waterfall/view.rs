//! The waterfall on the page: minimap and axis on top, below them the tree beside the bars.

use super::axis::Axis;
use super::chart::ChartCanvas;
use super::chart_notes::ChartNotes;
use super::divider::Divider;
use super::geometry::{DEFAULT_GUTTER_PERCENT, GUTTER_PERCENT_RANGE, Geometry};
use super::gutter::{RunRows, on_tree_key};
use super::hover_card::HoverCard;
use super::minimap::Minimap;
use super::pointer::PointerInput;
use super::state::Waterfall;
use crate::components::element_size::use_element_size;
use crate::components::erased::{When, effect, live, memo};
use crate::components::screen::use_media;
use crate::components::tree::TreeScroller;
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// A tree this wide has room for tokens and cost.
const FIGURES_FROM_PX: f64 = 330.0;

/// Draws `state`. `children` stand above the tree, beside the minimap.
#[component]
pub fn WaterfallView(
    state: Waterfall,
    /// Share of the width for the tree, in percent; `None` for the default.
    #[prop(into)]
    gutter_percent: Signal<Option<f64>>,
    on_gutter_percent: Callback<Option<f64>>,
    /// Enter on a row: the reader wants its details.
    on_details: Callback<()>,
    /// A row was clicked or tapped.
    on_pick: Callback<()>,
    /// The reader wants to search.
    on_find: Callback<()>,
    children: Children,
) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let viewport = NodeRef::<Div>::new();
    let viewport_size = use_element_size(viewport);
    let scroller_size = use_element_size(scroller);
    let is_coarse = use_media("(pointer: coarse)");
    let percent = memo(move || gutter_percent.get().unwrap_or(DEFAULT_GUTTER_PERCENT));
    effect(move || {
        // The width without the scroll bar is that of the rows, the height that of the scrolling box.
        let (width, height) = (viewport_size.get().width_px, scroller_size.get().height_px);
        let geometry = state.mapped(Geometry::new(width, height, percent.get(), is_coarse.get()));
        let was_unknown = state.geometry.get_untracked().height_px < 1.0;
        if state.geometry.get_untracked() != geometry {
            state.geometry.set(geometry);
        }
        if was_unknown && height >= 1.0 {
            state.reveal_selected();
        }
    });

    let content_height = memo(move || {
        let n_rows = state.rows.with(|rows| rows.len());
        n_rows as f64 * state.geometry.get().row_height_px
    });
    let input = PointerInput::new(state, viewport);
    let on_click = move |event: MouseEvent| {
        if input.on_click(&event) {
            on_pick.run(());
        }
    };
    let n_rows = Signal::derive(move || state.rows.with(|rows| rows.len()));
    let has_figures = move || state.geometry.get().gutter_px >= FIGURES_FROM_PX;
    let px = move |pick: fn(Geometry) -> f64| move || format!("{}px", pick(state.geometry.get()));
    view! {
        <section
            class="waterfall"
            class:is-stacked=live(move || state.geometry.get().is_stacked)
            class:has-figures=live(has_figures)
            class:is-low=live(move || !state.geometry.get().has_names())
            aria-label="Waterfall"
            on:wheel=move |_: WheelEvent| state.stop_following()
            on:pointerdown=move |_: PointerEvent| state.stop_following()
            style:--gutter=px(|geometry| geometry.gutter_px)
            style:--chart=px(|geometry| geometry.chart_px())
            style:--viewport-height=px(|geometry| geometry.height_px)
            style:--tree-row-height=px(|geometry| geometry.row_height_px)
        >
            <div class="waterfall-head">
                <div class="waterfall-summary">
                    <ChartNotes state on_find />
                    <div class="waterfall-summary-line">{children()}</div>
                </div>
                <div class="waterfall-timeline">
                    <Minimap state />
                    <Axis state />
                </div>
            </div>
            <TreeScroller
                label="Runs"
                scroller
                n_rows
                content_height_px=content_height
                has_size=Signal::derive(move || state.geometry.get().height_px >= 1.0)
                scroll_top_px=state.scroll_top_px
                scroll_request=state.scroll_request
                on_key=Callback::new(move |event| on_tree_key(state, &event, on_details))
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
                    on:pointerup=move |event: PointerEvent| input.on_up(&event)
                    on:pointercancel=move |event: PointerEvent| input.on_up(&event)
                    on:pointerleave=move |_: PointerEvent| input.on_leave()
                    on:click=on_click
                    on:auxclick=move |event: MouseEvent| input.on_aux_click(&event)
                    on:dblclick=move |event: MouseEvent| input.on_double_click(&event)
                >
                    <RunRows state />
                    <ChartCanvas state />
                </div>
            </TreeScroller>
            <When when=move || !state.geometry.get().is_stacked>
                <div class="waterfall-divider">
                    <Divider
                        label="Width of the tree"
                        value=percent
                        range=GUTTER_PERCENT_RANGE
                        px_per_unit=Signal::derive(move || state.geometry.get().width_px / 100.0)
                        on_change=Callback::new(move |percent| on_gutter_percent.run(Some(percent)))
                        on_reset=Callback::new(move |()| on_gutter_percent.run(None))
                    />
                </div>
            </When>
            <HoverCard state input />
            <div class="visually-hidden" role="status">{state.announcement}</div>
        </section>
    }
}
