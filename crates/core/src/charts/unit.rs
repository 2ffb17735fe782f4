//! What the numbers of a chart count, and how they are written.

use crate::format::{cost, digits, duration, tokens};
use fanlight_wire::Usd;

/// The unit of a chart's values; one per axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    Count,
    /// Nanoseconds.
    Duration,
    Tokens,
    /// Dollars.
    Cost,
    /// From 0 to 1.
    Share,
    /// Whatever evaluators give; may be negative.
    Score,
}

impl Unit {
    /// The value with three significant digits and its unit: `1.24 s`, `$0.0312`, `12,204`.
    pub fn words(self, value: f64) -> String {
        if !value.is_finite() {
            return "–".into();
        }
        match self {
            Unit::Count if value.abs() < 1e15 => digits::grouped(value.round() as i64),
            Unit::Count => "very many".into(),
            Unit::Duration => duration::duration(value.round() as i64),
            Unit::Tokens => tokens::tokens(value.round() as i64),
            Unit::Cost => cost::cost(Usd::from_pico((value * 1e12).round() as i64)),
            Unit::Share => share(value),
            Unit::Score => score(value),
        }
    }

    /// The same for an axis, without zeros that say nothing: `2 s`, `30k`, `$200`.
    pub fn tick(self, value: f64) -> String {
        match self {
            Unit::Count => without_zeros(&tokens::tokens(value.round() as i64)),
            Unit::Duration => {
                let words = self.words(value);
                let words =
                    [" 00 s", " 00 m", " 00 h"].iter().find_map(|rest| words.strip_suffix(rest)).unwrap_or(&words);
                without_zeros(words)
            }
            _ => without_zeros(&self.words(value)),
        }
    }
}

/// `2.31 %`, `0.04 %`: finer than [`digits::percent`], since error rates move in tenths.
fn share(value: f64) -> String {
    let percent = value * 100.0;
    match percent.abs() {
        0.0 => "0 %".into(),
        below if below < 0.005 => "< 0.01 %".into(),
        size if digits::rounds_below(size, 1, 100.0) => {
            format!("{}{} %", if percent < 0.0 { "−" } else { "" }, digits::three_digits(size))
        }
        _ => format!("{percent:.0} %"),
    }
}

fn score(value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    let size = value.abs();
    if size >= 999.5 {
        return format!("{sign}{}", tokens::tokens(size.min(1e15).round() as i64));
    }
    format!("{sign}{}", digits::three_digits(size))
}

/// `2.00 s` as `2 s`, `12.50k` as `12.5k`.
fn without_zeros(text: &str) -> String {
    let Some(point) = text.find('.') else { return text.to_owned() };
    let end = text[point + 1..].find(|char: char| !char.is_ascii_digit()).map_or(text.len(), |at| point + 1 + at);
    let number = text[..end].trim_end_matches('0').trim_end_matches('.');
    format!("{number}{}", &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_read_as_they_do_elsewhere() {
        for (unit, value, expected) in [
            (Unit::Count, 884_120.0, "884,120"),
            (Unit::Duration, 1.42e9, "1.42 s"),
            (Unit::Tokens, 1.92e9, "1.92G"),
            (Unit::Cost, 3412.08, "$3.4k"),
            (Unit::Cost, 0.00042, "$0.00042"),
            (Unit::Share, 0.0231, "2.31 %"),
            (Unit::Share, 0.00001, "< 0.01 %"),
            (Unit::Share, 1.0, "100 %"),
            (Unit::Score, 0.81, "0.81"),
            (Unit::Score, -3.5, "−3.50"),
            (Unit::Score, f64::NAN, "–"),
        ] {
            assert_eq!(unit.words(value), expected);
        }
    }

    #[test]
    fn ticks_have_no_needless_zeros() {
        for (unit, value, expected) in [
            (Unit::Count, 30_000.0, "30k"),
            (Unit::Count, 1_500.0, "1,500"),
            (Unit::Duration, 2e9, "2 s"),
            (Unit::Duration, 1.5e9, "1.5 s"),
            (Unit::Duration, 120e9, "2 m"),
            (Unit::Duration, 0.0, "0 ms"),
            (Unit::Cost, 200.0, "$200"),
            (Unit::Cost, 0.05, "$0.05"),
            (Unit::Share, 0.2, "20 %"),
            (Unit::Score, 0.4, "0.4"),
        ] {
            assert_eq!(unit.tick(value), expected);
        }
    }

    proptest! {
        #[test]
        fn every_value_has_words(value: f64) {
            for unit in [Unit::Count, Unit::Duration, Unit::Tokens, Unit::Cost, Unit::Share, Unit::Score] {
                prop_assert!(!unit.words(value).is_empty());
            }
        }
    }
}
