//! Where the nodes and edges of a graph lie, in CSS pixels: layers from top to bottom, edges round the nodes between.

use super::Graph;
use super::order::{back_edges, layers, order};

pub const NODE_WIDTH_PX: f64 = 176.0;
pub const NODE_HEIGHT_PX: f64 = 54.0;
/// The start and the end are lower.
pub const POINT_HEIGHT_PX: f64 = 26.0;
const GAP_X_PX: f64 = 26.0;
const GAP_Y_PX: f64 = 46.0;
/// What an edge takes that passes a layer.
const PASSING_PX: f64 = 18.0;
const MARGIN_PX: f64 = 20.0;
/// How far a loop of one node reaches out to its right.
const LOOP_PX: f64 = 24.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Upper left corner.
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// The way of an edge, from border to border. An edge that leads back goes upward.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub points: Vec<(f64, f64)>,
    pub is_back: bool,
}

/// In the order of the graph's nodes and edges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Place>,
    pub routes: Vec<Route>,
}

impl Placed {
    pub fn new(graph: &Graph) -> Self {
        let n = graph.nodes.len();
        if n == 0 {
            return Placed::default();
        }
        let ends: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        let is_back = back_edges(n, &ends);
        // Downward all of them, loops of one node apart.
        let downward: Vec<(usize, usize)> =
            ends.iter().zip(&is_back).map(|(&(from, to), &back)| if back { (to, from) } else { (from, to) }).collect();
        let joined: Vec<_> = downward.iter().copied().filter(|(from, to)| from != to).collect();
        let mut layer_of = layers(n, &joined);
        // The end stands at the bottom, whatever leads to it.
        layer_of[n - 1] = layer_of[..n - 1].iter().max().map_or(0, |last| last + 1);

        // An edge over several layers passes each by a point of its own.
        let mut chains: Vec<Vec<usize>> = Vec::with_capacity(downward.len());
        let mut links = Vec::new();
        for &(from, to) in &downward {
            let mut chain = vec![from];
            for layer in layer_of[from] + 1..layer_of[to].max(layer_of[from] + 1) {
                chain.push(layer_of.len());
                layer_of.push(layer);
            }
            chain.push(to);
            links.extend(chain.windows(2).map(|pair| (pair[0], pair[1])).filter(|(from, to)| from != to));
            chains.push(chain);
        }
        let width_of = |node: usize| if node < n { NODE_WIDTH_PX } else { PASSING_PX };
        let height_of = |node: usize| match node {
            _ if node == 0 || node == n - 1 => POINT_HEIGHT_PX,
            _ => NODE_HEIGHT_PX,
        };
        let order = order(&layer_of, &links);
        let middle_x = middles(&order, &links, layer_of.len(), width_of);
        let left = (0..layer_of.len()).map(|node| middle_x[node] - width_of(node) / 2.0).fold(f64::MAX, f64::min);
        let row_px = NODE_HEIGHT_PX + GAP_Y_PX;
        let place = |node: usize| {
            let (width, height) = (width_of(node), height_of(node));
            let y = MARGIN_PX + layer_of[node] as f64 * row_px + (NODE_HEIGHT_PX - height) / 2.0;
            Place { x: middle_x[node] - width / 2.0 - left + MARGIN_PX, y, width, height }
        };
        let places: Vec<Place> = (0..layer_of.len()).map(place).collect();
        let routes = chains.iter().zip(&is_back).map(|(chain, &is_back)| route(chain, &places, is_back)).collect();
        let right = places.iter().map(|place| place.x + place.width).fold(0.0, f64::max);
        let height = MARGIN_PX * 2.0 + order.len() as f64 * row_px - GAP_Y_PX;
        let mut nodes = places;
        nodes.truncate(n);
        Placed { width: right + MARGIN_PX + LOOP_PX, height, nodes, routes }
    }

