//! Paints draw lists on an HTML canvas, in the theme's colours and at the screen's density.

use super::marks::{Label, LabelPaint, Mark, Paint, Shape, Tone};
use super::painter::Painter;
use super::text_width::TextWidths;
use crate::theme::CanvasTokens;
use fanlight_wire::RunType;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

const BAR_RADIUS_PX: f64 = 3.0;
const FADED_ALPHA: f64 = 0.35;
/// How much of a run's colour is left in its soft tone.
const SOFT_PERCENT: u32 = 46;

/// The theme's colours as values that a canvas takes without translating text in every frame.
pub struct Palette {
    solid: Vec<JsValue>,
    soft: Vec<JsValue>,
    on_bar: Vec<JsValue>,
    error: JsValue,
    hatch: JsValue,
    grid: JsValue,
    critical: JsValue,
    critical_halo: JsValue,
    faint: JsValue,
    beside: JsValue,
    font: String,
    pub widths: TextWidths,
    /// False when fills and text have one colour, as forced colours make them.
    pub has_labels_on_bars: bool,
    fill_style: JsValue,
    stroke_style: JsValue,
}

impl Palette {
    pub fn new(tokens: &CanvasTokens, context: &CanvasRenderingContext2d, dpr: f64) -> Self {
        let of_type = |make: &dyn Fn(RunType) -> String| -> Vec<JsValue> {
            RunType::ALL.iter().map(|&run_type| JsValue::from_str(&make(run_type))).collect()
        };
        let soft = |run_type| {
            format!("color-mix(in oklab, {} {SOFT_PERCENT}%, {})", tokens.run(run_type).fill, tokens.surface)
        };
        let font = format!("{}px {}", (0.75 * root_font_px()).round(), tokens.font_sans);
        context.set_font(&font);
        let measure = |text: &str| context.measure_text(text).map_or(8.0, |metrics| metrics.width());
        Palette {
            solid: of_type(&|run_type| tokens.run(run_type).fill.clone()),
            soft: of_type(&soft),
            on_bar: of_type(&|run_type| tokens.run(run_type).text.clone()),
            error: JsValue::from_str(&tokens.error),
            hatch: hatch(&tokens.error, dpr).unwrap_or_else(|| JsValue::from_str(&tokens.error)),
            grid: JsValue::from_str(&tokens.grid),
            critical: JsValue::from_str(&tokens.critical),
            critical_halo: JsValue::from_str(&tokens.critical_halo),
            faint: JsValue::from_str(&tokens.text_faint),
            beside: JsValue::from_str(&tokens.text_muted),
            widths: TextWidths::measured(measure),
            has_labels_on_bars: tokens.run(RunType::Llm).fill != tokens.run(RunType::Llm).text,
            font,
            fill_style: JsValue::from_str("fillStyle"),
            stroke_style: JsValue::from_str("strokeStyle"),
        }
    }

    fn color(&self, paint: Paint) -> &JsValue {
        match paint {
            Paint::Grid => &self.grid,
            Paint::Run(run_type, Tone::Solid) => &self.solid[run_type as usize],
            Paint::Run(run_type, Tone::Soft) => &self.soft[run_type as usize],
            Paint::Error => &self.error,
            Paint::CriticalHalo => &self.critical_halo,
            Paint::Critical => &self.critical,
            Paint::Faint => &self.faint,
        }
    }
}

/// CSS pixels of one rem: canvas text follows the reader's text size.
fn root_font_px() -> f64 {
    let size = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(16.0)
}

/// Slanted lines in `color`, transparent between.
fn hatch(color: &str, dpr: f64) -> Option<JsValue> {
    let side = (7.0 * dpr).round().max(4.0);
    let tile = new_canvas(side, side)?;
    let context = context_of(&tile)?;
    context.set_stroke_style_str(color);
    context.set_line_width(1.6 * dpr);
    context.begin_path();
    for offset in [-side, 0.0, side] {
        context.move_to(offset - 1.0, side + 1.0);
        context.line_to(offset + side + 1.0, -1.0);
    }
    context.stroke();
    let pattern = context.create_pattern_with_html_canvas_element(&tile, "repeat").ok().flatten()?;
    Some(pattern.into())
}

fn new_canvas(width: f64, height: f64) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    Some(canvas)
}

/// The canvas's drawing context; `None` where canvases are not to be had: the tree still works then.
pub fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Gives the canvas as many pixels as it covers on the screen, clears it, and scales it to CSS pixels.
pub fn begin(canvas: &HtmlCanvasElement, context: &CanvasRenderingContext2d, (width, height): (f64, f64), dpr: f64) {
    let (device_width, device_height) = ((width * dpr).round() as u32, (height * dpr).round() as u32);
    if canvas.width() != device_width || canvas.height() != device_height {
        canvas.set_width(device_width);
        canvas.set_height(device_height);
    }
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, device_width.into(), device_height.into());
    let _ = context.set_transform(dpr, 0.0, 0.0, dpr, 0.0, 0.0);
}

