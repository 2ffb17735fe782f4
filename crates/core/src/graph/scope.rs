//! Which run's steps are worth a graph.

use crate::model::{RunIdx, RunTree};
use crate::waterfall::narrowing::Shown;
use std::collections::HashSet;

/// The first run that is `shown` whose children come back to a name after another one, as an agent's do; else the first
/// that has steps of two names; `None` if there is none.
pub fn default_scope(tree: &RunTree, shown: &Shown) -> Option<RunIdx> {
    let mut steps = None;
    for run in shown.branch(tree).filter(|&run| shown.contains(tree, run)) {
        match shape_of(tree, shown, run) {
            Shape::Loop => return Some(run),
            Shape::Steps if steps.is_none() => steps = Some(run),
            _ => {}
        }
    }
    steps
}

/// The runs that are `shown` from the root down to `run`, those without two different steps left out.
pub fn scopes_around(tree: &RunTree, shown: &Shown, run: RunIdx) -> Vec<RunIdx> {
    let has_steps = |run: &RunIdx| shown.contains(tree, *run) && shape_of(tree, shown, *run) != Shape::Nothing;
    let mut scopes: Vec<RunIdx> = std::iter::once(run).chain(tree.ancestors(run)).filter(has_steps).collect();
    scopes.reverse();
    scopes
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Nothing,
    /// At least two names.
    Steps,
    /// A name again after another.
    Loop,
}

fn shape_of(tree: &RunTree, shown: &Shown, run: RunIdx) -> Shape {
    let mut seen = HashSet::new();
    let mut before = None;
    for name in shown.children(tree, run).into_iter().map(|child| tree.string_indices(child)[0]) {
        let is_new = seen.insert(name);
        if !is_new && before != Some(name) {
            return Shape::Loop;
        }
        before = Some(name);
    }
    if seen.len() > 1 { Shape::Steps } else { Shape::Nothing }
}

#[cfg(test)]
mod tests {
    use super::super::tests::LOOP;
    use super::*;
    use crate::model::fixtures::trace_from_text;

    #[test]
    fn an_agent_that_loops_is_found_below_a_pipeline() {
        let text = format!("chain 0..200\n  load 0..1\n  {}", LOOP.replace('\n', "\n  "));
        assert_eq!(default_scope(&trace_from_text(&text), &Shown::default()), Some(2));
    }

    #[test]
    fn without_a_loop_the_first_run_with_different_steps_is_taken() {
        assert_eq!(
            default_scope(&trace_from_text("a 0..9\n  b 0..9\n    c 0..1\n    d 1..2"), &Shown::default()),
            Some(1)
        );
        assert_eq!(default_scope(&trace_from_text("a 0..9\n  b 0..1\n  b 1..2"), &Shown::default()), None);
    }

    #[test]
    fn a_reader_can_go_up_from_where_they_are() {
        let tree = trace_from_text("a 0..9\n  b 0..9\n    c 0..1\n      e 0..1\n    d 1..2\n  f 9..9");
        assert_eq!(scopes_around(&tree, &Shown::default(), 3), [0, 1]);
        assert_eq!(scopes_around(&tree, &Shown::new(&tree, Some(1), &[]), 3), [1]);
    }
}
