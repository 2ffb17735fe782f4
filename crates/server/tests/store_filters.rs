//! Whatever is asked about whatever was sent: the store answers as if it had looked at every run.

mod filter_support;
mod store_support;

use fanlight_server::store::Store;
use fanlight_wire::filter::edit::without_facet;
use fanlight_wire::filter::testing::{START, any_filter};
use fanlight_wire::filter::{Filter, parse, print};
use fanlight_wire::run_query::{Order, RunQuery, Sort};
use fanlight_wire::run_stats::{
    FacetKey, FacetQuery, GroupAttribute, GroupBy, HistogramQuery, LATENCY_BOUNDS_MS, RunStats, StatsAnswer,
};
use fanlight_wire::thread::ThreadQuery;
use fanlight_wire::{Run, RunId, RunStatus, RunType, Timestamp};
use filter_support::{Truth, any_story, tell};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use store_support::TestStore;

/// A query whose project is given by name: ids are made by the store.
#[derive(Clone, Debug)]
struct Asked {
    query: RunQuery,
    project: Option<&'static str>,
}

fn any_query() -> impl Strategy<Value = Asked> {
    let filter = || any_filter().prop_map(|filter| print(&filter));
    let filters = (weighted(0.8, filter()), weighted(0.2, filter()), weighted(0.2, filter()));
    let time = || (-3i64..12).prop_map(|seconds| Timestamp(START.0 + seconds * 1_000_000_000));
    let scope = (
        weighted(0.5, select(vec!["a", "b"])),
        weighted(0.3, any::<bool>()),
        weighted(0.2, time()),
        weighted(0.2, time()),
        weighted(0.1, select(RunType::ALL)),
        weighted(0.1, any::<bool>()),
    );
    let sorts = vec![
        Sort::StartTime,
        Sort::StartTime,
        Sort::Latency,
        Sort::FirstTokenLatency,
        Sort::TotalTokens,
        Sort::TotalCost,
        Sort::Name,
    ];
    let paging = (select(vec![Order::Asc, Order::Desc]), select(sorts), 1i64..6);
    (filters, scope, paging).prop_map(|(filters, scope, (order, sort, limit))| {
        let (filter, trace_filter, tree_filter) = filters;
        let (project, is_root, start_time, end_time, run_type, error) = scope;
        let query = RunQuery {
            filter,
            trace_filter,
            tree_filter,
            is_root,
            start_time,
            end_time,
            run_type,
            error,
            order: Some(order),
            sort: Some(sort),
            limit: Some(limit),
            select: Some(vec!["name".to_owned()]),
            ..RunQuery::default()
        };
        Asked { query, project }
    })
}

async fn check_pages(store: &TestStore, truth: &Truth, query: &RunQuery) -> Result<(), TestCaseError> {
    let expected = truth.sorted(query, truth.found(query));
    let (mut query, mut seen) = (query.clone(), Vec::<RunId>::new());
    loop {
        let page = store.query(query.clone()).await;
        seen.extend(page.runs.iter().map(|run| run.id));
        let Some(next) = page.cursors.next else { break };
        prop_assert_eq!(page.runs.len() as i64, query.limit.unwrap(), "only the last page is not full");
        query.cursor = Some(next);
    }
    prop_assert_eq!(seen, expected, "{:?}", query);
    Ok(())
}

const FACETS: [&str; 10] =
    ["name", "run_type", "status", "error_kind", "model", "provider", "tag", "metadata", "metadata.env", "feedback"];

fn values_of(truth: &Truth, idx: usize, key: &FacetKey) -> Vec<String> {
    let run = &truth.facts[idx];
    let label = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut values: Vec<String> = match key {
        FacetKey::Name => vec![run.name.clone()],
        FacetKey::RunType => vec![run.run_type.to_string()],
        FacetKey::Status => vec![run.status.to_string()],
        FacetKey::ErrorKind => {
            let kind = run.error.as_deref().and_then(fanlight_wire::filter::eval::error_kind);
            kind.into_iter().map(str::to_owned).collect()
        }
        FacetKey::Model => run.model.iter().cloned().collect(),
        FacetKey::Provider => run.provider.iter().cloned().collect(),
        FacetKey::Tag => run.tags.clone(),
        FacetKey::MetadataKeys => run.metadata.keys().cloned().collect(),
        FacetKey::Metadata(key) => run.metadata.get(key).iter().map(|value| label(value)).collect(),
        FacetKey::Feedback => run.feedback.iter().map(|feedback| feedback.key.clone()).collect(),
    };
    values.sort();
    values.dedup();
    values
}

