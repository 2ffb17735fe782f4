//! Ways to a comparison: a button on the page of a trace, and the dialog behind it that asks for the other trace.

use crate::api::{ApiClient, ApiError};
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, effect};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::load_failed::LoadFailed;
use crate::components::palette::{Command, use_commands};
use crate::components::part::{Drawn, fetch_ahead, part};
use crate::components::relative_time::RelativeTime;
use crate::components::skeleton::RowsSkeleton;
use crate::components::status_dot::StatusDot;
use crate::components::unique_id;
use crate::format::duration::duration;
use crate::format::visible::visible;
use crate::keys::{Binding, KeyGroup};
use crate::routes;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, Timestamp, TraceId};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

const KEYS: &[Binding<()>] = &[Binding { chords: &["c"], action: (), label: "Compare with another trace…" }];

/// A button and a key that open the dialog. `name` is that of the trace's root run.
#[component]
pub fn CompareButton(project: ProjectId, trace: TraceId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let open = move || is_open.set(true);
    use_key_help(KeyGroup::new("Comparison", KEYS));
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if free_action(KEYS, &event).is_some() {
            event.prevent_default();
            open();
        }
    });
    on_cleanup(move || keys.remove());
    let navigate = StoredValue::new_local(use_navigate());
    let usual = move || {
        let path = routes::compare_with_usual(project, trace);
        navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
    };
    let commands = vec![
        Command::new(KEYS[0].label, Some("c"), open),
        Command::new("Compare with what is usual for traces of this name", None, usual),
    ];
    use_commands("This trace", Signal::stored(commands));
    let draw = move || chooser(project, trace, name);
    view! {
        <button
            type="button"
            class="button"
            title="Compare with another trace (c)"
            on:click=move |_| open()
            on:pointerover=move |_| fetch_ahead(fetch())
        >
            "Compare…"
        </button>
        <Dialog is_open title=Signal::stored("Compare with another trace".to_owned())>
            {part(fetch, draw, || view! { <RowsSkeleton n_rows=5 /> })}
        </Dialog>
    }
}

/// What the dialog asks, in a file of its own.
#[wasm_split(compare_chooser, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
fn chooser(project: ProjectId, trace: TraceId, name: Signal<String>) -> Drawn {
    Ok(view! { <Chooser project trace name /> }.into_any())
}

/// Traces that are offered.
const OFFERED: usize = 8;

/// A link or an id, the neighbours in the conversation, traces of the same name.
#[component]
fn Chooser(project: ProjectId, trace: TraceId, name: Signal<String>) -> impl IntoView {
    let api: ApiClient = expect_context();
    let candidates = LocalResource::new(move || {
        let (api, name) = (api.clone(), name.get());
        async move { Candidates::fetch(&api, project, trace, &name).await }
    });
    let list = move || match candidates.get() {
        None => view! { <RowsSkeleton n_rows=5 /> }.into_any(),
        Some(Err(error)) => {
            view! { <LoadFailed message=error.to_string() on_retry=move |()| candidates.refetch() /> }.into_any()
        }
        Some(Ok(Candidates { neighbours, recent })) => {
            let is_empty = neighbours.is_empty() && recent.is_empty();
            view! {
                {group("In the same thread", neighbours, project, trace)}
                {group("Of the same name, newest first", recent, project, trace)}
                {is_empty.then(|| view! { <p class="compare-chooser-none">"There is no other trace of this name or thread in the project."</p> })}
            }
                .into_any()
        }
    };
    view! {
        <div class="compare-chooser">
            <a class="compare-chooser-link is-usual" href=routes::compare_with_usual(project, trace)>
                <b>"With what is usual"</b>
                <span class="compare-chooser-fact">"the median of the successful traces of this name before it"</span>
            </a>
            <PasteForm project trace />
            {dynamic(list)}
        </div>
    }
}

/// Takes a pasted link or id. Other projects are welcome.
#[component]
fn PasteForm(project: ProjectId, trace: TraceId) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<&'static str>);
    let (field_id, problem_id) = (unique_id("other-trace"), unique_id("other-trace-problem"));
    let (label_for, described_by) = (field_id.clone(), problem_id.clone());
    let navigate = use_navigate();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        match text.with_untracked(|text| routes::trace_in(text)) {
            None => problem.set(Some("This is neither a link to a trace nor an id")),
            Some(other) if other == trace => problem.set(Some("This is the trace itself")),
            Some(other) => navigate(&routes::compare(project, trace, other), NavigateOptions::default()),
        }
    };
    view! {
        <form class="compare-chooser-form" on:submit=on_submit>
            <label for=label_for>"Link or id of the other trace"</label>
            <div class="compare-chooser-field">
                <input
                    id=field_id
                    class="field"
                    type="text"
                    autofocus
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby=described_by
                    aria-invalid=move || problem.get().map(|_| "true")
                    prop:value=text
                    on:input=move |event| {
                        problem.set(None);
                        text.set(event_target_value(&event));
                    }
                />
                <button type="submit" class="button is-primary">
                    "Compare"
                </button>
            </div>
            <p id=problem_id class="compare-chooser-problem" role="alert">
                {dynamic(move || problem.get())}
            </p>
        </form>
    }
}

