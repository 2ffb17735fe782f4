//! Layers for the nodes of a graph: against which edges to draw upward, how far down each node stands, and in what
//! order within its layer.

/// For each edge, whether it leads back: without those there is no way round in a circle. Found by walking from node 0,
/// then from the others in turn; loops of one node lead back.
pub fn back_edges(n_nodes: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut out = vec![Vec::new(); n_nodes];
    for (idx, &(from, _)) in edges.iter().enumerate() {
        out[from].push(idx);
    }
    let mut marks = vec![Mark::New; n_nodes];
    let mut is_back = vec![false; edges.len()];
    for root in 0..n_nodes {
        let mut walk = vec![(root, 0)];
        while let Some((node, next)) = walk.pop() {
            if next == 0 {
                if marks[node] != Mark::New {
                    continue;
                }
                marks[node] = Mark::Open;
            }
            let Some(&edge) = out[node].get(next) else {
                marks[node] = Mark::Done;
                continue;
            };
            walk.push((node, next + 1));
            match marks[edges[edge].1] {
                Mark::New => walk.push((edges[edge].1, 0)),
                Mark::Open => is_back[edge] = true,
                Mark::Done => {}
            }
        }
    }
    is_back
}

/// How far down each node stands: below everything that leads to it. `edges` lead round in no circle.
pub fn layers(n_nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut layers = vec![0; n_nodes];
    let mut n_waiting = vec![0; n_nodes];
    edges.iter().for_each(|&(_, to)| n_waiting[to] += 1);
    let mut ready: Vec<usize> = (0..n_nodes).filter(|&node| n_waiting[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &(_, to) in edges.iter().filter(|edge| edge.0 == node) {
            layers[to] = layers[to].max(layers[node] + 1);
            n_waiting[to] -= 1;
            if n_waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    layers
}

/// The nodes of each layer from left to right, so that edges cross seldom: each node moves to the middle of those that
/// it is joined to in the layer before, from the top down and from the bottom up in turn.
pub fn order(layers: &[usize], edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    const N_SWEEPS: usize = 8;
    let n_layers = layers.iter().max().map_or(0, |last| last + 1);
    let mut order = vec![Vec::new(); n_layers];
    layers.iter().enumerate().for_each(|(node, &layer)| order[layer].push(node));
    let mut place = vec![0.0; layers.len()];
    let number = |nodes: &[usize], place: &mut [f64]| {
        let middle = (nodes.len() as f64 - 1.0) / 2.0;
        nodes.iter().enumerate().for_each(|(idx, &node)| place[node] = idx as f64 - middle);
    };
    order.iter().for_each(|nodes| number(nodes, &mut place));
    for sweep in 0..N_SWEEPS {
        let is_down = sweep % 2 == 0;
        for step in 1..n_layers {
            let layer = if is_down { step } else { n_layers - 1 - step };
            let wanted = |node: usize| {
                let joined = edges.iter().filter_map(|&(from, to)| match is_down {
                    true if to == node => Some(from),
                    false if from == node => Some(to),
                    _ => None,
                });
                let (sum, n) = joined.fold((0.0, 0), |(sum, n), other| (sum + place[other], n + 1));
                if n == 0 { place[node] } else { sum / f64::from(n) }
            };
            let mut sorted: Vec<(f64, usize)> = order[layer].iter().map(|&node| (wanted(node), node)).collect();
            sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
            order[layer] = sorted.into_iter().map(|(_, node)| node).collect();
            number(&order[layer], &mut place);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_loop_is_opened_where_it_closes() {
        assert_eq!(back_edges(4, &[(0, 1), (1, 2), (2, 1), (2, 3), (1, 1)]), [false, false, true, false, true]);
    }

    #[test]
    fn edges_that_would_cross_are_untangled() {
        let edges = [(0, 3), (1, 2)];
        assert_eq!(order(&[0, 0, 1, 1], &edges), [vec![0, 1], vec![3, 2]]);
    }

    proptest! {
        #[test]
        fn every_edge_that_does_not_lead_back_leads_down(edges in prop::collection::vec((0usize..12, 0usize..12), 0..40)) {
            let is_back = back_edges(12, &edges);
            let forward: Vec<_> = edges.iter().zip(&is_back).filter(|(_, back)| !**back).map(|(edge, _)| *edge).collect();
            let layers = layers(12, &forward);
            prop_assert!(forward.iter().all(|&(from, to)| layers[from] < layers[to]));
        }
    }
}
