//! The shape of a trace in one pass over its rows, without payloads.

use crate::store::sqlite::codes::{blob, run_type_from_code, status_from_code};
use anyhow::Result;
use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use uuid::Uuid;

struct SkeletonRow {
    pk: i64,
    id: Uuid,
    parent_pk: Option<i64>,
    is_root: bool,
    project: i64,
    name: u32,
    model: i32,
    run_type: RunType,
    status: RunStatus,
    start_ns: i64,
    end_ns: Option<i64>,
    order_us: i64,
    first_token_ns: Option<i64>,
    prompt_tokens: i64,
    completion_tokens: i64,
    total_cost: Option<Usd>,
}

/// Distinct strings in order of appearance.
#[derive(Default)]
struct Strings {
    all: Vec<String>,
    idx: HashMap<String, u32>,
}

impl Strings {
    fn idx(&mut self, text: &str) -> u32 {
        if let Some(&idx) = self.idx.get(text) {
            return idx;
        }
        let idx = u32::try_from(self.all.len()).expect("a trace has fewer than four billion names");
        self.all.push(text.to_owned());
        self.idx.insert(text.to_owned(), idx);
        idx
    }
}

pub fn find_skeleton(db: &Connection, trace: TraceId) -> Result<Option<TraceSkeleton>> {
    let mut strings = Strings::default();
    let rows = load(db, trace, &mut strings)?;
    let Some(origin_ns) = rows.iter().map(|row| row.start_ns).min() else { return Ok(None) };
    let order = start_order(&rows);
    let mut position_by_pk = HashMap::with_capacity(rows.len());
    for (position, &row_idx) in order.iter().enumerate() {
        position_by_pk.insert(rows[row_idx].pk, i32::try_from(position)?);
    }
    let feedback = count_feedback(db, trace)?;
    // A run of a trace may be in another project; the root's is the trace's.
    let project = rows.iter().find(|row| row.is_root).unwrap_or(&rows[0]).project;
    let project_id: Option<[u8; 16]> = db
        .prepare_cached("SELECT id FROM projects WHERE pk = ?1")?
        .query_row([project], |row| row.get(0))
        .optional()?;
    let mut skeleton = TraceSkeleton {
        trace_id: Some(trace),
        project_id: project_id.map(|id| ProjectId(Uuid::from_bytes(id))),
        origin: Some(Timestamp(origin_ns)),
        strings: strings.all,
        ..TraceSkeleton::default()
    };
    let since_origin = |time_ns: i64| time_ns.saturating_sub(origin_ns);
    for row in order.into_iter().map(|row_idx| &rows[row_idx]) {
        let parent = row.parent_pk.and_then(|pk| position_by_pk.get(&pk).copied());
        skeleton.ids.push(RunId(row.id));
        skeleton.parent_idx.push(parent.unwrap_or(-1));
        skeleton.name_idx.push(row.name);
        skeleton.model_idx.push(row.model);
        skeleton.run_types.push(row.run_type);
        skeleton.statuses.push(row.status);
        skeleton.start_ns.push(since_origin(row.start_ns));
        skeleton.end_ns.push(row.end_ns.map(since_origin));
        skeleton.first_token_ns.push(row.first_token_ns.map(since_origin));
        skeleton.prompt_tokens.push(row.prompt_tokens);
        skeleton.completion_tokens.push(row.completion_tokens);
        skeleton.total_cost.push(row.total_cost);
        skeleton.n_feedback.push(feedback.get(&row.id).copied().unwrap_or(0));
    }
    Ok(Some(skeleton))
}

fn load(db: &Connection, trace: TraceId, strings: &mut Strings) -> Result<Vec<SkeletonRow>> {
    let mut statement = db.prepare_cached(
        "SELECT pk, id, parent_pk, waiting_parent IS NULL, project, name, model, run_type, status, start_ns, end_ns,
         coalesce(order_us, start_ns / 1000), first_token_ns, coalesce(prompt_tokens, 0), coalesce(completion_tokens, 0),
         CASE WHEN n_total_costs > 0 THEN coalesce(total_cost, 0) END
         FROM runs INDEXED BY runs_by_trace WHERE trace = (SELECT pk FROM traces WHERE id = ?1)",
    )?;
    let mut rows = statement.query([blob(trace.0)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let parent_pk: Option<i64> = row.get(2)?;
        let name = strings.idx(row.get_ref(5)?.as_str_or_null()?.unwrap_or("unnamed"));
        let model = row.get_ref(6)?.as_str_or_null()?.map(|model| strings.idx(model));
        found.push(SkeletonRow {
            pk: row.get(0)?,
            id: Uuid::from_bytes(row.get(1)?),
            parent_pk,
            is_root: parent_pk.is_none() && row.get(3)?,
            project: row.get(4)?,
            name,
            model: model.map_or(Ok(-1), i32::try_from)?,
            run_type: run_type_from_code(row.get(7)?),
            status: status_from_code(row.get(8)?),
            start_ns: row.get(9)?,
            end_ns: row.get(10)?,
            order_us: row.get(11)?,
            first_token_ns: row.get(12)?,
            prompt_tokens: row.get(13)?,
            completion_tokens: row.get(14)?,
            total_cost: row.get::<_, Option<i64>>(15)?.map(Usd::from_pico),
        });
    }
    Ok(found)
}

/// Rows by start; equal starts in display order: depth first, siblings by their place in the dotted order.
fn start_order(rows: &[SkeletonRow]) -> Vec<usize> {
    let row_by_pk: HashMap<i64, usize> = rows.iter().enumerate().map(|(row_idx, row)| (row.pk, row_idx)).collect();
    let parent_of = |row: &SkeletonRow| row.parent_pk.and_then(|pk| row_by_pk.get(&pk).copied());
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    let mut tops = Vec::new();
    for (row_idx, row) in rows.iter().enumerate() {
        match parent_of(row) {
            Some(parent_idx) => children[parent_idx].push(row_idx),
            None => tops.push(row_idx),
        }
    }
    let last_first = |siblings: &mut Vec<usize>| {
        siblings.sort_unstable_by_key(|&row_idx| std::cmp::Reverse((rows[row_idx].order_us, rows[row_idx].id)));
    };
    last_first(&mut tops);
    children.iter_mut().for_each(last_first);
    let mut display_idx = vec![0usize; rows.len()];
    let mut n_visited = 0;
    let mut to_visit = tops;
    while let Some(row_idx) = to_visit.pop() {
        display_idx[row_idx] = n_visited;
        n_visited += 1;
        to_visit.append(&mut children[row_idx]);
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_unstable_by_key(|&row_idx| (rows[row_idx].start_ns, display_idx[row_idx]));
    order
}

fn count_feedback(db: &Connection, trace: TraceId) -> Result<HashMap<Uuid, u32>> {
    let mut statement = db.prepare_cached(
        "SELECT run_id, count(*) FROM feedback WHERE trace_id = ?1 AND run_id IS NOT NULL GROUP BY run_id",
    )?;
    let counts = statement.query_map([blob(trace.0)], |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}
