//! Any interleaving of posts and patches ends in the same state, and totals are what a fresh count gives.

mod store_support;

use fanlight_server::model::RunOp;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{Run, RunType};
use proptest::prelude::*;
use std::collections::BTreeMap;
use store_support::{Op, TestStore, json, number, patch, post, time};

const N_RUNS: u128 = 7;

/// A small tree, as parents by position: every run's parent has a smaller number, or there is none.
fn parents() -> impl Strategy<Value = Vec<Option<u128>>> {
    let parent_of =
        |n: u128| proptest::option::weighted(0.8, 1..n.max(2)).prop_map(move |parent| parent.filter(|p| *p < n));
    (1..=N_RUNS).map(parent_of).collect::<Vec<_>>()
}

fn usage() -> impl Strategy<Value = Option<(i64, i64, Option<&'static str>)>> {
    proptest::option::of((0i64..50, 0i64..50, proptest::option::of(prop_oneof![Just("0.01"), Just("0.000002")])))
}

fn run_type() -> impl Strategy<Value = RunType> {
    prop_oneof![Just(RunType::Chain), Just(RunType::Llm), Just(RunType::Tool)]
}

/// What one arrival says beside which run it is about.
#[derive(Clone, Debug)]
struct Said {
    is_patch: bool,
    end: Option<i64>,
    outputs: Option<u8>,
    extra: Option<u8>,
    tags: Option<u8>,
    first_token: Option<i64>,
    usage: Option<(i64, i64, Option<&'static str>)>,
    run_type: RunType,
    has_type: bool,
    has_parent: bool,
    has_start: bool,
    has_trace: bool,
}

fn said() -> impl Strategy<Value = Said> {
    let fields = (
        any::<bool>(),
        proptest::option::of(0i64..99),
        proptest::option::of(0u8..3),
        proptest::option::of(0u8..4),
        proptest::option::of(0u8..2),
        proptest::option::weighted(0.3, 0i64..99),
        usage(),
        run_type(),
    );
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (fields, flags).prop_map(|((is_patch, end, outputs, extra, tags, first_token, usage, run_type), flags)| Said {
        is_patch,
        end,
        outputs,
        extra,
        tags,
        first_token,
        usage,
        run_type,
        has_type: flags.0,
        has_parent: flags.1,
        has_start: flags.2,
        has_trace: flags.3,
    })
}

fn op(n: u128, said: &Said, parents: &[Option<u128>]) -> RunOp {
    let parent = parents[n as usize - 1];
    let root = root_of(n, parents);
    let base = if said.is_patch { patch(n) } else { post(n) };
    let Op(mut op) = base.with(|op| {
        op.end = said.end.map(time);
        op.first_token = said.first_token.map(time);
        op.tags = said.tags.map(|tag| vec![format!("tag {tag}")]);
        op.payload.outputs = said.outputs.and_then(|n| json(&format!("{{\"n\":{n}}}")));
        op.payload.extra =
            said.extra.and_then(|n| json(&format!(r#"{{"metadata":{{"k{n}":{n},"all":{n}}},"top":{n}}}"#)));
        op.usage = said.usage.map(|(prompt, completion, cost)| fanlight_server::model::Usage {
            prompt_tokens: Some(prompt),
            completion_tokens: Some(completion),
            total_tokens: Some(prompt + completion),
            total_cost: cost.map(|cost| cost.parse().unwrap()),
            ..Default::default()
        });
        op.name = None;
        op.run_type = said.has_type.then_some(said.run_type);
        op.start = said.has_start.then(|| time(n as i64));
    });
    if said.has_parent
        && let Some(parent) = parent
    {
        op = Op(op).parent(parent).0;
    }
    if said.has_trace {
        op = Op(op).trace(root).0;
    }
    op
}

fn root_of(n: u128, parents: &[Option<u128>]) -> u128 {
    let mut root = n;
    while let Some(parent) = parents[root as usize - 1] {
        root = parent;
    }
    root
}

/// The rules of merging, the plain way: posts and patches apart, then one over the other.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    end: Option<i64>,
    outputs: Option<u8>,
    tags: Option<u8>,
    first_token: Option<i64>,
    usage: Option<(i64, i64, Option<&'static str>)>,
    run_type: Option<RunType>,
    metadata: BTreeMap<String, u8>,
}

fn merged(arrivals: &[&Said]) -> Model {
    let mut model = Model::default();
    let posts = arrivals.iter().rev().filter(|said| !said.is_patch);
    let patches = arrivals.iter().filter(|said| said.is_patch);
    // Later entries of this chain win: the first post over later ones, patches over posts, later patches over earlier.
    for said in posts.chain(patches) {
        model.end = said.end.or(model.end);
        model.outputs = said.outputs.or(model.outputs);
        model.tags = said.tags.or(model.tags);
        model.first_token = said.first_token.or(model.first_token);
        model.usage = said.usage.or(model.usage);
        model.run_type = said.has_type.then_some(said.run_type).or(model.run_type);
        if let Some(n) = said.extra {
            model.metadata.insert(format!("k{n}"), n);
            model.metadata.insert("all".into(), n);
        }
    }
    model
}

fn as_model(run: &Run) -> Model {
    let outputs: Option<serde_json::Value> = run.outputs.as_ref().map(|json| serde_json::from_str(json.get()).unwrap());
    let extra: serde_json::Value = serde_json::from_str(run.extra.as_ref().unwrap().get()).unwrap();
    let metadata = extra["metadata"].as_object().unwrap();
    Model {
        end: run.end_time.map(|end| end.since(time(0)) / 1_000_000_000),
        outputs: outputs.map(|json| json["n"].as_u64().unwrap() as u8),
        tags: run.tags.as_ref().and_then(|tags| tags.first()?.strip_prefix("tag ")?.parse().ok()),
        metadata: metadata.iter().map(|(key, value)| (key.clone(), value.as_u64().unwrap() as u8)).collect(),
        ..Model::default()
    }
}

/// Tokens, cost and first token of a run and everything below it, counted afresh.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counted {
    prompt: i64,
    completion: i64,
    cost_pico: Option<i64>,
    first_token: Option<i64>,
    n_model_runs: usize,
}

fn count(n: u128, models: &BTreeMap<u128, Model>, known_parent: &BTreeMap<u128, u128>) -> Counted {
    let model = &models[&n];
    let mut counted = Counted::default();
    for (&child, _) in known_parent.iter().filter(|(_, parent)| **parent == n) {
        let below = count(child, models, known_parent);
        counted.prompt += below.prompt;
        counted.completion += below.completion;
        counted.n_model_runs += below.n_model_runs;
        counted.first_token = counted.first_token.into_iter().chain(below.first_token).min();
        counted.cost_pico = sum(counted.cost_pico, below.cost_pico);
    }
    let is_llm = model.run_type == Some(RunType::Llm);
    let cost =
        model.usage.and_then(|(_, _, cost)| cost).map(|cost| cost.parse::<fanlight_wire::Usd>().unwrap().picodollars);
    if is_llm {
        counted.first_token = counted.first_token.into_iter().chain(model.first_token).min();
        if let Some((prompt, completion, _)) = model.usage {
            counted.prompt += prompt;
            counted.completion += completion;
            counted.n_model_runs += 1;
        }
        counted.cost_pico = sum(counted.cost_pico, cost);
    } else if counted.n_model_runs == 0 {
        counted.cost_pico = sum(counted.cost_pico, cost);
    }
    counted
}

fn sum(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    (a.is_some() || b.is_some()).then(|| a.unwrap_or(0) + b.unwrap_or(0))
}

fn as_counted(run: &Run) -> Counted {
    Counted {
        prompt: run.prompt_tokens,
        completion: run.completion_tokens,
        cost_pico: run.total_cost.map(|usd| usd.picodollars),
        first_token: run.first_token_time.map(|at| at.since(time(0)) / 1_000_000_000),
        n_model_runs: 0,
    }
}

async fn check(parents: Vec<Option<u128>>, arrivals: Vec<(u128, Said, bool)>) -> Result<(), TestCaseError> {
    let store = TestStore::new();
    let mut batch = Vec::new();
    for (n, said, ends_batch) in &arrivals {
        batch.push(op(*n, said, &parents));
        if *ends_batch {
            store.send(std::mem::take(&mut batch)).await;
        }
    }
    store.send(batch).await;

    let all = RunQuery { order: Some(Order::Asc), ..RunQuery::default() };
    let runs: BTreeMap<u128, Run> = store.query(all).await.runs.into_iter().map(|run| (number(run.id), run)).collect();
    let by_run =
        |n: u128| arrivals.iter().filter(move |(m, _, _)| *m == n).map(|(_, said, _)| said).collect::<Vec<_>>();
    let models: BTreeMap<u128, Model> = runs.keys().map(|&n| (n, merged(&by_run(n)))).collect();
    let mut known_parent = BTreeMap::new();
    for &n in runs.keys() {
        if let Some(parent) = parents[n as usize - 1]
            && runs.contains_key(&parent)
            && by_run(n).iter().any(|said| said.has_parent)
        {
            known_parent.insert(n, parent);
        }
    }
    for (&n, run) in &runs {
        let expected = Model { first_token: None, usage: None, run_type: None, ..models[&n].clone() };
        prop_assert_eq!(as_model(run), expected, "run {}", n);
        prop_assert_eq!(run.run_type, models[&n].run_type.unwrap_or(RunType::Chain));
        let counted = Counted { n_model_runs: 0, ..count(n, &models, &known_parent) };
        prop_assert_eq!(as_counted(run), counted, "totals of run {}", n);
        check_family(n, run, &parents, &by_run(n), &runs)?;
    }
    let integrity = rusqlite::Connection::open(store.directory.path().join("fanlight.db")).unwrap();
    let sums: Vec<(i64, i64)> = integrity
        .prepare("SELECT t.n_runs, (SELECT count(*) FROM runs WHERE trace = t.pk) FROM traces t")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    prop_assert!(sums.iter().all(|(kept, counted)| kept == counted && *kept > 0), "{:?}", sums);
    Ok(())
}

/// The parent is what was said; the trace is what was said, or the parent's.
fn check_family(
    n: u128,
    run: &Run,
    parents: &[Option<u128>],
    said: &[&Said],
    runs: &BTreeMap<u128, Run>,
) -> Result<(), TestCaseError> {
    let parent = parents[n as usize - 1].filter(|_| said.iter().any(|said| said.has_parent));
    prop_assert_eq!(run.parent_run_id.map(number), parent, "parent of run {}", n);
    let trace = if said.iter().any(|said| said.has_trace) {
        root_of(n, parents)
    } else {
        match parent {
            Some(parent) => runs.get(&parent).map_or(parent, |parent| parent.trace_id.0.as_u128()),
            None => n,
        }
    };
    prop_assert_eq!(run.trace_id.0.as_u128(), trace, "trace of run {}", n);
    if let Some(parent) = parent.and_then(|parent| runs.get(&parent)) {
        let is_below = run.dotted_order.starts_with(&format!("{}.", parent.dotted_order));
        prop_assert!(is_below, "the parent's dotted order begins the child's");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_is_merged_and_counted_as_the_rules_say(
        parents in parents(),
        arrivals in proptest::collection::vec((1..=N_RUNS, said(), proptest::bool::weighted(0.3)), 1..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(parents, arrivals))?;
    }
}
