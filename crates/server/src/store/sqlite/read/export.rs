//! All runs of a query, page by page: memory holds one page of runs, and the row numbers of all.

use super::Reader;
use super::query::{find_rows, read_rows};
use crate::store::StoreResult;
use fanlight_wire::Run;
use fanlight_wire::run_query::RunQuery;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

const RUNS_PER_PAGE: usize = 100;

/// What is there now, in the query's order: runs that come meanwhile are left out, those that are removed too. Stops
/// quietly when nobody listens any more.
pub async fn export_runs(reader: &Reader, query: RunQuery, on_page: Sender<Vec<Run>>) -> StoreResult<()> {
    let query = Arc::new(RunQuery { limit: None, cursor: None, ..query });
    let asked = Arc::clone(&query);
    let found = reader.read(move |reading| find_rows(reading, &asked, usize::MAX)).await?;
    for pks in found.pks.chunks(RUNS_PER_PAGE) {
        let (asked, pks) = (Arc::clone(&query), pks.to_vec());
        let runs = reader.read(move |reading| read_rows(reading, &asked, &pks)).await?;
        if !runs.is_empty() && on_page.send(runs).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
