//! `/`: all projects, with what happened in them.

mod activity;
mod delete_dialog;
pub mod dialogs;
mod find;
mod losses;
pub mod retention;
mod retention_dialog;
mod sort;
mod sparkline;
mod table;

pub use delete_dialog::DeleteDialog;
pub use dialogs::{Failure, Outcome, Subject, open_while, run};
pub use retention_dialog::RetentionDialog;

use crate::api::{ApiClient, ApiError};
use crate::components::erased::{When, dynamic, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::components::toast::use_toasts;
use crate::live::{Live, LiveEvent};
use crate::project_list::use_project_list;
use crate::routes;
use activity::Activity;
use dialogs::{CreateDialog, RenameDialog};
use fanlight_wire::project::Project;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{query_signal_with_options, use_navigate};
use sort::ProjectSort;
use std::time::Duration;
use table::ProjectsTable;

/// Statistics over all projects cost the server something: not asked for more often than this while traces pour in.
const REFRESH: Duration = Duration::from_secs(2);

/// The page, in a file of its own.
#[wasm_split(projects, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <ProjectsPage /> }.into_any())
}

/// Lists the projects with their traces, errors, latency, tokens, cost and last activity.
#[component]
fn ProjectsPage() -> impl IntoView {
    let (list, toasts) = (use_project_list(), use_toasts());
    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (sort, set_sort) = query_signal_with_options::<ProjectSort>("sort", options);
    let sort = Signal::derive(move || sort.get().unwrap_or_default());
    let stats = ProjectStatistics::new();
    let (sought, on_find) = (find::sought(), find::use_find());
    let sorted = Signal::derive(move || {
        let mut projects = stats.projects.get().unwrap_or_default();
        sought.with(|sought| {
            projects.retain(|project| find::matches(&project.name, project.description.as_deref(), sought))
        });
        sort::sort(&mut projects, sort.get());
        projects
    });
    let is_nothing_found = memo(move || sorted.with(Vec::is_empty));
    let activity = Activity::new();

    let has_projects = memo(move || stats.projects.with(|projects| projects.as_ref().map(|all| !all.is_empty())));

    let is_creating = RwSignal::new(false);
    let (renamed, kept) = (RwSignal::new(None::<Subject>), RwSignal::new(None::<Subject>));
    let deleted = RwSignal::new(None::<Subject>);
    let refresh = move || {
        stats.fetch();
        list.refetch();
    };
    let navigate = use_navigate();
    let on_created = Callback::new(move |project: Project| {
        list.refetch();
        navigate(&routes::traces(project.id), NavigateOptions::default());
    });
    let on_renamed = Callback::new(move |project: Project| {
        refresh();
        toasts.show(format!("Renamed to {}", project.name));
    });
    let on_deleted = Callback::new(move |_: Subject| refresh());
    view! {
        <Title text="Projects" />
        <div class="page">
            <header class="page-header">
                <h1>"Projects"</h1>
                <span class="page-header-space"></span>
                <When when=move || has_projects.get() == Some(true)>
                    <find::FindProjects sought on_find />
                </When>
                <button type="button" class="button is-primary" on:click=move |_| is_creating.set(true)>
                    <IconView icon=Icon::Plus />
                    "New project"
                </button>
            </header>
            <div class="page-scroll" tabindex="-1">
                {dynamic(move || match (has_projects.get(), stats.failure.get()) {
                    (None, None) => view! { <RowsSkeleton n_rows=6 /> }.into_any(),
                    (None, Some(error)) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| stats.fetch() /> }.into_any()
                    }
                    (Some(false), _) => view! { <NoProjects /> }.into_any(),
                    (Some(true), _) if is_nothing_found.get() => {
                        view! {
                            <div class="empty-state">
                                <h2>"No project of that name"</h2>
                                <button type="button" class="button" on:click=move |_| on_find.run(String::new())>
                                    "Show all projects"
                                </button>
                            </div>
                        }
                            .into_any()
                    }
                    (Some(true), _) => {
                        view! {
                            <ProjectsTable
                                projects=sorted
                                sort
                                activity
                                on_sort=Callback::new(move |by: ProjectSort| {
                                    set_sort.set((by != ProjectSort::default()).then_some(by));
                                })
                                on_rename=Callback::new(move |project| renamed.set(Some(project)))
                                on_keep=Callback::new(move |project| kept.set(Some(project)))
                                on_delete=Callback::new(move |project| deleted.set(Some(project)))
                            />
                        }
                            .into_any()
                    }
                })}
            </div>
            <CreateDialog is_open=is_creating on_done=on_created />
            <RenameDialog renamed on_done=on_renamed />
            <RetentionDialog kept on_done=Callback::new(move |_| refresh()) />
            <DeleteDialog deleted on_deleted />
        </div>
    }
}

#[component]
fn NoProjects() -> impl IntoView {
    view! {
        <div class="empty-state">
            <h2>"No projects yet"</h2>
            <p>
                "A project keeps the traces of one application. It is made when the first trace arrives, or here, with New project."
            </p>
        </div>
    }
}

/// The projects with their statistics, fetched again as traces come in.
#[derive(Clone, Copy)]
struct ProjectStatistics {
    projects: RwSignal<Option<Vec<Project>>>,
    /// Why the last fetch failed.
    failure: RwSignal<Option<ApiError>>,
    api: StoredValue<ApiClient>,
    is_due: StoredValue<bool>,
}

impl ProjectStatistics {
    /// Fetches, and goes on doing so after live changes for as long as the page is there.
    fn new() -> Self {
        let stats = Self {
            projects: RwSignal::new(None),
            failure: RwSignal::new(None),
            api: StoredValue::new(expect_context()),
            is_due: StoredValue::new(false),
        };
        stats.fetch();
        expect_context::<Live>().on_event(move |event| match event {
            LiveEvent::Resync => stats.fetch(),
            LiveEvent::Change(_) if stats.is_due.get_value() => {}
            LiveEvent::Change(_) => {
                stats.is_due.set_value(true);
                set_timeout(
                    move || {
                        // The page may have been left meanwhile.
                        if stats.is_due.try_set_value(false).is_none() {
                            stats.fetch();
                        }
                    },
                    REFRESH,
                );
            }
        });
        stats
    }

    fn fetch(self) {
        let Some(api) = self.api.try_get_value() else { return };
        leptos::task::spawn_local(async move {
            match api.list_projects(true).await {
                Ok(projects) => {
                    self.projects.try_set(Some(projects));
                    self.failure.try_set(None);
                }
                Err(error) => {
                    self.failure.try_set(Some(error));
                }
            }
        });
    }
}
