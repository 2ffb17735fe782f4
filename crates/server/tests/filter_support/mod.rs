//! Random traces sent in any order, and the plain way of answering questions about them: every run looked at in memory.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use crate::store_support::TestStore;
use fanlight_server::ingest::langsmith::batch::decode_batch;
use fanlight_server::store::{FeedbackFilter, ProjectFilter, Store};
use fanlight_wire::feedback::{FeedbackCreate, FeedbackSource};
use fanlight_wire::filter::eval::{FeedbackFacts, RunFacts, matches};
use fanlight_wire::filter::testing::any_trace;
use fanlight_wire::filter::{Filter, parse};
use fanlight_wire::run_query::{Order, RunQuery, Sort};
use fanlight_wire::{FeedbackId, ProjectId, RawJson, Run, RunId, RunStatus};
use proptest::prelude::*;
use serde_json::value::to_raw_value;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// What is sent, in order, and what is deleted at the end.
#[derive(Clone, Debug)]
pub struct Story {
    batches: Vec<Vec<Arrival>>,
    feedback: Vec<FeedbackCreate>,
    deletes_project: bool,
    deletes_feedback: bool,
}

#[derive(Clone, Debug)]
struct Arrival {
    is_patch: bool,
    id: RunId,
    json: Value,
}

/// How one run is sent.
#[derive(Clone, Debug)]
struct Sending {
    is_split: bool,
    is_elsewhere: bool,
    place: (u16, u16),
}

pub fn any_story() -> impl Strategy<Value = Story> {
    let sending = (proptest::bool::ANY, proptest::bool::weighted(0.1), any::<(u16, u16)>());
    let sending = sending.prop_map(|(is_split, is_elsewhere, place)| Sending { is_split, is_elsewhere, place });
    let trace =
        |number| (any_trace(number), proptest::bool::weighted(0.3), proptest::collection::vec(sending.clone(), 6));
    let traces = (trace(1), trace(2), trace(3), trace(4));
    (traces, 1usize..12, proptest::bool::weighted(0.2), any::<bool>()).prop_map(
        |((a, b, c, d), batch_size, deletes_project, deletes_feedback)| {
            let (mut arrivals, mut feedback) = (Vec::new(), Vec::new());
            for (runs, is_in_b, sendings) in [a, b, c, d] {
                for (run, sending) in runs.iter().zip(sendings) {
                    let project = if is_in_b != sending.is_elsewhere { "b" } else { "a" };
                    arrivals.extend(arrivals_of(run, project, &sending));
                    feedback.extend(feedback_of(run, feedback.len()));
                }
            }
            arrivals.sort_by_key(|(place, _)| *place);
            let arrivals: Vec<Arrival> = arrivals.into_iter().map(|(_, arrival)| arrival).collect();
            let batches = arrivals.chunks(batch_size).map(<[Arrival]>::to_vec).collect();
            Story { batches, feedback, deletes_project, deletes_feedback }
        },
    )
}

fn arrivals_of(run: &RunFacts, project: &str, sending: &Sending) -> Vec<(u16, Arrival)> {
    let mut metadata = run.metadata.clone();
    let mut add = |key: &str, value: Value| {
        metadata.insert(key.to_owned(), value);
    };
    if let Some(thread) = &run.thread_id {
        add("session_id", json!(thread));
    }
    if let Some(model) = &run.model {
        add("ls_model_name", json!(model));
    }
    if let Some(provider) = &run.provider {
        add("ls_provider", json!(provider));
    }
    let cost = |usd: Option<fanlight_wire::Usd>| usd.map(fanlight_wire::Usd::to_f64);
    add(
        "usage_metadata",
        json!({"input_tokens": run.prompt_tokens, "output_tokens": run.completion_tokens, "total_cost": cost(run.total_cost)}),
    );
    let events: Vec<Value> =
        run.first_token_time.iter().map(|time| json!({"name": "new_token", "time": time})).collect();
    let mut post = json!({
        "id": run.id, "trace_id": run.trace_id, "parent_run_id": run.parent_run_id, "name": run.name,
        "run_type": run.run_type, "session_name": project, "start_time": run.start_time, "inputs": run.inputs,
        "tags": run.tags, "reference_example_id": run.reference_example_id, "extra": {"metadata": metadata},
    });
    let rest = json!({
        "id": run.id, "trace_id": run.trace_id, "end_time": run.end_time, "outputs": run.outputs, "error": run.error,
        "status": run.status, "events": events, "session_name": project,
    });
    if sending.is_split {
        let patch = Arrival { is_patch: true, id: run.id, json: rest };
        return vec![(sending.place.0, Arrival { is_patch: false, id: run.id, json: post }), (sending.place.1, patch)];
    }
    let (Value::Object(post_entries), Value::Object(rest)) = (&mut post, rest) else { panic!("both are objects") };
    post_entries.extend(rest);
    vec![(sending.place.0, Arrival { is_patch: false, id: run.id, json: post })]
}

