//! One line of log per request, under an id that the answer carries as `X-Request-Id`.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::fmt;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// Names one request in the log and in error messages.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

/// Logs a request when it is answered. Query strings are left out: they may hold what users wrote.
pub async fn log(mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::now_v7());
    request.extensions_mut().insert(id);
    let span = tracing::debug_span!("request", %id, method = %request.method(), path = request.uri().path());
    async move {
        let begun = Instant::now();
        let mut response = next.run(request).await;
        let duration_us = begun.elapsed().as_micros();
        tracing::debug!(status = response.status().as_u16(), duration_us, "answered");
        let value = HeaderValue::from_str(&id.to_string()).expect("hexadecimal digits are a header value");
        response.headers_mut().insert("x-request-id", value);
        response
    }
    .instrument(span)
    .await
}
