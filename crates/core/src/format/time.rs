//! Instants: how long ago, and when exactly in the reader's zone or in UTC.
//!
//! The zone comes in as an offset from UTC in minutes, east positive, so that nothing here asks a clock.

use chrono::{DateTime, Datelike, FixedOffset, Offset, Timelike, Utc};
use fanlight_wire::Timestamp;

const NS_PER_SECOND: i64 = 1_000_000_000;

/// How long before `now`: `now`, `12 s ago`, `3 m ago`, `2 h ago`, `5 d ago`, then the date: `14 Nov`, `14 Nov 2025`.
pub fn relative(time: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    let seconds = now.since(time) / NS_PER_SECOND;
    match seconds {
        // A sender's clock may be a little ahead of ours.
        -60..=1 => "now".into(),
        2..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} m ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..604_800 => format!("{} d ago", seconds / 86_400),
        _ => {
            let (local, today) = (in_zone(time, offset_minutes), in_zone(now, offset_minutes));
            let format = if local.year() == today.year() { "%-d %b" } else { "%-d %b %Y" };
            local.format(format).to_string()
        }
    }
}

/// Seconds until [`relative`] may read differently: how long a clock on screen can sleep.
pub fn seconds_until_change(time: Timestamp, now: Timestamp) -> u32 {
    match now.since(time) / NS_PER_SECOND {
        ..60 => 1,
        60..3_600 => 15,
        _ => 300,
    }
}

/// Date and time with milliseconds in the given zone: `2026-11-23 22:00:53.485`.
pub fn exact(time: Timestamp, offset_minutes: i32) -> String {
    in_zone(time, offset_minutes).format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

/// The same in UTC, saying so: `2026-11-23 22:00:53.485 UTC`.
pub fn exact_utc(time: Timestamp) -> String {
    format!("{} UTC", exact(time, 0))
}

/// From one instant to another, the day once: `23 Nov 2026 23:00 – 23:50`. Seconds and less only where they say
/// something. `offset_at` gives the zone at an instant.
pub fn span(from: Timestamp, to: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> String {
    let (from, to) = (in_zone(from, offset_at(from)), in_zone(to, offset_at(to)));
    let nanos = from.timestamp_subsec_nanos().max(to.timestamp_subsec_nanos());
    let clock = |time: DateTime<FixedOffset>| match () {
        () if nanos > 0 => "%H:%M:%S%.3f",
        () if time.second() > 0 => "%H:%M:%S",
        () => "%H:%M",
    };
    let (from_text, to_text) = (from.format(clock(from)), to.format(clock(to)));
    let from_day = from.format("%-d %b %Y");
    if from.date_naive() == to.date_naive() {
        return format!("{from_day} {from_text} – {to_text}");
    }
    format!("{from_day} {from_text} – {} {to_text}", to.format("%-d %b %Y"))
}

fn in_zone(time: Timestamp, offset_minutes: i32) -> DateTime<FixedOffset> {
    let utc: DateTime<Utc> = time.to_utc();
    // An offset that no zone on Earth has falls back to UTC.
    let zone = FixedOffset::east_opt(offset_minutes.saturating_mul(60)).unwrap_or_else(|| Utc.fix());
    utc.with_timezone(&zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[track_caller]
    fn check(time: &str, expected: &str) {
        assert_eq!(relative(at(time), at("2026-11-23T22:00:00Z"), 60), expected);
    }

    #[test]
    fn recent_times_say_how_long_ago() {
        check("2026-11-23T21:59:59.5Z", "now");
        check("2026-11-23T22:00:20Z", "now");
        check("2026-11-23T21:59:48Z", "12 s ago");
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
}
