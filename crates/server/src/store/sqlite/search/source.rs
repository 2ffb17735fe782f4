//! Reading the texts of a run from its row and its payload.

use super::text::RunText;
use crate::model::{Metadata, Payload, metadata};
use crate::store::sqlite::payload::blocks::BlockCache;
use crate::store::sqlite::payload::locator::decode_locators;
use crate::store::sqlite::payload::merge::merge_payload;
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};

/// What [`RunText`] borrows from.
pub struct RunSource {
    pub pk: i64,
    pub name: Option<String>,
    pub tags: Option<String>,
    pub model: Option<String>,
    pub metadata_set: Option<i64>,
    pub metadata: Option<Metadata>,
    pub error_preview: Option<String>,
    pub error_kind: Option<String>,
    pub payload: Payload,
}

impl RunSource {
    /// `None`: there is no such run.
    pub fn load(db: &Connection, blocks: &BlockCache, pk: i64) -> Result<Option<RunSource>> {
        let mut statement = db.prepare_cached(
            "SELECT r.name, r.tags, r.model, r.metadata_set, m.json, r.error_preview, r.error_kind, r.fragments
             FROM runs r LEFT JOIN metadata_sets m ON m.pk = r.metadata_set WHERE r.pk = ?1",
        )?;
        let found = statement.query_row([pk], |row| {
            let source = RunSource {
                pk,
                name: row.get(0)?,
                tags: row.get(1)?,
                model: row.get(2)?,
                metadata_set: row.get(3)?,
                metadata: row.get::<_, Option<String>>(4)?.map(Metadata::from_stored),
                error_preview: row.get(5)?,
                error_kind: row.get(6)?,
                payload: Payload::default(),
            };
            Ok((source, row.get::<_, Option<Vec<u8>>>(7)?))
        });
        let Some((mut source, fragments)) = found.optional()? else { return Ok(None) };
        source.payload = merge_payload(blocks.read(db, &decode_locators(fragments.as_deref())?)?);
        if source.metadata_set.is_none() {
            // Written by version 1.
            source.metadata = metadata::of_extra(&source.payload.extra);
        }
        Ok(Some(source))
    }

    pub fn text(&self) -> RunText<'_> {
        RunText {
            name: self.name.as_deref().unwrap_or("unnamed"),
            inputs: self.payload.inputs.as_deref(),
            outputs: self.payload.outputs.as_deref(),
            error: self.payload.error.as_deref().or(self.error_preview.as_deref()),
            tags: self.tags.as_deref(),
            metadata: self.metadata.as_ref().map(Metadata::as_json),
            model: self.model.as_deref(),
        }
    }
}
