//! Which time the list shows: the last hours, all there is, or from one instant to another. Pure.

use crate::format::time;
use fanlight_wire::Timestamp;
use std::fmt;
use std::str::FromStr;

const NS_PER_MINUTE: i64 = 60_000_000_000;

/// A span of start times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeRange {
    #[default]
    All,
    /// The last so many minutes, and whatever comes.
    Last(u32),
    /// `from` is never after `to`, which itself is not in it: the next bar's beginning, or what a clock shows.
    Between { from: Timestamp, to: Timestamp },
}

/// The relative ranges that are offered.
pub const PRESETS: [TimeRange; 6] = [
    TimeRange::Last(15),
    TimeRange::Last(60),
    TimeRange::Last(24 * 60),
    TimeRange::Last(7 * 24 * 60),
    TimeRange::Last(30 * 24 * 60),
    TimeRange::All,
];

impl TimeRange {
    /// From the earlier to the later of two instants.
    pub fn between(one: Timestamp, other: Timestamp) -> Self {
        TimeRange::Between { from: one.min(other), to: one.max(other) }
    }

    /// The first and the last instant, where there is one.
    pub fn bounds(self, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        match self {
            TimeRange::All => (None, None),
            TimeRange::Last(minutes) => {
                (Some(Timestamp(now.0.saturating_sub(i64::from(minutes) * NS_PER_MINUTE))), None)
            }
            // The API's end is in the range.
            TimeRange::Between { from, to } => (Some(from), Some(Timestamp(to.0.saturating_sub(1).max(from.0)))),
        }
    }

    /// The next longer range: what to try when nothing was found.
    pub fn wider(self, now: Timestamp) -> Option<TimeRange> {
        let (from, to) = self.bounds(now);
        let length_ns = to.unwrap_or(now).since(from?);
        let reaches_now = to.is_none_or(|to| to >= now);
        let is_longer = |range: &TimeRange| match range {
            TimeRange::Last(minutes) => reaches_now && i64::from(*minutes) * NS_PER_MINUTE > length_ns,
            _ => true,
        };
        PRESETS.into_iter().find(is_longer)
    }

    /// In words; `offset_at` gives the reader's zone at an instant, in minutes east of UTC.
    pub fn label(self, offset_at: impl Fn(Timestamp) -> i32) -> String {
        match self {
            TimeRange::All => "All time".into(),
            TimeRange::Last(minutes) => {
                let (count, unit) = in_units(minutes);
                let unit = match unit {
                    'd' => "days",
                    'h' => "hours",
                    _ => "minutes",
                };
                if count == 1 { format!("Last {}", &unit[..unit.len() - 1]) } else { format!("Last {count} {unit}") }
            }
            TimeRange::Between { from, to } => time::span(from, to, offset_at),
        }
    }
}

/// `24h` rather than `1d`: how people say it. From two days on, days.
fn in_units(minutes: u32) -> (u32, char) {
    match minutes {
        _ if minutes.is_multiple_of(24 * 60) && minutes > 24 * 60 => (minutes / (24 * 60), 'd'),
        _ if minutes.is_multiple_of(60) && minutes > 0 => (minutes / 60, 'h'),
        _ => (minutes, 'm'),
    }
}

/// `all`, `15m`, `24h`, `7d`, or two instants with `~` between.
impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TimeRange::All => f.write_str("all"),
            TimeRange::Last(minutes) => {
                let (count, unit) = in_units(*minutes);
                write!(f, "{count}{unit}")
            }
            TimeRange::Between { from, to } => write!(f, "{}~{}", short(*from), short(*to)),
        }
    }
}

/// The instant without a fraction of zero.
fn short(time: Timestamp) -> String {
    let text = time.to_string();
    let digits = text.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    // A fraction is what was trimmed, not the seconds: `…:50.000000Z` keeps its 50.
    if text.contains('.') && digits.len() >= 19 { format!("{digits}Z") } else { format!("{}Z", &text[..19]) }
}

/// The text is no range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimeRange;

impl FromStr for TimeRange {
    type Err = InvalidTimeRange;

    fn from_str(text: &str) -> Result<Self, InvalidTimeRange> {
        if text == "all" {
            return Ok(TimeRange::All);
        }
        if let Some((from, to)) = text.split_once('~') {
            let instant = |text: &str| text.parse::<Timestamp>().map_err(|_| InvalidTimeRange);
            return Ok(TimeRange::between(instant(from)?, instant(to)?));
        }
        let unit = text.chars().last().ok_or(InvalidTimeRange)?;
        let count: u32 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| InvalidTimeRange)?;
        let minutes = match unit {
            'm' => Some(count),
            'h' => count.checked_mul(60),
            'd' => count.checked_mul(24 * 60),
            _ => None,
        };
        minutes
            .filter(|minutes| (1..=10 * 366 * 24 * 60).contains(minutes))
            .map(TimeRange::Last)
            .ok_or(InvalidTimeRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[track_caller]
    fn check(text: &str, expected_label: &str) {
        let range: TimeRange = text.parse().expect(text);
        assert_eq!(range.to_string(), text);
        assert_eq!(range.label(|_| 60), expected_label);
    }

    #[test]
    fn ranges_survive_the_address_and_have_words() {
        check("all", "All time");
        check("15m", "Last 15 minutes");
        check("1h", "Last hour");
        check("24h", "Last 24 hours");
        check("7d", "Last 7 days");
        check("90m", "Last 90 minutes");
        check("2026-11-23T22:00:00Z~2026-11-23T22:50:00Z", "23 Nov 2026 23:00 – 23:50");
        check("2026-11-23T22:00:00Z~2026-11-24T23:30:10Z", "23 Nov 2026 23:00:00 – 25 Nov 2026 00:30:10");
        check("2026-11-23T22:00:00.25Z~2026-11-23T22:00:01.5Z", "23 Nov 2026 23:00:00.250 – 23:00:01.500");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "h", "0h", "-3h", "3x", "9999999d", "now", "1h~2h", "é"] {
            assert_eq!(text.parse::<TimeRange>(), Err(InvalidTimeRange), "{text}");
        }
    }

    #[test]
    fn two_instants_are_put_in_order() {
        let range: TimeRange = "2026-11-23T23:00:00Z~2026-11-23T22:00:00Z".parse().unwrap();
        assert_eq!(range.to_string(), "2026-11-23T22:00:00Z~2026-11-23T23:00:00Z");
    }

    #[test]
    fn a_wider_range_includes_the_present_one() {
        let now = at("2026-11-23T22:00:00Z");
        assert_eq!(TimeRange::Last(15).wider(now), Some(TimeRange::Last(60)));
        assert_eq!(TimeRange::Last(30 * 24 * 60).wider(now), Some(TimeRange::All));
        assert_eq!(TimeRange::All.wider(now), None);
        let past = TimeRange::between(at("2026-11-20T00:00:00Z"), at("2026-11-20T01:00:00Z"));
        assert_eq!(past.wider(now), Some(TimeRange::All));
    }
}
