//! The shape of a trace: whole, what changed of it, and the part of it that matters most.

mod store_support;

use fanlight_core::model::fixtures::Shape;
use fanlight_server::model::{Batch, OpKind, ProjectRef, RunOp, Usage};
use fanlight_server::store::Store;
use fanlight_server::store::skeleton::{Skeleton, SkeletonQuery};
use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_wire::feedback::FeedbackCreate;
use fanlight_wire::skeleton::{SkeletonEncoder, SkeletonRun, TraceSkeleton, UsageOf};
use fanlight_wire::{RunId, TraceId};
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use store_support::{Op, TestStore, number, patch, post, run_id, time};
use uuid::Uuid;

fn trace_id(n: u128) -> TraceId {
    TraceId(Uuid::from_u128(n))
}

fn ids(skeleton: &TraceSkeleton) -> Vec<u128> {
    skeleton.ids.iter().copied().map(number).collect()
}

/// What changed in trace 1 since a version.
async fn changes(store: &TestStore, since: u64) -> Skeleton {
    let query = SkeletonQuery { since: Some(since), ..SkeletonQuery::default() };
    store.find_skeleton(trace_id(1), query).await.unwrap().unwrap()
}

async fn write(store: &TestStore, runs: Vec<RunOp>) {
    for chunk in runs.chunks(5_000) {
        store.store.write(Batch { runs: chunk.to_vec(), ..Batch::default() }).await.unwrap();
    }
}

#[tokio::test]
async fn a_trace_of_twenty_thousand_runs_stands_in_display_order() {
    let store = TestStore::new();
    let many = (1..=20_000u128).map(|n| {
        let op = post(n).trace(1).end(n as i64 + 3);
        if n == 1 { op.0 } else { op.parent(n / 2).0 }
    });
    write(&store, many.collect()).await;
    let skeleton = store.skeleton(1).await.unwrap().into_columns();
    assert!(skeleton.is_consistent());
    assert_eq!(ids(&skeleton)[..6], [1, 2, 4, 8, 16, 32]);
    let parents = skeleton.parent_idx.iter().zip(0..);
    assert!(parents.skip(1).all(|(&parent, idx)| parent >= 0 && parent < idx));
}

#[tokio::test]
async fn equal_starts_are_in_the_order_of_their_dotted_orders() {
    let store = TestStore::new();
    let runs = [post(1), post(2).parent(1), post(3).parent(1), post(4).parent(2)].map(|op| op.start(0));
    // The second child sorts before the first, by its place in the dotted order.
    let [root, first, second, grandchild] = runs;
    let second = second.with(|op| op.order = Some(time(-1)));
    store.send([root, first, second, grandchild].map(Op::into)).await;
    assert_eq!(ids(&store.skeleton(1).await.unwrap().into_columns()), [1, 3, 2, 4]);
}

#[tokio::test]
async fn an_unknown_trace_has_no_skeleton() {
    let store = TestStore::new();
    assert!(store.skeleton(9).await.is_none());
    assert!(store.find_run(RunId(Uuid::from_u128(9))).await.unwrap().is_none());
}

#[tokio::test]
async fn own_usage_and_sums_tell_the_same() {
    let store = TestStore::new();
    let runs = [
        post(1),
        post(2).parent(1).tokens(10, 4).cost("0.5"),
        post(3).parent(1),
        post(4).parent(3).tokens(20, 8).cost("0.25"),
    ];
    store.send(runs.map(Op::into)).await;
    let summed = store.skeleton(1).await.unwrap().into_columns();
    let own = store.find_skeleton(trace_id(1), SkeletonQuery::default()).await.unwrap().unwrap().into_columns();
    assert_eq!((summed.prompt_tokens, own.prompt_tokens), (vec![30, 10, 20, 20], vec![0, 10, 0, 20]));
    let dollars = |costs: &[Option<fanlight_wire::Usd>]| {
        costs.iter().map(|cost| cost.map(|usd| usd.to_f64())).collect::<Vec<_>>()
    };
    assert_eq!(dollars(&summed.total_cost), [Some(0.75), Some(0.5), Some(0.25), Some(0.25)]);
    assert_eq!(dollars(&own.total_cost), [None, Some(0.5), None, Some(0.25)]);
}

#[tokio::test]
async fn cached_and_reasoning_tokens_are_those_of_the_run() {
    let store = TestStore::new();
    let call = post(2).parent(1).tokens(100, 40).with(|op| {
        let usage = op.usage.get_or_insert_default();
        usage.prompt_token_details.insert("cache_read".into(), 64);
        usage.completion_token_details.insert("reasoning".into(), 30);
    });
    store.send([post(1), call].map(Op::into)).await;
    let skeleton = store.skeleton(1).await.unwrap().into_columns();
    assert_eq!((skeleton.cached_tokens, skeleton.reasoning_tokens), (vec![0, 64], vec![0, 30]));
}

