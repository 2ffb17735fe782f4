//! Loads the selected run, keeps the one before until the new one is there, and loads again when the trace changes.

use crate::api::{ApiClient, ApiError};
use crate::components::erased::{effect, memo};
use fanlight_wire::{RawJson, Run, RunId};
use leptos::prelude::*;
use std::sync::Arc;

/// A run with its payloads as JSON texts that are cheap to pass around.
#[derive(Clone, Debug)]
pub struct RunData {
    /// Without the payloads below: they are moved out.
    pub run: Run,
    pub inputs: Option<Arc<str>>,
    pub outputs: Option<Arc<str>>,
    pub events: Option<Arc<str>>,
    pub extra: Option<Arc<str>>,
    /// The whole answer of the server.
    pub text: Arc<str>,
}

impl RunData {
    fn read(text: String) -> Result<Self, ApiError> {
        let mut run: Run = serde_json::from_str(&text).map_err(|error| ApiError::Decode(error.to_string()))?;
        let taken = |json: Option<RawJson>| -> Option<Arc<str>> {
            let text = json.map(|json| Arc::from(Box::<str>::from(json)))?;
            (text != Arc::from("null")).then_some(text)
        };
        let (inputs, outputs) = (taken(run.inputs.take()), taken(run.outputs.take()));
        let (events, extra) = (taken(run.events.take()), taken(run.extra.take()));
        Ok(RunData { run, inputs, outputs, events, extra, text: text.into() })
    }
}

impl PartialEq for RunData {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What the panel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// No run is selected.
    Nothing,
    Loading,
    /// The server does not know the run.
    Gone,
    /// The reason, as a sentence.
    Failed(String),
    /// This run: the selected one, or the one before while the selected one loads.
    Shown(RunId),
}

/// The selected run and how loading it goes. Copy it freely.
#[derive(Clone, Copy)]
pub struct RunLoader {
    wanted: Signal<Option<RunId>>,
    loaded: RwSignal<Option<Arc<RunData>>>,
    failure: RwSignal<Option<(RunId, ApiError)>>,
    /// Raised to load again.
    n_retries: RwSignal<u32>,
    in_flight: StoredValue<Option<InFlight>>,
}

struct InFlight {
    id: RunId,
    handle: ActionAbortHandle,
    /// Something changed after the request was sent.
    is_outdated: bool,
}

impl RunLoader {
    pub fn new(api: ApiClient, wanted: Signal<Option<RunId>>, refresh: Signal<u64>) -> Self {
        let loader = RunLoader {
            wanted,
            loaded: RwSignal::new(None),
            failure: RwSignal::new(None),
            n_retries: RwSignal::new(0),
            in_flight: StoredValue::new(None),
        };
        let fetch = Action::new_unsync(move |id: &RunId| {
            let (api, id) = (api.clone(), *id);
            async move { loader.finish(id, api.find_run_text(id).await.and_then(RunData::read)) }
        });
        effect(move || {
            refresh.track();
            loader.n_retries.track();
            let wanted = wanted.get();
            let is_loading_it = loader.in_flight.try_update_value(|in_flight| match in_flight {
                // Superseding a request for the same run again and again would never let one finish.
                Some(request) if Some(request.id) == wanted => {
                    request.is_outdated = true;
                    true
                }
                _ => {
                    if let Some(request) = in_flight.take() {
                        request.handle.abort();
                    }
                    false
                }
            });
            if let (Some(id), Some(false)) = (wanted, is_loading_it) {
                let handle = fetch.dispatch_local(id);
                loader.in_flight.set_value(Some(InFlight { id, handle, is_outdated: false }));
            }
        });
        loader
    }

    fn finish(&self, id: RunId, answer: Result<RunData, ApiError>) {
        let is_outdated =
            self.in_flight.try_update_value(|in_flight| in_flight.take().is_some_and(|was| was.is_outdated));
        match answer {
            Ok(data) => {
                self.failure.try_set(None);
                if self.loaded.with_untracked(|loaded| loaded.as_deref() != Some(&data)) {
                    self.loaded.set(Some(Arc::new(data)));
                }
            }
            Err(error) => {
                self.failure.try_set(Some((id, error)));
            }
        }
        if is_outdated == Some(true) {
            self.retry();
        }
    }

    /// Loads again.
    pub fn retry(&self) {
        self.n_retries.update(|n| *n += 1);
    }

    /// What is on screen is not the selected run.
    pub fn is_stale(&self) -> bool {
        let shown = self.loaded.with(|loaded| loaded.as_ref().map(|data| data.run.id));
        shown.is_some() && shown != self.wanted.get()
    }

    /// Why the run on screen is not up to date, when loading it again failed.
    pub fn refresh_failure(&self) -> Option<String> {
        let wanted = self.wanted.get();
        self.failure
            .with(|failure| failure.as_ref().filter(|(id, _)| Some(*id) == wanted).map(|(_, error)| error.to_string()))
    }

    pub fn screen(&self) -> Memo<Screen> {
        let loader = *self;
        memo(move || {
            let Some(wanted) = loader.wanted.get() else { return Screen::Nothing };
            let shown = loader.loaded.with(|loaded| loaded.as_ref().map(|data| data.run.id));
            let failure = loader.failure.with(|failure| failure.clone().filter(|(id, _)| *id == wanted));
            match (shown, failure) {
                (_, Some((_, ApiError::NotFound))) => Screen::Gone,
                (Some(id), _) if id == wanted => Screen::Shown(id),
                (_, Some((_, error))) => Screen::Failed(error.to_string()),
                (Some(id), None) => Screen::Shown(id),
                (None, None) => Screen::Loading,
            }
        })
    }

    /// The data of `id`, which is loaded; what was loaded last of it stays when another run comes.
    pub fn data(&self, id: RunId) -> Memo<Arc<RunData>> {
        let loaded = self.loaded;
        Memo::new(move |before: Option<&Arc<RunData>>| {
            let newest = loaded.get().filter(|data| data.run.id == id);
            newest.or_else(|| before.cloned()).expect("a body is only made for a run that is loaded")
        })
    }
}
