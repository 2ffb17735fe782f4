//! Making few big segments of many small ones, and dropping words of runs that are gone.
//!
//! A search asks every segment, so there must not be many; a word is written again each time its segment is merged, so it
//! must not happen often: eight segments of about the same size become one.

use super::postings::{BlockBuilder, Lists, Words};
use super::segment::{self, Segment};
use super::to_writer::{SegmentWriter, ToWriter};
use crate::store::sqlite::index::bitset::Bitset;
use anyhow::{Context, Result};
use rusqlite::{Connection, params};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// So many segments of one size become one of the next.
const FAN_IN: usize = 8;
/// A segment is written anew without its dead runs when they are more than one in so many.
const MAX_DEAD_SHARE: usize = 5;
/// Work between two looks at the clock of the others.
const STEP: Duration = Duration::from_millis(5);
/// Words between two looks at the clock.
const WORDS_PER_LOOK: usize = 64;

pub struct Merge {
    sources: Vec<Source>,
    /// Runs whose words are kept, ascending.
    runs: Vec<u32>,
    is_kept: Bitset,
    builder: BlockBuilder,
    writer: SegmentWriter,
    to_writer: ToWriter,
}

/// A segment while its words are read in order.
struct Source {
    segment: i64,
    /// Runs that were stale when the merge began.
    stale: HashSet<u32>,
    first_word: Option<String>,
    /// `None` at the end.
    words: Option<Words>,
}

impl Merge {
    /// Of segments that are too many.
    pub fn of_many(db: &Connection, to_writer: &ToWriter, runs_per_segment: usize) -> Result<Option<Merge>> {
        let full = full_level(&segment::searched(db)?, runs_per_segment);
        full.map(|full| Merge::begin(db, to_writer, full)).transpose()
    }

    /// Of one segment that holds too much of runs that are gone, or that a later segment has again.
    pub fn of_dead(db: &Connection, to_writer: &ToWriter) -> Result<Option<Merge>> {
        let alive = alive(db)?;
        for segment in segment::searched(db)? {
            let stale = segment::stale(db, segment.pk)?;
            let is_dead = |run: &u32| !alive.contains(*run) || stale.contains(run);
            let n_dead = segment.ranges.iter().cloned().flatten().filter(is_dead).count();
            if n_dead * MAX_DEAD_SHARE > segment.n_runs {
                return Merge::begin(db, to_writer, vec![segment]).map(Some);
            }
        }
        Ok(None)
    }

    fn begin(db: &Connection, to_writer: &ToWriter, segments: Vec<Segment>) -> Result<Merge> {
        let alive = alive(db)?;
        let (mut sources, mut runs) = (Vec::new(), Vec::new());
        for segment in segments {
            let stale = segment::stale(db, segment.pk)?;
            let kept = segment.ranges.iter().cloned().flatten();
            runs.extend(kept.filter(|run| alive.contains(*run) && !stale.contains(run)));
            let mut source = Source { segment: segment.pk, stale, first_word: None, words: None };
            source.next_block(db)?;
            sources.push(source);
        }
        runs.sort_unstable();
        let builder = BlockBuilder::new(runs.first().copied().unwrap_or(0))?;
        let writer = SegmentWriter::begin(to_writer)?;
        let is_kept = runs.iter().copied().collect();
        Ok(Merge { sources, runs, is_kept, builder, writer, to_writer: to_writer.clone() })
    }

