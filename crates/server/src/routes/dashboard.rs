//! Everything outside the API: the dashboard's files, and its one page under every other path.

use super::not_here;
use crate::app::App;
use crate::dashboard::{EmbeddedFile, media_type};
use crate::http::mounts::is_api;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

/// A file under its path, or the page: which page it shows is decided in the browser.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_api(&request) || !is_read {
        return not_here(request.method().clone(), request.uri().clone()).await.into_response();
    }
    let path = request.uri().path();
    if let Some(file) = app.dashboard.file(path).filter(|file| file.path != "/index.html") {
        return respond(&request, file, None);
    }
    respond(&request, app.dashboard.index(), Some(&app.dashboard.policy))
}

fn respond(request: &Request, file: EmbeddedFile, policy: Option<&str>) -> Response {
    let text =
        |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let cache = if file.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if text(IF_NONE_MATCH).split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, body) = file.encoded(text(ACCEPT_ENCODING));
        let mut response = ([(CONTENT_TYPE, media_type(file.path))], body).into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::from_static(file.etag));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(policy).ok()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        let opener = HeaderName::from_static("cross-origin-opener-policy");
        headers.insert(opener, HeaderValue::from_static("same-origin"));
        // The page may be reached at paths that the API answers to other callers.
        headers.append(VARY, HeaderValue::from_static("accept"));
    }
    response
}
