//! How the indexer writes: in small transactions of the one thread that may, behind whatever waits already.

use super::pace::Pace;
use super::postings::{Block, encode_runs};
use super::segment;
use crate::store::sqlite::queue::{Queue, Refused};
use crate::store::sqlite::write::thread::{Job, Writer};
use crate::store::sqlite::write::transaction::Transaction;
use anyhow::{Result, anyhow, bail};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

/// Written in one transaction.
const MAX_BYTES_PER_TRANSACTION: usize = 256 * 1024;
/// Until a full queue is tried again.
const QUEUE_WAIT: Duration = Duration::from_millis(50);

#[derive(Clone)]
pub struct ToWriter {
    pub queue: Arc<Queue<Job>>,
    pub pace: Arc<Pace>,
}

impl ToWriter {
    /// Runs `work` in a transaction of its own and waits for its commit.
    pub fn transact<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = mpsc::sync_channel(1);
        let job = move |writer: &mut Writer| {
            // The indexer waits, unless it was stopped.
            let _ = reply.send(writer.transact(work));
        };
        let mut job: Job = Job::Other(Box::new(job));
        loop {
            match self.queue.push_or_return(0, job) {
                Ok(()) => break,
                Err((_, Refused::Closed)) => bail!("the store is closed"),
                Err((returned, Refused::Full)) => job = returned,
            }
            if self.pace.is_stopped() {
                bail!("the store is closing");
            }
            std::thread::sleep(QUEUE_WAIT);
        }
        answer.recv().map_err(|_| anyhow!("the writer is gone"))?
    }
}

/// Writes one segment, block by block.
pub struct SegmentWriter {
    to_writer: ToWriter,
    pub segment: i64,
    blocks: Vec<Block>,
    n_waiting_bytes: usize,
    n_bytes: usize,
}

/// What a block takes beside its data.
const BYTES_PER_BLOCK: usize = 16;

impl SegmentWriter {
    pub fn begin(to_writer: &ToWriter) -> Result<SegmentWriter> {
        let segment = to_writer.transact(|transaction| segment::begin(transaction.db))?;
        Ok(SegmentWriter { to_writer: to_writer.clone(), segment, blocks: Vec::new(), n_waiting_bytes: 0, n_bytes: 0 })
    }

    pub fn push(&mut self, blocks: impl IntoIterator<Item = Block>) -> Result<()> {
        for block in blocks {
            self.n_waiting_bytes += block.data.len();
            self.n_bytes += block.data.len() + block.first_word.len() + BYTES_PER_BLOCK;
            self.blocks.push(block);
        }
        if self.n_waiting_bytes >= MAX_BYTES_PER_TRANSACTION {
            let (segment, blocks) = (self.segment, std::mem::take(&mut self.blocks));
            self.n_waiting_bytes = 0;
            self.to_writer.transact(move |transaction| segment::put_blocks(transaction.db, segment, &blocks))?;
        }
        Ok(())
    }

    /// Makes the segment searched, and does `also` in the same transaction.
    pub fn finish(
        self,
        runs: &[u32],
        also: impl FnOnce(&mut Transaction, i64) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (segment, blocks, n_bytes) = (self.segment, self.blocks, self.n_bytes);
        let (n_runs, ranges) = (runs.len(), encode_runs(runs));
        self.to_writer.transact(move |transaction| {
            segment::put_blocks(transaction.db, segment, &blocks)?;
            segment::finish(transaction.db, segment, n_runs, n_bytes, &ranges)?;
            also(transaction, segment)
        })
    }
}
