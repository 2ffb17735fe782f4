//! The graph itself: its joins as lines, its nodes as buttons on top of them.

use super::state::{GraphState, name_of};
use crate::components::erased::{dynamic, live};
use crate::format::digits::grouped;
use crate::format::duration::duration;
use crate::format::run_type::{run_type_label, run_type_letter};
use crate::graph::layout::{Place, svg_path};
use crate::graph::{Graph, GraphNode, NodeKind};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// See the module. The arrow keys go to the nearest node in their direction.
#[component]
pub fn GraphDrawing(state: GraphState, on_pick: Callback<()>) -> impl IntoView {
    let canvas = NodeRef::<Div>::new();
    let focus = move |node: usize| {
        let selector = format!("[data-node='{node}']");
        let element = canvas.get_untracked().and_then(|canvas| canvas.query_selector(&selector).ok().flatten());
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowUp" => (0.0, -1.0),
            "ArrowDown" => (0.0, 1.0),
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            _ => return,
        };
        let here = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let here = here.and_then(|here| here.get_attribute("data-node")).and_then(|node| node.parse().ok());
        let next = here.and_then(|here: usize| state.placed.with_untracked(|placed| placed.neighbour(here, direction)));
        if let Some(next) = next {
            event.prevent_default();
            event.stop_propagation();
            focus(next);
        }
    };
    let size = move |pick: fn((f64, f64)) -> f64| {
        move || state.placed.with(|placed| format!("{:.0}px", pick((placed.width, placed.height))))
    };
    view! {
        <div class="graph-scroller">
            <div
                node_ref=canvas
                class="graph-canvas"
                role="group"
                aria-label="Steps, joined where one followed the other"
                style:--width=live(size(|(width, _)| width))
                style:--height=live(size(|(_, height)| height))
                on:keydown=on_key
            >
                {dynamic(move || edges(state))}
                {dynamic(move || nodes(state, on_pick))}
            </div>
        </div>
    }
}

fn edges(state: GraphState) -> impl IntoView {
    let (graph, placed) = (state.graph.get(), state.placed.get());
    let lines = graph.edges.iter().zip(&placed.routes).map(|(edge, route)| {
        let edge = *edge;
        let is_on = move || state.chosen.get().is_some_and(|node| node == edge.from || node == edge.to);
        // Ten times as often is one step wider: rare joins stay visible beside frequent ones.
        let width = 1.25 + f64::from(edge.n).log10();
        let (x, y) = middle_of(&route.points);
        let count = (edge.n > 1).then(|| {
            view! {
                <text class="graph-count" x=format!("{x:.1}") y=format!("{y:.1}")>
                    {format!("×{}", grouped(edge.n.into()))}
                </text>
            }
        });
        view! {
            <g class="graph-edge" class:is-back=route.is_back class:is-on=live(is_on)>
                <path d=svg_path(route) marker-end="url(#graph-arrow)" style:--line-width=format!("{width:.2}px") />
                {count}
            </g>
        }
    });
    let lines = lines.collect_view();
    view! {
        <svg class="graph-lines" aria-hidden="true" focusable="false">
            <defs>
                <marker
                    id="graph-arrow"
                    viewBox="0 0 8 8"
                    refX="7"
                    refY="4"
                    markerWidth="8"
                    markerHeight="8"
                    markerUnits="userSpaceOnUse"
                    orient="auto"
                >
                    <path d="M0 0.5 8 4 0 7.5z" />
                </marker>
            </defs>
            {lines}
        </svg>
    }
}

/// Halfway along the points of a way.
fn middle_of(points: &[(f64, f64)]) -> (f64, f64) {
    let at = points.len() / 2;
    let (one, other) = (points[at.saturating_sub(1)], points[at]);
    ((one.0 + other.0) / 2.0, (one.1 + other.1) / 2.0)
}

