//! The steps of an agent as a graph: its children merged by name, joined where one followed the other.
//!
//! [`scope`] finds the run whose steps are worth a graph, [`Graph`] merges them, [`layout`] places them in layers.

pub mod layout;
mod order;
pub mod scope;

use crate::model::{RunIdx, RunTree};
use crate::waterfall::narrowing::Shown;
use fanlight_wire::RunType;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Names beyond so many are one node together.
pub const MAX_NAMES: usize = 60;
/// Joins beyond so many, the rarest, are counted and not drawn.
pub const MAX_EDGES: usize = 200;

/// What a node stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Where the agent began.
    Start,
    /// All steps of one name.
    Step(String),
    /// Steps of so many names that are not among the most frequent.
    Rest(usize),
    /// Where the agent ended.
    End,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphNode {
    pub kind: NodeKind,
    /// Of its first run.
    pub run_type: RunType,
    /// The longest first; none for the start and the end.
    pub runs: Vec<RunIdx>,
    pub n_errors: usize,
    pub total_ns: u64,
}

/// `n` runs of `to` began when runs of `from` had ended, and nothing ran in between. Both are positions of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphEdge {
    pub from: usize,
    pub to: usize,
    pub n: u32,
}

/// The start is the first node and the end the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    pub nodes: Vec<GraphNode>,
    /// The most frequent first.
    pub edges: Vec<GraphEdge>,
    pub n_edges_left_out: usize,
}