    /// The nearest node in a direction, for arrow keys: `(0, 1)` is down.
    pub fn neighbour(&self, from: usize, (dx, dy): (f64, f64)) -> Option<usize> {
        let middle = |place: &Place| (place.x + place.width / 2.0, place.y + place.height / 2.0);
        let here = middle(self.nodes.get(from)?);
        let cost = |place: &Place| {
            let (x, y) = (middle(place).0 - here.0, middle(place).1 - here.1);
            let along = x * dx + y * dy;
            // What lies aside counts double: a key should not wander off.
            (along > 1.0).then_some(along + 2.0 * (x * dy).abs().max((y * dx).abs()))
        };
        let others = self.nodes.iter().enumerate().filter(|(idx, _)| *idx != from);
        let costs = others.filter_map(|(idx, place)| Some((cost(place)?, idx)));
        costs.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, idx)| idx)
    }
}

/// The middle of each node: in order, apart, and as near as may be below what it is joined to.
fn middles(order: &[Vec<usize>], links: &[(usize, usize)], n: usize, width_of: impl Fn(usize) -> f64) -> Vec<f64> {
    const N_PASSES: usize = 6;
    let apart = |one: usize, other: usize| (width_of(one) + width_of(other)) / 2.0 + GAP_X_PX;
    let mut x = vec![0.0; n];
    for nodes in order {
        for pair in nodes.windows(2) {
            x[pair[1]] = x[pair[0]] + apart(pair[0], pair[1]);
        }
        let middle = nodes.last().map_or(0.0, |&last| x[last] / 2.0);
        nodes.iter().for_each(|&node| x[node] -= middle);
    }
    for pass in 0..N_PASSES {
        for step in 0..order.len() {
            let nodes = &order[if pass % 2 == 0 { step } else { order.len() - 1 - step }];
            let wanted = |node: usize| {
                let joined = links
                    .iter()
                    .filter_map(|&(from, to)| (from == node).then_some(to).or((to == node).then_some(from)));
                let (sum, n) = joined.fold((0.0, 0), |(sum, n), other| (sum + x[other], n + 1));
                if n == 0 { x[node] } else { sum / f64::from(n) }
            };
            let mut right: Vec<f64> = nodes.iter().map(|&node| wanted(node)).collect();
            let mut left = right.clone();
            // Pushed apart from the left, and from the right; halfway between both nobody is favoured.
            for idx in 1..nodes.len() {
                right[idx] = right[idx].max(right[idx - 1] + apart(nodes[idx - 1], nodes[idx]));
            }
            for idx in (1..nodes.len()).rev() {
                left[idx - 1] = left[idx - 1].min(left[idx] - apart(nodes[idx - 1], nodes[idx]));
            }
            for (idx, &node) in nodes.iter().enumerate() {
                x[node] = (left[idx] + right[idx]) / 2.0;
            }
        }
    }
    x
}

fn route(chain: &[usize], places: &[Place], is_back: bool) -> Route {
    let middle = |place: &Place| place.x + place.width / 2.0;
    let (first, last) = (&places[chain[0]], &places[chain[chain.len() - 1]]);
    if chain[0] == chain[chain.len() - 1] {
        // Out at the right side and in again a little lower.
        let (right, middle) = (first.x + first.width, first.y + first.height / 2.0);
        let reach = right + LOOP_PX;
        let points =
            vec![(right, middle - 10.0), (reach, middle - 10.0), (reach, middle + 10.0), (right, middle + 10.0)];
        return Route { points, is_back };
    }
    // Ways down and ways back leave side by side.
    let aside = if is_back { 24.0 } else { 0.0 };
    let mut points = vec![(middle(first) + aside, first.y + first.height)];
    for &passing in &chain[1..chain.len() - 1] {
        let place = &places[passing];
        points.push((middle(place), place.y));
        points.push((middle(place), place.y + place.height));
    }
    points.push((middle(last) + aside, last.y));
    if is_back {
        points.reverse();
    }
    Route { points, is_back }
}

