//! Fetches both traces: their shapes first, then, where the server has them, the digests of their payloads.

use super::Traces;
use super::baseline::BaselineState;
use super::state::CompareState;
use crate::api::{ApiClient, ApiError, SkeletonWanted};
use crate::compare::baseline::Baseline;
use crate::compare::{Comparison, Side};
use crate::live::{Live, LiveEvent};
use crate::model::{RunTree, RunTreeBuilder};
use crate::pages::trace::fetch_pages;
use fanlight_wire::TraceId;
use fanlight_wire::digest::TraceDigests;
use fanlight_wire::skeleton::SkeletonPart;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How the first load is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Loading,
    /// Which of the two does not exist.
    NotFound(TraceId),
    Failed(ApiError),
    Ready,
}

/// Why payloads were not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digests {
    Here,
    /// The server does not offer them.
    NotOffered,
    /// They could not be had this time.
    Failed,
}

/// Loads two traces. Copy it freely.
#[derive(Clone, Copy)]
pub struct PairLoader {
    pub status: RwSignal<Status>,
    pub digests: RwSignal<Digests>,
    /// Counts loads after the first: what else shows these traces should be fetched again, too.
    pub n_reloads: RwSignal<u64>,
    traces: Traces,
    baseline: Option<BaselineState>,
    state: CompareState,
    api: StoredValue<ApiClient>,
    is_busy: StoredValue<bool>,
    is_outdated: StoredValue<bool>,
}

/// Changes that come in quick succession are fetched together. Both traces are read whole: no hurry.
const GATHER: Duration = Duration::from_millis(1000);
/// What is usual is shown anew after so many traces more.
const SHOWN_EACH: usize = 10;

impl PairLoader {
    /// Loads at once, and again after changes for as long as the current owner lives.
    pub fn start(traces: Traces, baseline: Option<BaselineState>, state: CompareState) -> Self {
        let loader = PairLoader {
            status: RwSignal::new(Status::Loading),
            digests: RwSignal::new(Digests::Here),
            n_reloads: RwSignal::new(0),
            traces,
            baseline,
            state,
            api: StoredValue::new(expect_context()),
            is_busy: StoredValue::new(false),
            is_outdated: StoredValue::new(false),
        };
        loader.load();
        expect_context::<Live>().on_event(move |event| {
            let is_ours = match event {
                LiveEvent::Change(change) => {
                    change.is_truncated || change.traces.iter().any(|trace| [traces.a, traces.b].contains(trace))
                }
                // Traces of a baseline have ended: what was missed is not theirs.
                LiveEvent::Resync => baseline.is_none(),
            };
            if is_ours {
                loader.load_after(GATHER);
            }
        });
        loader
    }

    /// Starts over after a failure.
    pub fn retry(&self) {
        if *self.status.read_untracked() != Status::Ready {
            self.status.set(Status::Loading);
        }
        self.load();
    }

