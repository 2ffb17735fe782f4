//! Where the histogram's bars and cells are: SVG paths from counts. Pure.
//!
//! ```text
//! bars   | success, other on top, errors at the bottom where they are seen first
//! heat   | one row per step of latency, slow on top; darker is more
//! ```

use fanlight_wire::Timestamp;
use fanlight_wire::run_stats::{Histogram, LATENCY_BOUNDS_MS};
use std::fmt::Write as _;
use std::ops::Range;

pub const BARS_HEIGHT_PX: f64 = 42.0;
pub const HEAT_HEIGHT_PX: f64 = 40.0;
/// Cells are never lower: they are aimed at.
const MIN_CELL_PX: f64 = 8.0;
/// Shades of the heat map.
pub const N_LEVELS: usize = 5;

/// Latencies of one row of the heat map in milliseconds; the last has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatencyRow {
    pub from_ms: u64,
    pub to_ms: Option<u64>,
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    pub success: String,
    pub error: String,
    pub other: String,
    /// By shade, the palest first.
    pub heat: [String; N_LEVELS],
    /// Slowest first, as drawn from the top.
    pub rows: Vec<LatencyRow>,
    pub row_height_px: f64,
    /// The largest bar's count: what the height means.
    pub max_count: u64,
}

/// Buckets of a histogram.
pub fn n_buckets(histogram: &Histogram) -> usize {
    histogram.n_success.len()
}

/// Runs in one bucket.
pub fn count(histogram: &Histogram, bucket: usize) -> u64 {
    [&histogram.n_success, &histogram.n_error, &histogram.n_other].iter().filter_map(|counts| counts.get(bucket)).sum()
}

/// When a bucket begins; past the last one, when that ends.
pub fn bucket_start(histogram: &Histogram, bucket: usize) -> Option<Timestamp> {
    let start = histogram.start?;
    Some(Timestamp(start.0.saturating_add(histogram.bucket_ns.saturating_mul(bucket as i64))))
}

/// The bucket under `x_px` of `width_px`.
pub fn bucket_at(histogram: &Histogram, x_px: f64, width_px: f64) -> usize {
    let n = n_buckets(histogram);
    ((x_px / width_px.max(1.0) * n as f64).max(0.0) as usize).min(n.saturating_sub(1))
}

/// The edges of a bucket on whole pixels, so that bars are sharp and never overlap.
fn edges(bucket: usize, n: usize, width_px: f64) -> (f64, f64) {
    let edge = |idx: usize| (idx as f64 * width_px / n as f64).round();
    let (left, right) = (edge(bucket), edge(bucket + 1));
    // A gap between bars, as long as a bar is left.
    let gap = if right - left >= 3.0 { 1.0 } else { 0.0 };
    (left, (right - left - gap).max(1.0))
}

/// Draws `histogram` `width_px` wide.
pub fn layout(histogram: &Histogram, width_px: f64) -> Chart {
    let n = n_buckets(histogram);
    let mut chart = Chart::default();
    if n == 0 || width_px < 1.0 {
        return chart;
    }
    chart.max_count = (0..n).map(|bucket| count(histogram, bucket)).max().unwrap_or(0);
    for bucket in 0..n {
        let (x, w) = edges(bucket, n, width_px);
        let counts = [&histogram.n_error, &histogram.n_success, &histogram.n_other];
        let paths = [&mut chart.error, &mut chart.success, &mut chart.other];
        let mut bottom = BARS_HEIGHT_PX;
        for (counts, path) in counts.into_iter().zip(paths) {
            let count = counts.get(bucket).copied().unwrap_or(0);
            if count == 0 {
                continue;
            }
            // Whatever is there is seen: one failure among a million is two pixels.
            let height = (count as f64 / chart.max_count as f64 * (BARS_HEIGHT_PX - 2.0)).max(2.0).round();
            let top = (bottom - height).max(0.0);
            rect(path, x, top, w, bottom - top);
            bottom = top;
        }
    }
    heat(histogram, width_px, &mut chart);
    chart
}

fn heat(histogram: &Histogram, width_px: f64, chart: &mut Chart) {
    let steps = occupied_steps(histogram);
    if steps.is_empty() {
        return;
    }
    let max_rows = (HEAT_HEIGHT_PX / MIN_CELL_PX) as usize;
    let n_rows = steps.len().min(max_rows);
    chart.row_height_px = HEAT_HEIGHT_PX / n_rows as f64;
    let row_steps = |row: usize| -> Range<usize> {
        let edge = |idx: usize| steps.start + idx * steps.len() / n_rows;
        edge(row)..edge(row + 1)
    };
    chart.rows = (0..n_rows).rev().map(|row| latencies(row_steps(row))).collect();
    let n = n_buckets(histogram);
    let cell = |bucket: usize, row: usize| -> u64 {
        let counts = histogram.latency.get(bucket);
        row_steps(row).filter_map(|step| counts?.get(step)).map(|&count| u64::from(count)).sum()
    };
    let cells: Vec<(usize, usize, u64)> = (0..n)
        .flat_map(|bucket| (0..n_rows).map(move |row| (bucket, row)))
        .map(|(bucket, row)| (bucket, row, cell(bucket, row)))
        .filter(|(.., count)| *count > 0)
        .collect();
    let max = cells.iter().map(|(.., count)| *count).max().unwrap_or(1);
    for (bucket, row, count) in cells {
        // Square roots: one slow run is seen beside a thousand fast ones.
        let share = (count as f64 / max as f64).sqrt();
        let level = ((share * N_LEVELS as f64).ceil() as usize).clamp(1, N_LEVELS) - 1;
        let (x, w) = edges(bucket, n, width_px);
        let y = (n_rows - 1 - row) as f64 * chart.row_height_px;
        rect(&mut chart.heat[level], x, y, w, chart.row_height_px - 1.0);
    }
}

