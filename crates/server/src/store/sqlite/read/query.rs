//! `/runs/query`: the index says which rows and in what order, SQL has the rows.

use super::Reading;
use super::cursor;
use super::lookup::look_up;
use super::question::{Question, parse, whole_filter};
use super::run::{COLUMNS, JOINS, RunReader};
use super::select::Selection;
use super::shape::shapes;
use crate::store::sqlite::codes::blob;
use crate::store::sqlite::index::compile::Compiler;
use crate::store::sqlite::index::scan::{self, Page, Paging};
use crate::store::sqlite::payload::ahead::Ahead;
use crate::store::{StoreResult, effort};
use fanlight_wire::Run;
use fanlight_wire::run_query::{Cursors, RunPage, RunQuery};
use std::collections::HashMap;

const MAX_LIMIT: i64 = 100;

pub fn query_runs(reading: &Reading, query: &RunQuery) -> StoreResult<RunPage> {
    let limit = query.limit.unwrap_or(MAX_LIMIT).clamp(1, MAX_LIMIT);
    let limit = usize::try_from(limit).expect("a limit is small and positive");
    let page = find_rows(reading, query, limit)?;
    let next = page.next.as_ref().map(|position| cursor::print(query, position));
    let runs = read_rows(reading, query, &page.pks)?;
    Ok(RunPage { runs, cursors: Cursors { next, prev: None }, parsed_query: None })
}

/// Rows of the runs that a query finds, from its cursor on.
pub fn find_rows(reading: &Reading, query: &RunQuery, limit: usize) -> StoreResult<Page> {
    let after = query.cursor.as_deref().filter(|text| !text.is_empty());
    let paging = Paging {
        sort: query.sort.unwrap_or_default(),
        order: query.order.unwrap_or_default(),
        after: after.map(|text| cursor::parse(query, text)).transpose()?,
        limit,
    };
    let mut question = Question::of(reading, query)?;
    let lookups = look_up(reading, &mut [&mut question])?;
    let index = reading.index.read();
    let predicate = Compiler::new(&index, &lookups).compile(&question.filter);
    Ok(scan::page(&index, &question.scope, &predicate, &paging))
}

/// The runs in these rows, in this order. One that was removed since it was found is left out.
pub fn read_rows(reading: &Reading, query: &RunQuery, pks: &[u32]) -> StoreResult<Vec<Run>> {
    read_rows_ahead(reading, query, pks, &Ahead::default())
}

/// The same, with payloads that were read before.
pub fn read_rows_ahead(reading: &Reading, query: &RunQuery, pks: &[u32], ahead: &Ahead) -> StoreResult<Vec<Run>> {
    let selection = Selection::from_names(query.select.as_deref());
    let filter = whole_filter(query, parse("filter", &query.filter)?)?;
    let reader = RunReader::new(reading.db, reading.blocks, reading.tenant_id, selection);
    let mut reader = reader.with_searches_of(&filter).with_payloads_of(ahead);
    let sql = format!("SELECT {COLUMNS} FROM runs r {JOINS} WHERE r.pk = ?1");
    let mut statement = reading.db.prepare_cached(&sql)?;
    effort::looked_at(pks.len());
    let mut shapes = if selection.shape { shapes(reading, pks)? } else { HashMap::new() };
    let mut runs = Vec::with_capacity(pks.len());
    for pk in pks {
        let mut rows = statement.query([pk])?;
        if let Some(row) = rows.next()? {
            let mut run = reader.read(row)?;
            run.shape = shapes.remove(pk);
            runs.push(run);
        }
    }
    Ok(runs)
}

pub fn find_run(reading: &Reading, run: fanlight_wire::RunId) -> StoreResult<Option<Run>> {
    let mut reader = RunReader::new(reading.db, reading.blocks, reading.tenant_id, Selection::WHOLE);
    let sql = format!("SELECT {COLUMNS} FROM runs r {JOINS} WHERE r.id = ?1");
    let mut statement = reading.db.prepare_cached(&sql)?;
    let mut rows = statement.query([blob(run.0)])?;
    Ok(rows.next()?.map(|row| reader.read(row)).transpose()?)
}
