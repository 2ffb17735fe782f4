//! Two versions judged by all their measures at once.

use super::difference::{CONFIDENCE, Difference, Estimate};
use super::holm;
use super::mean::{self, Mean};
use super::power::runs_needed;
use super::quantile;
use super::share::{self, Share};

/// With fewer runs on either side nothing is claimed: a handful of runs is an anecdote.
pub const LEAST_RUNS: u64 = 20;

/// Claims of any difference where there is none, at most this share of comparisons.
const ALPHA: f64 = 1.0 - CONFIDENCE;

/// One measure of one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    Share(Share),
    Mean(Mean),
    /// Of a quantile, estimated where the runs are.
    Quantile(Estimate),
    Nothing,
}

impl Measured {
    pub fn estimate(self) -> Option<Estimate> {
        match self {
            Measured::Share(share) => share.estimate(),
            Measured::Mean(mean) => mean.estimate(),
            Measured::Quantile(estimate) => Some(estimate),
            Measured::Nothing => None,
        }
    }
}

/// What one wants of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    Lower,
    Higher,
}

/// What can be said of B against A.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Better,
    Worse,
    /// Chance makes as much. `more_runs` of each version would tell, if the difference is as large as it looks.
    Noise {
        more_runs: Option<u64>,
    },
    /// Fewer than [`LEAST_RUNS`] on a side, or nothing to judge chance by.
    TooFew,
}

/// One measure of both versions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub a: Option<Estimate>,
    pub b: Option<Estimate>,
    pub difference: Option<Difference>,
    /// As [`Difference::p`], corrected for the number of measures that were judged.
    pub p_corrected: Option<f64>,
    pub verdict: Verdict,
}

impl Judged {
    /// B − A as a share of A.
    pub fn change(&self) -> Option<f64> {
        let (a, b) = (self.a?.value, self.b?.value);
        (a != 0.0).then(|| (b - a) / a.abs())
    }
}

/// Judges every measure of A and B, in order.
pub fn judge(measures: &[(Aim, Measured, Measured)]) -> Vec<Judged> {
    let differences: Vec<Option<Difference>> = measures.iter().map(|(_, a, b)| difference(*a, *b)).collect();
    let ps: Vec<f64> = differences.iter().flatten().map(|difference| difference.p).collect();
    let mut corrected = holm::corrected(&ps).into_iter();
    let alpha = ALPHA / ps.len().max(1) as f64;
    let judged = measures.iter().zip(differences).map(|((aim, a, b), difference)| {
        let p_corrected = difference.as_ref().and_then(|_| corrected.next());
        let (a, b) = (a.estimate(), b.estimate());
        let verdict = match (difference, p_corrected) {
            (Some(difference), Some(p)) if p <= ALPHA => match (difference.value > 0.0) == (*aim == Aim::Higher) {
                true => Verdict::Better,
                false => Verdict::Worse,
            },
            (Some(difference), _) => {
                let n = a.map_or(0, |a| a.n).min(b.map_or(0, |b| b.n));
                let more_runs = runs_needed(&difference, alpha).map(|needed| needed.saturating_sub(n).max(1));
                Verdict::Noise { more_runs }
            }
            (None, _) => Verdict::TooFew,
        };
        Judged { a, b, difference, p_corrected, verdict }
    });
    judged.collect()
}

fn difference(a: Measured, b: Measured) -> Option<Difference> {
    let n = |side: Measured| side.estimate().map_or(0, |estimate| estimate.n);
    if n(a).min(n(b)) < LEAST_RUNS {
        return None;
    }
    match (a, b) {
        (Measured::Share(a), Measured::Share(b)) => share::difference(a, b),
        (Measured::Mean(a), Measured::Mean(b)) => mean::difference(a, b),
        (Measured::Quantile(a), Measured::Quantile(b)) => quantile::difference(a, b),
        _ => None,
    }
}

