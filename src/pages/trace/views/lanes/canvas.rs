//! The canvas with the lanes in sight. What it shows is also in the tree, so it is hidden from screen readers.

use super::state::LanesState;
use crate::components::erased::effect;
use crate::components::screen::use_device_pixel_ratio;
use crate::lanes::axis::unit_ticks;
use crate::lanes::draw::draw;
use crate::lanes::layout::{LanesView, marks};
use crate::theme::use_canvas_tokens;
use crate::waterfall::Inks;
use crate::waterfall::canvas::{CanvasPainter, begin, context_of};
use crate::waterfall::layout::ground::TICK_GAP_PX;
use crate::waterfall::painter::paint;
use crate::waterfall::palette::Palette;
use leptos::html::Canvas;
use leptos::prelude::*;

/// Draws what is in the window, and leaves in `state.marks` what it drew.
#[component]
pub fn LanesCanvas(state: LanesState) -> impl IntoView {
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
        state.lanes.track();
        state.scroll_top_px.track();
        state.lane_height_px();
        state.scale();
        state.waterfall.geometry.track();
        state.waterfall.matches.track();
        state.waterfall.critical_path.track();
        state.shown.track();
        state.waterfall.chart.coloring.track();
        if state.waterfall.tree.with(|tree| !tree.running().is_empty()) {
            state.waterfall.now_ns.track();
        }
    };
    let draw = move || {
        let Some(element) = canvas.get_untracked() else { return };
        let Some(context) = context_of(&element) else { return };
        let (geometry, dpr) = (state.waterfall.geometry.get_untracked(), dpr.get_untracked());
        let size = (geometry.chart_px(), geometry.height_px);
        begin(&element, &context, size, dpr);
        palette.with_value(|palette| {
            let Some(palette) = palette else { return };
            let list = untrack(|| {
                with_view(state, palette.as_inks(), |view| {
                    let found = marks(view);
                    let ticks = unit_ticks(state.unit.get(), view.scale, TICK_GAP_PX);
                    let ticks: Vec<f64> = ticks.into_iter().map(|tick| tick.x_px).collect();
                    let list = draw(view, &found, &ticks);
                    state.marks.set_value(found);
                    list
                })
            });
            paint(&list, &mut CanvasPainter::new(&context, palette, dpr));
        });
    };
    state.waterfall.chart.frames.paint_on_change(track, draw);
    view! { <canvas node_ref=canvas class="lanes-canvas" aria-hidden="true"></canvas> }
}

/// Calls `see` with everything that decides what is drawn.
pub fn with_view<T>(state: LanesState, inks: Inks<'_>, see: impl FnOnce(&LanesView<'_>) -> T) -> T {
    let waterfall = state.waterfall;
    let (tree, lanes, geometry) = (waterfall.tree.get(), state.lanes.get(), waterfall.geometry.get());
    let (matches, critical_path) = (waterfall.matches.get(), waterfall.critical_path.get());
    let shown = state.shown.get();
    see(&LanesView {
        tree: &tree,
        lanes: &lanes,
        scale: &state.scale(),
        height_px: geometry.height_px,
        scroll_top_px: state.scroll_top_px.get(),
        lane_height_px: state.lane_height_px(),
        now_ns: waterfall.now_ns.get(),
        matches: matches.as_ref().map(|matches| matches.as_slice()),
        shown: &shown,
        critical_path: critical_path.as_deref(),
        coloring: &waterfall.chart.coloring.get(),
        inks: inks.inks,
        widths: inks.widths,
        is_monochrome: inks.is_monochrome,
    })
}
