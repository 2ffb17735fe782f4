//! `/projects/:project_id/monitor`: what the traces of one project come to over time, and what changed.
//!
//! [`query`] is the state that the address holds, [`data`] what is asked and answered. [`grid`] arranges the charts, which
//! `crate::charts` draws, [`boards`] holds those of one's own; [`dock`] shows what is behind a chosen part of one: examples, what differs, the way to the list.

mod bar;
mod boards;
mod budget;
mod cards_view;
mod data;
mod dock;
mod grid;
mod keys;
mod names;
mod query;

use crate::charts::figure::Shared;
use crate::components::clock;
use crate::components::erased::{dynamic, live, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::monitor::selection::Selection;
use crate::pages::not_found::NotFoundPage;
use crate::project_list::use_project_list;
use crate::routes;
use bar::MonitorBar;
use boards::Boards;
use boards::grid::BoardGrid;
use budget::Month;
use cards_view::Cards;
use data::Data;
use dock::Dock;
use fanlight_wire::ProjectId;
use grid::Grid;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use query::MonitorQuery;
use uuid::Uuid;

/// The page, in a file of its own.
#[wasm_split(monitor, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <MonitorPage /> }.into_any())
}

/// Charts of a project's traces.
#[component]
fn MonitorPage() -> impl IntoView {
    let params = use_params_map();
    let project = memo(move || params.with(|params| params.get("project_id")?.parse::<ProjectId>().ok()));
    // Another project is another page.
    dynamic(move || match project.get() {
        Some(project) => view! { <ProjectMonitor project /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    })
}

#[component]
fn ProjectMonitor(project: ProjectId) -> impl IntoView {
    let projects = use_project_list();
    let search = use_location().search;
    let query = memo(move || search.with(|search| MonitorQuery::read(search)));
    let (data, boards) = (Data::new(project, query), Boards::new(project));
    let navigate = StoredValue::new_local(use_navigate());
    let on_change = Callback::new(move |(query, replace): (MonitorQuery, bool)| {
        let (path, query) = (routes::monitor(project), query.to_string());
        let address = if query.is_empty() { path } else { format!("{path}?{query}") };
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&address, options));
    });
    let choose = move |selection: Option<Selection>| {
        on_change.run((MonitorQuery { selection, ..query.get_untracked() }, false));
    };
    // The heading of what opens, which gets the focus when it was opened by keys.
    let (dock, wants_focus) = (NodeRef::<html::H2>::new(), StoredValue::new(false));
    let shared = Shared {
        hovered: RwSignal::new(None),
        selection: memo(move || query.with(|query| query.selection)).into(),
        on_select: Callback::new(move |(selection, is_by_keys): (Selection, bool)| {
            wants_focus.set_value(is_by_keys);
            if is_by_keys && query.with_untracked(|query| query.selection == Some(selection)) {
                dock::focus(dock);
            }
            choose(Some(selection));
        }),
        on_clear: Callback::new(move |()| {
            if query.with_untracked(|query| query.selection.is_some()) {
                choose(None);
            }
        }),
    };
    let field = NodeRef::<html::Input>::new();
    keys::use_monitor_keys(field, shared.on_clear);

    let project_name = memo(move || projects.name_of(project).unwrap_or_default());
    let is_missing = memo(move || projects.is_missing(project));
    let board = memo(move || query.with(|query| query.board));
    let on_close = move || choose(None);
    view! {
        <Title text=move || format!("Monitor · {}", project_name.get()) />
        <div class="page monitor">
            <header class="page-header">
                <h1>"Monitor"</h1>
            </header>
            <MonitorBar data boards query on_change field />
            <div class="page-scroll" aria-busy=live(move || data.overview.is_loading.get().to_string())>
                {dynamic(move || match (is_missing.get(), board.get()) {
                    (true, _) => view! { <NotFoundPage /> }.into_any(),
                    (false, Some(board)) => board_view(board, data, boards, shared),
                    (false, None) => overview(project, data, query, on_change, shared),
                })}
            </div>
            {dynamic(move || {
                shared
                    .selection
                    .get()
                    .map(|selection| {
                        view! { <Dock data query selection on_change on_close=move |()| on_close() heading=dock wants_focus /> }
                    })
            })}
        </div>
    }
}

