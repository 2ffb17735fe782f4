//! What is behind a chosen part of a chart: a few examples, what differs, the way to all of it.

use super::data::{Data, patiently, roots};
use super::query::MonitorQuery;
use crate::api::ApiClient;
use crate::charts::unit::Unit;
use crate::components::clock::zone_offset_minutes;
use crate::components::erased::{dynamic, effect};
use crate::components::icon::{Icon, IconView};
use crate::components::run_type_glyph::RunTypeGlyph;
use crate::components::status_dot::StatusDot;
use crate::components::unique_id;
use crate::format::digits::grouped;
use crate::format::time::{exact, span};
use crate::format::visible::visible;
use crate::monitor::selection::{Latencies, Selection};
use crate::pages::fetched::{Fetched, fetched};
use crate::routes;
use fanlight_wire::monitor::differs::{Difference, Differs, DiffersQuery, StepDifference};
use fanlight_wire::monitor::exemplars::{Exemplar, ExemplarQuery, Exemplars, Why};
use fanlight_wire::run_stats::FacetKey;
use leptos::html;
use leptos::prelude::*;

/// Lines of each list of differences.
const MOST_LINES: usize = 6;

/// Shows `selection`. The heading gets the focus where that is wanted.
#[component]
pub fn Dock(
    data: Data,
    query: Memo<MonitorQuery>,
    selection: Selection,
    on_change: Callback<(MonitorQuery, bool)>,
    #[prop(into)] on_close: Callback<()>,
    heading: NodeRef<html::H2>,
    wants_focus: StoredValue<bool>,
) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let exemplars = fetched(move || {
        let asked = data.asked.get()?;
        let query = ExemplarQuery { query: roots(data.project, &asked), area: selection.area(), seed: 1 };
        Some(patiently(move || {
            let (api, query) = (api.get_value(), query.clone());
            Box::pin(async move { api.find_exemplars(&query).await })
        }))
    });
    let differs = fetched(move || {
        let asked = data.asked.get()?;
        let query =
            DiffersQuery { query: roots(data.project, &asked), area: selection.area(), limit: Some(MOST_LINES) };
        Some(patiently(move || {
            let (api, query) = (api.get_value(), query.clone());
            Box::pin(async move { api.find_differences(&query).await })
        }))
    });
    effect(move || {
        if heading.get().is_some() && wants_focus.get_value() {
            wants_focus.set_value(false);
            focus(heading);
        }
    });
    let title_id = unique_id("dock-title");
    let labelled_by = title_id.clone();
    let zoom = move |_| on_change.run((query.with_untracked(|query| query.zoomed(selection)), false));
    let all = move || query.with(|query| query.traces_of(data.project, selection));
    let on_value = Callback::new(move |(key, value, is_excluded): (FacetKey, String, bool)| {
        on_change.run((query.with_untracked(|query| query.with_value(&key, &value, is_excluded)), false));
    });
    view! {
        <section class="monitor-dock" aria-labelledby=labelled_by>
            <header class="monitor-dock-head">
                <h2 id=title_id node_ref=heading tabindex="-1">
                    {selection_words(&selection)}
                </h2>
                <p role="status">{dynamic(move || counts(&exemplars))}</p>
                <a class="button is-primary" href=all>
                    "Open these traces"
                </a>
                <button type="button" class="button" on:click=zoom>
                    "Zoom in"
                </button>
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    aria-label="Close what is chosen"
                    title="Close (Esc)"
                    on:click=move |_| on_close.run(())
                >
                    <IconView icon=Icon::Close />
                </button>
            </header>
            <div class="monitor-dock-body" tabindex="0" role="group" aria-label="Examples and what differs">
                <section>
                    <h3>"Examples"</h3>
                    {dynamic(move || answered(&exemplars, "Looking for examples", |it| {
                        if it.exemplars.is_empty() {
                            return view! { <p class="plot-nothing">"No trace is in here"</p> }.into_any();
                        }
                        let rows: Vec<AnyView> = it.exemplars.iter().map(exemplar).collect();
                        view! { <ul class="dock-list">{rows}</ul> }.into_any()
                    }))}
                </section>
                <section>
                    <h3>"Steps that take another time here"</h3>
                    {dynamic(move || answered(&differs, "Comparing with the rest", steps))}
                </section>
                <section>
                    <h3>"More or less frequent here"</h3>
                    {dynamic(move || answered(&differs, "Comparing with the rest", |it| values(it, on_value)))}
                </section>
            </div>
        </section>
    }
}

/// Puts the focus on the heading, so that reading goes on there.
pub fn focus(heading: NodeRef<html::H2>) {
    if let Some(heading) = heading.get_untracked() {
        let _ = heading.focus();
    }
}

