//! Durations: `420 µs`, `830 ms`, `1.24 s`, `2 m 05 s`, `3 h 07 m`, `2 d 04 h`.

use super::digits::{rounds_below, three_digits};

const NS_PER_SECOND: f64 = 1e9;

/// A duration in nanoseconds, for people. Clocks that disagree give negative ones, which print with a minus sign.
pub fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "−" } else { "" };
    let nanos = nanos.unsigned_abs() as f64;
    if nanos == 0.0 {
        return "0 ms".into();
    }
    for (unit_ns, unit) in [(1.0, "ns"), (1e3, "µs"), (1e6, "ms")] {
        if rounds_below(nanos / unit_ns, 0, 1000.0) {
            let amount = nanos / unit_ns;
            let text = if amount.fract() == 0.0 { format!("{amount:.0}") } else { three_digits(amount) };
            return format!("{sign}{text} {unit}");
        }
    }
    let seconds = nanos / NS_PER_SECOND;
    if rounds_below(seconds, 1, 60.0) {
        return format!("{sign}{} s", three_digits(seconds));
    }
    let seconds = seconds.round() as u64;
    let (big, small, units) = match seconds {
        0..3_600 => (seconds / 60, seconds % 60, ("m", "s")),
        3_600..86_400 => (seconds / 3_600, seconds % 3_600 / 60, ("h", "m")),
        _ => (seconds / 86_400, seconds % 86_400 / 3_600, ("d", "h")),
    };
    format!("{sign}{big} {} {small:02} {}", units.0, units.1)
}

/// The same in its largest unit alone, where room is short: `9 h`, `42 s`.
pub fn rough_duration(nanos: i64) -> String {
    let nanos = nanos.unsigned_abs() as f64;
    const UNITS: [(f64, &str); 7] =
        [(86_400e9, "d"), (3_600e9, "h"), (60e9, "m"), (1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];
    let (unit_ns, unit) = UNITS.into_iter().find(|(unit_ns, _)| nanos >= *unit_ns).unwrap_or((1.0, "ns"));
    format!("{:.0} {unit}", nanos / unit_ns)
}

/// The same for the API's float seconds.
pub fn duration_from_seconds(seconds: f64) -> String {
    duration((seconds * NS_PER_SECOND).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(nanos: i64, expected: &str) {
        assert_eq!(duration(nanos), expected);
    }

    #[test]
    fn three_digits_and_a_unit_that_fits() {
        check(0, "0 ms");
        check(7, "7 ns");
        check(420_000, "420 µs");
        check(12_345, "12.3 µs");
        check(830_000_000, "830 ms");
        check(1_240_000_000, "1.24 s");
        check(42_000_000_000, "42.0 s");
    }

    #[test]
    fn long_durations_have_two_units() {
        check(125_000_000_000, "2 m 05 s");
        check(3_600_000_000_000, "1 h 00 m");
        check(187 * 60_000_000_000, "3 h 07 m");
        check(52 * 3_600_000_000_000, "2 d 04 h");
    }

    #[test]
    fn rounding_moves_on_to_the_next_unit() {
        check(999_999, "1.00 ms");
        check(999_700_000, "1.00 s");
        check(59_960_000_000, "1 m 00 s");
        check(3_599_700_000_000, "1 h 00 m");
    }

    #[test]
    fn a_rough_duration_has_one_unit() {
        let rough = [9.1 * 3_600e9, 42.4e9, 2.0 * 86_400e9, 500.0].map(|nanos| rough_duration(nanos as i64));
        assert_eq!(rough, ["9 h", "42 s", "2 d", "500 ns"]);
    }

    #[test]
    fn disagreeing_clocks_show() {
        check(-1_500_000_000, "−1.50 s");
    }

    proptest! {
        #[test]
        fn every_duration_is_short(nanos: i64) {
            // The longest there is: "−106751 d 23 h".
            prop_assert!(duration(nanos).chars().count() <= 14);
        }
    }
}
