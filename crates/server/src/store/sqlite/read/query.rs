//! `/runs/query`: from conditions to rows, by the index that fits them best.

use super::cursor::{self, Position};
use super::run::{COLUMNS, JOINS, RunReader};
use super::select::Selection;
use crate::store::sqlite::codes::{blob, code_from_run_type};
use crate::store::sqlite::payload::blocks::BlockCache;
use crate::store::sqlite::write::project::find_by_id;
use crate::store::{StoreError, StoreResult};
use anyhow::Context;
use fanlight_wire::run_query::{Cursors, Order, RunPage, RunQuery};
use fanlight_wire::{ProjectId, Run, TenantId};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

const MAX_LIMIT: i64 = 100;

pub fn query_runs(db: &Connection, blocks: &BlockCache, tenant_id: TenantId, query: &RunQuery) -> StoreResult<RunPage> {
    refuse_unsupported(query)?;
    let limit = query.limit.unwrap_or(MAX_LIMIT).clamp(1, MAX_LIMIT);
    let after = query.cursor.as_deref().filter(|text| !text.is_empty());
    let after = after.map(|text| cursor::parse(query, text)).transpose()?;
    let mut reader = RunReader::new(db, blocks, tenant_id, Selection::from_names(query.select.as_deref()));

    let order = query.order.unwrap_or_default();
    let limit = usize::try_from(limit).expect("a limit is small and positive");
    let mut positions = Vec::new();
    for scope in scopes(db, query)? {
        // One more than asked for tells whether there is a next page.
        positions.extend(find_positions(db, query, &scope, after, order, limit + 1)?);
    }
    positions.sort_unstable();
    positions.dedup();
    if order == Order::Desc {
        positions.reverse();
    }
    let has_more = positions.len() > limit;
    positions.truncate(limit);

    let mut runs = Vec::with_capacity(positions.len());
    let sql = format!("SELECT {COLUMNS} FROM runs r {JOINS} WHERE r.pk = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    for (_, _, pk) in &positions {
        let mut rows = statement.query([pk])?;
        let row = rows.next()?.context("a run vanished inside a snapshot")?;
        runs.push(reader.read(row)?);
    }
    let last = positions.last().filter(|_| has_more);
    let next = last.map(|&(start_ns, id, _)| cursor::print(query, Position { start_ns, id: fanlight_wire::RunId(id) }));
    Ok(RunPage { runs, cursors: Cursors { next, prev: None }, parsed_query: None })
}

