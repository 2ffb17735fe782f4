//! Merged call paths on the page: a sortable treegrid, the heaviest path first, and below it what surrounds the one
//! that is selected.
//!
//! The selected path is that of the selected run, so it is in the address and the same in every view.

mod butterfly;
mod row;
mod state;
mod table;

use super::ViewProps;
use crate::aggregate::keys::PATH_KEYS;
use crate::components::erased::{When, effect};
use crate::components::key_sheet::use_key_help;
use crate::components::part::Drawn;
use crate::keys::KeyGroup;
use butterfly::Butterfly;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use state::AggregateState;
use table::PathTable;

/// The view, in a file of its own.
#[wasm_split(aggregate, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn aggregate(props: ViewProps) -> Drawn {
    Ok(view! { <AggregatePage props /> }.into_any())
}

#[component]
fn AggregatePage(props: ViewProps) -> impl IntoView {
    let state = AggregateState::new(props.state, props.unit);
    use_key_help(KeyGroup::new("Aggregate", PATH_KEYS));
    // A run that is selected elsewhere is in a path that may be folded.
    effect(move || {
        if let Some(path) = state.selected.get() {
            state.reveal(path);
        }
    });
    view! {
        <section class="aggregate" aria-label="Aggregate">
            <PathTable state on_details=props.on_details on_pick=props.on_pick />
            <When when=move || state.selected.get().is_some()>
                <Butterfly state on_pick=props.on_pick />
            </When>
        </section>
    }
}
