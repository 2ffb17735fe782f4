//! Instants on the wire: nanoseconds since 1970, read from every spelling that the SDKs send.

use crate::civil::Civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// An instant: nanoseconds since 1970-01-01T00:00:00Z. Reaches from 1677 to 2262.
///
/// Prints as RFC 3339 in UTC with microseconds, or with nanoseconds when they are not zero. Reads RFC 3339 with any
/// offset, naive date-times (UTC), a space or `T` between date and time (a `+` that a query string turned into a space
/// included), the compact form of a dotted order (`20261123T220053485046Z`), and numbers: epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub fn from_millis(millis: f64) -> Option<Self> {
        let nanos = millis * 1e6;
        // Whole milliseconds stay exact; `f64` alone would blur the last digits.
        if millis.fract() == 0.0 && millis.abs() < 9e12 {
            return (millis as i64).checked_mul(1_000_000).map(Timestamp);
        }
        (nanos.abs() < 9.2e18).then_some(Timestamp(nanos as i64))
    }

    pub fn from_micros(micros: i64) -> Option<Self> {
        micros.checked_mul(1000).map(Timestamp)
    }

    /// Microseconds since 1970, rounded down.
    pub fn micros(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Nanoseconds from `earlier` to `self`; negative when clocks disagree.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The form used in a dotted order: `20261123T220053485046Z`.
    pub fn to_compact(self) -> String {
        let Civil { year, month, day, hour, minute, second, nanos } = Civil::of(self);
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{:06}Z", nanos / 1000)
    }
}

/// The text is not a time in any of the forms that [`Timestamp`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp(pub String);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a timestamp: {:?}", self.0)
    }
}

impl std::error::Error for InvalidTimestamp {}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidTimestamp(text.chars().take(64).collect());
        let trimmed = text.trim();
        if trimmed.len() > 64 {
            return Err(invalid());
        }
        Civil::read_compact(trimmed).or_else(|| Civil::read(trimmed)).ok_or_else(invalid)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, nanos } = Civil::of(*self);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.")?;
        if nanos % 1000 == 0 { write!(f, "{:06}Z", nanos / 1000) } else { write!(f, "{nanos:09}Z") }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 8601 time or epoch milliseconds")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, millis: i64) -> Result<Timestamp, E> {
                millis.checked_mul(1_000_000).map(Timestamp).ok_or_else(|| E::custom("time out of range"))
            }
            fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Timestamp, E> {
                i64::try_from(millis).map_err(E::custom).and_then(|millis| self.visit_i64(millis))
            }
            fn visit_f64<E: de::Error>(self, millis: f64) -> Result<Timestamp, E> {
                Timestamp::from_millis(millis).ok_or_else(|| E::custom("time out of range"))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let printed = text.parse::<Timestamp>().map_or_else(|e| e.to_string(), |time| time.to_string());
        assert_eq!(printed, expected);
    }

    #[test]
    fn every_spelling_the_sdks_send_is_read() {
        check("2026-11-23T22:00:53.485046+00:00", "2026-11-23T22:00:53.485046Z");
        check("2026-11-23T22:00:53.485046Z", "2026-11-23T22:00:53.485046Z");
        check("2026-11-23T22:00:53", "2026-11-23T22:00:53.000000Z");
        check("2026-11-24T00:00:53.5+02:00", "2026-11-23T22:00:53.500000Z");
        check("2026-08-21 10:00:00.123456+00:00", "2026-08-21T10:00:00.123456Z");
        check("2026-08-21 10:00:00.123456 00:00", "2026-08-21T10:00:00.123456Z");
        check("2026-08-21T10:00:00.123456 02:00", "2026-08-21T08:00:00.123456Z");
        check("20261123T220053485046Z", "2026-11-23T22:00:53.485046Z");
        check("2026-11-23", "2026-11-23T00:00:00.000000Z");
    }

    #[test]
    fn nanoseconds_are_kept_where_sent() {
        check("2026-11-23T22:00:53.485046123Z", "2026-11-23T22:00:53.485046123Z");
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_text() {
        check("yesterday", "not a timestamp: \"yesterday\"");
        check("", "not a timestamp: \"\"");
        check("9999-01-01T00:00:00Z", "not a timestamp: \"9999-01-01T00:00:00Z\"");
    }

    #[test]
    fn numbers_are_epoch_milliseconds() {
        let time: Timestamp = serde_json::from_str("1795471362229").unwrap();
        assert_eq!(time.to_string(), "2026-11-23T22:02:42.229000Z");
    }

    proptest! {
        #[test]
        fn printing_and_reading_gives_the_same_instant(nanos in -9_000_000_000_000_000_000i64..9_000_000_000_000_000_000) {
            let time = Timestamp(nanos);
            prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }

        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
