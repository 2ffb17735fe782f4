//! Files that were sent with runs.

use super::codes::blob;
use crate::store::{AttachmentBody, StoreResult};
use bytes::Bytes;
use fanlight_wire::RunId;
use rusqlite::{Connection, OptionalExtension, params};

pub fn find(db: &Connection, run: RunId, name: &str) -> StoreResult<Option<AttachmentBody>> {
    let mut statement = db.prepare_cached("SELECT mime_type, data FROM attachments WHERE run_id = ?1 AND name = ?2")?;
    let found = statement.query_row(params![blob(run.0), name], |row| {
        Ok(AttachmentBody { mime_type: row.get(0)?, data: Bytes::from(row.get::<_, Vec<u8>>(1)?) })
    });
    Ok(found.optional()?)
}
