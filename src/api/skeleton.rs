//! The shape of a trace, read while it arrives.

use super::client::AbortOnDrop;
use super::{ApiClient, ApiError};
use fanlight_wire::skeleton::{MEDIA_TYPE, SkeletonDecoder, SkeletonPart};
use fanlight_wire::{RunId, TraceId};
use gloo_net::http::RequestBuilder;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

/// What of a trace's shape is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonWanted {
    Whole,
    /// What changed after a version from an earlier answer, if the server still knows; else all.
    Since(u64),
    /// What is below a run, and what is above it.
    Below(RunId),
}

/// An answer under way. Dropping it ends the request.
pub struct SkeletonStream {
    reader: ReadableStreamDefaultReader,
    decoder: SkeletonDecoder,
    _abort: AbortOnDrop,
}

impl ApiClient {
    /// Begins to read the shape of a trace, or the part of it that is wanted. `NotFound`: there is no such trace or run, or
    /// the server has no such endpoint.
    pub async fn stream_skeleton(&self, trace: TraceId, part: SkeletonWanted) -> Result<SkeletonStream, ApiError> {
        let abort = AbortOnDrop::new();
        let part = match part {
            SkeletonWanted::Whole => String::new(),
            SkeletonWanted::Since(version) => format!("?since={version}"),
            SkeletonWanted::Below(run) => format!("?below={run}"),
        };
        let path = format!("/api/fanlight/v1/traces/{trace}/skeleton{part}");
        let request = RequestBuilder::new(&self.url(&path)).header("accept", MEDIA_TYPE);
        let response = request.abort_signal(abort.signal().as_ref()).send().await.map_err(|_| ApiError::Network)?;
        if !response.ok() {
            let text = response.text().await.map_err(|_| ApiError::Network)?;
            return Err(ApiError::from_answer(response.status(), &text));
        }
        let body = response.body().ok_or_else(|| ApiError::Decode("the answer is empty".into()))?;
        let reader = body.get_reader().unchecked_into();
        Ok(SkeletonStream { reader, decoder: SkeletonDecoder::default(), _abort: abort })
    }
}

impl SkeletonStream {
    /// The next part, as soon as it is here; `None` after the end. An answer that breaks off is an error.
    pub async fn next_part(&mut self) -> Result<Option<SkeletonPart>, ApiError> {
        loop {
            match self.decoder.next_part().map_err(|error| ApiError::Decode(error.to_string()))? {
                Some(SkeletonPart::End) => return Ok(None),
                Some(part) => return Ok(Some(part)),
                None => {}
            }
            let chunk = JsFuture::from(self.reader.read()).await.map_err(|_| ApiError::Network)?;
            let bytes = js_sys::Reflect::get(&chunk, &"value".into()).ok();
            let Some(bytes) = bytes.and_then(|bytes| bytes.dyn_into::<js_sys::Uint8Array>().ok()) else {
                return Err(ApiError::Network);
            };
            self.decoder.push(&bytes.to_vec());
        }
    }
}
