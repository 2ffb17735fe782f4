//! `/projects/:project_id/threads`: the conversations of one project, those that spoke last first.
//!
//! [`list`] says how the rows are fetched, page by page as in [`super::paged`]; `table` draws them, [`query`] is the state
//! that the address holds.

mod bar;
mod keys;
mod list;
pub mod memory;
pub mod query;
pub mod row;
mod set_up;
mod table;

use crate::components::clock;
use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::load_failed::LoadFailed;
use crate::components::page_title::PageTitle;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::components::virtual_list::ListState;
use crate::components::virtual_rows::rows_per_page;
use crate::format::digits::grouped;
use crate::keys::KeyGroup;
use crate::live::{Live, LiveEvent};
use crate::pages::not_found::NotFoundPage;
use crate::pages::paged::restore;
use crate::project_list::use_project_list;
use crate::routes;
use bar::ThreadsBar;
use fanlight_wire::ProjectId;
use keys::{KEYS, ListKey};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos::{ev, html};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use list::{LoadState, ThreadList, ThreadRows};
use memory::{LeftThreads, ThreadMemory};
use query::ThreadsQuery;
use set_up::ThreadSetUp;
use std::ops::Range;
use table::ThreadsTable;

/// The page, in a file of its own.
#[wasm_split(threads, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <ThreadsPage /> }.into_any())
}

/// Lists a project's threads.
#[component]
fn ThreadsPage() -> impl IntoView {
    let params = use_params_map();
    let project = memo(move || params.with(|params| params.get("project_id")?.parse::<ProjectId>().ok()));
    // Another project is another page.
    dynamic(move || match project.get() {
        Some(project) => view! { <ProjectThreads project /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    })
}

#[component]
fn ProjectThreads(project: ProjectId) -> impl IntoView {
    let (projects, memory) = (use_project_list(), expect_context::<ThreadMemory>());
    let state = ListState::new();
    let search = use_location().search;
    let query = memo(move || search.with(|search| ThreadsQuery::read(search)));
    let list = ThreadList::of(project, state);
    let rows = list.rows;
    let left = memory.recall(project, &query.get_untracked());
    if let Some(left) = &left {
        list.ask_again(left.asked.clone(), left.rows.clone());
        restore(state, left.cursor, left.scroll_top_px, left.had_focus);
    }
    ask_for(list, project, query, left.is_some());
    expect_context::<Live>().on_event(move |event| match event {
        LiveEvent::Change(change) => list.on_change(change),
        LiveEvent::Resync => list.resync(),
    });
    let had_focus = StoredValue::new(false);
    on_cleanup(move || {
        memory.keep(LeftThreads {
            project,
            query: query.get_untracked(),
            asked: list.asked(),
            rows: rows.get_untracked(),
            scroll_top_px: state.viewport.with_untracked(|viewport| viewport.scroll_top_px),
            cursor: state.cursor.get_untracked(),
            had_focus: had_focus.get_value(),
        });
    });

    let navigate = StoredValue::new_local(use_navigate());
    let on_open = Callback::new(move |(row_idx, is_new_tab): (usize, bool)| {
        let Some(path) =
            rows.with_untracked(|rows| rows.get(row_idx).map(|row| routes::thread(project, &row.id, None)))
        else {
            return;
        };
        state.cursor.set(Some(row_idx));
        if is_new_tab {
            // A browser that blocks new windows says so itself.
            let _ = window().open_with_url_and_target_and_features(&path, "_blank", "noopener");
        } else {
            had_focus.set_value(true);
            navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
        }
    });
    let on_change = Callback::new(move |(query, replace): (ThreadsQuery, bool)| {
        let (path, query) = (routes::threads(project), query.to_string());
        let address = if query.is_empty() { path } else { format!("{path}?{query}") };
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&address, options));
    });
    let field = NodeRef::<html::Input>::new();
    use_list_keys(rows, state, field, on_open);
    let on_range = Callback::new(move |drawn: Range<usize>| list.show(drawn));
    let project_name = memo(move || projects.name_of(project).unwrap_or_default());
    let is_missing = memo(move || projects.is_missing(project));
    let is_empty = memo(move || rows.with(ThreadRows::is_empty));
    let is_everything = memo(move || query.with(ThreadsQuery::is_everything));
    let total = move || {
        let n_threads = list.source.total.get();
        let noun = if n_threads == 1 { "thread" } else { "threads" };
        let is_known = list.state.get() == LoadState::Ready && n_threads > 0;
        is_known.then(|| format!("{} {noun}", grouped(n_threads as i64)))
    };
    let has_bar = move || !(list.state.get() == LoadState::Ready && is_empty.get() && is_everything.get());
    view! {
        <PageTitle text=move || format!("Threads · {}", project_name.get()) />
        <div class="page">
            <header class="page-header">
                <h1>"Threads"</h1>
                <span class="threads-total">{dynamic(total)}</span>
            </header>
            <When when=has_bar>
                <ThreadsBar query on_change field />
            </When>
            <div
                class="threads-body"
                class:is-stale=live(move || list.is_stale.get())
                aria-busy=live(move || list.is_stale.get().to_string())
            >
                <UpdatedThreads list state />
                {dynamic(move || match list.state.get() {
                    LoadState::Loading => view! { <RowsSkeleton n_rows=20 /> }.into_any(),
                    LoadState::Failed(error) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| list.reload() /> }.into_any()
                    }
                    LoadState::Ready if is_empty.get() && is_missing.get() => view! { <NotFoundPage /> }.into_any(),
                    LoadState::Ready if is_empty.get() && is_everything.get() => view! { <ThreadSetUp /> }.into_any(),
                    LoadState::Ready if is_empty.get() => view! { <NothingFound query on_change /> }.into_any(),
                    LoadState::Ready => view! { <ThreadsTable project state rows on_open on_range /> }.into_any(),
                })}
                <PageFailure list />
            </div>
        </div>
    }
}

