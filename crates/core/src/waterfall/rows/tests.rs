//! Which rows there are, as text.

use super::*;
use crate::model::fixtures::trace_from_text;
use proptest::prelude::*;

/// Draws rows with groups as `x3` and gaps as `..n`.
fn draw(tree: &RunTree, rules: &RowRules<'_>) -> String {
    let rows = VisibleRows::with_rules(tree, rules);
    let draw_row = |position| match rows.row_at(position) {
        Some(Row::Run(run)) => tree.name(run).to_owned(),
        Some(Row::Group(idx)) => {
            let group = rows.group(idx);
            format!("{}x{}", tree.name(group.first), group.n_members)
        }
        Some(Row::Gap(idx)) => format!("..{}", rows.gap(idx).end - rows.gap(idx).first),
        None => unreachable!("positions are below the length"),
    };
    (0..rows.len()).map(draw_row).collect::<Vec<_>>().join(" ")
}

fn set_of(runs: &[RunIdx]) -> RunSet {
    runs.iter().copied().collect()
}

/// `agent`, six equal calls of which the fourth failed, then `b` with a child.
fn trace() -> RunTree {
    let call = " get:tool 0..1\n";
    let calls = format!("{} get:tool 0..1 error\n{}", call.repeat(3), call.repeat(2));
    trace_from_text(&format!("agent 0..9\n{calls} b 5..9\n  c 6..7\n"))
}

#[test]
fn a_row_takes_eight_bytes() {
    assert_eq!(size_of::<Row>(), 8);
}

#[test]
fn equal_siblings_are_one_row_and_those_that_stand_out_keep_theirs() {
    let (tree, collapsed) = (trace(), Collapsed::none());
    let groups = Groups::find(&tree);
    let rules = RowRules { groups: &groups, ..RowRules::of_folds(&collapsed) };
    assert_eq!(draw(&tree, &rules), "agent getx5 get b c");
    let open_groups = set_of(&[1]);
    assert_eq!(draw(&tree, &RowRules { open_groups: &open_groups, ..rules }), "agent get get get get get get b c");
    // One less, and there are too few to stand for.
    assert_eq!(draw(&tree, &RowRules { shown_anyway: Some(5), ..rules }), "agent get get get get get get b c");
}

#[test]
fn a_run_under_a_group_is_found_at_the_group() {
    let (tree, collapsed) = (trace(), Collapsed::none());
    let groups = Groups::find(&tree);
    let rows = VisibleRows::with_rules(&tree, &RowRules { groups: &groups, ..RowRules::of_folds(&collapsed) });
    assert_eq!([1, 3, 5, 6].map(|run| rows.position_of_or_above(run)), [Some(1); 4]);
    assert_eq!((rows.position_of(4), rows.position_of(5), rows.run_at(1)), (Some(2), None, None));
    assert_eq!(rows.position_of_or_above(7), Some(3));
    assert_eq!(rows.position_of_or_above(99), None);
}

#[test]
fn a_search_that_filters_leaves_gaps_which_open() {
    let (tree, collapsed) = (trace(), Collapsed::none());
    let groups = Groups::find(&tree);
    let kept = set_of(&[0, 4, 7, 8]);
    let rules = RowRules { groups: &groups, kept: Some(&kept), ..RowRules::of_folds(&collapsed) };
    assert_eq!(draw(&tree, &rules), "agent ..3 get ..2 b c");
    let open_gaps = set_of(&[1]);
    assert_eq!(draw(&tree, &RowRules { open_gaps: &open_gaps, ..rules }), "agent get get get get ..2 b c");
    let rows = VisibleRows::with_rules(&tree, &rules);
    assert_eq!((rows.position_of_or_above(2), rows.n_in_gaps()), (Some(1), 5));
}

#[test]
fn solo_shows_one_branch_and_hidden_names_leave_what_is_below_them() {
    let (tree, collapsed) = (trace(), Collapsed::none());
    let rules = RowRules::of_folds(&collapsed);
    assert_eq!(draw(&tree, &RowRules { solo: Some(7), ..rules }), "b c");
    let hidden: Vec<bool> = tree.strings().iter().map(|name| name == "b" || name == "get").collect();
    assert_eq!(draw(&tree, &RowRules { hidden_names: &hidden, ..rules }), "agent c");
    let rules = RowRules { hidden_names: &hidden, shown_anyway: Some(4), ..rules };
    assert_eq!(draw(&tree, &rules), "agent get c");
}

#[test]
fn runs_outside_the_solo_branch_have_no_row() {
    let (tree, collapsed) = (trace(), Collapsed::none());
    let rows = VisibleRows::with_rules(&tree, &RowRules { solo: Some(7), ..RowRules::of_folds(&collapsed) });
    assert_eq!([0, 6, 7, 8].map(|run| rows.position_of_or_above(run)), [None, None, Some(0), Some(1)]);
}

prop_compose! {
    fn traces()(runs in prop::collection::vec((1usize..5, 0u8..2, 0u8..8), 1..60)) -> RunTree {
        let line = |&(depth, name, fate): &(usize, u8, u8)| {
            format!("{}n{name} 0..1{}\n", " ".repeat(depth), if fate == 0 { " error" } else { "" })
        };
        trace_from_text(&format!("root 0..1\n{}", runs.iter().map(line).collect::<String>()))
    }
}

fn runs() -> impl Strategy<Value = RunSet> {
    prop::collection::vec(0u32..60, 0..6).prop_map(|runs| runs.into_iter().collect())
}

proptest! {
    #[test]
    fn every_run_is_accounted_for_by_exactly_one_row(
        tree in traces(), folded in runs(), open_groups in runs(), apart in runs(), found in runs(), open_gaps in runs(),
    ) {
        let groups = Groups::find(&tree);
        let mut collapsed = Collapsed::none();
        folded.iter().for_each(|run| collapsed.set(run, true));
        let mut kept = RunSet::default();
        found.iter().filter(|&run| run < tree.n_runs() as u32).for_each(|run| kept.add_with_ancestors(&tree, run));
        let rules = RowRules {
            groups: &groups, open_groups: &open_groups, apart: &apart, kept: Some(&kept).filter(|kept| !kept.is_empty()),
            open_gaps: &open_gaps, ..RowRules::of_folds(&collapsed)
        };
        let rows = VisibleRows::with_rules(&tree, &rules);
        let mut n_runs = 0;
        for position in 0..rows.len() {
            let row = rows.row_at(position).expect("below the length");
            prop_assert_eq!(rows.position_from(rows.first_run(row)), Some(position));
            n_runs += match row {
                Row::Run(run) if collapsed.contains(run) => tree.subtree_end(run) - run,
                Row::Run(_) => 1,
                Row::Group(idx) => rows.group(idx).n_members,
                Row::Gap(idx) => rows.gap(idx).end - rows.gap(idx).first,
            };
        }
        prop_assert_eq!(n_runs, tree.n_runs() as u32);
        // What went wrong is never under a group's row.
        for &run in tree.errors() {
            let row = rows.position_of_or_above(run).and_then(|position| rows.row_at(position));
            prop_assert!(!matches!(row, Some(Row::Group(_))), "{run}");
        }
    }
}

#[test]
fn a_hidden_run_is_found_at_the_fold_that_hides_it() {
    let tree = trace();
    let mut collapsed = Collapsed::none();
    collapsed.set(7, true);
    let rows = VisibleRows::new(&tree, &collapsed);
    assert_eq!((rows.position_of(8), rows.position_of_or_above(8)), (None, Some(7)));
}
