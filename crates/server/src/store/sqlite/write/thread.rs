//! The writer: one thread, one connection, as many requests per commit as are waiting.

use super::metadata_sets::MetadataSets;
use super::transaction::Transaction;
use crate::model::Batch;
use crate::pricing::CurrentPrices;
use crate::store::sqlite::changed_rows::{ChangedRow, ChangedRows};
use crate::store::sqlite::index::RunIndex;
use crate::store::sqlite::index::facts::Publication;
use crate::store::sqlite::payload::blocks::BlockWriter;
use crate::store::sqlite::queue::{Queue, Taken};
use crate::store::sqlite::search::pace::Pace;
use crate::store::{StoreError, StoreResult};
use anyhow::{Context, anyhow};
use fanlight_wire::live::Change;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, oneshot};

/// What the writer is asked to do. Answers come after the commit.
pub enum Job {
    Write {
        batch: Batch,
        reply: oneshot::Sender<StoreResult<()>>,
    },
    /// Anything else that changes the database, in a transaction of its own.
    Other(Box<dyn FnOnce(&mut Writer) + Send>),
}

/// One commit takes at most so much; the rest waits for the next.
const MAX_GROUP_JOBS: usize = 256;
const MAX_GROUP_BYTES: usize = 8 * 1024 * 1024;
/// After so long without work the write-ahead log is emptied.
const IDLE_AFTER: Duration = Duration::from_millis(500);
/// Traces past their retention are looked for so often.
const EXPIRES_EVERY: Duration = Duration::from_secs(10);
/// Free pages given back to the file system at a time.
const PAGES_PER_VACUUM: u32 = 1024;

pub struct Writer {
    pub db: Connection,
    pub blocks: BlockWriter,
    metadata: MetadataSets,
    pub prices: Arc<CurrentPrices>,
    next_run_pk: i64,
    index: Arc<RunIndex>,
    /// Of the search index.
    pace: Arc<Pace>,
    told: Told,
    expires_at: Instant,
}

/// Who hears of commits.
pub struct Told {
    pub changes: broadcast::Sender<Change>,
    pub changed_rows: Arc<ChangedRows>,
}

/// What one commit changed, for each of those who hear of it.
struct Committed {
    publication: Publication,
    changes: Vec<Change>,
    changed_rows: Vec<ChangedRow>,
}

impl Writer {
    pub fn new(
        db: Connection,
        prices: Arc<CurrentPrices>,
        index: Arc<RunIndex>,
        pace: Arc<Pace>,
        told: Told,
    ) -> anyhow::Result<Self> {
        let next_run_pk = db.query_row("SELECT coalesce(max(pk), 0) + 1 FROM runs", [], |row| row.get(0))?;
        let blocks = BlockWriter::new(&db)?;
        let metadata = MetadataSets::default();
        let expires_at = Instant::now();
        Ok(Writer { db, blocks, metadata, prices, next_run_pk, index, pace, told, expires_at })
    }

    /// Works until the queue is closed and empty, then leaves a clean file.
    pub fn run(mut self, queue: &Queue<Job>) {
        let mut is_wal_empty = false;
        let mut has_leftovers = true;
        loop {
            let patience = if has_leftovers { Duration::ZERO } else { IDLE_AFTER };
            match queue.take(MAX_GROUP_JOBS, MAX_GROUP_BYTES, patience) {
                Taken::Jobs(jobs) => {
                    self.do_jobs(jobs);
                    is_wal_empty = false;
                    has_leftovers = true;
                }
                Taken::Idle if has_leftovers => {
                    has_leftovers = self.do_some_leftovers();
                    is_wal_empty = false;
                }
                Taken::Idle if self.expires_at <= Instant::now() => has_leftovers = true,
                Taken::Idle => {
                    is_wal_empty = is_wal_empty || self.tidy_up();
                }
                Taken::Closed => break,
            }
        }
        self.tidy_up();
    }

    fn do_jobs(&mut self, jobs: Vec<Job>) {
        let mut group = Vec::new();
        for job in jobs {
            match job {
                Job::Write { batch, reply } => group.push((batch, reply)),
                Job::Other(job) => {
                    self.write_group(std::mem::take(&mut group));
                    job(self);
                }
            }
        }
        self.write_group(group);
    }

