//! What comes before or after the chosen step, as a list: the joins of the drawing in words.

use super::state::{GraphState, name_of};
use crate::components::erased::dynamic;
use crate::format::digits::grouped;
use crate::graph::{GraphEdge, NodeKind};
use leptos::prelude::*;

/// Names on one side; the rest is counted.
const MAX_NEIGHBOURS: usize = 12;

/// The most frequent first; choosing one chooses its node.
#[component]
pub fn Neighbours(state: GraphState, is_before: bool) -> impl IntoView {
    let title = if is_before { "Before it" } else { "After it" };
    view! {
        <section class="butterfly-side" aria-label=title>
            <h2>{title}</h2>
            {dynamic(move || lines(state, is_before))}
        </section>
    }
}

fn lines(state: GraphState, is_before: bool) -> impl IntoView {
    let graph = state.graph.get();
    let chosen = state.chosen.get();
    let end = |edge: &GraphEdge| if is_before { edge.to } else { edge.from };
    let joins: Vec<GraphEdge> = graph.edges.iter().filter(|edge| Some(end(edge)) == chosen).copied().collect();
    let most = joins.first().map_or(1, |edge| edge.n);
    let n_more = joins.len().saturating_sub(MAX_NEIGHBOURS);
    let line = |edge: &GraphEdge| {
        let other = if is_before { edge.from } else { edge.to };
        let kind = &graph.nodes[other].kind;
        let figures = format!("{} ×", grouped(edge.n.into()));
        if matches!(kind, NodeKind::Start | NodeKind::End) {
            return view! { <li class="butterfly-note">{name_of(kind)} ", " {figures}</li> }.into_any();
        }
        let share = f64::from(edge.n) / f64::from(most);
        view! {
            <li>
                <button
                    type="button"
                    class="butterfly-neighbour"
                    style:--share=format!("{share:.4}")
                    on:click=move |_| state.choose(other)
                >
                    <bdi>{name_of(kind)}</bdi>
                    <span>{figures}</span>
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="butterfly-list">
            {joins.iter().take(MAX_NEIGHBOURS).map(line).collect_view()}
            {(n_more > 0).then(|| view! { <li class="butterfly-note">{format!("{n_more} more, less often")}</li> })}
        </ul>
    }
}
