//! Where the keys lead: from one run to the next of its kind, to parents, children and pages.

use super::collapse::Collapsed;
use super::rows::VisibleRows;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunType;

/// The next (or previous) run after `from` that `is_wanted`, wrapping round; hidden runs count. Nothing if none is.
pub fn next_where(
    tree: &RunTree,
    from: Option<RunIdx>,
    is_forward: bool,
    is_wanted: impl Fn(RunIdx) -> bool,
) -> Option<RunIdx> {
    let n = tree.n_runs() as u32;
    let from = from.unwrap_or(if is_forward { n.wrapping_sub(1) } else { 0 });
    let step = |offset: u32| if is_forward { (from + offset) % n } else { (from + n - offset) % n };
    (1..=n).map(step).find(|&run| is_wanted(run))
}

pub fn next_of_type(tree: &RunTree, from: Option<RunIdx>, is_forward: bool, run_type: RunType) -> Option<RunIdx> {
    next_where(tree, from, is_forward, |run| tree.run_type(run) == run_type)
}

/// `n` rows down (up when negative), stopping at the first and last.
pub fn row_away(rows: &VisibleRows, from: Option<RunIdx>, n: isize) -> Option<RunIdx> {
    let last = rows.len().checked_sub(1)?;
    let row = match from.and_then(|run| rows.position_of_or_above(run)) {
        Some(row) => row.saturating_add_signed(n).min(last),
        None if n >= 0 => 0,
        None => last,
    };
    rows.run_at(row)
}

/// What → does: unfold, or go to the first child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Expand,
    Collapse,
    GoTo(RunIdx),
    Stay,
}

pub fn step_in(tree: &RunTree, collapsed: &Collapsed, run: RunIdx) -> Step {
    match () {
        _ if !tree.has_children(run) => Step::Stay,
        _ if collapsed.contains(run) => Step::Expand,
        _ => Step::GoTo(run + 1),
    }
}

/// What ← does: fold, or go to the parent.
pub fn step_out(tree: &RunTree, collapsed: &Collapsed, run: RunIdx) -> Step {
    if tree.has_children(run) && !collapsed.contains(run) {
        return Step::Collapse;
    }
    tree.parent(run).map_or(Step::Stay, Step::GoTo)
}

/// The sibling before or after; none at the ends.
pub fn sibling(tree: &RunTree, run: RunIdx, is_forward: bool) -> Option<RunIdx> {
    if is_forward {
        let next = tree.subtree_end(run);
        let end = tree.parent(run).map_or(tree.n_runs() as u32, |parent| tree.subtree_end(parent));
        return (next < end).then_some(next);
    }
    tree.siblings(run).take_while(|&other| other < run).last()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    const TRACE: &str = "agent 0..100
        a:llm 0..50
          b:tool 1..40 error
        c:tool 60..70
        d:llm 80..90 error";

    #[test]
    fn errors_are_visited_in_order_and_round_again() {
        let tree = trace_from_text(TRACE);
        let next = |from, forward| next_where(&tree, from, forward, |run| tree.has_error(run));
        assert_eq!(next(None, true), Some(2));
        assert_eq!(next(Some(2), true), Some(4));
        assert_eq!(next(Some(4), true), Some(2));
        assert_eq!(next(Some(2), false), Some(4));
        assert_eq!(next_of_type(&tree, Some(0), true, RunType::Tool), Some(2));
        assert_eq!(next_of_type(&tree, Some(0), true, RunType::Parser), None);
        assert_eq!(next_where(&trace_from_text(""), None, true, |_| true), None);
    }

    #[test]
    fn arrows_fold_first_and_then_move() {
        let tree = trace_from_text(TRACE);
        let mut collapsed = Collapsed::none();
        assert_eq!(step_in(&tree, &collapsed, 1), Step::GoTo(2));
        assert_eq!(step_in(&tree, &collapsed, 2), Step::Stay);
        assert_eq!(step_out(&tree, &collapsed, 1), Step::Collapse);
        assert_eq!(step_out(&tree, &collapsed, 2), Step::GoTo(1));
        collapsed.set(1, true);
        assert_eq!(step_in(&tree, &collapsed, 1), Step::Expand);
        assert_eq!(step_out(&tree, &collapsed, 1), Step::GoTo(0));
        assert_eq!(step_out(&tree, &collapsed, 0), Step::Collapse);
    }

    #[test]
    fn rows_stop_at_the_ends() {
        let tree = trace_from_text(TRACE);
        let rows = VisibleRows::new(&tree, &Collapsed::none());
        assert_eq!(row_away(&rows, Some(1), 1), Some(2));
        assert_eq!(row_away(&rows, Some(1), 99), Some(4));
        assert_eq!(row_away(&rows, Some(1), -99), Some(0));
        assert_eq!(row_away(&rows, None, 1), Some(0));
        assert_eq!(row_away(&VisibleRows::default(), None, 1), None);
    }

    #[test]
    fn siblings_skip_what_lies_between() {
        let tree = trace_from_text(TRACE);
        assert_eq!(sibling(&tree, 1, true), Some(3));
        assert_eq!(sibling(&tree, 4, true), None);
        assert_eq!(sibling(&tree, 3, false), Some(1));
        assert_eq!(sibling(&tree, 1, false), None);
    }
}
