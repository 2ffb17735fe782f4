//! Fetches the shape of a trace, and what changed of it whenever the server says that something did.
//!
//! A large trace arrives in blocks: each becomes part of the tree at once, in slices short enough for the page to stay
//! alive, and how far it is can be seen. [`below`] fetches what a very large trace was sent without, [`pages`] is the way to
//! servers that offer no shapes.

mod below;
mod pages;
mod slices;

pub(in crate::pages) use self::pages::fetch_pages;
use self::slices::Slices;
use crate::api::{ApiClient, ApiError, SkeletonWanted};
use crate::format::digits::grouped;
use crate::live::{Live, LiveEvent};
use crate::model::{RunTree, RunTreeBuilder};
use crate::waterfall::Waterfall;
use crate::waterfall::critical_path::CriticalPathWalk;
use fanlight_wire::TraceId;
use fanlight_wire::skeleton::{SkeletonHead, SkeletonPart};
use leptos::prelude::*;
use std::time::Duration;

/// How the first load is doing. Once there is something to show, failures of later loads leave it on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Loading,
    /// The reader had it stopped.
    Stopped,
    Failed(ApiError),
    Ready,
}

/// How much of the trace has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub n_runs: usize,
    /// `None`: not known beforehand.
    pub n_all: Option<usize>,
}

impl Progress {
    /// Fewer runs are here before anyone could read how many have come.
    const WORTH_SAYING: usize = 20_000;

    /// `None` while there is nothing worth saying.
    pub fn sentence(&self) -> Option<String> {
        let n_runs = grouped(self.n_runs as i64);
        match self.n_all {
            Some(n_all) if n_all < Self::WORTH_SAYING => None,
            Some(n_all) => Some(format!("{n_runs} of {} runs", grouped(n_all as i64))),
            None if self.n_runs == 0 => None,
            None => Some(format!("{n_runs} runs so far")),
        }
    }
}

/// Loads one trace. Copy it freely.
#[derive(Clone, Copy)]
pub struct TraceLoader {
    pub status: RwSignal<Status>,
    pub progress: RwSignal<Progress>,
    /// How many runs the trace has when the server sent only those that matter most.
    pub n_in_trace: RwSignal<Option<u64>>,
    /// Counts loads after the first: what else shows this trace should be fetched again, too.
    pub n_reloads: RwSignal<u64>,
    state: Waterfall,
    trace_id: TraceId,
    api: StoredValue<ApiClient>,
    /// What is on screen, in the server's count: later loads ask for what changed since.
    version: StoredValue<Option<u64>>,
    is_busy: StoredValue<bool>,
    /// Something changed while a load was under way.
    is_outdated: StoredValue<bool>,
}

/// Changes that come in quick succession are fetched together.
const GATHER: Duration = Duration::from_millis(120);
/// After a load, rest this many times as long as it took: a large trace that grows must not keep the server busy.
const REST_FACTOR: f64 = 3.0;

/// Takes about a millisecond.
const RUNS_AT_ONCE: usize = 10_000;

/// What a load brought.
enum Loaded {
    /// The trace as it is now.
    Tree { tree: RunTree, version: Option<u64>, n_in_trace: Option<u64> },
    /// Runs that changed; none: nothing did.
    Changes { tree: RunTree, version: u64 },
}

impl TraceLoader {
    /// Loads into `state` at once, and then after every change for as long as the current owner lives.
    pub fn start(trace_id: TraceId, state: Waterfall) -> Self {
        let loader = TraceLoader {
            status: RwSignal::new(Status::Loading),
            progress: RwSignal::new(Progress::default()),
            n_in_trace: RwSignal::new(None),
            n_reloads: RwSignal::new(0),
            state,
            trace_id,
            api: StoredValue::new(expect_context()),
            version: StoredValue::new(None),
            is_busy: StoredValue::new(false),
            is_outdated: StoredValue::new(false),
        };
        loader.load();
        loader.fetch_when_asked();
        expect_context::<Live>().on_event(move |event| {
            let concerns_us = match event {
                LiveEvent::Change(change) => change.is_truncated || change.traces.contains(&trace_id),
                LiveEvent::Resync => true,
            };
            if concerns_us && loader.status.get_untracked() != Status::Stopped {
                loader.load_after(GATHER);
            }
        });
        loader
    }

    /// Starts over after a failure or a stop.
    pub fn retry(&self) {
        self.status.set(Status::Loading);
        self.load();
    }

    /// Ends the first load.
    pub fn stop(&self) {
        self.status.set(Status::Stopped);
    }

    fn load_after(self, delay: Duration) {
        self.is_outdated.set_value(true);
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        set_timeout(
            move || {
                if self.is_busy.try_set_value(false).is_none() {
                    self.load();
                }
            },
            delay,
        );
    }

    fn load(self) {
        if self.is_busy.get_value() {
            self.is_outdated.set_value(true);
            return;
        }
        self.is_busy.set_value(true);
        self.is_outdated.set_value(false);
        self.progress.set(Progress::default());
        leptos::task::spawn_local(async move {
            let began_ms = js_sys::Date::now();
            let result = self.fetch().await;
            let took_ms = js_sys::Date::now() - began_ms;
            self.show(result).await;
            // Or left while what is shown first was being worked out.
            if self.status.try_get_untracked().is_none() {
                return;
            }
            self.is_busy.set_value(false);
            if self.is_outdated.get_value() {
                self.load_after(GATHER.max(Duration::from_millis((took_ms * REST_FACTOR) as u64)));
            }
        });
    }

