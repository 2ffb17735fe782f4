//! The whole trace in a picture with the window on it: drag the window to pan, its edges to resize, elsewhere to draw a
//! new one.

use super::canvas::{begin, context_of, put_picture};
use super::counters::{Canvas as Counted, Cost, now_us, record};
use super::gestures::{DRAG_STARTS_AT_PX, MinimapGrip, minimap_grip};
use super::overview::{Overview, OverviewColors, lanes_in};
use super::painter::PaintCounts;
use super::palette::rgb_bytes;
use super::state::Waterfall;
use super::time_scale::TimeScale;
use super::time_window::TimeWindow;
use crate::components::erased::{live, memo};
use crate::components::screen::use_device_pixel_ratio;
use crate::theme::use_canvas_tokens;
use leptos::ev::PointerEvent;
use leptos::html::Canvas;
use leptos::prelude::*;
use std::sync::Arc;

const HEIGHT_PX: f64 = 96.0;
/// Where rows are stacked the screen is small.
const STACKED_HEIGHT_PX: f64 = 56.0;

/// What a press began, and where.
#[derive(Clone)]
struct Hold {
    grip: MinimapGrip,
    began_at_px: f64,
    /// The chart's when the press began.
    scale: TimeScale,
}

/// See the module. Everything it does can be done with keys on the tree, so it is hidden from screen readers.
#[component]
pub fn Minimap(state: Waterfall) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let tokens = use_canvas_tokens();
    let dpr = use_device_pixel_ratio();
    let width = memo(move || state.geometry.get().chart_px().floor());
    let height = memo(move || if state.geometry.get().is_stacked { STACKED_HEIGHT_PX } else { HEIGHT_PX });
    let bounds = memo(move || state.bounds());
    let gaps = memo(move || if state.compresses_idle.get() { state.chart.gaps.get() } else { Arc::default() });
    // The whole trace over the width, in CSS pixels.
    let scale = memo(move || TimeScale::new(bounds.get(), width.get(), &gaps.get()));

    let track = move || {
        canvas.track();
        tokens.track();
        dpr.track();
        height.track();
        scale.track();
        state.chart.coloring.track();
        state.tree.track();
        state.matches.track();
        if state.tree.with(|tree| !tree.running().is_empty()) {
            state.now_ns.track();
        }
    };
    let draw = move || {
        let Some(element) = canvas.get_untracked() else { return };
        let Some(context) = context_of(&element) else { return };
        let began_us = now_us();
        let (width, height, tokens) = (width.get_untracked(), height.get_untracked(), tokens.get_untracked());
        let dpr = dpr.get_untracked();
        let tree = state.tree.get_untracked();
        let fine = TimeScale::new(bounds.get_untracked(), (width * dpr).round(), &gaps.get_untracked());
        let coloring = state.chart.coloring.get_untracked();
        let overview = Overview::new(&tree, &coloring, &fine, lanes_in(height), state.now_ns.get_untracked());
        let mut found: Vec<usize> = Vec::new();
        if let Some(matches) = state.matches.get_untracked() {
            let column = |time_ns: u64| fine.px(time_ns as f64).clamp(0.0, fine.width_px() - 1.0) as usize;
            found.extend(matches.iter().map(|&run| column(tree.start_ns(run))));
            found.sort_unstable();
            found.dedup();
        }
        let mut colors = OverviewColors {
            fills: [[0; 3]; _],
            error: rgb_bytes(&tokens.error),
            matches: rgb_bytes(&tokens.accent),
            cost: rgb_bytes(&tokens.text_faint),
        };
        colors.fills.iter_mut().zip(&tokens.fills).for_each(|(bytes, token)| *bytes = rgb_bytes(&token.fill));
        let picture = overview.picture(&colors, &found, height, dpr);
        let laid_us = now_us();
        begin(&element, &context, (width, height), dpr);
        put_picture(&context, &picture.rgba, picture.width, (0.0, 0.0));
        record(Counted::Minimap, || Cost {
            counts: PaintCounts { n_rects: 1, ..PaintCounts::default() },
            area_px: width * height,
            n_new_texts: 0,
            layout_us: laid_us - began_us,
            paint_us: now_us() - laid_us,
        });
    };
    state.chart.frames.paint_on_change(track, draw);

    let edges = memo(move || {
        let (window, scale) = (state.shown_window(), scale.get());
        (scale.px(window.start_ns), scale.px(window.end_ns))
    });
    let is_whole = memo(move || state.window.get().is_none());
    let hold = StoredValue::new(None::<Hold>);
    let cursor = RwSignal::new("crosshair");

    let on_down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        let x_px = f64::from(event.offset_x());
        let (start_px, end_px) = edges.get_untracked();
        let grip = minimap_grip(x_px, start_px, end_px, is_whole.get_untracked());
        state.remember_window();
        hold.set_value(Some(Hold { grip, began_at_px: x_px, scale: untrack(|| state.scale()) }));
        if let Some(element) = canvas.get_untracked() {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
    };
    let on_move = move |event: PointerEvent| {
        let x_px = f64::from(event.offset_x());
        let whole = scale.get_untracked();
        let Some(Hold { grip, began_at_px, scale }) = hold.get_value() else {
            let (start_px, end_px) = edges.get_untracked();
            cursor.set(match minimap_grip(x_px, start_px, end_px, is_whole.get_untracked()) {
                MinimapGrip::StartEdge | MinimapGrip::EndEdge => "ew-resize",
                MinimapGrip::Body => "grab",
                MinimapGrip::Empty => "crosshair",
            });
            return;
        };
        let window = scale.window();
        let time = whole.time(x_px.clamp(0.0, whole.width_px()));
        let moved = match grip {
            MinimapGrip::Body => {
                scale.started_at(whole.time(whole.px(window.start_ns) + x_px - began_at_px), whole.window())
            }
            MinimapGrip::StartEdge => between(time, window.end_ns),
            MinimapGrip::EndEdge => between(window.start_ns, time),
            MinimapGrip::Empty if (x_px - began_at_px).abs() < DRAG_STARTS_AT_PX => return,
            MinimapGrip::Empty => between(whole.time(began_at_px), time),
        };
        state.set_window(moved);
    };
    let on_up = move |_: PointerEvent| hold.set_value(None);

    view! {
        <div
            class="waterfall-minimap"
            aria-hidden="true"
            style:--minimap-height=live(move || format!("{}px", height.get()))
        >
            <canvas
                node_ref=canvas
                style:cursor=cursor
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=on_up
                on:dblclick=move |_| state.fit_trace()
            ></canvas>
            <div class="waterfall-minimap-veil" hidden=is_whole style:--width=live(move || format!("{:.1}px", edges.get().0))></div>
            <div
                class="waterfall-minimap-veil is-end"
                hidden=is_whole
                style:--width=live(move || format!("{:.1}px", width.get() - edges.get().1))
            ></div>
        </div>
    }
}

fn between(one_ns: f64, other_ns: f64) -> TimeWindow {
    let (start_ns, end_ns) = (one_ns.min(other_ns), one_ns.max(other_ns));
    TimeWindow { start_ns, end_ns: end_ns.max(start_ns + 100.0) }
}
