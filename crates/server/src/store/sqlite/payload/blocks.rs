//! Packing fragments into compressed blocks, and finding them again.

use super::{Locator, fragment};
use crate::store::effort;
use crate::store::sqlite::payload::Fragment;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::{Arc, Mutex};

/// A block is full at this size; a single bigger fragment gets a block of its own.
/// Larger blocks make runs smaller and reading one of them slower; see docs/budgets.md.
const FULL_BLOCK_BYTES: usize = 512 * 1024;
const ZSTD_LEVEL: i32 = 3;

/// Appends fragments to the open block. The writer's; one per store.
///
/// The last block of a commit stays open: the next commit rewrites it with more in it, so that runs which arrive one by
/// one are compressed as well as those that arrive in batches.
pub struct BlockWriter {
    open: OpenBlock,
    /// As of the last commit, to return to when a transaction fails.
    committed: OpenBlock,
    compressor: zstd::bulk::Compressor<'static>,
}

#[derive(Clone, Default)]
struct OpenBlock {
    pk: i64,
    raw: Vec<u8>,
    n_live: i64,
    is_dirty: bool,
}

impl BlockWriter {
    pub fn new(db: &Connection) -> Result<Self> {
        db.execute("DELETE FROM payload_blocks WHERE n_live <= 0", [])?;
        let last: i64 = db.query_row("SELECT coalesce(max(pk), 0) FROM payload_blocks", [], |row| row.get(0))?;
        let open = OpenBlock { pk: last + 1, ..OpenBlock::default() };
        Ok(BlockWriter { committed: open.clone(), open, compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)? })
    }

    pub fn append(&mut self, db: &Connection, bytes: &[u8]) -> Result<Locator> {
        if bytes.len() > FULL_BLOCK_BYTES {
            return self.append_alone(db, bytes);
        }
        if self.open.raw.len() + bytes.len() > FULL_BLOCK_BYTES {
            self.close_open_block(db)?;
        }
        let locator = Locator { block: self.open.pk, offset: self.open.raw.len(), n_bytes: bytes.len() };
        self.open.raw.extend_from_slice(bytes);
        self.open.n_live += 1;
        self.open.is_dirty = true;
        Ok(locator)
    }

    /// Big fragments would only be copied around in the open block.
    fn append_alone(&mut self, db: &Connection, bytes: &[u8]) -> Result<Locator> {
        self.close_open_block(db)?;
        let locator = Locator { block: self.open.pk, offset: 0, n_bytes: bytes.len() };
        let data = self.compressor.compress(bytes)?;
        upsert_block(db, locator.block, 1, bytes.len(), &data)?;
        self.open.pk += 1;
        Ok(locator)
    }

    fn close_open_block(&mut self, db: &Connection) -> Result<()> {
        if self.open.raw.is_empty() {
            return Ok(());
        }
        self.store_open_block(db)?;
        if self.open.n_live <= 0 {
            db.prepare_cached("DELETE FROM payload_blocks WHERE pk = ?1")?.execute([self.open.pk])?;
        }
        self.open.pk += 1;
        self.open.raw.clear();
        self.open.n_live = 0;
        Ok(())
    }

    fn store_open_block(&mut self, db: &Connection) -> Result<()> {
        if self.open.is_dirty {
            let data = self.compressor.compress(&self.open.raw)?;
            upsert_block(db, self.open.pk, self.open.n_live, self.open.raw.len(), &data)?;
            self.open.is_dirty = false;
        }
        Ok(())
    }

    /// A fragment is no longer referred to.
    pub fn release(&mut self, db: &Connection, locator: Locator) -> Result<()> {
        self.release_many(db, locator.block, 1)
    }

    /// `n` fragments of `block` are no longer referred to; a block without any is deleted.
    pub fn release_many(&mut self, db: &Connection, block: i64, n: i64) -> Result<()> {
        if block == self.open.pk {
            self.open.n_live -= n;
            self.open.is_dirty = true;
            return Ok(());
        }
        let n_live: Option<i64> = db
            .prepare_cached("UPDATE payload_blocks SET n_live = n_live - ?2 WHERE pk = ?1 RETURNING n_live")?
            .query_row(params![block, n], |row| row.get(0))
            .optional()?;
        if n_live.is_some_and(|n_live| n_live <= 0) {
            db.prepare_cached("DELETE FROM payload_blocks WHERE pk = ?1")?.execute([block])?;
        }
        Ok(())
    }

    /// Bytes of a fragment that may not have been committed yet.
    pub fn read(&self, db: &Connection, locator: Locator) -> Result<Vec<u8>> {
        if locator.block == self.open.pk {
            return slice(&self.open.raw, locator).map(<[u8]>::to_vec);
        }
        slice(&load_block(db, locator.block)?, locator).map(<[u8]>::to_vec)
    }

    /// To be called as the last thing before a commit.
    pub fn finish_transaction(&mut self, db: &Connection) -> Result<()> {
        self.store_open_block(db)
    }

    pub fn committed(&mut self) {
        self.committed.clone_from(&self.open);
    }

    pub fn rolled_back(&mut self) {
        self.open.clone_from(&self.committed);
    }
}

