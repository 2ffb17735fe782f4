//! What surrounds the selected path: who calls its name, what it calls, and its runs.

use super::super::run_list::RunList;
use super::state::AggregateState;
use crate::aggregate::around::{Around, Neighbour, around};
use crate::components::erased::{dynamic, memo};
use crate::format::digits::grouped;
use crate::lanes::axis::amount;
use crate::trace_view::XUnit;
use leptos::prelude::*;

/// Names on one side; the rest is counted.
const MAX_NEIGHBOURS: usize = 12;

/// Callers, runs and callees side by side.
#[component]
pub fn Butterfly(state: AggregateState, on_pick: Callback<()>) -> impl IntoView {
    let found = memo(move || {
        let path = state.selected.get()?;
        Some(around(&state.waterfall.tree.get(), &state.aggregate.get(), path, state.unit.get()))
    });
    let runs = memo(move || {
        let path = state.selected.get()?;
        Some(state.aggregate.with(|aggregate| aggregate.runs_of(path).to_vec()))
    });
    let name = memo(move || {
        let run = state.waterfall.selected.get()?;
        Some(state.waterfall.tree.with(|tree| tree.name(run).chars().take(120).collect::<String>()))
    });
    let side = move |title: &'static str, nobody: &'static str, pick: fn(&Around) -> &Vec<Neighbour>| {
        let list =
            memo(move || found.with(|found| found.as_ref().map(|found| pick(found).clone()).unwrap_or_default()));
        view! {
            <section class="butterfly-side" aria-label=title>
                <h2>{title} " " <bdi>{name}</bdi></h2>
                {dynamic(move || neighbours(state, list.get(), nobody, on_pick))}
            </section>
        }
    };
    view! {
        <div class="butterfly">
            {side("What calls", "Nothing", |around| &around.callers)}
            <RunList
                state=state.waterfall
                runs=Signal::derive(move || runs.get().unwrap_or_default())
                on_pick
            />
            {side("Called by", "It calls nothing", |around| &around.callees)}
        </div>
    }
}

fn neighbours(
    state: AggregateState,
    list: Vec<Neighbour>,
    nobody: &'static str,
    on_pick: Callback<()>,
) -> impl IntoView {
    if list.is_empty() {
        return view! { <p class="butterfly-note">{nobody}</p> }.into_any();
    }
    let unit = state.unit.get();
    let n_more = list.len().saturating_sub(MAX_NEIGHBOURS);
    let most = list.iter().map(|neighbour| neighbour.weight).max().unwrap_or(0).max(1);
    let line = move |neighbour: Neighbour| {
        let share = neighbour.weight as f64 / most as f64;
        let weight = amount(unit, neighbour.weight as f64 * if unit == XUnit::Tokens { 1000.0 } else { 1.0 });
        let figures = format!("{} × · {weight}", grouped(neighbour.n_calls.into()));
        let Some(path) = neighbour.path else {
            return view! { <li class="butterfly-note">{format!("Nothing: a root, {figures}")}</li> }.into_any();
        };
        let name = match neighbour.name.unwrap_or_default() {
            name if name.is_empty() => "unnamed".to_owned(),
            name => name.chars().take(120).collect(),
        };
        let on_click = move |_| {
            state.select(path);
            on_pick.run(());
        };
        view! {
            <li>
                <button type="button" class="butterfly-neighbour" style:--share=format!("{share:.4}") on:click=on_click>
                    <bdi>{name}</bdi>
                    <span>{figures}</span>
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="butterfly-list">
            {list.into_iter().take(MAX_NEIGHBOURS).map(line).collect_view()}
            {(n_more > 0).then(|| view! { <li class="butterfly-note">{format!("{n_more} more, lighter than these")}</li> })}
        </ul>
    }
    .into_any()
}
