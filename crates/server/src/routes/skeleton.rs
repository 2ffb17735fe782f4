//! `GET /api/fanlight/v1/traces/{trace_id}/skeleton`.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use crate::store::skeleton::{Skeleton, SkeletonQuery};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use fanlight_wire::skeleton::{MEDIA_TYPE, SkeletonEncoder, UsageOf};
use fanlight_wire::{RunId, TraceId};
use futures_util::stream;
use std::convert::Infallible;

/// The shape of one trace without payloads: enough to draw its waterfall. JSON, or the binary form when `Accept` names it.
///
/// With `since`, a version from an earlier answer, the binary form has only what changed after it, where that is known.
/// A trace of more than a million runs is answered in part; `below`, the id of a run, asks for what is below that one.
/// For everybody; reads every run of the trace, so a few at a
/// time are answered and others wait, then get 429.
pub async fn find_trace_skeleton(
    State(app): State<App>,
    Path(trace_id): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Response> {
    let trace_id: TraceId = path_id("trace_id", &trace_id)?;
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_binary = accept.contains(MEDIA_TYPE);
    let usage_of = if is_binary { UsageOf::Run } else { UsageOf::Subtree };
    // In JSON nothing says what is missing: it has the whole trace, or the part that stands for it.
    let below = below(&params)?.filter(|_| is_binary);
    let query = SkeletonQuery { since: since(&params)?.filter(|_| is_binary), below, usage_of };

    let _turn = app.heavy_reads.take().await?;
    let skeleton = app.store.find_skeleton(trace_id, query).await?;
    let skeleton = skeleton.ok_or_else(|| match query.below {
        Some(run) => AppError::not_found(format!("run {run} not found in trace {trace_id}")),
        None => AppError::not_found(format!("trace {trace_id} not found")),
    })?;
    // A million runs take a second to write: not on a thread that answers others.
    let written = tokio::task::spawn_blocking(move || if is_binary { binary(skeleton) } else { json(skeleton) });
    let answer = written.await.map_err(|error| AppError::unexpected(&error.into()))?;
    Ok(([(VARY, ACCEPT.as_str())], answer).into_response())
}

fn since(params: &Params) -> AppResult<Option<u64>> {
    let Some(text) = params.text("since") else { return Ok(None) };
    text.parse().map(Some).map_err(|_| AppError::invalid("query", "since", format!("not a version: {text}")))
}

fn below(params: &Params) -> AppResult<Option<RunId>> {
    let Some(text) = params.text("below") else { return Ok(None) };
    text.parse().map(Some).map_err(|_| AppError::invalid("query", "below", "not the id of a run".to_owned()))
}

fn json(skeleton: Skeleton) -> Response {
    Json(skeleton.into_columns()).into_response()
}

/// Written before it is sent: rows take four times as much memory, and a slow reader would keep them for long.
fn binary(skeleton: Skeleton) -> Response {
    let mut encoder = SkeletonEncoder::default();
    let mut chunks = vec![Bytes::from(SkeletonEncoder::head(&skeleton.head))];
    chunks.extend(skeleton.map(|block| Bytes::from(encoder.block(&block))));
    chunks.push(Bytes::from(SkeletonEncoder::end()));
    // The head goes with the first runs, and the end with the last.
    let body = Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, Infallible>)));
    ([(CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
}
