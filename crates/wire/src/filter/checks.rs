//! What both parsers refuse: too much, and what makes no sense.

use super::ast::{Comparison, Filter, Literal, TextPart};
use super::error::{FilterError, quote, suggestion};
use super::fields::FieldInfo;
use super::words;
use std::ops::Range;

/// The longest filter that is read.
pub const MAX_BYTES: usize = 16 * 1024;
/// How deep `and`, `or`, `not`, `root_run` and `any_run` nest.
pub const MAX_DEPTH: usize = 64;
/// Conditions in one filter.
pub const MAX_CONDITIONS: usize = 500;

pub(super) fn check_size(text: &str) -> Result<(), FilterError> {
    if text.len() <= MAX_BYTES {
        return Ok(());
    }
    let end = text.len();
    Err(FilterError::new(0..end, format!("The filter has {end} bytes; at most {MAX_BYTES} are read.")))
}

/// A deeper level may begin at `span`.
pub(super) fn check_depth(depth: usize, span: &Range<usize>) -> Result<(), FilterError> {
    if depth < MAX_DEPTH {
        return Ok(());
    }
    Err(FilterError::new(span.clone(), format!("Conditions nest at most {MAX_DEPTH} deep.")))
}

pub(super) fn check_count(n_conditions: usize, span: &Range<usize>) -> Result<(), FilterError> {
    if n_conditions <= MAX_CONDITIONS {
        return Ok(());
    }
    Err(FilterError::new(span.clone(), format!("A filter has at most {MAX_CONDITIONS} conditions.")))
}

/// Text to search for, which must have a word in it.
pub(super) fn search(within: Option<TextPart>, text: String, span: Range<usize>) -> Result<Filter, FilterError> {
    match words::Query::of(&text).is_empty() {
        true => Err(FilterError::new(span, format!("There is no word to search for in {}.", quote(&text)))),
        false => Ok(Filter::Search { within, text }),
    }
}

/// `>` and its like compare what has an order.
pub(super) fn check_comparison(
    info: &FieldInfo,
    comparison: Comparison,
    span: &Range<usize>,
) -> Result<(), FilterError> {
    if matches!(comparison, Comparison::Eq | Comparison::Neq) || info.kind.is_ordered() {
        return Ok(());
    }
    Err(FilterError::new(span.clone(), format!("{} has no order: it is equal or not.", info.name)))
}

pub(super) fn check_like(info: &FieldInfo, span: &Range<usize>) -> Result<(), FilterError> {
    match info.kind.is_text() {
        true => Ok(()),
        false => Err(FilterError::new(span.clone(), format!("{} is not a text, so no pattern fits it.", info.name))),
    }
}

/// The longest pattern: fitting a text takes time with both lengths.
const MAX_PATTERN_BYTES: usize = 512;

pub(super) fn check_pattern(pattern: &str, span: Range<usize>) -> Result<(), FilterError> {
    match pattern.len() <= MAX_PATTERN_BYTES {
        true => Ok(()),
        false => Err(FilterError::new(span, format!("A pattern has at most {MAX_PATTERN_BYTES} bytes."))),
    }
}

pub(super) fn check_null(comparison: Comparison, value: &Literal, span: Range<usize>) -> Result<(), FilterError> {
    if matches!(comparison, Comparison::Eq | Comparison::Neq) || !matches!(value, Literal::Null | Literal::Bool(_)) {
        return Ok(());
    }
    Err(FilterError::new(span, "Nothing is greater or less than this: ask whether it is equal or not."))
}

pub(super) fn unknown_field<'n>(name: &str, span: Range<usize>, names: impl Iterator<Item = &'n str>) -> FilterError {
    FilterError::new(span, format!("There is no field {}.{}", quote(name), suggestion(name, names)))
}