    /// Works for a moment; `false` when all words are written.
    pub fn step(&mut self, db: &Connection) -> Result<bool> {
        let began = Instant::now();
        while began.elapsed() < STEP {
            for _ in 0..WORDS_PER_LOOK {
                if !self.write_word(db)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Writes the first of the words that are left; `false` when there is none.
    fn write_word(&mut self, db: &Connection) -> Result<bool> {
        let words = self.sources.iter().filter_map(|source| source.words.as_ref().map(Words::word));
        let Some(word) = words.min().map(<[u8]>::to_vec) else { return Ok(false) };
        let mut lists = Lists::default();
        for source in &mut self.sources {
            let Some(words) = source.words.as_ref().filter(|words| words.word() == word) else { continue };
            for (part, list) in lists.iter_mut().enumerate() {
                words.each_run(part, |run| {
                    if self.is_kept.contains(run) && !source.stale.contains(&run) {
                        list.push(run);
                    }
                })?;
            }
            source.advance(db)?;
        }
        for list in &mut lists {
            // Segments follow each other mostly, and a run has its words in one of them.
            if !list.is_sorted() {
                list.sort_unstable();
            }
        }
        if lists.iter().any(|list| !list.is_empty()) {
            let word = String::from_utf8(word).context("a word of the search index is damaged")?;
            let blocks = self.builder.add(&word, &lists)?;
            self.writer.push(blocks)?;
        }
        Ok(true)
    }

    /// The new segment takes the place of the old ones.
    pub fn finish(mut self, db: &Connection) -> Result<()> {
        let last = self.builder.finish()?;
        self.writer.push(last)?;
        let sources: Vec<(i64, HashSet<u32>)> =
            self.sources.into_iter().map(|source| (source.segment, source.stale)).collect();
        if self.runs.is_empty() {
            let empty = self.writer.segment;
            return self.to_writer.transact(move |transaction| {
                sources
                    .iter()
                    .map(|(segment, _)| *segment)
                    .chain([empty])
                    .try_for_each(|segment| segment::retire(transaction.db, segment))
            });
        }
        // Segments written meanwhile may have made more of these runs stale.
        let mut newly_stale = Vec::new();
        for (segment, stale_before) in &sources {
            newly_stale.extend(segment::stale(db, *segment)?.into_iter().filter(|run| !stale_before.contains(run)));
        }
        self.writer.finish(&self.runs, move |transaction, merged| {
            for (segment, _) in sources {
                segment::retire(transaction.db, segment)?;
            }
            for run in newly_stale {
                transaction
                    .db
                    .prepare_cached("INSERT OR IGNORE INTO text_stale (segment, pk) VALUES (?1, ?2)")?
                    .execute(params![merged, run])?;
            }
            Ok(())
        })
    }
}

impl Source {
    fn next_block(&mut self, db: &Connection) -> Result<()> {
        match segment::block_after(db, self.segment, self.first_word.as_deref())? {
            Some(block) => {
                let mut words = Words::open(&block.data)?;
                words.advance()?;
                self.first_word = Some(block.first_word);
                self.words = Some(words);
            }
            None => self.words = None,
        }
        Ok(())
    }

    fn advance(&mut self, db: &Connection) -> Result<()> {
        let has_more = self.words.as_mut().map_or(Ok(false), Words::advance)?;
        if has_more { Ok(()) } else { self.next_block(db) }
    }
}

/// Enough segments of about one size, the oldest first.
fn full_level(segments: &[Segment], runs_per_segment: usize) -> Option<Vec<Segment>> {
    let level = |segment: &Segment| (segment.n_runs / runs_per_segment.max(1)).max(1).ilog(FAN_IN);
    let highest = segments.iter().map(level).max()?;
    (0..=highest).find_map(|wanted| {
        let same: Vec<Segment> =
            segments.iter().filter(|segment| level(segment) == wanted).take(FAN_IN).cloned().collect();
        (same.len() == FAN_IN).then_some(same)
    })
}

/// Runs that exist.
fn alive(db: &Connection) -> Result<Bitset> {
    let mut statement = db.prepare_cached("SELECT pk FROM runs INDEXED BY runs_by_trace")?;
    let runs = statement.query_map([], |row| row.get::<_, u32>(0))?;
    Ok(runs.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(pk: i64, n_runs: usize) -> Segment {
        Segment { pk, n_runs, ranges: Vec::new() }
    }

    #[test]
    fn eight_of_a_size_are_merged_the_smallest_size_first() {
        let pks = |segments: &[Segment]| {
            full_level(segments, 10).map(|full| full.iter().map(|segment| segment.pk).collect::<Vec<_>>())
        };
        let mut segments: Vec<Segment> = (1..8).map(|pk| segment(pk, 80)).collect();
        assert_eq!(pks(&segments), None);
        segments.extend((11..18).map(|pk| segment(pk, 10)));
        assert_eq!(pks(&segments), None);
        segments.push(segment(18, 3));
        assert_eq!(pks(&segments), Some((11..=18).collect()));
        segments.push(segment(8, 100));
        segments.retain(|segment| segment.pk != 18);
        assert_eq!(pks(&segments), Some((1..=8).collect()));
    }
}
