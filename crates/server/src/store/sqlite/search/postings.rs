//! Which runs have which words, as bytes: blocks of words in order, each with its runs. Pure.
//!
//! ```text
//! block    base, then per word:
//! word     bytes shared with the word before, length of the rest, the rest,
//!          which parts of a run have it (bits), then per part:
//! part     how many runs, how many bytes, the runs: each the distance from the one before, the first from `base`
//! ```
//!
//! All numbers are varints; the whole is compressed, which takes about a fifth off what varints waste.

use super::text::N_PARTS;
use crate::store::sqlite::payload::locator::{put_varint, take_varint};
use anyhow::{Context, Result};

/// Before compression. A lookup decompresses one block of each segment.
const FULL_BLOCK_BYTES: usize = 32 * 1024;
/// A word with more than this gets a block of its own: others should not have to be found behind it.
const BIG_ENTRY_BYTES: usize = 8 * 1024;
const ZSTD_LEVEL: i32 = 3;
/// What a damaged length may not make us allocate.
const MAX_BLOCK_BYTES: u64 = 1 << 30;

/// The runs that have a word in a part, ascending, per part.
pub type Lists = [Vec<u32>; N_PARTS];

/// A finished block.
#[derive(Debug)]
pub struct Block {
    pub first_word: String,
    pub data: Vec<u8>,
}

/// Makes blocks of words that come in ascending order.
pub struct BlockBuilder {
    base: u32,
    raw: Vec<u8>,
    first_word: Option<String>,
    last_word: String,
    entry: Vec<u8>,
    compressor: zstd::bulk::Compressor<'static>,
}

impl BlockBuilder {
    /// No run is below `base`.
    pub fn new(base: u32) -> Result<Self> {
        Ok(BlockBuilder {
            base,
            raw: Vec::new(),
            first_word: None,
            last_word: String::new(),
            entry: Vec::new(),
            compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
        })
    }

    /// Returns the blocks that this finishes, at most two.
    pub fn add(&mut self, word: &str, lists: &Lists) -> Result<Vec<Block>> {
        let mut finished = Vec::new();
        let mut entry = std::mem::take(&mut self.entry);
        entry.clear();
        encode_lists(&mut entry, self.base, lists);
        let is_big = entry.len() > BIG_ENTRY_BYTES;
        if is_big {
            finished.extend(self.finish()?);
        }
        if self.first_word.is_none() {
            self.first_word = Some(word.to_owned());
            self.last_word.clear();
            put_varint(&mut self.raw, u64::from(self.base));
        }
        let n_shared = shared_prefix(&self.last_word, word);
        let rest = &word.as_bytes()[n_shared..];
        put_varint(&mut self.raw, n_shared as u64);
        put_varint(&mut self.raw, rest.len() as u64);
        self.raw.extend_from_slice(rest);
        self.raw.extend_from_slice(&entry);
        self.last_word.clear();
        self.last_word.push_str(word);
        self.entry = entry;
        if is_big || self.raw.len() >= FULL_BLOCK_BYTES {
            finished.extend(self.finish()?);
        }
        Ok(finished)
    }

    pub fn finish(&mut self) -> Result<Option<Block>> {
        let Some(first_word) = self.first_word.take() else { return Ok(None) };
        let mut data = Vec::new();
        put_varint(&mut data, self.raw.len() as u64);
        data.extend(self.compressor.compress(&self.raw)?);
        self.raw.clear();
        Ok(Some(Block { first_word, data }))
    }
}

fn shared_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

fn encode_lists(out: &mut Vec<u8>, base: u32, lists: &Lists) {
    out.push(lists.iter().enumerate().fold(0, |bits, (part, list)| bits | u8::from(!list.is_empty()) << part));
    let mut bytes = Vec::new();
    for list in lists.iter().filter(|list| !list.is_empty()) {
        bytes.clear();
        let mut before = base;
        for &run in list {
            put_varint(&mut bytes, u64::from(run - before));
            before = run;
        }
        put_varint(out, list.len() as u64);
        put_varint(out, bytes.len() as u64);
        out.extend_from_slice(&bytes);
    }
}

