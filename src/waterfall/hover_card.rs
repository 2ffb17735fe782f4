//! The card beside the pointer: what is known of the run under it, without selecting it.

use super::pointer::PointerInput;
use super::state::Waterfall;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::status_dot::status_label;
use crate::format::cost::cost;
use crate::format::digits::percent;
use crate::format::duration::duration;
use crate::format::run_type::{run_type_label, run_type_letter};
use crate::format::tokens::tokens;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunStatus;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// How long the pointer rests before the card comes; between bars it stays.
const COMES_AFTER: Duration = Duration::from_millis(80);

/// Decoration for the pointer: everything it says is in the row's own name or in the details.
#[component]
pub fn HoverCard(state: Waterfall, input: PointerInput) -> impl IntoView {
    let is_due = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let is_over_chart = memo(move || state.pointer_px.get().is_some() && state.hovered.get().is_some());
    effect(move || {
        timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
        if !is_over_chart.get() {
            is_due.set(false);
            return;
        }
        let show = move || {
            is_due.try_set(true);
        };
        timer.set_value(set_timeout_with_handle(show, COMES_AFTER).ok());
    });
    let run = memo(move || state.hovered.get().filter(|_| is_due.get() && input.band_px.get().is_none()));
    let place = move |pick: fn((f64, f64)) -> f64| move || format!("{}px", pick(input.client.get()));
    view! {
        <div
            class="hover-card"
            aria-hidden="true"
            hidden=live(move || run.get().is_none())
            style:--pointer-x=place(|(x, _)| x)
            style:--pointer-y=place(|(_, y)| y)
        >
            {dynamic(move || {
                let run = run.get()?;
                state.tree.with(|tree| (run < tree.n_runs() as u32).then(|| card(tree, run, state.now_ns.get())))
            })}
        </div>
    }
}

fn card(tree: &RunTree, run: RunIdx, now_ns: u64) -> impl IntoView + use<> {
    let run_type = tree.run_type(run);
    let length = tree.end_or_now_ns(run, now_ns) - tree.start_ns(run);
    let share = length as f64 / tree.extent_ns().max(1) as f64;
    let kind = match tree.model(run) {
        Some(model) => format!("{} · {model}", run_type_label(run_type)),
        None => run_type_label(run_type).to_owned(),
    };
    let (prompt, completion) = tree.tokens(run);
    let status = tree.status(run);
    let mut facts = vec![
        ("Duration", format!("{} · {} of the trace", duration(length as i64), percent(share.min(1.0)))),
        ("Starts at", duration(tree.start_ns(run) as i64)),
    ];
    if let Some(first) = tree.first_token_ns(run) {
        facts.push(("First token", format!("after {}", duration((first - tree.start_ns(run)) as i64))));
    }
    if prompt > 0 || completion > 0 {
        facts.push(("Tokens", format!("{} → {}", tokens(prompt.into()), tokens(completion.into()))));
    }
    if let Some(amount) = tree.cost(run) {
        facts.push(("Cost", cost(amount)));
    }
    if status != RunStatus::Success {
        facts.push(("Status", status_label(status).to_owned()));
    }
    match (tree.n_children(run), tree.descendants(run).len()) {
        (0, _) => {}
        (n, below) if n as usize == below => facts.push(("Children", n.to_string())),
        (n, below) => facts.push(("Children", format!("{n}, {below} runs in all"))),
    }
    let name = tree.name(run).chars().take(120).collect::<String>();
    view! {
        <p class="hover-card-title">
            <span class=format!("run-type-glyph is-{run_type}")>{run_type_letter(run_type)}</span>
            <bdi>{name}</bdi>
        </p>
        <p class="hover-card-kind"><bdi>{kind}</bdi></p>
        <dl class="hover-card-facts">
            {facts
                .into_iter()
                .map(|(label, value)| {
                    view! {
                        <dt>{label}</dt>
                        <dd>{value}</dd>
                    }
                })
                .collect_view()}
        </dl>
    }
}
