//! The whole trace in a strip with the window on it: drag the window to pan, its edges to resize, elsewhere to draw a
//! new one.

use super::canvas::{begin, context_of};
use super::frame::paint_on_change;
use super::gestures::{MinimapGrip, minimap_grip};
use super::minimap_layout::stretches;
use super::state::Waterfall;
use super::time_window::TimeWindow;
use crate::components::erased::{live, memo};
use crate::components::screen::use_device_pixel_ratio;
use crate::theme::use_canvas_tokens;
use leptos::ev::PointerEvent;
use leptos::html::Canvas;
use leptos::prelude::*;

const HEIGHT_PX: f64 = 36.0;
const LANE_PX: u32 = 2;

/// What a press began, and where.
#[derive(Clone, Copy)]
struct Hold {
    grip: MinimapGrip,
    began_at_px: f64,
    window: TimeWindow,
}

/// See the module. Everything it does can be done with keys on the tree, so it is hidden from screen readers.
#[component]
pub fn Minimap(state: Waterfall) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let tokens = use_canvas_tokens();
    let dpr = use_device_pixel_ratio();
    let width = memo(move || state.geometry.get().chart_px().floor());
    let bounds = memo(move || state.bounds());

    let track = move || {
        canvas.track();
        tokens.track();
        dpr.track();
        width.track();
        bounds.track();
        state.tree.track();
        state.matches.track();
        if state.tree.with(|tree| !tree.running().is_empty()) {
            state.now_ns.track();
        }
    };
    let draw = move || {
        let Some(element) = canvas.get_untracked() else { return };
        let Some(context) = context_of(&element) else { return };
        let (width, tokens) = (width.get_untracked(), tokens.get_untracked());
        begin(&element, &context, (width, HEIGHT_PX), dpr.get_untracked());
        let tree = state.tree.get_untracked();
        let (bounds, now_ns) = (untrack(|| bounds.get()), state.now_ns.get_untracked());
        let n_lanes = (HEIGHT_PX as u32 - 6) / LANE_PX;
        // Few runs get thicker lanes.
        let n_used = n_lanes.min(tree.n_runs() as u32).max(1);
        let lane_px = f64::from(((HEIGHT_PX as u32 - 6) / n_used).clamp(LANE_PX, 5));
        for stretch in stretches(&tree, bounds, width as u32, n_lanes, now_ns) {
            let color = if stretch.has_error { &tokens.error } else { &tokens.run(stretch.run_type).fill };
            context.set_fill_style_str(color);
            let y = 2.0 + f64::from(stretch.lane) * lane_px;
            context.fill_rect(f64::from(stretch.x_px), y, f64::from(stretch.width_px), (lane_px - 1.0).clamp(1.0, 3.0));
        }
        if let Some(matches) = state.matches.get_untracked() {
            context.set_fill_style_str(&tokens.accent);
            let mut last_px = -1.0;
            for &run in matches.iter() {
                let x_px = bounds.px_from_time(tree.start_ns(run) as f64, width).floor();
                if x_px > last_px {
                    context.fill_rect(x_px, HEIGHT_PX - 3.0, 1.0, 3.0);
                    last_px = x_px;
                }
            }
        }
    };
    paint_on_change(track, draw);

    let edges = memo(move || {
        let (window, bounds, width) = (state.shown_window(), bounds.get(), width.get());
        (bounds.px_from_time(window.start_ns, width), bounds.px_from_time(window.end_ns, width))
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
        let window = untrack(|| state.shown_window());
        hold.set_value(Some(Hold { grip, began_at_px: x_px, window }));
        if let Some(element) = canvas.get_untracked() {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
    };
    let on_move = move |event: PointerEvent| {
        let x_px = f64::from(event.offset_x());
        let (bounds, width) = (bounds.get_untracked(), width.get_untracked());
        let Some(Hold { grip, began_at_px, window }) = hold.get_value() else {
            let (start_px, end_px) = edges.get_untracked();
            cursor.set(match minimap_grip(x_px, start_px, end_px, is_whole.get_untracked()) {
                MinimapGrip::StartEdge | MinimapGrip::EndEdge => "ew-resize",
                MinimapGrip::Body => "grab",
                MinimapGrip::Empty => "crosshair",
            });
            return;
        };
        let time = bounds.time_from_px(x_px.clamp(0.0, width), width);
        let moved = match grip {
            MinimapGrip::Body => {
                window.panned((x_px - began_at_px) / width * bounds.len_ns() / window.len_ns(), bounds)
            }
            MinimapGrip::StartEdge => between(time, window.end_ns),
            MinimapGrip::EndEdge => between(window.start_ns, time),
            MinimapGrip::Empty if (x_px - began_at_px).abs() < 4.0 => return,
            MinimapGrip::Empty => between(bounds.time_from_px(began_at_px, width), time),
        };
        state.set_window(moved);
    };
    let on_up = move |_: PointerEvent| hold.set_value(None);

    view! {
        <div class="waterfall-minimap" aria-hidden="true">
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
