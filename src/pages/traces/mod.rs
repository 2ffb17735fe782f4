//! `/projects/:project_id/traces`: the traces of one project, the newest first.
//!
//! [`rows`] says how pages and live changes make one list, [`list`] fetches them, [`table`] draws them.

mod keys;
mod list;
mod live_state;
pub mod memory;
mod row;
mod rows;
mod set_up;
mod table;

use crate::components::erased::{dynamic, effect, memo};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::load_failed::LoadFailed;
use crate::components::skeleton::RowsSkeleton;
use crate::components::virtual_list::ListState;
use crate::components::virtual_rows::rows_per_page;
use crate::format::digits::grouped;
use crate::keys::KeyGroup;
use crate::live::{Live, LiveEvent};
use crate::pages::not_found::NotFoundPage;
use crate::project_list::use_project_list;
use crate::routes;
use fanlight_wire::ProjectId;
use keys::{KEYS, ListKey};
use leptos::ev;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use list::{LoadState, Placement, TraceList};
use live_state::LiveState;
use memory::{LeftList, ListMemory};
use rows::TraceRows;
use set_up::SetUp;
use std::ops::Range;
use table::TracesTable;

/// Lists a project's traces.
#[component]
pub fn TracesPage() -> impl IntoView {
    let params = use_params_map();
    let project = memo(move || params.with(|params| params.get("project_id")?.parse::<ProjectId>().ok()));
    // Another project is another page.
    move || match project.get() {
        Some(project) => view! { <ProjectTraces project /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

#[component]
fn ProjectTraces(project: ProjectId) -> impl IntoView {
    let (projects, memory, live) = (use_project_list(), expect_context::<ListMemory>(), expect_context::<Live>());
    let state = ListState::new();
    let left = memory.recall(project);
    let placement = Placement {
        must_wait: Callback::new(move |()| !state.is_at_top()),
        on_rows_above: Callback::new(move |n_above: usize| keep_place(state, n_above)),
    };
    let list = TraceList::new(project, left.as_ref().map(|left| left.rows.clone()), placement);
    live.on_event(move |event| match event {
        LiveEvent::Change(change) => list.on_change(change),
        LiveEvent::Resync => list.resync(),
    });
    restore(state, left);
    let had_focus = StoredValue::new(false);
    on_cleanup(move || {
        memory.keep(LeftList {
            project,
            rows: list.rows.get_untracked(),
            scroll_top_px: state.viewport.with_untracked(|viewport| viewport.scroll_top_px),
            cursor: state.cursor.get_untracked(),
            had_focus: had_focus.get_value(),
        });
    });

    let navigate = use_navigate();
    let on_open = Callback::new(move |(row_idx, is_new_tab): (usize, bool)| {
        let Some(id) = list.rows.with_untracked(|rows| rows.get(row_idx).map(|row| row.id)) else { return };
        let path = routes::trace(project, id);
        state.cursor.set(Some(row_idx));
        if is_new_tab {
            // A browser that blocks new windows says so itself.
            let _ = window().open_with_url_and_target_and_features(&path, "_blank", "noopener");
        } else {
            had_focus.set_value(true);
            navigate(&path, NavigateOptions::default());
        }
    });
    use_list_keys(list, state, on_open);
    let on_range = Callback::new(move |range: Range<usize>| {
        // One page ahead of what is drawn.
        let n_loaded = list.rows.with_untracked(TraceRows::len);
        if range.end + 100 > n_loaded && list.page_failure.with_untracked(Option::is_none) {
            list.load_more();
        }
    });
    let project_name = Signal::derive(move || projects.name_of(project).unwrap_or_default());
    let is_missing = memo(move || projects.is_missing(project));
    let is_empty = memo(move || list.rows.with(TraceRows::is_empty));
    view! {
        <Title text=move || format!("Traces · {}", project_name.get()) />
        <div class="page">
            <header class="page-header">
                <h1>"Traces"</h1>
                <span class="page-header-space"></span>
                <LiveState on_refresh=move |()| list.resync() />
            </header>
            <div class="traces-body">
                <NewTraces list state />
                {dynamic(move || match list.state.get() {
                    LoadState::Loading => view! { <RowsSkeleton n_rows=20 /> }.into_any(),
                    LoadState::Failed(error) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| list.reload() /> }.into_any()
                    }
                    LoadState::Ready if is_empty.get() && is_missing.get() => view! { <NotFoundPage /> }.into_any(),
                    LoadState::Ready if is_empty.get() => view! { <SetUp project_name /> }.into_any(),
                    LoadState::Ready => {
                        view! { <TracesTable project state rows=list.rows on_open on_range /> }.into_any()
                    }
                })}
                <PageFailure list />
            </div>
        </div>
    }
}

/// Puts the list back as it was left, once it is on the page.
fn restore(state: ListState, left: Option<LeftList>) {
    let Some(left) = left else { return };
    state.cursor.set(left.cursor);
    let left = StoredValue::new(Some(left));
    effect(move || {
        // The height is known when the list has been measured: before that it cannot be scrolled.
        let is_measured = state.scroller.get().is_some() && state.viewport.with(|viewport| viewport.height_px > 0.0);
        let Some(left) = is_measured.then(|| left.try_update_value(Option::take)).flatten().flatten() else { return };
        request_animation_frame(move || {
            state.scroll_to(left.scroll_top_px);
            if left.had_focus {
                request_animation_frame(move || state.focus_cursor());
            }
        });
    });
}

/// Rows came in above: the reader's rows stay where they are, unless the top of the list is what is being watched.
fn keep_place(state: ListState, n_above: usize) {
    if n_above == 0 {
        return;
    }
    if state.is_at_top() && !state.has_focus() {
        state.cursor.update(|cursor| *cursor = cursor.map(|row_idx| row_idx + n_above));
    } else {
        state.make_room_above(n_above);
    }
}

/// Binds the keys of the list: they work while the list has the focus, and while nothing has it.
fn use_list_keys(list: TraceList, state: ListState, on_open: Callback<(usize, bool)>) {
    use_key_help(KeyGroup::new("Traces", KEYS));
    let listener = window_event_listener(ev::keydown, move |event| {
        let Some(key) = free_action(KEYS, &event) else { return };
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
        let (n_rows, page) = (list.rows.with_untracked(TraceRows::len), rows_per_page(state.viewport.get_untracked()));
        if let Some(row_idx) = keys::moved(key, cursor, n_rows, page) {
            event.prevent_default();
            state.move_to(row_idx);
        }
    });
    on_cleanup(move || listener.remove());
}

/// "12 new": traces that came while the reader was further down.
#[component]
fn NewTraces(list: TraceList, state: ListState) -> impl IntoView {
    let words = memo(move || {
        let n_waiting = list.rows.with(TraceRows::n_waiting);
        if list.is_outdated.get() {
            Some("Many new traces".to_owned())
        } else {
            (n_waiting > 0).then(|| format!("{} new", grouped(n_waiting as i64)))
        }
    });
    let show = move |_| {
        let is_anew = list.is_outdated.get_untracked();
        list.show_waiting();
        if is_anew {
            state.scroll_to(0.0);
        }
    };
    view! {
        <div class="new-traces" role="status">
            {dynamic(move || {
                words
                    .get()
                    .map(|words| {
                        view! {
                            <button type="button" class="button new-traces-chip" on:click=show>
                                <crate::components::icon::IconView icon=crate::components::icon::Icon::ArrowUp />
                                {words}
                            </button>
                        }
                    })
            })}
        </div>
    }
}

/// Says why the next page did not come, below the rows that did.
#[component]
fn PageFailure(list: TraceList) -> impl IntoView {
    move || {
        list.page_failure.get().map(|error| {
            view! {
                <div class="page-failure" role="alert">
                    <span>{format!("Older traces could not be loaded. {error}")}</span>
                    <button type="button" class="button" on:click=move |_| list.load_more()>
                        "Try again"
                    </button>
                </div>
            }
        })
    }
}