/// The charts of one board.
fn board_view(id: Uuid, data: Data, boards: Boards, shared: Shared) -> AnyView {
    let state = memo(move || {
        let is_known = boards.all.value.with(|all| all.as_ref().map(|all| all.iter().any(|board| board.id == id)));
        match (is_known, boards.all.failure.with(|error| error.as_ref().map(ToString::to_string))) {
            (Some(true), _) => State::Filled,
            (_, Some(message)) => State::Failed(message),
            (Some(false), None) => State::Empty,
            (None, None) => State::Loading,
        }
    });
    dynamic(move || match state.get() {
        State::Filled => view! { <BoardGrid data boards board=id shared /> }.into_any(),
        State::Loading => view! { <RowsSkeleton n_rows=8 /> }.into_any(),
        State::Failed(message) => view! { <LoadFailed message on_retry=move |()| boards.all.refetch() /> }.into_any(),
        State::Empty => view! {
            <div class="empty-state">
                <h2>"This board does not exist, or no longer"</h2>
                <div class="dialog-actions">
                    <a class="button" href=routes::monitor(data.project)>
                        "Show the overview"
                    </a>
                </div>
            </div>
        }
        .into_any(),
    })
}

/// The overview.
fn overview(
    project: ProjectId,
    data: Data,
    query: Memo<MonitorQuery>,
    on_change: Callback<(MonitorQuery, bool)>,
    shared: Shared,
) -> AnyView {
    let state = memo(move || match data.overview.value.with(|answer| answer.as_ref().map(|answer| answer.n_runs)) {
        Some(0) => State::Empty,
        Some(_) => State::Filled,
        None => match data.overview.failure.get() {
            Some(error) => State::Failed(error.to_string()),
            None => State::Loading,
        },
    });
    dynamic(move || match state.get() {
        State::Loading => view! { <RowsSkeleton n_rows=16 /> }.into_any(),
        State::Failed(message) => view! { <LoadFailed message on_retry=move |()| data.refresh() /> }.into_any(),
        State::Empty => view! { <NothingFound project query on_change /> }.into_any(),
        State::Filled => view! {
            <Cards data />
            <Month data />
            <Grid data query shared />
        }
        .into_any(),
    })
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(String),
    Empty,
    Filled,
}

/// Nothing was traced in this time, or nothing that passes the filter: what to do about it.
#[component]
fn NothingFound(
    project: ProjectId,
    query: Memo<MonitorQuery>,
    on_change: Callback<(MonitorQuery, bool)>,
) -> impl IntoView {
    let has_filter = move || query.with(|query| !query.filter.trim().is_empty());
    let wider = memo(move || query.with(|query| query.time.wider(clock::now())));
    view! {
        <div class="empty-state">
            <h2>"Nothing to measure"</h2>
            <p>"No trace began in the chosen time and passes the filter."</p>
            <div class="dialog-actions">
                {dynamic(move || {
                    has_filter()
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| {
                                        let filter = String::new();
                                        on_change.run((MonitorQuery { filter, ..query.get_untracked() }, false));
                                    }
                                >
                                    "Clear the filter"
                                </button>
                            }
                        })
                })}
                {dynamic(move || {
                    wider
                        .get()
                        .map(|time| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| on_change.run((MonitorQuery { time, ..query.get_untracked() }, false))
                                >
                                    {format!("Look at: {}", time.label(clock::zone_offset_minutes).to_lowercase())}
                                </button>
                            }
                        })
                })}
                <a class="button" href=routes::traces(project)>
                    "Go to the traces"
                </a>
            </div>
        </div>
    }
}
