//! Time, cut into buckets of widths that people use, on the clocks of a time zone.
//!
//! Up to an hour, buckets are of equal width. Above, they begin where clocks show whole multiples: a bucket of six hours
//! has seven when clocks are set back in it, a day has 23 to 25. Weeks begin on Mondays.

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

pub const NS_PER_SECOND: i64 = 1_000_000_000;
const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

/// Seconds, narrowest first. What does not fit the widest takes whole weeks, then multiples of them.
const WIDTHS: [u32; 20] = [
    1,
    2,
    5,
    10,
    15,
    30,
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
];

/// How wide buckets shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// So many seconds, which divide a day or are whole days.
    Seconds(u32),
    /// The narrowest that need no more buckets than this, which is two or more.
    AtMost(usize),
}

/// Why time was not cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uncut {
    #[error("a bucket of {0} s neither divides a day nor is whole days")]
    Width(u32),
    #[error("more than {0} buckets; ask for wider ones or a shorter range")]
    TooMany(usize),
}

/// Buckets side by side, oldest first. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Where each begins, and where the last ends. Whole seconds, in nanoseconds since 1970.
    edges_ns: Vec<i64>,
    pub width_s: u32,
    /// All are exactly this wide.
    equal_ns: Option<i64>,
}

/// Runs that claim to be older or younger than this (1970, 2096) are counted with the first or last that is possible.
const FIRST_NS: i64 = 0;
const LAST_NS: i64 = 4_000_000_000 * NS_PER_SECOND;
/// Two buckets of so many weeks cover all that is possible, wherever they begin.
const MOST_WEEKS: u32 = 7_000;

impl Buckets {
    /// Covers both instants, with at most `max_buckets`.
    pub fn new(first_ns: i64, last_ns: i64, zone: Tz, wanted: Wanted, max_buckets: usize) -> Result<Buckets, Uncut> {
        let first_ns = first_ns.clamp(FIRST_NS, LAST_NS);
        let last_ns = last_ns.clamp(first_ns, LAST_NS);
        match wanted {
            Wanted::Seconds(width_s) => {
                if width_s == 0 || !(DAY.is_multiple_of(width_s) || width_s.is_multiple_of(DAY)) {
                    return Err(Uncut::Width(width_s));
                }
                Self::of_width(first_ns, last_ns, zone, width_s, max_buckets).ok_or(Uncut::TooMany(max_buckets))
            }
            Wanted::AtMost(n) => {
                let n = n.clamp(2, max_buckets);
                let weeks = (2..=MOST_WEEKS).map(|n_weeks| n_weeks * 7 * DAY);
                let cut = |width_s| Self::of_width(first_ns, last_ns, zone, width_s, n);
                WIDTHS.into_iter().chain(weeks).find_map(cut).ok_or(Uncut::TooMany(n))
            }
        }
    }

    /// `None`: there would be more than `max_buckets`.
    fn of_width(first_ns: i64, last_ns: i64, zone: Tz, width_s: u32, max_buckets: usize) -> Option<Buckets> {
        // Quickly, before any is made; clocks move edges by less than two days.
        let span_s = (last_ns - first_ns) / NS_PER_SECOND - 2 * i64::from(DAY);
        if span_s / i64::from(width_s) > max_buckets as i64 {
            return None;
        }
        let mut edges = Edges::new(first_ns, zone, width_s);
        let mut edges_ns = vec![edges.next_ns()];
        loop {
            let edge_ns = edges.next_ns();
            if edge_ns <= first_ns {
                edges_ns[0] = edge_ns;
                continue;
            }
            // Clocks that skip an hour, or a day, skip its buckets.
            if edges_ns.last().is_some_and(|last| edge_ns > *last) {
                edges_ns.push(edge_ns);
            }
            if edge_ns > last_ns {
                break;
            }
            if edges_ns.len() > max_buckets {
                return None;
            }
        }
        let width_ns = |pair: &[i64]| pair[1].checked_sub(pair[0]);
        let equal_ns =
            width_ns(&edges_ns).filter(|first| edges_ns.windows(2).all(|pair| width_ns(pair) == Some(*first)));
        Some(Buckets { edges_ns, width_s, equal_ns })
    }

    pub fn n(&self) -> usize {
        self.edges_ns.len() - 1
    }

    pub fn start_ns(&self) -> i64 {
        self.edges_ns[0]
    }

    pub fn end_ns(&self) -> i64 {
        self.edges_ns[self.n()]
    }

    pub fn starts_ms(&self) -> Vec<i64> {
        self.edges_ns[..self.n()].iter().map(|ns| ns / 1_000_000).collect()
    }