#[tokio::test]
async fn what_changed_comes_with_what_is_above_it_and_nothing_else() {
    let store = TestStore::new();
    store.send([post(1), post(2).parent(1), post(3).parent(1), post(4).parent(3)].map(Op::into)).await;
    let version = store.skeleton(1).await.unwrap().head.version;
    assert_eq!(changes(&store, version).await.head.n_runs, 0);

    store.send([patch(4).end(9), post(5).parent(3).tokens(7, 0)].map(Op::into)).await;
    store.send([post(9)].map(Op::into)).await;
    let after = changes(&store, version).await;
    assert!(after.head.is_changes);
    assert_eq!((after.head.n_runs_in_trace, after.head.usage_of), (5, UsageOf::Subtree));
    let after = after.into_columns();
    assert_eq!(ids(&after), [1, 3, 4, 5]);
    assert_eq!(after.parent_idx, [-1, 0, 1, 1]);
    assert_eq!(after.prompt_tokens, [7, 7, 0, 7]);
}

#[tokio::test]
async fn feedback_changes_its_run() {
    let store = TestStore::new();
    store.send([post(1), post(2).parent(1), post(3).parent(1)].map(Op::into)).await;
    let version = store.skeleton(1).await.unwrap().head.version;
    let feedback = FeedbackCreate {
        run_id: Some(run_id(2)),
        score: Some(1.0),
        key: Some("ok".into()),
        ..FeedbackCreate::default()
    };
    store.store.write(Batch { feedback: vec![feedback], ..Batch::default() }).await.unwrap();
    let after = changes(&store, version).await.into_columns();
    assert_eq!((ids(&after), after.n_feedback), (vec![1, 2], vec![0, 1]));
}

#[tokio::test]
async fn a_version_that_is_not_known_or_a_trace_that_lost_runs_is_answered_whole() {
    let store = TestStore::new();
    store.send([post(1), post(2).parent(1)].map(Op::into)).await;
    let unknown = changes(&store, 1).await;
    assert!(!unknown.head.is_changes && unknown.head.n_runs == 2);

    let version = unknown.head.version;
    let project = store.project_id("default").await;
    store.send([post(3).trace(1).parent(2).project("other")].map(Op::into)).await;
    store.delete_traces(project, vec![trace_id(1)]).await.unwrap();
    let rest = changes(&store, version).await;
    assert!(!rest.head.is_changes);
    assert_eq!(ids(&rest.into_columns()), [3]);
}

#[tokio::test]
async fn a_trace_that_is_too_large_is_shown_in_part_with_its_errors() {
    let store =
        TestStore::with(SqliteOptions { max_whole_trace: 500, max_partial_trace: 300, ..SqliteOptions::default() });
    let many = (1..=600u128).map(|n| {
        let op = post(n).trace(1).end(n as i64 + 1);
        let op = if n == 577 { op.error("boom") } else { op };
        if n == 1 { op.0 } else { op.parent(1 + n % 7).0 }
    });
    write(&store, many.collect()).await;
    let part = store.skeleton(1).await.unwrap();
    assert_eq!((part.head.n_runs, part.head.n_runs_in_trace, part.head.is_changes), (300, 600, false));
    let part = part.into_columns();
    assert!(part.is_consistent());
    assert!(ids(&part).contains(&577));
}

