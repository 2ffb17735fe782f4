//! Where the parts of a chart are: shapes in a unit square, from 0,0 at the lower left to 1,1 at the upper right.

use super::chart::{Chart, Mark, Series};
use super::color::Color;
use super::legend::Legend;
use super::scale::{Tick, TimeScale, ValueScale};
use super::stack::{stacked, stretches};

/// A place in the unit square.
pub type Point = (f64, f64);

/// Colour and how strongly, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    pub color: Color,
    pub opacity: f64,
}

/// Something to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Straight segments. Widths are in CSS pixels.
    Line {
        points: Vec<Point>,
        paint: Paint,
        width_px: f64,
        is_dashed: bool,
    },
    /// A filled outline.
    Area {
        points: Vec<Point>,
        paint: Paint,
    },
    Rect {
        low: Point,
        high: Point,
        paint: Paint,
    },
    /// A value without neighbours.
    Dot {
        at: Point,
        paint: Paint,
    },
}

/// What is drawn, back to front, and what stands beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    pub shapes: Vec<Shape>,
    pub y_ticks: Vec<Tick>,
}

/// Inner size of the plot in CSS pixels: decides how much detail makes sense.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotSize {
    pub width_px: f64,
    pub height_px: f64,
}

const LINE_PX: f64 = 1.5;
/// Two whole pixels, wherever the edge falls.
const LEAST_BAR_PX: f64 = 2.5;
const FAINT: f64 = 0.35;
const PREVIOUS: f64 = 0.55;
const BAND: f64 = 0.16;
/// Between two labels of the value axis.
const TICK_GAP_PX: f64 = 38.0;

/// Draws `chart` with the series that `legend` shows.
pub fn layout(chart: &Chart, legend: &Legend, size: PlotSize) -> Drawing {
    if chart.n_buckets() == 0 || !(size.width_px >= 1.0 && size.height_px >= 1.0) {
        return Drawing::default();
    }
    let shown: Vec<&Series> = chart.series.iter().filter(|series| legend.is_shown(&series.name)).collect();
    let scale = value_scale(chart, &shown, size);
    let mut canvas = Canvas { chart, scale, time: TimeScale::of(&chart.edges), size, shapes: Vec::new() };
    let y_ticks = scale.ticks(chart.unit);
    canvas.grid(&y_ticks);
    let (previous, current): (Vec<&Series>, Vec<&Series>) = shown.into_iter().partition(|series| series.is_previous);
    match chart.mark {
        Mark::Lines => {}
        Mark::Bars => canvas.bars(&current),
        Mark::Areas => canvas.areas(&current),
    }
    previous.iter().for_each(|series| canvas.line(series));
    if chart.mark == Mark::Lines {
        current.iter().for_each(|series| canvas.band(series));
        current.iter().for_each(|series| canvas.line(series));
    }
    canvas.rules();
    Drawing { shapes: canvas.shapes, y_ticks }
}

/// The axis that holds all that is shown.
fn value_scale(chart: &Chart, shown: &[&Series], size: PlotSize) -> ValueScale {
    let n_ticks = (size.height_px / TICK_GAP_PX).floor().clamp(1.0, 6.0) as usize;
    let buckets = || 0..chart.n_buckets();
    let of_lines = |series: &&Series| -> Vec<f64> {
        let band = buckets().filter_map(|bucket| series.band.get(bucket).copied().flatten());
        let ends: Vec<f64> = band.flat_map(|(low, high)| [low, high]).collect();
        buckets().filter_map(|bucket| series.value(bucket)).chain(ends).collect()
    };
    let mut values: Vec<f64> = if chart.mark == Mark::Lines {
        shown.iter().flat_map(of_lines).collect()
    } else {
        shown.iter().filter(|series| series.is_previous).flat_map(of_lines).collect()
    };
    if chart.mark != Mark::Lines {
        let current = shown.iter().filter(|series| !series.is_previous);
        let total = |bucket: usize| -> f64 {
            current.clone().filter_map(|series| series.value(bucket)).filter(|value| *value > 0.0).sum()
        };
        values.extend(buckets().map(total));
    }
    let most = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    match chart.mark == Mark::Lines && !chart.is_from_zero {
        true => ValueScale::around(values.into_iter(), chart.unit, n_ticks),
        false => ValueScale::from_zero(most, chart.unit, n_ticks),
    }
}

