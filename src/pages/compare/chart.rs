//! The canvas with the bars, laid over the rows. What it shows is also in the tree, so it is hidden from screen readers.

use super::state::CompareState;
use crate::compare::layout::{Bar, Look, PairsView, layout};
use crate::components::screen::use_device_pixel_ratio;
use crate::theme::{CanvasTokens, use_canvas_tokens};
use crate::waterfall::canvas::{begin, context_of};
use crate::waterfall::frame::paint_on_change;
use crate::waterfall::ticks::ticks;
use fanlight_wire::RunType;
use leptos::html::Canvas;
use leptos::prelude::*;
use web_sys::CanvasRenderingContext2d;

/// Grid lines are this far apart at least.
pub const TICK_GAP_PX: f64 = 70.0;

const RADIUS_PX: f64 = 2.5;

/// The bars of the rows in sight.
#[component]
pub fn CompareChart(state: CompareState) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let tokens = use_canvas_tokens();
    let dpr = use_device_pixel_ratio();
    let track = move || {
        canvas.track();
        tokens.track();
        dpr.track();
        state.comparison.track();
        state.rows.track();
        state.geometry.track();
        state.scroll_top_px.track();
        state.shown_window();
    };
    let draw = move || {
        let Some(element) = canvas.get_untracked() else { return };
        let Some(context) = context_of(&element) else { return };
        let geometry = state.geometry.get_untracked();
        let (width, height) = (geometry.chart_px(), geometry.height_px);
        let (window, tokens) = (untrack(|| state.shown_window()), tokens.get_untracked());
        begin(&element, &context, (width, height), dpr.get_untracked());
        if !geometry.is_stacked {
            context.set_fill_style_str(&tokens.grid);
            for tick in ticks(window, width, TICK_GAP_PX) {
                context.fill_rect(tick.x_px.floor(), 0.0, 1.0, height);
            }
        }
        let bars = layout(&PairsView {
            comparison: &state.comparison.get_untracked(),
            rows: &state.rows.read_untracked(),
            window,
            width_px: width,
            row_view: state.row_view_untracked(),
            bars_top_px: geometry.bars_top_px,
            bar_height_px: geometry.bar_height_px,
        });
        bars.iter().for_each(|bar| paint(&context, &tokens, bar));
    };
    paint_on_change(track, draw);
    view! { <canvas node_ref=canvas class="compare-chart" aria-hidden="true"></canvas> }
}

fn paint(context: &CanvasRenderingContext2d, tokens: &CanvasTokens, bar: &Bar) {
    let &Bar { look, run_type, has_error, x, y, w, h } = bar;
    let color = if has_error { &tokens.error } else { &tokens.run(run_type).fill };
    if matches!(look, Look::Before | Look::After) {
        arrow(context, tokens, bar);
        return;
    }
    context.set_stroke_style_str(color);
    context.set_fill_style_str(color);
    if look == Look::Filled {
        // Chains hold others together: paler than what does the work.
        context.set_global_alpha(if run_type == RunType::Chain && !has_error { 0.5 } else { 1.0 });
        context.begin_path();
        let _ = context.round_rect_with_f64(x, y, w, h, RADIUS_PX.min(w / 2.0));
        context.fill();
        context.set_global_alpha(1.0);
        if has_error {
            slashes(context, &tokens.surface, (x, y, w, h));
        }
        return;
    }
    if has_error {
        slashes(context, color, (x, y, w, h));
    }
    let dashes = if look == Look::Dashed { [3.0, 2.0].as_slice() } else { &[] };
    let _ =
        context.set_line_dash(&dashes.iter().copied().map(wasm_bindgen::JsValue::from_f64).collect::<js_sys::Array>());
    context.set_line_width(1.5);
    context.begin_path();
    let (w, h) = ((w - 1.5).max(0.5), h - 1.5);
    let _ = context.round_rect_with_f64(x + 0.75, y + 0.75, w, h, RADIUS_PX.min(w / 2.0));
    context.stroke();
}

/// Slanted lines across the box: it failed.
fn slashes(context: &CanvasRenderingContext2d, color: &str, (x, y, w, h): (f64, f64, f64, f64)) {
    const APART_PX: f64 = 5.0;
    const MOST: usize = 400;
    context.save();
    context.begin_path();
    context.rect(x, y, w, h);
    context.clip();
    context.set_stroke_style_str(color);
    context.set_line_width(1.2);
    context.begin_path();
    for nth in 0..((w + h) / APART_PX).ceil().min(MOST as f64) as usize {
        let from = x + nth as f64 * APART_PX;
        context.move_to(from - h, y + h);
        context.line_to(from, y);
    }
    context.stroke();
    context.restore();
}

/// The run lies on that side of the window.
fn arrow(context: &CanvasRenderingContext2d, tokens: &CanvasTokens, bar: &Bar) {
    let (point, back) = if bar.look == Look::Before { (bar.x, bar.x + bar.w) } else { (bar.x + bar.w, bar.x) };
    context.set_fill_style_str(&tokens.text_faint);
    context.begin_path();
    context.move_to(point, bar.y + bar.h / 2.0);
    context.line_to(back, bar.y);
    context.line_to(back, bar.y + bar.h);
    context.fill();
}
