//! In production: A and B measure by measure, the difference with its interval, and whether it is more than noise.

use super::Compared;
use super::address::Address;
use super::load::{Pair, Side};
use super::period::Period;
use crate::api::{ApiClient, ApiError};
use crate::components::clock::use_now;
use crate::components::erased::{dynamic, effect, live};
use crate::components::load_failed::LoadFailed;
use crate::components::skeleton::RowsSkeleton;
use crate::components::unique_id;
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::routes;
use crate::statistics::Outcome;
use crate::versions::{Production, Row, Tone, compare, filter, summary, words};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::version_stats::{Unit, VersionStats, VersionsAnswer, VersionsQuery};
use leptos::prelude::*;
use std::sync::Arc;

/// What is known of production. Copy it freely.
#[derive(Clone, Copy)]
pub struct ProductionState {
    answer: RwSignal<Option<Result<Arc<VersionsAnswer>, ApiError>>>,
    n_reloads: RwSignal<u32>,
}

impl ProductionState {
    /// Asks the server, and again when the period or what is measured changes.
    pub fn start(compared: &Compared, pair: &Arc<Pair>, address: Address) -> Self {
        let state = ProductionState { answer: RwSignal::new(None), n_reloads: RwSignal::new(0) };
        let api: ApiClient = expect_context();
        let (repo, commits) = (compared.name.clone(), vec![pair.a.hash.clone(), pair.b.hash.clone()]);
        let now = use_now();
        effect(move || {
            state.n_reloads.track();
            let start_time = address.period.get().start(now.get_untracked());
            let query = VersionsQuery {
                query: RunQuery { start_time, ..RunQuery::default() },
                repo: repo.clone(),
                commits: commits.clone(),
                unit: address.unit.get(),
                ..VersionsQuery::default()
            };
            let api = api.clone();
            state.answer.set(None);
            let asked_for = (query.unit, address.period.get());
            leptos::task::spawn_local(async move {
                let answer = api.find_version_stats(&query).await.map(Arc::new);
                // Another question may have been asked meanwhile, or the page be gone.
                let is_current = address.unit.try_get_untracked().zip(address.period.try_get_untracked());
                if is_current == Some(asked_for) {
                    state.answer.try_set(Some(answer));
                }
            });
        });
        state
    }

    /// In one sentence; empty until it is known.
    pub fn headline(&self, pair: &Pair) -> Option<(String, Outcome)> {
        let Some(Ok(answer)) = self.answer.get() else { return None };
        let production = compare(&of(&answer, &pair.a), &of(&answer, &pair.b));
        let has_runs = answer.versions.iter().any(|version| version.n > 0);
        has_runs.then(|| (summary(&production, &pair.a.short_hash(), &pair.b.short_hash()), production.outcome))
    }
}

/// What a version did; nothing, when no run names it.
fn of(answer: &VersionsAnswer, side: &Side) -> VersionStats {
    answer.versions.iter().find(|version| version.commit == side.hash).cloned().unwrap_or_default()
}

/// See the module.
#[component]
pub fn ProductionView(compared: Compared, pair: Arc<Pair>, address: Address, state: ProductionState) -> impl IntoView {
    let heading = unique_id("production");
    let labelled_by = heading.clone();
    view! {
        <section id="production" class="prompt-production" aria-labelledby=labelled_by tabindex="-1">
            <header class="prompt-production-header">
                <h2 id=heading>"In production"</h2>
                <UnitSwitch address />
                <PeriodChoice address />
            </header>
            {dynamic(move || match state.answer.get() {
                None => view! { <RowsSkeleton n_rows=6 /> }.into_any(),
                Some(Err(error)) => {
                    let retry = move |()| state.n_reloads.update(|n| *n += 1);
                    view! { <LoadFailed message=error.to_string() on_retry=Callback::new(retry) /> }.into_any()
                }
                Some(Ok(answer)) => {
                    let unit = address.unit.get();
                    let period = address.period.get();
                    table_view(&compared.name, &pair, &answer, unit, period)
                }
            })}
        </section>
    }
}

