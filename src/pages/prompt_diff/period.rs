//! The time that production is looked at over. Pure.

use fanlight_wire::Timestamp;
use std::fmt;
use std::str::FromStr;

const NS_PER_HOUR: i64 = 3_600_000_000_000;

/// The last so long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    Day,
    Week,
    #[default]
    Month,
    All,
}

impl Period {
    pub const ALL: [Period; 4] = [Period::Day, Period::Week, Period::Month, Period::All];

    pub fn label(self) -> &'static str {
        match self {
            Period::Day => "Last 24 hours",
            Period::Week => "Last 7 days",
            Period::Month => "Last 30 days",
            Period::All => "All time",
        }
    }

    /// As addresses have it, here and in the list of traces.
    pub fn as_str(self) -> &'static str {
        match self {
            Period::Day => "24h",
            Period::Week => "7d",
            Period::Month => "30d",
            Period::All => "all",
        }
    }

    /// When it began; `None` for always.
    pub fn start(self, now: Timestamp) -> Option<Timestamp> {
        let hours = match self {
            Period::Day => 24,
            Period::Week => 7 * 24,
            Period::Month => 30 * 24,
            Period::All => return None,
        };
        Some(Timestamp(now.0.saturating_sub(hours * NS_PER_HOUR)))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An address names a period that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPeriod;

impl FromStr for Period {
    type Err = UnknownPeriod;

    fn from_str(text: &str) -> Result<Self, UnknownPeriod> {
        Period::ALL.into_iter().find(|period| period.as_str() == text).ok_or(UnknownPeriod)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_period_survives_the_address() {
        for period in Period::ALL {
            assert_eq!(period.to_string().parse(), Ok(period));
        }
        assert_eq!("9y".parse::<Period>(), Err(UnknownPeriod));
    }

    #[test]
    fn a_period_ends_now() {
        let now = Timestamp(100 * 24 * NS_PER_HOUR);
        assert_eq!(Period::Week.start(now), Some(Timestamp(93 * 24 * NS_PER_HOUR)));
        assert_eq!(Period::All.start(now), None);
    }
}
