//! `/projects/:project_id/traces`: the traces of one project, or its runs; filtered, counted, sorted, exported.
//!
//! [`query`] is the state, kept in the address by [`address`]. [`question`] turns it into what the server is asked;
//! [`list`] says how the rows are fetched, page by page as in [`super::paged`]; [`table`] draws them in any columns. [`filter`] holds the bar and the facets, [`histogram`] what is above the list. What keys and buttons do is
//! in [`actions`].

mod actions;
mod address;
mod body;
mod cell_filter;
mod cells;
mod column_id;
mod columns;
mod columns_picker;
mod commands;
mod export_dialog;
mod filter;
mod follow;
mod histogram;
mod keys;
mod list;
mod live_state;
pub mod memory;
mod nothing_found;
mod overview;
mod page;
mod panels;
mod preview;
mod query;
mod question;
mod row;
mod selection;
mod selection_bar;
mod set_up;
mod shape_strip;
mod table;
pub mod time_picker;
pub mod time_range;
mod tools;
mod views;

use crate::components::erased::memo;
use crate::components::part::Drawn;
use crate::pages::not_found::NotFoundPage;
use fanlight_wire::ProjectId;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_router::hooks::use_params_map;
use page::ProjectTraces;

/// The page, in a file of its own.
#[wasm_split(traces, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <TracesPage /> }.into_any())
}

/// Lists a project's traces.
#[component]
fn TracesPage() -> impl IntoView {
    let params = use_params_map();
    let project = memo(move || params.with(|params| params.get("project_id")?.parse::<ProjectId>().ok()));
    // Another project is another page.
    move || match project.get() {
        Some(project) => view! { <ProjectTraces project /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}
