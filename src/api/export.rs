//! Exports: an answer that is read piece by piece, so that its progress can be shown and it can be ended.

use super::client::AbortOnDrop;
use super::{ApiClient, ApiError};
use fanlight_wire::run_query::RunQuery;
use gloo_net::http::{Method, RequestBuilder};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStreamDefaultReader};

/// How the runs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// One JSON object per line.
    #[default]
    Jsonl,
    /// A table with a header line.
    Csv,
}

/// The body of an export.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    pub query: RunQuery,
    pub format: ExportFormat,
    /// Names of fields, `metadata.KEY`, `feedback.KEY`; `None` for whole runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportProgress {
    pub size_bytes: u64,
    /// Lines so far.
    pub n_lines: u64,
    /// Runs there were when it began.
    pub n_runs: Option<u64>,
}

impl ApiClient {
    /// All runs of a query as a file. Dropping the future ends the work, here and on the server.
    pub async fn export_runs(&self, export: &Export, on_progress: impl Fn(ExportProgress)) -> Result<Blob, ApiError> {
        let abort = AbortOnDrop::new();
        let request = RequestBuilder::new(&self.url("/api/fanlight/v1/runs/export"))
            .method(Method::POST)
            .abort_signal(abort.signal().as_ref())
            .json(export)
            .map_err(|error| ApiError::Decode(error.to_string()))?;
        let response = request.send().await.map_err(|_| ApiError::Network)?;
        if !response.ok() {
            let text = response.text().await.map_err(|_| ApiError::Network)?;
            return Err(ApiError::from_answer(response.status(), &text));
        }
        let n_runs = response.headers().get("x-fanlight-run-count").and_then(|count| count.parse().ok());
        let mut progress = ExportProgress { n_runs, ..ExportProgress::default() };
        let parts = js_sys::Array::new();
        if let Some(body) = response.body() {
            let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
            loop {
                // An answer that breaks off fails here: half a file is never taken for a whole one.
                let chunk = JsFuture::from(reader.read()).await.map_err(|_| ApiError::Network)?;
                let field = |name: &str| js_sys::Reflect::get(&chunk, &name.into()).ok();
                if field("done").is_none_or(|done| done.is_truthy()) {
                    break;
                }
                let Some(bytes) = field("value").and_then(|value| value.dyn_into::<js_sys::Uint8Array>().ok()) else {
                    break;
                };
                progress.size_bytes += u64::from(bytes.length());
                progress.n_lines += bytes.to_vec().iter().filter(|byte| **byte == b'\n').count() as u64;
                parts.push(&bytes);
                on_progress(progress);
            }
        }
        let options = BlobPropertyBag::new();
        options.set_type(if export.format == ExportFormat::Csv { "text/csv" } else { "application/x-ndjson" });
        Blob::new_with_u8_array_sequence_and_options(&parts, &options)
            .map_err(|_| ApiError::Decode("the browser has no room for the file".into()))
    }
}
