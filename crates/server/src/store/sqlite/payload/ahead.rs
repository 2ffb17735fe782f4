//! Fragments of many runs, read block by block before the runs are: each block is decompressed once, in whatever order the
//! runs are wanted.

use super::{Fragment, Locator, blocks, fragment};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap};

/// Fragments that are wanted, and those that were read. Only their own bytes are kept, never whole blocks.
#[derive(Default)]
pub struct Ahead {
    /// By block.
    wanted: BTreeMap<i64, Vec<Locator>>,
    /// By block and offset.
    read: HashMap<(i64, usize), Vec<u8>>,
}

impl Ahead {
    pub fn want(&mut self, locators: &[Locator]) {
        for locator in locators {
            self.wanted.entry(locator.block).or_default().push(*locator);
        }
    }

    /// Reads what is wanted from up to `n_blocks` blocks; `false` when there was nothing left to read.
    ///
    /// A block that is gone is passed over: the run that had its fragment has another by now, or is gone as well.
    pub fn read_blocks(&mut self, db: &Connection, n_blocks: usize) -> Result<bool> {
        for _ in 0..n_blocks {
            let Some((block, locators)) = self.wanted.pop_first() else { return Ok(false) };
            let Some(raw) = blocks::load_if_there(db, block)? else { continue };
            for locator in locators {
                let bytes = raw.get(locator.offset..locator.offset + locator.n_bytes);
                if let Some(bytes) = bytes {
                    self.read.insert((block, locator.offset), bytes.to_vec());
                }
            }
        }
        Ok(true)
    }

    /// The fragments at `locators`, in that order, if all of them were read.
    pub fn get(&self, locators: &[Locator]) -> Option<Result<Vec<Fragment>>> {
        let bytes = |locator: &Locator| self.read.get(&(locator.block, locator.offset));
        let all: Option<Vec<&Vec<u8>>> = locators.iter().map(bytes).collect();
        all.map(|all| all.into_iter().map(|bytes| fragment::decode(bytes)).collect())
    }
}
