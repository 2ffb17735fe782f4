//! Telling the search index what to read again, and what it found out about runs of version 1.

use super::row::{self, RunRow, Stored};
use super::transaction::Transaction;
use crate::model::Metadata;
use anyhow::Result;
use fanlight_wire::filter::eval::error_kind;
use rusqlite::{Connection, params};

/// Runs that have not ended by then are searchable all the same, and indexed once more when they end.
const UNFINISHED_WAITS_NS: i64 = 30_000_000_000;

/// To be called when a row was saved. Returns whether there is something to do for the index.
pub fn note(db: &Connection, row: &mut RunRow, before: Option<&Stored>, now_ns: i64) -> Result<bool> {
    let has_ended = row.end_ns.is_some();
    if std::mem::take(&mut row.has_new_text) {
        let due_ns = if has_ended { now_ns } else { now_ns.saturating_add(UNFINISHED_WAITS_NS) };
        db.prepare_cached("INSERT OR REPLACE INTO text_pending (pk, stamp_ns, due_ns) VALUES (?1, ?2, ?3)")?
            .execute(params![row.pk, now_ns, due_ns])?;
        return Ok(true);
    }
    if has_ended && before.is_some_and(|before| before.end_ns.is_none()) {
        db.prepare_cached("UPDATE text_pending SET due_ns = min(due_ns, ?2) WHERE pk = ?1")?
            .execute(params![row.pk, now_ns])?;
        return Ok(true);
    }
    Ok(false)
}

impl Transaction<'_> {
    /// Gives rows that version 1 wrote their metadata and the name of their error.
    pub fn fill_in(&mut self, found: Vec<(i64, Option<Metadata>)>) -> Result<()> {
        for (pk, metadata) in found {
            // It may have been removed meanwhile, or learned more.
            if row::load(self.db, pk)?.is_none() {
                continue;
            }
            let set = metadata.map(|metadata| self.metadata.intern(self.db, &metadata)).transpose()?;
            let row = self.row_mut(pk)?;
            row.metadata_set = row.metadata_set.or(set);
            row.error_kind = row.error_preview.as_deref().and_then(error_kind).map(str::to_owned);
            row.is_dirty = true;
        }
        Ok(())
    }
}
