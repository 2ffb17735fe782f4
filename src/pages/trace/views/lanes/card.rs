//! The card beside the pointer: the run under it, or how many there are too narrow to tell apart.

use super::pointer::LanesPointer;
use super::state::LanesState;
use crate::components::erased::{dynamic, live, memo};
use crate::format::digits::grouped;
use crate::lanes::axis::amount;
use crate::lanes::layout::LaneMark;
use crate::model::RunTree;
use crate::trace_view::XUnit;
use crate::waterfall::run_card;
use leptos::prelude::*;

/// Decoration for the pointer: what it says is in the tree's rows and in the details.
#[component]
pub fn LaneCard(state: LanesState, input: LanesPointer) -> impl IntoView {
    let mark = memo(move || state.hovered.get().filter(|_| input.band_px.get().is_none()));
    let place = move |pick: fn((f64, f64)) -> f64| move || format!("{}px", pick(input.client.get()));
    view! {
        <div
            class="hover-card lanes-card"
            aria-hidden="true"
            hidden=live(move || mark.get().is_none())
            style:--pointer-x=place(|(x, _)| x)
            style:--pointer-y=place(|(_, y)| y)
        >
            {dynamic(move || {
                let mark = mark.get()?;
                let waterfall = state.waterfall;
                waterfall.tree.with(|tree| {
                    ((mark.run as usize) < tree.n_runs()).then(|| {
                        if mark.is_merged() {
                            merged_card(tree, mark, state.unit.get()).into_any()
                        } else {
                            run_card(tree, mark.run, waterfall.now_ns.get()).into_any()
                        }
                    })
                })
            })}
        </div>
    }
}

/// "37 runs, longest 2.1 ms".
fn merged_card(tree: &RunTree, mark: LaneMark, unit: XUnit) -> impl IntoView + use<> {
    let most = match unit {
        XUnit::Time => "longest",
        XUnit::Tokens => "most tokens",
        XUnit::Cost => "costliest",
    };
    let name = tree.name(mark.run).chars().take(120).collect::<String>();
    view! {
        <p class="hover-card-title">
            {format!("{} runs, {most} {}", grouped(mark.n_runs.into()), amount(unit, mark.longest))}
        </p>
        <p class="hover-card-kind"><bdi>{name}</bdi></p>
        {mark.has_error.then(|| view! { <p class="lanes-card-error">"Some failed"</p> })}
        <p class="hover-card-kind">"Click to zoom in"</p>
    }
}
