//! Writing runs: one, a batch, or a multipart body. Answered only when everything that was good is durable.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::body::{self, LARGE_BODY_BYTES, ReadBody};
use crate::http::params::path_id;
use crate::ingest::langsmith::batch::{decode_batch, decode_run};
use crate::ingest::langsmith::multipart::decode_multipart;
use crate::ingest::multipart::headers::parameter;
use crate::model::{Batch, OpKind, Rejection};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use fanlight_wire::RunId;
use serde_json::json;

/// `POST /runs`: creates one run, or completes one that a patch announced.
pub async fn create_run(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    write_one(&app, &headers, body, OpKind::Post, None).await
}

/// `PATCH /runs/{run_id}`: completes a run, known or not. Null and absent mean unchanged.
pub async fn update_run(
    State(app): State<App>,
    Path(run_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Response> {
    let run_id = path_id("run_id", &run_id)?;
    write_one(&app, &headers, body, OpKind::Patch, Some(run_id)).await
}

async fn write_one(app: &App, headers: &HeaderMap, body: Body, kind: OpKind, id: Option<RunId>) -> AppResult<Response> {
    let body = read(app, headers, body).await?;
    let batch = decode(body.bytes.clone(), move |bytes| match decode_run(&bytes, kind, id) {
        Ok(op) => Batch { runs: vec![op], ..Batch::default() },
        Err(rejection) => Batch { rejections: vec![rejection], ..Batch::default() },
    })
    .await?;
    write(app, batch, body).await
}

/// `POST /runs/batch`: `{"post":[…],"patch":[…]}`, the posts applied first.
pub async fn write_batch(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    let body = read(&app, &headers, body).await?;
    let decoded = decode(body.bytes.clone(), |bytes| decode_batch(&bytes)).await?;
    let batch = decoded.unwrap_or_else(|reason| refused_body(reason, 400));
    write(&app, batch, body).await
}

/// `POST /runs/multipart`: runs, their large fields, files and feedback in parts of their own.
pub async fn write_multipart(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    let boundary = multipart_boundary(&headers)?;
    let body = read(&app, &headers, body).await?;
    let batch = decode(body.bytes.clone(), move |bytes| decode_multipart(&bytes, &boundary)).await?;
    write(&app, batch, body).await
}

fn multipart_boundary(headers: &HeaderMap) -> AppResult<String> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_multipart = content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data");
    let boundary = parameter(content_type, "boundary").filter(|boundary| !boundary.is_empty() && boundary.len() <= 200);
    boundary
        .filter(|_| is_multipart)
        .ok_or_else(|| AppError::malformed("Content-Type must be multipart/form-data with a boundary"))
}

async fn read(app: &App, headers: &HeaderMap, body: Body) -> AppResult<ReadBody> {
    let limits = &app.config.limits;
    body::read(headers, body, &app.body_memory, limits.ingest_body_bytes, limits.idle).await
}

/// Decodes a body here when that is quick, elsewhere when it would hold up other requests.
async fn decode<T: Send + 'static>(bytes: Bytes, decode: impl FnOnce(Bytes) -> T + Send + 'static) -> AppResult<T> {
    if bytes.len() < LARGE_BODY_BYTES {
        return Ok(decode(bytes));
    }
    tokio::task::spawn_blocking(move || decode(bytes)).await.map_err(|e| AppError::unexpected(&e.into()))
}

fn refused_body(reason: String, status: u16) -> Batch {
    Batch { rejections: vec![Rejection { item: "body".into(), reason, status }], ..Batch::default() }
}

/// Stores a batch and answers: 202 when all of it was good; else the status of the worst part, though the rest is kept.
async fn write(app: &App, batch: Batch, body: ReadBody) -> AppResult<Response> {
    let n_good = batch.runs.len() + batch.attachments.len() + batch.feedback.len();
    let rejections = batch.rejections.clone();
    if n_good + rejections.len() > 0 {
        app.store.write(batch).await?;
    }
    // The memory of the body is free again only now.
    drop(body);
    if rejections.is_empty() {
        return Ok((StatusCode::ACCEPTED, Json(json!({"message": "stored"}))).into_response());
    }
    Err(refusal(&rejections, n_good))
}

/// Rejections named in an answer; all of them are recorded.
const MAX_NAMED: usize = 20;

fn refusal(rejections: &[Rejection], n_good: usize) -> AppError {
    // 422 is the one that no client repeats.
    let status = match rejections {
        _ if rejections.iter().any(|rejection| rejection.status == 422) => 422,
        [first, ..] => first.status,
        [] => 400,
    };
    let message = match (rejections, n_good) {
        ([only], 0) => only.reason.clone(),
        (_, 0) => format!("{} parts were refused", rejections.len()),
        (_, 1) => format!("{} of {} parts refused; the other one is stored", rejections.len(), rejections.len() + 1),
        _ => format!("{} of {} parts refused; the others are stored", rejections.len(), rejections.len() + n_good),
    };
    let mut details: Vec<String> = rejections
        .iter()
        .take(MAX_NAMED)
        .map(|rejection| format!("{}: {}", rejection.item, rejection.reason))
        .collect();
    if rejections.len() > MAX_NAMED {
        details.push(format!("and {} more", rejections.len() - MAX_NAMED));
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    AppError::new(status, "refused", message).with_details(details.join("; "))
}
