//! The data directory: whose it is, what survives, what is given back.

mod store_support;

use expect_test::{Expect, expect};
use fanlight_server::model::{Batch, Rejection};
use fanlight_server::store::sqlite::{QueueLimits, SqliteOptions, SqliteStore};
use fanlight_server::store::{Store, StoreError};
use fanlight_wire::run_query::RunQuery;
use std::path::Path;
use store_support::{Op, TestStore, numbers, patch, post, text};
use tempfile::TempDir;

#[track_caller]
fn check_refused(directory: &Path, expected: Expect) {
    let error = SqliteStore::open(directory, SqliteOptions::default()).err().expect("must be refused");
    expected.assert_eq(&error.to_string().replace(&directory.display().to_string(), "DIR"));
}

#[test]
fn a_directory_of_somebody_else_is_left_alone() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("thesis.odt"), "years of work").unwrap();
    check_refused(
        directory.path(),
        expect!["DIR holds other files and no Fanlight database; choose an empty or a new directory with --data"],
    );
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_file_of_somebody_else_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("fanlight.db");
    std::fs::write(&file, "not a database, but long enough to be looked at as one".repeat(100)).unwrap();
    let refusal = expect!["DIR/fanlight.db is not a Fanlight database; choose another directory with --data"];
    check_refused(directory.path(), refusal);
    std::fs::remove_file(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let refusal = expect!["DIR/fanlight.db is not a Fanlight database; choose another directory with --data"];
    check_refused(directory.path(), refusal);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let directory = TestStore::new().closed().await;
    let db = rusqlite::Connection::open(directory.path().join("fanlight.db")).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    check_refused(
        directory.path(),
        expect![
            "DIR/fanlight.db was written by a newer Fanlight (schema 999, this program knows 5); use that version or another directory"
        ],
    );
}

#[test]
fn a_directory_in_use_is_refused() {
    let store = TestStore::new();
    check_refused(store.directory.path(), expect!["the data directory DIR is in use by another Fanlight process"]);
}

#[test]
fn a_path_that_is_no_directory_is_unwritable() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    let error = SqliteStore::open(&directory.path().join("file/data"), SqliteOptions::default()).err().unwrap();
    assert!(error.to_string().starts_with("cannot write to the data directory"), "{error}");
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let store = TestStore::new();
    let tenant = store.tenant_id();
    store.send([post(1).inputs("1"), post(2).parent(1).tokens(3, 4)].map(Op::into)).await;
    let store = store.reopened().await;
    assert_eq!(store.tenant_id(), tenant);
    store.send([patch(1).outputs("2"), post(3).inputs("3")].map(Op::into)).await;
    let run = store.run(1).await;
    assert_eq!((text(&run.inputs), text(&run.outputs), run.total_tokens), ("1", "2", 7));
    assert_eq!(text(&store.run(3).await.inputs), "3");
}

/// What a crash leaves: the files as they are while the server runs, copied without its help.
fn crash_copy(from: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for name in ["fanlight.db", "fanlight.db-wal"] {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), copy.path().join(name)).unwrap();
        }
    }
    copy
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_crash() {
    let store = TestStore::new();
    for n in 1..=40u128 {
        store.send([post(n).inputs(&format!("{{\"n\":{n}}}")).0, patch(n).outputs("1").0]).await;
        if n % 10 != 0 {
            continue;
        }
        let directory = crash_copy(store.directory.path());
        let db = rusqlite::Connection::open(directory.path().join("fanlight.db")).unwrap();
        let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
        drop(db);
        let survivor = SqliteStore::open(directory.path(), SqliteOptions::default()).unwrap();
        let page = survivor.query_runs(RunQuery::default()).await.unwrap();
        assert_eq!(numbers(&page.runs), (1..=n).rev().collect::<Vec<_>>());
        assert!(page.runs.iter().all(|run| text(&run.outputs) == "1"));
    }
}

