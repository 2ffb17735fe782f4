//! The trace in one line: what it was, how it went, what it took; and a link to it.

use crate::api::ApiClient;
use crate::components::copy_button::copy_text;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::page_title::PageTitle;
use crate::components::popover::{Popover, PopoverPanel};
use crate::components::relative_time::RelativeTime;
use crate::components::status_dot::{StatusDot, status_label};
use crate::components::toast::{Toasts, use_toasts};
use crate::format::cost::cost;
use crate::format::duration::duration;
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::pages::compare::open::CompareButton;
use crate::routes;
use crate::waterfall::Waterfall;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunStatus, TraceId};
use leptos::prelude::*;

/// Copies the page's address, and says so.
pub fn copy_link() {
    copy_address(window().location().href().unwrap_or_default(), use_toasts());
}

/// Copies an address, and says so.
pub fn copy_address(address: String, toasts: Toasts) {
    leptos::task::spawn_local(async move {
        if copy_text(&address).await {
            toasts.show("Link copied");
        } else {
            toasts.show_error("The browser does not allow copying; the link is in the address bar");
        }
    });
}

/// See the module.
#[component]
pub fn TraceHeader(project_id: ProjectId, trace_id: TraceId, state: Waterfall) -> impl IntoView {
    let name =
        memo(move || state.tree.with(|tree| if tree.is_empty() { String::new() } else { tree.name(0).to_owned() }));
    let status =
        memo(move || state.tree.with(|tree| if tree.is_empty() { RunStatus::Pending } else { tree.status(0) }));
    let is_loaded = memo(move || state.tree.with(|tree| !tree.is_empty()));
    let copy = move |_| copy_link();
    view! {
        <PageTitle text=move || if name.get().is_empty() { "Trace".to_owned() } else { name.get() } />
        <header class="page-header trace-header">
            <h1 class="trace-title">
                <a class="trace-title-back" href=routes::traces(project_id)>
                    "Traces"
                </a>
                <span class="trace-title-slash" aria-hidden="true">"/"</span>
                <bdi class="trace-title-name">{name}</bdi>
            </h1>
            <div class="trace-facts">
            <When when=move || is_loaded.get()>
                <span class="chip">
                    <StatusDot status />
                    <b>{dynamic(move || status_label(status.get()).to_lowercase())}</b>
                </span>
                <Facts state />
                <MoreFacts project_id trace_id state />
                <Warnings state />
            </When>
            </div>
            <CompareButton project=project_id trace=trace_id name />
            <button type="button" class="button" on:click=copy>
                <IconView icon=Icon::Copy />
                "Copy link"
            </button>
        </header>
    }
}

/// Latency, first token, tokens, cost, start.
#[component]
fn Facts(state: Waterfall) -> impl IntoView {
    let facts = memo(move || {
        let now_ns = state.now_ns.get();
        state.tree.with(|tree| {
            let mut facts = Vec::new();
            if tree.is_empty() {
                return facts;
            }
            let start = tree.start_ns(0);
            facts.push(("latency", duration((tree.end_or_now_ns(0, now_ns) - start) as i64)));
            if let Some(first) = tree.first_token_ns(0) {
                facts.push(("first token", duration((first - start) as i64)));
            }
            let (prompt, completion) = tree.tokens(0);
            if prompt > 0 || completion > 0 {
                facts.push(("tokens", format!("{} → {}", tokens(prompt.into()), tokens(completion.into()))));
            }
            if let Some(amount) = tree.cost(0) {
                facts.push(("cost", cost(amount)));
            }
            facts
        })
    });
    let started = memo(move || state.tree.with(|tree| tree.origin()));
    view! {
        {move || {
            facts
                .get()
                .into_iter()
                .map(|(label, value)| {
                    view! {
                        <span class="chip">
                            {label} <b>{value}</b>
                        </span>
                    }
                })
                .collect_view()
        }}
        {dynamic(move || {
            started.get().map(|time| {
                view! {
                    <span class="chip">
                        <span class="visually-hidden">"started "</span>
                        <RelativeTime time />
                    </span>
                }
            })
        })}
    }
}

/// The thread and the tags, which the skeleton does not carry.
#[component]
fn MoreFacts(project_id: ProjectId, trace_id: TraceId, state: Waterfall) -> impl IntoView {
    let api: ApiClient = expect_context();
    let is_finished = memo(move || state.tree.with(|tree| tree.running().is_empty()));
    let root = LocalResource::new(move || {
        // Tags may come with the end of a run.
        is_finished.track();
        let api = api.clone();
        let query = RunQuery {
            ids: Some(vec![trace_id.into()]),
            select: Some(["id", "tags", "thread_id"].map(str::to_owned).to_vec()),
            ..RunQuery::default()
        };
        async move { api.query_runs(&query).await.ok().and_then(|page| page.runs.into_iter().next()) }
    });
    const MOST_TAGS: usize = 6;
    view! {
        {move || {
            let root = root.get().flatten()?;
            let tags = root.tags.unwrap_or_default();
            let n_more = tags.len().saturating_sub(MOST_TAGS);
            let tag_views = tags
                .into_iter()
                .take(MOST_TAGS)
                .map(|tag| view! { <span class="chip trace-tag"><bdi>{tag}</bdi></span> })
                .collect_view();
            Some(view! {
                {root.thread_id.map(|thread| {
                    let name = visible(&thread).into_owned();
                    view! {
                        <a
                            class="chip trace-tag is-link"
                            href=routes::thread(project_id, &thread, Some(trace_id))
                            title=format!("Open the thread {name} at this turn")
                        >
                            "thread " <b><bdi>{name.clone()}</bdi></b>
                        </a>
                    }
                })}
                {tag_views}
                {(n_more > 0).then(|| view! { <span class="chip">{format!("{n_more} more tags")}</span> })}
            })
        }}
    }
}

/// What had to be mended to show this trace.
#[component]
fn Warnings(state: Waterfall) -> impl IntoView {
    let sentences = memo(move || state.tree.with(|tree| tree.repairs().sentences()));
    let popover = Popover::new();
    view! {
        <When when=move || !sentences.get().is_empty()>
            <button
                type="button"
                class="chip trace-warnings"
                node_ref=popover.button
                popovertarget=popover.id()
                aria-expanded=live(move || popover.is_open().get().to_string())
            >
                {dynamic(move || match sentences.get().len() {
                    1 => "1 oddity".to_owned(),
                    n => format!("{n} oddities"),
                })}
            </button>
            <PopoverPanel popover label="What is odd about this trace">
                <ul class="trace-warnings-list">
                    {dynamic(move || sentences.get().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view())}
                </ul>
            </PopoverPanel>
        </When>
    }
}