/// Where the values of a bucket are, from the bottom of the plot: what a crosshair points out. Stacks have none, whose
/// layers are read by their height.
pub fn dots(chart: &Chart, legend: &Legend, size: PlotSize, bucket: usize) -> Vec<(f64, Color)> {
    if chart.mark != Mark::Lines {
        return Vec::new();
    }
    let shown: Vec<&Series> = chart.series.iter().filter(|series| legend.is_shown(&series.name)).collect();
    let scale = value_scale(chart, &shown, size);
    shown.iter().filter_map(|series| Some((scale.place(series.value(bucket)?), series.color))).collect()
}

/// What is being drawn.
struct Canvas<'a> {
    chart: &'a Chart,
    scale: ValueScale,
    time: TimeScale,
    size: PlotSize,
    shapes: Vec<Shape>,
}

impl Canvas<'_> {
    fn grid(&mut self, ticks: &[Tick]) {
        let paint = Paint { color: Color::Grid, opacity: 1.0 };
        let line = |tick: &Tick| Shape::Line {
            points: vec![(0.0, tick.at), (1.0, tick.at)],
            paint,
            width_px: 1.0,
            is_dashed: false,
        };
        self.shapes.extend(ticks.iter().map(line));
    }

    /// The left and right end of a bucket.
    fn sides(&self, bucket: usize) -> (f64, f64) {
        (self.time.place(self.chart.edges[bucket]), self.time.place(self.chart.edges[bucket + 1]))
    }

    fn middle(&self, bucket: usize) -> f64 {
        let (left, right) = self.sides(bucket);
        (left + right) / 2.0
    }

    fn is_partial(&self, bucket: usize) -> bool {
        self.chart.is_last_partial && bucket + 1 == self.chart.n_buckets()
    }

    fn bars(&mut self, layers: &[&Series]) {
        let values: Vec<Vec<Option<f64>>> = layers.iter().map(|series| series.values.clone()).collect();
        let stack = stacked(&values, self.chart.n_buckets());
        let least = LEAST_BAR_PX / self.size.height_px;
        for bucket in 0..self.chart.n_buckets() {
            let (left, right) = self.sides(bucket);
            // A gap between bars, as long as a bar is left.
            let has_gap = (right - left) * self.size.width_px >= 3.0;
            let right = if has_gap { right - 1.0 / self.size.width_px } else { right };
            let mut floor = 0.0;
            for (series, layer) in layers.iter().zip(&stack) {
                let Some((from, to)) = layer[bucket].filter(|(from, to)| to > from) else { continue };
                let low = self.scale.place(from).max(floor);
                // Whatever is there is seen: one failure among a million is two pixels.
                let high = self.scale.place(to).max(low + least).min(1.0);
                floor = high;
                let opacity = series.opacity * if self.is_partial(bucket) { 0.5 } else { 1.0 };
                let paint = Paint { color: series.color, opacity };
                self.shapes.push(Shape::Rect { low: (left, low.min(high)), high: (right, high), paint });
            }
        }
    }

    fn areas(&mut self, layers: &[&Series]) {
        let values: Vec<Vec<Option<f64>>> = layers.iter().map(|series| series.values.clone()).collect();
        for (series, layer) in layers.iter().zip(stacked(&values, self.chart.n_buckets())) {
            let paint = Paint { color: series.color, opacity: 0.85 * series.opacity };
            for (start, end) in stretches(&layer) {
                let of = |bucket: usize| layer[bucket].unwrap_or((0.0, 0.0));
                if (start..end).all(|bucket| of(bucket).1 <= of(bucket).0) {
                    continue;
                }
                if end - start == 1 {
                    // A bucket by itself has no neighbour to lean to.
                    let ((left, right), (from, to)) = (self.sides(start), of(start));
                    let (low, high) = (self.scale.place(from), self.scale.place(to));
                    self.shapes.push(Shape::Rect { low: (left, low), high: (right, high), paint });
                    continue;
                }
                let upper = (start..end).map(|bucket| (self.middle(bucket), self.scale.place(of(bucket).1)));
                let lower = (start..end).rev().map(|bucket| (self.middle(bucket), self.scale.place(of(bucket).0)));
                let points = upper.chain(lower).collect();
                self.shapes.push(Shape::Area { points, paint });
            }
        }
    }

    /// Where the values of a series may really lie.
    fn band(&mut self, series: &Series) {
        let paint = Paint { color: series.color, opacity: BAND };
        for (start, end) in stretches(&series.band) {
            let ends: Vec<(f64, f64, f64)> = (start..end.min(self.chart.n_buckets()))
                .filter_map(|bucket| series.band[bucket].map(|(low, high)| (self.middle(bucket), low, high)))
                .collect();
            if let [(_, low, high)] = ends[..] {
                let (left, right) = self.sides(start);
                let (low, high) = (self.scale.place(low), self.scale.place(high));
                self.shapes.push(Shape::Rect { low: (left, low), high: (right, high), paint });
                continue;
            }
            let upper = ends.iter().map(|(x, _, high)| (*x, self.scale.place(*high)));
            let lower = ends.iter().rev().map(|(x, low, _)| (*x, self.scale.place(*low)));
            self.shapes.push(Shape::Area { points: upper.chain(lower).collect(), paint });
        }
    }

    fn line(&mut self, series: &Series) {
        let n = self.chart.n_buckets();
        let values: Vec<Option<f64>> = (0..n).map(|bucket| series.value(bucket)).collect();
        let opacity = series.opacity * if series.is_previous { PREVIOUS } else { 1.0 };
        let paint =
            |is_faint: bool| Paint { color: series.color, opacity: if is_faint { opacity * FAINT } else { opacity } };
        for (start, end) in stretches(&values) {
            let kept = self.thinned(&values, start, end);
            if let [bucket] = kept[..] {
                let at = self.place(bucket, values[bucket]);
                self.shapes.push(Shape::Dot { at, paint: paint(series.is_faint(bucket)) });
                continue;
            }
            // Segments that look alike are one line.
            let mut open: Option<(bool, bool, Vec<Point>)> = None;
            for pair in kept.windows(2) {
                let is_faint = pair.iter().any(|bucket| series.is_faint(*bucket));
                let is_dashed = series.is_previous || self.is_partial(pair[1]);
                let to = self.place(pair[1], values[pair[1]]);
                match &mut open {
                    Some((faint, dashed, points)) if (*faint, *dashed) == (is_faint, is_dashed) => points.push(to),
                    _ => {
                        let from = self.place(pair[0], values[pair[0]]);
                        let done = open.replace((is_faint, is_dashed, vec![from, to]));
                        self.close(done, paint);
                    }
                }
            }
            self.close(open, paint);
        }
    }

    fn close(&mut self, line: Option<(bool, bool, Vec<Point>)>, paint: impl Fn(bool) -> Paint) {
        if let Some((is_faint, is_dashed, points)) = line {
            self.shapes.push(Shape::Line { points, paint: paint(is_faint), width_px: LINE_PX, is_dashed });
        }
    }

    fn place(&self, bucket: usize, value: Option<f64>) -> Point {
        (self.middle(bucket), self.scale.place(value.unwrap_or(0.0)))
    }

    /// At most one bucket for each pixel: that with the largest value, so that no spike is lost.
    fn thinned(&self, values: &[Option<f64>], start: usize, end: usize) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        let mut column = None;
        for bucket in start..end {
            let here = (self.middle(bucket) * self.size.width_px) as i64;
            match kept.last_mut() {
                Some(last) if column == Some(here) => {
                    if values[bucket] > values[*last] {
                        *last = bucket;
                    }
                }
                _ => kept.push(bucket),
            }
            column = Some(here);
        }
        kept
    }

    fn rules(&mut self) {
        let paint = Paint { color: Color::Muted, opacity: 0.8 };
        let is_inside = |time| time > self.time.from && time < self.time.to;
        let inside = self.chart.rules.iter().filter(|rule| is_inside(rule.time));
        let line = |x: f64| Shape::Line { points: vec![(x, 0.0), (x, 1.0)], paint, width_px: 1.0, is_dashed: true };
        self.shapes.extend(inside.map(|rule| line(self.time.place(rule.time))));
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
