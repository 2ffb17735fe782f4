//! Facets, suggestions and exports by example; `store_filters.rs` holds them to looking at every run.

mod store_support;

use fanlight_server::store::{Store, StoreError};
use fanlight_wire::RunType;
use fanlight_wire::run_query::{Order, RunQuery, Sort};
use fanlight_wire::run_stats::{FacetKey, FacetQuery, FacetValue, SuggestQuery};
use store_support::{Op, TestStore, numbers, post};

/// Seven searches of which two failed, three answers, and one run of each of two more names.
async fn store() -> TestStore {
    let store = TestStore::new();
    let named = |n: u128, name: &str| post(n).with(|op| op.name = Some(name.to_owned()));
    let searches = (1..=7u128).map(|n| named(n, "search orders").kind(RunType::Tool));
    let searches = searches.map(|op| if matches!(op.0.id.0.as_u128(), 2 | 5) { op.error("boom") } else { op });
    let answers = (8..=10u128).map(|n| named(n, "Answer").end(n as i64 * 2));
    let others = [named(11, "research"), named(12, "plan")];
    store.send(searches.chain(answers).chain(others).map(|Op(op)| op)).await;
    store
}

fn filtered(filter: &str) -> RunQuery {
    RunQuery { filter: Some(filter.to_owned()), ..RunQuery::default() }
}

fn counts(values: &[FacetValue]) -> Vec<(&str, u64)> {
    values.iter().map(|value| (value.value.as_str(), value.count)).collect()
}

#[tokio::test]
async fn values_beside_the_chosen_one_say_what_choosing_them_would_bring() {
    let store = store().await;
    let query = FacetQuery {
        query: filtered(r#"and(eq(name, "search orders"), eq(status, "error"))"#),
        facets: vec![FacetKey::Name, FacetKey::Status, FacetKey::RunType],
        max_values: Some(1),
    };
    let answer = store.facets(query).await.unwrap();
    assert_eq!(answer.n_runs, 2);
    let [names, statuses, types] = &answer.facets[..] else { panic!("three were asked for") };
    assert_eq!((counts(&names.values), names.n_runs), (vec![("search orders", 2)], 2));
    // Without its own condition: all seven searches, and only the most frequent status is listed.
    assert_eq!((counts(&statuses.values), statuses.n_runs, statuses.n_values), (vec![("pending", 5)], 7, 2));
    assert_eq!(counts(&types.values), [("tool", 2)]);
}

#[tokio::test]
async fn suggestions_that_begin_with_the_text_come_before_those_that_contain_it() {
    let store = store().await;
    let suggest = |text: &str, limit| {
        let query = SuggestQuery { query: filtered(""), of: FacetKey::Name, text: text.to_owned(), limit };
        store.suggest(query)
    };
    assert_eq!(counts(&suggest("SEARCH", None).await.unwrap()), [("search orders", 7), ("research", 1)]);
    assert_eq!(counts(&suggest("an", None).await.unwrap()), [("Answer", 3), ("plan", 1)]);
    assert_eq!(counts(&suggest("", Some(2)).await.unwrap()), [("search orders", 7), ("Answer", 3)]);
    assert_eq!(counts(&suggest("nothing", None).await.unwrap()), []);
}

#[tokio::test]
async fn an_absurd_number_of_facets_is_refused() {
    let facets = (0..51).map(|n| FacetKey::Metadata(format!("key {n}"))).collect();
    let refused = store().await.facets(FacetQuery { facets, ..FacetQuery::default() }).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))));
}

#[tokio::test]
async fn an_export_has_what_the_filter_finds_in_the_order_asked_for() {
    let store = store().await;
    let query = RunQuery {
        sort: Some(Sort::Latency),
        order: Some(Order::Desc),
        // A page's size is no limit of an export.
        limit: Some(1),
        ..filtered(r#"in(name, ["Answer", "plan"])"#)
    };
    let (on_page, mut pages) = tokio::sync::mpsc::channel(1);
    let (exported, seen) = tokio::join!(store.export_runs(query, on_page), async {
        let mut seen = Vec::new();
        while let Some(page) = pages.recv().await {
            seen.extend(numbers(&page));
        }
        seen
    });
    exported.unwrap();
    // Answers took 8, 9 and 10 seconds; the plan has not ended.
    assert_eq!(seen, [10, 9, 8, 12]);
}