    /// Commits the batches together. Should that fail, each is tried alone: a bad one takes no others down.
    fn write_group(&mut self, group: Vec<(Batch, oneshot::Sender<StoreResult<()>>)>) {
        if group.is_empty() {
            return;
        }
        match self.commit_batches(group.iter().map(|(batch, _)| batch)) {
            Ok(()) => {
                for (_, reply) in group {
                    // Whoever asked may have gone; the batch is stored all the same.
                    let _ = reply.send(Ok(()));
                }
            }
            Err(error) if group.len() == 1 => {
                tracing::error!(error = format!("{error:#}"), "a batch could not be stored");
                for (_, reply) in group {
                    let _ = reply.send(Err(StoreError::Unexpected(anyhow!("{error:#}"))));
                }
            }
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    n_batches = group.len(),
                    "a commit failed; retrying each batch alone"
                );
                for one in group {
                    self.write_group(vec![one]);
                }
            }
        }
    }

    fn commit_batches<'a>(&mut self, batches: impl Iterator<Item = &'a Batch>) -> anyhow::Result<()> {
        self.transact(|transaction| {
            for batch in batches {
                transaction.apply_batch(batch)?;
            }
            Ok(())
        })
    }

    /// Runs `work` in a transaction: all of it is stored, or nothing. Then tells those who watch.
    pub fn transact<T>(&mut self, work: impl FnOnce(&mut Transaction) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let next_run_pk = self.next_run_pk;
        let done = catch_unwind(AssertUnwindSafe(|| self.try_transact(work)))
            .unwrap_or_else(|_| Err(anyhow!("the writer panicked; nothing of this was stored")));
        match done {
            Ok((value, Committed { publication, changes, changed_rows })) => {
                self.blocks.committed();
                self.index.publish(&publication);
                self.told.changed_rows.note(changed_rows);
                self.pace.note_commit(publication.n_new_texts, publication.removed_runs().len());
                for change in changes {
                    // Nobody listening is fine.
                    let _ = self.told.changes.send(change);
                }
                Ok(value)
            }
            Err(error) => {
                if !self.db.is_autocommit() {
                    self.db.execute_batch("ROLLBACK").context("cannot roll back")?;
                }
                self.blocks.rolled_back();
                self.metadata.forget();
                self.next_run_pk = next_run_pk;
                Err(error)
            }
        }
    }

    fn try_transact<T>(
        &mut self,
        work: impl FnOnce(&mut Transaction) -> anyhow::Result<T>,
    ) -> anyhow::Result<(T, Committed)> {
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        let received_ns = now_ns();
        let prices = self.prices.get();
        let mut transaction = Transaction::new(
            &self.db,
            &mut self.blocks,
            &mut self.metadata,
            &prices,
            &mut self.next_run_pk,
            received_ns,
        );
        let value = work(&mut transaction)?;
        let (mut news, publication) = transaction.finish()?;
        let changed_rows = news.take_rows();
        let changes = news.into_changes(&self.db)?;
        self.db.execute_batch("COMMIT")?;
        Ok((value, Committed { publication, changes, changed_rows }))
    }

    /// Removes some runs of deleted projects and past retention, gives back some of the free pages, prices some runs again;
    /// returns whether there may be more.
    fn do_some_leftovers(&mut self) -> bool {
        let more = self.remove_some_runs().and_then(|has_removed| Ok(self.give_back_pages()? || has_removed));
        let has_more = more.unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "cannot remove runs that are to be deleted");
            self.expires_at = Instant::now() + EXPIRES_EVERY;
            false
        });
        let has_unpriced = self.transact(|transaction| transaction.reprice_some()).unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "cannot price runs again");
            false
        });
        has_more || has_unpriced
    }

    fn remove_some_runs(&mut self) -> anyhow::Result<bool> {
        if self.transact(|transaction| transaction.purge_deleted_runs())? > 0 {
            return Ok(true);
        }
        if self.expires_at > Instant::now() {
            return Ok(false);
        }
        let n_expired = self.transact(|transaction| transaction.expire_some_traces())?;
        if n_expired == 0 {
            self.expires_at = Instant::now() + EXPIRES_EVERY;
        }
        Ok(n_expired > 0)
    }

    /// Makes the file smaller by some of its free pages; returns whether there are more.
    fn give_back_pages(&self) -> rusqlite::Result<bool> {
        // Each step of the statement frees one page, so it has to be stepped to its end.
        let mut vacuum = self.db.prepare(&format!("PRAGMA incremental_vacuum({PAGES_PER_VACUUM})"))?;
        let mut steps = vacuum.query([])?;
        while steps.next()?.is_some() {}
        self.db.query_row("SELECT EXISTS (SELECT 1 FROM pragma_freelist_count WHERE freelist_count > 0)", [], |row| {
            row.get(0)
        })
    }

    /// Moves the write-ahead log into the database; returns whether all of it could be.
    fn tidy_up(&self) -> bool {
        let is_blocked: rusqlite::Result<bool> =
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        match is_blocked {
            Ok(is_blocked) => !is_blocked,
            Err(error) => {
                tracing::warn!(%error, "cannot empty the write-ahead log");
                false
            }
        }
    }
}

/// Nanoseconds since 1970.
pub fn now_ns() -> i64 {
    chrono::Utc::now().timestamp_nanos_opt().expect("the clock is between 1677 and 2262")
}
