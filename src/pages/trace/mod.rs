//! `/projects/:project_id/traces/:trace_id`: one trace.
//!
//! [`load`] fetches its shape and keeps it current, [`address`] keeps selection and window in the URL, `view` arranges
//! header, toolbar, waterfall and details.

mod address;
mod clock;
mod details;
mod find_box;
mod header;
mod load;
mod panes;
mod states;
mod toolbar;
mod view;

use crate::components::erased::{dynamic, memo};
use fanlight_wire::{ProjectId, TraceId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use states::TraceNotFound;
use view::TraceView;

/// Shows one trace; another trace in the address starts afresh.
#[component]
pub fn TracePage() -> impl IntoView {
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
