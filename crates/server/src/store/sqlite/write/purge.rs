//! Removing deleted projects: at once from sight, from the disk bit by bit.

use super::transaction::Transaction;
use crate::store::sqlite::codes::blob;
use crate::store::sqlite::payload::locator::decode_locators;
use anyhow::Result;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Runs removed in one transaction: a dozen milliseconds in which no batch is stored.
pub(super) const RUNS_PER_TRANSACTION: usize = 300;

impl Transaction<'_> {
    /// Takes a project out of sight. `false`: there is none.
    pub fn delete_project(&mut self, project: i64) -> Result<bool> {
        if self.db.execute("DELETE FROM projects WHERE pk = ?1", [project])? == 0 {
            return Ok(false);
        }
        self.db.execute("INSERT OR IGNORE INTO deleted_projects (pk) VALUES (?1)", [project])?;
        self.db.execute("DELETE FROM feedback WHERE project = ?1", [project])?;
        self.db.execute("DELETE FROM views WHERE project = ?1", [project])?;
        self.db.execute("DELETE FROM boards WHERE project = ?1", [project])?;
        self.publication.remove_project(project);
        super::project::find_or_create(self.db, super::project::DEFAULT_PROJECT, self.received_ns)?;
        Ok(true)
    }

    /// Removes some runs of deleted projects with their payloads and attachments; returns how many rows went.
    pub fn purge_deleted_runs(&mut self) -> Result<usize> {
        let project: Option<i64> =
            self.db.query_row("SELECT min(pk) FROM deleted_projects", [], |row| row.get(0)).optional()?.flatten();
        let Some(project) = project else { return Ok(0) };
        let runs = self.some_runs(project)?;
        if runs.is_empty() {
            return Ok(self.db.execute("DELETE FROM deleted_projects WHERE pk = ?1", [project])?);
        }
        self.detach_from_other_projects(&runs, project)?;
        self.remove_runs(&runs)?;
        let traces: BTreeSet<i64> = runs.iter().map(|run| run.trace).collect();
        for trace in traces {
            self.db
                .prepare_cached(
                    "DELETE FROM traces WHERE pk = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE trace = ?1)",
                )?
                .execute([trace])?;
        }
        Ok(runs.len())
    }

    /// Removes rows and what hangs on them alone. Parents, children and sums are the caller's.
    pub(super) fn remove_runs(&mut self, runs: &[DoomedRun]) -> Result<()> {
        let mut n_released: HashMap<i64, i64> = HashMap::new();
        for run in runs {
            for locator in decode_locators(run.fragments.as_deref())? {
                *n_released.entry(locator.block).or_default() += 1;
            }
            self.db.prepare_cached("DELETE FROM attachments WHERE run_id = ?1")?.execute([blob(run.id)])?;
            self.db.prepare_cached("DELETE FROM text_pending WHERE pk = ?1")?.execute([run.pk])?;
            self.db.prepare_cached("DELETE FROM runs WHERE pk = ?1")?.execute([run.pk])?;
            self.error_texts.note(run.error_text, None);
            self.rows.remove(&run.pk);
            self.pk_by_id.remove(&run.id);
            self.publication.remove_run(run.pk);
            self.news.note_removed(run.trace);
        }
        for (block, n) in n_released {
            self.blocks.release_many(self.db, block, n)?;
        }
        Ok(())
    }

    fn some_runs(&self, project: i64) -> Result<Vec<DoomedRun>> {
        let mut statement = self.db.prepare_cached(
            "SELECT pk, id, trace, fragments, error_text FROM runs INDEXED BY runs_by_start WHERE project = ?1 LIMIT ?2",
        )?;
        let runs = statement.query_map(params![project, RUNS_PER_TRANSACTION], DoomedRun::from_row)?;
        Ok(runs.collect::<rusqlite::Result<_>>()?)
    }

    /// Children elsewhere wait for their parent again; parents elsewhere lose what their child added.
    fn detach_from_other_projects(&mut self, runs: &[DoomedRun], project: i64) -> Result<()> {
        for run in runs {
            self.db
                .prepare_cached(
                    "UPDATE runs SET parent_pk = NULL, waiting_parent = ?2 WHERE parent_pk = ?1 AND project != ?3",
                )?
                .execute(params![run.pk, blob(run.id), project])?;
            let parent_elsewhere: Option<i64> = self
                .db
                .prepare_cached(
                    "SELECT parent.pk FROM runs child CROSS JOIN runs parent ON parent.pk = child.parent_pk
                     WHERE child.pk = ?1 AND parent.project != ?2",
                )?
                .query_row([run.pk, project], |row| row.get(0))
                .optional()?;
            if let Some(parent_pk) = parent_elsewhere {
                let totals = self.row(run.pk)?.totals.clone();
                let below = self.below.entry(parent_pk).or_default();
                below.totals.subtract(&totals);
                below.is_first_token_stale = true;
            }
        }
        Ok(())
    }
}

/// What has to be known of a run to remove it.
pub(super) struct DoomedRun {
    pub pk: i64,
    pub id: Uuid,
    pub trace: i64,
    pub fragments: Option<Vec<u8>>,
    pub error_text: Option<i64>,
}

impl DoomedRun {
    /// `pk, id, trace, fragments, error_text`.
    pub fn from_row(row: &Row) -> rusqlite::Result<Self> {
        let (id, trace) = (Uuid::from_bytes(row.get(1)?), row.get(2)?);
        Ok(DoomedRun { pk: row.get(0)?, id, trace, fragments: row.get(3)?, error_text: row.get(4)? })
    }
}
