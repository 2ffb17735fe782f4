//! What the data takes on disk, and how long it is kept.

use super::codes::blob;
use super::payload::locator::decode_locators;
use super::search::recent::Recent;
use super::write::expire::cut_ns;
use super::write::project::find_by_id;
use super::write::transaction::Transaction;
use crate::store::{StoreError, StoreResult};
use anyhow::Result;
use fanlight_wire::storage::{ProjectStorage, Retention, StorageReport};
use fanlight_wire::{ProjectId, Timestamp};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;
use std::path::Path;
use uuid::Uuid;

/// Runs looked at per project, in all and at least: reading every row of a million takes seconds.
const MAX_SAMPLED: u64 = 20_000;
const MIN_SAMPLED_PER_PROJECT: u64 = 200;
/// Entries of the row's indexes and of its id, which are not in the row: about as long for every run.
const INDEX_BYTES_PER_RUN: u64 = 110;

/// The longest time that can be asked for: a century means for ever.
const MAX_RETENTION_DAYS: u32 = 36_500;

/// Sums over all projects are exact. A project's bytes are those of every n-th run, times n; payload bytes are then shared
/// out so that they add up to what the blocks take.
pub fn report(db: &Connection, recent: &Recent, path: &Path, now_ns: i64) -> StoreResult<StorageReport> {
    let number = |sql: &str| -> rusqlite::Result<u64> { db.prepare_cached(sql)?.query_row([], |row| row.get(0)) };
    let page_bytes = number("SELECT page_size FROM pragma_page_size")?;
    let log_bytes = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |file| file.len());
    let mut projects = Vec::new();
    let mut raw_bytes = Vec::new();
    let found = find_projects(db)?;
    let sampled_per_project = (MAX_SAMPLED / (found.len() as u64).max(1)).max(MIN_SAMPLED_PER_PROJECT);
    let attachment_bytes = attachment_bytes(db)?;
    let mut n_doomed_runs = number(
        "SELECT coalesce(sum((SELECT count(*) FROM runs INDEXED BY runs_by_start WHERE project = d.pk)), 0)
         FROM deleted_projects d",
    )?;
    for project in found {
        if let Some(days) = project.retention.days {
            n_doomed_runs += count_expired(db, project.pk, cut_ns(now_ns, days))?;
        }
        let span = span(db, project.pk)?;
        let sample = sample(db, project.pk, span.n_runs.div_ceil(sampled_per_project).max(1))?;
        raw_bytes.push(sample.raw_bytes);
        projects.push(ProjectStorage {
            project_id: project.id,
            name: project.name,
            n_runs: span.n_runs,
            n_traces: span.n_traces,
            run_bytes: sample.row_bytes + span.n_runs * INDEX_BYTES_PER_RUN,
            payload_bytes: 0,
            attachment_bytes: attachment_bytes.get(&project.pk).copied().unwrap_or(0),
            first_start_time: span.first_start_time,
            last_start_time: span.last_start_time,
            retention: project.retention,
        });
    }
    let block_bytes = number("SELECT coalesce(sum(length(data)), 0) FROM payload_blocks")?;
    let all_raw_bytes = raw_bytes.iter().sum::<u64>().max(1);
    for (project, raw_bytes) in projects.iter_mut().zip(raw_bytes) {
        project.payload_bytes = share(block_bytes, raw_bytes, all_raw_bytes);
    }
    Ok(StorageReport {
        file_bytes: number("SELECT page_count FROM pragma_page_count")? * page_bytes + log_bytes,
        free_bytes: number("SELECT freelist_count FROM pragma_freelist_count")? * page_bytes,
        search_bytes: number("SELECT coalesce(sum(n_bytes), 0) FROM text_segments")?,
        n_unindexed_runs: count_unindexed(db, recent, now_ns)?,
        n_doomed_runs,
        projects,
    })
}

