//! Values as they are written, typed by the field they are compared with: `"5s"` is a span of time beside `latency`.

use super::ast::Literal;
use super::error::{quote, suggestion};
use super::fields::Kind;
use crate::{RunStatus, RunType, Timestamp};
use std::fmt::{Display, Write as _};
use std::str::FromStr;
use uuid::Uuid;

/// A value before anyone asked what it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Raw<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(&'a str),
}

impl Raw<'_> {
    /// What was written, without quotes.
    fn text(&self) -> &str {
        match self {
            Raw::Null => "null",
            Raw::Bool(true) => "true",
            Raw::Bool(false) => "false",
            Raw::Number(text) | Raw::Text(text) => text,
        }
    }
}

/// Typed as values of `kind` are; otherwise a sentence that says what was expected.
pub(super) fn literal(kind: Kind, raw: Raw) -> Result<Literal, String> {
    let text = raw.text().trim();
    match (kind, raw) {
        (Kind::Key, Raw::Null) => Err("A key is never null; leave the condition out, or compare the value.".to_owned()),
        (_, Raw::Null) => Ok(Literal::Null),
        (Kind::Any, Raw::Bool(value)) => Ok(Literal::Bool(value)),
        (Kind::Any, Raw::Number(number)) => read(number, Literal::Number, "a number"),
        (Kind::Text | Kind::Tags | Kind::Key | Kind::Any, raw) => Ok(Literal::Text(raw.text().to_owned())),
        (Kind::Score, Raw::Bool(value)) => Ok(Literal::Number(f64::from(u8::from(value)))),
        (Kind::Score, _) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Literal::Number(number)),
            _ => Err(unexpected(text, "a score is a number, such as 0.5")),
        },
        (Kind::Id, Raw::Text(_)) => Uuid::try_parse(text)
            .map(Literal::Id)
            .map_err(|_| unexpected(text, "an id is a UUID: 32 hexadecimal digits, with or without dashes")),
        (Kind::RunType, Raw::Text(_)) => word(text, RunType::ALL, Literal::RunType),
        (Kind::Status, Raw::Text(_)) => word(text, RunStatus::ALL, Literal::Status),
        (Kind::Time, Raw::Text(_)) => text.parse().map(Literal::Time).map_err(|_| {
            unexpected(text, "a time is written 2026-11-20 or 2026-11-20T18:30:00Z, in UTC unless it says otherwise")
        }),
        (Kind::Time, Raw::Number(number)) => number
            .parse()
            .ok()
            .and_then(Timestamp::from_millis)
            .map(Literal::Time)
            .ok_or_else(|| unexpected(text, "a number as a time counts milliseconds since 1970")),
        (Kind::Duration, Raw::Text(_) | Raw::Number(_)) => {
            duration_ns(text).map(Literal::Duration).ok_or_else(|| unexpected(text, EXPECTED_DURATION))
        }
        (Kind::Bool, Raw::Bool(value)) => Ok(Literal::Bool(value)),
        (Kind::Bool, _) if text.eq_ignore_ascii_case("true") => Ok(Literal::Bool(true)),
        (Kind::Bool, _) if text.eq_ignore_ascii_case("false") => Ok(Literal::Bool(false)),
        (Kind::Count, Raw::Text(_) | Raw::Number(_)) => count(text)
            .map(Literal::Count)
            .ok_or_else(|| unexpected(text, "a count is a whole number, such as 1000 or 10k")),
        (Kind::Money, Raw::Text(_) | Raw::Number(_)) => {
            let dollars = text.strip_prefix('$').unwrap_or(text);
            read(dollars, Literal::Money, "an amount in US dollars, such as 0.01")
        }
        (Kind::Bool, _) => Err(unexpected(text, "it is true or false")),
        (Kind::Id, _) => Err(unexpected(text, "an id is a UUID in quotes")),
        (Kind::RunType | Kind::Status, _) => Err(unexpected(text, "it is a word in quotes")),
        (Kind::Time, _) => Err(unexpected(text, "a time is written 2026-11-20T18:30:00Z")),
        (Kind::Duration, _) => Err(unexpected(text, EXPECTED_DURATION)),
        (Kind::Count | Kind::Money, _) => Err(unexpected(text, "it is a number")),
    }
}

const EXPECTED_DURATION: &str = "a span of time is a number of seconds, or has a unit: 200ms, 1.5s, 2m, 1h";

fn unexpected(text: &str, expected: &str) -> String {
    format!("{} cannot be compared here: {expected}.", quote(text))
}

fn read<T: FromStr>(text: &str, literal: fn(T) -> Literal, expected: &str) -> Result<Literal, String> {
    text.parse().map(literal).map_err(|_| unexpected(text, &format!("expected {expected}")))
}

fn word<T: FromStr + Copy + Display>(text: &str, all: &[T], literal: fn(T) -> Literal) -> Result<Literal, String> {
    if let Ok(word) = text.parse() {
        return Ok(literal(word));
    }
    let words: Vec<String> = all.iter().map(T::to_string).collect();
    let hint = suggestion(text, words.iter().map(String::as_str));
    Err(format!("{} is not one of {}.{hint}", quote(text), words.join(", ")))
}

