//! Which traces say what is usual for one: successful ones of the same name before it, the newest first. The reader may ask
//! for more of them, and leave some out.

use crate::api::{ApiClient, ApiError};
use crate::compare::baseline::typical;
use crate::routes::{QUERY_BASELINE_SIZE, QUERY_WITHOUT};
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, TraceId};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use std::sync::Arc;

/// How many traces a baseline is made of, as the reader may choose.
pub const SIZES: [usize; 3] = [10, 20, 50];
const DEFAULT_SIZE: usize = 20;
/// What is usual cannot be told from fewer.
pub const LEAST_TRACES: usize = 3;

/// What the address asks of a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub project: ProjectId,
    pub trace: TraceId,
    pub size: usize,
    /// Traces that the reader left out.
    pub without: Vec<TraceId>,
}

impl Wanted {
    pub fn read(project: ProjectId, trace: TraceId, query: &ParamsMap) -> Self {
        let size = query.get(QUERY_BASELINE_SIZE).and_then(|n| n.parse().ok()).filter(|n| SIZES.contains(n));
        let without = query.get(QUERY_WITHOUT).unwrap_or_default();
        let without = without.split(',').filter_map(|id| id.parse().ok()).collect();
        Wanted { project, trace, size: size.unwrap_or(DEFAULT_SIZE), without }
    }

    /// The query that asks for the same with other traces left out, or another size.
    pub fn changed(&self, size: usize, without: &[TraceId]) -> String {
        let mut pairs = Vec::new();
        if size != DEFAULT_SIZE {
            pairs.push((QUERY_BASELINE_SIZE, size.to_string()));
        }
        if !without.is_empty() {
            let ids: Vec<String> = without.iter().map(TraceId::to_string).collect();
            pairs.push((QUERY_WITHOUT, ids.join(",")));
        }
        crate::routes::query_of(&pairs)
    }
}

/// The root runs of a baseline's traces.
#[derive(Clone, Debug)]
pub struct Found {
    /// Those that were left out included, the newest first.
    pub roots: Vec<Run>,
    /// They ran before the trace. Where too few did, those that ran after it are taken.
    pub is_earlier: bool,
}

/// What is known of a baseline on the page. Copy it freely.
#[derive(Clone, Copy)]
pub struct BaselineState {
    pub wanted: StoredValue<Wanted>,
    pub found: StoredValue<Arc<Found>>,
    /// Traces that the runs have been compared with so far.
    pub n_added: RwSignal<usize>,
}

impl BaselineState {
    /// The traces that take part.
    pub fn traces(&self) -> Vec<TraceId> {
        let wanted = self.wanted.get_value();
        self.found.with_value(|found| taking_part(found, &wanted).map(|root| root.trace_id).collect())
    }
}

fn taking_part<'f>(found: &'f Found, wanted: &'f Wanted) -> impl Iterator<Item = &'f Run> {
    found.roots.iter().filter(|root| !wanted.without.contains(&root.trace_id))
}

/// The trace that took as long as most of the baseline.
pub fn typical_trace(found: &Found, wanted: &Wanted) -> Option<TraceId> {
    let roots: Vec<&Run> = taking_part(found, wanted).collect();
    let lengths: Vec<i64> =
        roots.iter().map(|root| root.end_time.map_or(0, |end| end.since(root.start_time))).collect();
    (roots.len() >= LEAST_TRACES).then(|| typical(&lengths)).flatten().map(|idx| roots[idx].trace_id)
}

/// Asks for the traces; `None` where there is no trace to judge.
pub async fn fetch(api: &ApiClient, wanted: &Wanted) -> Result<Option<Found>, ApiError> {
    let select = ["id", "trace_id", "session_id", "name", "status", "start_time", "end_time", "inputs_preview"];
    let select = || Some(select.map(str::to_owned).to_vec());
    let of_itself = RunQuery { ids: Some(vec![wanted.trace.into()]), select: select(), ..RunQuery::default() };
    let Some(root) = api.query_runs(&of_itself).await?.runs.into_iter().next() else { return Ok(None) };
    let name = serde_json::Value::from(root.name.as_str());
    let query = |order| RunQuery {
        projects: Some(vec![wanted.project]),
        is_root: Some(true),
        filter: Some(format!("and(eq(name, {name}), eq(status, \"success\"))")),
        order: Some(order),
        // The trace itself may be among them.
        limit: Some(wanted.size as i64 + 1),
        select: select(),
        ..RunQuery::default()
    };
    let others = |runs: Vec<Run>| -> Vec<Run> {
        runs.into_iter().filter(|run| run.trace_id != wanted.trace).take(wanted.size).collect()
    };
    let before = RunQuery { end_time: Some(root.start_time), ..query(Order::Desc) };
    let roots = others(api.query_runs(&before).await?.runs);
    if roots.len() >= LEAST_TRACES {
        return Ok(Some(Found { roots, is_earlier: true }));
    }
    let after = RunQuery { start_time: Some(root.start_time), ..query(Order::Asc) };
    let mut roots = others(api.query_runs(&after).await?.runs);
    roots.reverse();
    Ok(Some(Found { roots, is_earlier: false }))
}
