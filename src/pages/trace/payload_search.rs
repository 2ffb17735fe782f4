//! Asks the server which runs of the trace hold the searched words in their payloads, page by page.

use crate::api::ApiClient;
use crate::components::erased::{effect, memo};
use crate::waterfall::Waterfall;
use crate::waterfall::search_state::PayloadStatus;
use fanlight_wire::TraceId;
use fanlight_wire::run_query::{Order, RunQuery};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::time::Duration;

/// How long typing must rest before the server is asked.
const RESTS: Duration = Duration::from_millis(250);
const PAGE: i64 = 100;
/// Nobody steps through more matches than this; the count says that there are more.
const MOST_HITS: usize = 2000;

/// Keeps `state.search` up to date for as long as the current owner lives. A newer search aborts the one before;
/// `n_reloads` changing asks again, since runs under way may have said more.
pub fn search_payloads(state: Waterfall, trace_id: TraceId, n_reloads: RwSignal<u64>) {
    let api: ApiClient = expect_context();
    let search = state.search;
    let wanted = memo(move || search.payload_filter());
    let asked = RwSignal::new(None::<String>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    effect(move || {
        cancel();
        let filter = wanted.get();
        // Ends what is under way at once.
        asked.set(None);
        search.payload_ids.set(Vec::new());
        let Some(filter) = filter else {
            search.payload_status.set(PayloadStatus::NotAsked);
            return;
        };
        search.payload_status.set(PayloadStatus::Searching);
        timer.set_value(set_timeout_with_handle(move || drop(asked.try_set(Some(filter))), RESTS).ok());
    });
    on_cleanup(cancel);
    effect(move || {
        n_reloads.track();
        let Some(filter) = asked.get() else { return };
        let api = api.clone();
        // Ends with this run of the effect.
        spawn_local_scoped_with_cancellation(async move {
            let mut query = RunQuery {
                trace: Some(trace_id),
                filter: Some(filter),
                limit: Some(PAGE),
                order: Some(Order::Asc),
                select: Some(vec!["id".to_owned()]),
                ..RunQuery::default()
            };
            let mut ids = Vec::new();
            loop {
                match api.query_runs(&query).await {
                    Ok(page) => {
                        let is_empty = page.runs.is_empty();
                        ids.extend(page.runs.into_iter().map(|run| run.id));
                        query.cursor = page.cursors.next.filter(|_| !is_empty);
                    }
                    Err(error) => {
                        search.payload_status.set(PayloadStatus::Failed(error.to_string()));
                        return;
                    }
                }
                search.payload_ids.set(ids.clone());
                let is_cut = ids.len() >= MOST_HITS && query.cursor.is_some();
                if query.cursor.is_none() || is_cut {
                    search.payload_status.set(PayloadStatus::Done { is_cut });
                    return;
                }
            }
        });
    });
}
