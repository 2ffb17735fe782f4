//! The rows on offer: pairs that neither a fold hides nor, when only differences are wanted, their equality.

use super::pairs::{Comparison, PairIdx};
use std::collections::HashSet;

/// Pairs whose descendants have no rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded(HashSet<PairIdx>);

/// Up to this many pairs a comparison opens with everything unfolded.
const OPENS_WHOLE: usize = 500;

impl Folded {
    /// How a comparison opens: small ones whole; in large ones, what is equal throughout is folded below the second level.
    pub fn on_open(comparison: &Comparison) -> Self {
        let n = comparison.n_pairs();
        let is_folded = |idx: &PairIdx| {
            comparison.depth(*idx) >= 1
                && comparison.has_children(*idx)
                && (comparison.is_equal_throughout(*idx) || !comparison.pair(*idx).is_both())
        };
        Folded((0..n as PairIdx).filter(|idx| n > OPENS_WHOLE && is_folded(idx)).collect())
    }

    pub fn contains(&self, idx: PairIdx) -> bool {
        self.0.contains(&idx)
    }

    pub fn toggle(&mut self, idx: PairIdx) {
        if !self.0.remove(&idx) {
            self.0.insert(idx);
        }
    }

    /// Folds or unfolds a pair and everything below it.
    pub fn set_subtree(&mut self, comparison: &Comparison, idx: PairIdx, is_folded: bool) {
        for member in idx..comparison.subtree_end(idx) {
            if is_folded && comparison.has_children(member) {
                self.0.insert(member);
            } else {
                self.0.remove(&member);
            }
        }
    }

    /// Unfolds so many levels and folds what is deeper.
    pub fn below_depth(comparison: &Comparison, n_levels: u32) -> Self {
        let is_folded = |idx: &PairIdx| comparison.depth(*idx) >= n_levels && comparison.has_children(*idx);
        Folded((0..comparison.n_pairs() as PairIdx).filter(is_folded).collect())
    }

    /// Unfolds a pair and its siblings.
    pub fn expand_siblings(&mut self, comparison: &Comparison, idx: PairIdx) {
        for sibling in comparison.siblings(idx) {
            self.0.remove(&sibling);
        }
    }

    /// Unfolds what hides a pair. True if anything did.
    pub fn reveal(&mut self, comparison: &Comparison, idx: PairIdx) -> bool {
        let n_before = self.0.len();
        comparison.ancestors(idx).for_each(|ancestor| {
            self.0.remove(&ancestor);
        });
        self.0.len() < n_before
    }
}

/// Pairs that have rows, in display order, which is that of their positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairRows {
    pairs: Vec<PairIdx>,
    /// Rows that are missing because they are equal.
    pub n_equal_hidden: usize,
}

impl PairRows {
    /// With `only_differences`, what is equal throughout has no rows. Above and below differences, the way to them stays.
    pub fn new(comparison: &Comparison, folded: &Folded, only_differences: bool) -> Self {
        let mut rows = PairRows::default();
        let mut idx = 0;
        while (idx as usize) < comparison.n_pairs() {
            if only_differences && comparison.is_equal_throughout(idx) {
                let next = comparison.subtree_end(idx);
                rows.n_equal_hidden += (next - idx) as usize;
                idx = next;
                continue;
            }
            rows.pairs.push(idx);
            idx = if folded.contains(idx) { comparison.subtree_end(idx) } else { idx + 1 };
        }
        rows
    }

    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub fn pair_at(&self, row: usize) -> Option<PairIdx> {
        self.pairs.get(row).copied()
    }

    pub fn position_of(&self, idx: PairIdx) -> Option<usize> {
        self.pairs.binary_search(&idx).ok()
    }

    /// The row of a pair, or the nearest above it.
    pub fn position_of_or_above(&self, idx: PairIdx) -> Option<usize> {
        let n_up_to = self.pairs.partition_point(|&other| other <= idx);
        (!self.pairs.is_empty()).then(|| n_up_to.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::compared_with_payloads;
    use super::*;

    const A: &str = "agent 0..9 | q | a
        one 0..3 | 1 | 1
          below 0..2 | 1 | 1
        two 3..6 | 1 | 1
          below 3..4 | 1 | 1
        three 6..9 | 1 | 1";

    fn compared() -> Comparison {
        compared_with_payloads(A, &A.replace("below 3..4 | 1 | 1", "below 3..4 | 1 | 2"))
    }

    fn rows(folded: &Folded, only_differences: bool) -> (Vec<PairIdx>, usize) {
        let rows = PairRows::new(&compared(), folded, only_differences);
        (rows.pairs, rows.n_equal_hidden)
    }

    #[test]
    fn folds_hide_what_is_below_and_equality_what_is_equal() {
        let mut folded = Folded::default();
        assert_eq!(rows(&folded, false), (vec![0, 1, 2, 3, 4, 5], 0));
        assert_eq!(rows(&folded, true), (vec![0, 3, 4], 3));
        folded.toggle(3);
        assert_eq!(rows(&folded, false), (vec![0, 1, 2, 3, 5], 0));
        assert!(folded.reveal(&compared(), 4));
        assert!(!folded.reveal(&compared(), 4));
    }

    #[test]
    fn a_number_of_levels_is_unfolded_and_what_is_deeper_folded() {
        assert_eq!(rows(&Folded::below_depth(&compared(), 1), false), (vec![0, 1, 3, 5], 0));
        assert_eq!(rows(&Folded::below_depth(&compared(), 2), false).0.len(), 6);
    }

    #[test]
    fn a_pair_without_a_row_is_found_at_the_nearest_above() {
        let rows = PairRows::new(&compared(), &Folded::default(), true);
        assert_eq!(
            (rows.position_of(5), rows.position_of_or_above(5), rows.position_of_or_above(2)),
            (None, Some(2), Some(0))
        );
    }

    #[test]
    fn a_large_comparison_opens_at_what_differs() {
        let many = |last: &str| {
            let mut text = String::from("agent 0..9 | q | a\n");
            (0..300).for_each(|_| text.push_str(" step 0..3 | 1 | 1\n  below 0..2 | 1 | 1\n"));
            text + " step 0..3 | 1 | 1\n  below 0..2 | 1 | " + last
        };
        let comparison = compared_with_payloads(&many("1"), &many("2"));
        let rows = PairRows::new(&comparison, &Folded::on_open(&comparison), false);
        assert_eq!(rows.len(), 1 + 300 + 2);
        assert_eq!(comparison.first_divergence().and_then(|idx| rows.position_of(idx)), Some(302));
    }
}
