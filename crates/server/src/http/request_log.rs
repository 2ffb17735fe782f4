//! One line of log per request, under an id that the answer carries as `X-Request-Id`; what it took is in `Server-Timing`,
//! what a search left out in [`UNSEARCHED`].

use crate::store::effort;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use std::fmt;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// How many runs were not searched, when there were any: see `docs/api.md`.
const UNSEARCHED: &str = "x-fanlight-unsearched-runs";

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
        let (mut response, effort) = effort::of_request(next.run(request)).await;
        let duration_us = begun.elapsed().as_micros();
        tracing::debug!(status = response.status().as_u16(), duration_us, n_runs = effort.n_runs, "answered");
        response.headers_mut().insert("server-timing", server_timing(duration_us, effort.n_runs));
        if effort.n_unsearched > 0 {
            response.headers_mut().insert(UNSEARCHED, effort.n_unsearched.into());
        }
        let value = HeaderValue::from_str(&id.to_string()).expect("hexadecimal digits are a header value");
        response.headers_mut().insert("x-request-id", value);
        response
    }
    .instrument(span)
    .await
}

/// What browsers' network panels and `bench/queries.py` show: milliseconds until the answer began, runs looked at.
fn server_timing(duration_us: u128, n_runs: u64) -> HeaderValue {
    let (ms, us) = (duration_us / 1000, duration_us % 1000);
    let text = format!("total;dur={ms}.{us:03}, rows;desc=\"{n_runs}\"");
    HeaderValue::from_str(&text).expect("digits are a header value")
}
