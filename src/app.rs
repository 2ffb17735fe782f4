//! The application: what every page may take from context, the page shell, the route table.

use crate::api::ApiClient;
use crate::components::clock::Clock;
use crate::components::erased::memo;
use crate::components::key_sheet::KeySheet;
use crate::components::palette::Palette;
use crate::components::part::part;
use crate::components::skeleton::RowsSkeleton;
use crate::components::toast::Toasts;
use crate::live::Live;
use crate::pages::not_found::NotFoundPage;
use crate::pages::sdk_link::SdkLinkPage;
use crate::pages::threads::memory::ThreadMemory;
use crate::pages::traces::memory::ListMemory;
use crate::pages::{
    compare, monitor, prices, projects, prompt, prompt_diff, prompts, storage, thread, threads, trace, traces,
};
use crate::preferences::provide_preferences;
use crate::prefetch::prefetch_pages;
use crate::project_list::ProjectList;
use crate::routes;
use crate::shell::Shell;
use crate::theme::provide_theme;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

/// The whole dashboard.
///
/// Provides [`ApiClient`], [`Live`], [`ProjectList`], [`Toasts`], [`KeySheet`], [`Palette`], the clock, the preferences and the
/// canvas tokens.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_preferences();
    provide_theme();
    let api = ApiClient::same_origin();
    provide_context(api.clone());
    Live::provide().discover(api);
    ProjectList::provide();
    Toasts::provide();
    KeySheet::provide();
    Palette::provide();
    ListMemory::provide();
    ThreadMemory::provide();
    Clock::provide();

    view! {
        <Title formatter=page_title />
        <Router>
            <Pages />
        </Router>
    }
}

/// The route table. Inside the router, because the stream of changes follows the project in the address.
#[component]
fn Pages() -> impl IntoView {
    let live = expect_context::<Live>();
    let location = use_location();
    let project = memo(move || location.pathname.with(|path| routes::project_of(path)));
    live.follow(expect_context(), move || project.get());
    prefetch_pages();

    view! {
        <Shell>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/projects/:project_id/threads") view=|| part(threads::fetch, threads::page, waiting) />
                <Route path=path!("/projects/:project_id/threads/:thread_id") view=|| part(thread::fetch, thread::page, waiting) />
                <Route
                    path=path!("/prompts/:name/compare/:versions")
                    view=|| part(prompt_diff::fetch, prompt_diff::page, waiting)
                />
                <Route path=path!("/projects/:project_id/monitor") view=|| part(monitor::fetch, monitor::page, waiting) />
                <Route path=path!("/settings/storage") view=|| part(storage::fetch, storage::page, waiting) />
                <Route path=path!("/prompts") view=|| part(prompts::fetch, prompts::page, waiting) />
                <Route path=path!("/prompts/:name/:version?") view=|| part(prompt::fetch, prompt::page, waiting) />
                <Route path=path!("/settings/prices") view=|| part(prices::fetch, prices::page, waiting) />
                <Route path=path!("/") view=|| part(projects::fetch, projects::page, waiting) />
                <Route path=path!("/projects/:project_id/traces") view=|| part(traces::fetch, traces::page, waiting) />
                <Route
                    path=path!("/projects/:project_id/traces/:trace_id")
                    view=|| part(trace::fetch, trace::page, waiting)
                />
                <Route
                    path=path!("/projects/:project_id/traces/:trace_id/compare/:other_id")
                    view=|| part(compare::fetch, compare::page, waiting)
                />
                <Route path=path!("/o/:tenant/projects/p/:project_id") view=SdkLinkPage />
                <Route path=path!("/o/:tenant/projects/p/:project_id/r/:run_id") view=SdkLinkPage />
            </Routes>
        </Shell>
    }
}

/// What stands where a page will be while its code is on its way.
fn waiting() -> impl IntoView {
    view! {
        <div class="page">
            <RowsSkeleton n_rows=20 />
        </div>
    }
}

fn page_title(page: String) -> String {
    if page.is_empty() { "Fanlight".into() } else { format!("{page} · Fanlight") }
}
