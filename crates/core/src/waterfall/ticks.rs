//! Round moments for the time axis.

use super::time_scale::TimeScale;
use super::time_window::TimeWindow;

/// A grid line and what is written at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub x_px: f64,
    pub label: String,
}

const MICROSECOND: f64 = 1e3;
const MILLISECOND: f64 = 1e6;
const SECOND: f64 = 1e9;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Above ten seconds the round steps are those of a clock.
const CLOCK_STEPS: [f64; 17] = [
    10.0 * SECOND,
    15.0 * SECOND,
    30.0 * SECOND,
    MINUTE,
    2.0 * MINUTE,
    5.0 * MINUTE,
    10.0 * MINUTE,
    15.0 * MINUTE,
    30.0 * MINUTE,
    HOUR,
    2.0 * HOUR,
    3.0 * HOUR,
    6.0 * HOUR,
    12.0 * HOUR,
    DAY,
    2.0 * DAY,
    7.0 * DAY,
];

/// Ticks from left to right, at least `min_gap_px` apart, none before the trace's start.
pub fn ticks(window: TimeWindow, width_px: f64, min_gap_px: f64) -> Vec<Tick> {
    if !(window.len_ns() > 0.0 && window.len_ns().is_finite()) || width_px < 1.0 {
        return Vec::new();
    }
    scale_ticks(&TimeScale::linear(window, width_px), min_gap_px)
}

/// The same where gaps may be compressed: nothing is counted in them, a tick without label stands where one begins,
/// and one with its time where it ends.
pub fn scale_ticks(scale: &TimeScale, min_gap_px: f64) -> Vec<Tick> {
    let wanted_ns = min_gap_px / scale.px_per_ns();
    if !wanted_ns.is_finite() || wanted_ns <= 0.0 {
        return Vec::new();
    }
    let step = round_step(wanted_ns);
    let (window, mut ticks) = (scale.window(), Vec::new());
    let mut from_ns = window.start_ns.max(0.0);
    let mut free_from_px = f64::NEG_INFINITY;
    for (gap, left_px, right_px) in scale.bands() {
        add_round(scale, step, (from_ns, gap.start_ns), (free_from_px, left_px - min_gap_px / 2.0), &mut ticks);
        if gap.start_ns >= window.start_ns {
            ticks.push(Tick { x_px: left_px, label: String::new() });
        }
        from_ns = gap.end_ns;
        if gap.end_ns <= window.end_ns {
            ticks.push(Tick { x_px: right_px, label: label(gap.end_ns, step) });
            free_from_px = right_px + min_gap_px;
        }
    }
    add_round(scale, step, (from_ns, window.end_ns), (free_from_px, f64::INFINITY), &mut ticks);
    ticks
}

/// The round moments of a stretch without gaps, those within `bounds_px`.
fn add_round(scale: &TimeScale, step: f64, (from, to): (f64, f64), bounds_px: (f64, f64), ticks: &mut Vec<Tick>) {
    let first = (from / step).ceil();
    let n = ((to / step).floor() - first + 1.0).clamp(0.0, 1000.0) as usize;
    for idx in 0..n {
        let time_ns = (first + idx as f64) * step;
        let x_px = scale.px(time_ns);
        if x_px >= bounds_px.0 && x_px <= bounds_px.1 {
            ticks.push(Tick { x_px, label: label(time_ns, step) });
        }
    }
}

/// The shortest round step of at least `wanted_ns`.
fn round_step(wanted_ns: f64) -> f64 {
    if wanted_ns <= 5.0 * SECOND {
        let decade = 10f64.powf(wanted_ns.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * decade).find(|&step| step >= wanted_ns);
        return step.unwrap_or(10.0 * decade).max(1.0);
    }
    CLOCK_STEPS.into_iter().find(|&step| step >= wanted_ns).unwrap_or((wanted_ns / DAY / 10.0).ceil() * 10.0 * DAY)
}

/// All labels of one axis share a unit and its decimals, which the step decides.
fn label(time_ns: f64, step_ns: f64) -> String {
    if time_ns == 0.0 {
        return "0".into();
    }
    if step_ns >= 10.0 * SECOND {
        return clock_label(time_ns, step_ns);
    }
    if time_ns >= MINUTE {
        let decimals = (SECOND / step_ns).log10().ceil().clamp(0.0, 9.0) as usize;
        let whole = (time_ns / SECOND).floor() * SECOND;
        let fraction = format!("{:.decimals$}", (time_ns - whole) / SECOND);
        let digits = fraction.trim_start_matches(['0', '1']);
        return format!("{}{digits}", clock_label(whole, SECOND));
    }
    // A window deep inside a long trace counts in seconds with many decimals, as one would read them out.
    let (unit_ns, unit) = match time_ns.max(step_ns) {
        largest if largest < MICROSECOND => (1.0, "ns"),
        largest if largest < MILLISECOND => (MICROSECOND, "µs"),
        largest if largest < SECOND && step_ns < 100.0 * MILLISECOND => (MILLISECOND, "ms"),
        _ => (SECOND, "s"),
    };
    let decimals = (unit_ns / step_ns).log10().ceil().clamp(0.0, 9.0) as usize;
    format!("{:.decimals$} {unit}", time_ns / unit_ns)
}

