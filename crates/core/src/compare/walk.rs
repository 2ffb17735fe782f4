//! Where the keys lead: to the next difference, to parents, children and pages.

use super::pairs::{Comparison, PairIdx};
use super::rows::{Folded, PairRows};
use super::side::Side;
use crate::model::RunIdx;
use crate::model::find::Find;
use crate::model::run_set::RunSet;

/// The next (or previous) pair after `from` that `is_wanted`, wrapping round. Nothing if none is.
pub fn next_where(
    comparison: &Comparison,
    from: PairIdx,
    is_forward: bool,
    is_wanted: impl Fn(PairIdx) -> bool,
) -> Option<PairIdx> {
    let n = comparison.n_pairs() as u32;
    let step = |offset: u32| if is_forward { (from + offset) % n } else { (from + n - offset) % n };
    (1..=n).map(step).find(|&idx| is_wanted(idx))
}

/// The next or previous difference.
pub fn next_difference(comparison: &Comparison, from: PairIdx, is_forward: bool) -> Option<PairIdx> {
    next_where(comparison, from, is_forward, |idx| comparison.is_different(idx))
}

/// Which of the differences the pair is, from 1; `None` when it is none.
pub fn difference_number(comparison: &Comparison, idx: PairIdx) -> Option<u32> {
    comparison.is_different(idx).then(|| comparison.n_different(0..idx + 1))
}

/// The pairs with a run on either side that a search finds, in display order. What is in payloads is not looked at.
pub fn found(comparison: &Comparison, find: &Find) -> Vec<PairIdx> {
    let of = |side: &Side| find.runs(&side.tree, &RunSet::EMPTY).runs;
    let (a, b) = (of(&comparison.a), of(&comparison.b));
    let is_in = |found: &[RunIdx], run: Option<RunIdx>| run.is_some_and(|run| found.binary_search(&run).is_ok());
    let is_found = |idx: &PairIdx| is_in(&a, comparison.pair(*idx).a) || is_in(&b, comparison.pair(*idx).b);
    (0..comparison.n_pairs() as PairIdx).filter(is_found).collect()
}

/// `n` rows down (up when negative), stopping at the first and last.
pub fn row_away(rows: &PairRows, from: PairIdx, n: isize) -> Option<PairIdx> {
    let last = rows.len().checked_sub(1)?;
    rows.pair_at(rows.position_of_or_above(from)?.saturating_add_signed(n).min(last))
}

/// What → and ← do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Toggle,
    GoTo(PairIdx),
    Stay,
}

/// Unfolds, or goes to the first child that has a row.
pub fn step_in(comparison: &Comparison, folded: &Folded, rows: &PairRows, idx: PairIdx) -> Step {
    if !comparison.has_children(idx) {
        return Step::Stay;
    }
    if folded.contains(idx) {
        return Step::Toggle;
    }
    let next = rows.position_of(idx).and_then(|row| rows.pair_at(row + 1));
    next.filter(|&next| next < comparison.subtree_end(idx)).map_or(Step::Stay, Step::GoTo)
}

/// Folds, or goes to the parent.
pub fn step_out(comparison: &Comparison, folded: &Folded, idx: PairIdx) -> Step {
    if comparison.has_children(idx) && !folded.contains(idx) {
        return Step::Toggle;
    }
    comparison.parent(idx).map_or(Step::Stay, Step::GoTo)
}

/// The next or previous pair with the same parent.
pub fn sibling(comparison: &Comparison, idx: PairIdx, is_forward: bool) -> Option<PairIdx> {
    let siblings: Vec<PairIdx> = comparison.siblings(idx).collect();
    let place = comparison.sibling_position(idx).0 as usize;
    let next = if is_forward { Some(place + 1) } else { place.checked_sub(1) };
    siblings.get(next?).copied()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::compared_with_payloads;
    use super::*;

    const A: &str = "agent 0..9 | q | a
        one 0..3 | 1 | 1
        two 3..6 | 1 | 1
          below 3..4 | 1 | 1
        three 6..9 | 1 | 1";

    fn compared() -> Comparison {
        compared_with_payloads(
            A,
            &A.replace("below 3..4 | 1 | 1", "below 3..4 | 1 | 2").replace("one 0..3 | 1", "one 0..3 | 2"),
        )
    }

    #[test]
    fn differences_are_walked_through_in_a_circle() {
        let comparison = compared();
        assert_eq!(next_difference(&comparison, 0, true), Some(1));
        assert_eq!(next_difference(&comparison, 1, true), Some(3));
        assert_eq!(next_difference(&comparison, 3, true), Some(1));
        assert_eq!(next_difference(&comparison, 0, false), Some(3));
        assert_eq!((difference_number(&comparison, 3), difference_number(&comparison, 2)), (Some(2), None));
    }

    #[test]
    fn a_search_finds_the_pairs_with_a_match_on_either_side() {
        let comparison =
            compared_with_payloads("agent 0..9\n old:tool 0..1\n both 2..3", "agent 0..9\n both 2..3\n new:tool 4..5");
        let found = |text: &str| found(&comparison, &Find::read(text).expect("a search"));
        assert_eq!(found("type:tool"), [1, 3]);
        assert_eq!(found("both"), [2]);
        assert!(found("nothing").is_empty());
    }

    #[test]
    fn arrows_walk_the_tree() {
        let comparison = compared();
        let mut folded = Folded::default();
        let rows = PairRows::new(&comparison, &folded, false);
        assert_eq!(step_in(&comparison, &folded, &rows, 2), Step::GoTo(3));
        assert_eq!(step_in(&comparison, &folded, &rows, 1), Step::Stay);
        assert_eq!(step_out(&comparison, &folded, 3), Step::GoTo(2));
        assert_eq!(step_out(&comparison, &folded, 2), Step::Toggle);
        folded.toggle(2);
        assert_eq!(step_in(&comparison, &folded, &rows, 2), Step::Toggle);
        assert_eq!(step_out(&comparison, &folded, 2), Step::GoTo(0));
        assert_eq!((sibling(&comparison, 1, true), sibling(&comparison, 1, false)), (Some(2), None));
        assert_eq!((row_away(&rows, 0, 99), row_away(&rows, 3, -2)), (Some(4), Some(1)));
    }
}
