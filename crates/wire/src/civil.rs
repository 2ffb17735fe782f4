//! Instants as people write them: year, month, day and the time of day, in UTC or moved into a zone.
//!
//! Every reader of the dashboard downloads this; a library of dates is ten times as large.

use crate::Timestamp;

const NS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// A day of the Gregorian calendar and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    /// Within the second.
    pub nanos: u32,
}

impl Civil {
    /// In UTC.
    pub fn of(time: Timestamp) -> Civil {
        let seconds = time.0.div_euclid(NS_PER_SECOND);
        let (year, month, day) = date_of(seconds.div_euclid(SECONDS_PER_DAY));
        let of_day = seconds.rem_euclid(SECONDS_PER_DAY) as u32;
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        Civil { year, month, day, hour, minute, second, nanos: time.0.rem_euclid(NS_PER_SECOND) as u32 }
    }

    /// What clocks show in a zone so many minutes east of UTC.
    pub fn in_zone(time: Timestamp, offset_minutes: i32) -> Civil {
        Civil::of(Timestamp(time.0.saturating_add(i64::from(offset_minutes) * 60 * NS_PER_SECOND)))
    }

    /// The instant, taken as UTC; `None` outside of what a [`Timestamp`] reaches.
    pub fn timestamp(self) -> Option<Timestamp> {
        let of_day = i64::from(self.hour * 3_600 + self.minute * 60 + self.second);
        let seconds = days_until(self.year, self.month, self.day) * SECONDS_PER_DAY + of_day;
        // The earliest second begins before the earliest nanosecond.
        let nanos = i128::from(seconds) * i128::from(NS_PER_SECOND) + i128::from(self.nanos);
        i64::try_from(nanos).ok().map(Timestamp)
    }

    /// Reads `2026-11-23`, or that with a time: `2026-11-23T22:00`, seconds, a fraction, an offset from UTC. Without an
    /// offset it is UTC. A space may stand for the `T`, and for a `+` that a query string turned into one.
    pub fn read(text: &str) -> Option<Timestamp> {
        let mut rest = Reader(text.trim().as_bytes());
        let (time, offset_seconds) = (rest.date_time()?, rest.offset()?);
        rest.0.is_empty().then_some(())?;
        let time = time.timestamp()?;
        time.0.checked_sub(offset_seconds * NS_PER_SECOND).map(Timestamp)
    }

    /// Reads the same without an offset: what a field for a date and a time holds.
    pub fn read_local(text: &str) -> Option<Civil> {
        let mut rest = Reader(text.as_bytes());
        let time = rest.date_time()?;
        rest.0.is_empty().then_some(time)
    }

    /// Reads the form of a dotted order: `20261123T220053485046Z`.
    pub fn read_compact(text: &str) -> Option<Timestamp> {
        let text = text.strip_suffix('Z').unwrap_or(text);
        let mut rest = Reader(text.as_bytes());
        let (year, month, day) = (i64::from(rest.number(4)?), rest.number(2)?, rest.number(2)?);
        rest.sign(b'T').then_some(())?;
        let (hour, minute, second) = (rest.number(2)?, rest.number(2)?, rest.number(2)?);
        let nanos = rest.number(6)? * 1_000;
        rest.0.is_empty().then_some(())?;
        Civil { year, month, day, hour, minute, second, nanos }.checked()?.timestamp()
    }

