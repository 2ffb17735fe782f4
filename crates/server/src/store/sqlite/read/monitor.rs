//! Charts over many runs: what is asked is read, looked up in SQL where columns do not hold it, and answered by the index.

use super::Reading;
use super::lookup::look_up;
use super::question::Question;
use crate::store::sqlite::codes::status_from_code;
use crate::store::sqlite::index::compile::Compiler;
use crate::store::sqlite::index::leaf::Lookups;
use crate::store::sqlite::index::memory::{Index, UNNAMED, pk32};
use crate::store::sqlite::index::monitor::buckets::{Uncut, Wanted};
use crate::store::sqlite::index::monitor::exemplars::{FoundExemplars, exemplars as find_exemplars};
use crate::store::sqlite::index::monitor::grouping::ProjectNames;
use crate::store::sqlite::index::monitor::series::{Asked, Cut, Found, Score};
use crate::store::sqlite::index::monitor::top::Names;
use crate::store::sqlite::index::monitor::{differs as differences, heatmap as cells, markers as first_seen};
use crate::store::sqlite::index::predicate::Predicate;
use crate::store::sqlite::write::thread::now_ns;
use crate::store::{StoreError, StoreResult};
use chrono_tz::Tz;
use fanlight_wire::monitor::differs::{Differs, DiffersQuery};
use fanlight_wire::monitor::exemplars::{Exemplar, ExemplarQuery, Exemplars, Why};
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery, MAX_COLUMNS, MAX_ROWS};
use fanlight_wire::monitor::markers::{DEFAULT_KEYS, MarkerQuery, Markers};
use fanlight_wire::monitor::series::{MAX_POINTS, Series, SeriesQuery};
use fanlight_wire::monitor::top::{Top, TopQuery};
use fanlight_wire::monitor::{GroupKey, Metric};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunId, Timestamp, TraceId, Usd};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

const DEFAULT_POINTS: usize = 60;

impl From<Uncut> for StoreError {
    fn from(error: Uncut) -> Self {
        StoreError::Invalid(error.to_string())
    }
}

/// As a list's, but the end of the range is not part of it.
fn question(reading: &Reading, query: &RunQuery) -> StoreResult<Question> {
    let mut question = Question::of(reading, query)?;
    question.scope.until_ns = question.scope.until_ns.map(|until_ns| until_ns.saturating_sub(1));
    Ok(question)
}

/// The question with what SQL said about it.
fn looked_up(reading: &Reading, query: &RunQuery) -> StoreResult<(Question, Lookups)> {
    let mut question = question(reading, query)?;
    let lookups = look_up(reading, &mut [&mut question])?;
    Ok((question, lookups))
}

fn compile(index: &Index, question: &Question, lookups: &Lookups) -> Predicate {
    Compiler::new(index, lookups).compile(&question.filter)
}

pub fn zone(name: Option<&str>) -> StoreResult<Tz> {
    let Some(name) = name else { return Ok(Tz::UTC) };
    let unknown = |_| {
        let shown: String = name.chars().take(64).collect();
        StoreError::Invalid(format!("time_zone: {shown:?} is no zone of the IANA database"))
    };
    name.parse().map_err(unknown)
}

pub fn series(reading: &Reading, query: &SeriesQuery) -> StoreResult<Series> {
    let wanted = match query.bucket_seconds {
        Some(seconds) => Wanted::Seconds(seconds),
        None => Wanted::AtMost(query.n_points.unwrap_or(DEFAULT_POINTS).clamp(2, MAX_POINTS)),
    };
    let cut = Cut { zone: zone(query.time_zone.as_deref())?, wanted, now_ns: now_ns() };
    let (question, lookups) = looked_up(reading, &query.query)?;
    let feedback_keys: Vec<String> = query.metrics.iter().filter_map(feedback_key).collect();
    let scores = scores(reading.db, &question.scope.projects, &feedback_keys)?;
    let by_project = query.group_by.as_ref().is_some_and(|by| by.key == GroupKey::Project);
    let projects = if by_project { project_names(reading.db)? } else { ProjectNames::new() };
    let asked = Asked {
        cut,
        group_by: query.group_by.as_ref(),
        metrics: &query.metrics,
        feedback_keys: &feedback_keys,
        scores: &scores,
        projects: &projects,
    };
    let found = {
        let index = reading.index.read();
        let predicate = compile(&index, &question, &lookups);
        Found::new(&index, &question.scope, &predicate, &asked)?
    };
    Ok(found.into_series(&query.metrics))
}

fn feedback_key(metric: &Metric) -> Option<String> {
    match metric {
        Metric::Feedback(key) => Some(key.clone()),
        _ => None,
    }
}

