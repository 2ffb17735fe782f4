//! What the runs of a trace usually take: the amounts of their counterparts in other traces of the same application.
//!
//! Each of those is aligned with the trace as two traces are when they are compared; the trace that is judged is not among
//! them.

use super::measure::{Change, Measure};
use super::pairs::{Comparison, Pair, PairIdx};
use super::side::Side;
use crate::model::RunIdx;

/// With fewer counterparts than this, no amount is called unusual.
pub const LEAST_TO_JUDGE: usize = 8;
/// Beyond these percentiles an amount is unusual, if it is beyond noise as well.
const UNUSUAL: (f64, f64) = (5.0, 95.0);

/// The amounts of one run's counterparts, in the order of [`Measure::ALL`], ascending.
#[derive(Clone, Debug, Default)]
struct Samples {
    whole: [Vec<i64>; Measure::ALL.len()],
    /// Without what is below the run.
    own: [Vec<i64>; Measure::ALL.len()],
    /// Traces that have a counterpart, whatever is known of it.
    n_counterparts: usize,
}

/// For each run of one trace, what its counterparts took. 48 bytes for each run and trace.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    n_traces: usize,
    runs: Vec<Samples>,
}

/// Where an amount stands among those of its counterparts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub median: i64,
    /// The share of counterparts that took less, those that took the same counting half, from 0 to 100.
    pub percentile: f64,
    pub n: usize,
}

impl Baseline {
    /// Nothing is known yet of the runs of `subject`.
    pub fn new(subject: &Side) -> Self {
        Baseline { n_traces: 0, runs: vec![Samples::default(); subject.tree.n_runs()] }
    }

    /// Adds what another trace took; `subject` is the trace that the baseline is for.
    pub fn add(&mut self, subject: &Side, other: &Side) {
        let aligned = Comparison::new(other.clone(), subject.clone());
        self.n_traces += 1;
        for idx in 0..aligned.n_pairs() as PairIdx {
            let Pair { a: Some(counterpart), b: Some(run) } = aligned.pair(idx) else { continue };
            let Some(samples) = self.runs.get_mut(run as usize) else { continue };
            samples.n_counterparts += 1;
            for (nth, measure) in Measure::ALL.into_iter().enumerate() {
                let Some(amount) = measure.of(other, counterpart) else { continue };
                insert(&mut samples.whole[nth], amount);
                insert(&mut samples.own[nth], measure.own(other, counterpart));
            }
        }
    }

    /// Traces that were added.
    pub fn n_traces(&self) -> usize {
        self.n_traces
    }

    /// Traces that have a counterpart of the run.
    pub fn n_counterparts(&self, run: RunIdx) -> usize {
        self.runs.get(run as usize).map_or(0, |samples| samples.n_counterparts)
    }

    /// The median of what a run's counterparts took; `None` where nothing is known.
    pub fn median(&self, run: RunIdx, measure: Measure) -> Option<i64> {
        median(&self.runs.get(run as usize)?.whole[nth(measure)])
    }

    /// The same without what is below them.
    pub(super) fn median_own(&self, run: RunIdx, measure: Measure) -> Option<i64> {
        median(&self.runs.get(run as usize)?.own[nth(measure)])
    }

    /// Where `amount` stands; `None` where nothing is known.
    pub fn place(&self, run: RunIdx, measure: Measure, amount: i64) -> Option<Place> {
        let samples = &self.runs.get(run as usize)?.whole[nth(measure)];
        let median = median(samples)?;
        let n_less = samples.partition_point(|&other| other < amount);
        let n_up_to = samples.partition_point(|&other| other <= amount);
        let percentile = 50.0 * (n_less + n_up_to) as f64 / samples.len() as f64;
        Some(Place { median, percentile, n: samples.len() })
    }

    /// Whether an amount is beyond what is usual, and beyond noise.
    pub fn is_unusual(&self, run: RunIdx, measure: Measure, amount: i64) -> bool {
        self.place(run, measure, amount).is_some_and(|place| {
            let is_beyond = place.percentile < UNUSUAL.0 || place.percentile > UNUSUAL.1;
            place.n >= LEAST_TO_JUDGE && is_beyond && measure.change(place.median, amount) != Change::Noise
        })
    }

    /// Whether fewer than half of the traces have a counterpart of the run.
    pub fn is_rare(&self, run: RunIdx) -> bool {
        2 * self.n_counterparts(run) < self.n_traces
    }
}

fn nth(measure: Measure) -> usize {
    measure as usize
}

fn insert(samples: &mut Vec<i64>, amount: i64) {
    let at = samples.partition_point(|&other| other <= amount);
    samples.insert(at, amount);
}

/// Of an even number, the mean of the two in the middle.
fn median(samples: &[i64]) -> Option<i64> {
    let middle = samples.len() / 2;
    match samples.len() {
        0 => None,
        n if n % 2 == 1 => Some(samples[middle]),
        // The sum of two may be too large for an `i64`, the mean is not.
        _ => i64::try_from((i128::from(samples[middle - 1]) + i128::from(samples[middle])) / 2).ok(),
    }
}

