//! `/projects/:project_id/traces/:trace_id`: one trace.
//!
//! [`load`] fetches its shape and keeps it current, [`address`] keeps selection and window in the URL, `view` arranges
//! header, toolbar, one of the [`views`] and details.

mod address;
mod clock;
mod commands;
pub mod details;
mod find_box;
mod header;
mod jump;
mod load;
mod narrowing;
mod panes;
mod payload_search;
mod row_menu;
mod states;
mod time_bar;
mod toolbar;
mod view;
mod views;

pub(super) use header::{copy_address, copy_link};
pub(super) use load::fetch_pages;
pub(super) use panes::TracePanes;

use crate::components::erased::{dynamic, memo};
use crate::components::part::Drawn;
use fanlight_wire::{ProjectId, TraceId};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use states::TraceNotFound;
use view::TraceView;

/// The page, in a file of its own.
#[wasm_split(trace, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <TracePage /> }.into_any())
}

/// Shows one trace; another trace in the address starts afresh.
#[component]
fn TracePage() -> impl IntoView {
    let params = use_params_map();
    let ids = memo(move || {
        let params = params.read();
        let project: Option<ProjectId> = params.get("project_id")?.parse().ok();
        let trace: Option<TraceId> = params.get("trace_id")?.parse().ok();
        project.zip(trace)
    });
    view! {
        <Title text="Trace" />
        {dynamic(move || match ids.get() {
            Some((project_id, trace_id)) => view! { <TraceView project_id trace_id /> }.into_any(),
            None => view! { <TraceNotFound project_id=None /> }.into_any(),
        })}
    }
}
