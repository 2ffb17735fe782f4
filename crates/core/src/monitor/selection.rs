//! What was chosen in a chart: a span of time, perhaps of latencies. The address has it as two words.

use fanlight_wire::Timestamp;
use fanlight_wire::monitor::{Area, Quantity};
use std::fmt::Write as _;

/// From `from` until before `until`; latencies in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    pub from: Timestamp,
    pub until: Timestamp,
    pub latency: Option<Latencies>,
}

/// So much or more, and less than that; an open end has no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latencies {
    pub min_s: Option<f64>,
    pub max_s: Option<f64>,
}

impl Selection {
    /// What the server is asked about.
    pub fn area(&self) -> Area {
        let latency = self.latency.unwrap_or(Latencies { min_s: None, max_s: None });
        Area {
            from: Some(self.from),
            until: Some(self.until),
            of: Quantity::Latency,
            min: latency.min_s,
            max: latency.max_s,
        }
    }
}

impl Latencies {
    /// `1.5~3`, `1.5~`, `~3`.
    pub fn to_word(self) -> String {
        let mut word = String::new();
        if let Some(min_s) = self.min_s {
            let _ = write!(word, "{min_s}");
        }
        word.push('~');
        if let Some(max_s) = self.max_s {
            let _ = write!(word, "{max_s}");
        }
        word
    }

    /// Reads [`Latencies::to_word`]; `None` for anything else, and for a span without any bound.
    pub fn of_word(word: &str) -> Option<Self> {
        let (min, max) = word.split_once('~')?;
        let bound = |text: &str| -> Option<Option<f64>> {
            if text.is_empty() {
                return Some(None);
            }
            let seconds: f64 = text.parse().ok()?;
            (seconds.is_finite() && seconds >= 0.0).then_some(Some(seconds))
        };
        let (min_s, max_s) = (bound(min)?, bound(max)?);
        let is_span = min_s.is_some() || max_s.is_some();
        let is_ordered = min_s.zip(max_s).is_none_or(|(min, max)| min < max);
        (is_span && is_ordered).then_some(Latencies { min_s, max_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn latencies_survive_the_address() {
        for word in ["1.5~3", "1.5~", "~0.25"] {
            assert_eq!(Latencies::of_word(word).map(Latencies::to_word).as_deref(), Some(word));
        }
        for nonsense in ["", "~", "3~1", "1", "a~b", "-1~2", "NaN~", "inf~"] {
            assert_eq!(Latencies::of_word(nonsense), None, "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn any_span_is_read_back(min in 0.0..1e6f64, length in 1e-6..1e6f64) {
            let latencies = Latencies { min_s: Some(min), max_s: Some(min + length) };
            prop_assert_eq!(Latencies::of_word(&latencies.to_word()), Some(latencies));
        }
    }
}