const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Nanoseconds of `1.5s`, `200ms`, `2m`, or of a bare number of seconds.
fn duration_ns(text: &str) -> Option<i64> {
    for (unit, unit_ns) in UNITS {
        if let Some(number) = text.strip_suffix(unit) {
            return scaled(number.trim_end(), unit_ns);
        }
    }
    scaled(text, 1_000_000_000)
}

/// A whole number, `k` and `M` for thousands and millions.
fn count(text: &str) -> Option<i64> {
    if let Ok(count) = text.parse() {
        return Some(count);
    }
    let (number, unit) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 1_000),
        b'm' | b'M' => (&text[..text.len() - 1], 1_000_000),
        _ => (text, 1),
    };
    // A thousand times finer: what is left over was no whole number.
    let thousandths = scaled(number, unit * 1_000)?;
    (thousandths % 1_000 == 0).then_some(thousandths / 1_000)
}

/// `text × unit` as a whole number, exact as long as it fits and rounded below it: `f64` would blur long spans.
fn scaled(text: &str, unit: i64) -> Option<i64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty())
        || whole.len() + fraction.len() > 24
        || !is_number(whole)
        || !is_number(fraction)
    {
        return None;
    }
    let mut value = format!("{whole}{fraction}").parse::<i128>().ok()? * i128::from(unit);
    let mut shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    while shift < 0 && value != 0 {
        let half = if shift == -1 { 5 } else { 0 };
        value = (value + half) / 10;
        shift += 1;
    }
    while shift > 0 && value != 0 {
        value = value.checked_mul(10)?;
        shift -= 1;
    }
    i64::try_from(sign * value).ok()
}

/// A span of time in the largest unit that says it exactly without many digits: `1.5s`, `200ms`, `2m`.
pub(super) fn print_duration(out: &mut String, ns: i64) {
    const SECOND: i64 = 1_000_000_000;
    let is_whole = |unit: i64| ns != 0 && ns % unit == 0;
    let _ = if is_whole(3600 * SECOND) {
        write!(out, "{}h", ns / (3600 * SECOND))
    } else if is_whole(60 * SECOND) {
        write!(out, "{}m", ns / (60 * SECOND))
    } else if ns % SECOND == 0 {
        write!(out, "{}s", ns / SECOND)
    } else if ns % 1_000_000 == 0 && ns.unsigned_abs() > SECOND.unsigned_abs() {
        let sign = if ns < 0 { "-" } else { "" };
        let ms = ns.unsigned_abs() / 1_000_000;
        let fraction = format!("{:03}", ms % 1_000);
        write!(out, "{sign}{}.{}s", ms / 1_000, fraction.trim_end_matches('0'))
    } else if ns % 1_000_000 == 0 {
        write!(out, "{}ms", ns / 1_000_000)
    } else if ns % 1_000 == 0 {
        write!(out, "{}us", ns / 1_000)
    } else {
        write!(out, "{ns}ns")
    };
}

/// A number that reads back as the same.
pub(super) fn print_number(out: &mut String, number: f64) {
    let _ = if number.abs() < 1e15 { write!(out, "{number}") } else { write!(out, "{number:?}") };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_of_time_are_exact_in_every_unit() {
        let cases = [
            ("5s", 5_000_000_000),
            ("5", 5_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0.1", 100_000_000),
            ("200ms", 200_000_000),
            ("250 us", 250_000),
            ("7ns", 7),
            ("1m", 60_000_000_000),
            ("1.5min", 90_000_000_000),
            ("2h", 7_200_000_000_000),
            ("2.5e-3", 2_500_000),
            ("-1s", -1_000_000_000),
            ("0.0000000016", 2),
        ];
        for (text, ns) in cases {
            assert_eq!(duration_ns(text), Some(ns), "{text}");
        }
        for text in ["", "s", "5 parsecs", "1e99", "1e-99999999999", "--1", "1.2.3", "١s", "999999999999h"] {
            assert_eq!(duration_ns(text), None, "{text}");
        }
    }

    #[test]
    fn counts_are_whole() {
        assert_eq!(
            ["1000", "1e3", "10k", "1.5k", "2M", "3.0"].map(count),
            [Some(1000), Some(1000), Some(10_000), Some(1500), Some(2_000_000), Some(3)]
        );
        assert_eq!(["1.5", "k", "", "many"].map(count), [None; 4]);
        assert_eq!(count("9223372036854775807"), Some(i64::MAX));
    }

    proptest! {
        #[test]
        fn a_printed_span_reads_back_exactly(ns: i64) {
            let mut text = String::new();
            print_duration(&mut text, ns);
            prop_assert_eq!(duration_ns(&text), Some(ns));
        }

        #[test]
        fn a_printed_number_reads_back_exactly(number in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            let mut text = String::new();
            print_number(&mut text, number);
            prop_assert_eq!(text.parse::<f64>(), Ok(number));
        }

        #[test]
        fn reading_a_value_never_panics(text in ".{0,40}") {
            for kind in [Kind::Duration, Kind::Count, Kind::Money, Kind::Time, Kind::Id, Kind::Score, Kind::Status] {
                let _ = literal(kind, Raw::Text(&text));
            }
        }
    }
}
