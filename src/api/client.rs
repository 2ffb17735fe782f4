//! How requests are made: same origin, JSON both ways, aborted when nobody waits any more.

use super::ApiError;
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

/// Talks to one trace API. Cheap to clone; pages take it from context.
#[derive(Clone, Debug)]
pub struct ApiClient {
    /// What comes before `/api/…`: empty for the server that served the page.
    origin: Arc<str>,
}

impl ApiClient {
    /// The API of the server that served the page.
    pub fn same_origin() -> Self {
        Self { origin: "".into() }
    }

    /// An absolute address for `path`, which begins with `/api/`: for links and event streams.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        decode(&self.request(Method::GET, path, None::<&()>).await?)
    }

    /// The body of the answer as it comes, piece by piece. Dropping the future ends the request.
    pub(super) async fn get_bytes(&self, path: &str, on_bytes: impl FnMut(&[u8])) -> Result<Vec<u8>, ApiError> {
        let abort = AbortOnDrop::new();
        let request = RequestBuilder::new(&self.url(path)).method(Method::GET).abort_signal(abort.signal().as_ref());
        let request = request.build().map_err(|error| ApiError::Decode(error.to_string()))?;
        let response: Response = request.send().await.map_err(|_| ApiError::Network)?;
        if !response.ok() {
            let text = response.text().await.map_err(|_| ApiError::Network)?;
            return Err(ApiError::from_answer(response.status(), &text));
        }
        read_body(&response, on_bytes).await
    }

    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        decode(&self.request(method, path, Some(body)).await?)
    }

    pub(super) async fn delete(&self, path: &str) -> Result<(), ApiError> {
        self.request(Method::DELETE, path, None::<&()>).await.map(drop)
    }

    async fn request(&self, method: Method, path: &str, body: Option<&impl Serialize>) -> Result<String, ApiError> {
        let abort = AbortOnDrop::new();
        let request = RequestBuilder::new(&self.url(path)).method(method).abort_signal(abort.signal().as_ref());
        let request = match body {
            Some(body) => request.json(body),
            None => request.build(),
        };
        let request = request.map_err(|error| ApiError::Decode(error.to_string()))?;
        let response: Response = request.send().await.map_err(|_| ApiError::Network)?;
        let text = response.text().await.map_err(|_| ApiError::Network)?;
        if response.ok() { Ok(text) } else { Err(ApiError::from_answer(response.status(), &text)) }
    }
}

async fn read_body(response: &Response, mut on_bytes: impl FnMut(&[u8])) -> Result<Vec<u8>, ApiError> {
    let mut body = Vec::new();
    let Some(stream) = response.body() else { return Ok(body) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        // An answer that breaks off fails here: half of it is never taken for the whole.
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| ApiError::Network)?;
        let field = |name: &str| js_sys::Reflect::get(&chunk, &name.into()).ok();
        if field("done").is_none_or(|done| done.is_truthy()) {
            return Ok(body);
        }
        let Some(bytes) = field("value").and_then(|value| value.dyn_into::<js_sys::Uint8Array>().ok()) else {
            return Err(ApiError::Network);
        };
        let before = body.len();
        body.resize(before + bytes.length() as usize, 0);
        bytes.copy_to(&mut body[before..]);
        on_bytes(&body[before..]);
    }
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|error| ApiError::Decode(error.to_string()))
}

/// Aborts its request when dropped; after the answer this does nothing.
pub(super) struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    pub(super) fn new() -> Self {
        Self(AbortController::new().ok())
    }

    pub(super) fn signal(&self) -> Option<web_sys::AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