/// Every score under one of the keys, on runs of the projects.
fn scores(db: &Connection, projects: &[u32], keys: &[String]) -> StoreResult<Vec<Score>> {
    let mut scores = Vec::new();
    let mut statement = db.prepare_cached(
        "SELECT r.pk, f.score FROM feedback f INDEXED BY feedback_by_project JOIN runs r ON r.id = f.run_id
         WHERE f.project = ?1 AND f.key = ?2 AND f.score IS NOT NULL ORDER BY f.created_ns, f.pk",
    )?;
    for (key, name) in keys.iter().enumerate() {
        for project in projects {
            let mut rows = statement.query((project, name))?;
            while let Some(row) = rows.next()? {
                scores.push(Score { pk: pk32(row.get(0)?), key, score: row.get(1)? });
            }
        }
    }
    Ok(scores)
}

fn project_names(db: &Connection) -> StoreResult<ProjectNames> {
    let mut statement = db.prepare_cached("SELECT pk, name FROM projects")?;
    let names = statement.query_map([], |row| Ok((pk32(row.get(0)?), row.get(1)?)))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

pub fn heatmap(reading: &Reading, query: &HeatmapQuery) -> StoreResult<Heatmap> {
    let zone = zone(query.time_zone.as_deref())?;
    let (question, lookups) = looked_up(reading, &query.query)?;
    let size = (query.n_columns.unwrap_or(MAX_COLUMNS), query.n_rows.unwrap_or(MAX_ROWS));
    let index = reading.index.read();
    let predicate = compile(&index, &question, &lookups);
    Ok(cells::heatmap(&index, &question.scope, &predicate, query.of, (zone, now_ns()), size)?)
}

pub fn exemplars(reading: &Reading, query: &ExemplarQuery) -> StoreResult<Exemplars> {
    let (question, lookups) = looked_up(reading, &query.query)?;
    let FoundExemplars { n_runs, n_errors, chosen } = {
        let index = reading.index.read();
        let predicate = compile(&index, &question, &lookups);
        find_exemplars(&index, &question.scope, &predicate, &query.area, query.seed)
    };
    let mut exemplars = Vec::new();
    for (why, pk) in chosen {
        exemplars.extend(read_exemplar(reading.db, why, pk)?);
    }
    Ok(Exemplars { n_runs, n_errors, exemplars })
}

/// `None`: it was deleted just now.
fn read_exemplar(db: &Connection, why: Why, pk: u32) -> StoreResult<Option<Exemplar>> {
    let mut statement = db.prepare_cached(
        "SELECT r.id, t.id, p.id, r.name, r.start_ns, r.end_ns, r.status, r.error_preview, r.total_cost, r.n_total_costs
         FROM runs r JOIN traces t ON t.pk = r.trace JOIN projects p ON p.pk = r.project WHERE r.pk = ?1",
    )?;
    let read = |row: &rusqlite::Row| {
        let (start_ns, end_ns): (i64, Option<i64>) = (row.get(4)?, row.get(5)?);
        let n_costs: Option<i64> = row.get(9)?;
        let cost = row.get::<_, Option<i64>>(8)?.unwrap_or(0);
        Ok(Exemplar {
            why,
            run_id: RunId(Uuid::from_bytes(row.get(0)?)),
            trace_id: TraceId(Uuid::from_bytes(row.get(1)?)),
            project_id: ProjectId(Uuid::from_bytes(row.get(2)?)),
            name: row.get::<_, Option<String>>(3)?.unwrap_or_else(|| UNNAMED.to_owned()),
            start_time: Timestamp(start_ns),
            latency_s: end_ns.map(|end_ns| end_ns.saturating_sub(start_ns).max(0) as f64 / 1e9),
            status: status_from_code(row.get(6)?),
            error: row.get(7)?,
            total_cost: n_costs.is_some_and(|n| n > 0).then(|| Usd::from_pico(cost)),
        })
    };
    Ok(statement.query_row([pk], read).optional()?)
}

pub fn differs(reading: &Reading, query: &DiffersQuery) -> StoreResult<Differs> {
    let (question, lookups) = looked_up(reading, &query.query)?;
    let index = reading.index.read();
    let predicate = compile(&index, &question, &lookups);
    Ok(differences::differs(&index, &question.scope, &predicate, &query.area, query.limit))
}

pub fn top(reading: &Reading, query: &TopQuery) -> StoreResult<Top> {
    let (question, lookups) = looked_up(reading, &query.query)?;
    let names = {
        let index = reading.index.read();
        let predicate = compile(&index, &question, &lookups);
        Names::new(&index, &question.scope, &predicate)
    };
    Ok(names.into_top(query.limit))
}

pub fn markers(reading: &Reading, query: &MarkerQuery) -> StoreResult<Markers> {
    let scope = question(reading, &query.query)?.scope;
    let keys = query.keys.clone().unwrap_or_else(|| DEFAULT_KEYS.map(str::to_owned).into());
    Ok(first_seen::markers(&reading.index.read(), &scope, &keys))
}
