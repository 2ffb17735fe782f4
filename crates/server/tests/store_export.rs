//! Exports: everything in the order asked for, however it lies on disk.

mod store_support;

use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_server::store::{Store, effort};
use fanlight_wire::Run;
use fanlight_wire::run_query::{Order, RunQuery, Sort};
use store_support::{TestStore, number, post, text};

const N_RUNS: u128 = 3000;

/// Run `n` has a payload of some 2 KB, and a latency that has nothing to do with when it came.
async fn store() -> TestStore {
    let store = TestStore::with(SqliteOptions { block_cache_bytes: 0, ..SqliteOptions::default() });
    let run = |n: u128| {
        let words: String = (0..60).map(|word| format!("{:032x}", (n + 1) * (word + 7) * 0x9e37_79b9)).collect();
        post(n).start(n as i64).end(n as i64 + latency(n)).inputs(&format!(r#"{{"n":{n},"words":"{words}"}}"#)).0
    };
    let all: Vec<u128> = (1..=N_RUNS).collect();
    for some in all.chunks(500) {
        store.send(some.iter().map(|n| run(*n))).await;
    }
    store
}

fn latency(n: u128) -> i64 {
    (n * 7919 % 3001) as i64
}

async fn export(store: &TestStore, query: RunQuery) -> (Vec<Run>, u64) {
    let (sender, mut pages) = tokio::sync::mpsc::channel(1);
    let reading = effort::of_request(store.export_runs(query, sender));
    let gathering = async {
        let mut runs = Vec::new();
        while let Some(page) = pages.recv().await {
            assert!(page.len() <= 100);
            runs.extend(page);
        }
        runs
    };
    let ((answer, effort), runs) = tokio::join!(reading, gathering);
    answer.unwrap();
    (runs, effort.n_blocks)
}

#[tokio::test]
async fn a_sorted_export_decompresses_each_block_a_few_times_and_not_once_for_each_run() {
    let store = store().await;
    let query = |sort, order| RunQuery { sort: Some(sort), order: Some(order), ..RunQuery::default() };
    let (by_start, n_blocks) = export(&store, query(Sort::StartTime, Order::Asc)).await;
    assert!(by_start.iter().map(|run| number(run.id)).eq(1..=N_RUNS));
    // There are some 12 blocks of half a megabyte.
    assert!((8..40).contains(&n_blocks), "{n_blocks} blocks in the order they lie in");

    let (by_latency, n_blocks) = export(&store, query(Sort::Latency, Order::Asc)).await;
    assert_eq!(by_latency.len(), by_start.len());
    assert!(by_latency.is_sorted_by_key(|run| latency(number(run.id))));
    assert!(n_blocks < 60, "{n_blocks} blocks in another order");
    for run in &by_latency {
        assert!(text(&run.inputs).starts_with(&format!(r#"{{"n":{},"#, number(run.id))), "its own payload");
    }
}

#[tokio::test]
async fn what_needs_no_payload_reads_none() {
    let store = store().await;
    let select = Some(vec!["name".to_owned(), "inputs_preview".to_owned()]);
    let (runs, n_blocks) = export(&store, RunQuery { select, ..RunQuery::default() }).await;
    assert_eq!((runs.len() as u128, n_blocks), (N_RUNS, 0));
}

#[tokio::test]
async fn more_than_fits_in_memory_comes_in_parts() {
    let store = TestStore::new();
    let big = "x".repeat(9 << 20);
    for n in 1..=9 {
        store
            .send([post(n)
                .start(n as i64)
                .end(n as i64 + latency(n))
                .inputs(&format!(r#"{{"n":{n},"big":"{big}"}}"#))
                .0])
            .await;
    }
    let query = RunQuery { sort: Some(Sort::Latency), order: Some(Order::Desc), ..RunQuery::default() };
    let (runs, n_blocks) = export(&store, query).await;
    assert!(runs.is_sorted_by_key(|run| std::cmp::Reverse(latency(number(run.id)))));
    assert!(runs.iter().all(|run| text(&run.inputs).len() > 9 << 20));
    assert_eq!((runs.len(), n_blocks), (9, 9));
}
