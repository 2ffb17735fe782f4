//! Which runs stand for a trace that is too large to be sent whole: never simply the first ones.

use super::rows::Outline;
use std::collections::{BTreeSet, HashMap};

/// Which runs of a trace are sent, and how many of the others are below which of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub chosen: BTreeSet<i64>,
    /// By the lowest run above them that is sent.
    pub n_left_out: HashMap<i64, u32>,
}

/// So many of the slowest and of the costliest runs are always there.
const N_EXTREMES: usize = 100;

/// Failed runs, the slowest and the costliest among runs without children, and everything above these; then whole levels
/// from the top while there is room; of the first level that does not fit, the longest runs. `outlines` are by `pk`.
pub fn choose(outlines: &[Outline], max_runs: usize) -> Choice {
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
    let is_in = chosen.is_in;
    let n_left_out = count_left_out(outlines, &parents, &is_in);
    let chosen = outlines.iter().zip(is_in).filter(|(_, is_in)| *is_in).map(|(outline, _)| outline.pk).collect();
    Choice { chosen, n_left_out }
}

/// Of all runs of a trace those at `run` and below it. Takes one pass.
pub fn subtree(outlines: Vec<Outline>, run: i64) -> Vec<Outline> {
    let position = |pk: i64| outlines.binary_search_by_key(&pk, |outline| outline.pk).ok();
    let parents: Vec<Option<usize>> = outlines.iter().map(|outline| outline.parent_pk.and_then(position)).collect();
    let mut is_below: Vec<Option<bool>> = outlines.iter().map(|it| (it.pk == run).then_some(true)).collect();
    for start in 0..outlines.len() {
        let is_unknown = |run: &usize| is_below[*run].is_none();
        let path: Vec<usize> = std::iter::successors(Some(start), |&run| parents[run]).take_while(is_unknown).collect();
        let Some(&top) = path.last() else { continue };
        let of_all = parents[top].and_then(|above| is_below[above]).unwrap_or(false);
        path.into_iter().for_each(|run| is_below[run] = Some(of_all));
    }
    outlines.into_iter().zip(is_below).filter(|(_, is_below)| *is_below == Some(true)).map(|(it, _)| it).collect()
}

/// What is above a run that is sent is sent, too: so a run that is not has no sent run below it.
fn count_left_out(outlines: &[Outline], parents: &[Option<usize>], is_in: &[bool]) -> HashMap<i64, u32> {
    let mut n_left_out = HashMap::new();
    let mut sent_above: Vec<Option<usize>> = (0..outlines.len()).map(|run| is_in[run].then_some(run)).collect();
    for start in 0..outlines.len() {
        let is_unknown = |run: &usize| sent_above[*run].is_none();
        let path: Vec<usize> = std::iter::successors(Some(start), |&run| parents[run]).take_while(is_unknown).collect();
        let Some(&top) = path.last() else { continue };
        // A whole tree that is not sent is below none: the head of the answer counts the runs of the trace.
        let Some(above) = parents[top].and_then(|above| sent_above[above]) else { continue };
        for &run in &path {
            sent_above[run] = Some(above);
        }
        *n_left_out.entry(outlines[above].pk).or_default() += path.len() as u32;
    }
    n_left_out
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
        let chosen = choose(&outlines, 2_000).chosen;
        assert!((1..=500).all(|pk| chosen.contains(&pk)));
        assert_eq!(chosen.len(), 2_000);
    }

    #[test]
    fn the_slowest_and_the_costliest_are_there_however_late_they_come() {
        let mut outlines: Vec<_> = (1..=5_000).map(|pk| outline(pk, i64::from(pk > 1), 1)).collect();
        outlines[4_998].length_ns = 1_000;
        outlines[4_999].cost_pico = 1_000;
        let chosen = choose(&outlines, 300).chosen;
        assert!(chosen.contains(&4_999) && chosen.contains(&5_000));
        assert_eq!(chosen.len(), 300);
    }

    #[test]
    fn of_the_level_that_does_not_fit_the_longest_are_there() {
        let mut outlines: Vec<_> = (1..=1_001).map(|pk| outline(pk, i64::from(pk > 1), pk % 7)).collect();
        outlines[0].length_ns = 9;
        let chosen = choose(&outlines, 400).chosen;
        let shortest = chosen.iter().map(|&pk| outlines[pk as usize - 1].length_ns).min();
        assert!(shortest >= Some(4), "{shortest:?}");
    }

    #[test]
    fn parents_that_came_after_their_children_are_above_them_all_the_same() {
        let outlines = vec![outline(1, 3, 5), outline(2, 3, 4), outline(3, 0, 9)];
        let choice = choose(&outlines, 2);
        assert_eq!(choice, Choice { chosen: BTreeSet::from([1, 3]), n_left_out: HashMap::from([(3, 1)]) });
    }

    #[test]
    fn what_is_left_out_is_counted_below_the_lowest_run_that_is_sent() {
        // 1 has 2 and 3; 2 has 4, which has 5 and 6; 3 has 7.
        let parents = [0, 1, 1, 2, 4, 4, 3];
        let outlines: Vec<_> = (1..=7).zip(parents).map(|(pk, parent)| outline(pk, parent, 1)).collect();
        let is_in = [true, true, true, false, false, false, false];
        let positions: Vec<Option<usize>> = parents.iter().map(|&parent| (parent as usize).checked_sub(1)).collect();
        assert_eq!(count_left_out(&outlines, &positions, &is_in), HashMap::from([(2, 3), (3, 1)]));
    }

    #[test]
    fn a_subtree_is_a_run_and_all_that_is_below_it() {
        // Parents may have greater numbers than their children.
        let parents = [3, 0, 2, 1, 2];
        let outlines = (1..=5).zip(parents).map(|(pk, parent)| outline(pk, parent, 1)).collect();
        let below: Vec<i64> = subtree(outlines, 3).iter().map(|outline| outline.pk).collect();
        assert_eq!(below, [1, 3, 4]);
    }
}
