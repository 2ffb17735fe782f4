//! All runs of a project, page by page, so that memory holds one page whatever the project's size.

use super::pool::ReadPool;
use super::query::query_runs;
use crate::store::StoreResult;
use crate::store::sqlite::payload::blocks::BlockCache;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, TenantId};
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// Oldest first. Stops quietly when nobody listens any more.
pub async fn export_runs(
    pool: &ReadPool,
    blocks: &Arc<BlockCache>,
    tenant_id: TenantId,
    project: ProjectId,
    on_page: Sender<Vec<Run>>,
) -> StoreResult<()> {
    let mut query = RunQuery { project: Some(project), order: Some(Order::Asc), ..RunQuery::default() };
    loop {
        let (blocks, this_page) = (Arc::clone(blocks), query.clone());
        let page = pool.read(move |db| query_runs(db, &blocks, tenant_id, &this_page)).await?;
        if !page.runs.is_empty() && on_page.send(page.runs).await.is_err() {
            return Ok(());
        }
        match page.cursors.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(()),
        }
    }
}
