//! Removing metadata that no run has any more.

use super::to_writer::ToWriter;
use crate::store::sqlite::index::bitset::Bitset;
use anyhow::Result;
use rusqlite::Connection;

/// Removed in one transaction.
const SETS_PER_TRANSACTION: usize = 500;

/// To be called when runs were removed. Reads every row once, beside whoever writes.
pub fn remove_unused_metadata(db: &Connection, to_writer: &ToWriter) -> Result<()> {
    // From here on the writer only gives a run a set that it has read or written since.
    let since = to_writer.transact(|transaction| Ok(transaction.metadata.forget()))?;
    let unused = unused(db)?;
    for some in unused.chunks(SETS_PER_TRANSACTION) {
        let some = some.to_vec();
        to_writer.transact(move |transaction| transaction.metadata.remove_unused(transaction.db, &some, since))?;
    }
    Ok(())
}

fn unused(db: &Connection) -> Result<Vec<i64>> {
    let snapshot = db.unchecked_transaction()?;
    let mut runs = snapshot.prepare("SELECT metadata_set FROM runs WHERE metadata_set IS NOT NULL")?;
    let used: Bitset = runs.query_map([], |row| row.get::<_, u32>(0))?.collect::<rusqlite::Result<_>>()?;
    let mut sets = snapshot.prepare("SELECT pk FROM metadata_sets")?;
    let all = sets.query_map([], |row| row.get::<_, u32>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(all.into_iter().filter(|set| !used.contains(*set)).map(i64::from).collect())
}
