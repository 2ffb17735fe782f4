//! What stands for the payloads of a trace's runs, made as it is asked for: every payload is read once and let go.

use super::Reading;
use crate::store::effort;
use crate::store::sqlite::codes::blob;
use crate::store::sqlite::payload::locator::{Locator, decode_locators};
use crate::store::sqlite::payload::merge::merge_payload;
use anyhow::Result;
use fanlight_wire::digest::{Digest, MAX_DIGESTS, TraceDigests, json_digest, plain_digest, text_sketch};
use fanlight_wire::{RawJson, RunId, TraceId};
use uuid::Uuid;

/// Bytes of payload that one answer reads; runs beyond are left out.
const MAX_PAYLOAD_BYTES: usize = 256 * 1024 * 1024;

/// `None`: there is no such trace.
pub fn find_digests(reading: &Reading, trace: TraceId) -> Result<Option<TraceDigests>> {
    let mut statement = reading.db.prepare_cached(
        "SELECT id, fragments FROM runs INDEXED BY runs_by_trace
         WHERE trace = (SELECT pk FROM traces WHERE id = ?1) ORDER BY start_ns, pk",
    )?;
    let mut rows = statement.query([blob(trace.0)])?;
    let mut digests = TraceDigests { trace_id: Some(trace), ..TraceDigests::default() };
    let mut n_bytes = 0usize;
    while let Some(row) = rows.next()? {
        let locators = decode_locators(row.get_ref(1)?.as_blob_or_null()?)?;
        n_bytes = locators.iter().fold(n_bytes, |n_bytes, locator| n_bytes.saturating_add(locator.n_bytes));
        if digests.ids.len() == MAX_DIGESTS || n_bytes > MAX_PAYLOAD_BYTES {
            digests.n_left_out += 1;
            continue;
        }
        push(&mut digests, reading, RunId(Uuid::from_bytes(row.get(0)?)), &locators)?;
    }
    effort::looked_at(digests.ids.len());
    let is_known = !digests.ids.is_empty() || digests.n_left_out > 0;
    Ok(is_known.then_some(digests))
}

fn push(digests: &mut TraceDigests, reading: &Reading, id: RunId, locators: &[Locator]) -> Result<()> {
    let payload = merge_payload(reading.blocks.read(reading.db, locators)?);
    let digest = |json: &Option<RawJson>| -> Option<Digest> {
        let json = json.as_deref()?.get();
        // Nothing was sent, as far as anybody can tell.
        (!matches!(json, "null" | "{}")).then(|| json_digest(json))
    };
    digests.ids.push(id);
    digests.inputs.push(digest(&payload.inputs));
    digests.outputs.push(digest(&payload.outputs));
    digests.errors.push(payload.error.as_deref().map(plain_digest));
    digests.sketches.push(payload.outputs.as_deref().and_then(|outputs| text_sketch(outputs.get())));
    Ok(())
}