/// What is offered without being asked for.
#[derive(Clone)]
struct Candidates {
    /// The turn before and the turn after.
    neighbours: Vec<Run>,
    recent: Vec<Run>,
}

impl Candidates {
    async fn fetch(api: &ApiClient, project: ProjectId, trace: TraceId, name: &str) -> Result<Self, ApiError> {
        let select =
            ["id", "trace_id", "session_id", "name", "status", "start_time", "end_time", "inputs_preview", "thread_id"];
        let roots = |filter: String, order, limit: usize| RunQuery {
            projects: Some(vec![project]),
            is_root: Some(true),
            filter: Some(filter),
            order: Some(order),
            limit: Some(limit as i64),
            select: Some(select.map(str::to_owned).to_vec()),
            ..RunQuery::default()
        };
        let equals = |field: &str, value: &str| format!("eq({field}, {})", serde_json::Value::from(value));
        let not_itself =
            |runs: Vec<Run>| -> Vec<Run> { runs.into_iter().filter(|run| run.trace_id != trace).collect() };
        let query = RunQuery { ids: Some(vec![trace.into()]), ..roots(String::new(), Order::Desc, 1) };
        let root = api.query_runs(&RunQuery { filter: None, projects: None, ..query }).await?.runs.into_iter().next();
        let mut neighbours = Vec::new();
        if let Some((thread, start)) = root.and_then(|root| Some((root.thread_id?, root.start_time))) {
            let in_thread = equals("thread_id", &thread);
            let before = RunQuery { end_time: Some(start), ..roots(in_thread.clone(), Order::Desc, 2) };
            let after = RunQuery { start_time: Some(start), ..roots(in_thread, Order::Asc, 2) };
            for query in [before, after] {
                neighbours.extend(not_itself(api.query_runs(&query).await?.runs).into_iter().take(1));
            }
        }
        let recent = api.query_runs(&roots(equals("name", name), Order::Desc, OFFERED + 3)).await?.runs;
        let mut recent = not_itself(recent);
        recent.retain(|run| neighbours.iter().all(|other| other.trace_id != run.trace_id));
        recent.truncate(OFFERED);
        Ok(Candidates { neighbours, recent })
    }
}

fn group(title: &'static str, runs: Vec<Run>, project: ProjectId, trace: TraceId) -> impl IntoView {
    let heading = unique_id("offered");
    let labelled_by = heading.clone();
    let links = runs.into_iter().map(|run| link(run, project, trace)).collect::<Vec<_>>();
    let is_empty = links.is_empty();
    (!is_empty).then(|| {
        view! {
            <h3 id=heading>{title}</h3>
            <ul class="compare-chooser-list" aria-labelledby=labelled_by>
                {links}
            </ul>
        }
    })
}

fn link(run: Run, project: ProjectId, trace: TraceId) -> AnyView {
    let took = run.end_time.map(|end: Timestamp| duration(end.since(run.start_time)));
    let said = run.inputs_preview.filter(|text| !text.is_empty()).unwrap_or(run.name);
    view! {
        <li>
            <a class="compare-chooser-link" href=routes::compare(project, trace, run.trace_id)>
                <StatusDot status=Signal::stored(run.status) />
                <bdi class="compare-chooser-said">{visible(&said).into_owned()}</bdi>
                <span class="compare-chooser-fact">{took}</span>
                <span class="compare-chooser-fact"><RelativeTime time=run.start_time /></span>
            </a>
        </li>
    }
    .into_any()
}

/// Leads to the comparison that the address of a trace page asks for with `cmp=`.
pub fn follow_compare(project: ProjectId, trace: TraceId) {
    let query = use_query_map();
    let navigate = use_navigate();
    effect(move || {
        let Some(wanted) = query.read().get(routes::QUERY_COMPARE) else { return };
        let path = match routes::trace_in(&wanted) {
            Some(other) if other != trace => routes::compare(project, trace, other),
            None if wanted == routes::BASELINE => routes::compare_with_usual(project, trace),
            _ => return,
        };
        navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
}