fn feedback_of(run: &RunFacts, n_before: usize) -> Vec<FeedbackCreate> {
    let create = |(idx, feedback): (usize, &FeedbackFacts)| FeedbackCreate {
        id: Some(FeedbackId(Uuid::from_u128(n_before as u128 + idx as u128 + 1))),
        key: Some(feedback.key.clone()),
        run_id: Some(run.id),
        score: feedback.score,
        value: feedback.value.as_ref().map(raw),
        comment: feedback.comment.clone(),
        source: Some(FeedbackSource { kind: feedback.source.clone(), metadata: None, user_id: None, user_name: None }),
        ..FeedbackCreate::default()
    };
    run.feedback.iter().enumerate().map(create).collect()
}

fn raw(value: &Value) -> RawJson {
    to_raw_value(value).unwrap()
}

/// What the store knows after a story, read back run by run.
pub struct Truth {
    pub runs: Vec<Run>,
    pub facts: Vec<RunFacts>,
    pub projects: HashMap<String, ProjectId>,
    /// When a run was first heard of.
    rank: HashMap<RunId, usize>,
}

/// Sends everything and reads it back.
pub async fn tell(store: &TestStore, story: &Story) -> Truth {
    let mut rank = HashMap::new();
    for arrivals in &story.batches {
        let part = |is_patch: bool| arrivals.iter().filter(move |arrival| arrival.is_patch == is_patch);
        for arrival in part(false).chain(part(true)) {
            let next = rank.len();
            rank.entry(arrival.id).or_insert(next);
        }
        let json = |is_patch: bool| part(is_patch).map(|arrival| &arrival.json).collect::<Vec<_>>();
        let body = json!({"post": json(false), "patch": json(true)}).to_string();
        let batch = decode_batch(body.as_bytes()).unwrap();
        assert!(batch.rejections.is_empty(), "{:?}", batch.rejections);
        store.write(batch).await.unwrap();
    }
    let batch = fanlight_server::model::Batch { feedback: story.feedback.clone(), ..Default::default() };
    store.write(batch).await.unwrap();
    if story.deletes_feedback
        && let Some(feedback) = story.feedback.first()
    {
        store.delete_feedback(feedback.id.unwrap()).await.unwrap();
    }
    if story.deletes_project {
        delete_b(store).await;
    }
    read_back(store, rank).await
}

/// Deletes project "b" and waits until its rows are gone: parents elsewhere lose what their children added.
async fn delete_b(store: &TestStore) {
    let filter = ProjectFilter { name: Some("b".to_owned()), limit: 1, ..ProjectFilter::default() };
    let Some(project) = store.list_projects(filter).await.unwrap().pop() else { return };
    store.delete_project(project.id).await.unwrap();
    let db = rusqlite::Connection::open(store.directory.path().join("fanlight.db")).unwrap();
    let n_deleted = || db.query_row("SELECT count(*) FROM deleted_projects", [], |row| row.get::<_, i64>(0)).unwrap();
    while n_deleted() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn read_back(store: &TestStore, rank: HashMap<RunId, usize>) -> Truth {
    let mut runs = Vec::new();
    for id in rank.keys() {
        runs.extend(store.find_run(*id).await.unwrap());
    }
    let mut facts = Vec::new();
    for run in &runs {
        let filter = FeedbackFilter { runs: Some(vec![run.id]), limit: 100, ..FeedbackFilter::default() };
        let feedback = store.list_feedback(filter).await.unwrap();
        let feedback = feedback.into_iter().map(|feedback| FeedbackFacts {
            key: feedback.key,
            score: feedback.score,
            value: feedback.value.map(|value| serde_json::from_str(value.get()).unwrap()),
            comment: feedback.comment,
            source: feedback.source.unwrap().kind,
        });
        facts.push(facts_of(run, feedback.collect()));
    }
    let projects = store.list_projects(ProjectFilter { limit: 100, ..ProjectFilter::default() }).await.unwrap();
    let projects = projects.into_iter().map(|project| (project.name, project.id)).collect();
    Truth { runs, facts, projects, rank }
}

fn facts_of(run: &Run, feedback: Vec<FeedbackFacts>) -> RunFacts {
    let json = |json: &Option<RawJson>| json.as_ref().map(|json| serde_json::from_str::<Value>(json.get()).unwrap());
    let mut metadata: Map<String, Value> =
        json(&run.extra).and_then(|extra| extra["metadata"].as_object().cloned()).unwrap_or_default();
    // Usage is in fields of its own.
    metadata.remove("usage_metadata");
    let provider =
        metadata.get("ls_provider").and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned);
    RunFacts {
        id: run.id,
        trace_id: run.trace_id,
        parent_run_id: run.parent_run_id,
        reference_example_id: run.reference_example_id,
        name: run.name.clone(),
        run_type: run.run_type,
        status: run.status,
        error: run.error.clone(),
        start_time: run.start_time,
        end_time: run.end_time,
        first_token_time: run.first_token_time,
        is_root: run.parent_run_id.is_none(),
        tags: run.tags.clone().unwrap_or_default(),
        thread_id: run.thread_id.clone(),
        model: run.model.clone(),
        provider,
        total_tokens: run.total_tokens,
        prompt_tokens: run.prompt_tokens,
        completion_tokens: run.completion_tokens,
        total_cost: run.total_cost,
        prompt_cost: run.prompt_cost,
        completion_cost: run.completion_cost,
        metadata,
        inputs: json(&run.inputs).filter(|inputs| *inputs != json!({})),
        outputs: json(&run.outputs),
        feedback,
    }
}

