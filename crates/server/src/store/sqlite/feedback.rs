//! Feedback: listing, changing, and summing up by key.

use super::codes::blob;
use super::index::bitset::Bitset;
use super::write::transaction::Transaction;
use crate::store::{FeedbackFilter, StoreError, StoreResult};
use anyhow::Result;
use fanlight_wire::feedback::{Feedback, FeedbackSource, FeedbackStat, FeedbackStats, FeedbackUpdate};
use fanlight_wire::{FeedbackId, ProjectId, RawJson, RunId, Timestamp, TraceId};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use uuid::Uuid;

const SELECT: &str = "SELECT f.id, f.key, f.created_ns, f.modified_ns, f.run_id, f.trace_id, p.id, f.start_ns, f.score, \
     f.value, f.comment, f.correction, f.source_kind, f.source, f.group_id, f.comparative_experiment_id, f.extra \
     FROM feedback f LEFT JOIN projects p ON p.pk = f.project";

/// Comments shown per key: a sample, not an archive.
const MAX_COMMENTS: usize = 20;

pub fn find(db: &Connection, id: FeedbackId) -> StoreResult<Option<Feedback>> {
    let mut statement = db.prepare_cached(&format!("{SELECT} WHERE f.id = ?1"))?;
    let mut rows = statement.query([blob(id.0)])?;
    Ok(rows.next()?.map(from_row).transpose()?)
}

/// Newest first.
pub fn list(db: &Connection, filter: &FeedbackFilter) -> StoreResult<Vec<Feedback>> {
    let mut sql = format!("{SELECT} WHERE 1");
    let mut values: Vec<Value> = Vec::new();
    let mut any_of = |column: &str, wanted: Vec<Value>| {
        let marks = vec!["?"; wanted.len()].join(", ");
        sql.push_str(&format!(" AND {column} IN ({marks})"));
        values.extend(wanted);
    };
    let id = |id: Uuid| Value::Blob(id.as_bytes().to_vec());
    if let Some(runs) = &filter.runs {
        any_of("f.run_id", runs.iter().map(|run| id(run.0)).collect());
    }
    if let Some(projects) = &filter.projects {
        any_of("p.id", projects.iter().map(|project| id(project.0)).collect());
    }
    if let Some(keys) = &filter.keys {
        any_of("f.key", keys.iter().cloned().map(Value::Text).collect());
    }
    if let Some(sources) = &filter.sources {
        any_of("f.source_kind", sources.iter().cloned().map(Value::Text).collect());
    }
    let is_null = |column: &str, has: Option<bool>| {
        has.map(|has| format!(" AND {column} IS {}NULL", if has { "NOT " } else { "" })).unwrap_or_default()
    };
    sql.push_str(&is_null("f.comment", filter.has_comment));
    sql.push_str(&is_null("f.score", filter.has_score));
    sql.push_str(&is_null("f.run_id", filter.is_on_run));
    if let Some(min) = filter.min_created_at {
        sql.push_str(" AND f.created_ns >= ?");
        values.push(Value::Integer(min.0));
    }
    if let Some(max) = filter.max_created_at {
        sql.push_str(" AND f.created_ns <= ?");
        values.push(Value::Integer(max.0));
    }
    sql.push_str(&format!(
        " ORDER BY f.created_ns DESC, f.pk DESC LIMIT {} OFFSET {}",
        filter.limit.clamp(1, 100),
        filter.offset
    ));
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_row(row)?);
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<Feedback> {
    let uuid = |idx: usize| -> rusqlite::Result<Option<Uuid>> {
        Ok(row.get::<_, Option<[u8; 16]>>(idx)?.map(Uuid::from_bytes))
    };
    let json = |idx: usize| -> Result<Option<RawJson>> {
        Ok(row.get::<_, Option<String>>(idx)?.map(RawValue::from_string).transpose()?)
    };
    let (run_id, trace_id) = (uuid(4)?, uuid(5)?);
    let source: Option<FeedbackSource> = row.get_ref(13)?.as_str_or_null()?.map(serde_json::from_str).transpose()?;
    let default_source = FeedbackSource { kind: row.get(12)?, metadata: None, user_id: None, user_name: None };
    Ok(Feedback {
        id: FeedbackId(Uuid::from_bytes(row.get(0)?)),
        key: row.get(1)?,
        created_at: Timestamp(row.get(2)?),
        modified_at: Timestamp(row.get(3)?),
        run_id: run_id.map(RunId),
        trace_id: trace_id.map(TraceId),
        project_id: uuid(6)?.map(ProjectId),
        start_time: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        score: row.get(8)?,
        value: json(9)?,
        comment: row.get(10)?,
        correction: json(11)?,
        source: Some(source.unwrap_or(default_source)),
        group_id: uuid(14)?,
        comparative_experiment_id: uuid(15)?,
        is_root: run_id.is_some() && run_id == trace_id,
        extra: json(16)?,
    })
}

