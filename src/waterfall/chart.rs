//! The canvas with the bars, laid over the rows. What it shows is also in the tree, so it is hidden from screen readers.

use super::canvas::{CanvasPainter, Palette, begin, context_of};
use super::frame::paint_on_change;
use super::layout::{ChartView, layout};
use super::painter::paint;
use super::state::Waterfall;
use crate::components::erased::effect;
use crate::components::screen::use_device_pixel_ratio;
use crate::theme::use_canvas_tokens;
use leptos::html::Canvas;
use leptos::prelude::*;

/// The bars of the rows in sight.
#[component]
pub fn ChartCanvas(state: Waterfall) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let tokens = use_canvas_tokens();
    let dpr = use_device_pixel_ratio();
    let palette = StoredValue::new_local(None::<Palette>);
    effect(move || {
        let context = canvas.get().and_then(|canvas| context_of(&canvas));
        palette.set_value(context.map(|context| Palette::new(&tokens.read(), &context, dpr.get())));
    });

    let track = move || {
        canvas.track();
        tokens.track();
        dpr.track();
        state.tree.track();
        state.rows.track();
        state.geometry.track();
        state.scroll_top_px.track();
        state.shown_window();
        state.now_ns.track();
        state.selected.track();
        state.matches.track();
        state.critical_path.track();
    };
    let draw = move || {
        let Some(element) = canvas.get_untracked() else { return };
        let Some(context) = context_of(&element) else { return };
        let geometry = state.geometry.get_untracked();
        let size = (geometry.chart_px(), geometry.height_px);
        let dpr = dpr.get_untracked();
        begin(&element, &context, size, dpr);
        palette.with_value(|palette| {
            let Some(palette) = palette else { return };
            let tree = state.tree.get_untracked();
            let matches = state.matches.get_untracked();
            let critical_path = state.critical_path.get_untracked();
            let list = layout(&ChartView {
                tree: &tree,
                rows: &state.rows.read_untracked(),
                collapsed: &state.collapsed.read_untracked(),
                window: untrack(|| state.shown_window()),
                width_px: size.0,
                row_view: state.row_view_untracked(),
                bar_top_px: geometry.bar_top_px,
                bar_height_px: geometry.bar_height_px,
                now_ns: state.now_ns.get_untracked(),
                selected: state.selected.get_untracked(),
                matches: matches.as_ref().map(|matches| matches.as_slice()),
                critical_path: critical_path.as_deref(),
                widths: &palette.widths,
                is_monochrome: palette.is_monochrome,
                is_stacked: geometry.is_stacked,
            });
            paint(&list, &mut CanvasPainter::new(&context, palette, dpr));
        });
    };
    paint_on_change(track, draw);

    view! { <canvas node_ref=canvas class="waterfall-chart" aria-hidden="true"></canvas> }
}
