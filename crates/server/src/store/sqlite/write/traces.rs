//! What is known of traces as a whole: ids, counts, first start and last end.

use super::row::Stored;
use crate::store::sqlite::codes::blob;
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use uuid::Uuid;

/// Trace rows that this transaction has looked up, and what it changed in them.
#[derive(Default)]
pub struct TraceSums {
    pk_by_id: HashMap<Uuid, i64>,
    id_by_pk: HashMap<i64, Uuid>,
    changes: HashMap<i64, TraceChange>,
}

#[derive(Default)]
struct TraceChange {
    n_runs: i64,
    n_errors: i64,
    min_start_ns: Option<i64>,
    max_end_ns: Option<i64>,
    /// A start moved later or an end earlier: the extremes have to be looked for.
    is_stale: bool,
}

impl TraceSums {
    pub fn find_or_create(&mut self, db: &Connection, id: Uuid) -> Result<i64> {
        if let Some(&pk) = self.pk_by_id.get(&id) {
            return Ok(pk);
        }
        let known = db
            .prepare_cached("SELECT pk FROM traces WHERE id = ?1")?
            .query_row([blob(id)], |row| row.get(0))
            .optional()?;
        let pk = match known {
            Some(pk) => pk,
            None => {
                db.prepare_cached("INSERT INTO traces (id) VALUES (?1)")?.execute([blob(id)])?;
                // Touched, so that it is removed again should no run stay in it.
                let pk = db.last_insert_rowid();
                self.changes.entry(pk).or_default();
                pk
            }
        };
        self.pk_by_id.insert(id, pk);
        self.id_by_pk.insert(pk, id);
        Ok(pk)
    }

    pub fn id(&mut self, db: &Connection, pk: i64) -> Result<Uuid> {
        if let Some(&id) = self.id_by_pk.get(&pk) {
            return Ok(id);
        }
        let id = db
            .prepare_cached("SELECT id FROM traces WHERE pk = ?1")?
            .query_row([pk], |row| Ok(Uuid::from_bytes(row.get(0)?)))?;
        self.id_by_pk.insert(pk, id);
        self.pk_by_id.insert(id, pk);
        Ok(id)
    }

    /// A row was written: `before` is what the table held, if anything.
    pub fn note(&mut self, before: Option<&Stored>, now: &Stored) {
        let moved = before.filter(|before| before.trace != now.trace);
        if let Some(before) = moved {
            let left = self.changes.entry(before.trace).or_default();
            left.n_runs -= 1;
            left.n_errors -= i64::from(before.is_error);
            left.is_stale = true;
        }
        let stayed = before.filter(|before| before.trace == now.trace);
        let change = self.changes.entry(now.trace).or_default();
        change.n_runs += i64::from(stayed.is_none());
        change.n_errors += i64::from(now.is_error) - i64::from(stayed.is_some_and(|before| before.is_error));
        change.min_start_ns = Some(change.min_start_ns.map_or(now.start_ns, |min| min.min(now.start_ns)));
        change.max_end_ns = change.max_end_ns.max(now.end_ns);
        change.is_stale |= stayed.is_some_and(|before| before.start_ns < now.start_ns || before.end_ns > now.end_ns);
    }

    /// A row was removed.
    pub fn note_removed(&mut self, before: &Stored) {
        let left = self.changes.entry(before.trace).or_default();
        left.n_runs -= 1;
        left.n_errors -= i64::from(before.is_error);
        left.is_stale = true;
    }

    pub fn save(&mut self, db: &Connection) -> Result<()> {
        for (pk, change) in std::mem::take(&mut self.changes) {
            let n_runs: i64 = db
                .prepare_cached(
                    "UPDATE traces SET n_runs = n_runs + ?2, n_errors = n_errors + ?3,
                     min_start_ns = min(coalesce(min_start_ns, ?4), coalesce(?4, min_start_ns)),
                     max_end_ns = max(coalesce(max_end_ns, ?5), coalesce(?5, max_end_ns))
                     WHERE pk = ?1 RETURNING n_runs",
                )?
                .query_row(
                    params![pk, change.n_runs, change.n_errors, change.min_start_ns, change.max_end_ns],
                    |row| row.get(0),
                )?;
            if n_runs <= 0 {
                db.prepare_cached("DELETE FROM traces WHERE pk = ?1")?.execute([pk])?;
            } else if change.is_stale {
                db.prepare_cached(
                    "UPDATE traces SET (min_start_ns, max_end_ns) =
                     (SELECT min(start_ns), max(end_ns) FROM runs WHERE trace = ?1) WHERE pk = ?1",
                )?
                .execute([pk])?;
            }
        }
        Ok(())
    }
}