    /// `None`: it was stopped. Does nothing when the page has been left.
    async fn show(self, result: Option<Result<Loaded, ApiError>>) {
        let Some(status) = self.status.try_get_untracked() else { return };
        match result {
            Some(Ok(Loaded::Changes { tree, version })) => {
                self.version.set_value(Some(version));
                if !tree.is_empty() {
                    let merged = self.state.tree.with_untracked(|shown| shown.with_changes(&tree));
                    if self.show_tree(merged).await {
                        self.n_reloads.update(|n| *n += 1);
                    }
                }
            }
            Some(Ok(Loaded::Tree { tree, version, n_in_trace })) => {
                if !self.show_tree(tree).await {
                    return;
                }
                self.version.set_value(version);
                self.n_in_trace.set(n_in_trace);
                if status == Status::Ready {
                    self.n_reloads.update(|n| *n += 1);
                } else {
                    self.status.set(Status::Ready);
                }
            }
            Some(Err(error)) if status != Status::Ready => self.status.set(Status::Failed(error)),
            // Too many asked at once: what changed is still to be fetched.
            Some(Err(ApiError::Refused { status: 429, .. })) => self.is_outdated.set_value(true),
            // What is on screen is better than an error; the banner says that the connection is lost.
            Some(Err(_)) | None => {}
        }
    }

    /// Works out what decides how a trace opens, in slices, and shows it. False when the page has been left meanwhile.
    async fn show_tree(self, tree: RunTree) -> bool {
        let mut slices = Slices::begin();
        let mut walk = CriticalPathWalk::new(&tree, tree.extent_ns());
        while walk.advance(&tree, RUNS_AT_ONCE) {
            slices.rest_if_due().await;
        }
        let path = walk.finish();
        slices.rest_if_due().await;
        let is_here = self.status.try_get_untracked().is_some();
        if is_here {
            self.state.set_tree(tree, &path);
        }
        is_here
    }

    /// The shape if the server has one, else one made of pages of runs. A trace without runs does not exist.
    async fn fetch(self) -> Option<Result<Loaded, ApiError>> {
        let api = self.api.get_value();
        match self.fetch_shape(&api).await {
            // Not there: the trace, or on another LangSmith-compatible API the whole endpoint.
            Some(Err(ApiError::NotFound)) => {
                let on_progress = |n_runs| self.keep_on(Progress { n_runs, n_all: None });
                let tree = fetch_pages(&api, self.trace_id, on_progress).await?;
                Some(tree.map(|tree| Loaded::Tree { tree, version: None, n_in_trace: None }))
            }
            other => other,
        }
    }

    async fn fetch_shape(self, api: &ApiClient) -> Option<Result<Loaded, ApiError>> {
        let wanted = self.version.try_get_value()?.map_or(SkeletonWanted::Whole, SkeletonWanted::Since);
        let read = read_shape(api, self.trace_id, wanted, |progress| self.keep_on(progress)).await?;
        Some(read.map(|(tree, head)| {
            if head.is_changes {
                return Loaded::Changes { tree, version: head.version };
            }
            let n_in_trace = Some(head.n_runs_in_trace).filter(|&n_all| n_all > head.n_runs.into());
            Loaded::Tree { tree, version: Some(head.version), n_in_trace }
        }))
    }

    /// Notes how far it is; false when the reader wants no more of it, or has left the page.
    fn keep_on(self, progress: Progress) -> bool {
        let Some(status) = self.status.try_get_untracked() else { return false };
        self.progress.set(progress);
        status != Status::Stopped
    }
}

/// Reads an answer to its end, in slices. `None`: `keep_on` said that no more of it is wanted.
async fn read_shape(
    api: &ApiClient,
    trace_id: TraceId,
    wanted: SkeletonWanted,
    keep_on: impl Fn(Progress) -> bool,
) -> Option<Result<(RunTree, SkeletonHead), ApiError>> {
    let mut stream = match api.stream_skeleton(trace_id, wanted).await {
        Ok(stream) => stream,
        Err(error) => return Some(Err(error)),
    };
    let mut slices = Slices::begin();
    let mut found = None;
    loop {
        match stream.next_part().await {
            Err(error) => return Some(Err(error)),
            Ok(None | Some(SkeletonPart::End)) => break,
            Ok(Some(SkeletonPart::Head(head))) => found = Some((RunTreeBuilder::new(&head), head)),
            Ok(Some(SkeletonPart::Block(block))) => {
                let (builder, head) = found.as_mut().expect("the head comes before the runs");
                if let Err(error) = builder.push_block(block) {
                    return Some(Err(ApiError::Decode(error.to_string())));
                }
                if !keep_on(Progress { n_runs: builder.n_runs(), n_all: Some(head.n_runs as usize) }) {
                    return None;
                }
                slices.rest_if_due().await;
            }
        }
    }
    let (builder, head) = found.expect("an answer that ends began with its head");
    Some(Ok((builder.finish(), head)))
}
