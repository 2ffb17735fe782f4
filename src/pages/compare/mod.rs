//! `/projects/:project_id/traces/:trace_id/compare/:other_id`: two traces side by side, A and B. With `baseline` for the
//! other one: a trace against the median of traces like it, which [`baseline`] finds.
//!
//! [`load`] fetches both, [`address`] keeps selection, measure, filter and window in the URL, [`state`] is what the parts
//! share. [`mod@view`] arranges header, summary, the tree of pairs and what differs in the selected one. The ways in, from a
//! trace and from a list, are in [`open`].

mod address;
mod baseline;
mod baseline_view;
mod chart;
mod details;
mod geometry;
mod header;
mod load;
pub mod open;
mod pointer;
mod rows;
mod state;
mod summary;
mod tree;
mod view;

use crate::components::erased::{dynamic, memo};
use crate::components::part::Drawn;
use crate::pages::not_found::NotFoundPage;
use crate::routes;
use baseline::Wanted;
use baseline_view::BaselineView;
use fanlight_wire::{ProjectId, TraceId};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use view::CompareView;

/// The page, in a file of its own.
#[wasm_split(compare, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <ComparePage /> }.into_any())
}

/// Which traces are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Traces {
    /// In the address; that of A, unless somebody wrote another.
    project: ProjectId,
    a: TraceId,
    b: TraceId,
}

/// What the address asks for.
#[derive(Clone, PartialEq)]
enum Asked {
    Two(Traces),
    Baseline(Wanted),
}

/// Compares two traces, or one with what is usual; others in the address start afresh.
#[component]
fn ComparePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = memo(move || {
        let params = params.read();
        let trace = |name: &str| params.get(name)?.parse::<TraceId>().ok();
        let (project, a) = (params.get("project_id")?.parse().ok()?, trace("trace_id")?);
        if params.get("other_id").as_deref() == Some(routes::BASELINE) {
            return Some(Asked::Baseline(Wanted::read(project, a, &query.read())));
        }
        Some(Asked::Two(Traces { project, a, b: trace("other_id")? }))
    });
    view! {
        <Title text="Compare" />
        {dynamic(move || match asked.get() {
            Some(Asked::Two(traces)) => view! { <CompareView traces baseline=None /> }.into_any(),
            Some(Asked::Baseline(wanted)) => view! { <BaselineView wanted /> }.into_any(),
            None => view! { <NotFoundPage /> }.into_any(),
        })}
    }
}