fn table_view(name: &str, pair: &Pair, answer: &VersionsAnswer, unit: Unit, period: Period) -> AnyView {
    let (a, b) = (of(answer, &pair.a), of(answer, &pair.b));
    if a.n + b.n == 0 {
        return empty_view(unit, period);
    }
    let production = compare(&a, &b);
    let says = summary(&production, &pair.a.short_hash(), &pair.b.short_hash());
    let class = match production.outcome {
        Outcome::BWins => "prompt-verdict is-better",
        Outcome::AWins => "prompt-verdict is-worse",
        _ => "prompt-verdict",
    };
    let mixed = (answer.n_mixed > 0).then(|| {
        let n = grouped(i64::try_from(answer.n_mixed).unwrap_or(i64::MAX));
        view! { <p class="prompt-production-note">{format!("Left out: {n} traces in which both versions were at work.")}</p> }
    });
    let column = |side: &Side, letter: &'static str| {
        view! {
            <th scope="col" class="is-number">
                <span class="prompt-column-letter">{letter}</span>
                <span class="prompt-hash">{side.short_hash()}</span>
            </th>
        }
        .into_any()
    };
    view! {
        <p class=class>{says}</p>
        <div class="prompt-production-scroll" tabindex="0" role="region" aria-label="Measures of both versions">
            <table class="prompt-measures">
                <thead>
                    <tr>
                        <th scope="col">"Measure"</th>
                        {column(&pair.a, "A")}
                        {column(&pair.b, "B")}
                        <th scope="col" class="is-number">"Change"</th>
                        <th scope="col" class="is-number">"95 % interval"</th>
                        <th scope="col">"Verdict"</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">{if unit == Unit::Trace { "Traces" } else { "LLM calls" }}</th>
                        <td class="is-number">{count_view(name, &a, unit, period)}</td>
                        <td class="is-number">{count_view(name, &b, unit, period)}</td>
                        <td></td>
                        <td></td>
                        <td></td>
                    </tr>
                    {measures(&production)}
                </tbody>
            </table>
        </div>
        {mixed}
        <p class="prompt-production-note">
            "Latency, tokens, cost and errors count as better when lower, scores when higher. Verdicts are corrected for the number of measures: claiming any difference where there is none happens in at most 5 % of comparisons."
        </p>
    }
    .into_any()
}

fn measures(production: &Production) -> Vec<AnyView> {
    production.rows.iter().map(measure_view).collect()
}

fn measure_view(row: &Row) -> AnyView {
    let it = words(row);
    let class = match it.tone {
        Tone::Better => "prompt-verdict-cell is-better",
        Tone::Worse => "prompt-verdict-cell is-worse",
        Tone::Unclear => "prompt-verdict-cell",
    };
    let mark = match it.tone {
        Tone::Better => "✓ ",
        Tone::Worse => "✗ ",
        Tone::Unclear => "",
    };
    view! {
        <tr>
            <th scope="row"><bdi>{visible(&row.measure.label()).into_owned()}</bdi></th>
            <td class="is-number" title=it.a_hint>{it.a}</td>
            <td class="is-number" title=it.b_hint>{it.b}</td>
            <td class="is-number">{it.change}</td>
            <td class="is-number">{it.interval}</td>
            <td class=class><span aria-hidden="true">{mark}</span>{it.verdict}</td>
        </tr>
    }
    .into_any()
}

/// How many there are; leads to them.
fn count_view(name: &str, version: &VersionStats, unit: Unit, period: Period) -> AnyView {
    let n = grouped(i64::try_from(version.n).unwrap_or(i64::MAX));
    let Some(project) = version.projects.first() else { return n.into_any() };
    let mut pairs = Vec::new();
    if unit == Unit::LlmCall {
        pairs.push(("scope", "llm".to_owned()));
    }
    pairs.push(("q", filter(name, &version.recorded_as, unit)));
    if period != Period::All {
        pairs.push(("t", period.to_string()));
    }
    let href = routes::traces_with(*project, &routes::query_of(&pairs));
    let more = version.projects.len().saturating_sub(1);
    let title = match more {
        0 => "See them in the list".to_owned(),
        1 => "See those of the project with the most; 1 other project has some".to_owned(),
        n => format!("See those of the project with the most; {n} other projects have some"),
    };
    view! { <a href=href title=title>{n}</a> }.into_any()
}

fn empty_view(unit: Unit, period: Period) -> AnyView {
    let what = if unit == Unit::Trace { "trace" } else { "LLM call" };
    let when = match period {
        Period::All => String::new(),
        other => format!(" in the {}", other.label().to_lowercase()),
    };
    view! {
        <div class="prompt-production-empty">
            <p>{format!("No {what} of either version{when}.")}</p>
            <p>
                "Runs say which version made them in their metadata: " <code>"lc_hub_repo"</code> " and "
                <code>"lc_hub_commit_hash"</code>
                ". LangChain writes both when a prompt is pulled; in your own code, give them as metadata of the run."
            </p>
        </div>
    }
    .into_any()
}

/// Whole traces, or the calls that name the version.
#[component]
fn UnitSwitch(address: Address) -> impl IntoView {
    let name = unique_id("unit");
    let choice = move |label: &'static str, unit: Unit| {
        view! {
            <label class="segmented-choice is-word">
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name.clone()
                    prop:checked=live(move || address.unit.get() == unit)
                    on:change=move |_| address.set_unit(unit)
                />
                {label}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">"Measured"</legend>
            {choice("Whole traces", Unit::Trace)}
            {choice("LLM calls", Unit::LlmCall)}
        </fieldset>
    }
}

#[component]
fn PeriodChoice(address: Address) -> impl IntoView {
    let options = Period::ALL
        .into_iter()
        .map(|period| {
            view! {
                <option value=period.as_str() prop:selected=live(move || address.period.get() == period)>
                    {period.label()}
                </option>
            }
            .into_any()
        })
        .collect_view();
    let choose = move |event: web_sys::Event| {
        if let Ok(period) = event_target_value(&event).parse() {
            address.set_period(period);
        }
    };
    view! {
        <select class="prompt-period" aria-label="Period" on:change=choose>
            {options}
        </select>
    }
}
