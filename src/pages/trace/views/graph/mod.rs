//! An agent's steps on the page: a graph whose nodes are buttons, and beside the chosen one what comes before and after.
//!
//! The chosen node is that of the selected run, so it is in the address and the same in every view.

mod drawing;
mod neighbours;
mod state;

use super::ViewProps;
use super::choice::use_steps_of;
use super::run_list::RunList;
use crate::components::erased::{When, dynamic, memo};
use crate::components::part::Drawn;
use crate::format::digits::grouped;
use crate::model::RunIdx;
use drawing::GraphDrawing;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use neighbours::Neighbours;
use state::GraphState;

/// The view, in a file of its own.
#[wasm_split(graph, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn graph(props: ViewProps) -> Drawn {
    Ok(view! { <GraphPage props /> }.into_any())
}

#[component]
fn GraphPage(props: ViewProps) -> impl IntoView {
    let (steps_of, on_steps_of) = use_steps_of();
    let state = GraphState::new(props.state, steps_of);
    let is_empty = memo(move || state.graph.with(|graph| graph.is_empty()));
    let runs = memo(move || state.chosen_runs());
    view! {
        <section class="graph" aria-label="Graph">
            <When
                when=move || !is_empty.get()
                fallback=|| {
                    view! {
                        <div class="empty-state">
                            <h2>"No steps to join"</h2>
                            <p>
                                "A graph shows which of an agent's steps follows which. No run of this trace has two "
                                "different steps below it; the tree and the lanes show what there is."
                            </p>
                        </div>
                    }
                }
            >
                <div class="graph-head">
                    <label class="graph-scope">
                        "Steps of "
                        <select
                            class="field"
                            on:change=move |event| {
                                if let Ok(id) = event_target_value(&event).parse() {
                                    on_steps_of.run(id);
                                }
                            }
                        >
                            {dynamic(move || scope_options(state))}
                        </select>
                    </label>
                    <span class="graph-summary">{dynamic(move || summary(state))}</span>
                </div>
                <GraphDrawing state on_pick=props.on_pick />
                <When when=move || state.chosen.get().is_some()>
                    <div class="butterfly">
                        <Neighbours state is_before=true />
                        <RunList state=props.state runs on_pick=props.on_pick />
                        <Neighbours state is_before=false />
                    </div>
                </When>
            </When>
        </section>
    }
}

/// The runs from the root down to the selected one that have steps to show, and the one that is shown.
fn scope_options(state: GraphState) -> impl IntoView {
    let tree = state.waterfall.tree.get();
    let current = state.scope.get();
    let mut scopes = state.scopes.get();
    scopes.extend(current.filter(|current| !scopes.contains(current)));
    scopes.sort_unstable();
    let name = |run: RunIdx| match tree.name(run) {
        "" => "unnamed".to_owned(),
        name => name.chars().take(60).collect(),
    };
    scopes
        .into_iter()
        .map(|run| {
            view! {
                <option value=tree.id(run).to_string() selected=current == Some(run)>
                    {name(run)}
                </option>
            }
        })
        .collect_view()
}

/// "2 runs merged · 12 joins are too rare to be drawn".
fn summary(state: GraphState) -> String {
    let n_agents = state.agents.with(Vec::len);
    let mut said = Vec::new();
    if n_agents > 1 {
        said.push(format!("{} runs of this path merged", grouped(n_agents as i64)));
    }
    state.graph.with(|graph| {
        let n_steps: usize = graph.nodes.iter().map(|node| node.runs.len()).sum();
        said.push(format!("{} steps", grouped(n_steps as i64)));
        if graph.n_edges_left_out > 0 {
            said.push(format!("{} joins, the rarest, are not drawn", grouped(graph.n_edges_left_out as i64)));
        }
    });
    said.join(" · ")
}
