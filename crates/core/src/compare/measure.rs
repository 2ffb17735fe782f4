//! How much longer, larger, dearer: amounts of two runs, and whether their difference means anything.

use super::pairs::{Comparison, Pair, PairIdx};
use super::side::Side;
use crate::format::cost::cost;
use crate::format::duration::duration;
use crate::format::tokens::tokens;
use crate::model::RunIdx;
use fanlight_wire::Usd;
use std::fmt;
use std::str::FromStr;

/// What the columns of the comparison show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    #[default]
    Time,
    Tokens,
    Cost,
}

impl Measure {
    pub const ALL: [Measure; 3] = [Measure::Time, Measure::Tokens, Measure::Cost];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Measure::Time => "time",
            Measure::Tokens => "tokens",
            Measure::Cost => "cost",
        }
    }

    /// The reader's word.
    pub fn label(self) -> &'static str {
        match self {
            Measure::Time => "Time",
            Measure::Tokens => "Tokens",
            Measure::Cost => "Cost",
        }
    }

    /// The amount of one run with all below it, in ns, tokens or 10⁻¹² dollars; `None` when it is not known, as the time of
    /// a run under way and the cost of a model without a price.
    pub fn of(self, side: &Side, run: RunIdx) -> Option<i64> {
        let tree = &side.tree;
        match self {
            Measure::Time => tree.end_ns(run).map(|end| saturated(end - tree.start_ns(run))),
            Measure::Tokens => {
                let (prompt, completion) = tree.tokens(run);
                Some(i64::from(prompt) + i64::from(completion))
            }
            Measure::Cost => tree.cost(run).map(|cost| cost.picodollars),
        }
    }

    /// The amount of one run without what is below it; 0 when it is not known.
    pub(super) fn own(self, side: &Side, run: RunIdx) -> i64 {
        match self {
            Measure::Time => saturated(side.self_ns(run)),
            Measure::Tokens | Measure::Cost => {
                let below = side.tree.children(run).filter_map(|child| self.of(side, child));
                self.of(side, run).map_or(0, |whole| below.fold(whole, i64::saturating_sub).max(0))
            }
        }
    }

    /// The amount in words.
    pub fn text(self, amount: i64) -> String {
        match self {
            Measure::Time => duration(amount),
            Measure::Tokens => tokens(amount),
            Measure::Cost => cost(Usd::from_pico(amount)),
        }
    }

    /// With its sign: `+890 ms`, `−12`, `±0`.
    pub fn signed_text(self, amount: i64) -> String {
        match amount {
            0 => "±0".into(),
            _ => format!("{}{}", if amount > 0 { "+" } else { "−" }, self.text(amount.saturating_abs())),
        }
    }

    /// Differences up to this much are within noise: a tenth of the larger time, and never less than 5 ms, since that is
    /// what clocks and schedulers do by themselves; a fiftieth of tokens and costs.
    fn noise(self, larger: i64) -> i64 {
        match self {
            Measure::Time => (larger / 10).max(5_000_000),
            Measure::Tokens | Measure::Cost => larger / 50,
        }
    }

    /// Whether B is more than A.
    pub fn change(self, a: i64, b: i64) -> Change {
        let delta = b.saturating_sub(a);
        match delta.saturating_abs() <= self.noise(a.saturating_abs().max(b.saturating_abs())) {
            true => Change::Noise,
            false if delta > 0 => Change::More,
            false => Change::Less,
        }
    }

    /// "slower by 890 ms", "12 tokens fewer", "cheaper by $0.01"; `None` within noise.
    pub fn spoken(self, a: i64, b: i64) -> Option<String> {
        let amount = self.text(b.saturating_sub(a).saturating_abs());
        Some(match (self, self.change(a, b)) {
            (_, Change::Noise) => return None,
            (Measure::Time, Change::More) => format!("slower by {amount}"),
            (Measure::Time, Change::Less) => format!("faster by {amount}"),
            (Measure::Tokens, Change::More) => format!("{amount} tokens more"),
            (Measure::Tokens, Change::Less) => format!("{amount} tokens fewer"),
            (Measure::Cost, Change::More) => format!("dearer by {amount}"),
            (Measure::Cost, Change::Less) => format!("cheaper by {amount}"),
        })
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The address names a measure that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMeasure;

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        Measure::ALL.into_iter().find(|measure| measure.as_str() == text).ok_or(UnknownMeasure)
    }
}

