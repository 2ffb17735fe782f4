//! Facts of both runs in a table: what each was, took and cost.

use super::load::{Loaded, PairOfRuns};
use crate::compare::Measure;
use crate::compare::measure::Change;
use crate::components::status_dot::status_label;
use crate::format::duration::duration;
use crate::format::visible::visible;
use fanlight_wire::{Run, RunStatus};
use leptos::prelude::*;
use std::sync::Arc;

/// One line of the table.
struct Fact {
    label: &'static str,
    a: Option<String>,
    b: Option<String>,
    /// The difference of amounts, or that texts differ.
    delta: Option<(Change, String)>,
}

impl Fact {
    fn amount(label: &'static str, measure: Measure, [a, b]: [Option<i64>; 2]) -> Self {
        let delta = a.zip(b).map(|(a, b)| (measure.change(a, b), measure.signed_text(b.saturating_sub(a))));
        let text = |amount: Option<i64>| amount.map(|amount| measure.text(amount));
        Fact { label, a: text(a), b: text(b), delta }
    }

    fn text(label: &'static str, [a, b]: [Option<String>; 2]) -> Self {
        Fact { label, a, b, delta: None }
    }

    fn view(self) -> Option<AnyView> {
        let Fact { label, a, b, delta } = self;
        if a.is_none() && b.is_none() {
            return None;
        }
        let is_different = delta.is_none() && a != b;
        let cell = |text: Option<String>| text.map_or("–".to_owned(), |text| visible(&text).into_owned());
        let class = match &delta {
            Some((Change::More, _)) => "compare-delta is-more",
            Some((Change::Less, _)) => "compare-delta is-less",
            _ => "compare-delta",
        };
        let said = match delta {
            Some((_, text)) => text,
            None if is_different => "differs".to_owned(),
            None => "same".to_owned(),
        };
        Some(
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td><bdi>{cell(a)}</bdi></td>
                    <td><bdi>{cell(b)}</bdi></td>
                    <td><span class=class>{said}</span></td>
                </tr>
            }
            .into_any(),
        )
    }
}

fn facts(runs: &PairOfRuns) -> Vec<Fact> {
    let sides = [&runs.a, &runs.b].map(|loaded| loaded.as_ref().map(|loaded: &Loaded| &loaded.run));
    let of = |read: fn(&Run) -> Option<i64>| sides.map(|run| run.and_then(read));
    let said = |read: fn(&Run) -> Option<String>| sides.map(|run| run.and_then(read));
    vec![
        Fact::text("Status", said(|run| Some(status_label(run.status).to_owned()))),
        Fact::text("Model", said(|run| run.model.clone())),
        Fact::amount("Duration", Measure::Time, of(|run| Some(run.end_time?.since(run.start_time)))),
        Fact::amount("First token", Measure::Time, of(|run| Some(run.first_token_time?.since(run.start_time)))),
        Fact::amount("Prompt tokens", Measure::Tokens, of(|run| Some(run.prompt_tokens).filter(|n| *n > 0))),
        Fact::amount("Completion tokens", Measure::Tokens, of(|run| Some(run.completion_tokens).filter(|n| *n > 0))),
        Fact::amount("Cost", Measure::Cost, of(|run| run.total_cost.map(|cost| cost.picodollars))),
        Fact::text("Tags", said(|run| run.tags.clone().filter(|tags| !tags.is_empty()).map(|tags| tags.join(", ")))),
        Fact::text("Running for", said(running_for)),
    ]
}

/// Until the answer was made; only of what has not ended.
fn running_for(run: &Run) -> Option<String> {
    let now_ns = (js_sys::Date::now() * 1e6) as i64;
    (run.status == RunStatus::Pending && run.end_time.is_none()).then(|| duration((now_ns - run.start_time.0).max(0)))
}

/// See the module.
#[component]
pub fn Facts(runs: Arc<PairOfRuns>) -> impl IntoView {
    let rows = facts(&runs).into_iter().filter_map(Fact::view).collect_view();
    view! {
        <table class="compare-facts">
            <caption class="visually-hidden">"Facts of both runs"</caption>
            <thead>
                <tr>
                    <th scope="col"><span class="visually-hidden">"Fact"</span></th>
                    <th scope="col"><span class="compare-key is-a" aria-hidden="true"></span>"A"</th>
                    <th scope="col"><span class="compare-key is-b" aria-hidden="true"></span>"B"</th>
                    <th scope="col">"Δ"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
