//! `POST /runs/group`: conversations of a project, as LangSmith's v1 API groups them.

use super::costs::dollars;
use super::run_stats::stats_json;
use super::{filters, json_body};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::StatsAnswer;
use fanlight_wire::thread::{Thread, ThreadQuery};
use fanlight_wire::{ProjectId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

/// Groups on a page without a word, and at most.
const DEFAULT_LIMIT: f64 = 10.0;
const MAX_LIMIT: f64 = 100.0;

/// Furthest group that can be counted to: later ones are for cursors (`/api/v2/threads/query`).
const MAX_OFFSET: f64 = 1_000_000.0;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Grouping {
    #[serde(rename = "session_id")]
    project: Option<ProjectId>,
    group_by: Option<String>,
    filter: Option<String>,
    start_time: Option<Timestamp>,
    end_time: Option<Timestamp>,
    offset: Option<f64>,
    limit: Option<f64>,
}

impl Grouping {
    async fn read(app: &App, headers: &HeaderMap, body: Body) -> AppResult<Grouping> {
        let grouping: Grouping = json_body::from_fields(json_body::read_question(app, headers, body).await?)?;
        if grouping.project.is_none() {
            return Err(AppError::invalid("body", "session_id", "is missing"));
        }
        if grouping.group_by.as_deref() != Some("conversation") {
            return Err(AppError::invalid("body", "group_by", "is conversation, and nothing else"));
        }
        filters::check("filter", grouping.filter.as_deref())?;
        Ok(grouping)
    }

    fn threads(&self) -> ThreadQuery {
        ThreadQuery {
            project_id: self.project,
            filter: self.filter.clone(),
            min_start_time: self.start_time,
            max_start_time: self.end_time,
            page_size: Some(self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1.0, MAX_LIMIT) as usize),
            offset: self.offset.unwrap_or(0.0).clamp(0.0, MAX_OFFSET) as usize,
            ..ThreadQuery::default()
        }
    }

    /// The root runs that are grouped.
    fn runs(&self) -> RunQuery {
        let in_a_thread = "neq(thread_id, null)";
        let filter = match self.filter.as_deref().filter(|filter| !filter.trim().is_empty()) {
            Some(filter) => format!("and({in_a_thread}, {filter})"),
            None => in_a_thread.to_owned(),
        };
        RunQuery {
            project: self.project,
            is_root: Some(true),
            filter: Some(filter),
            start_time: self.start_time,
            end_time: self.end_time,
            ..RunQuery::default()
        }
    }
}

/// One page of a project's conversations, those that spoke last first, with how many there are. `filter` holds for the
/// root runs that are counted.
///
/// For everybody; looks at every root run of the project, so a few at a time are answered. At most 100 a page.
pub async fn group_runs(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Value>> {
    let grouping = Grouping::read(&app, &headers, body).await?;
    let _turn = app.heavy_reads.take().await?;
    let page = app.store.query_threads(grouping.threads()).await?;
    let groups: Vec<Value> = page.items.iter().map(group_json).collect();
    Ok(Json(json!({"groups": groups, "total": page.total})))
}

/// Statistics over all turns of all conversations, and how many conversations there are. Same body, same limits.
pub async fn find_group_stats(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Value>> {
    let grouping = Grouping::read(&app, &headers, body).await?;
    let _turn = app.heavy_reads.take().await?;
    let threads = ThreadQuery { page_size: Some(1), offset: 0, ..grouping.threads() };
    let n_groups = app.store.query_threads(threads).await?.total;
    let StatsAnswer::Whole(stats) = app.store.run_stats(grouping.runs(), None).await? else {
        return Err(AppError::unexpected(&anyhow::anyhow!("statistics came in groups that nobody asked for")));
    };
    let mut stats = stats_json(&stats);
    stats["group_count"] = json!(n_groups);
    Ok(Json(stats))
}

fn group_json(thread: &Thread) -> Value {
    json!({
        "group_key": thread.thread_id,
        "filter": thread_filter(&thread.thread_id),
        "count": thread.count,
        "total_tokens": thread.total_tokens,
        "total_cost": dollars(thread.total_cost),
        "min_start_time": thread.min_start_time,
        "max_start_time": thread.max_start_time,
        "latency_p50": thread.latency_p50,
        "latency_p99": thread.latency_p99,
        "feedback_stats": thread.feedback_stats,
        "first_inputs": thread.first_inputs,
        "last_outputs": thread.last_outputs,
        "last_error": thread.last_error,
    })
}

/// The filter that finds the runs of one thread.
pub fn thread_filter(thread_id: &str) -> String {
    format!("eq(thread_id, {})", json!(thread_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_any_size_are_taken_as_the_nearest_possible() {
        let page = |offset, limit| {
            let query = Grouping { offset, limit, ..Grouping::default() }.threads();
            (query.offset, query.page_size.unwrap())
        };
        assert_eq!(page(None, None), (0, 10));
        assert_eq!(page(Some(-4.0), Some(0.0)), (0, 1));
        assert_eq!(page(Some(1e300), Some(1e300)), (1_000_000, 100));
    }

    #[test]
    fn a_threads_name_cannot_leave_its_quotes() {
        assert_eq!(thread_filter(r#"a", b"#), r#"eq(thread_id, "a\", b")"#);
    }
}