impl Graph {
    /// Merges what is `shown` directly below each of the `agents`. Steps under way end at `now_ns`. Empty if there is
    /// nothing.
    pub fn new(tree: &RunTree, shown: &Shown, agents: &[RunIdx], now_ns: u64) -> Self {
        let steps: Vec<Vec<RunIdx>> = agents.iter().map(|&agent| shown.children(tree, agent)).collect();
        let (mut nodes, node_of_name) = merged(tree, &steps, now_ns);
        if nodes.len() <= 2 {
            return Graph::default();
        }
        let rest = nodes.len() - 2;
        let node_of = |run: RunIdx| node_of_name.get(&tree.string_indices(run)[0]).copied().unwrap_or(rest);
        let mut counts: HashMap<(usize, usize), u32> = HashMap::new();
        for steps in &steps {
            count_joins(tree, steps, now_ns, nodes.len(), &node_of, &mut counts);
        }
        let mut edges: Vec<GraphEdge> = counts.into_iter().map(|((from, to), n)| GraphEdge { from, to, n }).collect();
        edges.sort_unstable_by_key(|edge| (Reverse(edge.n), edge.from, edge.to));
        let n_edges_left_out = edges.len().saturating_sub(MAX_EDGES);
        edges.truncate(MAX_EDGES);
        let length = |run: RunIdx| tree.end_or_now_ns(run, now_ns) - tree.start_ns(run);
        nodes.iter_mut().for_each(|node| node.runs.sort_by_key(|&run| Reverse(length(run))));
        Graph { nodes, edges, n_edges_left_out }
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node that `run` is part of.
    pub fn node_of(&self, run: RunIdx) -> Option<usize> {
        self.nodes.iter().position(|node| node.runs.contains(&run))
    }
}

/// The nodes, the start first and the end last, and which of them each of the most frequent names is.
fn merged(tree: &RunTree, steps: &[Vec<RunIdx>], now_ns: u64) -> (Vec<GraphNode>, HashMap<Option<usize>, usize>) {
    let mut counts: HashMap<Option<usize>, (usize, RunIdx)> = HashMap::new();
    let steps = || steps.iter().flatten().copied();
    for run in steps() {
        counts.entry(tree.string_indices(run)[0]).or_insert((0, run)).0 += 1;
    }
    let mut by_count: Vec<_> = counts.into_iter().collect();
    by_count.sort_unstable_by_key(|&(_, (n, first))| (Reverse(n), first));
    let n_rest = by_count.len().saturating_sub(MAX_NAMES);
    by_count.truncate(MAX_NAMES);
    // In order of their first step: a graph that grows keeps its shape.
    by_count.sort_unstable_by_key(|&(_, (_, first))| first);

    let node = |kind, run_type| GraphNode { kind, run_type, runs: Vec::new(), n_errors: 0, total_ns: 0 };
    let mut nodes = vec![node(NodeKind::Start, RunType::Chain)];
    let mut node_of_name = HashMap::new();
    for (name, (_, first)) in by_count {
        node_of_name.insert(name, nodes.len());
        nodes.push(node(NodeKind::Step(tree.name(first).to_owned()), tree.run_type(first)));
    }
    if n_rest > 0 {
        nodes.push(node(NodeKind::Rest(n_rest), RunType::Chain));
    }
    let rest = nodes.len() - 1;
    for run in steps() {
        let at = node_of_name.get(&tree.string_indices(run)[0]).copied().unwrap_or(rest);
        nodes[at].runs.push(run);
        nodes[at].n_errors += usize::from(tree.has_error(run));
        nodes[at].total_ns += tree.end_or_now_ns(run, now_ns) - tree.start_ns(run);
    }
    nodes.push(node(NodeKind::End, RunType::Chain));
    (nodes, node_of_name)
}

/// Adds the joins among the steps of one agent, which come in order of start.
///
/// ```text
/// plan |---|  search |--------|             plan → search, plan → fetch
///              fetch |---|       |----|     search → chat, fetch → chat
///                                 chat
/// ```
///
/// A step follows those that ended before it began, unless another step fits in between.
fn count_joins(
    tree: &RunTree,
    by_start: &[RunIdx],
    now_ns: u64,
    n_nodes: usize,
    node_of: &impl Fn(RunIdx) -> usize,
    counts: &mut HashMap<(usize, usize), u32>,
) {
    // An instant takes a nanosecond: it cannot be both before and after another one.
    let end_of = |run: RunIdx| tree.end_or_now_ns(run, now_ns).max(tree.start_ns(run) + 1);
    let mut by_end = by_start.to_vec();
    by_end.sort_by_key(|&run| end_of(run));
    // Of the steps that ended, those that the next may follow: `by_end[first..ended]`, and how many each node has.
    let (mut first, mut ended) = (0, 0);
    let mut n_waiting = vec![0u32; n_nodes];
    // The latest start among the steps that have ended: what ended before that is followed already.
    let mut latest_start = 0;
    for &run in by_start {
        while let Some(&before) = by_end.get(ended).filter(|&&before| end_of(before) <= tree.start_ns(run)) {
            latest_start = latest_start.max(tree.start_ns(before));
            n_waiting[node_of(before)] += 1;
            ended += 1;
        }
        while first < ended && end_of(by_end[first]) <= latest_start {
            n_waiting[node_of(by_end[first])] -= 1;
            first += 1;
        }
        let to = node_of(run);
        let froms = (0..n_nodes).filter(|&node| n_waiting[node] > 0);
        let froms = froms.chain((ended == 0).then_some(0));
        froms.for_each(|from| *counts.entry((from, to)).or_default() += 1);
    }
    let last_start = by_start.last().map_or(0, |&run| tree.start_ns(run));
    for &run in by_end.iter().filter(|&&run| end_of(run) > last_start) {
        *counts.entry((node_of(run), n_nodes - 1)).or_default() += 1;
    }
}

#[cfg(test)]
pub(in crate::graph) mod tests {
    use super::*;
    use crate::model::fixtures::{skeleton_from_text, trace_from_text};
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn name(graph: &Graph, node: usize) -> String {
        match &graph.nodes[node].kind {
            NodeKind::Start => "(start)".into(),
            NodeKind::Step(name) => name.clone(),
            NodeKind::Rest(n) => format!("({n} more)"),
            NodeKind::End => "(end)".into(),
        }
    }

    #[track_caller]
    fn check(trace: &str, expected: Expect) {
        let graph = Graph::new(&trace_from_text(trace), &Shown::default(), &[0], 100_000_000);
        let line = |edge: &GraphEdge| format!("{} → {} ×{}\n", name(&graph, edge.from), name(&graph, edge.to), edge.n);
        expected.assert_eq(&graph.edges.iter().map(line).collect::<String>());
    }

    pub const LOOP: &str = "agent 0..100
        call_model 0..10
        tools 10..20
        call_model 20..30
        tools 30..40
        call_model 40..50";

