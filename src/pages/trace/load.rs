//! Fetches the shape of a trace, and again whenever the server says that it changed.

use crate::api::{ApiClient, ApiError};
use crate::live::{Live, LiveEvent};
use crate::model::RunTree;
use crate::model::skeleton_from_runs::{SKELETON_FIELDS, skeleton_from_runs};
use fanlight_wire::TraceId;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::skeleton::TraceSkeleton;
use leptos::prelude::*;
use std::time::Duration;

/// How the first load is doing. Once there is something to show, failures of later loads leave it on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Loading,
    Failed(ApiError),
    Ready,
}

/// Loads one trace. Copy it freely.
#[derive(Clone, Copy)]
pub struct TraceLoader {
    pub status: RwSignal<Status>,
    on_tree: Callback<RunTree>,
    trace_id: TraceId,
    api: StoredValue<ApiClient>,
    is_busy: StoredValue<bool>,
    /// Something changed while a load was under way.
    is_outdated: StoredValue<bool>,
}

/// Changes that come in quick succession are fetched together.
const GATHER: Duration = Duration::from_millis(120);
/// After a load, rest this many times as long as it took: a large trace that grows must not keep the server busy.
const REST_FACTOR: f64 = 3.0;

impl TraceLoader {
    /// Loads at once, and then after every change for as long as the current owner lives.
    pub fn start(trace_id: TraceId, on_tree: Callback<RunTree>) -> Self {
        let loader = TraceLoader {
            status: RwSignal::new(Status::Loading),
            on_tree,
            trace_id,
            api: StoredValue::new(expect_context()),
            is_busy: StoredValue::new(false),
            is_outdated: StoredValue::new(false),
        };
        loader.load();
        expect_context::<Live>().on_event(move |event| {
            let concerns_us = match event {
                LiveEvent::Change(change) => change.is_truncated || change.traces.contains(&trace_id),
                LiveEvent::Resync => true,
            };
            if concerns_us {
                loader.load_after(GATHER);
            }
        });
        loader
    }

    /// Starts over after a failure.
    pub fn retry(&self) {
        self.status.set(Status::Loading);
        self.load();
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
        let (api, trace_id) = (self.api.get_value(), self.trace_id);
        leptos::task::spawn_local(async move {
            let began_ms = js_sys::Date::now();
            let result = fetch(&api, trace_id).await;
            let took_ms = js_sys::Date::now() - began_ms;
            // The page may have been left meanwhile.
            let Some(status) = self.status.try_get_untracked() else { return };
            match result {
                Ok(skeleton) => {
                    self.on_tree.run(RunTree::from_skeleton(&skeleton));
                    // Setting it again would draw the page anew.
                    if status != Status::Ready {
                        self.status.set(Status::Ready);
                    }
                }
                Err(error) if status != Status::Ready => self.status.set(Status::Failed(error)),
                // What is on screen is better than an error; the banner says that the connection is lost.
                Err(_) => {}
            }
            self.is_busy.set_value(false);
            if self.is_outdated.get_value() {
                self.load_after(GATHER.max(Duration::from_millis((took_ms * REST_FACTOR) as u64)));
            }
        });
    }
}

/// The skeleton if the server has one, else one made of pages of runs. A trace without runs does not exist.
async fn fetch(api: &ApiClient, trace_id: TraceId) -> Result<TraceSkeleton, ApiError> {
    match api.find_skeleton(trace_id).await {
        // Not there: the trace, or on another LangSmith-compatible API the whole endpoint.
        Err(ApiError::NotFound) => fetch_pages(api, trace_id).await,
        other => other,
    }
}

async fn fetch_pages(api: &ApiClient, trace_id: TraceId) -> Result<TraceSkeleton, ApiError> {
    let mut query = RunQuery {
        trace: Some(trace_id),
        limit: Some(100),
        order: Some(Order::Asc),
        select: Some(SKELETON_FIELDS.iter().map(|&field| field.to_owned()).collect()),
        ..RunQuery::default()
    };
    let mut runs = Vec::new();
    loop {
        let page = api.query_runs(&query).await?;
        let is_empty = page.runs.is_empty();
        runs.extend(page.runs);
        query.cursor = page.cursors.next;
        if is_empty || query.cursor.is_none() {
            break;
        }
    }
    if runs.is_empty() { Err(ApiError::NotFound) } else { Ok(skeleton_from_runs(trace_id, &runs)) }
}
