//! The search in a trace: what was typed, what the columns say, and what the server found in payloads.

use crate::components::erased::memo;
use crate::model::find::{BadToken, Find, Found};
use crate::model::run_set::RunSet;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunId;
use leptos::prelude::*;
use std::sync::Arc;

/// How asking the server about payloads is going.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PayloadStatus {
    /// Nothing that could be in a payload is looked for.
    #[default]
    NotAsked,
    Searching,
    /// All that was found is here; `is_cut` if it was more than is fetched.
    Done {
        is_cut: bool,
    },
    /// The reason, as a sentence.
    Failed(String),
}

/// The signals behind the search. Copy it freely.
#[derive(Clone, Copy)]
pub struct SearchState {
    pub query: RwSignal<String>,
    /// What `query` means, or which token means nothing.
    pub find: Memo<Result<Find, BadToken>>,
    /// Runs whose payloads hold all the words, in no order.
    pub payload_ids: RwSignal<Vec<RunId>>,
    pub payload_status: RwSignal<PayloadStatus>,
    /// `None` without a query, or with one that cannot be read.
    pub found: Memo<Option<Arc<Found>>>,
}

impl SearchState {
    pub fn new(tree: RwSignal<Arc<RunTree>>) -> Self {
        let query = RwSignal::new(String::new());
        let find = memo(move || query.with(|query| Find::read(query)));
        let payload_ids = RwSignal::new(Vec::<RunId>::new());
        let by_payload = memo(move || {
            let mut ids = payload_ids.get();
            ids.sort_unstable();
            let tree = tree.read();
            let runs = 0..if ids.is_empty() { 0 } else { tree.n_runs() as RunIdx };
            runs.filter(|&run| ids.binary_search(&tree.id(run)).is_ok()).collect::<RunSet>()
        });
        let found = memo(move || {
            find.with(|find| {
                let find = find.as_ref().ok().filter(|find| !find.is_blank())?;
                Some(Arc::new(by_payload.with(|by_payload| find.runs(&tree.read(), by_payload))))
            })
        });
        let payload_status = RwSignal::new(PayloadStatus::default());
        SearchState { query, find, payload_ids, payload_status, found }
    }

    /// What is looked for in payloads.
    pub fn payload_filter(&self) -> Option<String> {
        self.find.with(|find| find.as_ref().ok().and_then(Find::payload_filter))
    }
}
