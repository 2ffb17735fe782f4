//! Which two traces these are, and what can be done with the pair of them.

use super::Traces;
use super::baseline::BaselineState;
use super::baseline_view::BaselineSide;
use super::state::CompareState;
use crate::compare::Side;
use crate::components::erased::{dynamic, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::page_title::PageTitle;
use crate::components::relative_time::RelativeTime;
use crate::components::status_dot::StatusDot;
use crate::format::visible::visible;
use crate::pages::trace::copy_link;
use crate::project_list::use_project_list;
use crate::routes;
use fanlight_wire::{ProjectId, RunStatus, Timestamp, TraceId};
use leptos::prelude::*;

/// What a side says of itself.
#[derive(Clone, PartialEq)]
struct Facts {
    name: String,
    status: RunStatus,
    project: Option<ProjectId>,
    started: Option<Timestamp>,
}

impl Facts {
    fn of(side: &Side) -> Option<Self> {
        let tree = &side.tree;
        (!tree.is_empty()).then(|| Facts {
            name: visible(tree.name(0)).into_owned(),
            status: tree.status(0),
            project: tree.project_id(),
            started: tree.origin(),
        })
    }
}

/// See the module. `on_swap` shows B as A.
#[component]
pub fn CompareHeader(
    traces: Traces,
    state: CompareState,
    baseline: Option<BaselineState>,
    on_swap: Callback<()>,
) -> impl IntoView {
    let of = move |pick: fn(&crate::compare::Comparison) -> &Side| {
        memo(move || state.comparison.with(|it| Facts::of(pick(it))))
    };
    let (a, b) = (of(|comparison| &comparison.a), of(|comparison| &comparison.b));
    let title = move || match (a.get(), b.get()) {
        (_, Some(b)) if baseline.is_some() => format!("{} and what is usual", b.name),
        (Some(a), Some(b)) if a.name == b.name => format!("Compare {}", a.name),
        (Some(a), Some(b)) => format!("Compare {} and {}", a.name, b.name),
        _ => "Compare".to_owned(),
    };
    view! {
        <PageTitle text=title />
        <header class="page-header compare-header">
            <h1 class="trace-title">
                <a class="trace-title-back" href=routes::traces(traces.project)>
                    "Traces"
                </a>
                <span class="trace-title-slash" aria-hidden="true">"/"</span>
                <span>"Compare"</span>
            </h1>
            <div class="compare-sides">
                {match baseline {
                    Some(baseline) => view! { <BaselineSide baseline /> }.into_any(),
                    None => {
                        view! {
                            <SideView letter="A" class="is-a" trace=traces.a facts=a project=traces.project />
                            <button
                                type="button"
                                class="button is-quiet"
                                title="Swap A and B (Shift+X)"
                                on:click=move |_| on_swap.run(())
                            >
                                "Swap"
                            </button>
                        }
                            .into_any()
                    }
                }}
                <SideView letter="B" class="is-b" trace=traces.b facts=b project=traces.project />
            </div>
            <button type="button" class="button" on:click=move |_| copy_link()>
                <IconView icon=Icon::Copy />
                "Copy link"
            </button>
        </header>
    }
}

/// One trace: its mark, a link to it, how it went and when.
#[component]
fn SideView(
    letter: &'static str,
    class: &'static str,
    trace: TraceId,
    facts: Memo<Option<Facts>>,
    /// Of the page; others are named.
    project: ProjectId,
) -> impl IntoView {
    let projects = use_project_list();
    let elsewhere = move || {
        let of_trace = facts.get()?.project.filter(|of_trace| *of_trace != project)?;
        projects.name_of(of_trace)
    };
    view! {
        <span class="compare-side">
            <span class=format!("compare-key {class}") aria-hidden="true"></span>
            <b>{letter}</b>
            {dynamic(move || {
                facts.get().map(|Facts { name, status, project: of_trace, started }| {
                    view! {
                        <StatusDot status />
                        <a class="compare-side-name" href=routes::trace(of_trace.unwrap_or(project), trace)>
                            <bdi>{name}</bdi>
                        </a>
                        {dynamic(move || elsewhere().map(|name| view! { <span class="chip"><bdi>{name}</bdi></span> }))}
                        {started.map(|time| view! { <span class="compare-side-time"><RelativeTime time /></span> })}
                    }
                })
            })}
        </span>
    }
}