    /// The bucket of an instant; the nearest, outside.
    pub fn idx(&self, time_ns: i64) -> usize {
        let last_idx = self.n() - 1;
        match self.equal_ns {
            Some(width_ns) => {
                let since = time_ns.saturating_sub(self.edges_ns[0]).max(0);
                usize::try_from(since / width_ns).unwrap_or(last_idx).min(last_idx)
            }
            None => self.edges_ns.partition_point(|edge| *edge <= time_ns).saturating_sub(1).min(last_idx),
        }
    }
}

/// One edge after the other, from at or before the first instant.
enum Edges {
    /// Equal steps.
    Equal {
        next_s: i64,
        width_s: i64,
    },
    /// Whole multiples of some hours since midnight.
    Hours {
        zone: Tz,
        day: NaiveDate,
        of_day_s: u32,
        width_s: u32,
    },
    Days {
        zone: Tz,
        day: NaiveDate,
        n_days: u32,
    },
}

impl Edges {
    fn new(first_ns: i64, zone: Tz, width_s: u32) -> Edges {
        let first = DateTime::from_timestamp_nanos(first_ns);
        let local = zone.from_utc_datetime(&first.naive_utc());
        if width_s <= HOUR {
            let offset_s = i64::from(local.offset().fix().local_minus_utc());
            let width_s = i64::from(width_s);
            let local_s = first.timestamp() + offset_s;
            return Edges::Equal { next_s: local_s.div_euclid(width_s) * width_s - offset_s, width_s };
        }
        let day = local.date_naive();
        if width_s < DAY {
            return Edges::Hours { zone, day, of_day_s: 0, width_s };
        }
        let n_days = width_s / DAY;
        // The first Monday of 1970 is its fifth day.
        let anchor = if n_days.is_multiple_of(7) { 4 } else { 0 };
        let since_1970 = (day - NaiveDate::default()).num_days() - anchor;
        let day = day - Duration::days(since_1970.rem_euclid(i64::from(n_days)));
        Edges::Days { zone, day, n_days }
    }

    fn next_ns(&mut self) -> i64 {
        match self {
            Edges::Equal { next_s, width_s } => {
                let edge_s = *next_s;
                *next_s += *width_s;
                edge_s * NS_PER_SECOND
            }
            Edges::Hours { zone, day, of_day_s, width_s } => {
                let edge_ns = instant_ns(*zone, *day, *of_day_s);
                *of_day_s += *width_s;
                if *of_day_s >= DAY {
                    (*day, *of_day_s) = (*day + Duration::days(1), 0);
                }
                edge_ns
            }
            Edges::Days { zone, day, n_days } => {
                let edge_ns = instant_ns(*zone, *day, 0);
                *day += Duration::days(i64::from(*n_days));
                edge_ns
            }
        }
    }
}

