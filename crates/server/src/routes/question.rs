//! What `/runs/query` and everything like it is asked: the body, read with the liberties that clients take.

use super::filters;
use super::json_body::from_fields;
use crate::error::{AppError, AppResult};
use fanlight_wire::run_query::RunQuery;
use serde_json::{Map, Value};

/// Most ids in one list: enough for every page and every trace that people pick, and no question grows without end.
const MAX_IDS: usize = 10_000;

/// Most names of fields to select.
const MAX_SELECTED: usize = 200;

/// The query of a body whose nulls and blanks are gone: one id where a list belongs, words in capitals, limits of any
/// size. 400 for a filter that cannot be read, 422 for a field of the wrong shape.
pub fn run_query(mut fields: Map<String, Value>) -> AppResult<RunQuery> {
    for list in ["id", "session", "reference_example", "select"] {
        if let Some(value) = fields.get_mut(list).filter(|value| !value.is_array()) {
            *value = Value::Array(vec![value.take()]);
        }
    }
    for word in ["order", "run_type", "sort"] {
        if let Some(Value::String(text)) = fields.get_mut(word) {
            *text = text.to_ascii_lowercase();
        }
    }
    if let Some(limit) = fields.get("limit").and_then(Value::as_f64) {
        // Clients pass on whatever number their users wrote; a page has its own idea of how much is too much.
        fields.insert("limit".into(), (limit.clamp(1.0, 100.0) as i64).into());
    }
    let query: RunQuery = from_fields(fields)?;
    check(&query)?;
    Ok(query)
}

fn check(query: &RunQuery) -> AppResult<()> {
    for (field, text) in
        [("filter", &query.filter), ("trace_filter", &query.trace_filter), ("tree_filter", &query.tree_filter)]
    {
        filters::check(field, text.as_deref())?;
    }
    for (field, text) in [("query", &query.query), ("search_filter", &query.search_filter)] {
        filters::check_length(field, text.as_deref().unwrap_or_default())?;
    }
    let lists = [
        ("id", query.ids.as_ref().map_or(0, Vec::len), MAX_IDS),
        ("session", query.projects.as_ref().map_or(0, Vec::len), MAX_IDS),
        ("reference_example", query.reference_example.as_ref().map_or(0, Vec::len), MAX_IDS),
        ("select", query.select.as_ref().map_or(0, Vec::len), MAX_SELECTED),
    ];
    match lists.iter().find(|(_, n, most)| n > most) {
        Some((field, n, most)) => Err(AppError::invalid("body", field, format!("{n} entries; at most {most}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: Value) -> Result<RunQuery, String> {
        let Value::Object(fields) = body else { panic!("an object") };
        run_query(fields).map_err(|error| format!("{:?} {}", error.location, error.message))
    }

    #[test]
    fn liberties_of_clients_are_taken_kindly() {
        let id = "00000000-0000-4000-8000-000000000001";
        let query = read(json!({"session": id, "order": "ASC", "run_type": "LLM", "sort": "Latency", "kw": 1}));
        let expected = read(json!({"session": [id], "order": "asc", "run_type": "llm", "sort": "latency"}));
        assert_eq!(query.unwrap(), expected.unwrap());
    }

    #[test]
    fn absurd_limits_are_clamped() {
        for (limit, expected) in [(json!(1e30), 100), (json!(-5), 1), (json!(0), 1), (json!(i64::MAX), 100)] {
            assert_eq!(read(json!({"limit": limit})).unwrap().limit, Some(expected), "{limit}");
        }
        assert!(read(json!({"limit": "many"})).unwrap_err().contains("limit"));
    }

    #[test]
    fn a_wrong_field_is_named() {
        let error = read(json!({"run_type": "agent", "limit": 3})).unwrap_err();
        assert!(error.starts_with(r#"Some(["body", "run_type"]) unknown variant `agent`"#), "{error}");
        let error = read(json!({"id": vec![uuid::Uuid::nil(); MAX_IDS + 1]})).unwrap_err();
        assert!(error.starts_with(r#"Some(["body", "id"]) 10001 entries"#), "{error}");
    }
}
