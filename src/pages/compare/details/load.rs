//! Fetches both runs of the selected pair, and keeps those on screen until the next are there.

use crate::api::{ApiClient, ApiError};
use crate::components::erased::effect;
use fanlight_wire::{RawJson, Run, RunId};
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// A run with its payloads as JSON texts.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Without inputs and outputs: they are moved out.
    pub run: Run,
    pub inputs: Option<Box<str>>,
    pub outputs: Option<Box<str>>,
}

/// What is compared; one of them at least.
#[derive(Clone, Debug, Default)]
pub struct PairOfRuns {
    pub a: Option<Loaded>,
    pub b: Option<Loaded>,
}

/// What the panel shows.
#[derive(Clone)]
pub enum Screen {
    Loading,
    /// The reason, as a sentence.
    Failed(String),
    Shown(Arc<PairOfRuns>),
}

type Ids = Option<(Option<RunId>, Option<RunId>)>;

/// Rows that are only walked over are not fetched.
const RESTS: Duration = Duration::from_millis(80);

/// Loads `ids` when they rest, and again when `refresh` counts up. The callback tries again after a failure.
pub fn use_pair_of_runs(ids: Memo<Ids>, refresh: RwSignal<u64>) -> (RwSignal<Screen>, Callback<()>) {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let screen = RwSignal::new(Screen::Loading);
    let n_retries = RwSignal::new(0u32);
    let in_flight = StoredValue::new(None::<ActionAbortHandle>);
    let fetch = Action::new_unsync(move |ids: &(Option<RunId>, Option<RunId>)| {
        let (a, b) = *ids;
        async move {
            let api = api.get_value();
            let found =
                async { Ok::<_, ApiError>(PairOfRuns { a: fetch_run(&api, a).await?, b: fetch_run(&api, b).await? }) };
            let next = match found.await {
                Ok(runs) => Screen::Shown(Arc::new(runs)),
                Err(error) => Screen::Failed(error.to_string()),
            };
            screen.try_set(next);
        }
    });
    let is_first = StoredValue::new(true);
    effect(move || {
        refresh.track();
        n_retries.track();
        let Some(wanted) = ids.get() else { return };
        let abort = move || {
            in_flight.try_update_value(|in_flight| {
                if let Some(handle) = in_flight.take() {
                    handle.abort();
                }
            });
        };
        abort();
        let rests = if is_first.get_value() { Duration::ZERO } else { RESTS };
        is_first.set_value(false);
        let send = move || {
            in_flight.try_set_value(Some(fetch.dispatch_local(wanted)));
        };
        let timer = set_timeout_with_handle(send, rests).ok();
        on_cleanup(move || {
            if let Some(timer) = timer {
                timer.clear();
            }
        });
    });
    (screen, Callback::new(move |()| n_retries.update(|n| *n += 1)))
}

async fn fetch_run(api: &ApiClient, id: Option<RunId>) -> Result<Option<Loaded>, ApiError> {
    let Some(id) = id else { return Ok(None) };
    let mut run = api.find_run(id).await?;
    let text = |json: Option<RawJson>| -> Option<Box<str>> {
        json.map(Box::<str>::from).filter(|text| !matches!(&**text, "null" | "{}"))
    };
    let (inputs, outputs) = (text(run.inputs.take()), text(run.outputs.take()));
    Ok(Some(Loaded { run, inputs, outputs }))
}
