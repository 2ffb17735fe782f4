//! Databases of earlier versions: what they hold is there, and gets what only newer versions write.

mod store_support;

use fanlight_server::model::RunOp;
use fanlight_server::store::Store;
use fanlight_server::store::prices::PriceStore;
use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_wire::Run;
use fanlight_wire::price::PriceWrite;
use fanlight_wire::run_query::RunQuery;
use rusqlite::Connection;
use store_support::{TestStore, numbers, patch, post, text};
use tempfile::TempDir;

/// What each version before the newest had: its step of the schema, the number of columns of `runs`, its tables.
const VERSIONS: [(&str, usize, &[&str]); 3] = [
    (
        include_str!("../src/store/sqlite/schema.sql"),
        38,
        &["server", "projects", "traces", "runs", "payload_blocks", "attachments", "feedback"],
    ),
    (
        include_str!("../src/store/sqlite/schema_v2.sql"),
        40,
        &["metadata_sets", "text_pending", "text_segments", "text_blocks", "text_stale", "views"],
    ),
    (include_str!("../src/store/sqlite/schema_v3.sql"), 41, &["error_texts"]),
];

/// A database as an earlier version left it: its tables, with rows that it would have written.
fn as_version(version: usize, newer: &TempDir) -> TempDir {
    let directory = TempDir::new().unwrap();
    let db = Connection::open(directory.path().join("fanlight.db")).unwrap();
    db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;").unwrap_or_default();
    let steps = &VERSIONS[..version];
    steps.iter().for_each(|(schema, ..)| db.execute_batch(schema).unwrap());
    db.pragma_update(None, "application_id", 0x4661_6e6c).unwrap();
    db.pragma_update(None, "user_version", version as i64).unwrap();
    db.execute("ATTACH ?1 AS newer", [newer.path().join("fanlight.db").display().to_string()]).unwrap();
    for table in steps.iter().flat_map(|(.., tables)| *tables) {
        let mut columns: Vec<String> = db
            .prepare("SELECT name FROM pragma_table_info(?1, 'main')")
            .unwrap()
            .query_map([table], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        if *table == "runs" {
            assert_eq!(columns.len(), VERSIONS[version - 1].1);
        }
        columns.iter_mut().for_each(|column| *column = format!("\"{column}\""));
        let columns = columns.join(", ");
        db.execute_batch(&format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}"
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
    let directory = as_version(1, &store.closed().await);

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

#[tokio::test]
async fn errors_of_version_2_are_found_by_their_whole_text() {
    let store = TestStore::new();
    let failure = |n: u128, text: &str| {
        let failed = post(n).end(100).payload(|payload| payload.error = Some(text.to_owned()));
        // A row has the first line alone.
        RunOp::from(failed.with(|op| op.error_preview = Some("Error".to_owned())))
    };
    let slow = format!("Error\n{}the disk is full", "frame\n".repeat(500));
    store.send((1..=3).map(|n| failure(n, &slow))).await;
    store.send([failure(4, "Error\nno such order"), post(5).end(100).into()]).await;
    let directory = as_version(2, &store.closed().await);

    let store = TestStore::in_directory(directory, SqliteOptions::default());
    assert_eq!(store.find(r#"like(error, "%DISK IS FULL")"#).await, [1, 2, 3]);
    assert_eq!(store.find(r#"eq(error, "Error\nno such order")"#).await, [4]);
    // What is said of them from now on counts, as of any run.
    store.send([failure(1, "Error\nlate"), patch(2).error("Error\npatched").into()]).await;
    assert_eq!(store.find(r#"like(error, "%disk%")"#).await, [1, 3]);
    assert_eq!(store.find(r#"not(like(error, "%disk%"))"#).await, [2, 4, 5]);
}

#[tokio::test]
async fn stores_of_version_3_can_be_given_prices() {
    let store = TestStore::new();
    store.send([post(1).tokens(10, 10).with(|op| op.model = Some("my-llama".to_owned())).into()]).await;
    let directory = as_version(3, &store.closed().await);

    let store = TestStore::in_directory(directory, SqliteOptions::default());
    assert_eq!((store.list_prices().await.unwrap(), store.find_repricing().await.unwrap()), (vec![], None));
    let price = PriceWrite {
        name: "llama".to_owned(),
        match_pattern: "llama".to_owned(),
        prompt_cost: Some("0.001".parse().unwrap()),
        completion_cost: Some("0.002".parse().unwrap()),
        ..PriceWrite::default()
    };
    store.create_price(price).await.unwrap();
    store.send([post(2).tokens(10, 10).with(|op| op.model = Some("my-llama".to_owned())).into()]).await;
    let cost = |run: Run| run.total_cost.map(|cost| cost.to_string());
    assert_eq!((cost(store.run(1).await), cost(store.run(2).await).as_deref()), (None, Some("0.03")));
}
