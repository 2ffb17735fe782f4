//! Pricing past runs again survives a stop in the middle, and sums stay what a fresh count gives.

mod store_support;

use fanlight_server::store::Store;
use fanlight_server::store::prices::PriceStore;
use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_wire::price::{PriceWrite, RepriceQuery, RepricingState};
use fanlight_wire::run_query::RunQuery;
use rusqlite::Connection;
use std::time::{Duration, Instant};
use store_support::{TestStore, post};

const N_TRACES: u128 = 1_200;

/// Traces of a root and a call each, more than are priced in one transaction.
async fn store_without_prices() -> TestStore {
    let store = TestStore::new();
    let runs = (0..N_TRACES).flat_map(|n| {
        let call = post(2 * n + 2).parent(2 * n + 1).trace(2 * n + 1).tokens(10, 0);
        [post(2 * n + 1).trace(2 * n + 1), call.with(|op| op.model = Some("my-llama".to_owned()))]
    });
    store.send(runs.map(Into::into)).await;
    let price = PriceWrite {
        name: "llama".to_owned(),
        match_pattern: "llama".to_owned(),
        prompt_cost: Some("0.001".parse().unwrap()),
        ..PriceWrite::default()
    };
    store.create_price(price).await.unwrap();
    store
}

async fn until_done(store: &TestStore) {
    let began = Instant::now();
    while store.find_repricing().await.unwrap().unwrap().state != RepricingState::Done {
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", store.find_repricing().await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn it_goes_on_where_it_was_when_the_server_stopped() {
    let store = store_without_prices().await;
    let directory = store.closed().await;
    // As if it had been killed after the first 500 of 1,200 calls.
    let db = Connection::open(directory.path().join("fanlight.db")).unwrap();
    db.execute_batch("INSERT INTO repricing VALUES (1, 0, NULL, NULL, NULL, 1000, 2400, 500, 500, 1, NULL)").unwrap();
    drop(db);
    let store = TestStore::in_directory(directory, SqliteOptions::default());
    until_done(&store).await;
    let done = store.find_repricing().await.unwrap().unwrap();
    assert_eq!((done.n_runs, done.n_changed, done.progress), (1_200, 1_200, 1.0));
    let query = RunQuery { is_root: Some(true), ..RunQuery::default() };
    let stats = store.run_stats(query, None).await.unwrap();
    let fanlight_wire::run_stats::StatsAnswer::Whole(stats) = stats else { panic!("one answer") };
    // The first 500 were priced before the stop only in what the table said.
    assert_eq!(stats.total_cost.unwrap().to_string(), "7");
}

#[tokio::test]
async fn one_at_a_time_and_it_can_be_cancelled() {
    let store = store_without_prices().await;
    let first = store.start_repricing(RepriceQuery::default()).await.unwrap();
    assert_eq!(first.state, RepricingState::Running);
    // It may be done before it is cancelled; then there is nothing to cancel, and nothing that runs.
    match store.cancel_repricing().await {
        Ok(cancelled) => assert_eq!(cancelled.state, RepricingState::Cancelled),
        Err(error) => assert!(error.to_string().contains("no runs are being priced"), "{error}"),
    }
    store.start_repricing(RepriceQuery::default()).await.unwrap();
    until_done(&store).await;
    assert_eq!(store.run(1).await.total_cost.unwrap().to_string(), "0.01");
}
