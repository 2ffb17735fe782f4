//! The search field and the range of time. What is typed is in the address; what is wrong with it is said below.

use super::query::{ThreadsQuery, typed_filter};
use crate::components::erased::{dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::unique_id;
use crate::pages::traces::time_picker::TimePicker;
use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// How long the field must rest before it is searched for; Enter does not wait.
const TYPING_RESTS: Duration = Duration::from_millis(350);

/// Shows `query`; `on_change` gets another one, and whether the reader is still typing it.
#[component]
pub fn ThreadsBar(
    #[prop(into)] query: Signal<ThreadsQuery>,
    on_change: Callback<(ThreadsQuery, bool)>,
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        timer.try_update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    };
    on_cleanup(cancel);
    let write = move |is_typing: bool| {
        cancel();
        let Some(field) = field.get_untracked() else { return };
        let typed = field.value();
        let before = query.get_untracked();
        if before.filter != typed {
            on_change.run((ThreadsQuery { filter: typed, ..before }, is_typing));
        }
    };
    let error_id = unique_id("threads-filter-error");
    let described_by = error_id.clone();
    let problem = memo(move || query.with(|query| problem(&query.filter)));
    let time = Signal::derive(move || query.with(|query| query.time));
    let on_choose = Callback::new(move |time| on_change.run((ThreadsQuery { time, ..query.get_untracked() }, false)));
    view! {
        <div class="threads-bar">
            <form
                class="threads-search"
                role="search"
                on:submit=move |event| {
                    event.prevent_default();
                    write(false);
                }
            >
                <IconView icon=Icon::Search />
                <input
                    node_ref=field
                    class="input"
                    type="search"
                    aria-label="Search and filter threads"
                    placeholder="Search, or filter: status:error latency:>2s -tag:beta \"refund\""
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=live(move || query.with(|query| query.filter.clone()))
                    aria-invalid=live(move || problem.with(Option::is_some).to_string())
                    aria-describedby=described_by
                    on:input=move |_| {
                        cancel();
                        timer.set_value(set_timeout_with_handle(move || write(true), TYPING_RESTS).ok());
                    }
                    on:change=move |_| write(false)
                />
            </form>
            <div class="threads-range">
                <TimePicker time on_choose />
            </div>
            <p class="threads-problem" id=error_id role="status">
                {dynamic(move || problem.get())}
            </p>
        </div>
    }
}

/// What is wrong with a filter, and where.
fn problem(filter: &str) -> Option<String> {
    let error = typed_filter(filter).err()?;
    let at = filter.get(error.span.clone()).filter(|text| !text.trim().is_empty() && !error.message.contains(*text));
    Some(match at {
        Some(at) => format!("{} (at {at})", error.message),
        None => error.message,
    })
}
