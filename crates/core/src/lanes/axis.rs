//! Round numbers above the lanes, in the unit that the x-axis counts.

use crate::format::cost::cost;
use crate::format::duration::duration;
use crate::format::tokens::tokens;
use crate::trace_view::XUnit;
use crate::waterfall::ticks::{Tick, scale_ticks};
use crate::waterfall::time_scale::TimeScale;
use fanlight_wire::Usd;

/// Thousandths of a token: the window of a short trace can be as narrow as that.
const TOKEN: f64 = 1000.0;

/// Ticks from left to right, at least `min_gap_px` apart.
pub fn unit_ticks(unit: XUnit, scale: &TimeScale, min_gap_px: f64) -> Vec<Tick> {
    let (window, width_px) = (scale.window(), scale.width_px());
    let smallest = match unit {
        XUnit::Time => return scale_ticks(scale, min_gap_px),
        XUnit::Tokens => TOKEN,
        XUnit::Cost => 1.0,
    };
    let wanted = window.len_ns() * min_gap_px / width_px.max(1.0);
    if !wanted.is_finite() || wanted <= 0.0 {
        return Vec::new();
    }
    let decade = 10f64.powf((wanted / smallest).log10().floor().max(0.0)) * smallest;
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * decade).find(|&step| step >= wanted);
    let step = step.unwrap_or(10.0 * decade);
    let first = (window.start_ns / step).ceil().max(0.0);
    let n = ((window.end_ns / step).floor() - first + 1.0).clamp(0.0, 1000.0) as usize;
    let tick = |idx: usize| {
        let at = (first + idx as f64) * step;
        Tick { x_px: window.px_from_time(at, width_px), label: amount(unit, at) }
    };
    (0..n).map(tick).collect()
}

/// A position or a length on the axis, in words.
pub fn amount(unit: XUnit, value: f64) -> String {
    match unit {
        XUnit::Time => duration(value as i64),
        XUnit::Tokens => tokens((value / TOKEN).round() as i64),
        XUnit::Cost => cost(Usd::from_pico(value as i64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waterfall::time_window::TimeWindow;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(unit: XUnit, end: f64, expected: Expect) {
        let window = TimeWindow { start_ns: 0.0, end_ns: end };
        let scale = TimeScale::linear(window, 600.0);
        let labels: Vec<_> = unit_ticks(unit, &scale, 80.0).into_iter().map(|tick| tick.label).collect();
        expected.assert_eq(&labels.join(" | "));
    }

    #[test]
    fn tokens_count_in_whole_numbers() {
        check(XUnit::Tokens, 1234.0 * TOKEN, expect!["0 | 200 | 400 | 600 | 800 | 1,000 | 1,200"]);
        check(XUnit::Tokens, 3.0 * TOKEN, expect!["0 | 1 | 2 | 3"]);
    }

    #[test]
    fn costs_count_in_money() {
        check(XUnit::Cost, 0.0312e12, expect!["$0 | $0.005 | $0.01 | $0.015 | $0.02 | $0.025 | $0.03"]);
    }

    #[test]
    fn time_counts_as_everywhere() {
        check(XUnit::Time, 2.31e9, expect!["0 | 0.5 s | 1.0 s | 1.5 s | 2.0 s"]);
    }
}
