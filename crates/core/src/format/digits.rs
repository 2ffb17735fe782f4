//! Numbers with a fixed number of significant digits, and whole numbers with separators.

/// `value` with three significant digits and never an exponent: `1.24`, `12.4`, `124`. For 0 ≤ value < 1000.
///
/// A value that would round up to 1000 prints as `1000`: callers choose the unit by [`rounds_below`] first.
pub fn three_digits(value: f64) -> String {
    let n_decimals = if rounds_below(value, 2, 10.0) {
        2
    } else if rounds_below(value, 1, 100.0) {
        1
    } else {
        0
    };
    format!("{value:.n_decimals$}")
}

/// Whether `value`, rounded to `n_decimals`, still reads as less than `limit`.
pub fn rounds_below(value: f64, n_decimals: i32, limit: f64) -> bool {
    let scale = 10f64.powi(n_decimals);
    (value * scale).round() < limit * scale
}

/// `128402` as `128,402`.
pub fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if count < 0 {
        text.push('−');
    }
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share from 0 to 1 in percent: `0 %`, `0.4 %`, `12 %`; what is there but tiny is `< 0.1 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent <= 0.0 {
        "0 %".into()
    } else if percent < 0.1 {
        "< 0.1 %".into()
    } else if rounds_below(percent, 1, 10.0) {
        let text = format!("{percent:.1}");
        format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
    } else {
        format!("{percent:.0} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_kept_at_every_size() {
        for (value, expected) in
            [(0.0, "0.00"), (1.237, "1.24"), (9.996, "10.0"), (12.37, "12.4"), (99.96, "100"), (830.4, "830")]
        {
            assert_eq!(three_digits(value), expected);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (count, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (128_402, "128,402"), (-1_234_567, "−1,234,567")]
        {
            assert_eq!(grouped(count), expected);
        }
    }

    #[test]
    fn a_small_share_is_never_shown_as_none() {
        for (share, expected) in [
            (0.0, "0 %"),
            (0.0004, "< 0.1 %"),
            (0.004, "0.4 %"),
            (0.02, "2 %"),
            (0.0999, "10 %"),
            (0.123, "12 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), expected);
        }
    }
}
