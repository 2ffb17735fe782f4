//! Time × latency: how many runs took how long, as cells that are darker where there are more.

use super::color::Color;
use super::layout::{Drawing, Paint, PlotSize, Shape};
use super::scale::{TimeScale, ValueScale};
use super::unit::Unit;
use fanlight_wire::Timestamp;
use std::sync::Arc;

/// Counts by bucket of time and row of latency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// One more than there are buckets.
    pub edges: Arc<[Timestamp]>,
    /// Latencies in nanoseconds, growing: one more than there are rows.
    pub bounds_ns: Arc<[f64]>,
    /// `counts[bucket][row]`, the fastest row first.
    pub counts: Vec<Vec<u64>>,
    /// The slowest run of each bucket in nanoseconds.
    pub max_ns: Vec<Option<f64>>,
}

/// A rectangle of cells: buckets `from..=to`, and rows, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub bucket: usize,
    pub row: usize,
}

/// One run is seen: no cell that holds any is paler.
const PALEST: f64 = 0.12;

impl Heat {
    pub fn n_buckets(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    pub fn n_rows(&self) -> usize {
        self.bounds_ns.len().saturating_sub(1)
    }

    pub fn count(&self, cell: Cell) -> u64 {
        self.counts.get(cell.bucket).and_then(|rows| rows.get(cell.row)).copied().unwrap_or(0)
    }

    /// The count of the darkest cell.
    pub fn most(&self) -> u64 {
        self.counts.iter().flatten().copied().max().unwrap_or(0)
    }

    /// From which latency to which a row reaches.
    pub fn latencies_ns(&self, row: usize) -> Option<(f64, f64)> {
        Some((*self.bounds_ns.get(row)?, *self.bounds_ns.get(row + 1)?))
    }

    fn scale(&self) -> ValueScale {
        ValueScale::log(self.bounds_ns.first().copied().unwrap_or(1e6), self.bounds_ns.last().copied().unwrap_or(1e9))
    }

    /// Where a latency is, from 0 at the bottom to 1 at the top.
    pub fn place(&self, latency_ns: f64) -> f64 {
        self.scale().place(latency_ns)
    }

    /// The cell at a place of the plot, both from 0 to 1.
    pub fn cell_at(&self, (x, y): (f64, f64)) -> Option<Cell> {
        let time = TimeScale::of(&self.edges).time(x);
        let bucket = super::chart::bucket_at(&self.edges, time)?;
        let latency_ns = self.scale().value(y);
        let last = self.n_rows().checked_sub(1)?;
        let row = self.bounds_ns.partition_point(|bound| *bound <= latency_ns).saturating_sub(1).min(last);
        Some(Cell { bucket, row })
    }
}

/// Draws the cells, and lines of values on top: the percentiles.
pub fn layout(heat: &Heat, lines: &[(Color, Vec<Option<f64>>)], size: PlotSize) -> Drawing {
    if heat.n_buckets() == 0 || heat.n_rows() == 0 || !(size.width_px >= 1.0 && size.height_px >= 1.0) {
        return Drawing::default();
    }
    let (time, scale) = (TimeScale::of(&heat.edges), heat.scale());
    let most = heat.most().max(1) as f64;
    let y_ticks = scale.ticks(Unit::Duration);
    let mut shapes = Vec::new();
    let gap = |length: f64, px: f64| if length * px >= 4.0 { 1.0 / px } else { 0.0 };
    for bucket in 0..heat.n_buckets() {
        let (left, right) = (time.place(heat.edges[bucket]), time.place(heat.edges[bucket + 1]));
        let right = right - gap(right - left, size.width_px);
        for row in 0..heat.n_rows() {
            let count = heat.count(Cell { bucket, row });
            if count == 0 {
                continue;
            }
            let (low, high) = (scale.place(heat.bounds_ns[row]), scale.place(heat.bounds_ns[row + 1]));
            let high = high - gap(high - low, size.height_px);
            // Square roots: one slow run is seen beside a thousand fast ones.
            let opacity = PALEST + (1.0 - PALEST) * (count as f64 / most).sqrt();
            let paint = Paint { color: Color::Accent, opacity: opacity.min(1.0) };
            shapes.push(Shape::Rect { low: (left, low), high: (right, high), paint });
        }
    }
    for bucket in 0..heat.n_buckets() {
        let Some(max_ns) = heat.max_ns.get(bucket).copied().flatten() else { continue };
        let (left, right) = (time.place(heat.edges[bucket]), time.place(heat.edges[bucket + 1]));
        let y = scale.place(max_ns);
        let paint = Paint { color: Color::Muted, opacity: 0.9 };
        shapes.push(Shape::Line { points: vec![(left, y), (right, y)], paint, width_px: 1.0, is_dashed: false });
    }
    for (color, values) in lines {
        let paint = Paint { color: *color, opacity: 1.0 };
        for (start, end) in super::stack::stretches(values) {
            let points: Vec<(f64, f64)> = (start..end.min(heat.n_buckets()))
                .map(|bucket| {
                    let middle = (time.place(heat.edges[bucket]) + time.place(heat.edges[bucket + 1])) / 2.0;
                    (middle, scale.place(values[bucket].unwrap_or(0.0)))
                })
                .collect();
            match points[..] {
                [] => {}
                [at] => shapes.push(Shape::Dot { at, paint }),
                _ => shapes.push(Shape::Line { points, paint, width_px: 1.5, is_dashed: false }),
            }
        }
    }
    Drawing { shapes, y_ticks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heat() -> Heat {
        Heat {
            edges: [0, 10, 20].map(Timestamp).into(),
            bounds_ns: [1e6, 1e7, 1e8].into(),
            counts: vec![vec![100, 1], vec![0, 0]],
            max_ns: vec![Some(9e7), None],
        }
    }

    const SIZE: PlotSize = PlotSize { width_px: 100.0, height_px: 100.0 };

    #[test]
    fn one_slow_run_is_seen_beside_a_hundred_fast_ones() {
        let drawing = layout(&heat(), &[], SIZE);
        let opacities: Vec<String> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Rect { paint, .. } => Some(format!("{:.2}", paint.opacity)),
                _ => None,
            })
            .collect();
        assert_eq!(opacities, ["1.00", "0.21"]);
    }

