//! `POST /runs/stats`: what the runs of a query amount to.

use super::costs::costs_as_numbers;
use super::{json_body, question};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use fanlight_wire::run_stats::{GroupAttribute, GroupBy, RunStats, StatsAnswer};
use serde_json::{Map, Value, json};

const MAX_GROUPS: usize = 100;

/// Statistics of all runs that a query finds, or of its largest groups with `group_by`: 5 unless `max_groups` says
/// otherwise, at most 100. Latencies in seconds, costs as numbers. Never an empty object, whatever was found: clients
/// take that for no answer.
///
/// For everybody; looks at every run of the query, so a few at a time are answered and others wait, then get 429.
/// Body up to 1 MiB. `limit`, `cursor`, `order` and `select` do not count.
pub async fn find_run_stats(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Value>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let group_by = read_group_by(fields.remove("group_by"))?;
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(match app.store.run_stats(query, group_by).await? {
        StatsAnswer::Whole(stats) => stats_json(&stats),
        StatsAnswer::Grouped(groups) => {
            Value::Object(groups.iter().map(|(group, stats)| (group.clone(), stats_json(stats))).collect())
        }
    }))
}

fn read_group_by(value: Option<Value>) -> AppResult<Option<GroupBy>> {
    let Some(value) = value else { return Ok(None) };
    let mut group_by: GroupBy =
        serde_json::from_value(value).map_err(|error| AppError::invalid("body", "group_by", error.to_string()))?;
    if group_by.attribute == GroupAttribute::Metadata && group_by.path.as_deref().is_none_or(str::is_empty) {
        return Err(AppError::invalid("body", "group_by", "path must name the metadata key"));
    }
    group_by.max_groups = group_by.max_groups.map(|n| n.clamp(1, MAX_GROUPS));
    Ok(Some(group_by))
}

/// Statistics in the shape of the contract.
pub fn stats_json(stats: &RunStats) -> Value {
    let Ok(Value::Object(mut object)) = serde_json::to_value(stats) else {
        unreachable!("statistics are a plain struct");
    };
    costs_as_numbers(&mut object, &["total_cost", "prompt_cost", "completion_cost", "cost_p50", "cost_p99"]);
    if stats.feedback_stats.is_none() {
        object.insert("feedback_stats".into(), Value::Object(Map::new()));
    }
    object.insert("run_facets".into(), json!([]));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_runs_are_still_an_answer() {
        let stats = stats_json(&RunStats::default());
        assert_eq!((&stats["run_count"], &stats["latency_p50"]), (&json!(0), &Value::Null));
    }

    #[test]
    fn groups_have_an_attribute_and_metadata_a_key() {
        let read = |value: Value| read_group_by(Some(value)).map_err(|error| error.message);
        let group_by = read(json!({"attribute": "metadata", "path": "env", "max_groups": 100_000})).unwrap().unwrap();
        assert_eq!((group_by.path.as_deref(), group_by.max_groups), (Some("env"), Some(100)));
        assert_eq!(read(json!({"attribute": "metadata"})).unwrap_err(), "path must name the metadata key");
        assert!(read(json!({"attribute": "colour"})).unwrap_err().starts_with("unknown variant `colour`"));
    }
}
