//! Money: `$0.00042`, `$0.0312`, `$1.27`, `$1.3k`.

use super::digits::rounds_below;
use fanlight_wire::Usd;

/// An amount with at most three significant digits; cents are always shown from a dollar up to a thousand.
pub fn cost(amount: Usd) -> String {
    let sign = if amount.picodollars < 0 { "−" } else { "" };
    let dollars = amount.to_f64().abs();
    if dollars == 0.0 {
        return "$0".into();
    }
    if dollars < 1.0 {
        return format!("{sign}${}", fraction(dollars));
    }
    if rounds_below(dollars, 2, 1000.0) {
        return format!("{sign}${dollars:.2}");
    }
    for (unit, suffix) in [(1e3, "k"), (1e6, "M")] {
        let amount = dollars / unit;
        if rounds_below(amount, 1, 100.0) {
            return format!("{sign}${amount:.1}{suffix}");
        }
        if rounds_below(amount, 0, 1000.0) {
            return format!("{sign}${amount:.0}{suffix}");
        }
    }
    format!("{sign}${:.0}M", dollars / 1e6)
}

/// Less than a dollar: three significant digits without trailing zeros, but never less than cents.
fn fraction(dollars: f64) -> String {
    let n_leading_zeros = (-dollars.log10()).floor().max(0.0) as usize;
    let mut text = format!("{dollars:.*}", (n_leading_zeros + 3).min(12));
    while text.ends_with('0') && text.len() > "0.00".len() {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(amount: &str, expected: &str) {
        assert_eq!(cost(amount.parse().expect("an amount")), expected);
    }

    #[test]
    fn small_amounts_keep_three_digits() {
        check("0", "$0");
        check("0.00042", "$0.00042");
        check("0.000123456", "$0.000123");
        check("0.0312", "$0.0312");
        check("0.03127", "$0.0313");
        check("0.5", "$0.50");
        check("0.000000000001", "$0.000000000001");
    }

    #[test]
    fn from_a_dollar_cents_are_shown() {
        check("1.27", "$1.27");
        check("0.9999", "$1.00");
        check("12.7", "$12.70");
        check("999.99", "$999.99");
    }

    #[test]
    fn large_amounts_are_rounded() {
        check("1300", "$1.3k");
        check("999.996", "$1.0k");
        check("128402", "$128k");
        check("1270000", "$1.3M");
    }

    #[test]
    fn a_refund_has_a_minus() {
        check("-0.25", "−$0.25");
    }
}
