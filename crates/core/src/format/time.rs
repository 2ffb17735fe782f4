//! Instants: how long ago, and when exactly in the reader's zone or in UTC.
//!
//! The zone comes in as an offset from UTC in minutes, east positive, so that nothing here asks a clock.

use fanlight_wire::Timestamp;
use fanlight_wire::civil::Civil;

const NS_PER_SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// How long before `now`: `just now`, `3 m ago`, `2 h ago`, `5 d ago`, then the date: `14 Nov`, `14 Nov 2025`.
pub fn relative(time: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    let seconds = now.since(time).div_euclid(NS_PER_SECOND);
    match seconds {
        // A sender's clock may be a little ahead of ours. Counting seconds would never let the page rest.
        -60..MINUTE => "just now".into(),
        MINUTE..HOUR => format!("{} m ago", seconds / MINUTE),
        HOUR..DAY => format!("{} h ago", seconds / HOUR),
        DAY..WEEK => format!("{} d ago", seconds / DAY),
        _ => {
            let (local, today) = (in_zone(time, offset_minutes), in_zone(now, offset_minutes));
            if local.year == today.year { day_and_month(local) } else { date(local) }
        }
    }
}

/// For how many nanoseconds after `now`, at least 1, [`relative`] reads as it does: how long a clock on screen can sleep.
pub fn relative_holds_ns(time: Timestamp, now: Timestamp) -> i64 {
    let since_ns = now.since(time);
    let to_next = |unit: i64| unit * NS_PER_SECOND - since_ns.rem_euclid(unit * NS_PER_SECOND);
    match since_ns.div_euclid(NS_PER_SECOND) {
        ..-60 => (-60 * NS_PER_SECOND).saturating_sub(since_ns),
        -60..MINUTE => MINUTE * NS_PER_SECOND - since_ns,
        MINUTE..HOUR => to_next(MINUTE),
        HOUR..DAY => to_next(HOUR),
        // A date changes with the year: looked at once a day.
        DAY.. => to_next(DAY),
    }
}

/// Date and time with milliseconds in the given zone: `2026-11-23 22:00:53.485`.
pub fn exact(time: Timestamp, offset_minutes: i32) -> String {
    let local = in_zone(time, offset_minutes);
    format!("{:04}-{:02}-{:02} {}", local.year, local.month, local.day, clock(local, Precision::Milliseconds))
}

/// The same in UTC, saying so: `2026-11-23 22:00:53.485 UTC`.
pub fn exact_utc(time: Timestamp) -> String {
    format!("{} UTC", exact(time, 0))
}

/// From one instant to another, the day once: `23 Nov 2026 23:00 – 23:50`. Seconds and less only where they say
/// something. `offset_at` gives the zone at an instant.
pub fn span(from: Timestamp, to: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> String {
    let (from, to) = (in_zone(from, offset_at(from)), in_zone(to, offset_at(to)));
    let precision = match () {
        () if from.nanos > 0 || to.nanos > 0 => Precision::Milliseconds,
        () if from.second > 0 || to.second > 0 => Precision::Seconds,
        () => Precision::Minutes,
    };
    let (from_text, to_text) = (clock(from, precision), clock(to, precision));
    if (from.year, from.month, from.day) == (to.year, to.month, to.day) {
        return format!("{} {from_text} – {to_text}", date(from));
    }
    format!("{} {from_text} – {} {to_text}", date(from), date(to))
}

/// How much of a time of day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Minutes,
    Seconds,
    Milliseconds,
}

/// `22:00`, `22:00:53`, `22:00:53.485`.
pub fn clock(time: Civil, precision: Precision) -> String {
    let Civil { hour, minute, second, nanos, .. } = time;
    match precision {
        Precision::Minutes => format!("{hour:02}:{minute:02}"),
        Precision::Seconds => format!("{hour:02}:{minute:02}:{second:02}"),
        Precision::Milliseconds => format!("{hour:02}:{minute:02}:{second:02}.{:03}", nanos / 1_000_000),
    }
}

/// `14 Nov`.
pub fn day_and_month(time: Civil) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{} {}", time.day, MONTHS[time.month as usize - 1])
}

/// `14 Nov 2025`.
pub fn date(time: Civil) -> String {
    format!("{} {}", day_and_month(time), time.year)
}

/// An offset that no zone on Earth has falls back to UTC.
fn in_zone(time: Timestamp, offset_minutes: i32) -> Civil {
    let is_on_earth = offset_minutes.abs() < 24 * 60;
    Civil::in_zone(time, if is_on_earth { offset_minutes } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[track_caller]
    fn check(time: &str, expected: &str) {
        assert_eq!(relative(at(time), at("2026-11-23T22:00:00Z"), 60), expected);
    }

    #[test]
    fn recent_times_say_how_long_ago() {
        check("2026-11-23T21:59:59.5Z", "just now");
        check("2026-11-23T22:00:20Z", "just now");
        check("2026-11-23T21:59:01Z", "just now");
        check("2026-11-23T21:59:00Z", "1 m ago");
        check("2026-11-23T21:57:00Z", "3 m ago");
        check("2026-11-23T20:00:00Z", "2 h ago");
        check("2026-11-18T20:00:00Z", "5 d ago");
    }

    #[test]
    fn older_times_are_dates_in_the_readers_zone() {
        check("2026-11-13T23:30:00Z", "14 Nov");
        check("2025-11-14T10:00:00Z", "14 Nov 2025");
        check("2026-12-24T10:00:00Z", "24 Dec");
    }

    #[test]
    fn exact_times_follow_the_zone() {
        let time = at("2026-11-23T22:00:53.485046Z");
        assert_eq!(exact(time, 120), "2026-11-24 00:00:53.485");
        assert_eq!(exact(time, -570), "2026-11-23 12:30:53.485");
        assert_eq!(exact_utc(time), "2026-11-23 22:00:53.485 UTC");
        assert_eq!(exact(time, 100_000), "2026-11-23 22:00:53.485");
    }

    proptest! {
        #[test]
        fn what_is_said_holds_exactly_as_long_as_it_is_promised_to(age_s in -200i64..WEEK, ns in 0..NS_PER_SECOND) {
            let (time, now) = (at("2026-06-10T12:00:00Z"), at("2026-06-10T12:00:00Z").0 + age_s * NS_PER_SECOND + ns);
            let said = |at_ns: i64| relative(time, Timestamp(at_ns), 0);
            let holds_ns = relative_holds_ns(time, Timestamp(now));
            prop_assert!(holds_ns >= 1);
            prop_assert_eq!(said(now + holds_ns - 1), said(now));
            prop_assert_ne!(said(now + holds_ns), said(now));
        }
    }
}
