//! When conversations begin: busy days, quiet nights, slow weekends.

use super::chance::Chance;
use chrono::{DateTime, Datelike, Timelike, Weekday};
use fanlight_wire::Timestamp;

const MINUTE_NS: i64 = 60_000_000_000;
const WEEK_MINUTES: u64 = 7 * 24 * 60;

/// How busy each hour of the day is, UTC.
const BUSYNESS: [u32; 24] = [6, 4, 3, 3, 4, 7, 14, 30, 52, 66, 70, 64, 55, 62, 72, 78, 70, 58, 48, 40, 33, 26, 18, 10];
const BUSIEST: f64 = 78.0;

/// Minutes ago of the newest conversations, so that the first page is fresh at any hour.
const JUST_NOW_MINUTES: [i64; 6] = [1, 3, 6, 11, 18, 27];

/// `n` instants within the week before `now`, oldest first.
pub fn conversation_starts(chance: &mut Chance, n: usize, now: Timestamp) -> Vec<Timestamp> {
    let mut starts: Vec<_> =
        JUST_NOW_MINUTES.iter().take(n).map(|minutes| Timestamp(now.0 - minutes * MINUTE_NS)).collect();
    while starts.len() < n {
        let minutes_ago = i64::try_from(chance.whole(30, WEEK_MINUTES)).expect("a week of minutes fits");
        let millis = i64::try_from(chance.whole(0, 59_999)).expect("a minute of milliseconds fits");
        let start = Timestamp(now.0 - minutes_ago * MINUTE_NS + millis * 1_000_000);
        if chance.happens(busyness(start)) {
            starts.push(start);
        }
    }
    starts.sort_unstable();
    starts
}

/// 0 to 1.
fn busyness(time: Timestamp) -> f64 {
    let utc = DateTime::from_timestamp_nanos(time.0);
    let weekend = if matches!(utc.weekday(), Weekday::Sat | Weekday::Sun) { 0.45 } else { 1.0 };
    f64::from(BUSYNESS[utc.hour() as usize]) / BUSIEST * weekend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_has_more_traffic_by_day_than_by_night_and_ends_just_now() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let starts = conversation_starts(&mut Chance::new(1, 0), 400, now);
        let at_night = starts.iter().filter(|time| DateTime::from_timestamp_nanos(time.0).hour() < 6).count();
        let by_day =
            starts.iter().filter(|time| (9..15).contains(&DateTime::from_timestamp_nanos(time.0).hour())).count();
        assert_eq!(starts.len(), 400);
        assert!(starts.is_sorted() && by_day > 5 * at_night, "{by_day} by day, {at_night} at night");
        assert_eq!(starts[399], Timestamp(now.0 - MINUTE_NS));
        assert!(starts[0].0 >= now.0 - 7 * 24 * 60 * MINUTE_NS);
    }
}