#[tokio::test]
async fn a_full_queue_says_busy_and_stores_nothing_of_it() {
    let directory = TempDir::new().unwrap();
    let options = SqliteOptions { queue: QueueLimits { max_jobs: 2, max_bytes: 4096 }, ..SqliteOptions::default() };
    let store = SqliteStore::open(directory.path(), options).unwrap();
    let write = |n: u128| {
        let big = format!("\"{}\"", "x".repeat(3000));
        store.write(Batch { runs: vec![post(n).inputs(&big).into()], ..Batch::default() })
    };
    let results = futures_util::future::join_all((1..=200).map(write)).await;
    let n_stored = results.iter().filter(|result| result.is_ok()).count();
    let is_busy = |result: &Result<(), StoreError>| matches!(result, Err(StoreError::Busy { retry_after_s: 1 }));
    assert_eq!(results.iter().filter(|result| is_busy(result)).count(), 200 - n_stored);
    assert!((1..200).contains(&n_stored), "{n_stored} were stored");
    let projects =
        store.list_projects(fanlight_server::store::ProjectFilter { with_stats: true, limit: 1, ..Default::default() });
    assert_eq!(projects.await.unwrap()[0].stats.as_ref().unwrap().run_count, n_stored as i64);
}

#[tokio::test]
async fn after_closing_nothing_is_taken() {
    let store = TestStore::new();
    store.close().await;
    assert!(store.write(Batch::default()).await.is_err());
    assert!(store.query_runs(RunQuery::default()).await.is_err());
    assert!(!store.directory.path().join("fanlight.db-wal").exists(), "the log is folded into the database");
}

#[tokio::test]
async fn a_deleted_projects_space_is_given_back() {
    let store = TestStore::new();
    // Text that does not shrink much, so that the file has something to give back.
    let noise = |n: u128| {
        format!("\"{:x}\"", (0..400u128).fold(n, |x, k| x.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31) ^ k))
            .repeat(1)
    };
    let inputs = |n: u128| {
        let words: Vec<String> = (0..60).map(|k| noise(n * 1000 + k)).collect();
        format!("[{}]", words.join(","))
    };
    store.send((1..=3000u128).map(|n| post(n).project("gone").inputs(&inputs(n)).0)).await;
    store.send((5001..=5010u128).map(|n| post(n).project("kept").inputs(&inputs(n)).0)).await;
    let gone = store.project_id("gone").await;
    store.delete_project(gone).await.unwrap();
    assert!(store.find_project(gone, false).await.unwrap().is_none());
    assert!(store.query(RunQuery { project: Some(gone), ..RunQuery::default() }).await.runs.is_empty());
    assert!(store.find_run(store_support::run_id(7)).await.unwrap().is_none(), "gone from sight at once");

    let path = store.directory.path().join("fanlight.db");
    let count =
        |sql: &str| -> i64 { rusqlite::Connection::open(&path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap() };
    for _ in 0..200 {
        if count("SELECT count(*) FROM deleted_projects") == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(count("SELECT count(*) FROM runs"), 10);
    assert_eq!(count("SELECT count(*) FROM traces"), 10);
    // The kept runs' block and perhaps a neighbour's.
    assert!(count("SELECT count(*) FROM payload_blocks") <= 3);
    let store = store.reopened().await;
    let size = std::fs::metadata(store.directory.path().join("fanlight.db")).unwrap().len();
    assert!(size < 1_000_000, "{size} bytes are left");
    assert_eq!(text(&store.run(5005).await.inputs), inputs(5005));
}

#[tokio::test]
async fn refusals_are_listed_newest_first() {
    let store = TestStore::new();
    for n in 1..=3 {
        let rejection = Rejection { item: format!("post.{n}"), reason: "no id".into(), status: 400 };
        store.write(Batch { rejections: vec![rejection], ..Batch::default() }).await.unwrap();
    }
    let items: Vec<String> = store.list_rejections(2).await.unwrap().into_iter().map(|record| record.item).collect();
    assert_eq!(items, ["post.3", "post.2"]);
}
