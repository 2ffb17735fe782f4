//! One tree of two: which run of one trace is which of the other.
//!
//! Under each pair the children of both are aligned in order: first by kind, name and inputs, then, between those that
//! were found, by kind and name. Runs without a counterpart keep their place.

use super::baseline::Baseline;
use super::difference::{Difference, Differences};
use super::side::Side;
use crate::diff::align::{Alignment, Effort, Step, Stretch};
use crate::model::{RunIdx, RunTree};
use fanlight_wire::digest::Digest;
use fanlight_wire::{RunId, RunType};
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

/// A pair's position in display order.
pub type PairIdx = u32;

const NONE: u32 = u32::MAX;

/// A run of one trace and its counterpart in the other; one of them at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    pub a: Option<RunIdx>,
    pub b: Option<RunIdx>,
}

impl Pair {
    pub fn is_both(self) -> bool {
        self.a.is_some() && self.b.is_some()
    }
}

/// Two traces as one tree, in preorder: a subtree is the range `idx..subtree_end(idx)`.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    pub a: Side,
    pub b: Side,
    pairs: Vec<Pair>,
    parents: Vec<u32>,
    depths: Vec<u32>,
    subtree_ends: Vec<u32>,
    /// Position among the siblings, and how many they are.
    places: Vec<(u32, u32)>,
    differences: Vec<Differences>,
    /// How many of the pairs before each one differ; one more entry than there are pairs.
    n_differing_before: Vec<u32>,
    first_divergence: Option<PairIdx>,
    baseline: Option<Arc<Baseline>>,
}

impl Comparison {
    /// Aligns two traces. Iterative, and in time that grows with their size only.
    pub fn new(a: Side, b: Side) -> Self {
        let mut comparison = Comparison { a, b, ..Comparison::default() };
        comparison.pair_up();
        comparison.index();
        comparison
    }

    /// Judges B by what is usual instead: A is the trace of the baseline that took as long as most, and differences are what
    /// is unusual.
    pub fn against(mut self, baseline: Arc<Baseline>) -> Self {
        self.baseline = Some(baseline);
        self.find_differences();
        self
    }

