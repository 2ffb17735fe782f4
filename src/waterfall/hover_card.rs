//! The card beside the pointer: what is known of the run under it, without selecting it.

use super::keys::{CARD_KEYS, CardCommand};
use super::layout::merge::Merged;
use super::pointer::PointerInput;
use super::state::Waterfall;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::status_dot::status_label;
use crate::format::cost::cost;
use crate::format::digits::{grouped, percent};
use crate::format::duration::duration;
use crate::format::run_type::{run_type_label, run_type_letter};
use crate::format::tokens::tokens;
use crate::keys::KeyGroup;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunStatus;
use leptos::ev::KeyboardEvent;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long the pointer rests before the card comes; between bars it stays.
const COMES_AFTER: Duration = Duration::from_millis(80);
/// What two machines differ by anyway.
const CLOCKS_AGREE_TO_NS: u64 = 1_000_000;

/// Everything it says is in the row's own name or in the details, so that screen readers do without. Space keeps it open
/// while the pointer goes elsewhere; Space or Esc closes it then.
#[component]
pub fn HoverCard(state: Waterfall, input: PointerInput) -> impl IntoView {
    let is_due = RwSignal::new(false);
    let is_pinned = state.chart.is_pinned;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let is_over_chart =
        memo(move || state.hovered.get().is_some() && (state.pointer_px.get().is_some() || input.is_long_press.get()));
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
    let run = memo(move || {
        let hovered = state.hovered.get().filter(|_| is_due.get() || input.is_long_press.get());
        // Moves while something is dragged bring no card.
        state.range.track();
        state.window.track();
        hovered.filter(|_| !input.is_dragging())
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if run.get_untracked().is_none() {
            return;
        }
        match free_action(CARD_KEYS, &event) {
            Some(CardCommand::Pin) if !is_control(&event) => is_pinned.update(|is_pinned| *is_pinned = !*is_pinned),
            Some(CardCommand::Close) if is_pinned.get_untracked() => is_pinned.set(false),
            _ => return,
        }
        event.prevent_default();
        if !is_pinned.get_untracked() {
            input.on_leave();
        }
    });
    on_cleanup(move || keys.remove());
    use_key_help(KeyGroup::new("Card beside the pointer", CARD_KEYS));
    let place = move |pick: fn((f64, f64)) -> f64| move || format!("{}px", pick(input.client.get()));
    view! {
        <div
            class="hover-card"
            class:is-pinned=is_pinned
            aria-hidden="true"
            hidden=live(move || run.get().is_none())
            style:--pointer-x=place(|(x, _)| x)
            style:--pointer-y=place(|(_, y)| y)
        >
            {dynamic(move || {
                let run = run.get()?;
                let mark = state.chart.hovered_mark.get();
                state.tree.with(|tree| {
                    let is_there = run < tree.n_runs() as u32;
                    is_there.then(|| match mark {
                        Some(mark) => merged_card(tree, mark).into_any(),
                        None => run_card(tree, run, state.now_ns.get()).into_any(),
                    })
                })
            })}
        </div>
    }
}

/// Where Space presses a button rather than pins the card.
fn is_control(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("button, a, summary, input").is_ok_and(|owner| owner.is_some()))
}

/// What is known of runs that are drawn as one mark.
fn merged_card(tree: &RunTree, mark: Merged) -> impl IntoView + use<> {
    let longest = tree.end_ns(mark.longest).map(|end| duration((end - tree.start_ns(mark.longest)) as i64));
    let title = match longest {
        Some(longest) => format!("{} runs, longest {longest}", grouped(mark.n_runs.into())),
        None => format!("{} runs, one under way", grouped(mark.n_runs.into())),
    };
    let failed = (mark.n_failed > 0).then(|| {
        let failed = if mark.n_failed == 1 {
            "1 failed".to_owned()
        } else {
            format!("{} failed", grouped(mark.n_failed.into()))
        };
        view! { <p class="hover-card-failed">{failed}</p> }
    });
    view! {
        <p class="hover-card-title">{title}</p>
        <p class="hover-card-kind">
            {format!("{} to {}", duration(mark.start_ns as i64), duration(mark.end_ns as i64))}
        </p>
        {failed}
        <p class="hover-card-hint">"Click to zoom in on them"</p>
    }
}

/// What the card says of one run.
pub fn run_card(tree: &RunTree, run: RunIdx, now_ns: u64) -> impl IntoView + use<> {
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
    let skew = tree.parent(run).map(|parent| tree.start_ns(parent).saturating_sub(tree.start_ns(run)));
    if let Some(skew) = skew.filter(|&skew| skew >= CLOCKS_AGREE_TO_NS) {
        facts.push(("Clocks disagree", format!("starts {} before its parent", duration(skew as i64))));
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