/// `23 Nov 2026 14:00 – 15:00, 2.00 s – 4.00 s`.
fn selection_words(selection: &Selection) -> String {
    let time = span(selection.from, selection.until, zone_offset_minutes);
    let words = |seconds: f64| Unit::Duration.words(seconds * 1e9);
    match selection.latency {
        Some(Latencies { min_s: Some(min), max_s: Some(max) }) => format!("{time}, {} – {}", words(min), words(max)),
        Some(Latencies { min_s: Some(min), max_s: None }) => format!("{time}, over {}", words(min)),
        Some(Latencies { min_s: None, max_s: Some(max) }) => format!("{time}, under {}", words(max)),
        _ => time,
    }
}

fn counts(exemplars: &Fetched<Exemplars>) -> String {
    exemplars.value.with(|answer| {
        let Some(answer) = answer else { return "Counting".to_owned() };
        let noun = if answer.n_runs == 1 { "trace" } else { "traces" };
        format!("{} {noun}, {} failed", grouped(answer.n_runs as i64), grouped(answer.n_errors as i64))
    })
}

/// What is made of an answer; before it comes `waiting`, when it does not come why.
fn answered<T: Send + Sync + 'static>(
    fetched: &Fetched<T>,
    waiting: &'static str,
    draw: impl FnOnce(&T) -> AnyView,
) -> AnyView {
    let fetched = *fetched;
    if let Some(error) = fetched.failure.get() {
        return view! {
            <div class="plot-failure" role="alert">
                <span>{error.to_string()}</span>
                <button type="button" class="button" on:click=move |_| fetched.refetch()>
                    "Try again"
                </button>
            </div>
        }
        .into_any();
    }
    fetched.value.with(|answer| match answer {
        Some(answer) => draw(answer),
        None => view! { <p class="plot-nothing">{waiting}</p> }.into_any(),
    })
}

fn exemplar(it: &Exemplar) -> AnyView {
    let why = match it.why {
        Why::Slowest => "slowest",
        Why::Error => "failed",
        Why::Random => "random",
    };
    let latency = it.latency_s.map_or("running".to_owned(), |seconds| Unit::Duration.words(seconds * 1e9));
    let error = it.error.as_deref().map(|error| visible(error).into_owned());
    let status = it.status;
    view! {
        <li class="dock-row">
            <StatusDot status=Signal::stored(status) />
            <span class="chip">{why}</span>
            <a href=routes::run(it.project_id, it.trace_id, it.run_id) title=exact(it.start_time, zone_offset_minutes(it.start_time))>
                <bdi>{visible(&it.name).into_owned()}</bdi>
            </a>
            <span class="dock-number">{latency}</span>
            {error.map(|error| view! { <span class="dock-error" dir="auto">{error}</span> })}
        </li>
    }
    .into_any()
}

fn steps(differs: &Differs) -> AnyView {
    if differs.steps.is_empty() {
        return view! { <p class="plot-nothing">"No step takes longer or shorter than elsewhere"</p> }.into_any();
    }
    let seconds = |seconds: f64| Unit::Duration.words(seconds * 1e9);
    let row = |it: &StepDifference| {
        let is_slower = it.seconds_inside > it.seconds_outside;
        let run_type = it.run_type;
        view! {
            <li class="dock-row">
                <RunTypeGlyph run_type />
                <bdi class="dock-name">{visible(&it.name).into_owned()}</bdi>
                <span class="dock-number" class:is-worse=is_slower>
                    {seconds(it.seconds_inside)}
                </span>
                <span class="dock-against">{format!("{} elsewhere", seconds(it.seconds_outside))}</span>
            </li>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = differs.steps.iter().take(MOST_LINES).map(row).collect();
    view! { <ul class="dock-list">{rows}</ul> }.into_any()
}

fn values(differs: &Differs, on_value: Callback<(FacetKey, String, bool)>) -> AnyView {
    if differs.values.is_empty() {
        return view! { <p class="plot-nothing">"Nothing beyond chance"</p> }.into_any();
    }
    let row = |it: &Difference| {
        let (key, value) = (it.key.clone(), it.value.clone());
        let label = format!("{} = {}", key.to_string().trim_start_matches("metadata."), value);
        let label = visible(&label).into_owned();
        let choose = move |is_excluded: bool| {
            let (key, value) = (key.clone(), value.clone());
            move |_: web_sys::MouseEvent| on_value.run((key.clone(), value.clone(), is_excluded))
        };
        view! {
            <li class="dock-row">
                <bdi class="dock-name">{label.clone()}</bdi>
                <span class="dock-number">{Unit::Share.words(it.share_inside)}</span>
                <span class="dock-against">{format!("{} elsewhere", Unit::Share.words(it.share_outside))}</span>
                <button type="button" class="button is-quiet is-icon" aria-label=format!("Only {label}") title="Only these" on:click=choose(false)>
                    <IconView icon=Icon::Plus />
                </button>
                <button type="button" class="button is-quiet is-icon" aria-label=format!("Not {label}") title="Not these" on:click=choose(true)>
                    "−"
                </button>
            </li>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = differs.values.iter().take(MOST_LINES).map(row).collect();
    view! { <ul class="dock-list">{rows}</ul> }.into_any()
}