/// What became of an amount from A to B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    More,
    Less,
    Noise,
}

/// The amounts of a pair. Against a baseline `a` is the median.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// `None` when there is no such run, or when its amount is not known.
    pub a: Option<i64>,
    pub b: Option<i64>,
    /// B less A; what has no counterpart counts whole. `None` when an amount is not known.
    pub delta: Option<i64>,
}

impl Amounts {
    /// `None` where nothing can be said.
    pub fn change(self, measure: Measure) -> Option<Change> {
        self.delta.map(|_| measure.change(self.a.unwrap_or(0), self.b.unwrap_or(0)))
    }
}

impl Comparison {
    pub fn amounts(&self, idx: PairIdx, measure: Measure) -> Amounts {
        let Pair { a, b } = self.pair(idx);
        let of = |side: &Side, run: Option<RunIdx>| run.map_or(Some(0), |run| measure.of(side, run));
        if let Some(baseline) = self.baseline() {
            let usual = match b {
                Some(run) => baseline.median(run, measure),
                None => a.and_then(|run| measure.of(&self.a, run)),
            };
            let here = b.and_then(|run| measure.of(&self.b, run));
            // A run that is not here has saved nothing: it may be usual only in one trace.
            let delta = usual.zip(here).map(|(usual, here)| here.saturating_sub(usual));
            return Amounts { a: usual, b: here, delta };
        }
        let (one, other) = (of(&self.a, a), of(&self.b, b));
        let delta = one.zip(other).map(|(one, other)| other.saturating_sub(one));
        Amounts { a: one.filter(|_| a.is_some()), b: other.filter(|_| b.is_some()), delta }
    }

    /// The amounts of the traces as wholes; against a baseline those of the root.
    pub fn totals(&self, measure: Measure) -> Amounts {
        if self.baseline().is_some() {
            return if self.is_empty() { Amounts::default() } else { self.amounts(0, measure) };
        }
        let of = |side: &Side| match measure {
            Measure::Time if side.tree.running().is_empty() => Some(saturated(side.tree.extent_ns())),
            Measure::Time => None,
            _ => {
                let roots = (0..side.tree.n_runs() as RunIdx).filter(|&run| side.tree.parent(run).is_none());
                let known: Vec<i64> = roots.filter_map(|root| measure.of(side, root)).collect();
                (!known.is_empty()).then(|| known.into_iter().fold(0, i64::saturating_add))
            }
        };
        let (a, b) = (of(&self.a), of(&self.b));
        Amounts { a, b, delta: a.zip(b).map(|(a, b)| b.saturating_sub(a)) }
    }
}

fn saturated(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_are_noise() {
        let ms = 1_000_000;
        for (a, b, expected) in [
            (100 * ms, 104 * ms, Change::Noise),
            (1000 * ms, 1090 * ms, Change::Noise),
            (1000 * ms, 1200 * ms, Change::More),
            (1200 * ms, 1000 * ms, Change::Less),
            (0, 0, Change::Noise),
        ] {
            assert_eq!(Measure::Time.change(a, b), expected, "{a} {b}");
        }
        assert_eq!(Measure::Tokens.change(1000, 1010), Change::Noise);
        assert_eq!(Measure::Tokens.change(10, 9), Change::Less);
        assert_eq!(Measure::Cost.change(i64::MIN, i64::MAX), Change::More);
    }

    #[test]
    fn a_change_has_words() {
        let spoken = |measure: Measure, a, b| measure.spoken(a, b).unwrap_or_default();
        assert_eq!(spoken(Measure::Time, 310_000_000, 1_200_000_000), "slower by 890 ms");
        assert_eq!(spoken(Measure::Tokens, 120, 60), "60 tokens fewer");
        assert_eq!(spoken(Measure::Cost, 20_000_000_000, 10_000_000_000), "cheaper by $0.01");
        assert_eq!(spoken(Measure::Time, 10, 20), "");
        assert_eq!(Measure::Time.signed_text(-1_500_000_000), "−1.50 s");
        assert_eq!(Measure::Tokens.signed_text(0), "±0");
    }

    #[test]
    fn every_measure_survives_the_address() {
        for measure in Measure::ALL {
            assert_eq!(measure.to_string().parse(), Ok(measure));
        }
        assert_eq!("length".parse::<Measure>(), Err(UnknownMeasure));
    }
}
