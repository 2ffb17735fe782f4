//! What a commit changed, for those who watch.

use super::row::Stored;
use crate::store::sqlite::changed_rows::ChangedRow;
use anyhow::Result;
use fanlight_wire::live::Change;
use fanlight_wire::{ProjectId, TraceId};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Changed traces by project row. Several transactions in a row may add to one `News`.
#[derive(Default)]
pub struct News {
    by_project: BTreeMap<i64, ProjectNews>,
    rows: Vec<ChangedRow>,
}

#[derive(Default)]
struct ProjectNews {
    traces: Vec<TraceId>,
    seen: HashSet<Uuid>,
    n_new_traces: u32,
}

impl News {
    pub fn note_run(&mut self, pk: i64, before: Option<&Stored>, now: &Stored, is_root: bool, trace_id: Uuid) {
        if let Some(before) = before.filter(|before| before.trace != now.trace) {
            self.note_removed(before.trace);
        }
        self.note_row(now.trace, pk);
        if let Some(before) = before.filter(|before| before.project != now.project) {
            self.note_trace(before.project, trace_id);
        }
        self.note_trace(now.project, trace_id);
        if before.is_none() && is_root {
            self.by_project.entry(now.project).or_default().n_new_traces += 1;
        }
    }

    pub fn note_trace(&mut self, project: i64, trace_id: Uuid) {
        let news = self.by_project.entry(project).or_default();
        // One more than is told: enough to know that the list is not complete.
        if news.traces.len() <= Change::MAX_TRACES && news.seen.insert(trace_id) {
            news.traces.push(TraceId(trace_id));
        }
    }

    /// What is told of one run is no longer as it was, its feedback included.
    pub fn note_row(&mut self, trace: i64, pk: i64) {
        self.rows.push(ChangedRow { trace, run: Some(pk) });
    }

    /// The trace lost a run.
    pub fn note_removed(&mut self, trace: i64) {
        self.rows.push(ChangedRow { trace, run: None });
    }

    pub fn take_rows(&mut self) -> Vec<ChangedRow> {
        std::mem::take(&mut self.rows)
    }

    /// One change per project.
    pub fn into_changes(self, db: &Connection) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for (project, mut news) in self.by_project {
            let id = db
                .prepare_cached("SELECT id FROM projects WHERE pk = ?1")?
                .query_row([project], |row| Ok(Uuid::from_bytes(row.get(0)?)))
                .optional()?;
            let Some(id) = id else { continue };
            let is_truncated = news.traces.len() > Change::MAX_TRACES;
            news.traces.truncate(Change::MAX_TRACES);
            let n_new_traces = news.n_new_traces;
            changes.push(Change { project_id: ProjectId(id), traces: news.traces, n_new_traces, is_truncated });
        }
        Ok(changes)
    }
}
