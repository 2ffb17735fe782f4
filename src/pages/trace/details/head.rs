//! Who this run is and what it took: type, name, model and settings; time, tokens, money, status.

use super::run_data::RunData;
use super::settings::{Settings, settings};
use crate::components::clock::use_now;
use crate::components::erased::{dynamic, memo};
use crate::components::run_type_glyph::RunTypeGlyph;
use crate::components::status_dot::{StatusDot, status_label};
use crate::format::cost::cost;
use crate::format::duration::duration;
use crate::format::run_type::run_type_label;
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::routes;
use fanlight_wire::{Run, RunStatus, RunType, Usd};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The head of the panel.
#[component]
pub fn Head(
    data: Memo<Arc<RunData>>,
    inputs: Memo<Option<Arc<str>>>,
    /// The reader asks how the cost came about.
    #[prop(into)]
    on_cost: Callback<()>,
) -> impl IntoView {
    let status = Signal::derive(move || data.with(|data| data.run.status));
    let settings = memo(move || {
        let is_llm = data.with(|data| data.run.run_type == RunType::Llm);
        // Settings in the inputs are those of a model; elsewhere the same words mean other things.
        let inputs = inputs.get().filter(|inputs| is_llm && inputs.len() < 1_000_000);
        data.with(|data| settings(data.extra.as_deref(), inputs.as_deref(), data.run.model.as_deref()))
    });
    view! {
        <header class="details-head">
            <div class="details-title">
                {dynamic(move || view! { <RunTypeGlyph run_type=data.with(|data| data.run.run_type) /> })}
                <h2 dir="auto">{dynamic(move || data.with(|data| visible(&data.run.name).into_owned()))}</h2>
                <span class="details-kind">{dynamic(move || kind_words(data.with(|data| data.run.run_type), &settings.get()))}</span>
            </div>
            <ul class="details-chips" aria-label="Measures">
                <li class="chip">
                    <StatusDot status=status />
                    <b>{dynamic(move || status_label(status.get()))}</b>
                </li>
                <li class="chip" title="From start to end">
                    <Latency data />
                </li>
                {dynamic(move || data.with(|data| measure_chips(&data.run, on_cost)))}
                {dynamic(move || {
                    settings
                        .get()
                        .prompt
                        .map(|prompt| {
                            let name = view! { <bdi>{visible(&prompt).into_owned()}</bdi> };
                            let name = match &settings.get().hub_version {
                                Some((prompt, hash)) => {
                                    let href = routes::prompt_version(prompt, hash);
                                    view! { <a href=href title="Open this version">{name}</a> }.into_any()
                                }
                                None => name.into_any(),
                            };
                            view! {
                                <li class="chip">
                                    "prompt " <b>{name}</b>
                                </li>
                            }
                        })
                })}
            </ul>
        </header>
    }
}

/// `LLM · gpt-4o-mini · temperature 0.7`
fn kind_words(run_type: RunType, settings: &Settings) -> String {
    let mut words = vec![run_type_label(run_type).to_owned()];
    if run_type == RunType::Llm || run_type == RunType::Embedding {
        words.extend(settings.model.clone());
        words.extend(settings.key_settings.iter().map(|(name, value)| match name.as_str() {
            "tools" | "tool" => format!("{value} {name}"),
            _ => format!("{name} {value}"),
        }));
    }
    visible(&words.join(" · ")).into_owned()
}

/// The run's duration; while it runs, the time so far.
#[component]
fn Latency(data: Memo<Arc<RunData>>) -> impl IntoView {
    let times = memo(move || data.with(|data| (data.run.start_time, data.run.end_time, data.run.status)));
    move || match times.get() {
        (start, Some(end), _) => duration(end.since(start)).into_any(),
        (start, None, RunStatus::Pending) => {
            let now = use_now();
            let so_far = move || duration((now.get().since(start) / 1_000_000_000).max(0) * 1_000_000_000);
            view! { <span>"running for " {dynamic(so_far)}</span> }.into_any()
        }
        (_, None, _) => view! { <span>"no end recorded"</span> }.into_any(),
    }
}

fn measure_chips(run: &Run, on_cost: Callback<()>) -> Vec<AnyView> {
    let mut chips = Vec::new();
    if let Some(first) = run.first_token_time {
        let words = duration(first.since(run.start_time));
        chips.push(
            view! { <li class="chip" title="Until the first token">"first token " <b>{words}</b></li> }.into_any(),
        );
    }
    if run.total_tokens > 0 {
        let details = [
            details_words(run.prompt_token_details.as_ref(), |count| tokens(*count)),
            details_words(run.completion_token_details.as_ref(), |count| tokens(*count)),
        ];
        let details = details.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let words = format!("{} → {}", tokens(run.prompt_tokens), tokens(run.completion_tokens));
        chips.push(
            view! {
                <li class="chip" title="Tokens in and out">
                    <b>{words}</b>
                    " tok"
                    {(!details.is_empty()).then(|| view! { <span class="chip-details">{details}</span> })}
                </li>
            }
            .into_any(),
        );
    }
    chips.extend(cost_chip(run, on_cost));
    chips
}

fn cost_chip(run: &Run, on_cost: Callback<()>) -> Option<AnyView> {
    if let Some(total) = run.total_cost {
        let parts = [("in", run.prompt_cost), ("out", run.completion_cost)];
        let parts: Vec<String> =
            parts.into_iter().filter_map(|(side, amount)| Some(format!("{side} {}", cost(amount?)))).collect();
        let details = [&run.prompt_cost_details, &run.completion_cost_details];
        let details =
            details.into_iter().filter_map(|details| details_words(details.as_ref(), |amount: &Usd| cost(*amount)));
        let title = parts.into_iter().chain(details).collect::<Vec<_>>().join(" · ");
        return Some(chip_button(view! { <b>{cost(total)}</b> }.into_any(), title, on_cost));
    }
    if run.run_type != RunType::Llm || run.total_tokens == 0 {
        return None;
    }
    let model = run.model.as_deref().map_or("this model".into(), |model| visible(model).into_owned());
    let words = view! {
        "no price for "
        <bdi>{model}</bdi>
    };
    Some(chip_button(words.into_any(), "The cost is unknown".into(), on_cost))
}

/// A figure that explains itself when pressed.
fn chip_button(words: AnyView, title: String, on_press: Callback<()>) -> AnyView {
    view! {
        <li>
            <button type="button" class="chip chip-button" title=title on:click=move |_| on_press.run(())>
                {words}
                <span class="visually-hidden">", explain this cost"</span>
            </button>
        </li>
    }
    .into_any()
}

/// `120 cached, 64 reasoning`: the names as the libraries give them, in words where we know them.
fn details_words<T>(details: Option<&BTreeMap<String, T>>, print: impl Fn(&T) -> String) -> Option<String> {
    let word = |name: &str| match name {
        "cache_read" => "cached".to_owned(),
        "cache_creation" => "written to cache".to_owned(),
        other => visible(other).replace('_', " "),
    };
    let words: Vec<String> = details?.iter().map(|(name, value)| format!("{} {}", print(value), word(name))).collect();
    (!words.is_empty()).then(|| words.join(", "))
}
