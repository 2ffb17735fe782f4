//! Loads the selected run, keeps the one before until the new one is there, and loads again when the trace changes.

use super::cache::RunCache;
use super::run_data::{RunData, fetch_run};
use crate::api::{ApiClient, ApiError};
use crate::components::erased::{effect, memo};
use fanlight_wire::RunId;
use leptos::prelude::*;
use std::sync::Arc;

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
    cache: RunCache,
}

struct InFlight {
    id: RunId,
    /// How often the trace had changed when the request was sent.
    version: u64,
    handle: ActionAbortHandle,
    /// Something changed after the request was sent.
    is_outdated: bool,
}

impl RunLoader {
    pub fn new(api: ApiClient, cache: RunCache, wanted: Signal<Option<RunId>>, refresh: Signal<u64>) -> Self {
        let loader = RunLoader {
            wanted,
            loaded: RwSignal::new(None),
            failure: RwSignal::new(None),
            n_retries: RwSignal::new(0),
            in_flight: StoredValue::new(None),
            cache,
        };
        let fetch = Action::new_unsync(move |id: &RunId| {
            let (api, id) = (api.clone(), *id);
            async move { loader.finish(id, fetch_run(&api, id).await) }
        });
        let n_retries_before = StoredValue::new(0);
        effect(move || {
            let version = refresh.get();
            let n_retries = loader.n_retries.get();
            let wanted = wanted.get();
            let is_retry =
                n_retries_before.try_update_value(|before| std::mem::replace(before, n_retries) != n_retries);
            // What was looked at before shows at once; it is fetched again only when the trace has changed since.
            let is_current = is_retry == Some(false) && wanted.is_some_and(|id| loader.show_kept(id, version));
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
            if let (Some(id), Some(false), false) = (wanted, is_loading_it, is_current) {
                let handle = fetch.dispatch_local(id);
                loader.in_flight.set_value(Some(InFlight { id, version, handle, is_outdated: false }));
            }
        });
        loader
    }

    /// Shows what is kept of a run; returns whether that is as new as the trace.
    fn show_kept(&self, id: RunId, version: u64) -> bool {
        let Some((data, kept_version)) = self.cache.get(id) else { return false };
        if self.loaded.with_untracked(|loaded| loaded.as_ref().map(|loaded| loaded.run.id) != Some(id)) {
            self.failure.set(None);
            self.loaded.set(Some(data));
        }
        kept_version >= version
    }

    fn finish(&self, id: RunId, answer: Result<RunData, ApiError>) {
        let was = self.in_flight.try_update_value(Option::take).flatten();
        let is_outdated = was.as_ref().map(|was| was.is_outdated);
        match answer {
            Ok(data) => {
                self.failure.try_set(None);
                let data = Arc::new(data);
                if let Some(was) = was {
                    self.cache.keep(&data, was.version);
                }
                // A page that is left has no signals any more.
                let is_news = self.loaded.try_with_untracked(|loaded| loaded.as_ref() != Some(&data));
                if is_news == Some(true) {
                    self.loaded.set(Some(data));
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
