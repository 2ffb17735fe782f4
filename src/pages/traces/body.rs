//! What stands where the rows are: the rows, or why there are none.

use super::address::History;
use super::filter::bar_text::Committed;
use super::list::{LoadState, TraceList, TraceRows};
use super::query::{Scope, TracesQuery};
use super::question::Question;
use super::set_up::SetUp;
use super::table::{Table, TracesTable};
use crate::components::erased::{dynamic, effect, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::load_failed::LoadFailed;
use crate::components::part::MISSING;
use crate::components::skeleton::RowsSkeleton;
use crate::components::virtual_list::ListState;
use crate::format::digits::grouped;
use crate::pages::not_found::NotFoundPage;
use crate::project_list::use_project_list;
use leptos::prelude::*;

/// Which of the states is drawn.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Loading,
    Failed(String),
    /// The filter in the address cannot be read.
    BadFilter(String),
    /// The code that reads the filter did not come.
    NoLanguage,
    /// Nothing was ever sent.
    Empty,
    NoProject,
    NothingFound,
    Rows,
}

/// The list in whatever state it is.
#[component]
pub fn ListBody(question: Question, list: TraceList, table: Table) -> impl IntoView {
    let projects = use_project_list();
    let project = question.project;
    let shown = memo(move || {
        match question.committed.get() {
            Committed::Invalid { error, .. } => return Shown::BadFilter(error.to_string()),
            Committed::Unread if question.lacks_language.get() => return Shown::NoLanguage,
            _ => {}
        }
        let is_everything = question.page.with(|query| query.is_everything() && query.scope == Scope::Traces);
        match list.state.get() {
            LoadState::Loading => Shown::Loading,
            LoadState::Failed(error) => Shown::Failed(error.to_string()),
            LoadState::Ready if list.rows.with(|rows| !rows.is_empty()) => Shown::Rows,
            LoadState::Ready if projects.is_missing(project) => Shown::NoProject,
            // While the next answer is on its way nobody knows.
            LoadState::Ready if list.is_stale.get() => Shown::Loading,
            LoadState::Ready if is_everything => Shown::Empty,
            LoadState::Ready if question.lacks_language.get() => Shown::NoLanguage,
            LoadState::Ready => Shown::NothingFound,
        }
    });
    effect(move || {
        if shown.with(|shown| *shown == Shown::NothingFound) {
            question.fetch_language();
        }
    });
    let project_name = Signal::derive(move || projects.name_of(project).unwrap_or_default());
    let clear = move |_| question.page.change(History::Push, |query: &mut TracesQuery| query.filter.clear());
    dynamic(move || match shown.get() {
        Shown::Loading => view! { <RowsSkeleton n_rows=20 /> }.into_any(),
        Shown::Failed(message) => view! { <LoadFailed message on_retry=move |()| list.reload() /> }.into_any(),
        Shown::BadFilter(message) => view! {
            <div class="nothing-found" role="status">
                <h2>"The filter cannot be read"</h2>
                <p>{message}</p>
                <div class="nothing-found-ways">
                    <button type="button" class="button" on:click=clear>
                        "Clear the filter"
                    </button>
                </div>
            </div>
        }
        .into_any(),
        Shown::NoProject => view! { <NotFoundPage /> }.into_any(),
        Shown::Empty => view! { <SetUp project_name /> }.into_any(),
        Shown::NothingFound => match question.language() {
            Some(language) => (language.nothing_found)(question),
            None => view! { <RowsSkeleton n_rows=20 /> }.into_any(),
        },
        Shown::NoLanguage => {
            view! { <LoadFailed message=MISSING on_retry=move |()| question.fetch_language() /> }.into_any()
        }
        Shown::Rows => view! { <TracesTable table /> }.into_any(),
    })
}

/// "12 new": traces that came while the reader was further down.
#[component]
pub fn NewTraces(list: TraceList, state: ListState) -> impl IntoView {
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
pub fn PageFailure(list: TraceList) -> impl IntoView {
    dynamic(move || {
        list.page_failure.get().map(|error| {
            view! {
                <div class="page-failure" role="alert">
                    <span>{format!("Some traces could not be loaded. {error}")}</span>
                    <button type="button" class="button" on:click=move |_| list.retry()>
                        "Try again"
                    </button>
                </div>
            }
        })
    })
}