    fn load_after(self, delay: Duration) {
        if self.is_busy.get_value() {
            self.is_outdated.set_value(true);
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
        let (api, Traces { a, b, .. }) = (self.api.get_value(), self.traces);
        leptos::task::spawn_local(async move {
            let trees = fetch_both(&api, (a, b)).await;
            let found = match trees {
                // Payloads are expected to differ from what is usual.
                Ok(trees) if self.baseline.is_some() => Ok((trees, Err(Digests::Here))),
                Ok(trees) => Ok((trees, digests_of_both(&api, (a, b)).await)),
                Err(failure) => Err(failure),
            };
            // The page may have been left meanwhile.
            let Some(status) = self.status.try_get_untracked() else { return };
            if let (Some(baseline), Ok(((typical, subject), _))) = (self.baseline, &found) {
                let sides = [typical, subject].map(|tree| Side::new(Arc::new(tree.clone()), None));
                self.judge(&api, baseline, sides, status).await;
                return;
            }
            match found {
                Ok(((one, other), digests)) => self.show((one, other), digests, status),
                // What is on screen is better than an error; the banner says that the connection is lost.
                Err(_) if status == Status::Ready => {}
                Err((trace, ApiError::NotFound)) => self.status.set(Status::NotFound(trace)),
                Err((_, error)) => self.status.set(Status::Failed(error)),
            }
            self.is_busy.set_value(false);
            if self.is_outdated.get_value() {
                self.load_after(GATHER);
            }
        });
    }

    /// Shows the trace against more and more of the traces that say what is usual.
    async fn judge(self, api: &ApiClient, state: BaselineState, [typical, subject]: [Side; 2], before: Status) {
        let mut baseline = Baseline::new(&subject);
        let traces = state.traces();
        let n_traces = traces.len();
        for (nth, trace) in traces.into_iter().enumerate() {
            // A trace that is gone says nothing, and the rest are enough.
            let Ok(tree) = fetch_tree(api, trace).await else { continue };
            baseline.add(&subject, &Side::new(Arc::new(tree), None));
            if state.n_added.try_set(baseline.n_traces()).is_some() {
                return;
            }
            let is_time = (nth + 1) % SHOWN_EACH == 0 || nth + 1 == n_traces;
            if is_time {
                let comparison = Comparison::new(typical.clone(), subject.clone());
                self.state.show(comparison.against(Arc::new(baseline.clone())));
                self.status.set(Status::Ready);
            }
        }
        if baseline.n_traces() == 0 && self.status.try_get_untracked() == Some(Status::Loading) {
            let reason = "None of the traces of the baseline could be loaded".to_owned();
            self.status.set(Status::Failed(ApiError::Decode(reason)));
        }
        if before == Status::Ready {
            self.n_reloads.try_update(|n| *n += 1);
        }
        self.is_busy.try_set_value(false);
    }

    fn show(
        self,
        (one, other): (RunTree, RunTree),
        digests: Result<(TraceDigests, TraceDigests), Digests>,
        status: Status,
    ) {
        let (of_one, of_other) = match &digests {
            Ok((one, other)) => (Some(one), Some(other)),
            Err(_) => (None, None),
        };
        self.digests.set(digests.as_ref().err().copied().unwrap_or(Digests::Here));
        let (a, b) = (Side::new(Arc::new(one), of_one), Side::new(Arc::new(other), of_other));
        self.state.show(Comparison::new(a, b));
        match status {
            Status::Ready => self.n_reloads.update(|n| *n += 1),
            _ => self.status.set(Status::Ready),
        }
    }
}

async fn fetch_both(api: &ApiClient, (a, b): (TraceId, TraceId)) -> Result<(RunTree, RunTree), (TraceId, ApiError)> {
    let one = fetch_tree(api, a).await.map_err(|error| (a, error))?;
    let other = fetch_tree(api, b).await.map_err(|error| (b, error))?;
    Ok((one, other))
}

/// The shape if the server has one, else one made of pages of runs.
async fn fetch_tree(api: &ApiClient, trace: TraceId) -> Result<RunTree, ApiError> {
    match fetch_shape(api, trace).await {
        // Not there: the trace, or on another LangSmith-compatible API the whole endpoint.
        Err(ApiError::NotFound) => fetch_pages(api, trace, |_| true).await.unwrap_or(Err(ApiError::NotFound)),
        other => other,
    }
}

async fn fetch_shape(api: &ApiClient, trace: TraceId) -> Result<RunTree, ApiError> {
    let mut stream = api.stream_skeleton(trace, SkeletonWanted::Whole).await?;
    let mut builder = None;
    while let Some(part) = stream.next_part().await? {
        match (part, &mut builder) {
            (SkeletonPart::Head(head), _) => builder = Some(RunTreeBuilder::new(&head)),
            (SkeletonPart::Block(block), Some(builder)) => {
                builder.push_block(block).map_err(|error| ApiError::Decode(error.to_string()))?;
            }
            (SkeletonPart::Block(_) | SkeletonPart::End, _) => {}
        }
    }
    builder.map(RunTreeBuilder::finish).ok_or_else(|| ApiError::Decode("the answer is empty".into()))
}

async fn digests_of_both(api: &ApiClient, (a, b): (TraceId, TraceId)) -> Result<(TraceDigests, TraceDigests), Digests> {
    let failed = |error| if error == ApiError::NotFound { Digests::NotOffered } else { Digests::Failed };
    let one = api.find_digests(a).await.map_err(failed)?;
    let other = api.find_digests(b).await.map_err(failed)?;
    Ok((one, other))
}
