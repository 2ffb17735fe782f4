//! A trace from pages of runs, as any LangSmith-compatible API has them.

use crate::api::{ApiClient, ApiError};
use crate::model::RunTree;
use crate::model::skeleton_from_runs::{SKELETON_FIELDS, skeleton_from_runs};
use fanlight_wire::TraceId;
use fanlight_wire::run_query::{Order, RunQuery};

/// Says after each page how many runs there are so far; `None` when it is told to stop. Without runs: not found.
pub(in crate::pages) async fn fetch_pages(
    api: &ApiClient,
    trace_id: TraceId,
    keep_on: impl Fn(usize) -> bool,
) -> Option<Result<RunTree, ApiError>> {
    let mut query = RunQuery {
        trace: Some(trace_id),
        limit: Some(100),
        order: Some(Order::Asc),
        select: Some(SKELETON_FIELDS.iter().map(|&field| field.to_owned()).collect()),
        ..RunQuery::default()
    };
    let mut runs = Vec::new();
    loop {
        let page = match api.query_runs(&query).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let is_empty = page.runs.is_empty();
        runs.extend(page.runs);
        if !keep_on(runs.len()) {
            return None;
        }
        query.cursor = page.cursors.next;
        if is_empty || query.cursor.is_none() {
            break;
        }
    }
    if runs.is_empty() {
        return Some(Err(ApiError::NotFound));
    }
    Some(Ok(RunTree::from_skeleton(&skeleton_from_runs(trace_id, &runs))))
}
