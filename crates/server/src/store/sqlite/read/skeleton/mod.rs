//! The shape of a trace without payloads.
//!
//! [`rows`] reads narrow rows in one pass, [`order`] puts them in display order, [`choice`] says which runs stand for a
//! trace that is too large to be sent whole.

mod choice;
mod order;
mod rows;

use self::rows::{Row, Rows};
use super::Reading;
use crate::store::skeleton::{Skeleton, SkeletonQuery};
use crate::store::sqlite::changed_rows::ChangedRows;
use crate::store::sqlite::codes::blob;
use anyhow::Result;
use fanlight_wire::skeleton::{LeftOut, NO_RUN, SkeletonHead, SkeletonRun, UsageOf};
use fanlight_wire::{ProjectId, RunId, Timestamp, TraceId, Usd};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// When more than this changed, the whole trace is not much more work.
const MAX_CHANGED_RUNS: usize = 20_000;

/// Says whether all of a trace is read, or what changed, or what matters most.
#[derive(Clone)]
pub struct Measure {
    pub changed_rows: Arc<ChangedRows>,
    /// A trace with more runs is read in part.
    pub max_whole_trace: usize,
    pub max_partial_trace: usize,
}

/// What is known of the trace as a whole.
struct TraceRow {
    pk: i64,
    n_runs: usize,
    min_start_ns: i64,
    max_end_ns: Option<i64>,
}

/// `version` was current before this read began.
pub fn find_skeleton(
    reading: &Reading,
    trace_id: TraceId,
    query: SkeletonQuery,
    measure: &Measure,
    version: u64,
) -> Result<Option<Skeleton>> {
    let db = reading.db;
    let Some(trace) = find_trace(db, trace_id)? else { return Ok(None) };
    let is_whole = trace.n_runs <= measure.max_whole_trace;
    let since = query.since.filter(|_| is_whole && query.below.is_none());
    let changes = since.and_then(|since| measure.changed_rows.since(trace.pk, since));
    let changes = changes.filter(|runs| runs.len() <= MAX_CHANGED_RUNS);
    let is_changes = changes.is_some() || query.below.is_some();
    let mut n_left_out = HashMap::new();
    let rows = match (changes, query.below) {
        (Some(runs), _) => rows::load_with_ancestors(db, trace.pk, &runs)?,
        (None, Some(run)) => {
            let path = rows::path_up(db, trace.pk, run)?;
            let Some(&run) = path.first() else { return Ok(None) };
            let outlines = choice::subtree(rows::load_outlines(db, trace.pk)?, run);
            // Who asks wants more than what stands for the trace.
            let mut choice = choice::choose(&outlines, measure.max_whole_trace);
            choice.chosen.extend(path);
            n_left_out = choice.n_left_out;
            rows::load_chosen(db, trace.pk, &choice.chosen)?
        }
        (None, None) if is_whole => rows::load_all(db, trace.pk, trace.n_runs)?,
        (None, None) => {
            let choice = choice::choose(&rows::load_outlines(db, trace.pk)?, measure.max_partial_trace);
            n_left_out = choice.n_left_out;
            rows::load_chosen(db, trace.pk, &choice.chosen)?
        }
    };
    if rows.all.is_empty() && !is_changes {
        return Ok(None);
    }
    let origin_ns = rows.all.iter().map(|row| row.start_ns).min().unwrap_or(i64::MAX).min(trace.min_start_ns);
    let last_end_ns = rows.all.iter().filter_map(|row| row.end_ns).max().max(trace.max_end_ns);
    let mut head = SkeletonHead {
        trace_id: Some(trace_id),
        project_id: find_project(db, &rows.all)?,
        origin: Some(Timestamp(origin_ns)),
        n_runs: u32::try_from(rows.all.len())?,
        n_runs_in_trace: trace.n_runs as u64,
        extent_ns: last_end_ns.map_or(0, |end_ns| end_ns.saturating_sub(origin_ns)),
        version,
        is_changes,
        // Runs that did not change are missing from these, so sums could not be made of them.
        usage_of: if is_changes { UsageOf::Subtree } else { query.usage_of },
        below: query.below,
        left_out: Vec::new(),
    };
    let feedback = count_feedback(db, trace_id)?;
    let (order, placed_parents) = order::display_order(&rows.all, &rows.parents);
    let left_out = order.iter().zip(0..).filter_map(|(&row, above)| {
        let n_runs = *n_left_out.get(&rows.all[row as usize].pk)?;
        Some(LeftOut { above, n_runs })
    });
    head.left_out = left_out.collect();
    let (runs, strings) = in_display_order(rows, (&order, placed_parents), origin_ns, head.usage_of, &feedback);
    Ok(Some(Skeleton::new(head, runs, strings)))
}

fn find_trace(db: &Connection, trace_id: TraceId) -> Result<Option<TraceRow>> {
    let mut statement =
        db.prepare_cached("SELECT pk, n_runs, coalesce(min_start_ns, 0), max_end_ns FROM traces WHERE id = ?1")?;
    let trace = statement.query_row([blob(trace_id.0)], |row| {
        Ok(TraceRow {
            pk: row.get(0)?,
            n_runs: row.get::<_, u32>(1)? as usize,
            min_start_ns: row.get(2)?,
            max_end_ns: row.get(3)?,
        })
    });
    Ok(trace.optional()?)
}

/// A run of a trace may be in another project; the root's is the trace's.
fn find_project(db: &Connection, rows: &[Row]) -> Result<Option<ProjectId>> {
    let Some(row) = rows.iter().find(|row| row.is_root).or(rows.first()) else { return Ok(None) };
    let id: Option<[u8; 16]> = db
        .prepare_cached("SELECT id FROM projects WHERE pk = ?1")?
        .query_row([row.project], |row| row.get(0))
        .optional()?;
    Ok(id.map(|id| ProjectId(Uuid::from_bytes(id))))
}

fn in_display_order(
    rows: Rows,
    (order, placed_parents): (&[u32], Vec<u32>),
    origin_ns: i64,
    usage_of: UsageOf,
    feedback: &HashMap<Uuid, u32>,
) -> (Vec<SkeletonRun>, Vec<String>) {
    let Rows { mut all, parents, strings } = rows;
    if usage_of == UsageOf::Run {
        rows::subtract_children(&mut all, &parents);
    }
    let since_origin = |time_ns: i64| time_ns.saturating_sub(origin_ns);
    let run = |(&row, parent): (&u32, u32)| {
        let row = &all[row as usize];
        SkeletonRun {
            id: RunId(row.id),
            parent,
            name: row.name,
            model: Some(row.model).filter(|&model| model != NO_RUN),
            run_type: row.run_type,
            status: row.status,
            start_ns: since_origin(row.start_ns),
            end_ns: row.end_ns.map(since_origin),
            first_token_ns: row.first_token_ns.map(since_origin),
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
            cached_tokens: row.cached_tokens,
            reasoning_tokens: row.reasoning_tokens,
            cost: (row.n_costs > 0).then(|| Usd::from_pico(row.cost_pico)),
            n_feedback: feedback.get(&row.id).copied().unwrap_or(0),
        }
    };
    (order.iter().zip(placed_parents).map(run).collect(), strings)
}

fn count_feedback(db: &Connection, trace: TraceId) -> Result<HashMap<Uuid, u32>> {
    let mut statement = db.prepare_cached(
        "SELECT run_id, count(*) FROM feedback WHERE trace_id = ?1 AND run_id IS NOT NULL GROUP BY run_id",
    )?;
    let counts = statement.query_map([blob(trace.0)], |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}