/// When clocks first show this; where they skip it, when they skip.
pub fn instant_ns(zone: Tz, day: NaiveDate, of_day_s: u32) -> i64 {
    let local: NaiveDateTime = day.and_time(chrono::NaiveTime::MIN) + Duration::seconds(i64::from(of_day_s));
    let utc = match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.timestamp(),
        LocalResult::None => {
            // As if they had not been set forward yet: a day before they surely had not.
            let before = zone.offset_from_utc_datetime(&(local - Duration::days(1)));
            local.and_utc().timestamp() - i64::from(before.fix().local_minus_utc())
        }
    };
    utc.saturating_mul(NS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::Timestamp;
    use proptest::prelude::*;

    fn ns(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().0
    }

    /// Edges in UTC, without seconds.
    #[track_caller]
    fn check(zone: Tz, width_s: u32, (first, last): (&str, &str), expected: &str) {
        let buckets = Buckets::new(ns(first), ns(last), zone, Wanted::Seconds(width_s), 100).unwrap();
        let shown: Vec<String> =
            buckets.edges_ns.iter().map(|ns| Timestamp(*ns).to_string()[5..16].to_owned()).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn days_are_as_long_as_clocks_make_them() {
        let berlin = chrono_tz::Europe::Berlin;
        check(
            berlin,
            DAY,
            ("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"),
            "03-27T23:00 03-28T23:00 03-29T22:00 03-30T22:00",
        );
        check(berlin, DAY, ("2026-10-25T00:00:00Z", "2026-10-25T22:59:59Z"), "10-24T22:00 10-25T23:00");
        check(Tz::UTC, DAY, ("2026-10-25T00:00:00Z", "2026-10-25T23:59:59Z"), "10-25T00:00 10-26T00:00");
    }

    #[test]
    fn hours_keep_to_the_clock_over_a_change() {
        let berlin = chrono_tz::Europe::Berlin;
        check(
            berlin,
            6 * HOUR,
            ("2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z"),
            "10-24T22:00 10-25T05:00 10-25T11:00 10-25T17:00",
        );
        // The hour that is skipped has no bucket, the one that comes twice has two.
        check(berlin, HOUR, ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"), "03-29T00:00 03-29T01:00 03-29T02:00");
        check(
            chrono_tz::Asia::Kolkata,
            HOUR,
            ("2026-03-29T00:15:00Z", "2026-03-29T00:45:00Z"),
            "03-28T23:30 03-29T00:30 03-29T01:30",
        );
    }

    #[test]
    fn a_day_that_begins_at_one_begins_when_midnight_is_skipped() {
        let santiago = chrono_tz::America::Santiago;
        check(santiago, DAY, ("2026-09-06T06:00:00Z", "2026-09-06T07:00:00Z"), "09-06T04:00 09-07T03:00");
        // On 30 December 2011 there was no day.
        let apia = chrono_tz::Pacific::Apia;
        check(apia, DAY, ("2011-12-29T12:00:00Z", "2011-12-31T09:00:00Z"), "12-29T10:00 12-30T10:00 12-31T10:00");
    }

    #[test]
    fn weeks_begin_on_mondays() {
        check(
            Tz::UTC,
            7 * DAY,
            ("2026-11-25T00:00:00Z", "2026-11-30T00:00:00Z"),
            "11-23T00:00 11-30T00:00 12-07T00:00",
        );
    }

    #[test]
    fn widths_that_people_use_are_chosen() {
        let width = |last: &str, n: usize| {
            let buckets = Buckets::new(ns("2026-11-25T00:00:00Z"), ns(last), Tz::UTC, Wanted::AtMost(n), 2_000);
            buckets.map(|buckets| (buckets.width_s, buckets.n()))
        };
        assert_eq!(width("2026-11-25T00:59:59Z", 60), Ok((MINUTE, 60)));
        assert_eq!(width("2026-12-01T23:59:59Z", 60), Ok((3 * HOUR, 56)));
        assert_eq!(width("2026-12-24T23:59:59Z", 60), Ok((12 * HOUR, 60)));
        assert_eq!(width("2027-11-24T23:59:59Z", 60), Ok((7 * DAY, 53)));
        assert_eq!(width("2026-11-25T00:00:00Z", 1), Ok((1, 1)));
    }

    #[test]
    fn absurd_widths_are_refused() {
        let cut = |width_s, last: &str| {
            let buckets = Buckets::new(ns("2026-11-25T00:00:00Z"), ns(last), Tz::UTC, Wanted::Seconds(width_s), 2_000);
            buckets.map(|buckets| buckets.n())
        };
        assert_eq!(cut(0, "2026-11-26"), Err(Uncut::Width(0)));
        assert_eq!(cut(7_001, "2026-11-26"), Err(Uncut::Width(7_001)));
        assert_eq!(cut(1, "2026-11-26"), Err(Uncut::TooMany(2_000)));
        assert_eq!(cut(1, "2026-11-25T00:33:19Z"), Ok(2_000));
        assert_eq!(cut(1, "2026-11-25T00:33:20Z"), Err(Uncut::TooMany(2_000)));
    }

    proptest! {
        #[test]
        fn every_instant_of_any_range_is_in_the_bucket_around_it(
            a: i64, b: i64, per_mille in 0i128..1_000, n in 1usize..300, zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let (first, last) = (a.min(b), a.max(b));
            let buckets = Buckets::new(first, last, zone, Wanted::AtMost(n), 2_000).unwrap();
            prop_assert!(buckets.n() <= n.max(2));
            prop_assert!(buckets.edges_ns.windows(2).all(|pair| pair[0] < pair[1]));
            let (first, last) = (first.clamp(FIRST_NS, LAST_NS), last.clamp(FIRST_NS, LAST_NS));
            prop_assert!(buckets.start_ns() <= first && last < buckets.end_ns());
            let between = first + (i128::from(last - first) * per_mille / 1_000) as i64;
            for time in [first, last, between] {
                let idx = buckets.idx(time);
                prop_assert!(buckets.edges_ns[idx] <= time && time < buckets.edges_ns[idx + 1]);
            }
        }

        #[test]
        fn what_is_between_two_edges_is_in_one_bucket_wherever_clocks_change(
            day in 0i64..20_000, hours in 1i64..2_000, width in prop::sample::select(&WIDTHS[6..]), zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let first = day * 86_400 * NS_PER_SECOND;
            let last = first + hours * 3_600 * NS_PER_SECOND;
            if let Ok(buckets) = Buckets::new(first, last, zone, Wanted::Seconds(width), 2_000) {
                for (idx, edges) in buckets.edges_ns.windows(2).enumerate() {
                    prop_assert_eq!((buckets.idx(edges[0]), buckets.idx(edges[1] - 1)), (idx, idx));
                    prop_assert!(edges[1] - edges[0] <= (i64::from(width) + 2 * 86_400) * NS_PER_SECOND);
                }
            }
        }
    }
}