fn nodes(state: GraphState, on_pick: Callback<()>) -> impl IntoView {
    let (graph, placed) = (state.graph.get(), state.placed.get());
    // From top to bottom and left to right: the order in which Tab visits them.
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    order.sort_by(|&one, &other| {
        let at = |node: usize| (placed.nodes[node].y, placed.nodes[node].x);
        at(one).0.total_cmp(&at(other).0).then(at(one).1.total_cmp(&at(other).1))
    });
    order.into_iter().map(|idx| node_view(state, &graph, idx, placed.nodes[idx], on_pick)).collect_view()
}

fn node_view(state: GraphState, graph: &Graph, idx: usize, place: Place, on_pick: Callback<()>) -> AnyView {
    let node = &graph.nodes[idx];
    let name = name_of(&node.kind);
    let px = |length: f64| format!("{length:.1}px");
    let Place { x, y, width, height } = place;
    if matches!(node.kind, NodeKind::Start | NodeKind::End) {
        return view! {
            <div
                class="graph-point"
                style:--x=px(x)
                style:--y=px(y)
                style:--width=px(width)
                style:--height=px(height)
            >
                {name}
            </div>
        }
        .into_any();
    }
    let run_type = node.run_type;
    let failed = match node.n_errors {
        0 => None,
        n => Some(view! { <span class="graph-failed">{format!("{} failed", grouped(n as i64))}</span> }),
    };
    let figures = format!("{} × · {}", grouped(node.runs.len() as i64), duration(node.total_ns as i64));
    let is_chosen = move || state.chosen.get() == Some(idx);
    let (runs, title) = (node.runs.clone(), name.clone());
    let is_faded = move || {
        let is_match = |matches: &[u32]| runs.iter().any(|run| matches.binary_search(run).is_ok());
        state.waterfall.matches.with(|matches| matches.as_ref().is_some_and(|matches| !is_match(matches)))
    };
    view! {
        <button
            type="button"
            class=format!("graph-node is-{run_type}")
            class:is-selected=live(is_chosen)
            class:is-faded=live(is_faded)
            aria-pressed=live(move || is_chosen().to_string())
            aria-label=spoken(graph, idx)
            data-node=idx.to_string()
            title=title
            style:--x=px(x)
            style:--y=px(y)
            style:--width=px(width)
            style:--height=px(height)
            on:click=move |_| {
                state.choose(idx);
                on_pick.run(());
            }
        >
            <span class="graph-node-name">
                <span class=format!("run-type-glyph is-{run_type}") aria-hidden="true">
                    {run_type_letter(run_type)}
                </span>
                <bdi>{name}</bdi>
            </span>
            <span class="graph-node-figures">{figures} " " {failed}</span>
        </button>
    }
    .into_any()
}

/// "Tool search, 5 runs, 1.2 s together, 1 failed, after plan, before answer and End".
fn spoken(graph: &Graph, idx: usize) -> String {
    let node: &GraphNode = &graph.nodes[idx];
    let mut parts = vec![
        format!("{} {}", run_type_label(node.run_type), name_of(&node.kind)),
        if node.runs.len() == 1 { "1 run".into() } else { format!("{} runs", grouped(node.runs.len() as i64)) },
        format!("{} together", duration(node.total_ns as i64)),
    ];
    if node.n_errors > 0 {
        parts.push(format!("{} failed", grouped(node.n_errors as i64)));
    }
    let names = |others: Vec<usize>| {
        others.into_iter().map(|other| name_of(&graph.nodes[other].kind)).collect::<Vec<_>>().join(" and ")
    };
    let before: Vec<usize> = graph.edges.iter().filter(|edge| edge.to == idx).map(|edge| edge.from).collect();
    let after: Vec<usize> = graph.edges.iter().filter(|edge| edge.from == idx).map(|edge| edge.to).collect();
    if !before.is_empty() {
        parts.push(format!("after {}", names(before)));
    }
    if !after.is_empty() {
        parts.push(format!("before {}", names(after)));
    }
    parts.join(", ")
}
