//! Pricing past runs again: bit by bit, between writes, from where the last bit ended, over restarts and kills.

use super::project::find_by_id;
use super::transaction::Transaction;
use crate::store::StoreError;
use anyhow::{Context, Result};
use fanlight_wire::price::{RepriceQuery, Repricing, RepricingState};
use fanlight_wire::{ProjectId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Runs looked at in one transaction: some milliseconds, so that batches wait no longer than for each other.
const RUNS_PER_TRANSACTION: usize = 500;

const STATES: [RepricingState; 3] = [RepricingState::Running, RepricingState::Done, RepricingState::Cancelled];

/// Where a repricing is.
struct Place {
    project: Option<i64>,
    from_ns: i64,
    until_ns: i64,
    after_pk: i64,
    last_pk: i64,
}

/// Notes what is to be done; the writer does it when it has nothing else to do.
pub fn start(transaction: &mut Transaction, query: &RepriceQuery) -> Result<Repricing> {
    let db = transaction.db;
    if find(db)?.is_some_and(|last| last.state == RepricingState::Running) {
        return Err(StoreError::Conflict("runs are being priced again already".to_owned()).into());
    }
    let not_found = |project: ProjectId| StoreError::NotFound(format!("there is no project {project}"));
    let project = match query.project_id {
        Some(id) => Some(find_by_id(db, id)?.ok_or_else(|| not_found(id))?),
        None => None,
    };
    db.execute(
        "INSERT OR REPLACE INTO repricing VALUES (1, 0, ?1, ?2, ?3, 0, (SELECT coalesce(max(pk), 0) FROM runs), 0, 0, ?4,
         NULL)",
        params![
            project,
            query.start_time.map(|start| start.0),
            query.end_time.map(|end| end.0),
            transaction.received_ns
        ],
    )?;
    find(db)?.context("the repricing was written just now")
}

pub fn cancel(transaction: &mut Transaction) -> Result<Repricing> {
    let values = params![transaction.received_ns];
    match transaction.db.execute("UPDATE repricing SET state = 2, ended_ns = ?1 WHERE state = 0", values)? {
        0 => Err(StoreError::NotFound("no runs are being priced again".to_owned()).into()),
        _ => find(transaction.db)?.context("the repricing was written just now"),
    }
}

pub fn find(db: &Connection) -> Result<Option<Repricing>> {
    let mut statement = db.prepare_cached(
        "SELECT r.state, p.id, r.from_ns, r.until_ns, r.after_pk, r.last_pk, r.n_runs, r.n_changed, r.started_ns,
         r.ended_ns FROM repricing r LEFT JOIN projects p ON p.pk = r.project",
    )?;
    let found = statement.query_row([], |row| {
        let time =
            |idx: usize| -> rusqlite::Result<Option<Timestamp>> { Ok(row.get::<_, Option<i64>>(idx)?.map(Timestamp)) };
        let state: usize = row.get(0)?;
        let (after_pk, last_pk): (i64, i64) = (row.get(4)?, row.get(5)?);
        let is_done = state == 1 || last_pk == 0;
        Ok(Repricing {
            state: STATES[state.min(STATES.len() - 1)],
            query: RepriceQuery {
                project_id: row.get::<_, Option<[u8; 16]>>(1)?.map(|id| ProjectId(Uuid::from_bytes(id))),
                start_time: time(2)?,
                end_time: time(3)?,
            },
            started_at: Timestamp(row.get(8)?),
            ended_at: time(9)?,
            progress: if is_done { 1.0 } else { after_pk as f64 / last_pk as f64 },
            n_runs: row.get(6)?,
            n_changed: row.get(7)?,
        })
    });
    Ok(found.optional()?)
}

impl Transaction<'_> {
    /// Prices some more runs; returns whether there may be more to do.
    pub fn reprice_some(&mut self) -> Result<bool> {
        let Some(place) = self.repricing_place()? else { return Ok(false) };
        let pks: Vec<i64> = self
            .db
            .prepare_cached(
                "SELECT pk FROM runs WHERE pk > ?1 AND pk <= ?2 AND own_usage IS NOT NULL
                 AND (?3 IS NULL OR project = ?3) AND start_ns >= ?4 AND start_ns < ?5 ORDER BY pk LIMIT ?6",
            )?
            .query_map(
                params![
                    place.after_pk,
                    place.last_pk,
                    place.project,
                    place.from_ns,
                    place.until_ns,
                    RUNS_PER_TRANSACTION
                ],
                |row| row.get(0),
            )?
            .collect::<rusqlite::Result<_>>()?;
        let mut n_changed = 0;
        for &pk in &pks {
            n_changed += i64::from(self.reprice(pk)?);
        }
        let is_done = pks.len() < RUNS_PER_TRANSACTION;
        let after_pk = if is_done { place.last_pk } else { pks.last().copied().unwrap_or(place.last_pk) };
        self.db
            .prepare_cached(
                "UPDATE repricing SET after_pk = ?1, n_runs = n_runs + ?2, n_changed = n_changed + ?3,
                 state = CASE WHEN ?4 THEN 1 ELSE state END, ended_ns = CASE WHEN ?4 THEN ?5 END",
            )?
            .execute(params![after_pk, pks.len() as i64, n_changed, is_done, self.received_ns])?;
        Ok(!is_done)
    }

    fn repricing_place(&self) -> Result<Option<Place>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT project, from_ns, until_ns, after_pk, last_pk FROM repricing WHERE state = 0")?;
        let place = statement.query_row([], |row| {
            Ok(Place {
                project: row.get(0)?,
                from_ns: row.get::<_, Option<i64>>(1)?.unwrap_or(i64::MIN),
                until_ns: row.get::<_, Option<i64>>(2)?.unwrap_or(i64::MAX),
                after_pk: row.get(3)?,
                last_pk: row.get(4)?,
            })
        });
        Ok(place.optional()?)
    }

    /// By today's prices; whether the cost is another now. What a client sent stays.
    fn reprice(&mut self, pk: i64) -> Result<bool> {
        let prices = self.prices;
        let row = self.row_mut(pk)?;
        let run_type = row.run_type();
        if row.own_usage.sent.has_cost() || !row.own_usage.is_model_usage(run_type) {
            return Ok(false);
        }
        let priced =
            row.model.as_ref().and_then(|model| prices.cost(model, &row.own_usage.sent, Timestamp(row.start_ns)));
        if priced == row.own_usage.priced {
            return Ok(false);
        }
        let before = row.own_usage.clone();
        row.own_usage.priced = priced;
        row.is_dirty = true;
        self.settle_usage(pk, run_type, &before)?;
        Ok(true)
    }
}
