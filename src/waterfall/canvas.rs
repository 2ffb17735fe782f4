//! Paints draw lists and pictures on an HTML canvas, in the theme's colours and at the screen's density.

use super::marks::{Label, LabelPaint, Mark, Paint, Shape};
use super::painter::Painter;
pub use super::palette::Palette;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

const BAR_RADIUS_PX: f64 = 3.0;

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

/// Calls `paint` with only `y..y + height` of the canvas open to change, cleared.
pub fn within_lines(context: &CanvasRenderingContext2d, (width, y, height): (f64, f64, f64), paint: impl FnOnce()) {
    context.save();
    context.begin_path();
    context.rect(0.0, y, width, height);
    context.clip();
    context.clear_rect(0.0, y, width, height);
    paint();
    context.restore();
}

/// Puts a picture of `width` device pixels on the canvas, its upper left corner at `left_top`, in place of what is there.
pub fn put_picture(context: &CanvasRenderingContext2d, rgba: &[u8], width: usize, left_top: (f64, f64)) {
    let height = rgba.len() / 4 / width.max(1);
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width as u32, height as u32);
    if let Ok(image) = image {
        // Fails for pictures without pixels only.
        let _ = context.put_image_data(&image, left_top.0, left_top.1);
    }
}

/// A [`Painter`] on a canvas that [`begin`] has prepared.
pub struct CanvasPainter<'a> {
    context: &'a CanvasRenderingContext2d,
    palette: &'a Palette,
    dpr: f64,
    fill_style: JsValue,
    stroke_style: JsValue,
    fill_text: Option<Function>,
    solid: Array,
    dashed: Array,
}

impl<'a> CanvasPainter<'a> {
    pub fn new(context: &'a CanvasRenderingContext2d, palette: &'a Palette, dpr: f64) -> Self {
        context.set_font(&palette.font);
        context.set_text_baseline("middle");
        context.set_line_width(1.0);
        let fill_text = Reflect::get(context, &JsValue::from_str("fillText")).ok().and_then(|it| it.dyn_into().ok());
        CanvasPainter {
            context,
            palette,
            dpr,
            fill_style: JsValue::from_str("fillStyle"),
            stroke_style: JsValue::from_str("strokeStyle"),
            fill_text,
            solid: Array::new(),
            dashed: [4.0, 3.0].into_iter().map(JsValue::from_f64).collect(),
        }
    }

    fn set_fill(&self, value: &JsValue) {
        // The property is set as a value: a text would be copied and decoded each time.
        let _ = Reflect::set(self.context, &self.fill_style, value);
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
        self.context.stroke();
    }

    /// Round on the left only: the rest of the path is straight.
    fn head(&self, &Mark { x, y, w, h, .. }: &Mark) {
        let radius = BAR_RADIUS_PX.min(w).min(h / 2.0);
        let (right, bottom) = (x + w, y + h);
        self.context.begin_path();
        self.context.move_to(right, y);
        self.context.line_to(x + radius, y);
        self.context.quadratic_curve_to(x, y, x, y + radius);
        self.context.line_to(x, bottom - radius);
        self.context.quadratic_curve_to(x, bottom, x + radius, bottom);
        self.context.line_to(right, bottom);
        self.context.fill();
    }

    fn polygon(&self, points: [(f64, f64); 4]) {
        self.context.begin_path();
        self.context.move_to(points[0].0, points[0].1);
        points[1..].iter().for_each(|&(x, y)| self.context.line_to(x, y));
        self.context.fill();
    }
}

impl Painter for CanvasPainter<'_> {
    fn set_paint(&mut self, paint: Paint) {
        let color = self.palette.color(paint);
        self.set_fill(color);
        let _ = Reflect::set(self.context, &self.stroke_style, color);
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
            Shape::Clear => self.context.clear_rect(x, y, w, h),
            Shape::Head => self.head(mark),
            Shape::Outline => self.outline(mark),
            Shape::DashedOutline => {
                let _ = self.context.set_line_dash(&self.dashed);
                self.outline(mark);
                let _ = self.context.set_line_dash(&self.solid);
            }
            Shape::Diamond => {
                let center = x + w / 2.0;
                self.polygon([(center, y), (right, middle), (center, bottom), (x, middle)]);
            }
            Shape::ArrowLeft => self.polygon([(x, middle), (right, middle - 4.0), (right, middle + 4.0), (x, middle)]),
            Shape::ArrowRight => self.polygon([(right, middle), (x, middle - 4.0), (x, middle + 4.0), (right, middle)]),
            Shape::Skew => {
                self.context.fill_rect(x, middle - 4.0, 1.5, 8.0);
                self.polygon([(x + 2.0, middle), (right, middle - 3.5), (right, middle + 3.5), (x + 2.0, middle)]);
            }
        }
    }

    fn set_label_paint(&mut self, paint: LabelPaint) {
        self.set_fill(match paint {
            LabelPaint::OnBar(ink) => self.palette.ink(ink),
            LabelPaint::Beside => self.palette.beside(false),
            LabelPaint::Faded => self.palette.beside(true),
        });
    }

    fn draw_label(&mut self, label: &Label) {
        if let Some(fill_text) = &self.fill_text {
            let (x, y) = (JsValue::from_f64(label.x), JsValue::from_f64(label.y_middle + 1.0));
            let _ = fill_text.call3(self.context, &self.palette.text(&label.text), &x, &y);
        }
    }
}