/// A [`Painter`] on a canvas that [`begin`] has prepared.
pub struct CanvasPainter<'a> {
    context: &'a CanvasRenderingContext2d,
    palette: &'a Palette,
    dpr: f64,
    paint: Paint,
}

impl<'a> CanvasPainter<'a> {
    pub fn new(context: &'a CanvasRenderingContext2d, palette: &'a Palette, dpr: f64) -> Self {
        context.set_font(&palette.font);
        context.set_text_baseline("middle");
        CanvasPainter { context, palette, dpr, paint: Paint::Grid }
    }

    fn set_fill(&self, value: &JsValue) {
        // The property is set as a value: a text would be copied and decoded each time.
        let _ = js_sys::Reflect::set(self.context, &self.palette.fill_style, value);
    }

    fn rounded(&self, mark: &Mark) {
        self.context.begin_path();
        let radius = BAR_RADIUS_PX.min(mark.w / 2.0).min(mark.h / 2.0).max(0.0);
        let _ = self.context.round_rect_with_f64(mark.x, mark.y, mark.w, mark.h, radius);
    }

    fn outline(&self, mark: &Mark) {
        let inset =
            Mark { x: mark.x + 0.5, y: mark.y + 0.5, w: (mark.w - 1.0).max(1.0), h: (mark.h - 1.0).max(1.0), ..*mark };
        self.rounded(&inset);
        self.context.set_line_width(1.0);
        self.context.stroke();
    }

    fn polygon(&self, points: [(f64, f64); 4]) {
        self.context.begin_path();
        self.context.move_to(points[0].0, points[0].1);
        points[1..].iter().for_each(|&(x, y)| self.context.line_to(x, y));
        self.context.fill();
    }
}

impl Painter for CanvasPainter<'_> {
    fn set_paint(&mut self, paint: Paint, is_faded: bool) {
        self.paint = paint;
        let color = self.palette.color(paint);
        self.set_fill(color);
        let _ = js_sys::Reflect::set(self.context, &self.palette.stroke_style, color);
        self.context.set_global_alpha(if is_faded { FADED_ALPHA } else { 1.0 });
    }

    fn draw(&mut self, mark: &Mark) {
        let &Mark { x, y, w, h, .. } = mark;
        let (middle, right, bottom) = (y + h / 2.0, x + w, y + h);
        match mark.shape {
            Shape::Line => {
                // One device pixel, on the pixel grid.
                let x = (x * self.dpr).round() / self.dpr;
                self.context.fill_rect(x, y, (w * self.dpr).floor().max(1.0) / self.dpr, h);
            }
            Shape::Bar => {
                self.rounded(mark);
                self.context.fill();
            }
            Shape::Block => self.context.fill_rect(x, y, w, h),
            Shape::Head => {
                self.context.begin_path();
                let radius = BAR_RADIUS_PX.min(w).min(h / 2.0);
                let radii = [radius, 0.0, 0.0, radius].into_iter().map(JsValue::from_f64).collect::<js_sys::Array>();
                let _ = self.context.round_rect_with_f64_sequence(x, y, w, h, &radii);
                self.context.fill();
            }
            Shape::Hatch => {
                self.set_fill(&self.palette.hatch);
                self.rounded(mark);
                self.context.fill();
                self.set_fill(self.palette.color(self.paint));
            }
            Shape::Outline => self.outline(mark),
            Shape::DashedOutline => {
                let _ = self
                    .context
                    .set_line_dash(&[4.0, 3.0].into_iter().map(JsValue::from_f64).collect::<js_sys::Array>());
                self.outline(mark);
                let _ = self.context.set_line_dash(&js_sys::Array::new());
            }
            Shape::Diamond => {
                let center = x + w / 2.0;
                self.polygon([(center, y), (right, middle), (center, bottom), (x, middle)]);
            }
            Shape::ArrowLeft => self.polygon([(x, middle), (right, middle - 4.0), (right, middle + 4.0), (x, middle)]),
            Shape::ArrowRight => self.polygon([(right, middle), (x, middle - 4.0), (x, middle + 4.0), (right, middle)]),
        }
    }

    fn set_label_paint(&mut self, paint: LabelPaint, is_faded: bool) {
        self.set_fill(match paint {
            LabelPaint::OnBar(run_type) => &self.palette.on_bar[run_type as usize],
            LabelPaint::Beside => &self.palette.beside,
        });
        self.context.set_global_alpha(if is_faded { FADED_ALPHA } else { 1.0 });
    }

    fn draw_label(&mut self, label: &Label) {
        let _ = self.context.fill_text(&label.text, label.x, label.y_middle);
    }
}
