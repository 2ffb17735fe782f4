//! The canvases with the bars, laid over the rows: grid, bars, and what changes with the pointer, each painted only when
//! it has to be. What they show is also in the tree, so they are hidden from screen readers.

use super::canvas::{CanvasPainter, begin, context_of, put_picture, within_lines};
use super::counters::{Canvas as Counted, Cost, now_us, record};
use super::layout::ground::ground;
use super::layout::{ChartView, RASTER_BELOW_PX, layout, layout_rows};
use super::marks::DrawList;
use super::overlay::overlay;
use super::painter::{PaintCounts, count, paint};
use super::palette::Palette;
use super::raster::Raster;
use super::state::Waterfall;
use crate::components::erased::effect;
use crate::components::screen::use_device_pixel_ratio;
use crate::theme::use_canvas_tokens;
use leptos::html::Canvas;
use leptos::prelude::*;
use web_sys::CanvasRenderingContext2d;

/// The bars of the rows in sight.
#[component]
pub fn ChartCanvas(state: Waterfall) -> impl IntoView {
    let [grid, bars, over] = [(); 3].map(|()| NodeRef::<Canvas>::new());
    let tokens = use_canvas_tokens();
    let dpr = use_device_pixel_ratio();
    let palette = StoredValue::new_local(None::<Palette>);
    effect(move || {
        let context = bars.get().and_then(|canvas| context_of(&canvas));
        palette.set_value(context.map(|context| Palette::new(&tokens.read(), &context, dpr.get())));
    });
    let sheet = move |canvas: NodeRef<Canvas>| Sheet { state, canvas, palette, dpr };
    let track_place = move |canvas: NodeRef<Canvas>| {
        canvas.track();
        tokens.track();
        dpr.track();
        state.geometry.track();
        state.scale();
    };
    let frames = state.chart.frames;

    frames.paint_on_change(
        move || {
            track_place(grid);
            if state.geometry.with(|geometry| geometry.is_stacked) {
                state.scroll_top_px.track();
                state.rows.track();
            }
        },
        move || sheet(grid).paint_all(Counted::Grid, ground),
    );

    // The selected run as it was last painted: it does not fade while a search is on.
    let painted_selection = StoredValue::new(None);
    frames.paint_on_change(
        move || {
            track_place(bars);
            state.tree.track();
            state.rows.track();
            state.scroll_top_px.track();
            state.now_ns.track();
            state.matches.track();
            state.critical_path.track();
            state.chart.coloring.track();
        },
        move || {
            painted_selection.set_value(state.selected.get_untracked());
            if state.geometry.get_untracked().row_height_px < RASTER_BELOW_PX {
                sheet(bars).paint_pixels();
            } else {
                sheet(bars).paint_all(Counted::Bars, layout);
            }
        },
    );
    frames.paint_on_change(
        move || state.selected.track(),
        move || {
            let (was, is) = (painted_selection.get_value(), state.selected.get_untracked());
            let fades = state.matches.with_untracked(|matches| matches.is_some());
            if was == is || !fades || state.geometry.get_untracked().row_height_px < RASTER_BELOW_PX {
                return;
            }
            painted_selection.set_value(is);
            for run in [was, is].into_iter().flatten() {
                if let Some(row) = state.rows.with_untracked(|rows| rows.position_of_or_above(run)) {
                    sheet(bars).paint_row(row);
                }
            }
        },
    );

    frames.paint_on_change(
        move || {
            track_place(over);
            state.rows.track();
            state.scroll_top_px.track();
            state.now_ns.track();
            state.selected.track();
            state.hovered.track();
            state.pointer_px.track();
            state.range.track();
            state.markers_us.track();
            state.chart.marquee_px.track();
        },
        move || sheet(over).paint_all(Counted::Overlay, |view| overlay(view, &state.pointed())),
    );

    view! {
        <canvas node_ref=grid class="waterfall-chart" aria-hidden="true"></canvas>
        <canvas node_ref=bars class="waterfall-chart" aria-hidden="true"></canvas>
        <canvas node_ref=over class="waterfall-chart" aria-hidden="true"></canvas>
    }
}

/// One canvas and what it is painted with.
#[derive(Clone, Copy)]
struct Sheet {
    state: Waterfall,
    canvas: NodeRef<Canvas>,
    palette: StoredValue<Option<Palette>, LocalStorage>,
    dpr: Signal<f64>,
}

impl Sheet {
    /// Paints the canvas anew with what `lay` lists.
    fn paint_all(self, counted: Counted, lay: impl FnOnce(&ChartView<'_>) -> DrawList) {
        self.with(|context, palette, dpr, view| {
            let began_us = now_us();
            let list = lay(view);
            let laid_us = now_us();
            self.begin(context, dpr);
            paint(&list, &mut CanvasPainter::new(context, palette, dpr));
            let area_px = view.scale.width_px() * view.row_view.height_px;
            tell(counted, palette, &list, area_px, [began_us, laid_us]);
        });
    }

    /// Paints one row of the bars, and leaves the others.
    fn paint_row(self, row: usize) {
        self.with(|context, palette, dpr, view| {
            let began_us = now_us();
            let list = layout_rows(view, row..row + 1);
            let laid_us = now_us();
            let (width, height) = (view.scale.width_px(), view.row_view.row_height_px);
            within_lines(context, (width, view.row_view.y_of(row), height), || {
                paint(&list, &mut CanvasPainter::new(context, palette, dpr));
            });
            tell(Counted::Bars, palette, &list, width * height, [began_us, laid_us]);
        });
    }

    /// Paints rows that are too low for marks.
    fn paint_pixels(self) {
        self.with(|context, palette, dpr, view| {
            let began_us = now_us();
            let raster = Raster::of_rows(view, dpr);
            let pixels = raster.pixels(&palette.bytes);
            let laid_us = now_us();
            self.begin(context, dpr);
            put_picture(context, &pixels, raster.width, (0.0, 0.0));
            record(Counted::Bars, || Cost {
                counts: PaintCounts { n_rects: 1, ..PaintCounts::default() },
                area_px: view.scale.width_px() * view.row_view.height_px,
                n_new_texts: 0,
                layout_us: laid_us - began_us,
                paint_us: now_us() - laid_us,
            });
        });
    }

    fn begin(self, context: &CanvasRenderingContext2d, dpr: f64) {
        let geometry = self.state.geometry.get_untracked();
        if let Some(canvas) = self.canvas.get_untracked() {
            begin(&canvas, context, (geometry.chart_px(), geometry.height_px), dpr);
        }
    }

    fn with(self, paint: impl FnOnce(&CanvasRenderingContext2d, &Palette, f64, &ChartView<'_>)) {
        let Some(context) = self.canvas.get_untracked().and_then(|canvas| context_of(&canvas)) else { return };
        self.palette.with_value(|palette| {
            let Some(palette) = palette else { return };
            self.state.with_view(palette.as_inks(), |view| paint(&context, palette, self.dpr.get_untracked(), view));
        });
    }
}

fn tell(counted: Counted, palette: &Palette, list: &DrawList, area_px: f64, [began_us, laid_us]: [f64; 2]) {
    record(counted, || Cost {
        counts: count(list),
        area_px,
        n_new_texts: palette.take_new_texts(),
        layout_us: laid_us - began_us,
        paint_us: now_us() - laid_us,
    });
}
