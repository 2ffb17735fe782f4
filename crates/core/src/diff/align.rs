//! What two sequences have in common, in order: the base of every comparison here.

use imara_diff::{Algorithm, Diff, Token};
use std::collections::HashMap;
use std::hash::Hash;

/// How the common items are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// By what is rare first: what a person would call the same. For lines, and for runs.
    Landmarks,
    /// The fewest changes. For words, most of which are not rare.
    FewestChanges,
}

/// An item of one sequence or of both, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Same { old: usize, new: usize },
    Removed(usize),
    Added(usize),
}

/// Which items of two sequences correspond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    is_removed: Vec<bool>,
    is_added: Vec<bool>,
}

impl Alignment {
    /// Takes time in proportion to the lengths, whatever is in the sequences: where looking longer would be needed, more
    /// is called changed.
    pub fn new<T: Hash + Ord>(old: &[T], new: &[T], effort: Effort) -> Self {
        // What is looked for from one side need not be what is from the other. Always from the smaller one.
        if (new.len(), new) < (old.len(), old) {
            let Alignment { is_removed, is_added } = Alignment::new(new, old, effort);
            return Alignment { is_removed: is_added, is_added: is_removed };
        }
        let mut tokens = HashMap::with_capacity(old.len());
        let mut token_of = |item| {
            let next = tokens.len() as u32;
            Token(*tokens.entry(item).or_insert(next))
        };
        let before: Vec<Token> = old.iter().map(&mut token_of).collect();
        let after: Vec<Token> = new.iter().map(&mut token_of).collect();
        let algorithm = match effort {
            Effort::Landmarks => Algorithm::Histogram,
            Effort::FewestChanges => Algorithm::Myers,
        };
        let mut diff = Diff::default();
        diff.compute_with(algorithm, &before, &after, tokens.len() as u32);
        Alignment {
            is_removed: (0..old.len() as u32).map(|idx| diff.is_removed(idx)).collect(),
            is_added: (0..new.len() as u32).map(|idx| diff.is_added(idx)).collect(),
        }
    }

    /// Both sequences from beginning to end; between two common items, what was removed comes first.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        let (mut old, mut new) = (0, 0);
        std::iter::from_fn(move || {
            let step = match (self.is_removed.get(old), self.is_added.get(new)) {
                (Some(true), _) => Step::Removed(old),
                (_, Some(true)) => Step::Added(new),
                (Some(false), Some(false)) => Step::Same { old, new },
                // The items that are left over correspond to each other, so that one side has no more of them.
                (None | Some(false), None) | (None, Some(false)) => return None,
            };
            old += usize::from(!matches!(step, Step::Added(_)));
            new += usize::from(!matches!(step, Step::Removed(_)));
            Some(step)
        })
    }

    /// The same in stretches: what is common, then what differs up to the next that is.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for step in self.steps() {
            match (step, stretches.last_mut()) {
                (Step::Same { .. }, Some(Stretch::Same { n, .. })) => *n += 1,
                (Step::Same { old, new }, _) => stretches.push(Stretch::Same { old, new, n: 1 }),
                (Step::Removed(_), Some(Stretch::Changed { old, .. })) => old.end += 1,
                (Step::Added(_), Some(Stretch::Changed { new, .. })) => new.end += 1,
                (change, last) => {
                    let (old, new) = match last {
                        Some(Stretch::Same { old, new, n }) => (*old + *n, *new + *n),
                        _ => (0, 0),
                    };
                    let is_removed = matches!(change, Step::Removed(_));
                    let (old, new) = (old..old + usize::from(is_removed), new..new + usize::from(!is_removed));
                    stretches.push(Stretch::Changed { old, new });
                }
            }
        }
        stretches
    }
}

/// Neighbouring items with one fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// `n` items from these places on.
    Same { old: usize, new: usize, n: usize },
    /// Either may be empty, not both.
    Changed { old: std::ops::Range<usize>, new: std::ops::Range<usize> },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(old: &str, new: &str, effort: Effort) -> String {
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        Alignment::new(&old, &new, effort)
            .steps()
            .map(|step| match step {
                Step::Same { old: at, .. } => old[at].to_string(),
                Step::Removed(at) => format!("-{}", old[at]),
                Step::Added(at) => format!("+{}", new[at]),
            })
            .collect()
    }

    #[test]
    fn what_is_common_stays_in_order() {
        for effort in [Effort::Landmarks, Effort::FewestChanges] {
            assert_eq!(drawn("abcd", "abcd", effort), "abcd");
            assert_eq!(drawn("abcd", "axcd", effort), "a-b+xcd");
            assert_eq!(drawn("", "ab", effort), "+a+b");
            assert_eq!(drawn("ab", "", effort), "-a-b");
            assert_eq!(drawn("", "", effort), "");
        }
    }

    #[test]
    fn stretches_say_where_they_are() {
        let stretches =
            |old: &str, new: &str| Alignment::new(old.as_bytes(), new.as_bytes(), Effort::Landmarks).stretches();
        assert_eq!(
            stretches("abcd", "xabd"),
            [
                Stretch::Changed { old: 0..0, new: 0..1 },
                Stretch::Same { old: 0, new: 1, n: 2 },
                Stretch::Changed { old: 2..3, new: 3..3 },
                Stretch::Same { old: 3, new: 3, n: 1 },
            ]
        );
    }

    fn mirrored(step: Step) -> Step {
        match step {
            Step::Same { old, new } => Step::Same { old: new, new: old },
            Step::Removed(at) => Step::Added(at),
            Step::Added(at) => Step::Removed(at),
        }
    }

    fn by_place(step: &Step) -> (bool, usize, usize) {
        match *step {
            Step::Same { old, new } => (false, old, new),
            Step::Removed(at) => (true, at, 0),
            Step::Added(at) => (true, at, 1),
        }
    }

    proptest! {
        #[test]
        fn every_item_of_both_is_met_once_and_in_order(
            old in prop::collection::vec(0u8..5, 0..40), new in prop::collection::vec(0u8..5, 0..40), is_landmarks: bool
        ) {
            let effort = if is_landmarks { Effort::Landmarks } else { Effort::FewestChanges };
            let alignment = Alignment::new(&old, &new, effort);
            let (mut n_old, mut n_new) = (0, 0);
            for step in alignment.steps() {
                match step {
                    Step::Same { old: one, new: other } => {
                        prop_assert_eq!((one, other), (n_old, n_new));
                        prop_assert_eq!(old[one], new[other]);
                        (n_old, n_new) = (n_old + 1, n_new + 1);
                    }
                    Step::Removed(at) => {
                        prop_assert_eq!(at, n_old);
                        n_old += 1;
                    }
                    Step::Added(at) => {
                        prop_assert_eq!(at, n_new);
                        n_new += 1;
                    }
                }
            }
            prop_assert_eq!((n_old, n_new), (old.len(), new.len()));
        }

        #[test]
        fn the_other_way_round_it_is_the_mirror_image(
            old in prop::collection::vec(0u8..4, 0..30), new in prop::collection::vec(0u8..4, 0..30)
        ) {
            let mut there: Vec<Step> = Alignment::new(&old, &new, Effort::FewestChanges).steps().collect();
            let mut back: Vec<Step> = Alignment::new(&new, &old, Effort::FewestChanges).steps().map(mirrored).collect();
            there.sort_by_key(by_place);
            back.sort_by_key(by_place);
            prop_assert_eq!(there, back);
        }
    }
}
