//! One value out of metadata, inputs, outputs or feedback, and tests on it.

use super::like::like;
use crate::filter::ast::{Comparison, Literal, TestKind};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A JSON value as tests see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScalarRef<'a> {
    Null,
    Bool(bool),
    /// A number without a fraction, so that long ids keep all their digits as text.
    Int(i64),
    Float(f64),
    Text(&'a str),
    /// An array or an object: not null, but equal to nothing and without an order.
    Composite,
}

impl ScalarRef<'_> {
    /// What texts are compared with: `true`, `1` (of 1.0 too), `0.5`. Null and composite values have none.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            ScalarRef::Null | ScalarRef::Composite => return None,
            ScalarRef::Bool(true) => Cow::Borrowed("true"),
            ScalarRef::Bool(false) => Cow::Borrowed("false"),
            ScalarRef::Int(number) => Cow::Owned(number.to_string()),
            ScalarRef::Float(number) => Cow::Owned(number.to_string()),
            ScalarRef::Text(text) => Cow::Borrowed(text),
        })
    }

    fn number(&self) -> Option<f64> {
        match self {
            ScalarRef::Int(number) => Some(*number as f64),
            ScalarRef::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// How it compares to a literal: numbers to numbers, booleans to booleans, texts to the text of any scalar.
    fn compare(&self, literal: &Literal) -> Option<Ordering> {
        match literal {
            Literal::Number(other) => self.number()?.partial_cmp(other),
            Literal::Text(other) => Some(self.text()?.as_ref().cmp(other.as_str())),
            Literal::Bool(other) => match self {
                ScalarRef::Bool(value) => Some(value.cmp(other)),
                _ => None,
            },
            _ => None,
        }
    }
}

impl<'a> From<&'a Value> for ScalarRef<'a> {
    fn from(json: &'a Value) -> Self {
        match json {
            Value::Null => ScalarRef::Null,
            Value::Bool(value) => ScalarRef::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(int) => ScalarRef::Int(int),
                None => ScalarRef::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => ScalarRef::Text(text),
            Value::Array(_) | Value::Object(_) => ScalarRef::Composite,
        }
    }
}

/// Whether a value passes a test. `neq` is the opposite of `eq`, so it holds for values of another kind, null included.
pub fn test_value(test: &TestKind, value: &ScalarRef) -> bool {
    match test {
        TestKind::Compare(comparison, Literal::Null) => holds_of_null(*comparison, *value == ScalarRef::Null),
        TestKind::Compare(comparison, literal) => holds(*comparison, value.compare(literal)),
        TestKind::In(literals) => literals.iter().any(|literal| holds(Comparison::Eq, value.compare(literal))),
        TestKind::Like(pattern) => value.text().is_some_and(|text| like(pattern, &text)),
    }
}

/// Whether a comparison holds of what the value compared to the literal as; `None` when they cannot be compared, absent
/// values included.
pub fn holds(comparison: Comparison, ordering: Option<Ordering>) -> bool {
    match (comparison, ordering) {
        (Comparison::Neq, ordering) => ordering != Some(Ordering::Equal),
        (_, None) => false,
        (Comparison::Eq, Some(ordering)) => ordering.is_eq(),
        (Comparison::Gt, Some(ordering)) => ordering.is_gt(),
        (Comparison::Gte, Some(ordering)) => ordering.is_ge(),
        (Comparison::Lt, Some(ordering)) => ordering.is_lt(),
        (Comparison::Lte, Some(ordering)) => ordering.is_le(),
    }
}

/// The same for a comparison with null, which is about presence only.
pub fn holds_of_null(comparison: Comparison, is_null: bool) -> bool {
    match comparison {
        Comparison::Eq => is_null,
        Comparison::Neq => !is_null,
        _ => false,
    }
}

/// Calls `on_scalar` with each scalar of `json` and its path: dots between keys, positions in arrays left out.
///
/// `{"messages": [{"content": "a"}, {"content": "b"}]}` has `messages.content` twice. Empty arrays and objects have
/// nothing; a scalar on its own has the empty path.
pub fn flatten(json: &Value, mut on_scalar: impl FnMut(&str, ScalarRef)) {
    walk(json, &mut String::new(), &mut on_scalar);
}

fn walk(json: &Value, path: &mut String, on_scalar: &mut dyn FnMut(&str, ScalarRef)) {
    match json {
        Value::Array(items) => items.iter().for_each(|item| walk(item, path, on_scalar)),
        Value::Object(entries) => {
            for (key, value) in entries {
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                walk(value, path, on_scalar);
                path.truncate(length);
            }
        }
        scalar => on_scalar(path, ScalarRef::from(scalar)),
    }
}

/// Equality of JSON where 1 equals 1.0.
pub fn is_equal_json(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_equal_json(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| is_equal_json(value, other)))
        }
        (left, right) => left == right,
    }
}
