//! What the data takes, how long it is kept, what is deleted, and views that are saved.

mod store_support;

use expect_test::expect;
use fanlight_server::store::{Store, StoreError};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::storage::Retention;
use fanlight_wire::view::ViewWrite;
use fanlight_wire::{ProjectId, RunType, Timestamp, TraceId};
use store_support::{Op, TestStore, numbers, patch, post, run_id};
use uuid::Uuid;

fn days_ago(days: i64) -> Timestamp {
    Timestamp(chrono::Utc::now().timestamp_nanos_opt().unwrap() - days * 86_400_000_000_000)
}

/// Not to be compressed away.
fn noise(n: u128, n_bytes: usize) -> String {
    let mut random = fastrand::Rng::with_seed(n as u64);
    format!("{{\"x\":\"{}\"}}", std::iter::repeat_with(|| random.alphanumeric()).take(n_bytes).collect::<String>())
}

fn old_run(n: u128, days: i64) -> Op {
    post(n).inputs(&noise(n, 4000)).with(|op| {
        op.start = Some(days_ago(days));
        op.end = Some(days_ago(days));
    })
}

/// A root and a child that started later.
fn old_trace(n: u128, days: i64) -> [Op; 2] {
    [old_run(n, days).trace(n), old_run(n + 1, days - 1).trace(n).parent(n)]
}

async fn all(store: &TestStore) -> Vec<u128> {
    let mut found = numbers(&store.query(RunQuery::default()).await.runs);
    found.sort_unstable();
    found
}

fn file_bytes(store: &TestStore) -> u64 {
    std::fs::metadata(store.directory.path().join("fanlight.db")).unwrap().len()
}

