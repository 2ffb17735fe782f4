//! The lanes on the page: a flame chart on a canvas, with what the reader does to it by pointer and keys.
//!
//! What it shows is also in the tree, one key away; here the selected run is said in words as the arrows move it.

mod canvas;
mod card;
mod pointer;
mod state;

use super::{ViewCommands, ViewProps};
use crate::components::element_size::use_element_size;
use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::action;
use crate::components::part::Drawn;
use crate::format::digits::grouped;
use crate::format::duration::rough_duration;
use crate::keys::KeyGroup;
use crate::lanes::axis::{amount, unit_ticks};
use crate::lanes::keys::LANE_KEYS;
use crate::trace_view::XUnit;
use crate::waterfall::geometry::Geometry;
use crate::waterfall::layout::ground::TICK_GAP_PX;
use crate::waterfall::minimap::Minimap;
use canvas::LanesCanvas;
use card::LaneCard;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use pointer::LanesPointer;
use state::LanesState;

/// The view, in a file of its own.
#[wasm_split(lanes, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn lanes(props: ViewProps) -> Drawn {
    Ok(view! { <LanesPage props /> }.into_any())
}

#[component]
fn LanesPage(props: ViewProps) -> impl IntoView {
    let ViewProps { state: waterfall, unit, on_unit, on_details, on_pick } = props;
    let state = LanesState::new(waterfall, unit);
    use_key_help(KeyGroup::new("Lanes", LANE_KEYS));
    expect_context::<ViewCommands>().take(move |command| state.carry_out(command));

    let scroller = NodeRef::<Div>::new();
    let viewport = NodeRef::<Div>::new();
    let viewport_size = use_element_size(viewport);
    let scroller_size = use_element_size(scroller);
    effect(move || {
        let (width, height) = (viewport_size.get().width_px, scroller_size.get().height_px);
        // All of the width is chart.
        let geometry = Geometry { gutter_px: 0.0, ..Geometry::new(width, height, 0.0, state.is_coarse.get()) };
        let was_unknown = waterfall.geometry.get_untracked().height_px < 1.0;
        if waterfall.geometry.get_untracked() != geometry {
            waterfall.geometry.set(geometry);
        }
        if was_unknown && height >= 1.0 {
            state.reveal_selected();
        }
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            state.scroll_top_px.set(f64::from(scroller.scroll_top()));
        }
    };
    effect(move || {
        let Some(top_px) = state.scroll_request.get() else { return };
        let Some(scroller) = scroller.get() else { return };
        scroller.set_scroll_top(top_px.round() as i32);
        state.scroll_top_px.set(f64::from(scroller.scroll_top()));
        state.scroll_request.set(None);
    });
    Effect::watch(move || waterfall.selected.get(), move |_, _, _| state.reveal_selected(), false);

    let input = LanesPointer::new(state, viewport);
    let on_click = move |event: MouseEvent| {
        if input.on_click(&event) {
            on_pick.run(());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            event.stop_propagation();
            on_details.run(());
        } else if let Some(step) = action(LANE_KEYS, &event) {
            event.prevent_default();
            event.stop_propagation();
            state.step(step);
        }
    };
    let is_empty = memo(move || state.lanes.with(|lanes| lanes.n_lanes() == 0));
    let content_height = move || format!("{}px", state.content_height_px());
    view! {
        <section class="lanes" aria-label="Lanes">
            <div class="lanes-head">
                <div class="waterfall-summary">{dynamic(move || summary(state))}</div>
                <When when=move || unit.get() == XUnit::Time>
                    <Minimap state=waterfall />
                </When>
                <div class="waterfall-axis" aria-hidden="true">{dynamic(move || axis(state))}</div>
            </div>
            <When when=move || is_empty.get()>
                <div class="empty-state">
                    <h2>{dynamic(move || nothing_to_measure(unit.get()))}</h2>
                    <p>"The lanes by time have every run."</p>
                    <button type="button" class="button" on:click=move |_| on_unit.run(XUnit::Time)>
                        "Measure by time"
                    </button>
                </div>
            </When>
            <div
                node_ref=scroller
                class="lanes-scroller"
                hidden=is_empty
                role="application"
                tabindex="0"
                aria-roledescription="flame chart"
                aria-label="Lanes: arrow keys go to the parent, the first child and along the lane. 1 shows the tree"
                on:scroll=on_scroll
                on:keydown=on_key
            >
                <div class="lanes-content" role="presentation" style:--content-height=live(content_height)>
                    <div
                        node_ref=viewport
                        class="lanes-viewport"
                        role="presentation"
                        style:--viewport-height=live(move || format!("{}px", scroller_size.get().height_px))
                        style:cursor=input.cursor
                        on:wheel=move |event: WheelEvent| input.on_wheel(&event)
                        on:pointerdown=move |event: PointerEvent| input.on_down(&event)
                        on:pointermove=move |event: PointerEvent| input.on_move(&event)
                        on:pointerup=move |event: PointerEvent| input.on_up(&event)
                        on:pointercancel=move |event: PointerEvent| input.on_up(&event)
                        on:pointerleave=move |_: PointerEvent| input.on_leave()
                        on:click=on_click
                        on:dblclick=move |event: MouseEvent| input.on_double_click(&event)
                    >
                        <LanesCanvas state />
                        {dynamic(move || ring(state.hovered_box(), "lanes-ring is-hovered"))}
                        {dynamic(move || ring(state.selected_box(), "lanes-ring"))}
                        {dynamic(move || {
                            input.band_px.get().map(|(from, to)| {
                                view! {
                                    <div
                                        class="lanes-band"
                                        style:--x=format!("{from:.1}px")
                                        style:--width=format!("{:.1}px", to - from)
                                    ></div>
                                }
                            })
                        })}
                    </div>
                </div>
            </div>
            <LaneCard state input />
            <div class="visually-hidden" role="status">{dynamic(move || state.spoken())}</div>
            <div class="visually-hidden" role="status">{waterfall.announcement}</div>
        </section>
    }
}