/// What is due and not in memory either. Runs under way are not due: no work is left undone while their number stays.
fn count_unindexed(db: &Connection, recent: &Recent, now_ns: i64) -> Result<u64> {
    let mut statement = db.prepare_cached("SELECT pk, stamp_ns FROM text_pending WHERE due_ns <= ?1")?;
    let due =
        statement.query_map([now_ns], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let recent = recent.read();
    Ok(due.into_iter().filter(|(run, stamp_ns)| !recent.has(*run, *stamp_ns)).count() as u64)
}

fn share(whole: u64, part: u64, of: u64) -> u64 {
    u64::try_from(u128::from(whole) * u128::from(part) / u128::from(of)).unwrap_or(whole)
}

struct Found {
    pk: i64,
    id: ProjectId,
    name: String,
    retention: Retention,
}

fn find_projects(db: &Connection) -> Result<Vec<Found>> {
    let mut statement = db.prepare_cached("SELECT pk, id, name, retention_days FROM projects ORDER BY name")?;
    let from_row = |row: &Row| {
        Ok(Found {
            pk: row.get(0)?,
            id: ProjectId(Uuid::from_bytes(row.get(1)?)),
            name: row.get(2)?,
            retention: Retention { days: row.get(3)? },
        })
    };
    let projects = statement.query_map([], from_row)?;
    Ok(projects.collect::<rusqlite::Result<_>>()?)
}

/// Of root runs, the sum of their traces' runs.
fn count_expired(db: &Connection, project: i64, cut_ns: i64) -> Result<u64> {
    let mut statement = db.prepare_cached(
        "SELECT coalesce(sum(t.n_runs), 0) FROM runs r INDEXED BY roots_by_start CROSS JOIN traces t ON t.pk = r.trace
         WHERE r.project = ?1 AND r.parent_pk IS NULL AND r.waiting_parent IS NULL AND r.start_ns < ?2",
    )?;
    Ok(statement.query_row([project, cut_ns], |row| row.get(0))?)
}

struct Span {
    n_runs: u64,
    n_traces: u64,
    first_start_time: Option<Timestamp>,
    last_start_time: Option<Timestamp>,
}

fn span(db: &Connection, project: i64) -> Result<Span> {
    let mut runs = db.prepare_cached(
        "SELECT count(*), min(start_ns), max(start_ns) FROM runs INDEXED BY runs_by_start WHERE project = ?1",
    )?;
    let mut roots = db.prepare_cached(
        "SELECT count(*) FROM runs INDEXED BY roots_by_start
         WHERE project = ?1 AND parent_pk IS NULL AND waiting_parent IS NULL",
    )?;
    let n_traces = roots.query_row([project], |row| row.get(0))?;
    Ok(runs.query_row([project], |row| {
        let time = |idx: usize| -> rusqlite::Result<_> { Ok(row.get::<_, Option<i64>>(idx)?.map(Timestamp)) };
        Ok(Span { n_runs: row.get(0)?, n_traces, first_start_time: time(1)?, last_start_time: time(2)? })
    })?)
}

#[derive(Default)]
struct Sample {
    row_bytes: u64,
    raw_bytes: u64,
}

/// Every `stride`-th run by start, times `stride`.
fn sample(db: &Connection, project: i64, stride: u64) -> Result<Sample> {
    let mut pks = db.prepare_cached("SELECT pk FROM runs INDEXED BY runs_by_start WHERE project = ?1")?;
    // What is not text takes about as much in every row.
    let mut row = db.prepare_cached(
        "SELECT 120 + coalesce(length(name), 0) + coalesce(length(error_preview), 0) + coalesce(length(tags), 0)
         + coalesce(length(thread_id), 0) + coalesce(length(own_usage), 0) + coalesce(length(usage_details), 0)
         + coalesce(octet_length(inputs_preview), 0) + coalesce(octet_length(outputs_preview), 0)
         + coalesce((SELECT octet_length(data) / max(n_runs, 1) FROM error_texts e WHERE e.pk = error_text), 0), fragments
         FROM runs WHERE pk = ?1",
    )?;
    let mut rows = pks.query([project])?;
    let (mut sample, mut n) = (Sample::default(), 0u64);
    while let Some(found) = rows.next()? {
        if n.is_multiple_of(stride) {
            let pk: i64 = found.get(0)?;
            let (row_bytes, fragments): (u64, Option<Vec<u8>>) =
                row.query_row([pk], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let raw_bytes: usize = decode_locators(fragments.as_deref())?.iter().map(|locator| locator.n_bytes).sum();
            sample.row_bytes += row_bytes * stride;
            sample.raw_bytes += raw_bytes as u64 * stride;
        }
        n += 1;
    }
    Ok(sample)
}

fn attachment_bytes(db: &Connection) -> Result<HashMap<i64, u64>> {
    let mut statement = db.prepare_cached(
        "SELECT r.project, sum(a.size_bytes) FROM attachments a CROSS JOIN runs r ON r.id = a.run_id GROUP BY 1",
    )?;
    let sums = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(sums.collect::<rusqlite::Result<_>>()?)
}

pub fn set_retention(transaction: &mut Transaction, project: ProjectId, retention: Retention) -> Result<Retention> {
    if retention.days.is_some_and(|days| days == 0 || days > MAX_RETENTION_DAYS) {
        let message = format!("days must be from 1 to {MAX_RETENTION_DAYS}, or null to keep everything");
        return Err(StoreError::Invalid(message).into());
    }
    let not_found = || StoreError::NotFound(format!("there is no project {project}"));
    find_by_id(transaction.db, project)?.ok_or_else(not_found)?;
    transaction
        .db
        .execute("UPDATE projects SET retention_days = ?2 WHERE id = ?1", params![blob(project.0), retention.days])?;
    Ok(retention)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_overflow_and_add_up() {
        assert_eq!(share(100, 1, 4), 25);
        assert_eq!(share(u64::MAX, 3, 4), u64::MAX / 4 * 3 + 2);
        assert_eq!(share(10, 0, 1), 0);
    }
}
