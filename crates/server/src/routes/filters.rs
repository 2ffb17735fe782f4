//! Filters before they are executed: short enough, readable, and if not, where they are wrong.

use super::json_body;
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use fanlight_wire::filter::{self, Filter, FilterError};
use serde_json::{Value, json};

/// The fields of a question that hold a filter.
const FILTER_FIELDS: [&str; 3] = ["filter", "trace_filter", "tree_filter"];

/// 400 with the field, the position and what was expected there; nothing for what is absent or blank.
pub fn check(field: &str, text: Option<&str>) -> AppResult<()> {
    check_with(filter::parse, field, text)
}

/// The same of a filter on projects.
pub fn check_of_projects(field: &str, text: Option<&str>) -> AppResult<()> {
    check_with(filter::parse_of_projects, field, text)
}

type Parse = fn(&str) -> Result<Filter, FilterError>;

fn check_with(parse: Parse, field: &str, text: Option<&str>) -> AppResult<()> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(()) };
    check_length(field, text)?;
    match problem_of(parse, text) {
        Some(problem) => Err(AppError::new(
            axum::http::StatusCode::BAD_REQUEST,
            "bad_filter",
            format!("{field}, character {}: {}", problem.position, problem.message),
        )),
        None => Ok(()),
    }
}

/// 422 when the text is longer than any filter may be.
pub fn check_length(field: &str, text: &str) -> AppResult<()> {
    if text.len() > filter::MAX_BYTES {
        let message = format!("has {} bytes; at most {}", text.len(), filter::MAX_BYTES);
        return Err(AppError::invalid("body", field, message));
    }
    Ok(())
}

struct Problem {
    message: String,
    /// In characters, from 1.
    position: usize,
}

fn problem_of(parse: Parse, text: &str) -> Option<Problem> {
    let error = parse(text).err()?;
    Some(Problem { position: text[..error.span.start].chars().count() + 1, message: error.message })
}

/// `POST /runs/query/validate`: whether the filters of a question can be read, and what is wrong with those that cannot.
///
/// For editors, at every key press; answers 200 either way, in microseconds. Body up to 1 MiB, each filter up to 16 KiB.
pub async fn validate(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Value>> {
    let fields = json_body::read_question(&app, &headers, body).await?;
    let mut errors = Vec::new();
    for field in FILTER_FIELDS {
        match fields.get(field) {
            None => {}
            Some(Value::String(text)) => {
                if let Err(error) = check_length(field, text) {
                    errors.push(json!({"field": field, "message": error.message, "position": null}));
                } else if let Some(problem) = problem_of(filter::parse, text) {
                    errors.push(json!({"field": field, "message": problem.message, "position": problem.position}));
                }
            }
            Some(_) => errors.push(json!({"field": field, "message": "is not a text", "position": null})),
        }
    }
    Ok(Json(json!({"valid": errors.is_empty(), "errors": errors})))
}
