//! Segments of the search index in the database.

use super::postings::{Block, Words, decode_ranges};
use anyhow::Result;
use fanlight_wire::filter::words::QueryWord;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use std::ops::Range;

/// What a segment is: the `state` column.
pub mod state {
    pub const BEING_WRITTEN: i64 = 0;
    pub const SEARCHED: i64 = 1;
    pub const TO_BE_REMOVED: i64 = 2;
}

/// One that is searched.
#[derive(Clone, Debug)]
pub struct Segment {
    pub pk: i64,
    pub n_runs: usize,
    /// Runs whose words it has, ascending.
    pub ranges: Vec<Range<u32>>,
}

impl Segment {
    pub fn has(&self, run: u32) -> bool {
        let idx = self.ranges.partition_point(|range| range.end <= run);
        self.ranges.get(idx).is_some_and(|range| range.contains(&run))
    }
}

/// Oldest first.
pub fn searched(db: &Connection) -> Result<Vec<Segment>> {
    let mut statement = db.prepare_cached("SELECT pk, n_runs, runs FROM text_segments WHERE state = ?1 ORDER BY pk")?;
    let mut rows = statement.query([state::SEARCHED])?;
    let mut segments = Vec::new();
    while let Some(row) = rows.next()? {
        let ranges = decode_ranges(row.get_ref(2)?.as_blob()?)?;
        segments.push(Segment { pk: row.get(0)?, n_runs: row.get(1)?, ranges });
    }
    Ok(segments)
}

/// Without what each covers.
pub fn searched_pks(db: &Connection) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached("SELECT pk FROM text_segments WHERE state = ?1 ORDER BY pk")?;
    let pks = statement.query_map([state::SEARCHED], |row| row.get(0))?;
    Ok(pks.collect::<rusqlite::Result<_>>()?)
}

/// Runs of a segment that a later one has again.
pub fn stale(db: &Connection, segment: i64) -> Result<HashSet<u32>> {
    let mut statement = db.prepare_cached("SELECT pk FROM text_stale WHERE segment = ?1")?;
    let runs = statement.query_map([segment], |row| row.get(0))?;
    Ok(runs.collect::<rusqlite::Result<_>>()?)
}

/// Calls `found` at each word of the segment that is `wanted`: one, or all with the same beginning.
pub fn each_word(
    db: &Connection,
    segment: i64,
    wanted: &QueryWord,
    mut found: impl FnMut(&Words) -> Result<()>,
) -> Result<()> {
    let mut from = db.prepare_cached(
        "SELECT first_word, data FROM text_blocks WHERE segment = ?1 AND first_word <= ?2 ORDER BY first_word DESC LIMIT 1",
    )?;
    let block = |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
    let mut next = from.query_row(params![segment, wanted.text], block).optional()?;
    if !wanted.is_prefix {
        let Some((_, data)) = next else { return Ok(()) };
        let mut words = Words::open(&data)?;
        if words.seek(&wanted.text)? {
            found(&words)?;
        }
        return Ok(());
    }
    let mut after = db.prepare_cached(
        "SELECT first_word, data FROM text_blocks WHERE segment = ?1 AND first_word > ?2 ORDER BY first_word LIMIT 1",
    )?;
    if next.is_none() {
        next = after.query_row(params![segment, ""], block).optional()?;
    }
    while let Some((first_word, data)) = next {
        let mut words = Words::open(&data)?;
        while words.advance()? {
            if words.word().starts_with(wanted.text.as_bytes()) {
                found(&words)?;
            } else if words.word() > wanted.text.as_bytes() {
                return Ok(());
            }
        }
        next = after.query_row(params![segment, first_word], block).optional()?;
    }
    Ok(())
}

/// The block after the one that begins with `first_word`, or the first.
pub fn block_after(db: &Connection, segment: i64, first_word: Option<&str>) -> Result<Option<Block>> {
    let mut statement = db.prepare_cached(
        "SELECT first_word, data FROM text_blocks WHERE segment = ?1 AND first_word > ?2 ORDER BY first_word LIMIT 1",
    )?;
    // No word is empty.
    let block = statement.query_row(params![segment, first_word.unwrap_or_default()], |row| {
        Ok(Block { first_word: row.get(0)?, data: row.get(1)? })
    });
    Ok(block.optional()?)
}

/// A new segment that nobody searches yet.
pub fn begin(db: &Connection) -> Result<i64> {
    db.execute(
        "INSERT INTO text_segments (state, n_runs, n_bytes, runs) VALUES (?1, 0, 0, x'')",
        [state::BEING_WRITTEN],
    )?;
    Ok(db.last_insert_rowid())
}

pub fn put_blocks(db: &Connection, segment: i64, blocks: &[Block]) -> Result<()> {
    let mut insert = db.prepare_cached("INSERT INTO text_blocks (segment, first_word, data) VALUES (?1, ?2, ?3)")?;
    for block in blocks {
        insert.execute(params![segment, block.first_word, block.data])?;
    }
    Ok(())
}

/// From now on it is searched. `runs` are as [`super::postings::encode_runs`] wrote them.
pub fn finish(db: &Connection, segment: i64, n_runs: usize, n_bytes: usize, runs: &[u8]) -> Result<()> {
    db.execute(
        "UPDATE text_segments SET state = ?2, n_runs = ?3, n_bytes = ?4, runs = ?5 WHERE pk = ?1",
        params![segment, state::SEARCHED, n_runs, n_bytes, runs],
    )?;
    Ok(())
}

/// From now on it is not searched; its blocks are removed bit by bit.
pub fn retire(db: &Connection, segment: i64) -> Result<()> {
    db.execute(
        "UPDATE text_segments SET state = ?2, n_bytes = 0 WHERE pk = ?1",
        params![segment, state::TO_BE_REMOVED],
    )?;
    db.execute("DELETE FROM text_stale WHERE segment = ?1", [segment])?;
    Ok(())
}

/// What a process that was killed left unfinished is worth nothing.
pub fn retire_unfinished(db: &Connection) -> Result<()> {
    db.execute("UPDATE text_segments SET state = ?2 WHERE state = ?1", [state::BEING_WRITTEN, state::TO_BE_REMOVED])?;
    Ok(())
}

/// Removes some blocks of retired segments; returns whether there may be more.
pub fn remove_some(db: &Connection, n_blocks: usize) -> Result<bool> {
    let retired: Option<i64> = db
        .prepare_cached("SELECT pk FROM text_segments WHERE state = ?1 ORDER BY pk LIMIT 1")?
        .query_row([state::TO_BE_REMOVED], |row| row.get(0))
        .optional()?;
    let Some(segment) = retired else { return Ok(false) };
    let n_removed = db
        .prepare_cached(
            "DELETE FROM text_blocks WHERE segment = ?1 AND first_word IN
             (SELECT first_word FROM text_blocks WHERE segment = ?1 ORDER BY first_word LIMIT ?2)",
        )?
        .execute(params![segment, n_blocks])?;
    if n_removed < n_blocks {
        db.execute("DELETE FROM text_segments WHERE pk = ?1", [segment])?;
    }
    Ok(true)
}
