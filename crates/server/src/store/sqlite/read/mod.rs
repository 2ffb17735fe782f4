//! Answering questions: several read-only connections, each question in one consistent snapshot.
//!
//! [`question`] reads what is asked, [`lookup`] answers in SQL the parts that the index does not hold; then the index says
//! which runs ([`query`]), how many and how long ([`summary`]), by time and group ([`monitor`]), or which conversations ([`threads`]). [`run`] makes API
//! runs of rows, [`skeleton`] reads a whole trace without payloads, [`digests`] what stands for them, [`cost`] tells how
//! a cost came about.

pub mod cost;
pub mod cursor;
pub mod digests;
pub mod export;
pub mod family;
pub mod lookup;
pub mod monitor;
pub mod pool;
pub mod price_test;
pub mod query;
pub mod question;
pub mod run;
pub mod select;
pub mod shape;
pub mod skeleton;
pub mod spend;
pub mod summary;
pub mod threads;
pub mod unpriced;
pub mod versions;

use self::pool::ReadPool;
use super::index::RunIndex;
use super::payload::blocks::BlockCache;
use super::search::recent::Recent;
use crate::store::StoreResult;
use fanlight_wire::TenantId;
use rusqlite::Connection;
use std::sync::Arc;

/// What reads share.
#[derive(Clone)]
pub struct Reader {
    pub pool: ReadPool,
    pub blocks: Arc<BlockCache>,
    pub index: Arc<RunIndex>,
    pub recent: Arc<Recent>,
    pub max_unindexed_read: usize,
    pub tenant_id: TenantId,
}

/// One read at work.
pub struct Reading<'a> {
    pub db: &'a Connection,
    pub blocks: &'a BlockCache,
    pub index: &'a RunIndex,
    /// What the search knows of runs that are in no segment yet.
    pub recent: &'a Recent,
    pub max_unindexed_read: usize,
    pub tenant_id: TenantId,
}

impl Reader {
    /// Runs `work` on a blocking thread; it sees everything that was acknowledged before this call.
    pub async fn read<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Reading) -> StoreResult<T> + Send + 'static,
    {
        let Reader { blocks, index, recent, max_unindexed_read, tenant_id, .. } = self.clone();
        let work = move |db: &Connection| {
            work(&Reading { db, blocks: &blocks, index: &index, recent: &recent, max_unindexed_read, tenant_id })
        };
        self.pool.read(work).await
    }
}
