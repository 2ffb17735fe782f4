//! Where the keys lead: from one run to the next of its kind, to parents, children and pages.

use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
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

/// The row `n` rows below `from` (above when negative), stopping at the first and last.
pub fn row_away(n_rows: usize, from: Option<usize>, n: isize) -> Option<usize> {
    let last = n_rows.checked_sub(1)?;
    Some(match from {
        Some(row) => row.saturating_add_signed(n).min(last),
        None if n >= 0 => 0,
        None => last,
    })
}

/// The next run on the critical path by time, or the one before; stops at the ends. From a run that is not on it, the
/// nearest that starts after (or before) it.
pub fn along_path(tree: &RunTree, path: &CriticalPath, from: RunIdx, is_forward: bool) -> Option<RunIdx> {
    let key = |run: RunIdx| (tree.start_ns(run), run);
    let others = path.runs().filter(|&run| run != from);
    if is_forward {
        others.filter(|&run| key(run) > key(from)).min_by_key(|&run| key(run))
    } else {
        others.filter(|&run| key(run) < key(from)).max_by_key(|&run| key(run))
    }
}

/// What → does: unfold, or go to the first child; what ← does: fold, or go to the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Expand,
    Collapse,
    GoTo(RunIdx),
    /// What is below the run was left out and has to be asked for.
    Fetch,
    Stay,
}

/// See [`Step`].
pub fn step_in(tree: &RunTree, collapsed: &Collapsed, run: RunIdx) -> Step {
    match () {
        _ if !tree.has_children(run) && tree.n_left_out(run) > 0 => Step::Fetch,
        _ if !tree.has_children(run) => Step::Stay,
        _ if collapsed.contains(run) => Step::Expand,
        _ => Step::GoTo(run + 1),
    }
}

/// See [`Step`].
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
        assert_eq!(row_away(5, Some(1), 1), Some(2));
        assert_eq!(row_away(5, Some(1), 99), Some(4));
        assert_eq!(row_away(5, Some(1), -99), Some(0));
        assert_eq!(row_away(5, None, 1), Some(0));
        assert_eq!(row_away(0, None, 1), None);
    }

    #[test]
    fn the_critical_path_is_walked_in_order_of_time() {
        let tree = trace_from_text("agent 0..100\n late 50..100\n early 0..50\n  part 10..20\n aside 0..10");
        let path = CriticalPath::new(&tree, 0);
        let names = |from: RunIdx, is_forward| {
            let walk = std::iter::successors(Some(from), |&run| along_path(&tree, &path, run, is_forward));
            walk.map(|run| tree.name(run)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(0, true), "agent early part late");
        assert_eq!(names(4, false), "late part early");
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
