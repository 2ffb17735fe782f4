//! Which project a run belongs to. Projects come into being when a run first names them.

use super::row::Stored;
use super::transaction::Transaction;
use crate::model::{OpKind, ProjectRef, RunOp};
use crate::store::sqlite::codes::blob;
use anyhow::Result;
use fanlight_wire::ProjectId;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use uuid::Uuid;

/// Where runs go that name no project. Always exists.
pub const DEFAULT_PROJECT: &str = "default";

/// Rows of projects that this transaction has looked up.
#[derive(Default)]
pub struct ProjectCache {
    by_id: HashMap<ProjectId, i64>,
    by_name: HashMap<String, i64>,
    changes: HashMap<i64, ProjectChange>,
}

/// What is added to a project's counts.
#[derive(Default)]
struct ProjectChange {
    n_llm_runs: i64,
    n_streamed_runs: i64,
}

impl ProjectCache {
    /// A row was written: `before` is what the table held, if anything.
    pub fn note(&mut self, before: Option<&Stored>, now: &Stored) {
        if let Some(before) = before {
            self.count(before, -1);
        }
        self.count(now, 1);
    }

    /// A row was removed.
    pub fn note_removed(&mut self, before: &Stored) {
        self.count(before, -1);
    }

    fn count(&mut self, stored: &Stored, sign: i64) {
        if stored.is_llm {
            let change = self.changes.entry(stored.project).or_default();
            change.n_llm_runs += sign;
            change.n_streamed_runs += i64::from(stored.is_streamed) * sign;
        }
    }

    pub fn save(&mut self, db: &Connection) -> Result<()> {
        let mut update = db.prepare_cached(
            "UPDATE projects SET n_llm_runs = n_llm_runs + ?2, n_streamed_runs = n_streamed_runs + ?3 WHERE pk = ?1",
        )?;
        for (pk, change) in self.changes.drain() {
            if change.n_llm_runs != 0 || change.n_streamed_runs != 0 {
                update.execute([pk, change.n_llm_runs, change.n_streamed_runs])?;
            }
        }
        Ok(())
    }
}

impl Transaction<'_> {
    /// The post's project stays, whatever patches say; a patch's stays until a post names one.
    pub(super) fn settle_project(&mut self, pk: i64, op: &RunOp) -> Result<()> {
        let is_said = op.project.id.is_some() || op.project.name.is_some();
        let rank = match (is_said, op.kind) {
            (false, _) => 0,
            (true, OpKind::Patch) => 1,
            (true, OpKind::Post) => 2,
        };
        let row = self.row(pk)?;
        let known_rank = row.ranks.project;
        let is_better = row.project == 0 || rank > known_rank || (rank == 1 && known_rank == 1);
        if is_better {
            let project = self.project(&op.project)?;
            let row = self.row_mut(pk)?;
            row.project = project;
            row.ranks.project = rank;
        }
        Ok(())
    }

    /// An id wins over a name. An unknown id is taken as a new project, so that nothing sent is lost; it gets the name
    /// that came with it, when that is free, or its id as name.
    fn project(&mut self, said: &ProjectRef) -> Result<i64> {
        if let Some(id) = said.id {
            if let Some(&pk) = self.projects.by_id.get(&id) {
                return Ok(pk);
            }
            let pk = match find_by_id(self.db, id)? {
                Some(pk) => pk,
                None => {
                    let id_as_name = id.to_string();
                    let name = said.name.as_deref().unwrap_or(&id_as_name);
                    let is_taken = find_by_name(self.db, name)?.is_some();
                    create(self.db, id, if is_taken { &id_as_name } else { name }, self.received_ns)?
                }
            };
            self.projects.by_id.insert(id, pk);
            return Ok(pk);
        }
        let name = said.name.as_deref().unwrap_or(DEFAULT_PROJECT);
        if let Some(&pk) = self.projects.by_name.get(name) {
            return Ok(pk);
        }
        let pk = find_or_create(self.db, name, self.received_ns)?;
        self.projects.by_name.insert(name.to_owned(), pk);
        Ok(pk)
    }
}

pub fn find_by_id(db: &Connection, id: ProjectId) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT pk FROM projects WHERE id = ?1")?;
    Ok(statement.query_row([blob(id.0)], |row| row.get(0)).optional()?)
}

pub fn find_by_name(db: &Connection, name: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT pk FROM projects WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub fn find_or_create(db: &Connection, name: &str, start_ns: i64) -> Result<i64> {
    match find_by_name(db, name)? {
        Some(pk) => Ok(pk),
        None => create(db, ProjectId(Uuid::new_v4()), name, start_ns),
    }
}

fn create(db: &Connection, id: ProjectId, name: &str, start_ns: i64) -> Result<i64> {
    db.prepare_cached("INSERT INTO projects (id, name, start_ns) VALUES (?1, ?2, ?3)")?.execute(params![
        blob(id.0),
        name,
        start_ns
    ])?;
    Ok(db.last_insert_rowid())
}
