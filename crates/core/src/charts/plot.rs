//! Draws shapes with plotters, on whatever backend: a canvas in the browser, a list of calls in tests.

use super::color::Color;
use super::layout::{Paint, Point, Shape};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Polygon, Rectangle};
use plotters::prelude::{DrawingBackend, RGBAColor, ShapeStyle};
use plotters::series::{DashedLineSeries, LineSeries};

/// Red, green and blue by [`Color::idx`].
pub type Palette = [(u8, u8, u8); Color::ALL.len()];

/// Drawing stopped: the backend's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlotError(pub String);

/// Dash and gap of dashed lines, in CSS pixels.
const DASH_PX: (f64, f64) = (4.0, 3.0);
const DOT_PX: f64 = 2.5;

/// Draws `shapes` over all of `backend`, whose pixels are `dpr` to a CSS pixel.
pub fn draw<DB: DrawingBackend>(backend: DB, shapes: &[Shape], palette: &Palette, dpr: f64) -> Result<(), PlotError> {
    let root: DrawingArea<DB, Shift> = backend.into_drawing_area();
    let (width, height) = root.dim_in_pixel();
    let unit = 0.0..1.0;
    // Downwards on the screen is upwards in charts.
    let pixels = (0..width.saturating_sub(1) as i32, height.saturating_sub(1) as i32..0);
    let square = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(unit.clone(), unit, pixels);
    let plot = Plot { area: root.apply_coord_spec(square), palette, dpr };
    for shape in shapes {
        plot.shape(shape).map_err(|error| PlotError(error.to_string()))?;
    }
    plot.area.present().map_err(|error| PlotError(error.to_string()))
}

struct Plot<'a, DB: DrawingBackend> {
    area: DrawingArea<DB, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    palette: &'a Palette,
    dpr: f64,
}

type Drawn<DB> = Result<(), plotters::drawing::DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

impl<DB: DrawingBackend> Plot<'_, DB> {
    fn shape(&self, shape: &Shape) -> Drawn<DB> {
        match shape {
            Shape::Line { points, paint, width_px, is_dashed } => self.line(points, *paint, *width_px, *is_dashed),
            Shape::Area { points, paint } => self.area.draw(&Polygon::new(points.clone(), self.style(*paint, 0.0))),
            Shape::Rect { low, high, paint } => self.area.draw(&Rectangle::new([*low, *high], self.style(*paint, 0.0))),
            Shape::Dot { at, paint } => self.area.draw(&Circle::new(*at, self.px(DOT_PX), self.style(*paint, 0.0))),
        }
    }

    fn line(&self, points: &[Point], paint: Paint, width_px: f64, is_dashed: bool) -> Drawn<DB> {
        let style = self.style(paint, width_px);
        if is_dashed {
            let (dash, gap) = (self.px(DASH_PX.0), self.px(DASH_PX.1));
            for element in DashedLineSeries::new(points.iter().copied(), dash, gap, style) {
                self.area.draw(&element)?;
            }
            return Ok(());
        }
        for element in LineSeries::new(points.iter().copied(), style) {
            self.area.draw(&element)?;
        }
        Ok(())
    }

    /// A line of `width_px`, or a filled shape where that is zero.
    fn style(&self, paint: Paint, width_px: f64) -> ShapeStyle {
        let (red, green, blue) = self.palette[paint.color.idx()];
        let color = RGBAColor(red, green, blue, paint.opacity.clamp(0.0, 1.0));
        ShapeStyle { color, filled: width_px == 0.0, stroke_width: self.px(width_px) }
    }

    /// In the backend's pixels, at least one.
    fn px(&self, css_px: f64) -> u32 {
        (css_px * self.dpr).round().max(1.0) as u32
    }
}

/// What drawing costs: calls by kind, and points of lines and areas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DrawCounts {
    pub n_paths: usize,
    pub n_rects: usize,
    pub n_polygons: usize,
    pub n_circles: usize,
    pub n_points: usize,
}

#[cfg(test)]
pub mod testing {
    //! A backend that writes down what it is told.

    use super::*;
    use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingErrorKind};
    use std::convert::Infallible;
    use std::fmt::Write as _;

    /// The calls that `shapes` come to on `width` × `height` pixels, a line each. Colours are named by their token.
    pub fn calls(shapes: &[Shape], (width, height): (u32, u32)) -> String {
        let mut text = String::new();
        // The colour's place as its red: enough to tell its name again.
        let palette = std::array::from_fn(|idx| (idx as u8, 0, 0));
        draw(Recorder { text: &mut text, width, height }, shapes, &palette, 1.0).expect("writing never fails");
        text
    }

    struct Recorder<'a> {
        text: &'a mut String,
        width: u32,
        height: u32,
    }

    type Done = Result<(), DrawingErrorKind<Infallible>>;

    impl Recorder<'_> {
        fn line(&mut self, what: &str, color: BackendColor, points: impl IntoIterator<Item = BackendCoord>) -> Done {
            let name = Color::ALL[usize::from(color.rgb.0)].token();
            let _ = write!(self.text, "{what} {name} {:.2}:", color.alpha);
            for (x, y) in points {
                let _ = write!(self.text, " {x},{y}");
            }
            self.text.push('\n');
            Ok(())
        }
    }

    impl DrawingBackend for Recorder<'_> {
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

        fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done {
            self.line("pixel", color, [point])
        }

        fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _: bool) -> Done {
            self.line("rect", style.color(), [from, to])
        }

        fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
            self.line("path", style.color(), path)
        }

        fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, _: u32, style: &S, _: bool) -> Done {
            self.line("circle", style.color(), [center])
        }

        fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
            self.line("polygon", style.color(), path)
        }
    }
}
