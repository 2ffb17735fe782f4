//! Token counts: exact while short, then `12.4k`, `1.24M`.

use super::digits::{grouped, rounds_below, three_digits};

/// A number of tokens; below 10,000 exact.
pub fn tokens(count: i64) -> String {
    if count.unsigned_abs() < 10_000 {
        return grouped(count);
    }
    let sign = if count < 0 { "−" } else { "" };
    let count = count.unsigned_abs() as f64;
    for (unit, suffix) in [(1e3, "k"), (1e6, "M"), (1e9, "G")] {
        if rounds_below(count / unit, 0, 1000.0) {
            return format!("{sign}{}{suffix}", three_digits(count / unit));
        }
    }
    format!("{sign}{}T", three_digits(count / 1e12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_counts_are_exact_and_long_ones_rounded() {
        for (count, expected) in [
            (0, "0"),
            (778, "778"),
            (5_094, "5,094"),
            (12_400, "12.4k"),
            (128_402, "128k"),
            (999_600, "1.00M"),
            (1_240_000, "1.24M"),
            (9_876_000_000, "9.88G"),
        ] {
            assert_eq!(tokens(count), expected);
        }
    }
}
