//! A run with its payloads, read without holding the page up however large they are.

use crate::api::{ApiClient, ApiError};
use crate::components::breathe::{Slice, breathe};
use crate::json_view::Index;
use crate::json_view::scan::Scanner;
use crate::json_view::split::split;
use fanlight_wire::{Run, RunId};
use std::ops::Range;
use std::sync::Arc;

/// A run with its payloads as JSON texts that are cheap to pass around.
#[derive(Clone, Debug)]
pub struct RunData {
    /// Without the payloads below.
    pub run: Run,
    pub inputs: Option<Arc<str>>,
    pub outputs: Option<Arc<str>>,
    pub events: Option<Arc<str>>,
    pub extra: Option<Arc<str>>,
    /// Where what is large begins and ends in inputs and outputs.
    pub inputs_index: Arc<Index>,
    pub outputs_index: Arc<Index>,
    /// The whole answer of the server.
    pub text: Arc<str>,
}

/// What is taken out of the answer before the rest is parsed. The last is only shown as part of the whole.
const PAYLOADS: [&str; 5] = ["inputs", "outputs", "events", "extra", "serialized"];

/// From this size on, reading takes a breath between steps.
const LARGE_BYTES: usize = 512 * 1024;

/// Fetches a run. Dropping the future ends the request.
pub async fn fetch_run(api: &ApiClient, id: RunId) -> Result<RunData, ApiError> {
    let mut scanner = Scanner::default();
    let bytes = api.find_run_bytes(id, |bytes| scanner.feed(bytes)).await?;
    read(bytes, scanner.finish()).await
}

async fn read(bytes: Vec<u8>, index: Index) -> Result<RunData, ApiError> {
    let is_large = bytes.len() >= LARGE_BYTES;
    let mut slice = Slice::begin();
    if is_large {
        breathe().await;
    }
    let text = String::from_utf8(bytes).map_err(|error| ApiError::Decode(error.to_string()))?;
    slice.breathe_if_long().await;
    let parts = split(&text, &index, &PAYLOADS);
    let run: Run = serde_json::from_str(&parts.rest).map_err(|error| ApiError::Decode(error.to_string()))?;
    let mut payloads: [Option<Arc<str>>; 4] = [const { None }; 4];
    for (payload, range) in payloads.iter_mut().zip(&parts.fields) {
        slice.breathe_if_long().await;
        *payload = range.clone().map(|range| text[range].into());
    }
    let part = |range: &Option<Range<usize>>| {
        Arc::new(range.as_ref().map(|range| index.part(range.start, range.end)).unwrap_or_default())
    };
    let (inputs_index, outputs_index) = (part(&parts.fields[0]), part(&parts.fields[1]));
    slice.breathe_if_long().await;
    let [inputs, outputs, events, extra] = payloads;
    Ok(RunData { run, inputs, outputs, events, extra, inputs_index, outputs_index, text: text.into() })
}

impl PartialEq for RunData {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
