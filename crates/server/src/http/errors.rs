//! One error, four shapes: each contract's clients read their own.

use crate::error::AppError;
use crate::http::request_log::RequestId;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::any::Any;

/// Who is asking, so that they can read the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// `{"detail": …}`: LangSmith's v1 API.
    Detail,
    /// `{"error", "details"}`: LangSmith's ingest and platform endpoints.
    Ingest,
    /// `application/problem+json` (RFC 7807): LangSmith's v2 API.
    Problem,
    /// [`fanlight_wire::Error`]: our own.
    Fanlight,
}

impl Shape {
    /// `path` is the canonical one (see [`super::mounts`]).
    fn of(method: &Method, path: &str) -> Shape {
        if path.starts_with("/api/v2") {
            return Shape::Problem;
        }
        let Some(v1) = path.strip_prefix("/api/v1") else { return Shape::Fanlight };
        let writes_runs = match *method {
            Method::POST => matches!(v1, "/runs" | "/runs/batch" | "/runs/multipart"),
            Method::PATCH => v1.starts_with("/runs/"),
            _ => false,
        };
        if writes_runs || v1.starts_with("/platform/") { Shape::Ingest } else { Shape::Detail }
    }
}

/// Gives every error response a body in the caller's shape.
pub async fn shape(request: Request, next: Next) -> Response {
    let shape = Shape::of(request.method(), request.uri().path());
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let error = response.extensions_mut().remove::<AppError>().unwrap_or_else(|| {
        // Refusals of the framework itself carry no `AppError`.
        AppError::new(status, "refused", status.canonical_reason().unwrap_or("refused").to_lowercase())
    });
    let (content_type, body) = body_of(&error, shape, &request_id);
    let headers = response.headers_mut();
    headers.remove(axum::http::header::CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(retry_after_s) = error.retry_after_s {
        headers.insert(RETRY_AFTER, retry_after_s.into());
    }
    if matches!(status, StatusCode::CONFLICT | StatusCode::NOT_IMPLEMENTED) {
        // Generated clients would repeat these, to no avail.
        headers.insert("x-should-retry", HeaderValue::from_static("false"));
    }
    *response.body_mut() = Body::from(body.to_string());
    response
}

fn body_of(error: &AppError, shape: Shape, request_id: &str) -> (&'static str, Value) {
    let message = match error.status {
        StatusCode::INTERNAL_SERVER_ERROR => format!("{} (request {request_id})", error.message),
        _ => error.message.clone(),
    };
    // Where a shape has no place for the field that is wrong, the sentence begins with it.
    let located = || match error.location.as_deref() {
        Some([_, field]) if !field.is_empty() => format!("{field}: {message}"),
        _ => message.clone(),
    };
    match shape {
        Shape::Detail => (
            "application/json",
            match &error.location {
                Some(location) => json!({"detail": [{"loc": location, "msg": message, "type": "value_error"}]}),
                None => json!({"detail": message}),
            },
        ),
        Shape::Ingest => (
            "application/json",
            match &error.details {
                Some(details) => json!({"error": message, "details": details}),
                None => json!({"error": message}),
            },
        ),
        Shape::Problem => (
            "application/problem+json",
            json!({
                "type": format!("about:blank#{}", error.code),
                "title": error.status.canonical_reason().unwrap_or("Error"),
                "status": error.status.as_u16(),
                "detail": located(),
            }),
        ),
        Shape::Fanlight => {
            let request_id = request_id.to_owned();
            let body = fanlight_wire::Error { code: error.code.to_owned(), message: located(), request_id };
            ("application/json", json!(body))
        }
    }
}

/// A panic in a handler is a bug: it is logged and answered with 500, and the server goes on.
pub fn from_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    AppError::unexpected(&anyhow::anyhow!("a handler panicked: {}", text.unwrap_or("no message"))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_of_paths_has_its_shape() {
        let shape = |method, path| Shape::of(&method, path);
        assert_eq!(shape(Method::POST, "/api/v1/runs/batch"), Shape::Ingest);
        assert_eq!(shape(Method::PATCH, "/api/v1/runs/x"), Shape::Ingest);
        assert_eq!(shape(Method::GET, "/api/v1/runs/x"), Shape::Detail);
        assert_eq!(shape(Method::POST, "/api/v1/runs/query"), Shape::Detail);
        assert_eq!(shape(Method::POST, "/api/v1/platform/datasets"), Shape::Ingest);
        assert_eq!(shape(Method::GET, "/api/v2/runs/x/url"), Shape::Problem);
        assert_eq!(shape(Method::GET, "/api/fanlight/v1/live"), Shape::Fanlight);
    }
}
