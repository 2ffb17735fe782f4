//! What was refused, so that nobody has to guess where a run went.

use crate::store::RejectionRecord;
use anyhow::Result;
use fanlight_wire::Timestamp;
use rusqlite::Connection;

/// The newest first.
pub fn list(db: &Connection, limit: usize) -> Result<Vec<RejectionRecord>> {
    let mut statement =
        db.prepare_cached("SELECT received_ns, item, reason FROM rejections ORDER BY pk DESC LIMIT ?1")?;
    let records = statement.query_map([limit], |row| {
        Ok(RejectionRecord { received_at: Timestamp(row.get(0)?), item: row.get(1)?, reason: row.get(2)? })
    })?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}
