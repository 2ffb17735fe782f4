//! What charts look like, as the calls that draw them.

use super::super::chart::Rule;
use super::super::plot::testing::calls;
use super::super::unit::Unit;
use super::*;
use expect_test::{Expect, expect};
use fanlight_wire::Timestamp;
use proptest::prelude::*;
use std::sync::Arc;

const SIZE: PlotSize = PlotSize { width_px: 101.0, height_px: 101.0 };

fn edges(n: i64) -> Arc<[Timestamp]> {
    (0..=n).map(|idx| Timestamp(idx * 1_000_000_000)).collect()
}

fn chart(mark: Mark, series: Vec<Series>) -> Chart {
    let n = series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    Chart { mark, series, edges: edges(n as i64), is_from_zero: true, unit: Unit::Count, ..Chart::default() }
}

fn series(name: &str, values: &[Option<f64>]) -> Series {
    Series::new(name, Color::Accent, values.to_vec())
}

#[track_caller]
fn check(chart: &Chart, expected: Expect) {
    let drawing = layout(chart, &Legend::default(), SIZE);
    let drawn = calls(&drawing.shapes, (101, 101));
    // The grid is the same in all of them.
    let lines: Vec<&str> = drawn.lines().filter(|line| !line.starts_with("path grid")).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_gap_in_the_data_is_a_gap_in_the_line() {
    check(
        &chart(Mark::Lines, vec![series("p50", &[Some(1.0), Some(2.0), None, Some(2.0), None])]),
        expect![[r#"
        path accent 1.00: 10,50 30,0
        circle accent 1.00: 70,0"#]],
    );
}

#[test]
fn bars_stand_on_zero_and_one_failure_among_many_is_seen() {
    let failed = Series { color: Color::Error, ..series("failed", &[Some(0.001), None]) };
    check(
        &chart(Mark::Bars, vec![failed, series("succeeded", &[Some(2.0), Some(1.0)])]),
        expect![[r#"
        rect error 1.00: 0,98 49,100
        rect accent 1.00: 0,50 49,98
        rect accent 1.00: 50,75 99,100"#]],
    );
}

#[test]
fn areas_lie_on_each_other() {
    let other = Series { color: Color::Other, ..series("other", &[Some(1.0), Some(0.0), Some(1.0)]) };
    check(
        &chart(Mark::Areas, vec![series("gpt-4o", &[Some(1.0), Some(2.0), Some(1.0)]), other]),
        expect![[r#"
        polygon accent 0.85: 16,50 50,0 83,50 83,100 50,100 16,100
        polygon text-faint 0.85: 16,0 50,0 83,0 83,50 50,0 16,50"#]],
    );
}

#[test]
fn what_rests_on_few_samples_is_faint_and_an_unfinished_bucket_dashed() {
    let line = Series { n: vec![100, 100, 3, 100], faint_below: 20, ..series("p95", &[Some(1.0); 4]) };
    let chart = Chart { is_last_partial: true, ..chart(Mark::Lines, vec![line]) };
    check(
        &chart,
        expect![[r#"
        path accent 1.00: 12,0 37,0
        path accent 0.35: 37,0 62,0
        path accent 0.35: 62,0 66,0
        path accent 0.35: 69,0 73,0
        path accent 0.35: 76,0 80,0
        path accent 0.35: 83,0 87,0"#]],
    );
}

#[test]
fn the_period_before_is_paler_and_an_interval_a_band() {
    let before = Series { is_previous: true, ..series("before", &[Some(1.0), Some(1.0)]) };
    let band = vec![Some((1.0, 2.0)), Some((1.5, 2.0))];
    let score = Series { band, ..series("score", &[Some(1.5), Some(1.75)]) };
    check(
        &chart(Mark::Lines, vec![before, score]),
        expect![[r#"
        path accent 0.55: 25,50 29,50
        path accent 0.55: 32,50 36,50
        path accent 0.55: 39,50 43,50
        path accent 0.55: 46,50 50,50
        path accent 0.55: 53,50 57,50
        path accent 0.55: 60,50 64,50
        path accent 0.55: 67,50 71,50
        path accent 0.55: 74,50 75,50
        polygon accent 0.16: 25,0 75,0 75,25 25,50
        path accent 1.00: 25,25 75,13"#]],
    );
}

#[test]
fn a_named_moment_is_a_line_where_it_was() {
    let rule = |seconds: i64| Rule { time: Timestamp(seconds * 1_000_000_000), label: "v2".into() };
    let chart = Chart { rules: vec![rule(1), rule(9)], ..chart(Mark::Lines, vec![series("a", &[Some(1.0), None])]) };
    let drawing = layout(&chart, &Legend::default(), SIZE);
    let rules =
        drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Line { paint, .. } if paint.color == Color::Muted));
    assert_eq!(rules.count(), 1);
}

#[test]
fn what_the_legend_hides_neither_shows_nor_stretches_the_axis() {
    let chart = chart(Mark::Lines, vec![series("p50", &[Some(1.0)]), series("p99", &[Some(1000.0)])]);
    let mut legend = Legend::default();
    legend.isolate("p50", &["p50".into(), "p99".into()]);
    let labels: Vec<String> = layout(&chart, &legend, SIZE).y_ticks.into_iter().map(|tick| tick.label).collect();
    assert_eq!(labels, ["0", "1"]);
}

fn points(shape: &Shape) -> Vec<Point> {
    match shape {
        Shape::Line { points, .. } | Shape::Area { points, .. } => points.clone(),
        Shape::Rect { low, high, .. } => vec![*low, *high],
        Shape::Dot { at, .. } => vec![*at],
    }
}

fn any_values(n: usize) -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::of(prop_oneof![any::<f64>(), 0.0..100.0f64, Just(f64::NAN)]), n)
}

proptest! {
    #[test]
    fn everything_is_finite_and_inside_the_square(
        all in prop::collection::vec(any_values(30), 1..4), width in 0.0..2000.0f64, height in 0.0..500.0f64, is_from_zero: bool,
    ) {
        for mark in [Mark::Lines, Mark::Bars, Mark::Areas] {
            let named = |(idx, values): (usize, &Vec<Option<f64>>)| series(&idx.to_string(), values);
            let series = all.iter().enumerate().map(named).collect();
            let chart = Chart { is_from_zero, is_last_partial: true, ..chart(mark, series) };
            let drawing = layout(&chart, &Legend::default(), PlotSize { width_px: width, height_px: height });
            for (x, y) in drawing.shapes.iter().flat_map(points) {
                prop_assert!((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y), "{x},{y}");
            }
        }
    }

    #[test]
    fn bars_begin_at_zero(values in any_values(20)) {
        let drawing = layout(&chart(Mark::Bars, vec![series("a", &values)]), &Legend::default(), SIZE);
        for shape in &drawing.shapes {
            if let Shape::Rect { low, high, .. } = shape {
                prop_assert!(low.1 == 0.0 && high.1 > 0.0);
            }
        }
    }

    #[test]
    fn a_line_has_at_most_a_point_for_each_pixel(values in any_values(300), width in 20.0..100.0f64) {
        let size = PlotSize { width_px: width, height_px: 100.0 };
        let drawing = layout(&chart(Mark::Lines, vec![series("a", &values)]), &Legend::default(), size);
        for shape in &drawing.shapes {
            if let Shape::Line { points, .. } = shape {
                prop_assert!(points.len() as f64 <= width + 2.0);
            }
        }
    }
}