    /// `None` for a thirteenth month and the like.
    fn checked(self) -> Option<Civil> {
        let is_leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let n_days = match self.month {
            2 => 28 + u32::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let is_date = (1..=12).contains(&self.month) && (1..=n_days).contains(&self.day);
        // A leap second is the first of the next minute.
        (is_date && self.hour < 24 && self.minute < 60 && self.second <= 60).then_some(self)
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn sign(&mut self, sign: u8) -> bool {
        let is_here = self.0.first() == Some(&sign);
        self.0 = &self.0[usize::from(is_here)..];
        is_here
    }

    /// So many digits.
    fn number(&mut self, n_digits: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(n_digits)?;
        digits.iter().all(u8::is_ascii_digit).then_some(())?;
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }

    fn date_time(&mut self) -> Option<Civil> {
        let year = i64::from(self.number(4)?);
        let month = self.sign(b'-').then(|| self.number(2))??;
        let day = self.sign(b'-').then(|| self.number(2))??;
        let mut time = Civil { year, month, day, hour: 0, minute: 0, second: 0, nanos: 0 };
        let has_time = matches!(self.0, [b'T' | b't' | b' ', b'0'..=b'9', ..]);
        if has_time {
            self.0 = &self.0[1..];
            time.hour = self.number(2)?;
            time.minute = self.sign(b':').then(|| self.number(2))??;
            if self.sign(b':') {
                time.second = self.number(2)?;
                if self.sign(b'.') {
                    time.nanos = self.fraction()?;
                }
            }
        }
        time.checked()
    }

    /// Digits of a second, in nanoseconds; more than nine are read and mean nothing.
    fn fraction(&mut self) -> Option<u32> {
        let n_digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(n_digits);
        self.0 = rest;
        let digit = |idx: usize| digits.get(idx).map_or(0, |digit| u32::from(digit - b'0'));
        (n_digits > 0).then(|| (0..9).fold(0, |nanos, idx| nanos * 10 + digit(idx)))
    }

    /// Seconds east of UTC; zero where nothing is said.
    fn offset(&mut self) -> Option<i64> {
        let has_space = self.sign(b' ');
        if self.sign(b'Z') || self.sign(b'z') {
            return Some(0);
        }
        let is_west = self.sign(b'-');
        if !is_west && !self.sign(b'+') && !has_space {
            return Some(0);
        }
        let hours = self.number(2)?;
        let has_minutes = self.sign(b':') || !self.0.is_empty();
        let minutes = if has_minutes { self.number(2)? } else { 0 };
        let seconds = i64::from(hours * 3_600 + minutes * 60);
        (hours < 24 && minutes < 60).then_some(if is_west { -seconds } else { seconds })
    }
}

/// Days from 1970-01-01, and back. The year is taken to begin in March, so that the leap day is its last; a cycle of the
/// calendar is 400 years. See <https://howardhinnant.github.io/date_algorithms.html>.
fn days_until(year: i64, month: u32, day: u32) -> i64 {
    let year = year - i64::from(month <= 2);
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let (cycle, of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year + cycle * 400 + i64::from(month <= 2), month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Datelike, Timelike};
    use proptest::prelude::*;

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-01T24:00", "2026-01-01T10:60"] {
            assert_eq!(Civil::read(text), None, "{text}");
        }
        assert!(Civil::read("2028-02-29").is_some() && Civil::read("2100-02-29").is_none());
    }

    #[test]
    fn offsets_are_read_in_every_spelling() {
        for text in
            ["00:00:00Z", "02:00:00+02:00", "02:00:00 02:00", "02:00+0200", "02:00:00.000 +02", "22:30:00-01:30"]
        {
            let day = if text.starts_with("22") { 19 } else { 20 };
            let read = Civil::read(&format!("2026-11-{day}T{text}"));
            assert_eq!(read, Civil::read("2026-11-20"), "{text}");
        }
        assert_eq!(Civil::read("2026-11-20T00:00:00+"), None);
        assert_eq!(Civil::read("2026-11-20T00:00:00+02:0"), None);
    }

    #[test]
    fn the_ends_of_time_are_read() {
        for ns in [i64::MIN, i64::MAX] {
            assert_eq!(Civil::of(Timestamp(ns)).timestamp(), Some(Timestamp(ns)));
        }
        assert_eq!(Civil::read("2262-04-11T23:47:16.854775808Z"), None);
    }

    proptest! {
        #[test]
        fn the_calendar_is_the_one_that_others_know(ns in any::<i64>(), offset_minutes in -1_000i32..1_000) {
            let (civil, other) = (Civil::of(Timestamp(ns)), DateTime::from_timestamp_nanos(ns));
            prop_assert_eq!((civil.year, civil.month, civil.day), (i64::from(other.year()), other.month(), other.day()));
            prop_assert_eq!((civil.hour, civil.minute, civil.second), (other.hour(), other.minute(), other.second()));
            prop_assert_eq!((civil.nanos, civil.timestamp()), (other.nanosecond(), Some(Timestamp(ns))));
            let zone = chrono::FixedOffset::east_opt(offset_minutes * 60).unwrap();
            let text = other.with_timezone(&zone).to_rfc3339();
            prop_assert_eq!(Civil::read(&text), Some(Timestamp(ns)), "{}", text);
        }

        #[test]
        fn reading_never_panics(text in "[0-9TZ:. +-]{0,40}|.*") {
            let _ = (Civil::read(&text), Civil::read_local(&text), Civil::read_compact(&text));
        }
    }
}
