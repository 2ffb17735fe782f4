//! The indexer: a thread of its own that reads what is pending, a slice at a time, and keeps the segments in order.

use super::merge::Merge;
use super::pace::Pace;
use super::postings::BlockBuilder;
use super::recent::Recent;
use super::segment::{self, Segment};
use super::source::RunSource;
use super::sweep;
use super::to_writer::{SegmentWriter, ToWriter};
use crate::store::sqlite::open::open_reader;
use crate::store::sqlite::payload::blocks::BlockCache;
use crate::store::sqlite::write::thread::now_ns;
use anyhow::{Context, Result};
use fanlight_wire::filter::words::words;
use rusqlite::{Connection, params};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs read between two looks at the clock.
const RUNS_PER_SLICE: usize = 64;
/// With so many words in memory it is time to write, whatever the number of runs.
const MAX_MEMORY_BYTES: usize = 12 * 1024 * 1024;
/// Without news: runs that had not ended may be due, and merges that failed are tried again.
const PATIENCE: Duration = Duration::from_millis(500);
const AFTER_FAILURE: Duration = Duration::from_secs(2);
const CACHE_KIB: u32 = 2 * 1024;
const BLOCK_CACHE_BYTES: usize = 2 * 1024 * 1024;
/// Blocks of merged segments removed in one transaction.
const BLOCKS_PER_REMOVAL: usize = 32;

pub struct Indexer {
    pub path: PathBuf,
    pub recent: Arc<Recent>,
    pub to_writer: ToWriter,
    /// A segment is written when so many runs are in memory.
    pub runs_per_segment: usize,
}

/// The indexer at work.
struct Work {
    db: Connection,
    blocks: BlockCache,
    recent: Arc<Recent>,
    to_writer: ToWriter,
    runs_per_segment: usize,
    /// Pending runs up to here were looked at in this round.
    cursor: i64,
    merge: Option<Merge>,
    has_retired: bool,
    /// Runs were removed, and not every segment was looked at since.
    has_dead: bool,
}

impl Indexer {
    /// Works until it is stopped. What fails is logged and tried again.
    pub fn run(self) {
        let pace = Arc::clone(&self.to_writer.pace);
        while !pace.is_stopped() {
            let done = self.start().and_then(|mut work| work.go_on(&pace));
            if let Err(error) = done
                && !pace.is_stopped()
            {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the search index cannot be kept up to date; trying again"
                );
                pace.rest_after(AFTER_FAILURE);
            }
        }
    }

    fn start(&self) -> Result<Work> {
        let db = open_reader(&self.path, CACHE_KIB).context("cannot open the database for the search index")?;
        self.to_writer.transact(|transaction| segment::retire_unfinished(transaction.db))?;
        Ok(Work {
            db,
            blocks: BlockCache::new(BLOCK_CACHE_BYTES),
            recent: Arc::clone(&self.recent),
            to_writer: self.to_writer.clone(),
            runs_per_segment: self.runs_per_segment,
            cursor: 0,
            merge: None,
            has_retired: true,
            has_dead: false,
        })
    }
}

