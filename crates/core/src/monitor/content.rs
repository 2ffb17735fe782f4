//! What one figure holds: series over time, or cells of time × latency with lines over them.

use super::answer::NS_PER_SECOND;
use super::selection::{Latencies, Selection};
use crate::charts::brush::{Brush, Extent, Pick};
use crate::charts::chart::{Chart, Rule, bucket_at};
use crate::charts::color::Color;
use crate::charts::heat::{Cell, Heat, layout as heat_layout};
use crate::charts::hover::{Reading, readings};
use crate::charts::layout::{Drawing, PlotSize, dots, layout};
use crate::charts::legend::Legend;
use crate::charts::scale::TimeScale;
use crate::charts::summary::peak;
use crate::charts::table::{Table, csv_of_chart, csv_of_heat, of_chart, of_heat};
use crate::charts::unit::Unit;
use crate::format::digits::grouped;
use crate::format::duration::duration;
use fanlight_wire::Timestamp;

/// A chart of one kind or the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Chart(Chart),
    /// Cells, and values in nanoseconds over the same buckets as lines on top.
    Heat {
        heat: Heat,
        lines: Vec<HeatLine>,
    },
}

/// A line over the cells.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatLine {
    pub name: String,
    pub color: Color,
    pub values_ns: Vec<Option<f64>>,
}

impl Default for Content {
    fn default() -> Self {
        Content::Chart(Chart::default())
    }
}

impl Content {
    pub fn edges(&self) -> &[Timestamp] {
        match self {
            Content::Chart(chart) => &chart.edges,
            Content::Heat { heat, .. } => &heat.edges,
        }
    }

