//! `{"items": […]}` of any length, written as the runs are read.

use super::run_pages::{self, PagePrinter, RunPages};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use fanlight_wire::Run;
use fanlight_wire::run_query::RunQuery;

/// All runs of a query, each as `print` prints it.
pub async fn items(
    app: &App,
    query: RunQuery,
    print: impl Fn(&Run) -> serde_json::Result<Vec<u8>> + Send + Sync + 'static,
) -> AppResult<Response> {
    let pages = RunPages::begin(app, query).await?;
    let body = run_pages::body(pages, Items { print, is_first: true });
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

struct Items<F> {
    print: F,
    is_first: bool,
}

impl<F: Fn(&Run) -> serde_json::Result<Vec<u8>> + Send + Sync + 'static> PagePrinter for Items<F> {
    fn head(&mut self) -> Vec<u8> {
        br#"{"items":["#.to_vec()
    }

    async fn page(&mut self, runs: &[Run]) -> AppResult<Vec<u8>> {
        let mut bytes = Vec::new();
        for run in runs {
            if !std::mem::take(&mut self.is_first) {
                bytes.push(b',');
            }
            bytes.extend((self.print)(run).map_err(|error| AppError::unexpected(&error.into()))?);
        }
        Ok(bytes)
    }

    fn tail(&mut self) -> Vec<u8> {
        b"]}".to_vec()
    }
}
