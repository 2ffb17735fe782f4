//! `/o/:tenant/projects/p/:project[/r/:run]`: the links that SDKs print. They lead to our own pages.

use crate::api::ApiClient;
use crate::components::erased::dynamic;
use crate::components::load_failed::LoadFailed;
use crate::pages::not_found::NotFoundPage;
use crate::routes;
use fanlight_wire::{ProjectId, RunId, TraceId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

/// Goes to the project or run that the link names; looks the run's trace up where the link does not say it.
#[component]
pub fn SdkLinkPage() -> impl IntoView {
    let api = expect_context::<ApiClient>();
    let (params, query) = (use_params_map(), use_query_map());
    let project = params.with_untracked(|params| params.get("project_id")?.parse::<ProjectId>().ok());
    let run = params.with_untracked(|params| params.get("run_id").map(|id| id.parse::<RunId>()));
    let trace = query.with_untracked(|query| query.get("trace_id")?.parse::<TraceId>().ok());

    let go = {
        let navigate = use_navigate();
        move |path: String| navigate(&path, NavigateOptions { replace: true, ..Default::default() })
    };
    let failure = RwSignal::new(None::<String>);
    match (project, run, trace) {
        (None, ..) | (_, Some(Err(_)), _) => return view! { <NotFoundPage /> }.into_any(),
        (Some(project), None, _) => request_animation_frame(move || go(routes::traces(project))),
        (Some(project), Some(Ok(run)), Some(trace)) => {
            request_animation_frame(move || go(routes::run(project, trace, run)));
        }
        (Some(_), Some(Ok(run)), None) => leptos::task::spawn_local(async move {
            match api.find_run(run).await {
                Ok(found) => go(routes::run(found.project_id, found.trace_id, run)),
                Err(error) => failure.set(Some(error.to_string())),
            }
        }),
    }
    view! {
        <Title text="Opening" />
        <div class="page">
            {dynamic(move || match failure.get() {
                Some(message) => view! { <LoadFailed message /> }.into_any(),
                None => view! { <p class="page-note" role="status">"Opening…"</p> }.into_any(),
            })}
        </div>
    }
    .into_any()
}