/// The words of a block, one after the other.
pub struct Words {
    raw: Vec<u8>,
    position: usize,
    base: u32,
    word: Vec<u8>,
    /// Where the lists of the word are.
    lists: [std::ops::Range<usize>; N_PARTS],
}

impl Words {
    pub fn open(mut data: &[u8]) -> Result<Words> {
        let n_bytes = take_varint(&mut data)?;
        anyhow::ensure!(n_bytes <= MAX_BLOCK_BYTES, "a block of the search index is damaged");
        let raw = zstd::bulk::decompress(data, usize::try_from(n_bytes)?)?;
        let mut rest = &raw[..];
        let base = u32::try_from(take_varint(&mut rest)?)?;
        let position = raw.len() - rest.len();
        Ok(Words { raw, position, base, word: Vec::new(), lists: Default::default() })
    }

    /// Moves on to the next word; `false` at the end.
    pub fn advance(&mut self) -> Result<bool> {
        let mut rest = &self.raw[self.position..];
        if rest.is_empty() {
            return Ok(false);
        }
        let n_shared = usize::try_from(take_varint(&mut rest)?)?;
        let n_rest = usize::try_from(take_varint(&mut rest)?)?;
        let (own, after) = rest.split_at_checked(n_rest).context("a word of the search index ends early")?;
        anyhow::ensure!(n_shared <= self.word.len(), "a word of the search index is damaged");
        self.word.truncate(n_shared);
        self.word.extend_from_slice(own);
        rest = after;
        let (&bits, after) = rest.split_first().context("a word of the search index ends early")?;
        rest = after;
        self.lists = Default::default();
        for (part, range) in self.lists.iter_mut().enumerate() {
            if bits & 1 << part == 0 {
                continue;
            }
            let _n_runs = take_varint(&mut rest)?;
            let n_bytes = usize::try_from(take_varint(&mut rest)?)?;
            let start = self.raw.len() - rest.len();
            rest = rest.get(n_bytes..).context("a list of the search index ends early")?;
            *range = start..start + n_bytes;
        }
        self.position = self.raw.len() - rest.len();
        Ok(true)
    }

    pub fn word(&self) -> &[u8] {
        &self.word
    }

    /// Calls `found` with each run that has the word in `part`, ascending.
    pub fn each_run(&self, part: usize, mut found: impl FnMut(u32)) -> Result<()> {
        let mut bytes = &self.raw[self.lists[part].clone()];
        let mut run = self.base;
        while !bytes.is_empty() {
            let distance = match bytes[0] {
                // Most of them.
                byte if byte < 0x80 => {
                    bytes = &bytes[1..];
                    u32::from(byte)
                }
                _ => u32::try_from(take_varint(&mut bytes)?)?,
            };
            run = run.checked_add(distance).context("a list of the search index is damaged")?;
            found(run);
        }
        Ok(())
    }

    /// Moves to `word`; `false` when the block has no such word.
    pub fn seek(&mut self, word: &str) -> Result<bool> {
        while self.advance()? {
            match self.word[..].cmp(word.as_bytes()) {
                std::cmp::Ordering::Less => {}
                order => return Ok(order.is_eq()),
            }
        }
        Ok(false)
    }
}

/// Runs as ranges, for the segment's row: how far from the last range, how many.
pub fn encode_runs(runs: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut next, mut idx) = (0u32, 0);
    while idx < runs.len() {
        let start = runs[idx];
        let n = runs[idx..].iter().zip(start..).take_while(|(run, expected)| *run == expected).count();
        put_varint(&mut out, u64::from(start - next));
        put_varint(&mut out, n as u64);
        next = runs[idx + n - 1] + 1;
        idx += n;
    }
    out
}

