//! Databases of earlier versions: what they hold is there, and gets what only newer versions write.

mod store_support;

use fanlight_server::store::Store;
use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_wire::run_query::RunQuery;
use rusqlite::Connection;
use store_support::{TestStore, numbers, post, text};
use tempfile::TempDir;

/// The columns of version 1, in order.
const N_COLUMNS_1: usize = 38;

/// A database as version 1 left it: its tables, with rows that it would have written.
fn version_1(newer: &TempDir) -> TempDir {
    let directory = TempDir::new().unwrap();
    let db = Connection::open(directory.path().join("fanlight.db")).unwrap();
    db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;").unwrap_or_default();
    db.execute_batch(include_str!("../src/store/sqlite/schema.sql")).unwrap();
    db.pragma_update(None, "application_id", 0x4661_6e6c).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    db.execute("ATTACH ?1 AS newer", [newer.path().join("fanlight.db").display().to_string()]).unwrap();
    for table in ["server", "projects", "traces", "runs", "payload_blocks", "attachments", "feedback"] {
        let mut columns: Vec<String> = db
            .prepare("SELECT name FROM pragma_table_info(?1, 'main')")
            .unwrap()
            .query_map([table], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        if table == "runs" {
            assert_eq!(columns.len(), N_COLUMNS_1);
        }
        columns.iter_mut().for_each(|column| *column = format!("\"{column}\""));
        let columns = columns.join(", ");
        db.execute_batch(&format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT {columns} FROM newer.{table}"
        ))
        .unwrap();
    }
    directory
}

#[tokio::test]
async fn runs_of_version_1_get_metadata_error_names_and_words() {
    let store = TestStore::new();
    let run = |n: u128| {
        let run = post(n).inputs(&format!(r#"{{"q":"word{n} all"}}"#)).end(100);
        run.extra(&format!(r#"{{"metadata":{{"env":"env{}"}}}}"#, n % 2)).error("TimeoutError: slow")
    };
    store.send((1..=20).map(|n| run(n).into())).await;
    let directory = version_1(&store.closed().await);

    let store = TestStore::in_directory(directory, SqliteOptions { runs_per_segment: 6, ..SqliteOptions::default() });
    assert_eq!(store.find("search(\"word7 all env1\")").await, [7]);
    let store = store.reopened().await;
    store.indexed().await;
    assert_eq!(store.find("search(\"word7 all env1\")").await, [7]);
    assert_eq!(store.find("search(\"all\")").await.len(), 20);
    assert_eq!(store.find("and(eq(metadata_key, \"env\"), eq(metadata_value, \"env0\"))").await.len(), 10);
    assert_eq!(store.find("eq(error_kind, \"TimeoutError\")").await.len(), 20);
    let select = Some(vec!["metadata".to_owned()]);
    let page = store.query(RunQuery { select, limit: Some(1), ..RunQuery::default() }).await;
    assert_eq!((numbers(&page.runs), text(&page.runs[0].metadata)), (vec![20], r#"{"env":"env0"}"#));
    assert_eq!(store.storage_report().await.unwrap().n_unindexed_runs, 0);
}