/// From the fastest step that holds a run to the slowest.
fn occupied_steps(histogram: &Histogram) -> Range<usize> {
    let is_occupied = |step: &usize| histogram.latency.iter().any(|counts| counts.get(*step).is_some_and(|&n| n > 0));
    let all = 0..LATENCY_BOUNDS_MS.len() + 1;
    let (first, last) = (all.clone().find(is_occupied), all.rev().find(is_occupied));
    first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
}

fn latencies(steps: Range<usize>) -> LatencyRow {
    LatencyRow {
        from_ms: steps.start.checked_sub(1).map_or(0, |step| LATENCY_BOUNDS_MS[step]),
        to_ms: LATENCY_BOUNDS_MS.get(steps.end - 1).copied(),
    }
}

fn rect(path: &mut String, x: f64, y: f64, w: f64, h: f64) {
    let number = |value: f64| {
        let text = format!("{value:.1}");
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    let _ = write!(path, "M{} {}h{}v{}H{}z", number(x), number(y), number(w), number(h), number(x));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn histogram(success: &[u64], error: &[u64], latency: Vec<Vec<u32>>) -> Histogram {
        Histogram {
            start: Some(Timestamp(0)),
            bucket_ns: 1_000_000_000,
            n_success: success.to_vec(),
            n_error: error.to_vec(),
            n_other: vec![0; success.len()],
            latency,
        }
    }

    fn in_step(step: usize, count: u32) -> Vec<u32> {
        let mut counts = vec![0; LATENCY_BOUNDS_MS.len() + 1];
        counts[step] = count;
        counts
    }

    #[test]
    fn errors_stand_at_the_bottom_and_are_never_too_small_to_see() {
        let chart = layout(&histogram(&[1000, 0], &[1, 0], vec![]), 20.0);
        assert_eq!(chart.error, "M0 40h9v2H0z");
        assert_eq!(chart.success, "M0 0h9v40H0z");
        assert_eq!(chart.max_count, 1001);
    }

    #[test]
    fn rows_reach_from_the_fastest_to_the_slowest_run() {
        let chart = layout(&histogram(&[1, 1], &[0, 0], vec![in_step(0, 1), in_step(2, 9)]), 20.0);
        assert_eq!(
            chart.rows,
            [
                LatencyRow { from_ms: 20, to_ms: Some(50) },
                LatencyRow { from_ms: 10, to_ms: Some(20) },
                LatencyRow { from_ms: 0, to_ms: Some(10) },
            ]
        );
        assert!(chart.heat[N_LEVELS - 1].starts_with("M10 0h9"), "{:?}", chart.heat);
        assert!(chart.heat[1].starts_with("M0 26.7h9"), "{:?}", chart.heat);
    }

    #[test]
    fn what_is_slower_than_every_bound_has_no_end() {
        let chart = layout(&histogram(&[1], &[0], vec![in_step(LATENCY_BOUNDS_MS.len(), 1)]), 20.0);
        assert_eq!(chart.rows, [LatencyRow { from_ms: 7_200_000, to_ms: None }]);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(layout(&Histogram::default(), 100.0), Chart::default());
    }

    #[test]
    fn buckets_are_found_by_their_place() {
        let histogram = histogram(&[0; 10], &[0; 10], vec![]);
        assert_eq!([-5.0, 0.0, 9.9, 10.0, 99.9, 500.0].map(|x| bucket_at(&histogram, x, 100.0)), [0, 0, 0, 1, 9, 9]);
        assert_eq!(bucket_start(&histogram, 10), Some(Timestamp(10_000_000_000)));
    }

    proptest! {
        #[test]
        fn bars_stay_inside(counts in proptest::collection::vec((0u64..1_000_000, 0u64..1000), 1..200), width_px in 1.0f64..4000.0) {
            let (success, error): (Vec<u64>, Vec<u64>) = counts.into_iter().unzip();
            let chart = layout(&histogram(&success, &error, vec![]), width_px);
            for path in [&chart.success, &chart.error] {
                for bar in path.split('M').skip(1) {
                    let numbers: Vec<f64> = bar.split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').filter_map(|n| n.parse().ok()).collect();
                    let [x, y, w, h, _] = numbers[..] else { panic!("{bar}") };
                    prop_assert!(x >= 0.0 && y >= 0.0 && w >= 1.0 && h >= 0.0 && y + h <= BARS_HEIGHT_PX && x <= width_px + 1.0);
                }
            }
        }
    }
}