fn counted(truth: &Truth, found: &[usize], key: &FacetKey) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for &idx in found {
        for value in values_of(truth, idx, key) {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
}

async fn check_facets(store: &TestStore, truth: &Truth, query: &RunQuery) -> Result<(), TestCaseError> {
    let keys: Vec<FacetKey> = FACETS.iter().map(|key| key.parse().unwrap()).collect();
    let facet_query = FacetQuery { query: query.clone(), facets: keys.clone(), max_values: Some(200) };
    let answer = store.facets(facet_query).await.unwrap();
    prop_assert_eq!(answer.n_runs, truth.found(query).len() as u64);
    for (facet, key) in answer.facets.iter().zip(&keys) {
        let filter = query.filter.as_deref().map_or(Filter::ALL, |text| parse(text).unwrap());
        let filter = Some(print(&without_facet(&filter, key))).filter(|text| !text.is_empty());
        let run_type = query.run_type.filter(|_| *key != FacetKey::RunType);
        let found = truth.found(&RunQuery { filter, run_type, ..query.clone() });
        let expected = counted(truth, &found, key);
        let listed: BTreeMap<_, _> = facet.values.iter().map(|value| (value.value.clone(), value.count)).collect();
        prop_assert_eq!(&listed, &expected, "{} of {:?}", key, query);
        prop_assert_eq!((facet.n_runs, facet.n_values), (found.len() as u64, expected.len() as u64));
        let n_without = found.iter().filter(|&&idx| values_of(truth, idx, key).is_empty()).count();
        prop_assert_eq!(facet.n_without, n_without as u64);
        prop_assert!(facet.values.is_sorted_by(|a, b| (b.count, &a.value) <= (a.count, &b.value)));
    }
    Ok(())
}

/// Between the neighbours where the rank falls between two.
fn percentile(mut values: Vec<i64>, rank: f64) -> Option<f64> {
    values.sort_unstable();
    let position = rank * values.len().checked_sub(1)? as f64;
    let (below, above) = (values[position.floor() as usize] as f64, values[position.ceil() as usize] as f64);
    Some(below + (above - below) * position.fract())
}

fn stats_of(truth: &Truth, found: &[usize]) -> RunStats {
    let runs: Vec<&Run> = found.iter().map(|&idx| &truth.runs[idx]).collect();
    let all = |pick: &dyn Fn(&Run) -> Option<i64>| runs.iter().filter_map(|run| pick(run)).collect::<Vec<i64>>();
    let latencies = all(&|run| run.end_time.map(|end| end.since(run.start_time).max(0)));
    let first_tokens = all(&|run| run.first_token_time.map(|time| time.since(run.start_time).max(0)));
    let (total, prompt, completion) = (
        all(&|run| Some(run.total_tokens)),
        all(&|run| Some(run.prompt_tokens)),
        all(&|run| Some(run.completion_tokens)),
    );
    let costs = all(&|run| run.total_cost.map(|usd| usd.picodollars));
    let seconds = |values: &[i64], rank| percentile(values.to_vec(), rank).map(|ns| ns / 1e9);
    let count = |values: &[i64], rank| percentile(values.to_vec(), rank).map(|value| value.round() as i64);
    let usd = |pico: i64| fanlight_wire::Usd::from_pico(pico);
    let sum = |values: Vec<i64>| (!values.is_empty()).then(|| usd(values.iter().sum()));
    let share = |n: usize, of: usize| (of > 0).then(|| n as f64 / of as f64);
    let n_errors = runs.iter().filter(|run| run.status == RunStatus::Error || run.error.is_some()).count();
    let llm: Vec<_> = runs.iter().filter(|run| run.run_type == RunType::Llm).collect();
    RunStats {
        run_count: runs.len() as i64,
        latency_p50: seconds(&latencies, 0.5),
        latency_p99: seconds(&latencies, 0.99),
        first_token_p50: seconds(&first_tokens, 0.5),
        first_token_p99: seconds(&first_tokens, 0.99),
        total_tokens: total.iter().sum(),
        prompt_tokens: prompt.iter().sum(),
        completion_tokens: completion.iter().sum(),
        median_tokens: count(&total, 0.5),
        tokens_p99: count(&total, 0.99),
        prompt_tokens_p50: count(&prompt, 0.5),
        prompt_tokens_p99: count(&prompt, 0.99),
        completion_tokens_p50: count(&completion, 0.5),
        completion_tokens_p99: count(&completion, 0.99),
        last_run_start_time: runs.iter().map(|run| run.start_time).max(),
        feedback_stats: None,
        cost_p50: count(&costs, 0.5).map(usd),
        cost_p99: count(&costs, 0.99).map(usd),
        total_cost: sum(costs),
        prompt_cost: sum(all(&|run| run.prompt_cost.map(|usd| usd.picodollars))),
        completion_cost: sum(all(&|run| run.completion_cost.map(|usd| usd.picodollars))),
        error_rate: share(n_errors, runs.len()),
        streaming_rate: share(llm.iter().filter(|run| run.first_token_time.is_some()).count(), llm.len()),
    }
}

fn check_stats_of(truth: &Truth, found: &[usize], stats: RunStats) -> Result<(), TestCaseError> {
    let mut n_feedback: BTreeMap<String, i64> = BTreeMap::new();
    for feedback in found.iter().flat_map(|&idx| &truth.facts[idx].feedback) {
        *n_feedback.entry(feedback.key.clone()).or_default() += 1;
    }
    let listed: BTreeMap<String, i64> =
        stats.feedback_stats.clone().unwrap().into_iter().map(|(key, stat)| (key, stat.n)).collect();
    prop_assert_eq!(listed, n_feedback);
    prop_assert_eq!(RunStats { feedback_stats: None, ..stats }, stats_of(truth, found));
    Ok(())
}

async fn check_stats(store: &TestStore, truth: &Truth, query: &RunQuery) -> Result<(), TestCaseError> {
    let found = truth.found(query);
    let StatsAnswer::Whole(stats) = store.run_stats(query.clone(), None).await.unwrap() else {
        panic!("no groups were asked for")
    };
    check_stats_of(truth, &found, *stats)?;
    let groupings = [
        (GroupAttribute::Name, FacetKey::Name),
        (GroupAttribute::Tag, FacetKey::Tag),
        (GroupAttribute::Metadata, FacetKey::Metadata("env".into())),
    ];
    for (attribute, key) in groupings {
        let path = (attribute == GroupAttribute::Metadata).then(|| "env".to_owned());
        let group_by = GroupBy { attribute, path, max_groups: Some(100) };
        let StatsAnswer::Grouped(groups) = store.run_stats(query.clone(), Some(group_by)).await.unwrap() else {
            panic!("groups were asked for")
        };
        let expected = counted(truth, &found, &key);
        prop_assert_eq!(groups.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (name, stats) in groups {
            let members = found.iter().copied().filter(|&idx| values_of(truth, idx, &key).contains(&name));
            check_stats_of(truth, &members.collect::<Vec<_>>(), stats)?;
        }
    }
    Ok(())
}

async fn check_histogram(store: &TestStore, truth: &Truth, query: &RunQuery) -> Result<(), TestCaseError> {
    let histogram_query = HistogramQuery { query: query.clone(), n_buckets: Some(7) };
    let histogram = store.histogram(histogram_query).await.unwrap();
    let found = truth.found(query);
    let n_buckets = histogram.n_success.len();
    prop_assert!(n_buckets <= 7 && histogram.latency.len() == n_buckets);
    let mut expected = vec![[0u64; 3]; n_buckets];
    let mut latency = vec![vec![0u32; LATENCY_BOUNDS_MS.len() + 1]; n_buckets];
    for idx in found {
        let run = &truth.runs[idx];
        let since = run.start_time.since(histogram.start.expect("runs were found"));
        prop_assert!(since >= 0);
        let bucket = (since / histogram.bucket_ns) as usize;
        expected[bucket][match run.status {
            RunStatus::Success => 0,
            RunStatus::Error => 1,
            RunStatus::Pending | RunStatus::Interrupted => 2,
        }] += 1;
        if let Some(end) = run.end_time {
            let latency_ns = end.since(run.start_time).max(0);
            let step = LATENCY_BOUNDS_MS.iter().position(|bound_ms| latency_ns <= *bound_ms as i64 * 1_000_000);
            latency[bucket][step.unwrap_or(LATENCY_BOUNDS_MS.len())] += 1;
        }
    }
    let counts: Vec<[u64; 3]> = (0..n_buckets)
        .map(|bucket| [histogram.n_success[bucket], histogram.n_error[bucket], histogram.n_other[bucket]])
        .collect();
    prop_assert_eq!((counts, histogram.latency), (expected, latency));
    Ok(())
}

async fn check_threads(store: &TestStore, truth: &Truth, query: &RunQuery) -> Result<(), TestCaseError> {
    let mut threads = ThreadQuery {
        project_id: query.project,
        filter: query.filter.clone(),
        min_start_time: query.start_time,
        max_start_time: query.end_time,
        page_size: Some(2),
        ..ThreadQuery::default()
    };
    let roots = RunQuery { order: Some(Order::Desc), ..roots_of(&threads) };
    let mut expected: Vec<((fanlight_wire::ProjectId, String), u64)> = Vec::new();
    for id in truth.sorted(&roots, truth.found(&roots)) {
        let run = truth.runs.iter().find(|run| run.id == id).unwrap();
        let Some(thread) = run.thread_id.clone().map(|thread| (run.project_id, thread)) else { continue };
        match expected.iter_mut().find(|(known, _)| *known == thread) {
            Some((_, n_turns)) => *n_turns += 1,
            None => expected.push((thread, 1)),
        }
    }
    let mut seen = Vec::new();
    loop {
        let page = store.query_threads(threads.clone()).await.unwrap();
        prop_assert_eq!(page.total, expected.len() as u64);
        seen.extend(page.items.into_iter().map(|thread| (thread.thread_id, thread.count)));
        prop_assert_eq!(page.has_more, page.next_cursor.is_some());
        let Some(next) = page.next_cursor else { break };
        threads.cursor = Some(next);
    }
    prop_assert_eq!(seen, expected.into_iter().map(|((_, thread), n)| (thread, n)).collect::<Vec<_>>());
    Ok(())
}

fn roots_of(threads: &ThreadQuery) -> RunQuery {
    RunQuery {
        project: threads.project_id,
        filter: threads.filter.clone(),
        start_time: threads.min_start_time,
        end_time: threads.max_start_time,
        is_root: Some(true),
        ..RunQuery::default()
    }
}

async fn check_all(store: &TestStore, truth: &Truth, asked: &[Asked]) -> Result<(), TestCaseError> {
    for Asked { query, project } in asked {
        let project = project.and_then(|name| truth.projects.get(name).copied());
        let query = RunQuery { project, ..query.clone() };
        check_pages(store, truth, &query).await?;
        check_facets(store, truth, &query).await?;
        check_stats(store, truth, &query).await?;
        check_histogram(store, truth, &query).await?;
        check_threads(store, truth, &query).await?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_looking_at_every_run_also_after_opening_again(
        story in any_story(),
        asked in proptest::collection::vec(any_query(), 6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = TestStore::new();
            let truth = tell(&store, &story).await;
            check_all(&store, &truth, &asked).await?;
            let store = store.reopened().await;
            check_all(&store, &truth, &asked).await
        })?;
    }
}