impl Truth {
    /// Positions of the runs that a query finds, in no order.
    pub fn found(&self, query: &RunQuery) -> Vec<usize> {
        let filter = |text: &Option<String>| text.as_deref().map_or(Filter::ALL, |text| parse(text).unwrap());
        let root = Filter::RootRun(Box::new(filter(&query.trace_filter)));
        let any = Filter::AnyRun(Box::new(filter(&query.tree_filter)));
        let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        let mut filter = filter(&query.filter);
        // A blank one is no condition, not one that every root passes.
        if !is_blank(&query.trace_filter) {
            filter = filter.and(root);
        }
        if !is_blank(&query.tree_filter) {
            filter = filter.and(any);
        }
        (0..self.runs.len()).filter(|&idx| self.is_in_scope(query, idx) && matches(&filter, idx, &self.facts)).collect()
    }

    fn is_in_scope(&self, query: &RunQuery, idx: usize) -> bool {
        let (run, facts) = (&self.runs[idx], &self.facts[idx]);
        let has_error = run.status == RunStatus::Error || run.error.is_some();
        query.project.is_none_or(|project| run.project_id == project)
            && query.is_root.is_none_or(|is_root| facts.is_root == is_root)
            && query.start_time.is_none_or(|start| run.start_time >= start)
            && query.end_time.is_none_or(|end| run.start_time <= end)
            && query.run_type.is_none_or(|run_type| run.run_type == run_type)
            && query.error.is_none_or(|wanted| has_error == wanted)
    }

    /// Ids in the order that the query asks for.
    pub fn sorted(&self, query: &RunQuery, mut found: Vec<usize>) -> Vec<RunId> {
        let sort = query.sort.unwrap_or_default();
        let place = |idx: usize| (self.runs[idx].start_time, self.rank[&self.runs[idx].id]);
        let order = query.order.unwrap_or_default();
        found.sort_by(|&a, &b| {
            let (value_a, value_b) = (sort_value(sort, &self.runs[a]), sort_value(sort, &self.runs[b]));
            let absent_last = value_a.is_none().cmp(&value_b.is_none());
            let ascending = value_a.cmp(&value_b).then_with(|| place(a).cmp(&place(b)));
            absent_last.then(if order == Order::Asc { ascending } else { ascending.reverse() })
        });
        found.into_iter().map(|idx| self.runs[idx].id).collect()
    }
}

fn sort_value(sort: Sort, run: &Run) -> Option<(i64, String)> {
    let since_start = |time: Option<fanlight_wire::Timestamp>| time.map(|time| time.since(run.start_time).max(0));
    let number = match sort {
        Sort::StartTime => Some(0),
        Sort::Latency => since_start(run.end_time),
        Sort::FirstTokenLatency => since_start(run.first_token_time),
        Sort::TotalTokens => Some(run.total_tokens),
        Sort::TotalCost => run.total_cost.map(|usd| usd.picodollars),
        Sort::Name => return Some((0, run.name.clone())),
    };
    number.map(|number| (number, String::new()))
}
