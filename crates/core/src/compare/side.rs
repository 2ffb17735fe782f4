//! One of the two traces: its tree, and what is known of its runs' payloads.

use super::names::normalised;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunId;
use fanlight_wire::digest::{Digest, TraceDigests, plain_digest};
use std::collections::HashMap;
use std::sync::Arc;

/// What stands for the payloads of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunDigests {
    pub inputs: Option<Digest>,
    pub outputs: Option<Digest>,
    pub error: Option<Digest>,
    pub sketch: Option<Digest>,
}

/// A trace that is compared. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Side {
    pub tree: Arc<RunTree>,
    columns: Arc<Columns>,
}

#[derive(Debug, Default)]
struct Columns {
    digests: Vec<Option<RunDigests>>,
    /// Of the names without what changes.
    names: Vec<Digest>,
    self_ns: Vec<u64>,
    n_undigested: usize,
}

impl Side {
    /// `digests` as the server gave them, of this trace or none: then only what the tree knows is compared.
    pub fn new(tree: Arc<RunTree>, digests: Option<&TraceDigests>) -> Self {
        let n = tree.n_runs();
        let places: HashMap<RunId, usize> = match digests.filter(|digests| digests.is_consistent()) {
            Some(digests) => digests.ids.iter().enumerate().map(|(place, id)| (*id, place)).collect(),
            None => HashMap::new(),
        };
        let of_run = |run: RunIdx| {
            let (digests, &place) = digests.zip(places.get(&tree.id(run)))?;
            Some(RunDigests {
                inputs: digests.inputs[place],
                outputs: digests.outputs[place],
                error: digests.errors[place],
                sketch: digests.sketches[place],
            })
        };
        let of_runs: Vec<Option<RunDigests>> = (0..n as RunIdx).map(of_run).collect();
        let mut names: HashMap<&str, Digest> = HashMap::new();
        let name = |run| *names.entry(tree.name(run)).or_insert_with_key(|name| plain_digest(&normalised(name)));
        let columns = Columns {
            names: (0..n as RunIdx).map(name).collect(),
            self_ns: (0..n as RunIdx).map(|run| self_ns(&tree, run)).collect(),
            n_undigested: of_runs.iter().filter(|digests| digests.is_none()).count(),
            digests: of_runs,
        };
        Side { columns: Arc::new(columns), tree }
    }

    /// `None` where the server gave none.
    pub fn digests(&self, run: RunIdx) -> Option<RunDigests> {
        self.columns.digests[run as usize]
    }

    /// Runs whose payloads cannot be compared before they are fetched.
    pub fn n_undigested(&self) -> usize {
        self.columns.n_undigested
    }

    /// The same for names that differ only in numbers and ids.
    pub(super) fn name(&self, run: RunIdx) -> Digest {
        self.columns.names[run as usize]
    }

    /// Time that the run spent outside its children, which may overlap or outlive it. A run under way has spent none yet.
    pub fn self_ns(&self, run: RunIdx) -> u64 {
        self.columns.self_ns[run as usize]
    }
}

fn self_ns(tree: &RunTree, run: RunIdx) -> u64 {
    let Some(end) = tree.end_ns(run) else { return 0 };
    let start = tree.start_ns(run);
    let (mut n_ns, mut covered_to) = (end - start, start);
    // Children come by start, so that each covers from where those before it have not.
    for child in tree.children(run) {
        let from = tree.start_ns(child).clamp(covered_to, end.max(covered_to));
        let to = tree.end_ns(child).unwrap_or(end).clamp(from, end.max(from));
        n_ns = n_ns.saturating_sub(to - from);
        covered_to = to;
    }
    n_ns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    #[test]
    fn time_with_children_is_not_the_runs_own() {
        let side = Side::new(Arc::new(trace_from_text("a 0..100\n b 10..40\n c 30..60\n d 90..150")), None);
        let self_ms: Vec<u64> = (0..4).map(|run| side.self_ns(run) / 1_000_000).collect();
        assert_eq!(self_ms, [40, 30, 30, 60]);
    }
}
