//! Which runs stand for a trace that is too large to be sent whole: never simply the first ones.

use super::rows::Outline;
use std::collections::BTreeSet;

/// So many of the slowest and of the costliest runs are always there.
const N_EXTREMES: usize = 100;

/// Failed runs, the slowest and the costliest among runs without children, and everything above these; then whole levels
/// from the top while there is room; of the first level that does not fit, the longest runs. `outlines` are by `pk`.
pub fn choose(outlines: &[Outline], max_runs: usize) -> BTreeSet<i64> {
    let position = |pk: i64| outlines.binary_search_by_key(&pk, |outline| outline.pk).ok();
    let parents: Vec<Option<usize>> = outlines.iter().map(|outline| outline.parent_pk.and_then(position)).collect();
    let mut has_children = vec![false; outlines.len()];
    parents.iter().flatten().for_each(|&parent| has_children[parent] = true);

    let mut chosen = Chosen { is_in: vec![false; outlines.len()], n: 0, max_runs, parents: &parents };
    let mut leaves: Vec<usize> = (0..outlines.len()).filter(|&run| !has_children[run]).collect();
    leaves.sort_unstable_by_key(|&run| std::cmp::Reverse(outlines[run].length_ns));
    leaves.iter().take(N_EXTREMES).for_each(|&run| chosen.add_with_ancestors(run));
    leaves.sort_unstable_by_key(|&run| std::cmp::Reverse(outlines[run].cost_pico));
    leaves.iter().take(N_EXTREMES).for_each(|&run| chosen.add_with_ancestors(run));
    (0..outlines.len()).filter(|&run| outlines[run].is_error).for_each(|run| chosen.add_with_ancestors(run));

    let mut by_level = by_level(&parents);
    for level in &mut by_level {
        level.retain(|&run| !chosen.is_in[run]);
        let is_whole = chosen.n + level.len() <= max_runs;
        if !is_whole {
            level.sort_unstable_by_key(|&run| std::cmp::Reverse(outlines[run].length_ns));
        }
        level.iter().for_each(|&run| chosen.add_with_ancestors(run));
        if !is_whole {
            break;
        }
    }
    let is_in = &chosen.is_in;
    outlines.iter().zip(is_in).filter(|(_, is_in)| **is_in).map(|(outline, _)| outline.pk).collect()
}

struct Chosen<'a> {
    is_in: Vec<bool>,
    n: usize,
    max_runs: usize,
    parents: &'a [Option<usize>],
}

impl Chosen<'_> {
    /// Adds a run and what is above it, or nothing when there is no room for all of them.
    fn add_with_ancestors(&mut self, run: usize) {
        let is_in = &self.is_in;
        let path: Vec<usize> =
            std::iter::successors(Some(run), |&run| self.parents[run]).take_while(|&run| !is_in[run]).collect();
        if self.n + path.len() <= self.max_runs {
            self.n += path.len();
            path.into_iter().for_each(|run| self.is_in[run] = true);
        }
    }
}

/// Runs by depth, from the top. Parents may have greater numbers than their children.
fn by_level(parents: &[Option<usize>]) -> Vec<Vec<usize>> {
    const UNKNOWN: u32 = u32::MAX;
    let mut depths = vec![UNKNOWN; parents.len()];
    let mut levels: Vec<Vec<usize>> = Vec::new();
    for run in 0..parents.len() {
        let path: Vec<usize> =
            std::iter::successors(Some(run), |&run| parents[run]).take_while(|&run| depths[run] == UNKNOWN).collect();
        for &run in path.iter().rev() {
            depths[run] = parents[run].map_or(0, |parent| depths[parent] + 1);
            let depth = depths[run] as usize;
            if levels.len() <= depth {
                levels.resize_with(depth + 1, Vec::new);
            }
            levels[depth].push(run);
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(pk: i64, parent_pk: i64, length_ns: i64) -> Outline {
        Outline { pk, parent_pk: (parent_pk > 0).then_some(parent_pk), length_ns, cost_pico: 0, is_error: false }
    }

    #[test]
    fn a_failed_run_deep_down_is_there_with_all_above_it() {
        let mut outlines: Vec<_> = (1..=1_000).map(|pk| outline(pk, pk - 1, 1)).collect();
        outlines.extend((1_001..=9_000).map(|pk| outline(pk, 1, 1)));
        outlines[499].is_error = true;
        let chosen = choose(&outlines, 2_000);
        assert!((1..=500).all(|pk| chosen.contains(&pk)));
        assert_eq!(chosen.len(), 2_000);
    }

    #[test]
    fn the_slowest_and_the_costliest_are_there_however_late_they_come() {
        let mut outlines: Vec<_> = (1..=5_000).map(|pk| outline(pk, i64::from(pk > 1), 1)).collect();
        outlines[4_998].length_ns = 1_000;
        outlines[4_999].cost_pico = 1_000;
        let chosen = choose(&outlines, 300);
        assert!(chosen.contains(&4_999) && chosen.contains(&5_000));
        assert_eq!(chosen.len(), 300);
    }

    #[test]
    fn of_the_level_that_does_not_fit_the_longest_are_there() {
        let mut outlines: Vec<_> = (1..=1_001).map(|pk| outline(pk, i64::from(pk > 1), pk % 7)).collect();
        outlines[0].length_ns = 9;
        let chosen = choose(&outlines, 400);
        let shortest = chosen.iter().map(|&pk| outlines[pk as usize - 1].length_ns).min();
        assert!(shortest >= Some(4), "{shortest:?}");
    }

    #[test]
    fn parents_that_came_after_their_children_are_above_them_all_the_same() {
        let outlines = vec![outline(1, 3, 5), outline(2, 3, 4), outline(3, 0, 9)];
        assert_eq!(choose(&outlines, 2), BTreeSet::from([1, 3]));
    }
}
