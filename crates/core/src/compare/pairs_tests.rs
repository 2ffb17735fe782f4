//! What readers of a comparison of two traces may rely on.

use super::super::fixtures::{compared, compared_with_payloads, draw};
use super::*;
use crate::model::skeleton_from_runs::skeleton_from_runs;
use expect_test::{Expect, expect};
use fanlight_wire::digest::{TraceDigests, plain_digest};
use fanlight_wire::{Run, TraceId};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

#[track_caller]
fn check(a: &str, b: &str, expected: Expect) {
    expected.assert_eq(&draw(&compared_with_payloads(a, b)));
}

#[test]
fn the_first_divergence_is_where_something_else_was_made_of_the_same() {
    check(
        "chat 0..100 | refund? | 14 days
           route:llm 0..10 | refund? | returns
           search:retriever 10..30 | refund? | draft
             embed:embedding 10..20 | refund? | 0.1
           answer:llm 30..90 | refund? draft | 14 days",
        "chat 0..120 | refund? | 30 days
           route:llm 0..10 | refund? | returns
           search:retriever 10..30 | refund? | policy
             embed:embedding 10..20 | refund? | 0.1
           answer:llm 30..110 | refund? policy | 30 days",
        expect![[r#"
            = chat output
            =   route
            =   search output <
            =     embed
            =   answer input output
        "#]],
    );
}

#[test]
fn other_arguments_are_where_traces_part() {
    check(
        "chat 0..100 | q | a
           plan:llm 0..10 | q | search Oslo
           search:tool 10..30 | Oslo | rain",
        "chat 0..100 | q | a
           plan:llm 0..10 | q | search Oslo
           search:tool 10..30 | Bergen | rain",
        expect![[r#"
            = chat
            =   plan
            =   search input <
        "#]],
    );
}

#[test]
fn runs_without_a_counterpart_stay_in_place() {
    check(
        "agent 0..100 | q | a
           think:llm 0..10 | 1 | x
           search:tool 10..20 | 1 | y
             http 11..19 | 1 | y
           think:llm 20..30 | 2 | z",
        "agent 0..100 | q | a
           think:llm 0..10 | 1 | x
           look_up:tool 10..20 | 1 | y
           think:llm 20..30 | 2 | z
           check:tool 30..40 | 1 | y",
        expect![[r#"
            = agent
            =   think
            -   search only A <
            -     http only A
            +   look_up only B
            =   think
            +   check only B
        "#]],
    );
}

#[test]
fn equal_calls_hold_a_loop_together() {
    check(
        "agent 0..100 | q | a
           call:tool 0..10 | 1 | x
           call:tool 10..20 | 2 | x
           call:tool 20..30 | 3 | x",
        "agent 0..100 | q | a
           call:tool 10..20 | 2 | x
           call:tool 20..30 | 3 | x
           call:tool 30..40 | 4 | x",
        expect![[r#"
            = agent
            -   call only A <
            =   call
            =   call
            +   call only B
        "#]],
    );
}

#[test]
fn roots_are_compared_whatever_they_are_called() {
    check(
        "chat 0..9 | q | a\n step_1 0..5 | 1 | 1",
        "assistant 0..9 | q | a\n step_2 0..5 | 1 | 1",
        expect![[r#"
            = chat name <
            =   step_1
        "#]],
    );
}

#[test]
fn without_payloads_names_models_and_tokens_are_compared() {
    let comparison = compared("agent 0..9\n chat:llm 0..5 model=one", "agent 0..9\n chat:llm 0..5 model=two");
    assert!(comparison.is_by_structure_only());
    assert_eq!(comparison.first_divergence(), Some(1));
    assert!(!comparison.is_identical());
}

/// A trace by shape: for each run how far up its parent is, its name and what it was given.
fn side(shape: &[(usize, u8, u8)], first_id: u128) -> Side {
    let id = |nth: usize| Uuid::from_u128(first_id + nth as u128);
    let mut digests = TraceDigests::default();
    let runs: Vec<Run> = shape
        .iter()
        .enumerate()
        .map(|(nth, (up, name, given))| {
            let parent = (nth > 0).then(|| id(nth.saturating_sub(up % nth + 1)));
            digests.ids.push(RunId(id(nth)));
            digests.inputs.push(Some(plain_digest(&given.to_string())));
            digests.outputs.push(Some(plain_digest(&name.to_string())));
            digests.errors.push(None);
            digests.sketches.push(None);
            serde_json::from_value(json!({
                "id": id(nth), "trace_id": id(0), "session_id": id(0), "name": format!("step {}", char::from(b'a' + name)),
                "run_type": if name % 2 == 0 { "llm" } else { "tool" }, "status": "success", "parent_run_id": parent,
                "start_time": 1_700_000_000_000i64 + nth as i64, "end_time": 1_700_000_000_100i64,
                "dotted_order": "", "app_path": "",
            }))
            .expect("a run")
        })
        .collect();
    let skeleton = skeleton_from_runs(TraceId(id(0)), &runs);
    Side::new(Arc::new(RunTree::from_skeleton(&skeleton)), Some(&digests))
}

fn shapes() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    prop::collection::vec((0usize..6, 0u8..4, 0u8..3), 1..30)
}

proptest! {
    #[test]
    fn every_run_of_both_is_met_once_below_its_parent_and_in_order(one in shapes(), other in shapes()) {
        let comparison = Comparison::new(side(&one, 1), side(&other, 1001));
        let mut seen = [Vec::new(), Vec::new()];
        for idx in 0..comparison.n_pairs() as PairIdx {
            let Pair { a, b } = comparison.pair(idx);
            seen[0].extend(a);
            seen[1].extend(b);
            let above = comparison.parent(idx).map(|parent| comparison.pair(parent));
            for (side, run, above) in [(&comparison.a, a, above.and_then(|it| it.a)), (&comparison.b, b, above.and_then(|it| it.b))] {
                prop_assert!(run.is_none_or(|run| side.tree.parent(run) == above));
            }
        }
        // Preorder of each tree is the order of its positions.
        prop_assert_eq!(&seen[0], &(0..one.len() as RunIdx).collect::<Vec<_>>());
        prop_assert_eq!(&seen[1], &(0..other.len() as RunIdx).collect::<Vec<_>>());
    }

    #[test]
    fn a_trace_compared_with_itself_has_no_differences(one in shapes()) {
        let comparison = Comparison::new(side(&one, 1), side(&one, 1001));
        prop_assert!(comparison.is_identical());
        prop_assert_eq!(comparison.first_divergence(), None);
        prop_assert!((0..comparison.n_pairs() as PairIdx).all(|idx| comparison.pair(idx).a == comparison.pair(idx).b));
    }

    #[test]
    fn with_the_sides_swapped_the_same_runs_are_paired(one in shapes(), other in shapes()) {
        let pairs = |a: &[(usize, u8, u8)], b: &[(usize, u8, u8)]| {
            let comparison = Comparison::new(side(a, 1), side(b, 1001));
            (0..comparison.n_pairs() as PairIdx).map(|idx| comparison.pair(idx)).collect::<Vec<_>>()
        };
        let mut there = pairs(&one, &other);
        let mut back: Vec<Pair> = pairs(&other, &one).into_iter().map(|pair| Pair { a: pair.b, b: pair.a }).collect();
        there.sort();
        back.sort();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn differences_are_counted_as_they_are_walked_through(one in shapes(), other in shapes()) {
        let comparison = Comparison::new(side(&one, 1), side(&other, 1001));
        let n = comparison.n_pairs() as PairIdx;
        let n_different = (0..n).filter(|&idx| comparison.is_different(idx)).count() as u32;
        prop_assert_eq!(comparison.n_different(0..n), n_different);
        prop_assert_eq!(comparison.first_divergence().is_none(), n_different == 0);
    }
}
