//! `/settings/storage`: what the data takes on disk, by project, and how long it is kept.
//!
//! [`report`] keeps the numbers current, [`rows`] orders the projects, [`purge`] follows a deletion until the file has
//! shrunk, `table` and `summary` draw.

pub mod follow;
pub mod purge;
pub mod purge_progress;
mod report;
pub mod rows;
mod summary;
mod table;

use crate::components::erased::{dynamic, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::pages::projects::{DeleteDialog, RetentionDialog, Subject};
use crate::project_list::use_project_list;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;
use report::Report;
use rows::StorageSort;
use summary::Summary;
use table::StorageTable;

/// The page, in a file of its own.
#[wasm_split(storage, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <StoragePage /> }.into_any())
}

/// Shows the file and its parts; a project's menu limits what it keeps, or deletes it.
#[component]
fn StoragePage() -> impl IntoView {
    let list = use_project_list();
    let report = Report::new();
    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (sort, set_sort) = query_signal_with_options::<StorageSort>("sort", options);
    let sort = Signal::derive(move || sort.get().unwrap_or_default());
    let (kept, deleted) = (RwSignal::new(None::<Subject>), RwSignal::new(None::<Subject>));
    let refresh = Callback::new(move |_: Subject| {
        report.fetch();
        list.refetch();
    });
    let has_report = memo(move || report.report.with(Option::is_some));
    let whole = Signal::derive(move || report.report.get().unwrap_or_default());
    let projects = Signal::derive(move || {
        let mut projects = whole.with(|whole| whole.projects.clone());
        rows::sort(&mut projects, sort.get());
        projects
    });
    view! {
        <Title text="Storage" />
        <div class="page">
            <header class="page-header">
                <h1>"Storage"</h1>
            </header>
            <div class="page-scroll" tabindex="-1">
                {dynamic(move || match (has_report.get(), report.failure.get()) {
                    (false, None) => view! { <RowsSkeleton n_rows=6 /> }.into_any(),
                    (false, Some(error)) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| report.fetch() /> }.into_any()
                    }
                    (true, _) => {
                        view! {
                            <Summary report=whole />
                            <StorageTable
                                projects
                                sort
                                on_sort=Callback::new(move |by: StorageSort| {
                                    set_sort.set((by != StorageSort::default()).then_some(by));
                                })
                                on_keep=Callback::new(move |project| kept.set(Some(project)))
                                on_delete=Callback::new(move |project| deleted.set(Some(project)))
                            />
                        }
                            .into_any()
                    }
                })}
            </div>
            <RetentionDialog kept on_done=refresh />
            <DeleteDialog deleted on_deleted=refresh />
        </div>
    }
}