/// The way as SVG has it: upright at every point, straight beside the nodes it passes.
pub fn svg_path(route: &Route) -> String {
    let mut path = String::new();
    for (idx, &(x, y)) in route.points.iter().enumerate() {
        let Some(&(before_x, before_y)) = idx.checked_sub(1).and_then(|before| route.points.get(before)) else {
            path.push_str(&format!("M{x:.1} {y:.1}"));
            continue;
        };
        let is_straight = (before_x - x).abs() < 0.5 || (before_y - y).abs() < 0.5;
        if is_straight {
            path.push_str(&format!("L{x:.1} {y:.1}"));
        } else {
            let half = (y - before_y) / 2.0;
            path.push_str(&format!("C{before_x:.1} {:.1} {x:.1} {:.1} {x:.1} {y:.1}", before_y + half, y - half));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::tests::{LOOP, any_agent};
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use crate::waterfall::narrowing::Shown;
    use proptest::prelude::*;

    fn placed(trace: &str) -> (Graph, Placed) {
        let graph = Graph::new(&trace_from_text(trace), &Shown::default(), &[0], 0);
        let placed = Placed::new(&graph);
        (graph, placed)
    }

    #[test]
    fn an_agent_stands_above_its_tools_and_the_way_back_goes_up() {
        let (graph, placed) = placed(LOOP);
        let y = |node: usize| placed.nodes[node].y;
        assert!(y(0) < y(1) && y(1) < y(2) && y(2) < y(3));
        let back = graph.edges.iter().position(|edge| (edge.from, edge.to) == (2, 1)).expect("tools lead back");
        let points = &placed.routes[back].points;
        assert!(placed.routes[back].is_back && points[0].1 > points[points.len() - 1].1);
    }

    #[test]
    fn arrows_lead_to_what_is_next_in_their_direction() {
        let (_, placed) = placed("agent 0..100\n  plan 0..10\n  b 10..20\n  c 10..20\n  end 30..40");
        let (down, right) = ((0.0, 1.0), (1.0, 0.0));
        assert_eq!(placed.neighbour(0, down), Some(1));
        let [b, c] = if placed.nodes[2].x < placed.nodes[3].x { [2, 3] } else { [3, 2] };
        assert_eq!(placed.neighbour(b, right), Some(c));
        assert_eq!(placed.neighbour(5, down), None);
    }

    #[test]
    fn a_way_is_upright_where_it_leaves_and_arrives() {
        let route = Route { points: vec![(0.0, 0.0), (10.0, 20.0), (10.0, 30.0)], is_back: false };
        assert_eq!(svg_path(&route), "M0.0 0.0C0.0 10.0 10.0 10.0 10.0 20.0L10.0 30.0");
    }

    proptest! {
        #[test]
        fn nodes_stand_apart_and_everything_is_inside(tree in any_agent()) {
            let graph = Graph::new(&tree, &Shown::default(), &[0], 0);
            let placed = Placed::new(&graph);
            prop_assert_eq!((placed.nodes.len(), placed.routes.len()), (graph.nodes.len(), graph.edges.len()));
            for (idx, one) in placed.nodes.iter().enumerate() {
                prop_assert!(one.x >= 0.0 && one.x + one.width <= placed.width && one.y >= 0.0);
                prop_assert!(one.y + one.height <= placed.height);
                for other in &placed.nodes[..idx] {
                    let is_beside = one.x + one.width < other.x || other.x + other.width < one.x;
                    let is_above = one.y + one.height < other.y || other.y + other.height < one.y;
                    prop_assert!(is_beside || is_above);
                }
            }
            for &(x, y) in placed.routes.iter().flat_map(|route| &route.points) {
                prop_assert!((0.0..=placed.width).contains(&x) && (0.0..=placed.height).contains(&y), "{x} {y}");
            }
        }
    }
}
