//! All runs of a query, page by page, while somebody reads: for answers longer than memory should hold.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::store::StoreResult;
use axum::body::Body;
use bytes::Bytes;
use fanlight_wire::Run;
use fanlight_wire::run_query::RunQuery;
use futures_util::{StreamExt, stream};
use std::io;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Pages read ahead: the next one is ready when this one is written.
const PAGES_AHEAD: usize = 1;

/// Stops reading when dropped, as it is when the client goes away.
pub struct RunPages {
    first: Option<Vec<Run>>,
    pages: mpsc::Receiver<Vec<Run>>,
    /// Gone once it has ended.
    reading: Option<JoinHandle<StoreResult<()>>>,
}

impl RunPages {
    /// Waits for the first page, so that a question that cannot be answered still fails with a status of its own.
    pub async fn begin(app: &App, query: RunQuery) -> AppResult<RunPages> {
        let (sender, pages) = mpsc::channel(PAGES_AHEAD);
        let store = app.store.clone();
        let reading = tokio::spawn(async move { store.export_runs(query, sender).await });
        let mut pages = RunPages { first: None, pages, reading: Some(reading) };
        pages.first = pages.pages.recv().await;
        if pages.first.is_none() {
            pages.finish().await?;
        }
        Ok(pages)
    }

    /// The next page; `None` after the last one.
    pub async fn next(&mut self) -> io::Result<Option<Vec<Run>>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        match self.pages.recv().await {
            Some(page) => Ok(Some(page)),
            None => self.finish().await.map(|()| None).map_err(|error| io::Error::other(error.message)),
        }
    }

    /// Whether all of it was read: an answer that breaks off must not look complete.
    async fn finish(&mut self) -> AppResult<()> {
        let Some(reading) = self.reading.take() else { return Ok(()) };
        Ok(reading.await.map_err(|error| AppError::unexpected(&error.into()))??)
    }
}

impl Drop for RunPages {
    fn drop(&mut self) {
        if let Some(reading) = &self.reading {
            reading.abort();
        }
    }
}

/// Turns pages into the bytes of an answer.
pub trait PagePrinter: Send + 'static {
    /// What comes before everything.
    fn head(&mut self) -> Vec<u8>;
    fn page(&mut self, runs: &[Run]) -> impl Future<Output = AppResult<Vec<u8>>> + Send;
    /// What comes after the last page.
    fn tail(&mut self) -> Vec<u8>;
}

enum State<P> {
    Head(RunPages, P),
    Pages(RunPages, P),
    Done,
}

/// A body that is printed as it is sent, one page in memory at a time. It breaks off when reading fails.
pub fn body(pages: RunPages, printer: impl PagePrinter) -> Body {
    let chunks = stream::unfold(State::Head(pages, printer), |state| async {
        match state {
            State::Head(pages, mut printer) => {
                let head = Bytes::from(printer.head());
                Some((Ok(head), State::Pages(pages, printer)))
            }
            State::Pages(mut pages, mut printer) => match pages.next().await {
                Ok(Some(runs)) => match printer.page(&runs).await {
                    Ok(bytes) => Some((Ok(Bytes::from(bytes)), State::Pages(pages, printer))),
                    Err(error) => Some((Err(io::Error::other(error.message)), State::Done)),
                },
                Ok(None) => Some((Ok(Bytes::from(printer.tail())), State::Done)),
                Err(error) => Some((Err(error), State::Done)),
            },
            State::Done => None,
        }
    });
    // Compression asks once more after the end.
    Body::from_stream(chunks.fuse())
}