fn clock_label(time_ns: f64, step_ns: f64) -> String {
    let total_s = (time_ns / SECOND).round() as u64;
    let (days, hours, minutes, seconds) = (total_s / 86_400, total_s / 3600 % 24, total_s / 60 % 60, total_s % 60);
    match () {
        _ if total_s < 60 => format!("{seconds} s"),
        _ if days > 0 && step_ns >= DAY => format!("{days} d"),
        _ if days > 0 => format!("{days} d {hours:02}:{minutes:02}"),
        _ if hours > 0 => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{minutes}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::idle_gaps::IdleGaps;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use std::sync::Arc;

    #[track_caller]
    fn check(start_ns: f64, end_ns: f64, expected: Expect) {
        let labels: Vec<_> =
            ticks(TimeWindow { start_ns, end_ns }, 600.0, 80.0).into_iter().map(|tick| tick.label).collect();
        expected.assert_eq(&labels.join(" | "));
    }

    #[test]
    fn two_seconds_count_in_halves() {
        check(0.0, 2.31e9, expect!["0 | 0.5 s | 1.0 s | 1.5 s | 2.0 s"]);
    }

    #[test]
    fn short_windows_count_in_smaller_units() {
        check(0.0, 3.2e8, expect!["0 | 50 ms | 100 ms | 150 ms | 200 ms | 250 ms | 300 ms"]);
        check(0.0, 4.0e5, expect!["0 | 100 µs | 200 µs | 300 µs | 400 µs"]);
        check(0.0, 500.0, expect!["0 | 100 ns | 200 ns | 300 ns | 400 ns | 500 ns"]);
    }

    #[test]
    fn a_window_deep_in_a_trace_keeps_its_decimals() {
        check(5.0001e9, 5.0002e9, expect!["5.00010 s | 5.00012 s | 5.00014 s | 5.00016 s | 5.00018 s | 5.00020 s"]);
    }

    #[test]
    fn long_traces_count_as_a_clock_does() {
        check(0.0, 95e9, expect!["0 | 15 s | 30 s | 45 s | 1:00 | 1:15 | 1:30"]);
        check(0.0, 9.5 * HOUR, expect!["0 | 2:00:00 | 4:00:00 | 6:00:00 | 8:00:00"]);
        check(0.0, 9.0 * DAY, expect!["0 | 2 d | 4 d | 6 d | 8 d"]);
    }

    #[test]
    fn a_moment_late_in_a_long_trace_reads_as_a_clock_with_decimals() {
        check(32_400.0e9, 32_400.5e9, expect!["9:00:00.0 | 9:00:00.1 | 9:00:00.2 | 9:00:00.3 | 9:00:00.4 | 9:00:00.5"]);
    }

    #[test]
    fn a_compressed_gap_has_a_tick_on_each_side_and_none_inside() {
        let tree = trace_from_text("agent 0..32404000\n a:llm 0..2000\n b:llm 32400123..32404000");
        let gaps = Arc::new(IdleGaps::find(&tree));
        let scale = TimeScale::new(gaps.bounds(tree.extent_ns()), 900.0, &gaps);
        let text = |tick: Tick| format!("{:.0} {}", tick.x_px, tick.label);
        let ticks: Vec<_> = scale_ticks(&scale, 80.0).into_iter().map(text).collect();
        expect!["10 0 | 154 1 s | 298  | 326 9:00:00 | 452 9:00:01 | 596 9:00:02 | 739 9:00:03 | 883 9:00:04"]
            .assert_eq(&ticks.join(" | "));
    }

    #[test]
    fn nothing_is_counted_before_the_start() {
        check(-1e9, 1e9, expect!["0 | 0.5 s | 1.0 s"]);
    }

    proptest! {
        #[test]
        fn ticks_are_finite_inside_and_apart(start in -1e15..1e15f64, len in 1.0..1e16f64, width in 1.0..5000.0f64) {
            let ticks = ticks(TimeWindow { start_ns: start, end_ns: start + len }, width, 80.0);
            for pair in ticks.windows(2) {
                prop_assert!(pair[1].x_px - pair[0].x_px >= 79.0);
            }
            prop_assert!(ticks.iter().all(|tick| tick.x_px >= -0.5 && tick.x_px <= width + 0.5));
        }
    }
}
