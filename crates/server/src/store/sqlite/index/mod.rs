//! The run index: the narrow facts of every run in memory, column by column, so that a million runs are filtered, counted
//! and sorted in milliseconds. SQLite stays the source of truth: the index is read from it when the store opens, and told
//! of every commit before the commit is acknowledged.
//!
//! [`memory`] is the index and how it changes, from [`facts`] of saved rows. A question has a [`scope`] and a [`predicate`],
//! which [`compile`] makes of a filter; what columns do not hold is looked up by [`leaves`] in SQL. [`scan`], [`facets`],
//! [`stats`], [`histogram`], [`threads`], [`monitor`] and [`versions`] answer. Why it is so:
//! `docs/decisions/0004-run-index.md`.

pub mod bitset;
pub mod columns;
pub mod compile;
pub mod dictionary;
pub mod facets;
pub mod facts;
pub mod histogram;
pub mod leaf;
pub mod leaves;
pub mod memory;
pub mod monitor;
pub mod order;
pub mod percentile;
pub mod predicate;
pub mod scan;
pub mod scope;
pub mod sets;
pub mod shape;
pub mod stats;
pub mod threads;
pub mod values;
pub mod versions;

use self::facts::{COLUMNS, FactRow, Publication};
use self::memory::Index;
use anyhow::Result;
use rusqlite::Connection;
use std::sync::{RwLock, RwLockReadGuard};

/// The index of one store, shared by its readers and its writer.
#[derive(Debug, Default)]
pub struct RunIndex {
    index: RwLock<Index>,
}

impl RunIndex {
    /// One pass over the table, in order of rows.
    pub fn load(db: &Connection) -> Result<RunIndex> {
        let mut index = Index::default();
        for project in db.prepare("SELECT pk FROM deleted_projects")?.query_map([], |row| row.get(0))? {
            index.load_removed_project(project?);
        }
        {
            let mut statement = db.prepare("SELECT pk, json FROM metadata_sets")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                index.load_metadata(row.get(0)?, row.get_ref(1)?.as_str()?);
            }
        }
        let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM runs ORDER BY pk"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            index.load(&FactRow::read(row)?);
        }
        index.sort();
        Ok(RunIndex { index: RwLock::new(index) })
    }

    /// Held while something is looked up in memory, never while SQL runs: the writer waits for it.
    pub fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().expect("no code that holds this lock panics")
    }

    /// After the commit, before anybody hears of it.
    pub fn publish(&self, publication: &Publication) {
        if !publication.is_empty() {
            self.index.write().expect("no code that holds this lock panics").apply(publication);
        }
    }
}
