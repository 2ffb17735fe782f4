//! Wall-clock times of the reader's zone, across its changes of offset: what date fields hold, where axes have their
//! ticks.
//!
//! A zone comes in as a function from an instant to its offset in minutes east of UTC: the browser knows it, nothing here
//! does.

use super::time::{Precision, clock, date, day_and_month};
use fanlight_wire::Timestamp;
use fanlight_wire::civil::Civil;

const NS_PER_MINUTE: i64 = 60_000_000_000;

/// What `<input type="datetime-local">` shows at `time`: `2026-11-23T22:00:53`.
pub fn to_field(time: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> String {
    let local = Civil::in_zone(time, offset_at(time));
    format!("{:04}-{:02}-{:02}T{}", local.year, local.month, local.day, clock(local, Precision::Seconds))
}

/// The instant that a date field means. A time that a change of clocks skips is taken as if it had not; of one that
/// happens twice, the first.
pub fn from_field(text: &str, offset_at: impl Fn(Timestamp) -> i32) -> Option<Timestamp> {
    instant(Civil::read_local(text)?.timestamp()?.0, &offset_at)
}

/// The instant at which clocks show `local_ns`, nanoseconds since 1970 by the wall clock.
fn instant(local_ns: i64, offset_at: &impl Fn(Timestamp) -> i32) -> Option<Timestamp> {
    let with = |offset: i32| local_ns.checked_sub(i64::from(offset) * NS_PER_MINUTE).map(Timestamp);
    // No zone is further than a day from UTC: the offset is one of those in force a day before and after.
    let day_ns = 24 * 60 * NS_PER_MINUTE;
    let before = offset_at(Timestamp(local_ns.checked_sub(day_ns)?));
    let after = offset_at(Timestamp(local_ns.checked_add(day_ns)?));
    let is_right = |time: &Timestamp| local(*time, offset_at(*time)).0 == local_ns;
    [before, after].into_iter().filter_map(with).find(is_right).or_else(|| with(before))
}

/// `time` moved so that its UTC reading is what the reader's clock shows.
fn local(time: Timestamp, offset_minutes: i32) -> Timestamp {
    Timestamp(time.0.saturating_add(i64::from(offset_minutes) * NS_PER_MINUTE))
}

const MINUTE: i64 = NS_PER_MINUTE;
const SECOND: i64 = MINUTE / 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const STEPS: [i64; 21] = [
    SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
];

/// A moment on an axis and what is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    pub time: Timestamp,
    pub label: String,
}

/// Round times by the reader's clock from `from` to `to`, about `max` of them. A day's first tick names the day.
pub fn ticks(from: Timestamp, to: Timestamp, max: usize, offset_at: impl Fn(Timestamp) -> i32) -> Vec<Tick> {
    let length_ns = to.since(from);
    if length_ns <= 0 || max == 0 {
        return Vec::new();
    }
    let fits = |step: &i64| length_ns / *step < max as i64;
    let step = STEPS.into_iter().find(fits).unwrap_or(length_ns / max as i64);
    // Steps are counted on the wall clock, so that midnight stays midnight when clocks change.
    let first = local(from, offset_at(from)).0.div_euclid(step);
    let mut ticks: Vec<Tick> = Vec::new();
    for count in first..first + max as i64 + 3 {
        let Some(time) = count.checked_mul(step).and_then(|local_ns| instant(local_ns, &offset_at)) else { break };
        if time < from || time > to || ticks.last().is_some_and(|last| last.time >= time) || ticks.len() > max {
            continue;
        }
        let wall = Civil::in_zone(time, offset_at(time));
        let is_midnight = (wall.hour, wall.minute, wall.second) == (0, 0, 0);
        let label = match step {
            _ if step >= 91 * DAY => date(wall),
            _ if is_midnight => day_and_month(wall),
            SECOND..MINUTE => clock(wall, Precision::Seconds),
            _ => clock(wall, Precision::Minutes),
        };
        ticks.push(Tick { time, label });
    }
    ticks
}

/// The zone in words: `UTC`, `UTC+01:00`, `UTC−09:30`.
pub fn zone_name(offset_minutes: i32) -> String {
    let (sign, minutes) = if offset_minutes < 0 { ('−', -offset_minutes) } else { ('+', offset_minutes) };
    if minutes == 0 { "UTC".into() } else { format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// Berlin in 2026: summer time from 29 March to 25 October, both at 01:00 UTC.
    fn berlin(time: Timestamp) -> i32 {
        let is_summer = time >= at("2026-03-29T01:00:00Z") && time < at("2026-10-25T01:00:00Z");
        if is_summer { 120 } else { 60 }
    }

    #[track_caller]
    fn check(field: &str, expected: &str) {
        assert_eq!(from_field(field, berlin), Some(at(expected)));
    }

    #[test]
    fn a_field_means_the_readers_clock_in_summer_and_winter() {
        check("2026-01-15T12:00", "2026-01-15T11:00:00Z");
        check("2026-07-15T12:00:30", "2026-07-15T10:00:30Z");
        check("2026-03-29T03:00", "2026-03-29T01:00:00Z");
        check("2026-03-29T01:59:59", "2026-03-29T00:59:59Z");
    }

    #[test]
    fn the_hour_that_is_skipped_and_the_hour_that_is_repeated_have_an_instant() {
        check("2026-03-29T02:30", "2026-03-29T01:30:00Z");
        check("2026-10-25T02:30", "2026-10-25T00:30:00Z");
        check("2026-10-25T03:00", "2026-10-25T02:00:00Z");
    }

    #[test]
    fn fields_are_read_back_as_they_were_written() {
        for time in ["2026-01-15T11:00:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:59:59Z"] {
            assert_eq!(from_field(&to_field(at(time), berlin), berlin), Some(at(time)));
        }
        assert_eq!(from_field("tomorrow", berlin), None);
        assert_eq!(from_field("", berlin), None);
    }

    #[track_caller]
    fn check_ticks(from: &str, to: &str, max: usize, expected: &str) {
        let words: Vec<String> = ticks(at(from), at(to), max, berlin).into_iter().map(|tick| tick.label).collect();
        assert_eq!(words.join(" | "), expected);
    }

    #[test]
    fn ticks_are_round_by_the_readers_clock() {
        check_ticks(
            "2026-11-23T22:10:00Z",
            "2026-11-24T04:10:00Z",
            8,
            "24 Nov | 01:00 | 02:00 | 03:00 | 04:00 | 05:00",
        );
        check_ticks("2026-11-23T10:00:00Z", "2026-11-23T10:00:12Z", 4, "11:00:00 | 11:00:05 | 11:00:10");
        check_ticks(
            "2026-01-05T10:00:00Z",
            "2026-11-23T10:00:12Z",
            5,
            "22 Jan 2026 | 23 Apr 2026 | 23 Jul 2026 | 22 Oct 2026",
        );
    }

    #[test]
    fn midnights_stay_midnights_when_clocks_change() {
        check_ticks("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", 4, "28 Mar | 29 Mar | 30 Mar | 31 Mar");
        check_ticks("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", 4, "24 Oct | 25 Oct | 26 Oct | 27 Oct");
    }

    #[test]
    fn no_range_has_no_ticks() {
        check_ticks("2026-03-27T23:00:00Z", "2026-03-27T23:00:00Z", 6, "");
        check_ticks("2026-03-27T23:00:00Z", "2026-03-26T23:00:00Z", 6, "");
    }

    #[test]
    fn zones_are_named_by_their_offset() {
        assert_eq!([0, 60, -570].map(zone_name), ["UTC", "UTC+01:00", "UTC−09:30"]);
    }
}
