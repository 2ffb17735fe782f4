//! The tables and their history: each step brings a database from one `user_version` to the next.

use rusqlite::{Connection, Result};

/// Says that a SQLite file is Fanlight's ("Fanl" in ASCII).
pub const APPLICATION_ID: i32 = 0x4661_6e6c;

/// Never edit a released step: append one.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_v2.sql"),
    include_str!("schema_v3.sql"),
    include_str!("schema_v4.sql"),
    include_str!("schema_v5.sql"),
];

/// The version this program writes.
pub fn newest_version() -> i32 {
    i32::try_from(STEPS.len()).expect("there are few steps")
}

pub fn version(db: &Connection) -> Result<i32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings an older database up to date, each step in its own transaction. Does nothing to a current one.
pub fn migrate(db: &mut Connection) -> Result<()> {
    let done = usize::try_from(version(db)?).unwrap_or(0);
    for (step_idx, step) in STEPS.iter().enumerate().skip(done) {
        let transaction = db.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", step_idx + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
