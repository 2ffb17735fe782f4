//! `/runs/query`: conditions, order, pages, and what is left out.

mod store_support;

use fanlight_server::model::{AttachmentUpload, Batch};
use fanlight_server::store::{Store, StoreError};
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, RunType, TraceId};
use store_support::{Op, TestStore, number, numbers, patch, post, run_id, text, time};
use uuid::Uuid;

/// Two projects with three small traces: roots 1, 2 and 3; run 4 is in another project; 5 failed.
async fn store() -> TestStore {
    let store = TestStore::new();
    let run = |n: u128| post(n).project("a").end(n as i64 + 10);
    store
        .send(
            [
                run(1).inputs(r#"{"question":"why"}"#),
                run(2),
                run(3),
                post(4).project("b"),
                run(5).parent(1).error("boom").kind(RunType::Tool),
                run(6).parent(5).inputs(r#"{"question":"how"}"#).outputs(r#"{"answer":"so"}"#),
            ]
            .map(Op::into),
        )
        .await;
    store
}

async fn check(query: impl AsyncFnOnce(&TestStore) -> RunQuery, expected: &[u128]) {
    let store = store().await;
    let query = query(&store).await;
    assert_eq!(numbers(&store.query(query).await.runs), expected);
}

fn trace(n: u128) -> Option<TraceId> {
    Some(TraceId(Uuid::from_u128(n)))
}

#[tokio::test]
async fn newest_first_unless_asked_otherwise() {
    check(async |_| RunQuery::default(), &[6, 5, 4, 3, 2, 1]).await;
    check(async |_| RunQuery { order: Some(Order::Asc), ..RunQuery::default() }, &[1, 2, 3, 4, 5, 6]).await;
}

#[tokio::test]
async fn by_project() {
    check(async |s| RunQuery { project: Some(s.project_id("b").await), ..RunQuery::default() }, &[4]).await;
    check(
        async |s| RunQuery {
            projects: Some(vec![s.project_id("a").await, s.project_id("b").await]),
            is_root: Some(true),
            ..RunQuery::default()
        },
        &[4, 3, 2, 1],
    )
    .await;
    let unknown = ProjectId(Uuid::from_u128(99));
    check(async |_| RunQuery { projects: Some(vec![unknown]), ..RunQuery::default() }, &[]).await;
}

#[tokio::test]
async fn roots_or_the_others() {
    check(async |_| RunQuery { is_root: Some(true), ..RunQuery::default() }, &[4, 3, 2, 1]).await;
    check(async |_| RunQuery { execution_order: Some(1), ..RunQuery::default() }, &[4, 3, 2, 1]).await;
    check(async |_| RunQuery { is_root: Some(false), ..RunQuery::default() }, &[6, 5]).await;
}

#[tokio::test]
async fn by_trace_and_by_parent() {
    check(async |_| RunQuery { trace: trace(1), ..RunQuery::default() }, &[6, 5, 1]).await;
    check(async |_| RunQuery { trace_alias: trace(1), is_root: Some(false), ..RunQuery::default() }, &[6, 5]).await;
    check(async |_| RunQuery { parent_run: Some(run_id(1)), ..RunQuery::default() }, &[5]).await;
    check(async |_| RunQuery { parent_run: Some(run_id(99)), ..RunQuery::default() }, &[]).await;
    check(async |_| RunQuery { trace: trace(99), ..RunQuery::default() }, &[]).await;
    check(async |s| RunQuery { trace: trace(1), project: Some(s.project_id("b").await), ..RunQuery::default() }, &[])
        .await;
}

#[tokio::test]
async fn by_id() {
    let ids = |ids: &[u128]| Some(ids.iter().copied().map(run_id).collect());
    check(async |_| RunQuery { ids: ids(&[2, 6, 99, 2]), ..RunQuery::default() }, &[6, 2]).await;
    check(async |_| RunQuery { ids: ids(&[]), ..RunQuery::default() }, &[]).await;
    check(async |_| RunQuery { ids: ids(&[2, 6]), trace: trace(1), ..RunQuery::default() }, &[6]).await;
    check(async |_| RunQuery { ids: ids(&[5, 6]), parent_run: Some(run_id(5)), ..RunQuery::default() }, &[6]).await;
}

#[tokio::test]
async fn by_type_error_and_time() {
    check(async |_| RunQuery { run_type: Some(RunType::Tool), ..RunQuery::default() }, &[5]).await;
    check(async |_| RunQuery { error: Some(true), ..RunQuery::default() }, &[5]).await;
    check(async |_| RunQuery { error: Some(false), ..RunQuery::default() }, &[6, 4, 3, 2, 1]).await;
    check(async |_| RunQuery { start_time: Some(time(2)), end_time: Some(time(4)), ..RunQuery::default() }, &[4, 3, 2])
        .await;
}

#[tokio::test]
async fn by_example() {
    let store = store().await;
    let example = Uuid::from_u128(70);
    store.send([patch(3).with(|op| op.reference_example_id = Some(example)).into()]).await;
    let query = RunQuery { reference_example: Some(vec![example, Uuid::from_u128(71)]), ..RunQuery::default() };
    assert_eq!(numbers(&store.query(query).await.runs), [3]);
}

#[tokio::test]
async fn pages_are_full_and_complete_while_runs_keep_coming() {
    let store = TestStore::new();
    // Many start together: ties are broken by when they were first heard of.
    store.send((1..=25u128).map(|n| post(n).start(n as i64 / 10).0)).await;
    for order in [Order::Desc, Order::Asc] {
        let mut query = RunQuery { limit: Some(4), order: Some(order), ..RunQuery::default() };
        let mut seen = Vec::new();
        let mut newcomer = 1000;
        loop {
            let page = store.query(query.clone()).await;
            seen.extend(numbers(&page.runs));
            // Newer than everything: belongs to no page of a descending list.
            store
                .send([post(newcomer).start(-1000 + newcomer as i64 * 2 * i64::from(order == Order::Desc)).into()])
                .await;
            newcomer += 1;
            let Some(next) = page.cursors.next else { break };
            assert_eq!(page.runs.len(), 4);
            query.cursor = Some(next);
        }
        seen.retain(|n| *n < 1000);
        seen.sort_unstable();
        assert_eq!(seen, (1..=25).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_limit_is_clamped_and_the_last_page_says_so() {
    let store = TestStore::new();
    store.send((1..=100u128).map(|n| post(n).0)).await;
    for limit in [Some(100), Some(5000), None] {
        let page = store.query(RunQuery { limit, ..RunQuery::default() }).await;
        assert_eq!((page.runs.len(), page.cursors.next), (100, None));
    }
    let page = store.query(RunQuery { limit: Some(-3), ..RunQuery::default() }).await;
    assert_eq!(page.runs.len(), 1);
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_refused_with_its_place_and_blank_is_no_condition() {
    let store = store().await;
    let refused = |query: RunQuery| async {
        let Err(StoreError::Invalid(reason)) = store.query_runs(query).await else { panic!("must be refused") };
        reason
    };
    let reason = refused(RunQuery { filter: Some("eq(näme, \"x\")".into()), ..RunQuery::default() }).await;
    assert!(reason.starts_with("filter, character 4: There is no field"), "{reason}");
    let reason = refused(RunQuery { tree_filter: Some("eq(name".into()), ..RunQuery::default() }).await;
    assert!(reason.starts_with("tree_filter, character 8: "), "{reason}");
    let blank = RunQuery { filter: Some(" ".into()), query: Some(String::new()), ..RunQuery::default() };
    assert_eq!(store.query(blank).await.runs.len(), 6);
}

#[tokio::test]
async fn filters_of_run_root_and_trace_all_hold() {
    let store = store().await;
    let found = |filter: &str, trace_filter: &str, tree_filter: &str| {
        let text = |text: &str| Some(text.to_owned());
        let query = RunQuery {
            filter: text(filter),
            trace_filter: text(trace_filter),
            tree_filter: text(tree_filter),
            order: Some(Order::Asc),
            ..RunQuery::default()
        };
        async { numbers(&store.query(query).await.runs) }
    };
    let all_but_5 = found("neq(name, \"run 5\")", "", "").await;
    assert!(!all_but_5.contains(&5) && all_but_5.len() == 5);
    let with_5 = found("", "", "eq(name, \"run 5\")").await;
    assert!(with_5.contains(&1) && with_5.contains(&5), "{with_5:?}");
    assert_eq!(found("neq(name, \"run 5\")", "eq(name, \"run 1\")", "eq(name, \"run 5\")").await, [1, 6]);
    assert_eq!(found("", "eq(name, \"run 2\")", "eq(name, \"run 5\")").await, [0u128; 0]);
}

#[tokio::test]
async fn another_querys_cursor_is_refused() {
    let store = store().await;
    let page = store.query(RunQuery { limit: Some(1), ..RunQuery::default() }).await;
    let other = RunQuery { cursor: page.cursors.next, error: Some(true), ..RunQuery::default() };
    assert!(matches!(store.query_runs(other).await, Err(StoreError::Invalid(_))));
}

fn selected(fields: &[&str]) -> RunQuery {
    RunQuery { select: Some(fields.iter().map(|field| (*field).to_owned()).collect()), ..RunQuery::default() }
}

async fn run_selected(fields: &[&str], n: u128) -> Run {
    let query = RunQuery { ids: Some(vec![run_id(n)]), ..selected(fields) };
    store().await.query(query).await.runs.remove(0)
}

#[tokio::test]
async fn big_fields_come_only_when_selected() {
    let run = run_selected(&["id", "name"], 5).await;
    assert!(run.inputs.is_none() && run.outputs.is_none() && run.extra.is_none() && run.error.is_none());
    assert_eq!((run.name.as_str(), run.error_preview.as_deref()), ("run 5", Some("boom")));
    let run = run_selected(&["error"], 5).await;
    assert_eq!(run.error.as_deref(), Some("boom"));
    let run = run_selected(&["inputs", "extra"], 2).await;
    assert_eq!((text(&run.inputs), text(&run.extra)), ("{}", r#"{"metadata":{}}"#));
}

#[tokio::test]
async fn previews_of_inner_runs_are_made_when_asked_for() {
    let run = run_selected(&["inputs_preview", "outputs_preview"], 6).await;
    assert_eq!((run.inputs_preview.as_deref(), run.outputs_preview.as_deref()), (Some("how"), Some("so")));
    assert!(run.inputs.is_none());
}

#[tokio::test]
async fn children_are_listed_when_asked_for() {
    let run = run_selected(&["child_run_ids", "direct_child_run_ids"], 1).await;
    let of = |ids: Option<Vec<fanlight_wire::RunId>>| ids.unwrap().into_iter().map(number).collect::<Vec<_>>();
    assert_eq!((of(run.child_run_ids), of(run.direct_child_run_ids)), (vec![5, 6], vec![5]));
}

#[tokio::test]
async fn attachments_come_whatever_is_selected() {
    let store = store().await;
    let upload = |name: &str, data: &'static str| AttachmentUpload {
        run_id: run_id(2),
        name: name.to_owned(),
        mime_type: "text/plain".into(),
        data: data.into(),
    };
    let attachments = vec![upload("a b.txt", "first"), upload("a b.txt", "second"), upload("c", "x")];
    store.store.write(Batch { attachments, ..Batch::default() }).await.unwrap();
    let query = RunQuery { ids: Some(vec![run_id(2)]), ..selected(&["id"]) };
    let attachments = store.query(query).await.runs.remove(0).attachments.unwrap();
    let attachment = &attachments["attachment.a b.txt"];
    assert_eq!(attachment.presigned_url, format!("/api/v1/runs/{}/attachments/a%20b.txt", run_id(2)));
    assert_eq!((attachments.len(), attachment.size_bytes), (2, Some(6)));
    let body = store.find_attachment(run_id(2), "a b.txt".into()).await.unwrap().unwrap();
    assert_eq!((body.mime_type.as_str(), &body.data[..]), ("text/plain", &b"second"[..]));
    assert!(store.find_attachment(run_id(2), "nope".into()).await.unwrap().is_none());
}

#[tokio::test]
async fn an_export_has_every_run_oldest_first() {
    let store = TestStore::new();
    store.send((1..=250u128).map(|n| post(n).inputs(&n.to_string()).0)).await;
    let project = store.project_id("default").await;
    let (on_page, mut pages) = tokio::sync::mpsc::channel(1);
    let query = RunQuery { project: Some(project), order: Some(Order::Asc), ..RunQuery::default() };
    let (exported, seen) = tokio::join!(store.export_runs(query, on_page), async {
        let mut seen = Vec::new();
        while let Some(page) = pages.recv().await {
            assert!(page.iter().all(|run| text(&run.inputs) == number(run.id).to_string()));
            seen.extend(numbers(&page));
        }
        seen
    });
    exported.unwrap();
    assert_eq!(seen, (1..=250).collect::<Vec<_>>());
}

#[tokio::test]
async fn links_name_tenant_project_trace_and_start() {
    let store = store().await;
    let run = store.run(5).await;
    let (tenant, project, root) = (store.tenant_id(), run.project_id, run_id(1));
    let expected =
        format!("/o/{tenant}/projects/p/{project}/r/{}?trace_id={root}&start_time={}", run.id, run.start_time);
    assert_eq!(run.app_path, expected);
}