    /// What B is judged by, if it is not by A.
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_deref()
    }

    fn pair_up(&mut self) {
        let to_visit = |(pairs, parent, depth): (Vec<Pair>, u32, u32)| {
            let n = pairs.len() as u32;
            pairs.into_iter().enumerate().rev().map(move |(place, pair)| (pair, parent, depth, (place as u32, n)))
        };
        let mut stack: Vec<_> = to_visit((self.merged(None), NONE, 0)).collect();
        while let Some((pair, parent, depth, place)) = stack.pop() {
            let idx = self.pairs.len() as u32;
            self.pairs.push(pair);
            self.parents.push(parent);
            self.depths.push(depth);
            self.places.push(place);
            stack.extend(to_visit((self.merged(Some(pair)), idx, depth + 1)));
        }
    }

    /// The children of a pair, or the roots, as pairs in order.
    fn merged(&self, parent: Option<Pair>) -> Vec<Pair> {
        let children = |side: &Side, run: Option<Option<RunIdx>>| -> Vec<RunIdx> {
            match run {
                Some(Some(run)) => side.tree.children(run).collect(),
                Some(None) => Vec::new(),
                None => roots(&side.tree),
            }
        };
        let olds = children(&self.a, parent.map(|pair| pair.a));
        let news = children(&self.b, parent.map(|pair| pair.b));
        if let (None, [a], [b]) = (parent, olds.as_slice(), news.as_slice()) {
            // What was asked to be compared, whatever it is called.
            return vec![Pair { a: Some(*a), b: Some(*b) }];
        }
        let mut pairs = Vec::with_capacity(olds.len().max(news.len()));
        let exactly = |side: &Side, run: RunIdx| -> (RunType, Digest, Option<Option<Digest>>) {
            (side.tree.run_type(run), side.name(run), side.digests(run).map(|digests| digests.inputs))
        };
        let roughly = |side: &Side, run: RunIdx| (side.tree.run_type(run), side.name(run));
        for stretch in self.aligned(&olds, &news, exactly).stretches() {
            match stretch {
                Stretch::Same { old, new, n } => {
                    pairs.extend((0..n).map(|at| Pair { a: Some(olds[old + at]), b: Some(news[new + at]) }));
                }
                Stretch::Changed { old, new } => {
                    let of = |runs: &[RunIdx], range: Range<usize>| runs[range].to_vec();
                    let (olds, news) = (of(&olds, old), of(&news, new));
                    pairs.extend(self.aligned(&olds, &news, roughly).steps().map(|step| match step {
                        Step::Same { old, new } => Pair { a: Some(olds[old]), b: Some(news[new]) },
                        Step::Removed(at) => Pair { a: Some(olds[at]), b: None },
                        Step::Added(at) => Pair { a: None, b: Some(news[at]) },
                    }));
                }
            }
        }
        pairs
    }

    fn aligned<K: Hash + Ord>(&self, a: &[RunIdx], b: &[RunIdx], key: impl Fn(&Side, RunIdx) -> K) -> Alignment {
        let keys = |side: &Side, runs: &[RunIdx]| runs.iter().map(|&run| key(side, run)).collect::<Vec<K>>();
        Alignment::new(&keys(&self.a, a), &keys(&self.b, b), Effort::Landmarks)
    }

    fn index(&mut self) {
        let n = self.pairs.len();
        self.subtree_ends = (1..=n as u32).collect();
        for idx in (0..n).rev() {
            if self.parents[idx] != NONE {
                let parent = self.parents[idx] as usize;
                self.subtree_ends[parent] = self.subtree_ends[parent].max(self.subtree_ends[idx]);
            }
        }
        self.find_differences();
    }

    fn find_differences(&mut self) {
        let n = self.pairs.len();
        let of_pair = |&pair: &Pair| match self.baseline.as_deref() {
            Some(baseline) => Differences::from_usual(baseline, &self.a, &self.b, pair),
            None => Differences::of(&self.a, &self.b, pair),
        };
        self.differences = self.pairs.iter().map(of_pair).collect();
        let mut n_before = 0;
        self.n_differing_before = vec![0];
        for idx in 0..n as PairIdx {
            n_before += u32::from(self.is_different(idx));
            self.n_differing_before.push(n_before);
        }
        self.first_divergence = (0..n as PairIdx).find(|&idx| self.is_divergence(idx));
    }

    pub fn n_pairs(&self) -> usize {
        self.pairs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub fn pair(&self, idx: PairIdx) -> Pair {
        self.pairs[idx as usize]
    }

    pub fn parent(&self, idx: PairIdx) -> Option<PairIdx> {
        Some(self.parents[idx as usize]).filter(|&parent| parent != NONE)
    }

    /// From the parent up to the root.
    pub fn ancestors(&self, idx: PairIdx) -> impl Iterator<Item = PairIdx> + '_ {
        std::iter::successors(self.parent(idx), |&ancestor| self.parent(ancestor))
    }

    /// 0 for a root.
    pub fn depth(&self, idx: PairIdx) -> u32 {
        self.depths[idx as usize]
    }

    /// One past the last descendant.
    pub fn subtree_end(&self, idx: PairIdx) -> PairIdx {
        self.subtree_ends[idx as usize]
    }

    pub fn has_children(&self, idx: PairIdx) -> bool {
        self.subtree_end(idx) > idx + 1
    }

    /// Position among its siblings, from 0, and how many they are.
    pub fn sibling_position(&self, idx: PairIdx) -> (u32, u32) {
        self.places[idx as usize]
    }

    /// The pairs with the same parent, `idx` included.
    pub fn siblings(&self, idx: PairIdx) -> impl Iterator<Item = PairIdx> + '_ {
        let (first, end) = match self.parent(idx) {
            Some(parent) => (parent + 1, self.subtree_end(parent)),
            None => (0, self.n_pairs() as u32),
        };
        std::iter::successors(Some(first), move |&sibling| Some(self.subtree_end(sibling)).filter(|&next| next < end))
    }

    /// What differs in this pair; nothing is said of what is below it.
    pub fn differences(&self, idx: PairIdx) -> Differences {
        self.differences[idx as usize]
    }

    /// Whether the pair is one of the differences that are counted and walked through: something in it differs, and it
    /// is not merely a part of what has no counterpart as a whole.
    pub fn is_different(&self, idx: PairIdx) -> bool {
        if self.baseline.is_some() {
            return !self.differences(idx).is_empty();
        }
        let is_part = || self.parent(idx).is_some_and(|parent| !self.pair(parent).is_both());
        !self.differences(idx).is_empty() && (self.pair(idx).is_both() || !is_part())
    }

    /// How many of the pairs in the range differ.
    pub fn n_different(&self, range: Range<PairIdx>) -> u32 {
        self.n_differing_before[range.end as usize] - self.n_differing_before[range.start as usize]
    }

    /// Neither the pair nor anything below it differs.
    pub fn is_equal_throughout(&self, idx: PairIdx) -> bool {
        let is_equal = self.baseline.is_some() || self.pair(idx).is_both();
        is_equal && self.n_different(idx..self.subtree_end(idx)) == 0
    }

    /// The pair that a run of either trace is in. Looks through the columns.
    pub fn find(&self, id: RunId) -> Option<PairIdx> {
        let is_it = |side: &Side, run: Option<RunIdx>| run.is_some_and(|run| side.tree.id(run) == id);
        let found = self.pairs.iter().position(|pair| is_it(&self.a, pair.a) || is_it(&self.b, pair.b));
        found.map(|idx| idx as PairIdx)
    }

    /// The ids of a pair's runs.
    pub fn ids(&self, idx: PairIdx) -> (Option<RunId>, Option<RunId>) {
        let Pair { a, b } = self.pair(idx);
        (a.map(|run| self.a.tree.id(run)), b.map(|run| self.b.tree.id(run)))
    }

    /// Payloads of some runs could not be compared: the server has no digests, or not of all.
    pub fn is_by_structure_only(&self) -> bool {
        self.a.n_undigested() + self.b.n_undigested() > 0
    }

    /// Both traces are the same in all that was compared, times apart.
    pub fn is_identical(&self) -> bool {
        self.n_different(0..self.n_pairs() as u32) == 0
    }

    /// Where the traces part: the first pair in order whose runs were called with other arguments or are others
    /// altogether, or that made something else of the same, unless something below it explains that.
    pub fn first_divergence(&self) -> Option<PairIdx> {
        self.first_divergence
    }

    fn is_divergence(&self, idx: PairIdx) -> bool {
        const CAUSES: [Difference; 5] =
            [Difference::OnlyA, Difference::OnlyB, Difference::Name, Difference::Model, Difference::Inputs];
        let differences = self.differences(idx);
        CAUSES.into_iter().any(|cause| differences.contains(cause))
            || (!differences.is_empty() && self.n_different(idx + 1..self.subtree_end(idx)) == 0)
    }
}

fn roots(tree: &RunTree) -> Vec<RunIdx> {
    let end = tree.n_runs() as u32;
    std::iter::successors(Some(0).filter(|&first| first < end), |&root| {
        Some(tree.subtree_end(root)).filter(|&next| next < end)
    })
    .collect()
}

#[cfg(test)]
#[path = "pairs_tests.rs"]
mod tests;
