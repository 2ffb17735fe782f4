//! How much memory and patience the store has.

use super::queue::QueueLimits;
use super::search::find::MAX_READ;

/// Sizes. The defaults suit a small machine.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    pub queue: QueueLimits,
    pub n_readers: u32,
    /// Pages that the writer keeps in memory.
    pub writer_cache_kib: u32,
    /// Pages that each reader keeps in memory.
    pub reader_cache_kib: u32,
    /// Decompressed payloads kept for all readers together.
    pub block_cache_bytes: usize,
    /// The search index grows in memory by so many runs before they are written.
    pub runs_per_segment: usize,
    /// A search reads so many runs that are not indexed yet, the newest, and says how many it left out.
    pub max_unindexed_read: usize,
    /// A trace with more runs is shown in part.
    pub max_whole_trace: usize,
    /// How many runs that part has.
    pub max_partial_trace: usize,
    /// Changes a slow watcher may fall behind before it is told so.
    pub n_buffered_changes: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        SqliteOptions {
            queue: QueueLimits { max_jobs: 1024, max_bytes: 32 * 1024 * 1024 },
            n_readers: 4,
            writer_cache_kib: 16 * 1024,
            reader_cache_kib: 4 * 1024,
            block_cache_bytes: 8 * 1024 * 1024,
            runs_per_segment: 4096,
            max_unindexed_read: MAX_READ,
            max_whole_trace: 1_000_000,
            max_partial_trace: 200_000,
            n_buffered_changes: 256,
        }
    }
}
