//! Who calls the runs of a name, and what they call: both sides of the butterfly.

use super::{Aggregate, PathIdx};
use crate::model::RunTree;
use crate::trace_view::XUnit;
use std::collections::HashMap;

/// A name on one side, with what it has in common with the name in the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// `None`: nobody, the runs are roots.
    pub name: Option<String>,
    /// Calls between the two.
    pub n_calls: u32,
    /// Of the called runs, in the unit asked for.
    pub weight: u64,
    /// The heaviest path of this name on this side.
    pub path: Option<PathIdx>,
}

/// All paths of one name together, and what stands directly above and below them, the heaviest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    pub n_runs: u32,
    pub callers: Vec<Neighbour>,
    pub callees: Vec<Neighbour>,
}

/// The neighbours of the name that `path` has.
pub fn around(tree: &RunTree, aggregate: &Aggregate, path: PathIdx, unit: XUnit) -> Around {
    let name_of = |path: PathIdx| tree.string_indices(aggregate.path(path).first)[0];
    let name = name_of(path);
    let (mut callers, mut callees) = (Side::default(), Side::default());
    let mut n_runs = 0;
    for other in 0..aggregate.len() as PathIdx {
        let parent = aggregate.path(other).parent;
        let (n_calls, weight) = (aggregate.path(other).n_runs, aggregate.weight(other, unit));
        if name_of(other) == name {
            n_runs += n_calls;
            let weight_above = parent.map_or(0, |above| aggregate.weight(above, unit));
            callers.add(parent.map(name_of), parent, n_calls, weight, weight_above);
        }
        if parent.is_some_and(|parent| name_of(parent) == name) {
            callees.add(Some(name_of(other)), Some(other), n_calls, weight, weight);
        }
    }
    Around { n_runs, callers: callers.sorted(tree), callees: callees.sorted(tree) }
}

/// Sums by name: `None` for nobody, and inside it `None` for a run without a name.
#[derive(Default)]
struct Side(HashMap<Option<Option<usize>>, (Neighbour, u64)>);

impl Side {
    fn add(&mut self, name: Option<Option<usize>>, path: Option<PathIdx>, n_calls: u32, weight: u64, heaviest: u64) {
        let empty = Neighbour { name: None, n_calls: 0, weight: 0, path };
        let (sum, most) = self.0.entry(name).or_insert((empty, heaviest));
        sum.n_calls += n_calls;
        sum.weight = sum.weight.saturating_add(weight);
        if heaviest > *most {
            (*most, sum.path) = (heaviest, path);
        }
    }

    fn sorted(self, tree: &RunTree) -> Vec<Neighbour> {
        let text = |name: Option<usize>| name.map_or_else(String::new, |idx| tree.strings()[idx].clone());
        let mut side: Vec<Neighbour> =
            self.0.into_iter().map(|(name, (sum, _))| Neighbour { name: name.map(text), ..sum }).collect();
        side.sort_by(|one, other| (other.weight, &one.name).cmp(&(one.weight, &other.name)));
        side
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{AGENT, any_tree};
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use crate::waterfall::narrowing::Shown;
    use proptest::prelude::*;

    fn names(side: &[Neighbour]) -> Vec<(Option<&str>, u32)> {
        side.iter().map(|neighbour| (neighbour.name.as_deref(), neighbour.n_calls)).collect()
    }

    #[test]
    fn callers_and_callees_are_summed_over_all_paths_of_the_name() {
        let tree = trace_from_text(&format!("{AGENT}\n        chat 80..90\n          search:tool 81..82\n"));
        let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
        let found = around(&tree, &aggregate, aggregate.path_of(1).expect("a run"), XUnit::Time);
        assert_eq!(found.n_runs, 4);
        assert_eq!(names(&found.callers), [(Some("agent"), 3), (Some("chat"), 1)]);
        assert_eq!(names(&found.callees), [(Some("fetch"), 2)]);
    }

    #[test]
    fn nobody_calls_a_root_and_a_run_that_calls_itself_is_on_both_sides() {
        let tree = trace_from_text("a 0..9\n  a 1..8\n    b 2..3");
        let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
        let found = around(&tree, &aggregate, 0, XUnit::Time);
        assert_eq!(names(&found.callers), [(None, 1), (Some("a"), 1)]);
        assert_eq!(names(&found.callees), [(Some("a"), 1), (Some("b"), 1)]);
    }

    proptest! {
        #[test]
        fn every_run_of_the_name_is_called_once(tree in any_tree()) {
            let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
            let found = around(&tree, &aggregate, 0, XUnit::Time);
            let n_named = (0..tree.n_runs() as u32).filter(|&run| tree.name(run) == tree.name(0)).count();
            prop_assert_eq!(found.n_runs as usize, n_named);
            prop_assert_eq!(found.callers.iter().map(|caller| caller.n_calls as usize).sum::<usize>(), n_named);
        }
    }
}
