//! The runs looked at lately, and those that the pointer rests on: shown at once when they are selected.

use super::run_data::{RunData, fetch_run};
use crate::api::ApiClient;
use crate::components::erased::effect;
use crate::recent::Recent;
use fanlight_wire::RunId;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// All payloads that are kept together; what is on screen counts, too.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// How long the pointer rests on a run before it is fetched.
const RESTS: Duration = Duration::from_millis(120);

/// Runs with their payloads, by id and by how often the trace had changed. Copy it freely.
#[derive(Clone, Copy)]
pub struct RunCache {
    kept: StoredValue<Recent<RunId, Arc<RunData>>>,
}

impl RunCache {
    pub fn new() -> Self {
        RunCache { kept: StoredValue::new(Recent::new(MAX_BYTES)) }
    }

    /// What is kept of a run, and as of which version of the trace.
    pub fn get(&self, id: RunId) -> Option<(Arc<RunData>, u64)> {
        self.kept.try_update_value(|kept| kept.get(&id)).flatten()
    }

    pub fn keep(&self, data: &Arc<RunData>, version: u64) {
        // The text and, apart from it, the payloads.
        let size_bytes = 2 * data.text.len();
        self.kept.try_update_value(|kept| kept.keep(data.run.id, version, size_bytes, Arc::clone(data)));
    }

    fn is_current(&self, id: RunId, version: u64) -> bool {
        self.kept.with_value(|kept| kept.is_current(&id, version))
    }

    /// Fetches a run unless it is kept as of `version`. Dropping the future ends the request.
    pub async fn fetch(self, api: &ApiClient, id: RunId, version: u64) -> Option<Arc<RunData>> {
        if self.is_current(id, version) {
            return self.get(id).map(|(data, _)| data);
        }
        // Whoever needs it and cannot do without says so when it asks itself.
        let data = Arc::new(fetch_run(api, id).await.ok()?);
        self.keep(&data, version);
        Some(data)
    }

    /// Fetches what the pointer rests on for a moment, until it moves on.
    pub fn fetch_hovered(self, api: ApiClient, hovered: Signal<Option<RunId>>, version: Signal<u64>) {
        let fetch = Action::new_unsync(move |&(id, version): &(RunId, u64)| {
            let api = api.clone();
            async move { drop(self.fetch(&api, id, version).await) }
        });
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let under_way = StoredValue::new(None::<ActionAbortHandle>);
        let stop = move || {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
            if let Some(request) = under_way.try_update_value(Option::take).flatten() {
                request.abort();
            }
        };
        effect(move || {
            let hovered = hovered.get();
            stop();
            let Some(id) = hovered else { return };
            let version = version.get_untracked();
            if self.is_current(id, version) {
                return;
            }
            let start = move || {
                let handle = fetch.dispatch_local((id, version));
                under_way.try_update_value(|under_way| *under_way = Some(handle));
            };
            timer.set_value(set_timeout_with_handle(start, RESTS).ok());
        });
        on_cleanup(stop);
    }
}
