//! Who may call: protects a server without sign-in from the web pages that its owner visits.
//!
//! A page from anywhere can make a browser send requests to 127.0.0.1. Three rules keep it from reading or deleting:
//! the `Host` must be one of ours (DNS rebinding), only writing of traces and feedback is allowed across origins
//! (browser builds of the SDK need it), and whatever else a browser sends must come from our own pages.

use crate::app::App;
use crate::error::AppError;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const ALLOWED_HEADERS: &str = "x-api-key, content-type, content-encoding, x-tenant-id, authorization";

/// Refuses what must not pass, answers preflights, and marks what other origins may read.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = host_of(&request);
    if let Some(allowed) = &app.config.allowed_hosts
        && !host.as_deref().is_some_and(|host| allowed.iter().any(|name| name.eq_ignore_ascii_case(without_port(host))))
    {
        return refuse(format!(
            "this server does not answer to the name {:?}; name it with --allow-host if it should",
            host.unwrap_or_default()
        ));
    }
    if *request.method() == Method::OPTIONS {
        return preflight(&request);
    }
    let is_shared = is_open_to_other_origins(request.method(), request.uri().path());
    if !is_shared && comes_from_another_origin(headers, host.as_deref(), &app.config.allowed_origins) {
        return refuse("pages from other origins may send traces and feedback, and nothing else".into());
    }
    let is_from_page = headers.contains_key(header::ORIGIN);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_shared && is_from_page {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    // JSON opened in a tab must never be taken for a page, nor embedded by one.
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", if is_shared { "cross-origin" } else { "same-origin" }),
        ("x-frame-options", "DENY"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What the SDK does in a browser: sends runs and feedback, and asks what the server can do.
fn is_open_to_other_origins(method: &Method, path: &str) -> bool {
    let Some(path) = path.strip_prefix("/api/v1") else { return false };
    match *method {
        Method::GET => matches!(path, "/info" | "/ok"),
        Method::POST => matches!(path, "/runs" | "/runs/batch" | "/runs/multipart" | "/feedback"),
        Method::PATCH => path.strip_prefix("/runs/").is_some_and(|id| !id.contains('/')),
        _ => false,
    }
}

/// Browsers say where a request comes from; programs say nothing, and are let through.
fn comes_from_another_origin(headers: &HeaderMap, host: Option<&str>, allowed: &[String]) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(origin) = text(header::ORIGIN) {
        if allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)) {
            return false;
        }
        // `null` (sandboxed frames, files) is nobody we know.
        let origin_host = origin.split_once("://").map(|(_, host)| host);
        return origin_host.is_none() || origin_host.map(str::to_ascii_lowercase) != host.map(str::to_ascii_lowercase);
    }
    // Links from elsewhere may open pages and shared URLs: navigation shows, but hands nothing to the page it came from.
    let is_navigation = text(HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
    text(HeaderName::from_static("sec-fetch-site")) == Some("cross-site") && !is_navigation
}

fn preflight(request: &Request) -> Response {
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD).and_then(|method| method.to_str().ok());
    let method = wanted.and_then(|method| method.parse::<Method>().ok());
    let Some(method) = method.filter(|method| is_open_to_other_origins(method, request.uri().path())) else {
        return refuse("pages from other origins may send traces and feedback, and nothing else".into());
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let allowed_method = HeaderValue::from_str(method.as_str()).expect("a method is a header value");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, allowed_method);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

fn refuse(message: String) -> Response {
    AppError::new(StatusCode::FORBIDDEN, "forbidden", message).into_response()
}

/// The name and port the caller used.
pub fn host_of(request: &Request) -> Option<String> {
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    header.or(request.uri().authority().map(|authority| authority.as_str())).map(str::to_owned)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        // The colons of `[::1]` are no port.
        Some((name, port)) if !port.ends_with(']') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_taken_off_names_and_addresses() {
        let names: Vec<_> = ["localhost:1984", "localhost", "[::1]:80", "[::1]"].map(without_port).into();
        assert_eq!(names, ["localhost", "localhost", "[::1]", "[::1]"]);
    }

    #[track_caller]
    fn check_origin(origin: &str, is_other: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        assert_eq!(
            comes_from_another_origin(&headers, Some("localhost:1984"), &["http://dev:8080".into()]),
            is_other,
            "{origin}"
        );
    }

    #[test]
    fn only_our_own_origin_is_ours() {
        check_origin("http://localhost:1984", false);
        check_origin("http://localhost:3000", true);
        check_origin("https://evil.example", true);
        check_origin("null", true);
        check_origin("http://dev:8080", false);
    }
}
