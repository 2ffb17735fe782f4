//! Builders and a store in a directory of its own, for the store's tests.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use fanlight_server::model::{Batch, OpKind, Payload, ProjectRef, RunOp, Usage};
use fanlight_server::store::Store;
use fanlight_server::store::skeleton::{Skeleton, SkeletonQuery};
use fanlight_server::store::sqlite::{SqliteOptions, SqliteStore};
use fanlight_wire::run_query::{RunPage, RunQuery};
use fanlight_wire::skeleton::UsageOf;
use fanlight_wire::storage::StorageReport;
use fanlight_wire::{RawJson, Run, RunId, RunType, Timestamp, TraceId, Usd};
use serde_json::value::RawValue;
use std::ops::Deref;
use tempfile::TempDir;
use uuid::Uuid;

/// A store that vanishes with its directory.
pub struct TestStore {
    pub store: SqliteStore,
    pub directory: TempDir,
    options: SqliteOptions,
}

impl TestStore {
    pub fn new() -> Self {
        TestStore::with(SqliteOptions::default())
    }

    pub fn with(options: SqliteOptions) -> Self {
        TestStore::in_directory(TempDir::new().unwrap(), options)
    }

    /// What is there already is kept.
    pub fn in_directory(directory: TempDir, options: SqliteOptions) -> Self {
        TestStore { store: SqliteStore::open(directory.path(), options).unwrap(), directory, options }
    }

    /// Closes and opens again.
    pub async fn reopened(self) -> Self {
        let options = self.options;
        TestStore::in_directory(self.closed().await, options)
    }

    /// Only its files.
    pub async fn closed(self) -> TempDir {
        self.store.close().await;
        self.directory
    }

    /// Numbers of the runs that the filter finds, ascending.
    pub async fn find(&self, filter: &str) -> Vec<u128> {
        let query = RunQuery { filter: Some(filter.to_owned()), ..RunQuery::default() };
        let mut found = numbers(&self.query(query).await.runs);
        found.sort_unstable();
        found
    }

    /// Until the words of all runs that have ended are in the search index.
    pub async fn indexed(&self) {
        self.until("everything is indexed", |report| report.n_unindexed_runs == 0).await;
    }

    pub async fn until(&self, what: &str, is_so: impl Fn(&StorageReport) -> bool) {
        let began = std::time::Instant::now();
        while !is_so(&self.store.storage_report().await.unwrap()) {
            assert!(began.elapsed() < std::time::Duration::from_secs(30), "waited too long until {what}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    pub async fn send(&self, runs: impl IntoIterator<Item = RunOp>) {
        let batch = Batch { runs: runs.into_iter().collect(), ..Batch::default() };
        self.store.write(batch).await.unwrap();
    }

    pub async fn run(&self, n: u128) -> Run {
        self.store.find_run(run_id(n)).await.unwrap().expect("the run is there")
    }

    pub async fn query(&self, query: RunQuery) -> RunPage {
        self.store.query_runs(query).await.unwrap()
    }

    /// Of the trace with this number, usage summed up; `None`: there is no such trace.
    pub async fn skeleton(&self, n: u128) -> Option<Skeleton> {
        let query = SkeletonQuery { usage_of: UsageOf::Subtree, ..SkeletonQuery::default() };
        self.store.find_skeleton(TraceId(Uuid::from_u128(n)), query).await.unwrap()
    }

    pub async fn project_id(&self, name: &str) -> fanlight_wire::ProjectId {
        let filter =
            fanlight_server::store::ProjectFilter { name: Some(name.to_owned()), limit: 1, ..Default::default() };
        self.store.list_projects(filter).await.unwrap().first().expect("the project exists").id
    }
}

impl Deref for TestStore {
    type Target = SqliteStore;
    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}

pub fn run_id(n: u128) -> RunId {
    RunId(Uuid::from_u128(n))
}

/// The number a run was made with.
pub fn number(id: RunId) -> u128 {
    id.0.as_u128()
}

pub fn numbers<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Vec<u128> {
    runs.into_iter().map(|run| number(run.id)).collect()
}

pub fn time(seconds: i64) -> Timestamp {
    Timestamp(1_795_471_200_000_000_000 + seconds * 1_000_000_000)
}

pub fn json(text: &str) -> Option<RawJson> {
    Some(RawValue::from_string(text.to_owned()).unwrap())
}

pub fn text(value: &Option<RawJson>) -> &str {
    value.as_ref().map_or("-", |value| value.get())
}

/// An operation under construction.
#[derive(Clone, Debug)]
pub struct Op(pub RunOp);

pub fn post(n: u128) -> Op {
    Op(RunOp {
        name: Some(format!("run {n}")),
        run_type: Some(RunType::Chain),
        start: Some(time(n as i64)),
        ..RunOp::empty(OpKind::Post, run_id(n), ProjectRef::default())
    })
}

pub fn patch(n: u128) -> Op {
    Op(RunOp::empty(OpKind::Patch, run_id(n), ProjectRef::default()))
}

impl Op {
    pub fn with(mut self, change: impl FnOnce(&mut RunOp)) -> Self {
        change(&mut self.0);
        self
    }

    pub fn parent(self, n: u128) -> Self {
        self.with(|op| op.parent_id = Some(run_id(n)))
    }

    pub fn trace(self, n: u128) -> Self {
        self.with(|op| op.trace_id = Some(TraceId(Uuid::from_u128(n))))
    }

    pub fn kind(self, run_type: RunType) -> Self {
        self.with(|op| op.run_type = Some(run_type))
    }

    pub fn project(self, name: &str) -> Self {
        self.with(|op| op.project.name = Some(name.to_owned()))
    }

    pub fn start(self, seconds: i64) -> Self {
        self.with(|op| op.start = Some(time(seconds)))
    }

    pub fn end(self, seconds: i64) -> Self {
        self.with(|op| op.end = Some(time(seconds)))
    }

    pub fn first_token(self, seconds: i64) -> Self {
        self.with(|op| op.first_token = Some(time(seconds)))
    }

    pub fn error(self, message: &str) -> Self {
        self.with(|op| {
            op.error_preview = Some(message.to_owned());
            op.payload.error = Some(message.to_owned());
        })
    }

    pub fn payload(self, change: impl FnOnce(&mut Payload)) -> Self {
        self.with(|op| change(&mut op.payload))
    }

    pub fn inputs(self, text: &str) -> Self {
        self.payload(|payload| payload.inputs = json(text))
    }

    pub fn outputs(self, text: &str) -> Self {
        self.payload(|payload| payload.outputs = json(text))
    }

    pub fn extra(self, text: &str) -> Self {
        self.payload(|payload| payload.extra = json(text))
    }

    /// An LLM call with this many tokens.
    pub fn tokens(self, prompt: i64, completion: i64) -> Self {
        self.kind(RunType::Llm).with(|op| {
            op.usage = Some(Usage {
                prompt_tokens: Some(prompt),
                completion_tokens: Some(completion),
                total_tokens: Some(prompt + completion),
                ..Usage::default()
            });
        })
    }

    /// A cost that somebody set.
    pub fn cost(self, usd: &str) -> Self {
        let total_cost = Some(usd.parse::<Usd>().unwrap());
        self.with(|op| op.usage.get_or_insert_default().total_cost = total_cost)
    }
}

impl From<Op> for RunOp {
    fn from(op: Op) -> RunOp {
        op.0
    }
}