#[tokio::test]
async fn what_a_part_leaves_out_is_counted_and_can_be_asked_for() {
    let store =
        TestStore::with(SqliteOptions { max_whole_trace: 500, max_partial_trace: 300, ..SqliteOptions::default() });
    let many = (1..=2_000u128).map(|n| {
        let op = post(n).trace(1).start(n as i64).end(3_000);
        if n == 1 { op.0 } else { op.parent(n / 2).0 }
    });
    write(&store, many.collect()).await;
    let part = store.skeleton(1).await.unwrap();
    let mut missing: Vec<u128> = Vec::new();
    let mut n_missing = 0;
    let mut note = |part: Skeleton, is_asked: bool| {
        let left_out = part.head.left_out.clone();
        n_missing += left_out.iter().map(|left_out| u64::from(left_out.n_runs)).sum::<u64>();
        assert_eq!(part.head.is_changes, is_asked);
        let ids = ids(&part.into_columns());
        missing.extend(left_out.iter().map(|left_out| ids[left_out.above as usize]));
        (ids, std::mem::take(&mut missing), std::mem::take(&mut n_missing))
    };
    let (ids, mut to_ask, n_left_out) = note(part, false);
    assert_eq!(ids.len() as u64 + n_left_out, 2_000);
    let mut seen: BTreeSet<u128> = ids.into_iter().collect();
    while let Some(run) = to_ask.pop() {
        let query = SkeletonQuery { below: Some(run_id(run)), ..SkeletonQuery::default() };
        let (ids, more, _) = note(store.find_skeleton(trace_id(1), query).await.unwrap().unwrap(), true);
        assert_eq!(ids[0], 1, "what is above comes, too");
        assert!(ids.contains(&run));
        seen.extend(ids);
        to_ask.extend(more);
    }
    assert_eq!(seen.len(), 2_000);
    let unknown = SkeletonQuery { below: Some(run_id(9_999)), ..SkeletonQuery::default() };
    assert!(store.find_skeleton(trace_id(1), unknown).await.unwrap().is_none());
}

/// The runs of a generated trace as an SDK would send them.
fn ops(shape: Shape) -> Vec<RunOp> {
    let skeleton = shape.skeleton(1);
    let origin = skeleton.origin.unwrap();
    let at = |time_ns: i64| fanlight_wire::Timestamp(origin.0 + time_ns);
    let text = |idx: u32| Some(skeleton.strings[idx as usize].clone());
    let op = |idx: usize| {
        let run: SkeletonRun = skeleton.run(idx, 0);
        let parent = usize::try_from(skeleton.parent_idx[idx]).ok();
        let usage = run.model.map(|_| Usage {
            prompt_tokens: Some(run.prompt_tokens),
            completion_tokens: Some(run.completion_tokens),
            ..Usage::default()
        });
        RunOp {
            trace_id: skeleton.trace_id,
            parent_id: parent.map(|parent| skeleton.ids[parent]),
            name: text(run.name),
            run_type: Some(run.run_type),
            status: Some(run.status),
            start: Some(at(run.start_ns)),
            end: run.end_ns.map(at),
            first_token: run.first_token_ns.map(at),
            model: run.model.and_then(text),
            usage,
            ..RunOp::empty(OpKind::Post, run.id, ProjectRef::default())
        }
    };
    (0..skeleton.n_runs()).map(op).collect()
}

/// `docs/budgets.md`: wire bytes a run.
#[tokio::test]
async fn a_run_takes_at_most_32_bytes_on_the_wire() {
    let store = TestStore::new();
    let shape = Shape::Agent(20_000);
    write(&store, ops(shape)).await;
    let trace = shape.skeleton(1).trace_id.unwrap();
    let skeleton = store.find_skeleton(trace, SkeletonQuery::default()).await.unwrap().unwrap();
    let (mut encoder, mut bytes) = (SkeletonEncoder::default(), SkeletonEncoder::head(&skeleton.head));
    skeleton.for_each(|block| bytes.extend(encoder.block(&block)));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let bytes_a_run = gzip.finish().unwrap().len() as f64 / 20_000.0;
    println!("{:.1} bytes a run, {bytes_a_run:.1} compressed", bytes.len() as f64 / 20_000.0);
    assert!(bytes_a_run <= 32.0, "{bytes_a_run:.1} bytes");
}

#[tokio::test]
async fn what_was_sent_is_read_back_as_the_same_tree() {
    let store = TestStore::new();
    let shape = Shape::Agent(3_000);
    write(&store, ops(shape)).await;
    let sent = shape.skeleton(1);
    let read = store.find_skeleton(
        sent.trace_id.unwrap(),
        SkeletonQuery { usage_of: UsageOf::Subtree, ..SkeletonQuery::default() },
    );
    let read = read.await.unwrap().unwrap().into_columns();
    let by_id: HashMap<RunId, usize> = sent.ids.iter().copied().zip(0..).collect();
    assert_eq!(read.n_runs(), sent.n_runs());
    for idx in 0..read.n_runs() {
        let source = by_id[&read.ids[idx]];
        let parent =
            |of: &TraceSkeleton, idx: usize| usize::try_from(of.parent_idx[idx]).ok().map(|parent| of.ids[parent]);
        assert_eq!(parent(&read, idx), parent(&sent, source));
        assert_eq!((read.start_ns[idx], read.end_ns[idx]), (sent.start_ns[source], sent.end_ns[source]));
        assert_eq!(read.prompt_tokens[idx], sent.prompt_tokens[source]);
    }
}