fn upsert_block(db: &Connection, pk: i64, n_live: i64, raw_bytes: usize, data: &[u8]) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO payload_blocks (pk, n_live, raw_bytes, data) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (pk) DO UPDATE SET n_live = ?2, raw_bytes = ?3, data = ?4",
    )?
    .execute(params![pk, n_live, raw_bytes, data])?;
    Ok(())
}

fn slice(raw: &[u8], locator: Locator) -> Result<&[u8]> {
    raw.get(locator.offset..locator.offset + locator.n_bytes).context("a payload block is shorter than its index says")
}

fn load_block(db: &Connection, block: i64) -> Result<Vec<u8>> {
    load_if_there(db, block)?.with_context(|| format!("payload block {block} is missing"))
}

/// A block's bytes, decompressed.
pub(super) fn load_if_there(db: &Connection, block: i64) -> Result<Option<Vec<u8>>> {
    let found: Option<(usize, Vec<u8>)> = db
        .prepare_cached("SELECT raw_bytes, data FROM payload_blocks WHERE pk = ?1")?
        .query_row([block], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((n_bytes, data)) = found else { return Ok(None) };
    effort::decompressed(1);
    let raw = zstd::bulk::decompress(&data, n_bytes).with_context(|| format!("payload block {block} is damaged"))?;
    Ok(Some(raw))
}

/// Decompressed blocks that were read lately, shared by all readers.
pub struct BlockCache {
    max_bytes: usize,
    /// Oldest use first.
    blocks: Mutex<Vec<(i64, Arc<Vec<u8>>)>>,
}

impl BlockCache {
    pub fn new(max_bytes: usize) -> Self {
        BlockCache { max_bytes, blocks: Mutex::new(Vec::new()) }
    }

    /// The fragments at `locators`, in that order.
    pub fn read(&self, db: &Connection, locators: &[Locator]) -> Result<Vec<Fragment>> {
        locators
            .iter()
            .map(|&locator| {
                let block = self.find(locator).map_or_else(|| self.load(db, locator), Ok)?;
                fragment::decode(slice(&block, locator)?)
            })
            .collect()
    }

    fn find(&self, locator: Locator) -> Option<Arc<Vec<u8>>> {
        let mut blocks = self.blocks.lock().expect("no code that holds this lock panics");
        let block_idx = blocks.iter().position(|(pk, _)| *pk == locator.block)?;
        let entry = blocks.remove(block_idx);
        // The open block grows: what was read before may be too short by now.
        if entry.1.len() < locator.offset + locator.n_bytes {
            return None;
        }
        blocks.push(entry);
        blocks.last().map(|(_, block)| Arc::clone(block))
    }

    fn load(&self, db: &Connection, locator: Locator) -> Result<Arc<Vec<u8>>> {
        let block = Arc::new(load_block(db, locator.block)?);
        let mut blocks = self.blocks.lock().expect("no code that holds this lock panics");
        blocks.retain(|(pk, _)| *pk != locator.block);
        blocks.push((locator.block, Arc::clone(&block)));
        let mut n_bytes: usize = blocks.iter().map(|(_, block)| block.len()).sum();
        while n_bytes > self.max_bytes && blocks.len() > 1 {
            n_bytes -= blocks.remove(0).1.len();
        }
        Ok(block)
    }
}
