//! Removing whole traces: those that somebody names, and those past their project's retention.

use super::purge::{DoomedRun, RUNS_PER_TRANSACTION};
use super::transaction::Transaction;
use crate::store::StoreError;
use crate::store::sqlite::codes::blob;
use anyhow::Result;
use fanlight_wire::{ProjectId, TraceId};
use rusqlite::{OptionalExtension, params};
use std::collections::HashSet;

const NS_PER_DAY: i64 = 86_400_000_000_000;

/// Traces whose root started before this are past a retention of `days`.
pub fn cut_ns(now_ns: i64, days: u32) -> i64 {
    now_ns.saturating_sub(i64::from(days).saturating_mul(NS_PER_DAY))
}

impl Transaction<'_> {
    /// Removes some of the runs of `traces` that are in `project`; returns how many went, zero when none are left.
    pub fn delete_some_of_traces(&mut self, project: ProjectId, traces: &[TraceId]) -> Result<u64> {
        let not_found = || StoreError::NotFound(format!("there is no project {project}"));
        let project = super::project::find_by_id(self.db, project)?.ok_or_else(not_found)?;
        let mut runs = Vec::new();
        for trace in traces {
            let n_wanted = RUNS_PER_TRANSACTION - runs.len();
            if n_wanted == 0 {
                break;
            }
            let pk: Option<i64> = self
                .db
                .prepare_cached("SELECT pk FROM traces WHERE id = ?1")?
                .query_row([blob(trace.0)], |row| row.get(0))
                .optional()?;
            if let Some(pk) = pk {
                runs.extend(self.some_runs_of_trace(pk, Some(project), n_wanted)?);
            }
        }
        self.remove_traced_runs(&runs)?;
        Ok(runs.len() as u64)
    }

    /// Removes some runs of traces that are past their project's retention; returns how many went.
    pub fn expire_some_traces(&mut self) -> Result<usize> {
        let projects: Vec<(i64, u32)> = self
            .db
            .prepare_cached("SELECT pk, retention_days FROM projects WHERE retention_days IS NOT NULL")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (project, days) in projects {
            let traces = self.expired_traces(project, cut_ns(self.received_ns, days))?;
            let mut runs = Vec::new();
            for trace in traces {
                if runs.len() < RUNS_PER_TRANSACTION {
                    runs.extend(self.some_runs_of_trace(trace, None, RUNS_PER_TRANSACTION - runs.len())?);
                }
            }
            if !runs.is_empty() {
                self.remove_traced_runs(&runs)?;
                return Ok(runs.len());
            }
        }
        Ok(0)
    }

    /// Oldest first. Where the root never came, the oldest run that waits for its parent stands for it.
    fn expired_traces(&self, project: i64, cut_ns: i64) -> Result<Vec<i64>> {
        let mut statement = self.db.prepare_cached(
            "SELECT trace FROM (SELECT trace, start_ns FROM runs INDEXED BY roots_by_start
                WHERE project = ?1 AND parent_pk IS NULL AND waiting_parent IS NULL AND start_ns < ?2
                ORDER BY start_ns, id LIMIT ?3)
             UNION ALL
             SELECT trace FROM (SELECT w.trace FROM runs w INDEXED BY runs_waiting
                WHERE w.waiting_parent IS NOT NULL AND w.project = ?1 AND w.start_ns < ?2
                AND NOT EXISTS (SELECT 1 FROM runs root WHERE root.trace = w.trace AND root.parent_pk IS NULL
                    AND root.waiting_parent IS NULL) LIMIT ?3)",
        )?;
        let traces = statement.query_map(params![project, cut_ns, RUNS_PER_TRANSACTION], |row| row.get(0))?;
        Ok(traces.collect::<rusqlite::Result<_>>()?)
    }

    /// The newest rows first: children mostly come after their parents, and should not have to outlive them.
    fn some_runs_of_trace(&self, trace: i64, project: Option<i64>, limit: usize) -> Result<Vec<DoomedRun>> {
        let mut statement = self.db.prepare_cached(
            "SELECT pk, id, trace, fragments, error_text FROM runs INDEXED BY runs_by_trace
             WHERE trace = ?1 AND project = coalesce(?2, project) ORDER BY pk DESC LIMIT ?3",
        )?;
        let runs = statement.query_map(params![trace, project, limit], DoomedRun::from_row)?;
        Ok(runs.collect::<rusqlite::Result<_>>()?)
    }

    fn remove_traced_runs(&mut self, runs: &[DoomedRun]) -> Result<()> {
        let doomed: HashSet<i64> = runs.iter().map(|run| run.pk).collect();
        for run in runs {
            let row = self.row(run.pk)?;
            let (stored, parent_pk, totals) = (row.stored, row.parent_pk, row.totals.clone());
            if let Some(stored) = stored {
                self.traces.note_removed(&stored);
                self.projects.note_removed(&stored);
                let trace_id = self.traces.id(self.db, stored.trace)?;
                self.news.note_trace(stored.project, trace_id);
            }
            if let Some(parent_pk) = parent_pk.filter(|parent_pk| !doomed.contains(parent_pk)) {
                let below = self.below.entry(parent_pk).or_default();
                below.totals.subtract(&totals);
                below.is_first_token_stale = true;
            }
            self.db.prepare_cached("DELETE FROM feedback WHERE run_id = ?1")?.execute([blob(run.id)])?;
        }
        self.remove_runs(runs)?;
        // Runs that stay, in another trace or for the next transaction, wait for their parent again.
        for run in runs {
            self.db
                .prepare_cached("UPDATE runs SET parent_pk = NULL, waiting_parent = ?2 WHERE parent_pk = ?1")?
                .execute(params![run.pk, blob(run.id)])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_is_so_many_days_ago_whatever_the_clock_says() {
        assert_eq!(cut_ns(10 * NS_PER_DAY, 3), 7 * NS_PER_DAY);
        assert_eq!(cut_ns(i64::MIN, u32::MAX), i64::MIN);
    }
}