pub fn find_run(
    db: &Connection,
    blocks: &BlockCache,
    tenant_id: TenantId,
    run: fanlight_wire::RunId,
) -> StoreResult<Option<Run>> {
    let mut reader = RunReader::new(db, blocks, tenant_id, Selection::WHOLE);
    let sql = format!("SELECT {COLUMNS} FROM runs r {JOINS} WHERE r.id = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([blob(run.0)])?;
    Ok(rows.next()?.map(|row| reader.read(row)).transpose()?)
}

/// Conditions that would be ignored must be refused: a list that is too long looks right and is not.
fn refuse_unsupported(query: &RunQuery) -> StoreResult<()> {
    let conditions = [
        ("filter", &query.filter),
        ("trace_filter", &query.trace_filter),
        ("tree_filter", &query.tree_filter),
        ("query", &query.query),
        ("search_filter", &query.search_filter),
    ];
    for (name, text) in conditions {
        if text.as_ref().is_some_and(|text| !text.trim().is_empty()) {
            return Err(StoreError::Invalid(format!("{name} is not supported yet")));
        }
    }
    if query.execution_order.is_some_and(|order| order != 1) {
        return Err(StoreError::Invalid("execution_order other than 1 is not supported".to_owned()));
    }
    Ok(())
}

/// An index and the values its entries must begin with. A query looks through one or several, each in order.
#[derive(Debug)]
struct Scope {
    index: &'static str,
    condition: String,
    value: Value,
    /// The index has entries by start and id, so that reading may stop at the limit.
    is_sorted: bool,
}

fn scopes(db: &Connection, query: &RunQuery) -> StoreResult<Vec<Scope>> {
    let by = |index, column: &str, value: Value| Scope {
        index,
        condition: format!("r.{column} = ?"),
        value,
        is_sorted: false,
    };
    let id = |id: Uuid| Value::Blob(id.as_bytes().to_vec());
    if let Some(ids) = &query.ids {
        return Ok(ids.iter().map(|run| by("sqlite_autoindex_runs_1", "id", id(run.0))).collect());
    }
    if let Some(parent) = query.parent_run {
        let pk = find_pk(db, "SELECT pk FROM runs WHERE id = ?1", parent.0)?;
        let waiting = by("runs_waiting", "waiting_parent", id(parent.0));
        return Ok(pk
            .map(|pk| by("runs_by_parent", "parent_pk", Value::Integer(pk)))
            .into_iter()
            .chain([waiting])
            .collect());
    }
    if let Some(trace) = query.trace.or(query.trace_alias) {
        let pk = find_pk(db, "SELECT pk FROM traces WHERE id = ?1", trace.0)?;
        return Ok(pk.map(|pk| by("runs_by_trace", "trace", Value::Integer(pk))).into_iter().collect());
    }
    if let Some(examples) = &query.reference_example {
        let scopes = examples.iter().map(|&example| by("runs_by_example", "reference_example_id", id(example)));
        return Ok(scopes.collect());
    }
    let wants_roots = wants_roots(query) == Some(true);
    let scope = |pk| Scope {
        index: if wants_roots { "roots_by_start" } else { "runs_by_start" },
        condition: "r.project = ?".to_owned(),
        value: Value::Integer(pk),
        is_sorted: true,
    };
    Ok(project_pks(db, query)?.into_iter().map(scope).collect())
}

fn find_pk(db: &Connection, sql: &str, id: Uuid) -> StoreResult<Option<i64>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([blob(id)])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

fn wants_roots(query: &RunQuery) -> Option<bool> {
    query.is_root.or(query.execution_order.map(|_| true))
}

/// The projects to look into: those named that exist, or all.
fn project_pks(db: &Connection, query: &RunQuery) -> StoreResult<Vec<i64>> {
    if let Some(named) = named_projects(query) {
        let pks: Result<Vec<_>, _> = named.into_iter().map(|id| find_by_id(db, id)).collect();
        return Ok(pks?.into_iter().flatten().collect());
    }
    let mut statement = db.prepare_cached("SELECT pk FROM projects")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// `session` and `session_id` together must both hold. An empty list names nothing, and does not restrict.
fn named_projects(query: &RunQuery) -> Option<Vec<ProjectId>> {
    let listed = query.projects.clone().filter(|projects| !projects.is_empty());
    match (listed, query.project) {
        (Some(listed), Some(project)) => Some(listed.into_iter().filter(|other| *other == project).collect()),
        (Some(listed), None) => Some(listed),
        (None, project) => project.map(|project| vec![project]),
    }
}

/// Start, id and row of the first `limit` runs of a scope.
type Found = (i64, Uuid, i64);

fn find_positions(
    db: &Connection,
    query: &RunQuery,
    scope: &Scope,
    after: Option<Position>,
    order: Order,
    limit: usize,
) -> StoreResult<Vec<Found>> {
    let (comparison, direction) = if order == Order::Asc { (">", "ASC") } else { ("<", "DESC") };
    let mut sql =
        format!("SELECT r.start_ns, r.id, r.pk FROM runs r INDEXED BY {} WHERE {}", scope.index, scope.condition);
    let mut values = vec![scope.value.clone()];
    let mut add = |condition: &str, value: Value| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value);
    };
    if let Some(Position { start_ns, id }) = after {
        add(&format!("(r.start_ns, r.id) {comparison} (?, ?)"), Value::Integer(start_ns));
        values.push(Value::Blob(id.0.as_bytes().to_vec()));
    }
    let mut add = |condition: &str, value: Value| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value);
    };
    if let Some(start) = query.start_time {
        add("r.start_ns >= ?", Value::Integer(start.0));
    }
    if let Some(end) = query.end_time {
        add("r.start_ns <= ?", Value::Integer(end.0));
    }
    if let Some(run_type) = query.run_type {
        // A run without a type counts as a chain.
        let code = code_from_run_type(run_type);
        add("coalesce(r.run_type, 0) = ?", Value::Integer(code));
    }
    if let Some(has_error) = query.error {
        let code = crate::store::sqlite::codes::code_from_status(fanlight_wire::RunStatus::Error);
        add("(r.status = ? OR r.error_preview IS NOT NULL) = ", Value::Integer(code));
        sql.push_str(if has_error { "1" } else { "0" });
    }
    match wants_roots(query) {
        Some(true) => sql.push_str(" AND r.parent_pk IS NULL AND r.waiting_parent IS NULL"),
        Some(false) => sql.push_str(" AND (r.parent_pk IS NOT NULL OR r.waiting_parent IS NOT NULL)"),
        None => {}
    }
    push_secondary(db, query, scope, &mut sql, &mut values)?;
    sql.push_str(&format!(" ORDER BY r.start_ns {direction}, r.id {direction} LIMIT {limit}"));
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params_from_iter(values), |row| Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Conditions on ids and projects that the scope does not already stand for.
fn push_secondary(
    db: &Connection,
    query: &RunQuery,
    scope: &Scope,
    sql: &mut String,
    values: &mut Vec<Value>,
) -> StoreResult<()> {
    if scope.is_sorted {
        return Ok(());
    }
    if named_projects(query).is_some() {
        let pks: Vec<String> = project_pks(db, query)?.iter().map(i64::to_string).collect();
        sql.push_str(&format!(" AND r.project IN ({})", pks.join(", ")));
    }
    if let Some(parent) = query.parent_run.filter(|_| !matches!(scope.index, "runs_by_parent" | "runs_waiting")) {
        sql.push_str(" AND (r.parent_pk = (SELECT pk FROM runs WHERE id = ?) OR r.waiting_parent = ?)");
        values.extend(vec![Value::Blob(parent.0.as_bytes().to_vec()); 2]);
    }
    if let Some(trace) = query.trace.or(query.trace_alias).filter(|_| scope.index != "runs_by_trace") {
        sql.push_str(" AND r.trace = (SELECT pk FROM traces WHERE id = ?)");
        values.push(Value::Blob(trace.0.as_bytes().to_vec()));
    }
    if let Some(examples) = query.reference_example.as_ref().filter(|_| scope.index != "runs_by_example") {
        let marks = vec!["?"; examples.len()].join(", ");
        sql.push_str(&format!(" AND r.reference_example_id IN ({marks})"));
        values.extend(examples.iter().map(|example| Value::Blob(example.as_bytes().to_vec())));
    }
    Ok(())
}