const STATS: &str = "SELECT key, score, value, comment, source_kind, run_id FROM feedback";

/// Of the run's own feedback.
pub fn stats_of_run(db: &Connection, run: Uuid) -> Result<FeedbackStats> {
    stats(db, &format!("{STATS} WHERE run_id = ?1 ORDER BY created_ns"), &[&blob(run)])
}

/// Of the feedback on the project's runs, or on the project itself.
pub fn stats_of_project(db: &Connection, project: i64, is_on_runs: bool) -> Result<FeedbackStats> {
    stats(
        db,
        &format!("{STATS} WHERE project = ?1 AND (run_id IS NOT NULL) = ?2 ORDER BY created_ns"),
        &[&project, &is_on_runs],
    )
}

fn stats(db: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<FeedbackStats> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut sums = Sums::default();
    while let Some(row) = rows.next()? {
        sums.add(row)?;
    }
    Ok(sums.describe())
}

/// Runs, in groups that may overlap, whose feedback is wanted.
pub struct FoundRuns<'a> {
    /// Rows of the projects that all of them are in.
    pub projects: &'a [u32],
    /// Rows of runs.
    pub groups: &'a [Bitset],
}

/// With fewer runs than this, each is asked for its feedback; with more, all feedback for its run.
const MANY_RUNS: usize = 1000;

/// One summary per group.
pub fn stats_of_runs(db: &Connection, found: &FoundRuns) -> Result<Vec<FeedbackStats>> {
    let mut sums: Vec<Sums> = found.groups.iter().map(|_| Sums::default()).collect();
    if found.groups.iter().map(Bitset::len).sum::<usize>() < MANY_RUNS {
        let mut statement = db.prepare_cached(&format!(
            "{STATS} WHERE run_id = (SELECT id FROM runs WHERE pk = ?1) ORDER BY created_ns, pk"
        ))?;
        for (group, sums) in found.groups.iter().zip(&mut sums) {
            for pk in group.iter() {
                let mut rows = statement.query([pk])?;
                while let Some(row) = rows.next()? {
                    sums.add(row)?;
                }
            }
        }
    } else {
        let mut statement = db.prepare_cached(&format!(
            "{STATS} INDEXED BY feedback_by_project WHERE project = ?1 AND run_id IS NOT NULL ORDER BY created_ns"
        ))?;
        let mut find_pk = db.prepare_cached("SELECT pk FROM runs WHERE id = ?1")?;
        for project in found.projects {
            let mut rows = statement.query([project])?;
            while let Some(row) = rows.next()? {
                let run_id: [u8; 16] = row.get(5)?;
                let Some(pk) = find_pk.query_row([run_id], |row| row.get::<_, u32>(0)).optional()? else { continue };
                for (_, sums) in found.groups.iter().zip(&mut sums).filter(|(group, _)| group.contains(pk)) {
                    sums.add(row)?;
                }
            }
        }
    }
    Ok(sums.into_iter().map(Sums::describe).collect())
}

/// Feedback by key while it is summed up: the scores beside what is shown.
#[derive(Default)]
struct Sums {
    by_key: BTreeMap<String, (FeedbackStat, Scores)>,
}

