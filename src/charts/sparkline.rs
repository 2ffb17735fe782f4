//! A chart as small as a word: its course without axes.

use super::canvas::{paint, palette};
use crate::charts::chart::Chart;
use crate::charts::color::Color;
use crate::charts::layout::{PlotSize, Shape, layout};
use crate::charts::legend::Legend;
use crate::components::element_size::use_element_size;
use crate::components::erased::effect;
use crate::theme::use_canvas_tokens;
use leptos::html;
use leptos::prelude::*;

/// Decoration: the number beside it says what matters.
#[component]
pub fn Sparkline(#[prop(into)] chart: Signal<Chart>) -> impl IntoView {
    let (place, canvas) = (NodeRef::<html::Div>::new(), NodeRef::<html::Canvas>::new());
    let (size, tokens) = (use_element_size(place), use_canvas_tokens());
    effect(move || {
        let (Some(canvas), size) = (canvas.get(), size.get()) else { return };
        let plot = PlotSize { width_px: size.width_px, height_px: size.height_px };
        let mut shapes = chart.with(|chart| layout(chart, &Legend::default(), plot)).shapes;
        shapes.retain(|shape| !matches!(shape, Shape::Line { paint, .. } if paint.color == Color::Grid));
        let dpr = window().device_pixel_ratio();
        tokens.with(|tokens| paint(&canvas, &shapes, &palette(tokens), (size.width_px, size.height_px), dpr));
    });
    view! {
        <div class="plot-course" node_ref=place aria-hidden="true">
            <canvas node_ref=canvas></canvas>
        </div>
    }
}