impl Work {
    fn go_on(&mut self, pace: &Pace) -> Result<()> {
        loop {
            let began = Instant::now();
            let n_read = self.read_some()?;
            if self.is_time_to_seal() {
                self.seal()?;
            }
            let has_more = self.keep_order(pace)? || n_read > 0;
            let goes_on = if has_more { pace.rest_after(began.elapsed()) } else { pace.wait_for_news(PATIENCE) };
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Reads some pending runs into memory; returns how many.
    fn read_some(&mut self) -> Result<usize> {
        let snapshot = self.db.unchecked_transaction()?;
        let mut due = snapshot
            .prepare_cached("SELECT pk, stamp_ns FROM text_pending WHERE pk > ?1 AND due_ns <= ?2 ORDER BY pk")?;
        let mut rows = due.query(params![self.cursor, now_ns()])?;
        let mut slice = Vec::new();
        while slice.len() < RUNS_PER_SLICE {
            let Some(row) = rows.next()? else { break };
            let (pk, stamp_ns): (u32, i64) = (row.get(0)?, row.get(1)?);
            if !self.recent.read().has(pk, stamp_ns) {
                slice.push((pk, stamp_ns));
            }
        }
        drop(rows);
        drop(due);
        self.cursor = slice.last().filter(|_| slice.len() == RUNS_PER_SLICE).map_or(0, |(pk, _)| i64::from(*pk));
        let mut of_version_1 = Vec::new();
        for &(run, stamp_ns) in &slice {
            let source = RunSource::load(&snapshot, &self.blocks, i64::from(run))
                .with_context(|| format!("cannot read the text of row {run}"));
            let source = match source {
                Ok(source) => source,
                Err(error) => {
                    // One that is damaged must not keep all others from being found.
                    tracing::warn!(error = format!("{error:#}"), "a run is left out of the search index");
                    None
                }
            };
            let mut recent = self.recent.write();
            recent.growing.add_run(run, stamp_ns);
            let Some(source) = source else { continue };
            source.text().each_text(|part, text| words(text).for_each(|word| recent.growing.add_word(part, &word)));
            drop(recent);
            let lacks_metadata = source.metadata_set.is_none() && source.metadata.is_some();
            if lacks_metadata || (source.error_kind.is_none() && source.error_preview.is_some()) {
                of_version_1.push((source.pk, source.metadata));
            }
        }
        if !of_version_1.is_empty() {
            self.to_writer.transact(move |transaction| transaction.fill_in(of_version_1))?;
        }
        Ok(slice.len())
    }

    fn is_time_to_seal(&self) -> bool {
        let recent = self.recent.read();
        recent.growing.n_states() >= self.runs_per_segment || recent.growing.n_bytes() >= MAX_MEMORY_BYTES
    }

    /// Writes what is in memory to a segment.
    fn seal(&mut self) -> Result<()> {
        {
            let mut recent = self.recent.write();
            recent.sealed = std::mem::take(&mut recent.growing);
        }
        let written = self.write_sealed();
        if written.is_err() {
            // Still pending: it is read again.
            self.recent.write().sealed = Default::default();
        }
        written
    }

    fn write_sealed(&mut self) -> Result<()> {
        let older = segment::searched(&self.db)?;
        let recent = self.recent.read();
        let states = recent.sealed.runs();
        let runs: Vec<u32> = states.iter().map(|(run, _)| *run).collect();
        let mut builder = BlockBuilder::new(runs.first().copied().unwrap_or(0))?;
        let mut blocks = Vec::new();
        for (word, lists) in recent.sealed.sorted() {
            blocks.extend(builder.add(word, &lists)?);
        }
        blocks.extend(builder.finish()?);
        // Readers may go on, and nobody else writes `sealed`.
        drop(recent);
        let mut writer = SegmentWriter::begin(&self.to_writer)?;
        for block in blocks {
            writer.push([block])?;
        }
        let stale = newer_states_of(&older, &runs);
        writer.finish(&runs, move |transaction, _| {
            let mut done = transaction.db.prepare_cached("DELETE FROM text_pending WHERE pk = ?1 AND stamp_ns = ?2")?;
            for (run, stamp_ns) in states {
                done.execute(params![run, stamp_ns])?;
            }
            let mut supersede =
                transaction.db.prepare_cached("INSERT OR IGNORE INTO text_stale (segment, pk) VALUES (?1, ?2)")?;
            for (segment, run) in stale {
                supersede.execute(params![segment, run])?;
            }
            Ok(())
        })
    }

    /// One step of what keeps the segments few and small; returns whether there is more to do.
    fn keep_order(&mut self, pace: &Pace) -> Result<bool> {
        if self.has_retired {
            self.has_retired =
                self.to_writer.transact(|transaction| segment::remove_some(transaction.db, BLOCKS_PER_REMOVAL))?;
            return Ok(self.has_retired);
        }
        if self.merge.is_none() {
            self.merge = Merge::of_many(&self.db, &self.to_writer, self.runs_per_segment)?;
        }
        self.has_dead = self.has_dead || pace.take_removed();
        if self.merge.is_none() && self.has_dead {
            self.merge = Merge::of_dead(&self.db, &self.to_writer)?;
            self.has_dead = self.merge.is_some();
            if !self.has_dead {
                sweep::remove_unused_metadata(&self.db, &self.to_writer)?;
            }
        }
        let Some(mut merge) = self.merge.take() else { return Ok(false) };
        if merge.step(&self.db)? {
            self.merge = Some(merge);
        } else {
            merge.finish(&self.db)?;
            self.has_retired = true;
        }
        Ok(true)
    }
}

/// Runs that older segments have too, with older text.
fn newer_states_of(older: &[Segment], runs: &[u32]) -> Vec<(i64, u32)> {
    let of = |segment: &Segment| {
        let newer = runs.iter().copied().filter(|run| segment.has(*run));
        newer.map(|run| (segment.pk, run)).collect::<Vec<_>>()
    };
    older.iter().flat_map(of).collect()
}