    #[test]
    fn steps_of_the_same_name_are_one_node_and_what_follows_is_counted() {
        check(
            LOOP,
            expect![[r#"
            call_model → tools ×2
            tools → call_model ×2
            (start) → call_model ×1
            call_model → (end) ×1
        "#]],
        );
    }

    #[test]
    fn parallel_steps_follow_the_same_step_and_are_followed_by_the_same() {
        check(
            "agent 0..100
               plan 0..10
               search 10..30
               fetch 11..40
               answer 40..50",
            expect![[r#"
                (start) → plan ×1
                plan → search ×1
                plan → fetch ×1
                search → answer ×1
                fetch → answer ×1
                answer → (end) ×1
            "#]],
        );
    }

    #[test]
    fn a_step_that_ended_long_ago_is_not_followed_again() {
        check(
            "agent 0..100
               slow 0..90
               quick 0..10
               after 20..30
               last 50..60",
            expect![[r#"
                (start) → slow ×1
                (start) → quick ×1
                slow → (end) ×1
                quick → after ×1
                after → last ×1
                last → (end) ×1
            "#]],
        );
    }

    #[test]
    fn the_steps_of_several_agents_are_merged() {
        let tree =
            trace_from_text("team 0..100\n  a 0..40\n    x 1..2\n    y 3..4\n  a 50..90\n    x 51..52\n    z 53..54");
        let graph = Graph::new(&tree, &Shown::default(), &[1, 4], 0);
        assert_eq!(graph.nodes.len(), 5);
        assert_eq!((graph.nodes[1].runs.len(), graph.node_of(5)), (2, Some(1)));
    }

    #[test]
    fn steps_of_a_hidden_name_give_way_to_what_is_below_them() {
        let tree = trace_from_text("agent 0..9\n  wrap 0..4\n    plan 0..1\n    act 2..3\n  wrap 4..8\n    plan 5..6");
        let graph = Graph::new(&tree, &Shown::new(&tree, None, &["wrap".into()]), &[0], 0);
        assert_eq!((1..graph.nodes.len() - 1).map(|node| name(&graph, node)).collect::<Vec<_>>(), ["plan", "act"]);
        let joins: Vec<_> = graph.edges.iter().map(|edge| (name(&graph, edge.from), name(&graph, edge.to))).collect();
        assert!(joins.contains(&("act".into(), "plan".into())), "{joins:?}");
    }

    #[test]
    fn a_run_without_children_has_no_graph() {
        assert!(Graph::new(&trace_from_text("agent 0..10"), &Shown::default(), &[0], 0).is_empty());
    }

    #[test]
    fn names_beyond_the_limit_are_one_node() {
        let steps = (0..70).map(|idx| format!("  step{idx} {idx}..{}\n", idx + 1));
        let tree = trace_from_text(&format!("agent 0..100\n{}", steps.collect::<String>()));
        let graph = Graph::new(&tree, &Shown::default(), &[0], 0);
        assert_eq!(graph.nodes.len(), MAX_NAMES + 3);
        assert_eq!(graph.nodes[MAX_NAMES + 1].kind, NodeKind::Rest(10));
        assert_eq!(graph.nodes[MAX_NAMES + 1].runs.len(), 10);
    }

    /// An agent with steps of any of four names at any times.
    pub fn any_agent() -> impl Strategy<Value = RunTree> {
        prop::collection::vec((0u32..4, 0i64..60, 0i64..20), 1..30).prop_map(|steps| {
            let mut skeleton = skeleton_from_text(&"agent 0..9\n".repeat(steps.len() + 1));
            skeleton.strings = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
            for (idx, (name, start, len)) in (1..).zip(steps) {
                (skeleton.parent_idx[idx], skeleton.name_idx[idx]) = (0, name);
                (skeleton.start_ns[idx], skeleton.end_ns[idx]) = (start, Some(start + len));
            }
            RunTree::from_skeleton(&skeleton)
        })
    }

    proptest! {
        #[test]
        fn joins_are_those_that_nothing_fits_between(tree in any_agent()) {
            let graph = Graph::new(&tree, &Shown::default(), &[0], 0);
            let steps: Vec<_> = tree.children(0).map(|run| (tree.start_ns(run), tree.end_or_now_ns(run, 0).max(tree.start_ns(run) + 1), graph.node_of(run))).collect();
            let mut expected: HashMap<(usize, usize), u32> = HashMap::new();
            let last = graph.nodes.len() - 1;
            for &(start, end, node) in &steps {
                let to = node.expect("a step");
                let is_before = |from_end: u64| !steps.iter().any(|&(start2, end2, _)| from_end <= start2 && end2 <= start);
                let mut froms: Vec<usize> = steps.iter().filter(|step| step.1 <= start && is_before(step.1)).filter_map(|step| step.2).collect();
                froms.sort_unstable();
                froms.dedup();
                froms.extend(steps.iter().all(|step| step.1 > start).then_some(0));
                froms.into_iter().for_each(|from| *expected.entry((from, to)).or_default() += 1);
                if steps.iter().all(|step| step.0 < end) {
                    *expected.entry((to, last)).or_default() += 1;
                }
            }
            let found: HashMap<_, _> = graph.edges.iter().map(|edge| ((edge.from, edge.to), edge.n)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
