//! What a query asks, read once: a filter, and where to look.

use super::Reading;
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::index::leaves::{by_ids, runs_of_trace};
use crate::store::sqlite::index::memory::pk32;
use crate::store::sqlite::index::scope::Scope;
use crate::store::sqlite::write::project::find_by_id;
use crate::store::{StoreError, StoreResult};
use fanlight_wire::filter::{self, Comparison, Field, Filter, Literal};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunStatus};

/// Conditions on runs, and the runs they are asked of.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub filter: Filter,
    pub scope: Scope,
}

impl Question {
    pub fn of(reading: &Reading, query: &RunQuery) -> StoreResult<Question> {
        if query.execution_order.is_some_and(|order| order != 1) {
            return Err(StoreError::Invalid("execution_order other than 1 is not supported".to_owned()));
        }
        let scope = Scope {
            projects: projects(reading, query)?,
            is_root: query.is_root.or(query.execution_order.map(|_| true)),
            from_ns: query.start_time.map(|start| start.0),
            until_ns: query.end_time.map(|end| end.0),
            pks: named_runs(reading, query)?,
            last_pk: None,
        };
        Ok(Question { filter: whole_filter(query, parse("filter", &query.filter)?)?, scope })
    }
}

/// Every condition of a query that is about runs themselves; `own` stands for its `filter`.
pub fn whole_filter(query: &RunQuery, own: Option<Filter>) -> StoreResult<Filter> {
    let mut all = Vec::new();
    all.extend(own);
    all.extend(parse("trace_filter", &query.trace_filter)?.map(|inner| Filter::RootRun(Box::new(inner))));
    all.extend(parse("tree_filter", &query.tree_filter)?.map(|inner| Filter::AnyRun(Box::new(inner))));
    for text in [&query.query, &query.search_filter].into_iter().flatten() {
        if !text.trim().is_empty() {
            all.push(Filter::Search { within: None, text: text.clone() });
        }
    }
    let is = |field, value| Filter::Compare { field, comparison: Comparison::Eq, value };
    if let Some(run_type) = query.run_type {
        all.push(is(Field::RunType, Literal::RunType(run_type)));
    }
    if let Some(has_error) = query.error {
        let text = Filter::Compare { field: Field::Error, comparison: Comparison::Neq, value: Literal::Null };
        let failed = Filter::Or(vec![is(Field::Status, Literal::Status(RunStatus::Error)), text]);
        all.push(if has_error { failed } else { Filter::Not(Box::new(failed)) });
    }
    Ok(all.into_iter().fold(Filter::ALL, Filter::and))
}

/// A blank text is no condition. `name` is the field it came in, for the message.
pub fn parse(name: &str, text: &Option<String>) -> StoreResult<Option<Filter>> {
    let Some(text) = text.as_deref().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    filter::parse(text).map(Some).map_err(|error| {
        let before = text.get(..error.span.start).unwrap_or(text);
        StoreError::Invalid(format!("{name}, character {}: {error}", before.chars().count() + 1))
    })
}

/// The projects to look into: those named that exist, or all.
fn projects(reading: &Reading, query: &RunQuery) -> StoreResult<Vec<u32>> {
    if let Some(named) = named_projects(query) {
        let mut pks = Vec::new();
        for id in named {
            pks.extend(find_by_id(reading.db, id)?.map(pk32));
        }
        pks.sort_unstable();
        pks.dedup();
        return Ok(pks);
    }
    let mut statement = reading.db.prepare_cached("SELECT pk FROM projects")?;
    let pks = statement.query_map([], |row| row.get(0))?.map(|pk| Ok(pk32(pk?)));
    Ok(pks.collect::<rusqlite::Result<_>>()?)
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

/// The runs that a query names by an id: its own, its trace's, its parent's or its example's. SQL has indexes for these.
fn named_runs(reading: &Reading, query: &RunQuery) -> StoreResult<Option<Bitset>> {
    let db = reading.db;
    let mut named: Vec<Bitset> = Vec::new();
    if let Some(ids) = &query.ids {
        let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        named.push(by_ids(db, Field::Id, &ids)?);
    }
    if let Some(parent) = query.parent_run {
        named.push(by_ids(db, Field::ParentRunId, &[parent.0])?);
    }
    if let Some(trace) = query.trace.or(query.trace_alias) {
        named.push(runs_of_trace(db, trace)?);
    }
    if let Some(examples) = &query.reference_example {
        named.push(by_ids(db, Field::ReferenceExampleId, examples)?);
    }
    Ok(named.into_iter().reduce(|mut all, one| {
        all.intersect(&one);
        all
    }))
}
