//! A set of runs of one tree: one bit each.

use super::run_tree::{RunIdx, RunTree};

/// Empty to begin with. Positions mean something only in the tree they were taken from.
#[derive(Clone, Debug, Default)]
pub struct RunSet {
    words: Vec<u64>,
}

impl RunSet {
    pub const EMPTY: RunSet = RunSet { words: Vec::new() };

    pub fn contains(&self, run: RunIdx) -> bool {
        self.words.get(run as usize / 64).is_some_and(|word| word >> (run % 64) & 1 == 1)
    }

    pub fn set(&mut self, run: RunIdx, is_member: bool) {
        let word = run as usize / 64;
        if word >= self.words.len() {
            if !is_member {
                return;
            }
            self.words.resize(word + 1, 0);
        }
        let bit = 1u64 << (run % 64);
        self.words[word] = if is_member { self.words[word] | bit } else { self.words[word] & !bit };
    }

    /// Adds `run` and what is above it. Stops at an ancestor that is there already, since those above it are, too: adding
    /// many runs this way takes time by what is added.
    pub fn add_with_ancestors(&mut self, tree: &RunTree, run: RunIdx) {
        self.set(run, true);
        for ancestor in tree.ancestors(run) {
            if self.contains(ancestor) {
                break;
            }
            self.set(ancestor, true);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// In ascending order.
    pub fn iter(&self) -> impl Iterator<Item = RunIdx> + '_ {
        self.words.iter().enumerate().flat_map(|(position, &word)| bits(position, word))
    }

    /// What is in one of the two only, in ascending order.
    pub fn differing_from<'a>(&'a self, other: &'a RunSet) -> impl Iterator<Item = RunIdx> + 'a {
        let word = |set: &RunSet, position: usize| set.words.get(position).copied().unwrap_or(0);
        (0..self.words.len().max(other.words.len()))
            .flat_map(move |position| bits(position, word(self, position) ^ word(other, position)))
    }

    /// The same runs in a newer state of the trace, where they may stand elsewhere.
    pub fn carried_over(&self, old: &RunTree, new: &RunTree) -> Self {
        let n_runs = old.n_runs() as RunIdx;
        let mut ids: Vec<_> = self.iter().take_while(|&run| run < n_runs).map(|run| old.id(run)).collect();
        let mut carried = RunSet::default();
        if ids.is_empty() {
            return carried;
        }
        ids.sort_unstable();
        for run in 0..new.n_runs() as RunIdx {
            if ids.binary_search(&new.id(run)).is_ok() {
                carried.set(run, true);
            }
        }
        carried
    }
}

fn bits(position: usize, word: u64) -> impl Iterator<Item = RunIdx> {
    let after_lowest = |&word: &u64| Some(word & (word - 1)).filter(|&rest| rest != 0);
    std::iter::successors(Some(word).filter(|&word| word != 0), after_lowest)
        .map(move |word| position as RunIdx * 64 + word.trailing_zeros())
}

impl PartialEq for RunSet {
    fn eq(&self, other: &Self) -> bool {
        self.differing_from(other).next().is_none()
    }
}

impl Eq for RunSet {}

impl FromIterator<RunIdx> for RunSet {
    fn from_iter<I: IntoIterator<Item = RunIdx>>(runs: I) -> Self {
        let mut set = RunSet::default();
        runs.into_iter().for_each(|run| set.set(run, true));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sets_that_differ_in_room_only_are_equal() {
        let mut one: RunSet = [3, 200].into_iter().collect();
        one.set(200, false);
        assert_eq!(one, [3].into_iter().collect());
        assert_ne!(one, RunSet::default());
    }

    proptest! {
        #[test]
        fn members_are_listed_in_order(runs in prop::collection::btree_set(0u32..300, 0..40)) {
            let set: RunSet = runs.iter().copied().collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), runs.into_iter().collect::<Vec<_>>());
        }
    }
}
