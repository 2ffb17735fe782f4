//! What the parts of the graph share.

use crate::aggregate::Aggregate;
use crate::components::erased::memo;
use crate::format::digits::grouped;
use crate::graph::layout::Placed;
use crate::graph::scope::{default_scope, scopes_around};
use crate::graph::{Graph, NodeKind};
use crate::model::RunIdx;
use crate::waterfall::Waterfall;
use fanlight_wire::RunId;
use leptos::prelude::*;
use std::sync::Arc;

/// A handle on the graph. Copy it freely.
#[derive(Clone, Copy)]
pub struct GraphState {
    pub waterfall: Waterfall,
    /// The run whose steps are shown.
    pub scope: Memo<Option<RunIdx>>,
    /// That run and all with the same path: their steps are merged.
    pub agents: Memo<Vec<RunIdx>>,
    /// Runs from the root to the selected one whose steps could be shown.
    pub scopes: Memo<Vec<RunIdx>>,
    pub graph: Memo<Arc<Graph>>,
    pub placed: Memo<Arc<Placed>>,
    /// The node of the selected run.
    pub chosen: Memo<Option<usize>>,
}

impl GraphState {
    /// `steps_of` is what the address names.
    pub fn new(waterfall: Waterfall, steps_of: Memo<Option<RunId>>) -> Self {
        let tree = waterfall.tree;
        let shown = memo(move || Arc::new(waterfall.shown()));
        let scope = memo(move || {
            let (tree, shown) = (tree.get(), shown.get());
            let named = steps_of.get().and_then(|id| tree.find(id)).filter(|&run| shown.contains(&tree, run));
            named.or_else(|| default_scope(&tree, &shown))
        });
        let agents = memo(move || {
            let aggregate = Aggregate::new(&tree.get(), &shown.get(), 0);
            let path = scope.get().and_then(|scope| aggregate.path_of(scope));
            path.map(|path| aggregate.runs_of(path).to_vec()).unwrap_or_default()
        });
        let graph = memo(move || {
            let now_ns = waterfall.now_ns.get_untracked();
            Arc::new(agents.with(|agents| Graph::new(&tree.get(), &shown.get(), agents, now_ns)))
        });
        GraphState {
            waterfall,
            scope,
            agents,
            scopes: memo(move || {
                let (tree, shown) = (tree.get(), shown.get());
                waterfall.selected.get().map(|run| scopes_around(&tree, &shown, run)).unwrap_or_default()
            }),
            graph,
            placed: memo(move || Arc::new(graph.with(|graph| Placed::new(graph)))),
            chosen: memo(move || {
                let run = waterfall.selected.get()?;
                graph.with(|graph| graph.node_of(run))
            }),
        }
    }

    /// The runs of the chosen node, the longest first.
    pub fn chosen_runs(&self) -> Vec<RunIdx> {
        let node = self.chosen.get();
        self.graph.with(|graph| node.map(|node| graph.nodes[node].runs.clone()).unwrap_or_default())
    }

    /// Selects the longest run of a node, unless one of its runs is selected already.
    pub fn choose(&self, node: usize) {
        if self.chosen.get_untracked() == Some(node) {
            return;
        }
        let longest = self.graph.with_untracked(|graph| graph.nodes.get(node)?.runs.first().copied());
        if let Some(run) = longest {
            self.waterfall.select(run);
        }
    }
}

/// What a node is called.
pub fn name_of(kind: &NodeKind) -> String {
    match kind {
        NodeKind::Start => "Start".into(),
        NodeKind::End => "End".into(),
        NodeKind::Step(name) if name.is_empty() => "unnamed".into(),
        NodeKind::Step(name) => name.chars().take(120).collect(),
        NodeKind::Rest(n) => format!("{} more names", grouped(*n as i64)),
    }
}
