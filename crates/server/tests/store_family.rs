//! Parents, traces and projects of runs that come in any order.

mod store_support;

use fanlight_server::model::RunOp;
use fanlight_server::store::Store;
use fanlight_wire::live::Change;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, TraceId};
use store_support::{Op, TestStore, numbers, patch, post, run_id, time};
use uuid::Uuid;

fn trace_id(n: u128) -> TraceId {
    TraceId(Uuid::from_u128(n))
}

#[tokio::test]
async fn a_run_without_parent_is_its_own_trace_and_makes_its_dotted_order() {
    let store = TestStore::new();
    store.send([post(1).into()]).await;
    let run = store.run(1).await;
    assert_eq!(run.trace_id, trace_id(1));
    assert_eq!(run.dotted_order, format!("{}{}", time(1).to_compact(), run_id(1)));
    assert!(run.parent_run_ids.is_empty());
}

#[tokio::test]
async fn children_that_come_first_follow_their_parents_to_the_trace() {
    let store = TestStore::new();
    for op in [post(4).parent(3), post(3).parent(2), post(2).parent(1), post(1)] {
        store.send([op.into()]).await;
    }
    let run = store.run(4).await;
    assert_eq!(run.trace_id, trace_id(1));
    assert_eq!(run.parent_run_ids, [1, 2, 3].map(run_id));
    assert_eq!(run.dotted_order.split('.').count(), 4);
    let whole = store.query(RunQuery { trace: Some(trace_id(1)), ..RunQuery::default() }).await;
    assert_eq!(numbers(&whole.runs), [4, 3, 2, 1]);
}

#[tokio::test]
async fn a_child_whose_parent_never_comes_keeps_what_it_said() {
    let store = TestStore::new();
    let order = format!("{}{}.{}{}", time(0).to_compact(), run_id(1), time(5).to_compact(), run_id(2));
    let child = post(2).with(|op| {
        op.payload.dotted_order = Some(order.clone());
        op.order = Some(time(5));
    });
    store.send([child.into()]).await;
    let run = store.run(2).await;
    assert_eq!((run.trace_id, run.parent_run_id), (trace_id(1), Some(run_id(1))));
    assert_eq!(run.dotted_order, order);
    let roots = store.query(RunQuery { is_root: Some(true), ..RunQuery::default() }).await;
    assert!(roots.runs.is_empty(), "a run that waits for its parent is no root");
}

#[tokio::test]
async fn the_order_of_a_javascript_run_need_not_be_its_start() {
    let store = TestStore::new();
    let order = format!("20261123T220000000003Z{}", run_id(1));
    let root = post(1).with(|op| {
        op.payload.dotted_order = Some(order.clone());
        op.order = Some("20261123T220000000003Z".parse().unwrap());
    });
    store.send([root.into()]).await;
    assert_eq!(store.run(1).await.dotted_order, order);
}

#[tokio::test]
async fn circles_of_parents_end_nowhere_and_hurt_nobody() {
    let store = TestStore::new();
    store.send([post(1).parent(1), post(2).parent(3), post(3).parent(4), post(4).parent(2)].map(Op::into)).await;
    store.send([patch(4).tokens(1, 2).into(), patch(2).parent(4).into()]).await;
    assert_eq!(store.run(1).await.parent_run_id, None, "nobody is their own parent");
    for n in 2..=4 {
        assert!(store.run(n).await.parent_run_ids.len() <= 3);
    }
    let all = store.query(RunQuery::default()).await;
    assert_eq!(all.runs.len(), 4);
}

#[tokio::test]
async fn a_patch_that_names_another_parent_moves_the_run_and_its_tokens() {
    let store = TestStore::new();
    store.send([post(1), post(2), post(3).parent(1).tokens(10, 5), post(4).parent(3).tokens(1, 1)].map(Op::into)).await;
    assert_eq!(store.run(1).await.total_tokens, 17);
    store.send([patch(3).parent(2).into()]).await;
    assert_eq!((store.run(1).await.total_tokens, store.run(2).await.total_tokens), (0, 17));
    assert_eq!(store.run(4).await.trace_id, trace_id(2));
}

#[tokio::test]
async fn a_chain_of_a_thousand_runs_carries_its_tokens_up() {
    let store = TestStore::new();
    let deep = (1..=1000u128).rev().map(|n| {
        let op = if n == 1000 { post(n).tokens(3, 4) } else { post(n) };
        if n > 1 { op.parent(n - 1).0 } else { op.0 }
    });
    store.send(deep).await;
    let (root, leaf) = (store.run(1).await, store.run(1000).await);
    assert_eq!(root.total_tokens, 7);
    assert_eq!(leaf.parent_run_ids.len(), 999);
    assert_eq!(leaf.trace_id, trace_id(1));
}

#[tokio::test]
async fn an_unknown_project_id_becomes_a_project() {
    let store = TestStore::new();
    let id = ProjectId(Uuid::from_u128(77));
    store.send([post(1).with(|op| op.project.id = Some(id)).into()]).await;
    assert_eq!(store.run(1).await.project_id, id);
    let project = store.find_project(id, false).await.unwrap().unwrap();
    assert_eq!(project.name, id.to_string());
}

async fn changes_of(store: &TestStore, runs: Vec<RunOp>) -> Vec<Change> {
    let mut changes = store.changes();
    store.send(runs).await;
    let mut seen = Vec::new();
    while let Ok(change) = changes.try_recv() {
        seen.push(change);
    }
    seen
}

#[tokio::test]
async fn a_commit_tells_which_traces_changed_in_which_project() {
    let store = TestStore::new();
    let runs = vec![post(1).project("a").into(), post(2).project("b").into(), post(3).project("a").parent(1).into()];
    let seen = changes_of(&store, runs).await;
    let (a, b) = (store.project_id("a").await, store.project_id("b").await);
    let change = |project_id, n| Change { project_id, traces: vec![trace_id(n)], n_new_traces: 1, is_truncated: false };
    assert_eq!(seen, [change(a, 1), change(b, 2)]);
    let seen = changes_of(&store, vec![patch(3).end(9).into()]).await;
    assert_eq!(seen, [Change { n_new_traces: 0, ..change(a, 1) }]);
}

#[tokio::test]
async fn a_long_list_of_changed_traces_is_cut_and_says_so() {
    let store = TestStore::new();
    let seen = changes_of(&store, (1..=150).map(|n| post(n).into()).collect()).await;
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].traces.len(), seen[0].n_new_traces, seen[0].is_truncated), (100, 150, true));
}