#[tokio::test]
async fn retention_removes_whole_traces_and_the_file_shrinks() {
    let store = TestStore::new();
    let with_metadata = |op: Op| {
        let n = op.0.id.0.as_u128();
        op.extra(&format!(r#"{{"metadata":{{"only":"{n}"}}}}"#))
    };
    let traces = (0..300u128)
        .flat_map(|n| old_trace(1000 + n * 2, 30).map(with_metadata))
        .chain(old_trace(10, 3))
        .chain(old_trace(20, 0));
    store.send(traces.map(Into::into)).await;
    store.send(old_trace(5000, 90).map(|op| op.project("other").into())).await;
    store.indexed().await;
    let project = store.project_id("default").await;
    let before = store.storage_report().await.unwrap().file_bytes;
    store.set_retention(project, Retention { days: Some(7) }).await.unwrap();
    assert!(store.storage_report().await.unwrap().n_doomed_runs > 0);
    store.until("old traces are gone", |report| report.n_doomed_runs == 0 && report.free_bytes == 0).await;
    assert_eq!(all(&store).await, [10, 11, 20, 21, 5000, 5001]);
    assert!(store.find_run(run_id(1000)).await.unwrap().is_none());
    let began = std::time::Instant::now();
    while file_bytes(&store) > before / 2 {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{} of {before} bytes", file_bytes(&store));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let db = rusqlite::Connection::open(store.directory.path().join("fanlight.db")).unwrap();
    let count_metadata = || db.query_row("SELECT count(*) FROM metadata_sets", [], |row| row.get::<_, i64>(0)).unwrap();
    while count_metadata() > 0 {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{} sets", count_metadata());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let report = store.storage_report().await.unwrap();
    let kept = report.projects.iter().find(|kept| kept.project_id == project).unwrap();
    assert_eq!((kept.n_runs, kept.n_traces, kept.retention.days), (4, 2, Some(7)));
}

#[tokio::test]
async fn retention_is_from_one_day_and_of_a_project_that_exists() {
    let store = TestStore::new();
    let project = store.project_id("default").await;
    for days in [0, 36_501] {
        let refused = store.set_retention(project, Retention { days: Some(days) }).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{days}");
    }
    let nobody = ProjectId(Uuid::from_u128(1));
    assert!(matches!(store.set_retention(nobody, Retention::default()).await, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn deleted_traces_are_gone_when_the_answer_comes() {
    let store = TestStore::new();
    store.send([post(1).tokens(5, 5).trace(1).into(), post(2).tokens(1, 1).trace(1).parent(1).into()]).await;
    store.send([post(3).trace(3).kind(RunType::Llm).first_token(4).into(), post(4).trace(4).project("b").into()]).await;
    let project = store.project_id("default").await;
    let traces = [1, 4, 99].map(|n| TraceId(Uuid::from_u128(n)));
    assert_eq!(store.delete_traces(project, traces.to_vec()).await.unwrap(), 2);
    assert_eq!(all(&store).await, [3, 4]);
    assert!(store.skeleton(1).await.is_none());
    let stats = store.find_project(project, true).await.unwrap().unwrap().stats.unwrap();
    assert_eq!((stats.run_count, stats.total_tokens, stats.streaming_rate), (1, 0, Some(1.0)));
    assert_eq!(store.delete_traces(project, traces.to_vec()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_child_that_comes_after_its_trace_was_deleted_waits_as_any_orphan() {
    let store = TestStore::new();
    store.send([post(1).trace(1).into(), post(2).trace(7).parent(1).into()]).await;
    let traces = vec![TraceId(Uuid::from_u128(1))];
    assert_eq!(store.delete_traces(store.project_id("default").await, traces).await.unwrap(), 1);
    assert_eq!(store.run(2).await.parent_run_id, Some(run_id(1)));
    store.send([patch(2).end(9).into(), post(3).trace(1).parent(1).into(), post(1).trace(1).into()]).await;
    assert_eq!(all(&store).await, [1, 2, 3]);
    assert_eq!(store.run(3).await.parent_run_ids, [run_id(1)]);
}

#[tokio::test]
async fn bytes_are_told_by_project() {
    let store = TestStore::new();
    store.send((1..=50).map(|n| post(n).inputs(&noise(n, 3000)).project("big").end(60).into())).await;
    store.send((101..=110).map(|n| post(n).inputs(&noise(n, 3000)).project("small").end(200).into())).await;
    store.indexed().await;
    let report = store.storage_report().await.unwrap();
    let named = |name: &str| report.projects.iter().find(|project| project.name == name).unwrap();
    let (big, small) = (named("big"), named("small"));
    assert_eq!((big.n_runs, small.n_runs), (50, 10));
    assert!(big.payload_bytes > 50 * 2000 && big.payload_bytes < 50 * 4000, "{big:?}");
    assert!((4.5..5.5).contains(&(big.payload_bytes as f64 / small.payload_bytes as f64)), "{big:?} {small:?}");
    assert!(report.file_bytes >= big.payload_bytes + small.payload_bytes);
    assert_eq!(big.first_start_time, Some(store_support::time(1)));
}

fn view(project: ProjectId, name: &str, query: &str) -> ViewWrite {
    ViewWrite { project_id: Some(project), name: Some(name.into()), query: Some(query.into()) }
}

#[tokio::test]
async fn views_are_saved_renamed_and_deleted_with_their_project() {
    let store = TestStore::new();
    store.send([post(1).project("a").into(), post(2).project("b").into()]).await;
    let (a, b) = (store.project_id("a").await, store.project_id("b").await);
    let slow = store.create_view(view(a, " Slow ", "filter=x")).await.unwrap();
    store.create_view(view(a, "errors", "")).await.unwrap();
    store.create_view(view(b, "Slow", "y")).await.unwrap();
    let conflict = store.create_view(view(a, "Slow", "z")).await.unwrap_err();
    expect![[r#"a view named "Slow" already exists"#]].assert_eq(&conflict.to_string());
    let rename = ViewWrite { name: Some("Sluggish".into()), ..ViewWrite::default() };
    let renamed = store.update_view(slow.id, rename).await.unwrap();
    assert_eq!(
        (renamed.name.as_str(), renamed.query.as_str(), renamed.created_at),
        ("Sluggish", "filter=x", slow.created_at)
    );
    let names =
        |views: Vec<fanlight_wire::view::SavedView>| views.into_iter().map(|view| view.name).collect::<Vec<_>>();
    assert_eq!(names(store.list_views(a).await.unwrap()), ["errors", "Sluggish"]);
    store.delete_view(slow.id).await.unwrap();
    assert!(matches!(store.delete_view(slow.id).await, Err(StoreError::NotFound(_))));
    store.delete_project(b).await.unwrap();
    assert!(store.list_views(b).await.unwrap().is_empty());
    assert_eq!(names(store.list_views(a).await.unwrap()), ["errors"]);
}

#[tokio::test]
async fn a_view_without_a_name_or_beyond_limits_is_refused() {
    let store = TestStore::new();
    let project = store.project_id("default").await;
    let long = "x".repeat(20_000);
    for bad in [view(project, " ", ""), view(project, &long, ""), view(project, "x", &long), ViewWrite::default()] {
        assert!(matches!(store.create_view(bad).await, Err(StoreError::Invalid(_))));
    }
    let nowhere = store.create_view(view(ProjectId(Uuid::nil()), "x", "")).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound(_))));
}
