//! Why a request was not done. Handlers say what happened; [`crate::http::errors`] gives it the shape the caller expects.

use crate::store::StoreError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub type AppResult<T> = Result<T, AppError>;

/// An answer other than success.
#[derive(Clone, Debug)]
pub struct AppError {
    pub status: StatusCode,
    /// A stable word for our own endpoints, such as `not_found`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// More, where the caller's contract has a place for it.
    pub details: Option<String>,
    /// Which part of the request is wrong: `["query", "limit"]`.
    pub location: Option<Box<[String; 2]>>,
    pub retry_after_s: Option<u32>,
}

impl AppError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        AppError { status, code, message: message.into(), details: None, location: None, retry_after_s: None }
    }

    /// 400: the request cannot be read.
    pub fn malformed(message: impl Into<String>) -> Self {
        AppError::new(StatusCode::BAD_REQUEST, "malformed", message)
    }

    /// 404.
    pub fn not_found(message: impl Into<String>) -> Self {
        AppError::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// 413.
    pub fn too_large(message: impl Into<String>) -> Self {
        AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    /// 422: `part` is `query`, `path` or `body`.
    pub fn invalid(part: &str, field: &str, message: impl Into<String>) -> Self {
        let location = Some(Box::new([part.to_owned(), field.to_owned()]));
        AppError { location, ..AppError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message) }
    }

    /// 501: LangSmith answers this, Fanlight does not.
    pub fn not_implemented(message: impl Into<String>) -> Self {
        AppError::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", message)
    }

    /// 429 with Retry-After.
    pub fn busy(message: impl Into<String>, retry_after_s: u32) -> Self {
        let error = AppError::new(StatusCode::TOO_MANY_REQUESTS, "busy", message);
        AppError { retry_after_s: Some(retry_after_s), ..error }
    }

    /// 500, logged here. The caller is given the request's id, not the cause.
    pub fn unexpected(cause: &anyhow::Error) -> Self {
        tracing::error!(error = format!("{cause:#}"), "unexpected error");
        AppError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "unexpected",
            "something went wrong in the server; its log says what",
        )
    }

    pub fn with_details(self, details: String) -> Self {
        AppError { details: Some(details), ..self }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy { retry_after_s } => AppError::busy(error.to_string(), retry_after_s),
            StoreError::Conflict(message) => AppError::new(StatusCode::CONFLICT, "conflict", message),
            StoreError::NotFound(message) => AppError::not_found(message),
            StoreError::Invalid(message) => AppError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message),
            StoreError::Unexpected(cause) => AppError::unexpected(&cause),
        }
    }
}

impl IntoResponse for AppError {
    /// A response without a body, the error riding along for the layer that shapes it.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
