//! Series are what a recount from the runs themselves gives, whatever was sent, changed late and deleted in between.

mod store_support;

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use fanlight_server::model::RunOp;
use fanlight_server::store::Store;
use fanlight_server::store::monitor::MonitorStore;
use fanlight_wire::monitor::series::{Column, GroupBy, GroupKind, Rank, Series, SeriesQuery};
use fanlight_wire::monitor::{GroupKey, Metric};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, Run, RunStatus, RunType, Timestamp, TraceId, Usd};
use proptest::prelude::*;
use std::collections::BTreeSet;
use store_support::{Op, TestStore, patch, post};
use uuid::Uuid;

/// Midnight in UTC, some hours before clocks in Berlin are set back.
const DAY: &str = "2026-10-24T00:00:00Z";
const N_RUNS: u128 = 12;

#[derive(Clone, Debug)]
enum Event {
    /// Posted, or patched late: start and end in minutes, tokens, cost, whether it failed, tags, name.
    Say {
        n: u128,
        is_patch: bool,
        start: i64,
        minutes: Option<i64>,
        tokens: Option<(i64, i64)>,
        cost: Option<&'static str>,
        has_failed: bool,
        tags: u8,
        name: u8,
    },
    Delete {
        n: u128,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let said = (
        (1..=N_RUNS, any::<bool>(), 0i64..72 * 60, prop::option::of(0i64..90)),
        (
            prop::option::of((0i64..500, 0i64..500)),
            prop::option::of(prop_oneof![Just("0.01"), Just("0.000002"), Just("1.5")]),
        ),
        (prop::bool::weighted(0.2), 0u8..4, 0u8..4),
    );
    let say = said.prop_map(|((n, is_patch, start, minutes), (tokens, cost), (has_failed, tags, name))| Event::Say {
        n,
        is_patch,
        start,
        minutes,
        tokens,
        cost,
        has_failed,
        tags,
        name,
    });
    prop_oneof![9 => say, 1 => (1..=N_RUNS).prop_map(|n| Event::Delete { n })]
}

fn at(minutes: i64) -> Timestamp {
    Timestamp(DAY.parse::<Timestamp>().unwrap().0 + minutes * 60_000_000_000)
}

/// Run n is a model run below run n − 1 when n is even, and a root otherwise.
fn op(event: &Event) -> Option<RunOp> {
    let Event::Say { n, is_patch, start, minutes, tokens, cost, has_failed, tags, name } = event else { return None };
    let mut op = if *is_patch { patch(*n) } else { post(*n) };
    if n % 2 == 0 {
        op = op.parent(n - 1).trace(n - 1);
        if let Some((prompt, completion)) = tokens {
            op = op.tokens(*prompt, *completion);
        }
        if let Some(cost) = cost {
            op = op.kind(RunType::Llm).cost(cost);
        }
    } else {
        op = op.trace(*n);
    }
    if *has_failed {
        op = op.error("Boom: no");
    }
    let Op(op) = op.with(|op| {
        op.start = Some(at(*start));
        op.end = minutes.map(|minutes| at(start + minutes));
        op.name = Some(format!("name {name}"));
        op.tags = Some((0..2).filter(|bit| tags >> bit & 1 == 1).map(|bit| format!("tag {bit}")).collect());
    });
    Some(op)
}

async fn history(events: &[Event]) -> (TestStore, ProjectId) {
    let store = TestStore::new();
    let project = store.project_id("default").await;
    for event in events {
        match event {
            Event::Delete { n } => {
                let trace = TraceId(Uuid::from_u128(n - (n + 1) % 2));
                store.delete_traces(project, vec![trace]).await.unwrap();
            }
            said => store.send(op(said)).await,
        }
    }
    (store, project)
}

fn seconds(run: &Run) -> Option<f64> {
    Some((run.end_time?.0 - run.start_time.0).max(0) as f64 / 1e9)
}

fn percentile(mut values: Vec<f64>, rank: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let position = rank * values.len().checked_sub(1)? as f64;
    let (below, above) = (values[position.floor() as usize], values[position.ceil() as usize]);
    Some(below + (above - below) * position.fract())
}

/// A metric of some runs, from the runs as they are read one by one.
fn recount(metric: &Metric, runs: &[&Run]) -> Option<f64> {
    let failed = |run: &&&Run| run.status == RunStatus::Error || run.error.is_some();
    let n = runs.len() as f64;
    let latencies = || runs.iter().filter_map(|run| seconds(run)).collect::<Vec<_>>();
    let tokens = |of: fn(&Run) -> i64| Some(runs.iter().map(|run| of(run)).sum::<i64>() as f64);
    match metric {
        Metric::Count => Some(n),
        Metric::ErrorCount => Some(runs.iter().filter(failed).count() as f64),
        Metric::ErrorRate => (n > 0.0).then(|| runs.iter().filter(failed).count() as f64 / n),
        Metric::LatencyP50 => percentile(latencies(), 0.5),
        Metric::LatencyP95 => percentile(latencies(), 0.95),
        Metric::LatencyMax => latencies().into_iter().reduce(f64::max),
        Metric::LatencyMean => {
            let all = latencies();
            (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
        }
        Metric::TotalTokens => tokens(|run| run.total_tokens),
        Metric::PromptTokens => tokens(|run| run.prompt_tokens),
        Metric::Cost => {
            let known: Vec<Usd> = runs.iter().filter_map(|run| run.total_cost).collect();
            (!known.is_empty() || runs.is_empty()).then(|| known.into_iter().sum::<Usd>().to_f64())
        }
        other => panic!("{other} is not asked for"),
    }
}

fn is_same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

fn check_column(column: &Column, starts: &[(i64, i64)], runs: &[&Run]) -> Result<(), TestCaseError> {
    for (bucket, (from_ns, until_ns)) in starts.iter().enumerate() {
        let inside: Vec<&Run> =
            runs.iter().copied().filter(|run| run.start_time.0 >= *from_ns && run.start_time.0 < *until_ns).collect();
        let expected = recount(&column.metric, &inside);
        prop_assert!(
            is_same(column.values[bucket], expected),
            "{} {:?} {:?}",
            column.metric,
            column.values[bucket],
            expected
        );
    }
    let expected = recount(&column.metric, runs);
    prop_assert!(is_same(column.total.value, expected), "{} {:?} {:?}", column.metric, column.total, expected);
    Ok(())
}

fn check_days(series: &Series, zone: Tz) -> Result<(), TestCaseError> {
    for ms in series.starts_ms.iter().chain([&series.end_ms]) {
        let local = zone.from_utc_datetime(&DateTime::from_timestamp_millis(*ms).unwrap().naive_utc());
        prop_assert_eq!(local.time(), chrono::NaiveTime::MIN, "a day begins at midnight");
    }
    Ok(())
}

async fn check(
    events: Vec<Event>,
    zone: Tz,
    width_s: u32,
    is_root: Option<bool>,
    is_by_tag: bool,
) -> Result<(), TestCaseError> {
    let (store, project) = history(&events).await;
    let metrics = vec![
        Metric::Count,
        Metric::ErrorCount,
        Metric::ErrorRate,
        Metric::LatencyP50,
        Metric::LatencyP95,
        Metric::LatencyMax,
        Metric::LatencyMean,
        Metric::TotalTokens,
        Metric::PromptTokens,
        Metric::Cost,
    ];
    let query = RunQuery { project: Some(project), is_root, limit: Some(100), ..RunQuery::default() };
    let runs = store.query(query.clone()).await.runs;
    let key: GroupKey = if is_by_tag { "tag" } else { "name" }.parse().unwrap();
    let group_by = Some(GroupBy { key, max_groups: Some(2), rank_by: Rank::Cost });
    let ask = |group_by: Option<GroupBy>| SeriesQuery {
        query: query.clone(),
        bucket_seconds: Some(width_s),
        time_zone: Some(zone.name().to_owned()),
        group_by,
        metrics: metrics.clone(),
        ..SeriesQuery::default()
    };
    let whole = store.monitor_series(ask(None)).await.unwrap();
    let edges: Vec<i64> = whole.starts_ms.iter().chain([&whole.end_ms]).map(|ms| ms * 1_000_000).collect();
    let spans: Vec<(i64, i64)> = edges.windows(2).map(|pair| (pair[0], pair[1])).collect();
    prop_assert_eq!(whole.n_runs, runs.len() as u64);
    if runs.is_empty() {
        return Ok(());
    }
    if width_s == 86_400 {
        check_days(&whole, zone)?;
    }
    let all: Vec<&Run> = runs.iter().collect();
    for column in &whole.groups[0].columns {
        check_column(column, &spans, &all)?;
    }
    let grouped = store.monitor_series(ask(group_by)).await.unwrap();
    let values = |run: &Run| -> Vec<String> {
        if is_by_tag { run.tags.clone().unwrap_or_default() } else { vec![run.name.clone()] }
    };
    let listed: BTreeSet<String> = grouped.groups.iter().filter_map(|group| group.label.clone()).collect();
    for group in &grouped.groups {
        let is_in = |run: &&Run| {
            let values = values(run);
            match group.kind {
                GroupKind::All => false,
                GroupKind::Value => values.contains(group.label.as_ref().unwrap()),
                GroupKind::Other => !values.is_empty() && values.iter().all(|value| !listed.contains(value)),
                GroupKind::Without => values.is_empty(),
            }
        };
        let inside: Vec<&Run> = runs.iter().filter(is_in).collect();
        prop_assert_eq!(group.n_runs, inside.len() as u64);
        for column in &group.columns {
            check_column(column, &spans, &inside)?;
        }
    }
    let distinct: BTreeSet<String> = runs.iter().flat_map(values).collect();
    prop_assert_eq!(grouped.n_groups, distinct.len() as u64);
    prop_assert_eq!(listed.len(), distinct.len().min(2));
    store.closed().await;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn numbers_are_what_a_recount_gives_after_any_history(
        events in prop::collection::vec(event(), 1..40),
        zone in prop::sample::select(vec![Tz::UTC, chrono_tz::Europe::Berlin, chrono_tz::Asia::Kolkata]),
        width_s in prop::sample::select(vec![3_600u32, 6 * 3_600, 86_400]),
        is_root in prop::option::of(any::<bool>()),
        is_by_tag: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(events, zone, width_s, is_root, is_by_tag))?;
    }
}
