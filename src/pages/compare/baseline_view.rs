//! A trace against what is usual: finds the traces of the baseline, then shows the comparison with the typical one of them.

use super::Traces;
use super::baseline::{BaselineState, Found, LEAST_TRACES, SIZES, Wanted, fetch, typical_trace};
use super::view::CompareView;
use crate::api::{ApiClient, ApiError};
use crate::components::erased::{Keyed, dynamic, live};
use crate::components::icon::{Icon, IconView};
use crate::components::load_failed::LoadFailed;
use crate::components::popover::{Popover, PopoverPanel};
use crate::components::relative_time::RelativeTime;
use crate::components::skeleton::RowsSkeleton;
use crate::format::duration::duration;
use crate::format::visible::visible;
use crate::routes;
use fanlight_wire::{Run, TraceId};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// See the module. Another choice of traces starts afresh.
#[component]
pub fn BaselineView(wanted: Wanted) -> impl IntoView {
    let api: ApiClient = expect_context();
    let wanted = StoredValue::new(wanted);
    let found = LocalResource::new(move || {
        let (api, wanted) = (api.clone(), wanted.get_value());
        async move { fetch(&api, &wanted).await }
    });
    let shown = move |answer: Result<Option<Found>, ApiError>| match answer {
        Err(error) => view! { <LoadFailed message=error.to_string() on_retry=move |()| found.refetch() /> }.into_any(),
        Ok(None) => view! { <NothingToJudge wanted title="There is no such trace" /> }.into_any(),
        Ok(Some(found)) => {
            let (Wanted { project, trace, .. }, typical) =
                wanted.with_value(|wanted| (wanted.clone(), typical_trace(&found, wanted)));
            let Some(typical) = typical else {
                return view! { <NothingToJudge wanted title="Too few traces to tell what is usual" /> }.into_any();
            };
            let traces = Traces { project, a: typical, b: trace };
            let found = StoredValue::new(Arc::new(found));
            let baseline = BaselineState { wanted, found, n_added: RwSignal::new(0) };
            view! { <CompareView traces baseline=Some(baseline) /> }.into_any()
        }
    };
    dynamic(move || match found.get() {
        Some(answer) => shown(answer),
        None => view! {
            <div class="page compare-loading" role="status">
                <span class="visually-hidden">"Looking for the traces of the baseline"</span>
                <RowsSkeleton n_rows=16 />
            </div>
        }
        .into_any(),
    })
}

#[component]
fn NothingToJudge(wanted: StoredValue<Wanted>, title: &'static str) -> impl IntoView {
    let Wanted { project, trace, without, .. } = wanted.get_value();
    let everything =
        format!("{}?{}", routes::compare_with_usual(project, trace), wanted.with_value(|it| it.changed(SIZES[2], &[])));
    view! {
        <div class="page page-scroll">
            <div class="empty-state">
                <h1>{title}</h1>
                <p>
                    {format!(
                        "What is usual is told from at least {LEAST_TRACES} successful traces of the same name in the same \
                         project. They are looked for before the trace, then after it.",
                    )}
                </p>
                {(!without.is_empty()).then(|| view! { <a class="button" href=everything>"Leave none out"</a> })}
                <a class="button" href=routes::trace(project, trace)>
                    "Open the trace"
                </a>
            </div>
        </div>
    }
}

/// "Median of 20 earlier traces", and behind it which they are: how many, and without which.
#[component]
pub fn BaselineSide(baseline: BaselineState) -> impl IntoView {
    let popover = Popover::new();
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |size: usize, without: Vec<TraceId>| {
        let wanted = baseline.wanted.get_value();
        let path = routes::compare_with_usual(wanted.project, wanted.trace);
        let query = wanted.changed(size, &without);
        let address = if query.is_empty() { path } else { format!("{path}?{query}") };
        navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
    };
    let n_traces = baseline.traces().len();
    let (is_earlier, roots) = baseline.found.with_value(|found| (found.is_earlier, found.roots.clone()));
    let when = if is_earlier { "earlier" } else { "later" };
    let size_choice = move |size: usize| {
        let is_on = baseline.wanted.with_value(|wanted| wanted.size == size);
        view! {
            <label class="segmented-choice is-word">
                <input
                    type="radio"
                    class="visually-hidden"
                    name="baseline-size"
                    prop:checked=is_on
                    on:change=move |_| go(size, baseline.wanted.with_value(|wanted| wanted.without.clone()))
                />
                {size.to_string()}
            </label>
        }
        .into_any()
    };
    let line = move |root: Run| {
        let (trace, project) = baseline.wanted.with_value(|wanted| (root.trace_id, wanted.project));
        let is_in = baseline.wanted.with_value(|wanted| !wanted.without.contains(&trace));
        // What is usual cannot be told from fewer.
        let is_needed = is_in && n_traces <= LEAST_TRACES;
        let toggle = move |_| {
            let Wanted { size, mut without, .. } = baseline.wanted.get_value();
            if is_in {
                without.push(trace)
            } else {
                without.retain(|other| *other != trace)
            }
            go(size, without);
        };
        let took = root.end_time.map(|end| duration(end.since(root.start_time)));
        let said = root.inputs_preview.filter(|text| !text.is_empty()).unwrap_or(root.name);
        let said = visible(&said).into_owned();
        view! {
            <li>
                <input
                    type="checkbox"
                    aria-label=format!("Take part: {said}")
                    prop:checked=is_in
                    disabled=is_needed
                    on:change=toggle
                />
                <a href=routes::trace(project, trace)><bdi>{said.clone()}</bdi></a>
                <span>{took}</span>
                <span><RelativeTime time=root.start_time /></span>
            </li>
        }
    };
    view! {
        <span class="compare-side">
            <span class="compare-key is-a" aria-hidden="true"></span>
            <button
                type="button"
                class="button is-quiet baseline-button"
                node_ref=popover.button
                popovertarget=popover.id()
                aria-expanded=live(move || popover.is_open().get().to_string())
            >
                {format!("Median of {n_traces} {when} traces")}
                <IconView icon=Icon::ChevronDown />
            </button>
            <PopoverPanel popover label="Traces of the baseline">
                <div class="baseline-traces">
                    <p>{format!("Successful traces of the same name, {when} than this one. What they took is usual.")}</p>
                    <fieldset class="segmented">
                        <legend class="visually-hidden">"At most so many traces"</legend>
                        {SIZES.into_iter().map(size_choice).collect_view()}
                    </fieldset>
                    <ul>
                        <Keyed each={let roots = roots.clone(); move || roots.clone()} key=|root| root.trace_id let:root>
                            {line(root)}
                        </Keyed>
                    </ul>
                </div>
            </PopoverPanel>
        </span>
    }
}
