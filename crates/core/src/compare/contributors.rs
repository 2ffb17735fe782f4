//! Where a difference comes from: the runs that by themselves took more, or less.

use super::measure::Measure;
use super::pairs::{Comparison, Pair, PairIdx};
use super::side::Side;
use crate::model::RunIdx;

/// A pair and how much more its runs took by themselves in B than in A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contributor {
    pub pair: PairIdx,
    pub delta: i64,
}

impl Comparison {
    /// The pairs that contribute most to the difference, the largest first, at most `n`; what is within noise is none.
    ///
    /// A run counts without its children, so that no time is named twice; runs that work at the same time may amount to
    /// more than the trace as a whole took longer.
    pub fn contributors(&self, measure: Measure, n: usize) -> Vec<Contributor> {
        let own = |side: &Side, run: Option<RunIdx>| run.map_or(0, |run| measure.own(side, run));
        let of_pair = |pair_idx: PairIdx| {
            let Pair { a, b } = self.pair(pair_idx);
            let (one, other) = match (self.baseline(), b) {
                (None, _) => (own(&self.a, a), own(&self.b, b)),
                (Some(baseline), Some(run)) => (baseline.median_own(run, measure)?, own(&self.b, b)),
                (Some(_), None) => return None,
            };
            let is_noise = measure.change(one, other) == super::Change::Noise;
            (!is_noise).then(|| Contributor { pair: pair_idx, delta: other.saturating_sub(one) })
        };
        let mut found: Vec<Contributor> = (0..self.n_pairs() as PairIdx).filter_map(of_pair).collect();
        found.sort_by_key(|it| (std::cmp::Reverse(it.delta.unsigned_abs()), it.pair));
        found.truncate(n);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::compared;
    use super::*;

    #[test]
    fn runs_count_without_their_children() {
        let comparison = compared(
            "agent 0..1000
               search:tool 0..300
               chat:llm 300..900",
            "agent 0..2000
               search:tool 0..1200
               chat:llm 1200..1800
               check:tool 1800..1850",
        );
        let found: Vec<_> = comparison
            .contributors(Measure::Time, 5)
            .into_iter()
            .map(|it| (it.pair, Measure::Time.signed_text(it.delta)))
            .collect();
        assert_eq!(found, [(1, "+900 ms".to_owned()), (0, "+50 ms".to_owned()), (3, "+50 ms".to_owned())]);
        assert_eq!(comparison.contributors(Measure::Time, 1).len(), 1);
    }
}
