//! What is counted and how: the filter, the time, the period before, what charts are split by.

use super::boards::Boards;
use super::boards::choice::BoardChoice;
use super::data::Data;
use super::query::{MonitorQuery, period_words};
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::unique_id;
use crate::format::visible::visible;
use crate::monitor::answer::key_words;
use crate::pages::traces::time_picker::TimePicker;
use crate::pages::traces::time_range::TimeRange;
use fanlight_wire::monitor::GroupKey;
use fanlight_wire::run_stats::FacetKey;
use leptos::html;
use leptos::prelude::*;

/// Groups that every project may have; keys of metadata are added as they are found.
const GROUPS: [(&str, FacetKey); 5] = [
    ("Model", FacetKey::Model),
    ("Trace name", FacetKey::Name),
    ("Tag", FacetKey::Tag),
    ("Status", FacetKey::Status),
    ("Kind of error", FacetKey::ErrorKind),
];

/// Shows `query`; `on_change` gets another one, and whether it replaces the one before in the history.
#[component]
pub fn MonitorBar(
    data: Data,
    boards: Boards,
    query: Memo<MonitorQuery>,
    on_change: Callback<(MonitorQuery, bool)>,
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut MonitorQuery)| {
        let mut changed = query.get_untracked();
        change(&mut changed);
        if changed != query.get_untracked() {
            on_change.run((changed, false));
        }
    };
    let write = move || {
        if let Some(field) = field.get_untracked() {
            change(&|query| query.filter = field.value());
        }
    };
    let error_id = unique_id("monitor-filter-error");
    let described_by = error_id.clone();
    let problem = memo(move || query.with(|query| query.condition().err().map(|error| error.message)));
    let time = Signal::derive(move || query.with(|query| query.time));
    // Other buckets: what was chosen may lie outside.
    let on_time = Callback::new(move |time| {
        change(&|query| {
            query.time = time;
            query.selection = None;
        });
    });
    // A board's charts say themselves what they are split by.
    let has_board = memo(move || query.with(|query| query.board.is_some()));
    let has_before = memo(move || query.with(|query| query.time != TimeRange::All));
    view! {
        <div class="threads-bar monitor-bar">
            <form
                class="threads-search"
                role="search"
                on:submit=move |event| {
                    event.prevent_default();
                    write();
                }
            >
                <IconView icon=Icon::Search />
                <input
                    node_ref=field
                    class="input"
                    type="search"
                    aria-label="Filter the traces that are counted"
                    placeholder="Filter: status:error latency:>2s -tag:beta \"refund\""
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=live(move || query.with(|query| query.filter.clone()))
                    aria-invalid=live(move || problem.with(Option::is_some).to_string())
                    aria-describedby=described_by
                    on:change=move |_| write()
                />
            </form>
            <div class="monitor-choices">
                <BoardChoice boards query on_change />
                <When when=move || !has_board.get()>
                <GroupChoice data query on_choose=Callback::new(move |group: Option<GroupKey>| change(&|query| query.group = group.clone())) />
                <button
                    type="button"
                    class="button"
                    class:is-on=live(move || has_before.get() && query.with(|query| query.has_previous))
                    aria-pressed=live(move || query.with(|query| query.has_previous).to_string())
                    disabled=live(move || !has_before.get())
                    title="Draws the period before under this one"
                    on:click=move |_| change(&|query| query.has_previous = !query.has_previous)
                >
                    {dynamic(move || format!("vs previous {}", query.with(|query| period_words(query.time))))}
                </button>
                </When>
                <TimePicker time on_choose=on_time />
                <button
                    type="button"
                    class="button is-icon"
                    aria-label="Count again, up to now"
                    title="Count again, up to now"
                    on:click=move |_| data.refresh()
                >
                    <IconView icon=Icon::Refresh />
                </button>
            </div>
            <p class="threads-problem" id=error_id role="status">
                {dynamic(move || problem.get())}
            </p>
        </div>
    }
}

/// Users and prompts are called what they are.
fn metadata_label(key: &str) -> String {
    match key_words(&GroupKey::Facet(FacetKey::Metadata(key.to_owned()))).as_str() {
        "user" => "User".to_owned(),
        "prompt" => "Prompt".to_owned(),
        other => visible(other).into_owned(),
    }
}

/// What runs can be split by, in the address's words and in the reader's.
pub fn group_options(metadata_keys: &[String]) -> Vec<(String, String)> {
    let fixed = GROUPS.iter().map(|(label, key)| (key.to_string(), (*label).to_owned()));
    let metadata = metadata_keys.iter().map(|key| (format!("metadata.{key}"), metadata_label(key)));
    fixed.chain(metadata).collect()
}

/// What the charts are split by.
#[component]
fn GroupChoice(data: Data, query: Memo<MonitorQuery>, on_choose: Callback<Option<GroupKey>>) -> impl IntoView {
    let chosen = memo(move || query.with(|query| query.group.as_ref().map(ToString::to_string).unwrap_or_default()));
    let options = memo(move || {
        let mut options = group_options(&data.metadata_keys());
        // What the address asks for is offered, whether such runs are here or not.
        let chosen = chosen.get();
        if !chosen.is_empty() && !options.iter().any(|(value, _)| *value == chosen) {
            let label = chosen.strip_prefix("metadata.").map_or_else(|| visible(&chosen).into_owned(), metadata_label);
            options.push((chosen, label));
        }
        options
    });
    view! {
        <label class="monitor-group">
            <span>"Group by"</span>
            <select
                class="input"
                prop:value=live(move || {
                    options.track();
                    chosen.get()
                })
                on:change:target=move |event| on_choose.run(event.target().value().parse().ok())
            >
                <option value="">"nothing"</option>
                {dynamic(move || {
                    let option = |(value, label): (String, String)| {
                        let is_chosen = chosen.get_untracked() == value;
                        view! {
                            <option value=value selected=is_chosen>
                                {label}
                            </option>
                        }
                            .into_any()
                    };
                    options.get().into_iter().map(option).collect::<Vec<_>>()
                })}
            </select>
        </label>
    }
}
