//! Error texts: found whole, kept once, gone with the last run that has them.

mod store_support;

use fanlight_server::store::Store;
use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_wire::run_query::RunQuery;
use rusqlite::Connection;
use store_support::{TestStore, patch, post};
use tempfile::TempDir;

/// How many runs have each text that is stored, as the file says.
fn counts(directory: &TempDir) -> Vec<i64> {
    let db = Connection::open(directory.path().join("fanlight.db")).unwrap();
    let mut statement = db.prepare("SELECT n_runs FROM error_texts ORDER BY pk").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_post_fills_and_a_patch_overwrites_the_text_whatever_comes_first() {
    let store = TestStore::new();
    store.send([patch(1).error("patched").into(), post(1).error("posted").into()]).await;
    store.send([post(2).error("posted").into()]).await;
    store.send([post(2).error("posted again").into()]).await;
    store.send([post(3).error("posted").into()]).await;
    store.send([patch(3).error("patched").into(), patch(3).error("patched again").into()]).await;
    let store = store.reopened().await;
    assert_eq!(store.find(r#"eq(error, "patched")"#).await, [1]);
    assert_eq!(store.find(r#"eq(error, "posted")"#).await, [2]);
    assert_eq!(store.find(r#"in(error, ["patched again", "posted again"])"#).await, [3]);
    assert_eq!(counts(&store.closed().await), [1, 1, 1]);
}

#[tokio::test]
async fn a_text_goes_with_the_last_run_that_has_it() {
    let store = TestStore::new();
    let failed = |n, text: &str, project: &str| post(n).error(text).end(100).project(project).into();
    store.send([failed(1, "slow", "a"), failed(2, "slow", "a"), failed(3, "slow", "b"), failed(4, "lost", "a")]).await;
    let (a, trace) = (store.project_id("a").await, store.run(1).await.trace_id);
    store.delete_traces(a, vec![trace]).await.unwrap();
    assert_eq!(store.find(r#"like(error, "%s%")"#).await, [2, 3, 4]);
    store.delete_project(a).await.unwrap();
    store.until("the runs are gone", |report| report.n_doomed_runs == 0).await;
    assert_eq!(store.find(r#"like(error, "%s%")"#).await, [3]);
    assert_eq!(counts(&store.closed().await), [1]);
}

#[tokio::test]
async fn any_number_of_errors_is_looked_through() {
    let store = TestStore::with(SqliteOptions::default());
    let failed = |n: u128| post(n).error(&format!("Error {n}: {}", if n.is_multiple_of(5) { "late" } else { "lost" }));
    for some in (1..=2_000).collect::<Vec<_>>().chunks(500) {
        store.send(some.iter().map(|&n| failed(n).end(100).into())).await;
    }
    let find = async |filter: &str| {
        let query = RunQuery { filter: Some(filter.to_owned()), limit: Some(100), ..RunQuery::default() };
        store.query(query).await.runs.len()
    };
    assert_eq!(find(r#"like(error, "%: LATE")"#).await, 100);
    assert_eq!(find(r#"and(like(error, "%: late"), like(error, "error 10__:%"))"#).await, 20);
    assert_eq!(find(r#"not(or(like(error, "%late"), like(error, "%lost")))"#).await, 0);
}