impl Sums {
    /// `row` has the columns of [`STATS`].
    fn add(&mut self, row: &Row) -> Result<()> {
        let (stat, scores) = self.by_key.entry(row.get(0)?).or_default();
        stat.n += 1;
        if let Some(score) = row.get::<_, Option<f64>>(1)? {
            scores.add(score);
        }
        if let Some(value) = row.get_ref(2)?.as_str_or_null()? {
            *stat.values.entry(label(value)).or_default() += 1;
        }
        if let Some(comment) = row.get::<_, Option<String>>(3)?.filter(|_| stat.comments.len() < MAX_COMMENTS) {
            stat.comments.push(comment);
        }
        let source: String = row.get(4)?;
        if !stat.sources.contains(&source) {
            stat.sources.push(source);
        }
        Ok(())
    }

    fn describe(self) -> FeedbackStats {
        self.by_key.into_iter().map(|(key, (stat, scores))| (key, scores.describe(stat))).collect()
    }
}

/// A category as it is shown: a string without its quotes, anything else as JSON.
fn label(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}

/// Mean and spread, one score at a time (Welford).
#[derive(Default)]
struct Scores {
    n: i64,
    mean: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Scores {
    fn add(&mut self, score: f64) {
        self.n += 1;
        let delta = score - self.mean;
        self.mean += delta / self.n as f64;
        self.squares += delta * (score - self.mean);
        self.min = if self.n == 1 { score } else { self.min.min(score) };
        self.max = if self.n == 1 { score } else { self.max.max(score) };
    }

    fn describe(&self, stat: FeedbackStat) -> FeedbackStat {
        if self.n == 0 {
            return stat;
        }
        let stdev = (self.squares / self.n as f64).sqrt();
        FeedbackStat { avg: Some(self.mean), min: Some(self.min), max: Some(self.max), stdev: Some(stdev), ..stat }
    }
}

impl Transaction<'_> {
    /// Changes what is given; an explicit null clears.
    pub fn update_feedback(&mut self, id: FeedbackId, update: FeedbackUpdate) -> Result<()> {
        let json = |value: Option<RawJson>| value.map(|value| value.get().to_owned());
        let n_changed = self.db.execute(
            "UPDATE feedback SET modified_ns = ?2,
             score = CASE WHEN ?3 THEN ?4 ELSE score END, value = CASE WHEN ?5 THEN ?6 ELSE value END,
             comment = CASE WHEN ?7 THEN ?8 ELSE comment END, correction = CASE WHEN ?9 THEN ?10 ELSE correction END
             WHERE id = ?1",
            params![
                blob(id.0),
                self.received_ns,
                update.score.is_some(),
                update.score.flatten(),
                update.value.is_some(),
                update.value.and_then(json),
                update.comment.is_some(),
                update.comment.flatten(),
                update.correction.is_some(),
                update.correction.and_then(json),
            ],
        )?;
        if n_changed == 0 {
            return Err(not_found(id).into());
        }
        self.note_feedback(id)
    }

    pub fn delete_feedback(&mut self, id: FeedbackId) -> Result<()> {
        self.note_feedback(id)?;
        if self.db.execute("DELETE FROM feedback WHERE id = ?1", [blob(id.0)])? == 0 {
            return Err(not_found(id).into());
        }
        Ok(())
    }

    fn note_feedback(&mut self, id: FeedbackId) -> Result<()> {
        let mut statement = self.db.prepare_cached(
            "SELECT project, trace_id, run_id FROM feedback WHERE id = ?1 AND project IS NOT NULL AND trace_id IS NOT NULL",
        )?;
        let mut rows = statement.query([blob(id.0)])?;
        let Some(row) = rows.next()? else { return Ok(()) };
        self.news.note_trace(row.get(0)?, Uuid::from_bytes(row.get(1)?));
        let run_id: Option<[u8; 16]> = row.get(2)?;
        self.note_row_of(run_id.map(Uuid::from_bytes))
    }
}

fn not_found(id: FeedbackId) -> StoreError {
    StoreError::NotFound(format!("there is no feedback {id}"))
}
