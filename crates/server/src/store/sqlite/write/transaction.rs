//! The working set of one transaction: rows are read once, changed in memory and written back before the commit.

use super::error_texts::ErrorTexts;
use super::metadata_sets::MetadataSets;
use super::news::News;
use super::pending;
use super::project::ProjectCache;
use super::rollup::Below;
use super::row::{self, RunRow};
use super::traces::TraceSums;
use crate::model::Batch;
use crate::pricing::PriceList;
use crate::store::sqlite::index::facts::{FactRow, Publication};
use crate::store::sqlite::payload::blocks::BlockWriter;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::collections::HashMap;
use uuid::Uuid;

pub struct Transaction<'a> {
    pub db: &'a Connection,
    pub blocks: &'a mut BlockWriter,
    pub metadata: &'a mut MetadataSets,
    pub prices: &'a PriceList,
    pub next_run_pk: &'a mut i64,
    pub received_ns: i64,
    pub(super) rows: HashMap<i64, RunRow>,
    pub(super) pk_by_id: HashMap<Uuid, i64>,
    /// Rows of this transaction whose parent is missing, by the parent's id.
    pub(super) waiting: HashMap<Uuid, Vec<i64>>,
    /// What is still to be added to a run and its ancestors.
    pub(super) below: HashMap<i64, Below>,
    pub(super) error_texts: ErrorTexts,
    pub(super) traces: TraceSums,
    pub(super) projects: ProjectCache,
    pub(crate) news: News,
    pub(super) publication: Publication,
}

impl<'a> Transaction<'a> {
    pub fn new(
        db: &'a Connection,
        blocks: &'a mut BlockWriter,
        metadata: &'a mut MetadataSets,
        prices: &'a PriceList,
        next_run_pk: &'a mut i64,
        received_ns: i64,
    ) -> Self {
        Transaction {
            db,
            blocks,
            metadata,
            prices,
            next_run_pk,
            received_ns,
            rows: HashMap::new(),
            pk_by_id: HashMap::new(),
            waiting: HashMap::new(),
            below: HashMap::new(),
            error_texts: ErrorTexts::default(),
            traces: TraceSums::default(),
            projects: ProjectCache::default(),
            news: News::default(),
            publication: Publication::default(),
        }
    }

    pub fn apply_batch(&mut self, batch: &Batch) -> Result<()> {
        for op in &batch.runs {
            self.apply_run(op).with_context(|| format!("run {}", op.id))?;
        }
        for upload in &batch.attachments {
            self.put_attachment(upload)?;
        }
        for feedback in &batch.feedback {
            self.put_feedback(feedback)?;
        }
        self.record_rejections(&batch.rejections)
    }

    /// Writes everything back. The commit itself is the caller's, and telling the index and those who watch.
    pub fn finish(mut self) -> Result<(News, Publication)> {
        self.roll_up()?;
        self.save_rows()?;
        self.error_texts.save(self.db)?;
        self.traces.save(self.db)?;
        self.projects.save(self.db)?;
        self.blocks.finish_transaction(self.db)?;
        for (pk, json) in self.metadata.take_new() {
            self.publication.add_metadata(pk, json);
        }
        Ok((self.news, self.publication))
    }

    /// After this, SQL sees what the transaction knows.
    pub(super) fn save_rows(&mut self) -> Result<()> {
        let mut dirty: Vec<i64> = self.rows.values().filter(|row| row.is_dirty).map(|row| row.pk).collect();
        dirty.sort_unstable();
        for pk in dirty {
            let row = self.rows.get_mut(&pk).expect("was found dirty just now");
            let before = row.stored;
            row::save(self.db, row)?;
            let now = row.stored.expect("was saved just now");
            let has_new_text = pending::note(self.db, row, before.as_ref(), self.received_ns)?;
            self.publication.n_new_texts += usize::from(has_new_text);
            let (run_id, is_root) = (row.id, row.is_root());
            self.publication.save_run(FactRow::of(row));
            self.error_texts.note(before.and_then(|before| before.error_text), now.error_text);
            self.traces.note(before.as_ref(), &now);
            self.projects.note(before.as_ref(), &now);
            let trace_id = self.traces.id(self.db, now.trace)?;
            self.news.note_run(pk, before.as_ref(), &now, is_root, trace_id);
            if before.is_none_or(|before| (before.project, before.trace) != (now.project, now.trace)) {
                self.link_feedback(run_id, trace_id, now.project)?;
            }
        }
        Ok(())
    }

    /// The row of a run, loaded into the working set. `None`: no such run yet.
    pub(super) fn find(&mut self, id: Uuid) -> Result<Option<i64>> {
        if let Some(&pk) = self.pk_by_id.get(&id) {
            return Ok(Some(pk));
        }
        let Some(row) = row::load_by_id(self.db, id)? else { return Ok(None) };
        Ok(Some(self.keep(row)))
    }

    pub(super) fn create(&mut self, id: Uuid) -> i64 {
        let pk = *self.next_run_pk;
        *self.next_run_pk += 1;
        self.keep(RunRow::new(pk, id, self.received_ns))
    }

    fn keep(&mut self, row: RunRow) -> i64 {
        let pk = row.pk;
        self.pk_by_id.insert(row.id, pk);
        self.rows.insert(pk, row);
        pk
    }

    pub(super) fn row(&mut self, pk: i64) -> Result<&RunRow> {
        self.row_mut(pk).map(|row| &*row)
    }

    pub(super) fn row_mut(&mut self, pk: i64) -> Result<&mut RunRow> {
        if !self.rows.contains_key(&pk) {
            let row = row::load(self.db, pk)?.with_context(|| format!("row {pk} is missing"))?;
            self.keep(row);
        }
        Ok(self.rows.get_mut(&pk).expect("was loaded just now"))
    }
}
