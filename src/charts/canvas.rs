//! A canvas for plotters to draw on, in the theme's colours and at the screen's density.

use crate::charts::color::{Color, rgb_of_css};
use crate::charts::layout::Shape;
use crate::charts::plot::{DrawCounts, Palette, draw};
use crate::theme::CanvasTokens;
use crate::waterfall::counters;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};
use std::convert::Infallible;
use std::fmt::Write as _;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// The theme's colours as plotters wants them.
pub fn palette(tokens: &CanvasTokens) -> Palette {
    Color::ALL.map(|color| {
        let css = match color {
            Color::Series(idx) => tokens.fills.get(usize::from(idx)).map_or("", |fill| &fill.fill),
            Color::Accent => &tokens.accent,
            Color::Error => &tokens.error,
            Color::Neutral => &tokens.bar_success,
            Color::Other => &tokens.text_faint,
            Color::Grid => &tokens.grid,
            Color::Muted => &tokens.text_muted,
        };
        // A colour that cannot be read is grey: seen on either ground.
        rgb_of_css(css).unwrap_or((128, 128, 128))
    })
}

/// Draws `shapes` over all of `canvas`, `width_px` × `height_px` CSS pixels large.
pub fn paint(
    canvas: &HtmlCanvasElement,
    shapes: &[Shape],
    palette: &Palette,
    (width_px, height_px): (f64, f64),
    dpr: f64,
) {
    let context = canvas.get_context("2d").ok().flatten().and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
    // Without a canvas the summary and the table still say everything.
    let Some(context) = context else { return };
    let began_us = counters::now_us();
    let (width, height) = ((width_px * dpr).round() as u32, (height_px * dpr).round() as u32);
    // Setting the size clears the canvas, too.
    canvas.set_width(width);
    canvas.set_height(height);
    context.set_line_join("round");
    let mut counts = DrawCounts::default();
    let backend = CanvasBackend { context: &context, width, height, color: String::new(), counts: &mut counts };
    // Nothing on a canvas can fail.
    let _ = draw(backend, shapes, palette, dpr);
    if counters::is_on() {
        publish(canvas, counts, counters::now_us() - began_us);
    }
}

/// Says on the element how often it was drawn and what the last time cost, for tests and benchmarks.
fn publish(canvas: &HtmlCanvasElement, counts: DrawCounts, work_us: f64) {
    let n_draws = canvas.get_attribute("data-draws").and_then(|text| text.parse::<u32>().ok()).unwrap_or(0) + 1;
    let DrawCounts { n_paths, n_rects, n_polygons, n_circles, n_points } = counts;
    let calls = n_paths + n_rects + n_polygons + n_circles;
    for (name, value) in [
        ("data-draws", n_draws.to_string()),
        ("data-calls", calls.to_string()),
        ("data-points", n_points.to_string()),
        ("data-work-us", format!("{work_us:.0}")),
    ] {
        let _ = canvas.set_attribute(name, &value);
    }
}

struct CanvasBackend<'a> {
    context: &'a CanvasRenderingContext2d,
    width: u32,
    height: u32,
    /// The colour that the context has: a text that crosses to the browser only when it changes.
    color: String,
    counts: &'a mut DrawCounts,
}

type Done = Result<(), DrawingErrorKind<Infallible>>;

impl CanvasBackend<'_> {
    fn set_color(&mut self, color: BackendColor) {
        let (red, green, blue) = color.rgb;
        let alpha = (color.alpha * 255.0).round().clamp(0.0, 255.0) as u8;
        let mut css = String::with_capacity(9);
        let _ = write!(css, "#{red:02x}{green:02x}{blue:02x}{alpha:02x}");
        if css != self.color {
            self.context.set_fill_style_str(&css);
            self.context.set_stroke_style_str(&css);
            self.color = css;
        }
    }

    /// Walks along `points`; a line of odd width runs through the middle of pixels, so that it is sharp.
    fn walk(&mut self, points: impl IntoIterator<Item = BackendCoord>, offset: f64) {
        self.context.begin_path();
        for (idx, (x, y)) in points.into_iter().enumerate() {
            let (x, y) = (f64::from(x) + offset, f64::from(y) + offset);
            if idx == 0 {
                self.context.move_to(x, y)
            } else {
                self.context.line_to(x, y)
            }
            self.counts.n_points += 1;
        }
    }
}

impl DrawingBackend for CanvasBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Done {
        self.set_color(color);
        self.context.fill_rect(f64::from(x), f64::from(y), 1.0, 1.0);
        self.counts.n_rects += 1;
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    /// The lower and the right edge belong to the neighbour.
    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, is_filled: bool) -> Done {
        if !is_filled {
            return self.draw_path([from, (to.0, from.1), to, (from.0, to.1), from], style);
        }
        self.set_color(style.color());
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (width, height) = ((to.0 - from.0).abs().max(1), (to.1 - from.1).abs().max(1));
        self.context.fill_rect(x.into(), y.into(), width.into(), height.into());
        self.counts.n_rects += 1;
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        let width = style.stroke_width();
        self.set_color(style.color());
        self.context.set_line_width(width.into());
        self.walk(path, if width % 2 == 1 { 0.5 } else { 0.0 });
        self.context.stroke();
        self.counts.n_paths += 1;
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, is_filled: bool) -> Done {
        self.set_color(style.color());
        self.context.begin_path();
        // Fails for negative radii only.
        let _ = self.context.arc(x.into(), y.into(), radius.into(), 0.0, std::f64::consts::TAU);
        if is_filled {
            self.context.fill()
        } else {
            self.context.stroke()
        }
        self.counts.n_circles += 1;
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.set_color(style.color());
        self.walk(path, 0.0);
        self.context.fill();
        self.counts.n_polygons += 1;
        Ok(())
    }
}
