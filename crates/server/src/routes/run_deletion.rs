//! `POST /runs/delete`: traces that must go, by id or by what their metadata says.

use super::{filters, json_body};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, TraceId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// LangSmith's own limit on ids in one request.
const MAX_TRACES: usize = 1000;

/// Pairs of metadata in one request: each becomes a part of one filter.
const MAX_PAIRS: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Deletion {
    #[serde(rename = "session_id")]
    project: Option<ProjectId>,
    trace_ids: Option<Vec<TraceId>>,
    metadata: Option<Map<String, Value>>,
}

/// Deletes whole traces with their payloads, attachments and feedback: those of `trace_ids` in the project
/// `session_id`, or every trace with a run that has one of the `metadata` pairs, in that project or all.
///
/// For whoever may delete a project; there is no way back. At most 1,000 ids, at most 100 pairs. Answers 202 when nobody
/// can see the traces any more; their bytes go in the background (`GET /api/fanlight/v1/storage` counts what is left).
pub async fn delete_traces(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<(StatusCode, Json<Value>)> {
    let deletion: Deletion = json_body::from_fields(json_body::read_question(&app, &headers, body).await?)?;
    let n_runs = match (deletion.trace_ids, deletion.metadata) {
        (Some(traces), None) => {
            let project = deletion.project.ok_or_else(|| AppError::invalid("body", "session_id", "is missing"))?;
            if traces.len() > MAX_TRACES {
                let message = format!("{} ids; at most {MAX_TRACES} in one request", traces.len());
                return Err(AppError::invalid("body", "trace_ids", message));
            }
            app.store.delete_traces(project, traces).await?
        }
        (None, Some(metadata)) => {
            let _turn = app.heavy_reads.take().await?;
            delete_by_metadata(&app, deletion.project, &metadata).await?
        }
        _ => return Err(AppError::invalid("body", "trace_ids", "give either trace_ids or metadata")),
    };
    Ok((StatusCode::ACCEPTED, Json(json!({"message": "deleted", "n_runs": n_runs}))))
}

/// Page after page from the start: what was deleted is not found again.
async fn delete_by_metadata(app: &App, project: Option<ProjectId>, metadata: &Map<String, Value>) -> AppResult<u64> {
    let filter = filter_from_metadata(metadata)?;
    filters::check("metadata", Some(&filter))?;
    let query = RunQuery { project, filter: Some(filter), select: Some(Vec::new()), ..RunQuery::default() };
    let mut n_deleted = 0;
    loop {
        let page = app.store.query_runs(query.clone()).await?;
        let mut traces: BTreeMap<ProjectId, Vec<TraceId>> = BTreeMap::new();
        for run in page.runs {
            let of_project = traces.entry(run.project_id).or_default();
            if !of_project.contains(&run.trace_id) {
                of_project.push(run.trace_id);
            }
        }
        let n_before = n_deleted;
        for (project, traces) in traces {
            n_deleted += app.store.delete_traces(project, traces).await?;
        }
        // A store that finds what it cannot delete would keep us here for ever.
        if n_deleted == n_before {
            return Ok(n_deleted);
        }
    }
}

fn filter_from_metadata(metadata: &Map<String, Value>) -> AppResult<String> {
    let values = |value: &Value| match value {
        Value::Array(values) => values.clone(),
        one => vec![one.clone()],
    };
    let pairs: Vec<(&String, Value)> =
        metadata.iter().flat_map(|(key, value)| values(value).into_iter().map(move |value| (key, value))).collect();
    if pairs.is_empty() || pairs.len() > MAX_PAIRS {
        let message = format!("{} pairs; at least 1 and at most {MAX_PAIRS}", pairs.len());
        return Err(AppError::invalid("body", "metadata", message));
    }
    if pairs.iter().any(|(_, value)| !(value.is_string() || value.is_number() || value.is_boolean())) {
        return Err(AppError::invalid(
            "body",
            "metadata",
            "values are texts, numbers, true or false, or lists of these",
        ));
    }
    let conditions: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("and(eq(metadata_key, {}), eq(metadata_value, {value}))", json!(key)))
        .collect();
    Ok(format!("or({})", conditions.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(metadata: Value) -> Result<String, String> {
        let Value::Object(metadata) = metadata else { panic!("an object") };
        filter_from_metadata(&metadata).map_err(|error| error.message)
    }

    #[test]
    fn any_pair_is_enough() {
        assert_eq!(
            filter(json!({"user \"id\"": ["a", 2]})).unwrap(),
            r#"or(and(eq(metadata_key, "user \"id\""), eq(metadata_value, "a")), and(eq(metadata_key, "user \"id\""), eq(metadata_value, 2)))"#
        );
    }

    #[test]
    fn nothing_at_all_deletes_nothing() {
        assert_eq!(filter(json!({})).unwrap_err(), "0 pairs; at least 1 and at most 100");
        assert!(filter(json!({"a": {"b": 1}})).is_err());
        assert!(filter(json!({"a": []})).is_err());
    }
}
