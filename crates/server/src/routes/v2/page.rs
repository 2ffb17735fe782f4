//! Pages: items, where the next page begins, and the two ways in which clients want them.

use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use fanlight_wire::Run;
use fanlight_wire::run_query::RunQuery;
use serde::Serialize;
use serde_json::value::to_raw_value;

/// A page ends early when its runs hold more than this: it fits in memory whatever was traced.
const MAX_PAYLOAD_BYTES: usize = 32 << 20;

/// Runs of one page of the store.
const STORE_PAGE: usize = 100;

#[derive(Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
    /// How many there are on all pages, where that is known. Fanlight's addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

impl<T: Serialize> Page<T> {
    pub fn new(items: Vec<T>, next_cursor: Option<String>) -> Self {
        Page { items, has_more: next_cursor.is_some(), next_cursor, total: None }
    }

    pub fn with_total(self, total: u64) -> Self {
        Page { total: Some(total), ..self }
    }

    /// JSON, or for clients that ask for a stream the same document as its one and only patch.
    pub fn respond(&self, headers: &HeaderMap) -> AppResult<Response> {
        let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let printed = |error: serde_json::Error| AppError::unexpected(&error.into());
        if !accept.contains("text/event-stream") {
            let body = serde_json::to_vec(self).map_err(printed)?;
            return Ok(([(CONTENT_TYPE, "application/json")], body).into_response());
        }
        let document = to_raw_value(self).map_err(printed)?;
        let patch = [PatchOperation { op: "add", path: "", value: &document }];
        let event = format!("event: data\ndata: {}\n\n", serde_json::to_string(&patch).map_err(printed)?);
        Ok(([(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-cache, no-transform")], event).into_response())
    }
}

/// RFC 6902.
#[derive(Serialize)]
struct PatchOperation<'a> {
    op: &'static str,
    path: &'static str,
    value: &'a serde_json::value::RawValue,
}

/// 1 to `most`, `default` without a word; 422 for anything else.
pub fn page_size(part: &str, asked: Option<f64>, default: usize, most: usize) -> AppResult<usize> {
    match asked {
        None => Ok(default),
        Some(n) if n.fract() == 0.0 && (1.0..=most as f64).contains(&n) => Ok(n as usize),
        Some(_) => Err(AppError::invalid(part, "page_size", format!("must be between 1 and {most}"))),
    }
}

/// Up to `n` runs of a query from its cursor on, and the store's cursor for those after them.
pub async fn collect(app: &App, mut query: RunQuery, n: usize) -> AppResult<(Vec<Run>, Option<String>)> {
    let mut runs: Vec<Run> = Vec::new();
    let mut n_bytes = 0;
    loop {
        query.limit = Some(i64::try_from((n - runs.len()).min(STORE_PAGE)).expect("a page is small"));
        let page = app.store.query_runs(query.clone()).await?;
        n_bytes += page.runs.iter().map(payload_bytes).sum::<usize>();
        runs.extend(page.runs);
        query.cursor = page.cursors.next;
        if query.cursor.is_none() || runs.len() >= n || n_bytes > MAX_PAYLOAD_BYTES {
            return Ok((runs, query.cursor));
        }
    }
}

fn payload_bytes(run: &Run) -> usize {
    let parts = [&run.inputs, &run.outputs, &run.events, &run.extra, &run.serialized];
    parts.iter().map(|part| part.as_ref().map_or(0, |json| json.get().len())).sum()
}

/// Refuses what LangSmith answers with a model of its own: asking it again would not help.
pub fn refuse_ai(fields: &serde_json::Map<String, serde_json::Value>) -> AppResult<()> {
    for field in ["ai_search", "ai_query", "sem_filter"] {
        if fields.contains_key(field) {
            return Err(AppError::not_implemented(format!(
                "{field}: Fanlight asks no model; use filter and search(…)"
            )));
        }
    }
    for field in ["min_feedback_modified_at", "max_feedback_modified_at"] {
        if fields.contains_key(field) {
            return Err(AppError::invalid("body", field, "is not supported"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_size_or_is_refused() {
        let size = |asked| page_size("body", asked, 100, 1000).map_err(|error| error.message);
        assert_eq!((size(None), size(Some(1.0)), size(Some(1000.0))), (Ok(100), Ok(1), Ok(1000)));
        for asked in [0.0, -1.0, 1001.0, 1e300, 1.5] {
            assert_eq!(size(Some(asked)), Err("must be between 1 and 1000".into()), "{asked}");
        }
    }

    #[test]
    fn a_stream_is_one_patch_that_holds_the_page() {
        let page = Page::new(vec![1, 2], Some("c".into()));
        let headers = HeaderMap::from_iter([(ACCEPT, "text/event-stream".parse().unwrap())]);
        let response = page.respond(&headers).unwrap();
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
    }
}