    #[test]
    fn a_place_leads_to_its_cell() {
        let heat = heat();
        assert_eq!(heat.cell_at((0.1, 0.1)), Some(Cell { bucket: 0, row: 0 }));
        assert_eq!(heat.cell_at((0.9, 0.9)), Some(Cell { bucket: 1, row: 1 }));
        assert_eq!(heat.cell_at((1.0, 1.0)), Some(Cell { bucket: 1, row: 1 }));
        assert_eq!(Heat::default().cell_at((0.5, 0.5)), None);
    }

    proptest! {
        #[test]
        fn cells_are_inside_and_as_many_as_hold_a_run(counts in prop::collection::vec(prop::collection::vec(0u64..5, 4), 6)) {
            let heat = Heat {
                edges: (0..=6).map(|idx| Timestamp(idx * 7)).collect(),
                bounds_ns: (0..=4).map(|idx| 10f64.powi(idx + 6)).collect(),
                counts: counts.clone(),
                max_ns: Vec::new(),
            };
            let drawing = layout(&heat, &[], SIZE);
            prop_assert_eq!(drawing.shapes.len(), counts.iter().flatten().filter(|count| **count > 0).count());
            for shape in &drawing.shapes {
                if let Shape::Rect { low, high, .. } = shape {
                    prop_assert!(low.0 >= 0.0 && high.0 <= 1.0 && low.1 >= 0.0 && high.1 <= 1.0);
                    prop_assert!(low.0 < high.0 && low.1 < high.1);
                }
            }
        }
    }
}
