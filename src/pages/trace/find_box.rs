//! Finding runs of a trace by name, model, type, status, or what is in their payloads.

use crate::components::erased::{effect, memo};
use crate::components::find_box::{FindBox, Finder, FoundAt};
use crate::format::digits::grouped;
use crate::waterfall::Waterfall;
use crate::waterfall::search_state::PayloadStatus;
use leptos::html::Input;
use leptos::prelude::*;

/// `input` lets the page put the focus here.
#[component]
pub fn TraceFindBox(state: Waterfall, input: NodeRef<Input>) -> impl IntoView {
    let search = state.search;
    let finder = Finder {
        query: search.query,
        bad: memo(move || search.find.with(|find| find.as_ref().err().map(|bad| bad.message.clone()))),
        found: memo(move || {
            let matches = state.matches.get()?;
            let here = state.selected.get().and_then(|run| matches.binary_search(&run).ok());
            Some(FoundAt { here, n: matches.len() })
        }),
        note: memo(move || {
            let n_by_payload = search.found.get().map_or(0, |found| found.n_by_payload) as i64;
            payload_note(&search.payload_status.get(), n_by_payload)
        }),
        only_matches: Some(state.folding.shows_matches_only),
        go: Callback::new(move |is_forward| state.go_to_match(is_forward)),
        leave: Callback::new(move |()| state.focus()),
        say: Callback::new(move |sentence| state.say(sentence)),
    };
    effect(move || state.follow_search());
    let label = "Find runs by name, model, type, status or text";
    view! { <FindBox finder input placeholder="Find in trace" label /> }
}

/// What the server adds to the count: how many only payloads hold, or how far it is.
fn payload_note(status: &PayloadStatus, n_by_payload: i64) -> Option<String> {
    match status {
        PayloadStatus::NotAsked => None,
        PayloadStatus::Done { .. } if n_by_payload == 0 => None,
        PayloadStatus::Done { is_cut: false } => Some(format!("{} in payloads", grouped(n_by_payload))),
        PayloadStatus::Done { is_cut: true } => {
            Some(format!("{} in payloads, and there are more", grouped(n_by_payload)))
        }
        PayloadStatus::Searching => Some("searching payloads…".to_owned()),
        PayloadStatus::Failed(reason) => Some(format!("payloads could not be searched: {reason}")),
    }
}
