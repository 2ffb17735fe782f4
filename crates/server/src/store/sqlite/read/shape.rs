//! The shapes of the traces on a page: from the index alone, no payload is touched.

use super::Reading;
use crate::store::effort;
use crate::store::sqlite::index::columns::flag;
use crate::store::sqlite::index::shape::shape;
use anyhow::Result;
use fanlight_wire::shape::TraceShape;
use std::collections::HashMap;

/// Runs of one trace that are looked at: a strip of 64 steps shows no more.
const MAX_RUNS: usize = 1000;

/// Of each root run among these rows, the shape of its trace; by the root's row.
pub fn shapes(reading: &Reading, pks: &[u32]) -> Result<HashMap<u32, TraceShape>> {
    let traces: Vec<(u32, u32)> = {
        let index = reading.index.read();
        let columns = &index.columns;
        let slots = pks.iter().filter_map(|pk| columns.slot(*pk).filter(|slot| columns.is(*slot, flag::ROOT)));
        slots.map(|slot| (columns.pk[slot as usize], columns.trace[slot as usize])).collect()
    };
    let mut statement =
        reading.db.prepare_cached("SELECT pk FROM runs INDEXED BY runs_by_trace WHERE trace = ?1 LIMIT ?2")?;
    let mut shapes = HashMap::with_capacity(traces.len());
    for (root, trace) in traces {
        let rows = statement.query_map([trace as usize, MAX_RUNS + 1], |row| row.get(0))?;
        let mut runs: Vec<u32> = rows.collect::<rusqlite::Result<_>>()?;
        let is_partial = runs.len() > MAX_RUNS;
        runs.truncate(MAX_RUNS);
        effort::looked_at(runs.len());
        let index = reading.index.read();
        let is_alive = |slot: &u32| index.columns.is(*slot, flag::ALIVE);
        let slots: Vec<u32> = runs.into_iter().filter_map(|pk| index.columns.slot(pk)).filter(is_alive).collect();
        let mut shape = shape(&index.columns, &slots);
        shape.is_partial = is_partial;
        shapes.insert(root, shape);
    }
    Ok(shapes)
}
