//! All runs of a query, page by page. Memory holds the row numbers of all, the payloads of some, and one page of runs.
//!
//! Payloads lie in blocks by when they came, and a query may want its runs in any other order. So the payloads of many
//! runs are read first, in the order of the blocks, and then the runs in the order that was asked for.

use super::Reader;
use super::query::{find_rows, read_rows_ahead};
use super::select::Selection;
use crate::store::StoreResult;
use crate::store::sqlite::payload::ahead::Ahead;
use crate::store::sqlite::payload::locator::decode_locators;
use fanlight_wire::Run;
use fanlight_wire::run_query::RunQuery;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

const RUNS_PER_PAGE: usize = 100;

/// Payloads read ahead are of so many runs, and have so many bytes: not more of either, but for a single run. At first they
/// are of one page, so that the answer begins soon, and then of more and more.
const MAX_RUNS_AHEAD: usize = 20_000;
const GROWTH: usize = 8;
const MAX_BYTES_AHEAD: usize = 32 << 20;

/// Rows, and blocks, that one read looks at: short reads leave room for others.
const ROWS_PER_READ: usize = 2000;
const BLOCKS_PER_READ: usize = 32;

/// What is there now, in the query's order: runs that come meanwhile are left out, those that are removed too. Stops
/// quietly when nobody listens any more.
pub async fn export_runs(reader: &Reader, query: RunQuery, on_page: Sender<Vec<Run>>) -> StoreResult<()> {
    let query = Arc::new(RunQuery { limit: None, cursor: None, ..query });
    let asked = Arc::clone(&query);
    let found = reader.read(move |reading| find_rows(reading, &asked, usize::MAX)).await?;
    let selection = Selection::from_names(query.select.as_deref());
    let (mut rest, mut n_ahead) = (found.pks.as_slice(), RUNS_PER_PAGE);
    while !rest.is_empty() {
        let (n_runs, ahead) = read_ahead(reader, selection, &rest[..rest.len().min(n_ahead)]).await?;
        let ahead = Arc::new(ahead);
        n_ahead = (n_ahead * GROWTH).min(MAX_RUNS_AHEAD);
        let (next, after) = rest.split_at(n_runs);
        for pks in next.chunks(RUNS_PER_PAGE) {
            let (asked, ahead, pks) = (Arc::clone(&query), Arc::clone(&ahead), pks.to_vec());
            let runs = reader.read(move |reading| read_rows_ahead(reading, &asked, &pks, &ahead)).await?;
            if !runs.is_empty() && on_page.send(runs).await.is_err() {
                return Ok(());
            }
        }
        rest = after;
    }
    Ok(())
}

/// The payloads of the first of these runs, and of how many. At least of one.
async fn read_ahead(reader: &Reader, selection: Selection, pks: &[u32]) -> StoreResult<(usize, Ahead)> {
    let (mut ahead, mut n_runs, mut n_bytes) = (Ahead::default(), 0, 0);
    for pks in pks.chunks(ROWS_PER_READ) {
        let (n_asked, pks) = (pks.len(), pks.to_vec());
        let (back, n_seen, n_read) = reader
            .read(move |reading| {
                let (mut n_seen, mut n_bytes) = (0, n_bytes);
                let mut statement = reading.db.prepare_cached(
                    "SELECT parent_pk IS NULL AND waiting_parent IS NULL, error_preview IS NOT NULL, fragments
                     FROM runs WHERE pk = ?1",
                )?;
                for pk in pks {
                    let mut rows = statement.query([pk])?;
                    let row = rows.next()?;
                    let is_needed = |row: &rusqlite::Row| -> rusqlite::Result<bool> {
                        Ok(selection.needs_payload(row.get(0)?, row.get(1)?))
                    };
                    if let Some(row) = row
                        && is_needed(row)?
                    {
                        let locators = decode_locators(row.get::<_, Option<Vec<u8>>>(2)?.as_deref())?;
                        n_bytes += locators.iter().map(|locator| locator.n_bytes).sum::<usize>();
                        if n_bytes > MAX_BYTES_AHEAD && n_runs + n_seen > 0 {
                            break;
                        }
                        ahead.want(&locators);
                    }
                    n_seen += 1;
                }
                Ok((ahead, n_seen, n_bytes))
            })
            .await?;
        ahead = back;
        n_runs += n_seen;
        n_bytes = n_read;
        if n_seen < n_asked {
            break;
        }
    }
    loop {
        let (back, has_more) = reader
            .read(move |reading| {
                let has_more = ahead.read_blocks(reading.db, BLOCKS_PER_READ)?;
                Ok((ahead, has_more))
            })
            .await?;
        ahead = back;
        if !has_more {
            return Ok((n_runs, ahead));
        }
    }
}