/// The ranges that [`encode_runs`] wrote, ascending.
pub fn decode_ranges(mut bytes: &[u8]) -> Result<Vec<std::ops::Range<u32>>> {
    let mut ranges = Vec::new();
    let mut next = 0u32;
    while !bytes.is_empty() {
        let distance = u32::try_from(take_varint(&mut bytes)?)?;
        let n = u32::try_from(take_varint(&mut bytes)?)?;
        let start = next.checked_add(distance).context("the runs of a segment are damaged")?;
        next = start.checked_add(n).context("the runs of a segment are damaged")?;
        ranges.push(start..next);
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn lists(of: &[BTreeSet<u32>; N_PARTS]) -> Lists {
        of.each_ref().map(|runs| runs.iter().copied().collect())
    }

    fn read(block: &Block) -> Vec<(String, Lists)> {
        let mut words = Words::open(&block.data).unwrap();
        let mut all = Vec::new();
        while words.advance().unwrap() {
            let mut lists = Lists::default();
            for (part, list) in lists.iter_mut().enumerate() {
                words.each_run(part, |run| list.push(run)).unwrap();
            }
            all.push((String::from_utf8(words.word().to_vec()).unwrap(), lists));
        }
        all
    }

    proptest! {
        #[test]
        fn words_and_their_runs_come_back(
            words in proptest::collection::btree_map(
                "[a-cé漢]{1,6}",
                proptest::array::uniform5(proptest::collection::btree_set(100u32..2000, 0..20)),
                0..40,
            )
        ) {
            let mut builder = BlockBuilder::new(100).unwrap();
            let mut blocks = Vec::new();
            for (word, runs) in &words {
                blocks.extend(builder.add(word, &lists(runs)).unwrap());
            }
            blocks.extend(builder.finish().unwrap());
            let all: Vec<_> = blocks.iter().flat_map(read).collect();
            let expected: Vec<_> = words.iter().map(|(word, runs)| (word.clone(), lists(runs))).collect();
            prop_assert_eq!(all, expected);
        }

        #[test]
        fn runs_of_a_segment_come_back(runs in proptest::collection::btree_set(0u32..300, 0..200)) {
            let runs: Vec<u32> = runs.into_iter().collect();
            let ranges = decode_ranges(&encode_runs(&runs)).unwrap();
            prop_assert_eq!(ranges.into_iter().flatten().collect::<Vec<_>>(), runs);
        }

        #[test]
        fn a_damaged_block_is_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut data = Vec::new();
            put_varint(&mut data, bytes.len() as u64);
            data.extend(zstd::bulk::compress(&bytes, 1).unwrap());
            if let Ok(mut words) = Words::open(&data) {
                while let Ok(true) = words.advance() {
                    let _ = words.each_run(0, |_| {});
                }
            }
            let _ = decode_ranges(&bytes);
        }
    }

    #[test]
    fn a_word_of_many_runs_is_alone_and_words_beside_it_are_found() {
        let many = Lists::from([(0..100_000).collect(), vec![], vec![], vec![], vec![]]);
        let one = Lists::from([vec![7], vec![], vec![8], vec![], vec![]]);
        let mut builder = BlockBuilder::new(0).unwrap();
        let words = BTreeMap::from([("a", &one), ("the", &many), ("zoo", &one)]);
        let mut blocks = Vec::new();
        for (word, lists) in words {
            blocks.extend(builder.add(word, lists).unwrap());
        }
        blocks.extend(builder.finish().unwrap());
        assert_eq!(blocks.iter().map(|block| block.first_word.as_str()).collect::<Vec<_>>(), ["a", "the", "zoo"]);
        let mut words = Words::open(&blocks[2].data).unwrap();
        assert!(words.seek("zoo").unwrap());
        assert!(!Words::open(&blocks[0].data).unwrap().seek("b").unwrap());
    }
}