/// Around the box of a run: left, top, width and height in pixels.
fn ring(place: Option<(f64, f64, f64, f64)>, class: &'static str) -> Option<impl IntoView> {
    place.map(|(x, y, width, height)| {
        view! {
            <div
                class=class
                aria-hidden="true"
                style:--x=format!("{x:.1}px")
                style:--y=format!("{y:.1}px")
                style:--width=format!("{width:.1}px")
                style:--height=format!("{height:.1}px")
            ></div>
        }
    })
}

/// "1,204 runs in 12 lanes", and what is not among them.
fn summary(state: LanesState) -> String {
    let n_runs = state.waterfall.tree.with(|tree| tree.n_runs());
    let (n_lanes, n_without, unit, extent) =
        state.lanes.with(|lanes| (lanes.n_lanes(), lanes.n_without_size(), lanes.unit(), lanes.extent()));
    let plural = |n: usize, one: &str| format!("{} {one}{}", grouped(n as i64), if n == 1 { "" } else { "s" });
    let mut said = format!("{} in {}", plural(n_runs - n_without, "run"), plural(n_lanes, "lane"));
    if unit != XUnit::Time {
        said.push_str(&format!(" · {} in all", amount(unit, extent as f64)));
    }
    let why = match unit {
        XUnit::Time => return said,
        XUnit::Tokens => "used no tokens and cannot be seen",
        XUnit::Cost => "cost nothing, or nobody knows what, and cannot be seen",
    };
    if n_without > 0 {
        said.push_str(&format!(" · {} {why}", plural(n_without, "run")));
    }
    said
}

fn nothing_to_measure(unit: XUnit) -> &'static str {
    match unit {
        XUnit::Time => "No runs yet",
        XUnit::Tokens => "No run of this trace says how many tokens it used",
        XUnit::Cost => "Of no run of this trace is the cost known",
    }
}

fn axis(state: LanesState) -> impl IntoView {
    let scale = state.scale();
    let width = scale.width_px();
    let ticks = unit_ticks(state.unit.get(), &scale, TICK_GAP_PX);
    // The last label needs room to its right.
    let fits = move |x_px: f64| x_px >= -1.0 && x_px <= width - 40.0;
    let labels = ticks.into_iter().filter(|tick| fits(tick.x_px)).map(|tick| {
        view! {
            <span class="waterfall-tick" style:--x=format!("{:.1}px", tick.x_px)>
                {tick.label}
            </span>
        }
    });
    let labels = labels.collect_view();
    let pointed = state.waterfall.pointer_px.get().map(|x_px| {
        let at = scale.time(x_px);
        let side = if x_px > width - 70.0 { "waterfall-moment is-left" } else { "waterfall-moment" };
        view! {
            <span class=side style:--x=format!("{x_px:.1}px")>
                {amount(state.unit.get(), at)}
            </span>
        }
    });
    let gaps = scale.bands().filter(|&(_, left, right)| left >= -1.0 && right <= width + 1.0);
    let gaps = gaps.map(|(gap, left, right)| {
        view! {
            <span class="waterfall-gap" style:--x=format!("{left:.1}px") style:--width=format!("{:.1}px", right - left)>
                {rough_duration(gap.len_ns() as i64)}
            </span>
        }
    });
    let gaps = gaps.collect_view();
    let note = scale.is_compressed().then(|| view! { <span class="waterfall-axis-note">"compressed"</span> });
    (labels, gaps, note, pointed)
}