/// The position of the length that stands in the middle: the shorter one of two.
pub fn typical(lengths_ns: &[i64]) -> Option<usize> {
    let mut order: Vec<usize> = (0..lengths_ns.len()).collect();
    order.sort_by_key(|&idx| lengths_ns[idx]);
    order.get(lengths_ns.len().saturating_sub(1) / 2).copied()
}

/// "p97", never p0 or p100: there may always be one beyond.
pub fn percentile_words(percentile: f64) -> String {
    format!("p{:.0}", percentile.round().clamp(1.0, 99.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;
    use std::sync::Arc;

    const MS: i64 = 1_000_000;

    fn side(text: &str) -> Side {
        Side::new(Arc::new(trace_from_text(text)), None)
    }

    /// A baseline of agents that search for so many milliseconds, for one that searches for `ms`.
    fn searching(usual_ms: &[i64], ms: i64) -> (Side, Baseline) {
        let agent = |ms: i64| side(&format!("agent 0..{}\n search:tool 0..{ms}", ms + 100));
        let subject = agent(ms);
        let mut baseline = Baseline::new(&subject);
        usual_ms.iter().for_each(|&ms| baseline.add(&subject, &agent(ms)));
        (subject, baseline)
    }

    #[test]
    fn a_run_is_placed_among_its_counterparts() {
        let (_, baseline) = searching(&[100, 200, 300, 400], 250);
        let place = baseline.place(1, Measure::Time, 250 * MS);
        assert_eq!(place, Some(Place { median: 250 * MS, percentile: 50.0, n: 4 }));
        assert_eq!(baseline.place(1, Measure::Time, 1000 * MS).map(|place| place.percentile), Some(100.0));
        assert_eq!(baseline.place(1, Measure::Time, 300 * MS).map(|place| place.percentile), Some(62.5));
        // An agent takes 100 ms beside its search, whatever that takes.
        assert_eq!(baseline.median_own(0, Measure::Time), Some(100 * MS));
    }

    #[test]
    fn only_what_is_beyond_both_usual_and_noise_is_unusual() {
        let (_, baseline) = searching(&[100; 10], 100);
        assert!(baseline.is_unusual(1, Measure::Time, 300 * MS));
        // The slowest of all, and by three milliseconds.
        assert!(!baseline.is_unusual(1, Measure::Time, 103 * MS));
        let (_, few) = searching(&[100; LEAST_TO_JUDGE - 1], 100);
        assert!(!few.is_unusual(1, Measure::Time, 300 * MS));
    }

    #[test]
    fn a_run_that_most_traces_lack_is_rare() {
        let subject = side("agent 0..9\n search:tool 0..3\n retry:tool 3..6");
        let mut baseline = Baseline::new(&subject);
        for text in ["agent 0..9\n search:tool 0..3", "agent 0..9\n search:tool 0..4", "agent 0..9\n retry:tool 0..4"] {
            baseline.add(&subject, &side(text));
        }
        assert_eq!((baseline.is_rare(1), baseline.is_rare(2), baseline.n_counterparts(2)), (false, true, 1));
        assert_eq!(baseline.place(2, Measure::Cost, 5), None);
    }

    #[test]
    fn the_trace_that_took_as_long_as_most_is_the_typical_one() {
        assert_eq!(typical(&[30, 10, 20]), Some(2));
        assert_eq!(typical(&[30, 10, 40, 20]), Some(3));
        assert_eq!(typical(&[]), None);
    }

    #[test]
    fn nobody_is_the_last_of_all() {
        assert_eq!([0.0, 49.6, 100.0].map(percentile_words), ["p1", "p50", "p99"]);
    }

    proptest! {
        #[test]
        fn places_agree_with_counting(usual in prop::collection::vec(1i64..50, 1..20), ms in 1i64..50) {
            let (_, baseline) = searching(&usual, ms);
            let Some(place) = baseline.place(1, Measure::Time, ms * MS) else { return Err(TestCaseError::fail("known")) };
            let n_less = usual.iter().filter(|&&other| other < ms).count() as f64;
            let n_same = usual.iter().filter(|&&other| other == ms).count() as f64;
            prop_assert!((place.percentile - 100.0 * (n_less + n_same / 2.0) / usual.len() as f64).abs() < 1e-9);
            prop_assert_eq!(place.n, usual.len());
            let n_below = usual.iter().filter(|&&other| other * MS < place.median).count();
            let n_above = usual.iter().filter(|&&other| other * MS > place.median).count();
            prop_assert!(n_below <= usual.len() / 2 && n_above <= usual.len() / 2);
        }

        #[test]
        fn the_order_in_which_traces_are_added_does_not_matter(usual in prop::collection::vec(1i64..50, 2..12), ms in 1i64..50) {
            let reversed: Vec<i64> = usual.iter().rev().copied().collect();
            let ((_, one), (_, other)) = (searching(&usual, ms), searching(&reversed, ms));
            for run in 0..2 {
                prop_assert_eq!(one.place(run, Measure::Time, ms * MS), other.place(run, Measure::Time, ms * MS));
            }
        }
    }
}