    /// Nothing was measured: there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Chart(chart) => chart.is_empty(),
            Content::Heat { heat, .. } => heat.most() == 0,
        }
    }

    /// Names and colours, in the order of the legend; how strongly each is drawn.
    pub fn entries(&self) -> Vec<(String, Color, f64)> {
        match self {
            Content::Chart(chart) => {
                chart.series.iter().map(|series| (series.name.clone(), series.color, series.opacity)).collect()
            }
            Content::Heat { lines, .. } => lines.iter().map(|line| (line.name.clone(), line.color, 1.0)).collect(),
        }
    }

    pub fn rules(&self) -> &[Rule] {
        match self {
            Content::Chart(chart) => &chart.rules,
            Content::Heat { .. } => &[],
        }
    }

    /// How much there is to move through.
    pub fn extent(&self, legend: &Legend) -> Extent {
        let n_buckets = self.edges().len().saturating_sub(1);
        match self {
            Content::Chart(chart) => {
                let n_lanes = chart.series.iter().filter(|series| legend.is_shown(&series.name)).count();
                Extent { n_buckets, n_lanes, has_rows: false }
            }
            Content::Heat { heat, .. } => Extent { n_buckets, n_lanes: heat.n_rows(), has_rows: true },
        }
    }

    pub fn layout(&self, legend: &Legend, size: PlotSize) -> Drawing {
        match self {
            Content::Chart(chart) => layout(chart, legend, size),
            Content::Heat { heat, lines } => {
                let shown = lines.iter().filter(|line| legend.is_shown(&line.name));
                let shown: Vec<_> = shown.map(|line| (line.color, line.values_ns.clone())).collect();
                heat_layout(heat, &shown, size)
            }
        }
    }

    /// Where the values of a bucket are, from 0 at the bottom.
    pub fn dots(&self, legend: &Legend, size: PlotSize, bucket: usize) -> Vec<(f64, Color)> {
        match self {
            Content::Chart(chart) => dots(chart, legend, size, bucket),
            Content::Heat { .. } => Vec::new(),
        }
    }

    /// The bucket, and of cells the row, at a place from 0 to 1, counted from the lower left.
    pub fn at(&self, (x, y): (f64, f64)) -> Option<(usize, Option<usize>)> {
        match self {
            Content::Chart(chart) => {
                bucket_at(&chart.edges, TimeScale::of(&chart.edges).time(x)).map(|bucket| (bucket, None))
            }
            Content::Heat { heat, .. } => heat.cell_at((x, y)).map(|cell| (cell.bucket, Some(cell.row))),
        }
    }

    /// The bucket at an instant, `None` where that is outside.
    pub fn bucket_at(&self, time: Timestamp) -> Option<usize> {
        let edges = self.edges();
        let is_inside = edges.first().is_some_and(|from| *from <= time) && edges.last().is_some_and(|to| time < *to);
        is_inside.then(|| bucket_at(edges, time)).flatten()
    }

    /// What a tooltip reads under the cursor.
    pub fn readings(&self, legend: &Legend, pick: &Pick) -> Vec<Reading> {
        let Some(bucket) = pick.bucket else { return Vec::new() };
        match self {
            Content::Chart(chart) => readings(chart, legend, bucket),
            Content::Heat { heat, lines } => {
                let reading =
                    |name: String, color: Color, value: String| Reading { name, color, value, is_previous: false };
                let cell = pick.lane.and_then(|row| {
                    let (low, high) = heat.latencies_ns(row)?;
                    let name = format!("{} – {}", duration(low as i64), duration(high as i64));
                    let n_runs = heat.count(Cell { bucket, row });
                    let noun = if n_runs == 1 { "run" } else { "runs" };
                    Some(reading(name, Color::Accent, format!("{} {noun}", grouped(n_runs as i64))))
                });
                let shown = lines.iter().filter(|line| legend.is_shown(&line.name));
                let of_line = |line: &HeatLine| {
                    let value = line.values_ns.get(bucket).copied().flatten()?;
                    Some(reading(line.name.clone(), line.color, Unit::Duration.words(value)))
                };
                cell.into_iter().chain(shown.filter_map(of_line)).collect()
            }
        }
    }

    /// The time and latencies that a brush means.
    pub fn selection(&self, brush: &Brush) -> Option<Selection> {
        let (first, last) = brush.buckets();
        let (from, until) = (*self.edges().get(first)?, *self.edges().get(last + 1)?);
        let latency = match (self, brush.row_span()) {
            (Content::Heat { heat, .. }, Some((low, high))) => {
                let seconds = |ns: f64| ns / NS_PER_SECOND;
                // What is too fast for the lowest row is in it; above the highest there is nothing.
                let min_s = (low > 0).then(|| heat.latencies_ns(low)).flatten().map(|(from, _)| seconds(from));
                let max_s = (high + 1 < heat.n_rows()).then(|| heat.latencies_ns(high)).flatten();
                let max_s = max_s.map(|(_, to)| seconds(to));
                (min_s.is_some() || max_s.is_some()).then_some(Latencies { min_s, max_s })
            }
            _ => None,
        };
        Some(Selection { from, until, latency })
    }

    /// The highest point in words.
    pub fn peak(&self, offset_at: impl Fn(Timestamp) -> i32) -> Option<String> {
        match self {
            Content::Chart(chart) => peak(chart, offset_at),
            Content::Heat { heat, .. } => {
                let n_runs: u64 = heat.counts.iter().flatten().sum();
                Some(format!("{} runs, at most {} in a cell", grouped(n_runs as i64), grouped(heat.most() as i64)))
            }
        }
    }

    pub fn table(&self, offset_at: impl Fn(Timestamp) -> i32) -> Table {
        match self {
            Content::Chart(chart) => of_chart(chart, offset_at),
            Content::Heat { heat, .. } => of_heat(heat, offset_at),
        }
    }

    pub fn csv(&self) -> String {
        match self {
            Content::Chart(chart) => csv_of_chart(chart),
            Content::Heat { heat, .. } => csv_of_heat(heat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::chart::Series;

    fn heat() -> Content {
        let heat = Heat {
            edges: [0, 10, 20].map(Timestamp).into(),
            bounds_ns: [1e9, 2e9, 4e9, 8e9].into(),
            counts: vec![vec![5, 0, 1], vec![0, 0, 0]],
            max_ns: vec![],
        };
        let line = HeatLine { name: "p95".into(), color: Color::Error, values_ns: vec![Some(3e9), None] };
        Content::Heat { heat, lines: vec![line] }
    }

    #[test]
    fn a_box_of_cells_means_a_time_and_latencies_with_open_ends() {
        let of = |rows| heat().selection(&Brush { anchor: 1, head: 0, rows }).unwrap();
        let selection = of(Some((1, 1)));
        assert_eq!((selection.from, selection.until), (Timestamp(0), Timestamp(20)));
        assert_eq!(selection.latency, Some(Latencies { min_s: Some(2.0), max_s: Some(4.0) }));
        assert_eq!(of(Some((2, 1))).latency, Some(Latencies { min_s: Some(2.0), max_s: None }));
        assert_eq!(of(Some((0, 0))).latency, Some(Latencies { min_s: None, max_s: Some(2.0) }));
        assert_eq!(of(Some((0, 2))).latency, None);
        assert_eq!(of(None).latency, None);
    }

    #[test]
    fn a_cell_and_the_lines_over_it_are_read() {
        let pick = Pick { bucket: Some(0), lane: Some(2), brush: None };
        let read = heat().readings(&Legend::default(), &pick);
        assert_eq!(crate::charts::hover::sentence(&read), "4.00 s – 8.00 s 1 run, p95 3.00 s");
    }

    #[test]
    fn an_instant_outside_has_no_bucket() {
        let found = [-1, 0, 19, 20].map(|time| heat().bucket_at(Timestamp(time)));
        assert_eq!(found, [None, Some(0), Some(1), None]);
    }

    #[test]
    fn a_chart_has_no_rows_to_choose() {
        let chart = Content::Chart(Chart {
            edges: [0, 10].map(Timestamp).into(),
            series: vec![Series::new("a", Color::Accent, vec![Some(1.0)])],
            ..Chart::default()
        });
        let selection = chart.selection(&Brush { rows: Some((0, 0)), ..Brush::at(0) }).unwrap();
        assert_eq!(selection.latency, None);
        assert_eq!(chart.selection(&Brush::at(1)), None);
    }
}
