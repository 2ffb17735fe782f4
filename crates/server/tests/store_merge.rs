//! How arrivals about one run add up, whatever their order.

mod store_support;

use expect_test::{Expect, expect};
use fanlight_server::model::RunOp;
use fanlight_wire::{Run, RunStatus, RunType};
use store_support::{Op, TestStore, patch, post, run_id, text, time};

/// One line per run, of what merging decides.
async fn shown(store: &TestStore, n: u128) -> String {
    let run: Run = store.run(n).await;
    let project = store.store_project_name(run.project_id).await;
    let seconds = |at: fanlight_wire::Timestamp| at.since(time(0)) as f64 / 1e9;
    format!(
        "{} {} {} in {project} from {} to {} tags {:?} inputs {} outputs {} error {:?}",
        run.name,
        run.run_type,
        run.status,
        seconds(run.start_time),
        run.end_time.map_or("-".to_owned(), |end| seconds(end).to_string()),
        run.tags.unwrap_or_default(),
        text(&run.inputs),
        text(&run.outputs),
        run.error,
    )
}

trait ProjectName {
    async fn store_project_name(&self, id: fanlight_wire::ProjectId) -> String;
}

impl ProjectName for TestStore {
    async fn store_project_name(&self, id: fanlight_wire::ProjectId) -> String {
        use fanlight_server::store::Store;
        self.store.find_project(id, false).await.unwrap().map_or("?".into(), |project| project.name)
    }
}

async fn check(ops: Vec<Op>, expected: Expect) {
    let ops: Vec<RunOp> = ops.into_iter().map(Into::into).collect();
    let together = TestStore::new();
    together.send(ops.clone()).await;
    let in_one_batch = shown(&together, 1).await;
    let apart = TestStore::new();
    for op in ops {
        apart.send([op]).await;
    }
    assert_eq!(shown(&apart, 1).await, in_one_batch, "one batch or many make no difference");
    expected.assert_eq(&in_one_batch);
}

#[tokio::test]
async fn a_post_and_a_patch_make_one_run_in_either_order() {
    let start = || post(1).project("p").inputs(r#"{"q":1}"#);
    let end = || patch(1).end(5).outputs(r#"{"a":2}"#).with(|op| op.tags = Some(vec!["x".into()]));
    check(
        vec![start(), end()],
        expect![[r#"run 1 chain success in p from 1 to 5 tags ["x"] inputs {"q":1} outputs {"a":2} error None"#]],
    )
    .await;
    check(
        vec![end(), start()],
        expect![[r#"run 1 chain success in p from 1 to 5 tags ["x"] inputs {"q":1} outputs {"a":2} error None"#]],
    )
    .await;
}

#[tokio::test]
async fn a_late_post_fills_holes_and_overwrites_nothing() {
    check(
        vec![
            patch(1).end(9).outputs(r#"{"a":"patch"}"#).error("boom"),
            post(1).end(3).inputs(r#"{"q":1}"#).outputs(r#"{"a":"post"}"#),
        ],
        expect![[r#"run 1 chain error in default from 1 to 9 tags [] inputs {"q":1} outputs {"a":"patch"} error Some("boom")"#]],
    )
    .await;
}

#[tokio::test]
async fn the_latest_patch_wins_field_by_field() {
    check(
        vec![post(1), patch(1).outputs("1").end(2), patch(1).outputs("2")],
        expect!["run 1 chain success in default from 1 to 2 tags [] inputs {} outputs 2 error None"],
    )
    .await;
}

#[tokio::test]
async fn a_resent_post_changes_nothing() {
    check(
        vec![post(1).inputs("1"), patch(1).end(2), post(1).inputs("1").outputs("{}")],
        expect!["run 1 chain success in default from 1 to 2 tags [] inputs 1 outputs - error None"],
    )
    .await;
}

#[tokio::test]
async fn the_posts_project_wins_over_the_patchs() {
    check(
        vec![patch(1).project("other"), post(1).project("mine"), patch(1).project("third")],
        expect!["run 1 chain pending in mine from 1 to - tags [] inputs {} outputs - error None"],
    )
    .await;
}

#[tokio::test]
async fn a_patch_alone_is_visible_and_starts_when_it_ended() {
    check(
        vec![patch(1).end(7)],
        expect!["unnamed chain success in default from 7 to 7 tags [] inputs {} outputs - error None"],
    )
    .await;
}

#[tokio::test]
async fn an_explicit_status_is_kept_but_pending_says_nothing() {
    let status = |status| move |op: &mut RunOp| op.status = Some(status);
    check(
        vec![post(1).with(status(RunStatus::Pending)), patch(1).end(2)],
        expect!["run 1 chain success in default from 1 to 2 tags [] inputs {} outputs - error None"],
    )
    .await;
    check(
        vec![patch(1).end(2).error("Cancelled").with(status(RunStatus::Interrupted)), post(1)],
        expect![[
            r#"run 1 chain interrupted in default from 1 to 2 tags [] inputs {} outputs - error Some("Cancelled")"#
        ]],
    )
    .await;
}

#[tokio::test]
async fn many_patches_are_compacted_without_a_loss() {
    let mut ops = vec![post(1).extra(r#"{"metadata":{"from":"post","n":-1}}"#).inputs("0")];
    ops.extend(
        (0..30).map(|n| patch(1).outputs(&n.to_string()).extra(&format!(r#"{{"metadata":{{"n":{n},"k{n}":1}}}}"#))),
    );
    let store = TestStore::new();
    for op in ops {
        store.send([op.into()]).await;
    }
    let run = store.run(1).await;
    assert_eq!((text(&run.inputs), text(&run.outputs)), ("0", "29"));
    let extra: serde_json::Value = serde_json::from_str(text(&run.extra)).unwrap();
    assert_eq!(extra["metadata"]["from"], "post");
    assert_eq!(extra["metadata"]["n"], 29);
    assert_eq!(extra["metadata"].as_object().unwrap().len(), 32);
}

#[tokio::test]
async fn a_type_that_comes_late_counts_its_tokens() {
    let store = TestStore::new();
    store.send([patch(2).parent(1).with(|op| op.usage = post(0).tokens(3, 4).0.usage).into()]).await;
    store.send([post(1).into(), post(2).kind(RunType::Llm).into()]).await;
    assert_eq!(store.run(1).await.total_tokens, 7);
    assert_eq!(store.run(2).await.parent_run_id, Some(run_id(1)));
}
