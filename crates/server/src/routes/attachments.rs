//! `GET /runs/{run_id}/attachments/{name}`: a file that was sent with a run. Its content is hostile.

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::path_id;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use fanlight_wire::RunId;

/// Media types that a browser shows without running anything. SVG is not one: it may hold scripts.
const SHOWN: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "audio/mpeg",
    "audio/wav",
    "audio/x-wav",
    "audio/ogg",
    "audio/webm",
    "audio/mp4",
    "audio/aac",
    "audio/flac",
    "video/mp4",
    "video/webm",
    "video/ogg",
];

/// Needs no credentials: the SDKs send none. Everything but harmless images, sounds and films is only offered for saving.
pub async fn find_attachment(
    State(app): State<App>,
    Path((run_id, name)): Path<(String, String)>,
) -> AppResult<Response> {
    let run_id: RunId = path_id("run_id", &run_id)?;
    let file = app.store.find_attachment(run_id, name.clone()).await?;
    let file = file.ok_or_else(|| AppError::not_found(format!("run {run_id} has no attachment {name:?}")))?;
    let is_shown = SHOWN.contains(&file.mime_type.as_str());
    let content_type =
        HeaderValue::from_str(&file.mime_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let disposition = format!("{}; filename*=UTF-8''{}", if is_shown { "inline" } else { "attachment" }, encode(&name));
    let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    Ok((headers, file.data).into_response())
}

/// RFC 8187: only letters, digits and a few signs stand for themselves.
fn encode(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20").replace('*', "%2A")
}