/// Asks for what the address says, whenever it says something else that can be read.
fn ask_for(list: ThreadList, project: ProjectId, query: Memo<ThreadsQuery>, is_answered: bool) {
    let is_answered = StoredValue::new(is_answered);
    effect(move || {
        let query = query.get();
        if is_answered.get_value() {
            is_answered.set_value(false);
            list.resync();
            return;
        }
        let filter = match query::typed_filter(&query.filter) {
            Ok(filter) => filter,
            // The bar says what is wrong; what is on screen answers the last question that could be read.
            Err(_) if list.state.get_untracked() == LoadState::Ready => return,
            Err(_) => None,
        };
        list.ask(query.thread_query(project, filter, clock::now()));
    });
}

/// Binds the keys of the list: they work while the list has the focus, and while nothing has it.
fn use_list_keys(
    rows: RwSignal<ThreadRows>,
    state: ListState,
    field: NodeRef<html::Input>,
    on_open: Callback<(usize, bool)>,
) {
    use_key_help(KeyGroup::new("Threads", KEYS));
    let listener = window_event_listener(ev::keydown, move |event| {
        let Some(key) = free_action(KEYS, &event) else { return };
        if key == ListKey::Search {
            if let Some(field) = field.get_untracked() {
                event.prevent_default();
                let _ = field.focus();
                field.select();
            }
            return;
        }
        let is_elsewhere = document()
            .active_element()
            .is_some_and(|element| !element.matches("body, main").unwrap_or(false) && !state.has_focus());
        if is_elsewhere {
            return;
        }
        let cursor = state.cursor.get_untracked();
        if let Some(row_idx) = cursor.filter(|_| matches!(key, ListKey::Open | ListKey::OpenInNewTab)) {
            event.prevent_default();
            on_open.run((row_idx, key == ListKey::OpenInNewTab));
            return;
        }
        let (n_rows, page) = (rows.with_untracked(ThreadRows::len), rows_per_page(state.viewport.get_untracked()));
        if let Some(row_idx) = keys::moved(key, cursor, n_rows, page) {
            event.prevent_default();
            state.move_to(row_idx);
        }
    });
    on_cleanup(move || listener.remove());
}

/// "3 updated": threads that spoke while the reader was reading the list.
#[component]
fn UpdatedThreads(list: ThreadList, state: ListState) -> impl IntoView {
    let words = memo(move || {
        let n_waiting = list.rows.with(ThreadRows::n_waiting);
        if list.is_outdated.get() {
            Some("Many updated".to_owned())
        } else {
            (n_waiting > 0).then(|| format!("{} updated", grouped(n_waiting as i64)))
        }
    });
    let show = move |_| {
        list.show_waiting();
        request_animation_frame(move || state.scroll_to(0.0));
    };
    view! {
        <div class="new-traces" role="status">
            {dynamic(move || {
                words
                    .get()
                    .map(|words| {
                        view! {
                            <button type="button" class="button new-traces-chip" on:click=show>
                                <IconView icon=Icon::ArrowUp />
                                {words}
                            </button>
                        }
                    })
            })}
        </div>
    }
}

/// Says why a page did not come, below the list.
#[component]
fn PageFailure(list: ThreadList) -> impl IntoView {
    dynamic(move || {
        list.page_failure.get().map(|error| {
            view! {
                <div class="page-failure" role="alert">
                    <span>{format!("Some threads could not be loaded. {error}")}</span>
                    <button type="button" class="button" on:click=move |_| list.retry()>
                        "Try again"
                    </button>
                </div>
            }
        })
    })
}

/// Nothing matches: what to do about it.
#[component]
fn NothingFound(query: Memo<ThreadsQuery>, on_change: Callback<(ThreadsQuery, bool)>) -> impl IntoView {
    let has_filter = move || query.with(|query| !query.filter.trim().is_empty());
    let wider = memo(move || query.with(|query| query.time.wider(clock::now())));
    view! {
        <div class="empty-state">
            <h2>"No thread matches"</h2>
            <p>"A thread is listed when one of its turns passes the filter and began in the chosen time."</p>
            <div class="dialog-actions">
                <When when=has_filter>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            on_change.run((ThreadsQuery { filter: String::new(), ..query.get_untracked() }, false));
                        }
                    >
                        "Clear the filter"
                    </button>
                </When>
                {dynamic(move || {
                    wider
                        .get()
                        .map(|time| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| on_change.run((ThreadsQuery { time, ..query.get_untracked() }, false))
                                >
                                    {format!("Look at: {}", time.label(clock::zone_offset_minutes).to_lowercase())}
                                </button>
                            }
                        })
                })}
            </div>
        </div>
    }
}