/// What all verdicts together come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// B is better in something and worse in nothing.
    BWins,
    AWins,
    /// Each is better in something.
    TradeOff,
    /// Nothing differs by more than noise.
    Even,
    /// There is nothing to judge yet.
    TooFew,
}

pub fn outcome(judged: &[Judged]) -> Outcome {
    let has = |verdict: Verdict| judged.iter().any(|one| one.verdict == verdict);
    match (has(Verdict::Better), has(Verdict::Worse)) {
        (true, false) => Outcome::BWins,
        (false, true) => Outcome::AWins,
        (true, true) => Outcome::TradeOff,
        (false, false) if judged.iter().all(|one| one.verdict == Verdict::TooFew) => Outcome::TooFew,
        (false, false) => Outcome::Even,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(n_yes: u64, n: u64) -> Measured {
        Measured::Share(Share { n_yes, n })
    }

    fn mean(n: u64, mean: f64, variance: f64) -> Measured {
        Measured::Mean(Mean { n, mean, variance })
    }

    fn verdicts(measures: &[(Aim, Measured, Measured)]) -> Vec<Verdict> {
        judge(measures).into_iter().map(|judged| judged.verdict).collect()
    }

    #[test]
    fn fewer_errors_and_higher_scores_are_better() {
        let errors = (Aim::Lower, share(40, 200), share(10, 200));
        let scores = (Aim::Higher, mean(200, 0.5, 0.04), mean(200, 0.7, 0.04));
        assert_eq!(verdicts(&[errors, scores]), [Verdict::Better, Verdict::Better]);
        assert_eq!(outcome(&judge(&[errors, scores])), Outcome::BWins);
        let swapped = [(Aim::Lower, errors.2, errors.1), scores];
        assert_eq!(verdicts(&swapped), [Verdict::Worse, Verdict::Better]);
        assert_eq!(outcome(&judge(&swapped)), Outcome::TradeOff);
    }

    #[test]
    fn noise_says_how_many_runs_would_tell() {
        let [verdict] = verdicts(&[(Aim::Lower, share(10, 100), share(8, 100))])[..] else { panic!() };
        let Verdict::Noise { more_runs: Some(more) } = verdict else { panic!("{verdict:?}") };
        // 3,213 of each by the textbook's formula.
        assert!((3_000..3_300).contains(&more), "{more}");
    }

    #[test]
    fn a_few_runs_and_runs_that_are_all_the_same_decide_nothing() {
        assert_eq!(verdicts(&[(Aim::Lower, share(19, 19), share(0, 500))]), [Verdict::TooFew]);
        assert_eq!(verdicts(&[(Aim::Lower, mean(50, 1.0, 0.0), mean(50, 2.0, 0.0))]), [Verdict::TooFew]);
        assert_eq!(verdicts(&[(Aim::Lower, Measured::Nothing, share(1, 50))]), [Verdict::TooFew]);
        assert_eq!(outcome(&judge(&[(Aim::Lower, Measured::Nothing, Measured::Nothing)])), Outcome::TooFew);
    }

    #[test]
    fn what_would_count_alone_may_be_noise_among_many() {
        let alone = (Aim::Lower, share(30, 200), share(46, 200));
        let other = (Aim::Lower, share(20, 200), share(20, 200));
        assert_eq!(verdicts(&[alone])[0], Verdict::Worse);
        let judged = judge(&[alone, other, other, other]);
        assert!(matches!(judged[0].verdict, Verdict::Noise { .. }));
        assert!(judged[0].difference.is_some_and(|it| it.p < 0.05));
    }

    #[test]
    fn a_change_is_a_share_of_what_was() {
        let judged = judge(&[(Aim::Lower, mean(50, 2.0, 1.0), mean(50, 3.0, 1.0))]);
        assert_eq!(judged[0].change(), Some(0.5));
        assert_eq!(judge(&[(Aim::Lower, mean(50, 0.0, 1.0), mean(50, 3.0, 1.0))])[0].change(), None);
    }
}
