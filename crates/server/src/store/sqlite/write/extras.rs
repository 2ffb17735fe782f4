//! What a batch carries beside runs: attachments, feedback, refused items.

use super::row::find_pk;
use super::transaction::Transaction;
use crate::model::{AttachmentUpload, Rejection};
use crate::store::sqlite::codes::{blob, blob_opt};
use crate::store::sqlite::write::project;
use anyhow::Result;
use fanlight_wire::feedback::{FeedbackCreate, FeedbackSource};
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

/// Older refusals are forgotten.
const MAX_REJECTIONS: i64 = 10_000;

impl Transaction<'_> {
    pub(super) fn put_attachment(&mut self, upload: &AttachmentUpload) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO attachments (run_id, name, mime_type, size_bytes, data) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (run_id, name) DO UPDATE SET mime_type = ?3, size_bytes = ?4, data = ?5",
            )?
            .execute(params![
                blob(upload.run_id.0),
                upload.name,
                upload.mime_type,
                upload.data.len(),
                &upload.data[..]
            ])?;
        Ok(())
    }

    /// The same id replaces. Trace and project are the run's where the run is known, else as sent.
    pub(super) fn put_feedback(&mut self, feedback: &FeedbackCreate) -> Result<()> {
        let id = feedback.id.map_or_else(Uuid::new_v4, |id| id.0);
        let run_id = feedback.run_id.map(|run| run.0);
        let linked = match run_id {
            Some(run_id) => self.project_and_trace(run_id)?,
            None => None,
        };
        let (project, trace_id) = match linked {
            Some((project, trace_id)) => (Some(project), Some(trace_id)),
            None => {
                let project = feedback.project_id.map(|id| project::find_by_id(self.db, id)).transpose()?.flatten();
                (project, feedback.trace_id.map(|trace| trace.0))
            }
        };
        let source = feedback.source.as_ref();
        let created_ns = feedback.created_at.map_or(self.received_ns, |time| time.0);
        let json = |value: &Option<fanlight_wire::RawJson>| value.as_ref().map(|value| value.get().to_owned());
        self.db
            .prepare_cached(
                "INSERT INTO feedback (id, run_id, trace_id, project, start_ns, key, score, value, comment, correction,
                 source_kind, source, group_id, comparative_experiment_id, extra, created_ns, modified_ns)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                 ON CONFLICT (id) DO UPDATE SET run_id = ?2, trace_id = ?3, project = ?4, start_ns = ?5, key = ?6,
                 score = ?7, value = ?8, comment = ?9, correction = ?10, source_kind = ?11, source = ?12, group_id = ?13,
                 comparative_experiment_id = ?14, extra = ?15, modified_ns = ?17",
            )?
            .execute(params![
                blob(id),
                blob_opt(run_id),
                blob_opt(trace_id),
                project,
                feedback.start_time.map(|time| time.0),
                feedback.key.as_deref().unwrap_or_default(),
                feedback.score,
                json(&feedback.value),
                feedback.comment,
                json(&feedback.correction),
                source.map_or("api", |source| source.kind.as_str()),
                source.map(|source: &FeedbackSource| serde_json::to_string(source)).transpose()?,
                blob_opt(feedback.group_id),
                blob_opt(feedback.comparative_experiment_id),
                json(&feedback.extra),
                created_ns,
                feedback.modified_at.map_or(self.received_ns, |time| time.0),
            ])?;
        if let (Some(project), Some(trace_id)) = (project, trace_id) {
            self.news.note_trace(project, trace_id);
            self.note_row_of(run_id)?;
        }
        Ok(())
    }

    /// The run's feedback changed, and with it what its trace shows.
    pub(in crate::store::sqlite) fn note_row_of(&mut self, run_id: Option<Uuid>) -> Result<()> {
        let Some(run_id) = run_id else { return Ok(()) };
        let row: Option<(i64, i64)> = self
            .db
            .prepare_cached("SELECT trace, pk FROM runs WHERE id = ?1")?
            .query_row([blob(run_id)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // A run of this transaction that is not saved yet is noted when it is.
        if let Some((trace, pk)) = row {
            self.news.note_row(trace, pk);
        }
        Ok(())
    }

    fn project_and_trace(&mut self, run_id: Uuid) -> Result<Option<(i64, Uuid)>> {
        let working = self.pk_by_id.get(&run_id).map(|pk| (self.rows[pk].project, self.rows[pk].trace));
        let known = match working {
            Some(known) => Some(known),
            None => self
                .db
                .prepare_cached("SELECT project, trace FROM runs WHERE id = ?1")?
                .query_row([blob(run_id)], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?,
        };
        known.map(|(project, trace)| Ok((project, self.traces.id(self.db, trace)?))).transpose()
    }

    /// A run has arrived or moved: feedback on it follows.
    pub(super) fn link_feedback(&mut self, run_id: Uuid, trace_id: Uuid, project: i64) -> Result<()> {
        debug_assert!(find_pk(self.db, run_id)?.is_some());
        self.db
            .prepare_cached("UPDATE feedback SET trace_id = ?2, project = ?3 WHERE run_id = ?1")?
            .execute(params![blob(run_id), blob(trace_id), project])?;
        Ok(())
    }

    pub(super) fn record_rejections(&mut self, rejections: &[Rejection]) -> Result<()> {
        if rejections.is_empty() {
            return Ok(());
        }
        let mut insert =
            self.db.prepare_cached("INSERT INTO rejections (received_ns, item, reason) VALUES (?1, ?2, ?3)")?;
        for rejection in rejections {
            insert.execute(params![self.received_ns, rejection.item, rejection.reason])?;
        }
        self.db
            .prepare_cached("DELETE FROM rejections WHERE pk <= (SELECT max(pk) FROM rejections) - ?1")?
            .execute([MAX_REJECTIONS])?;
        Ok(())
    }
}
