//! `POST /api/v2/traces/query`, `GET /api/v2/traces/{trace_id}/runs`.

use super::fields::RunField;
use super::page::{self, Page};
use super::runs::{in_small_letters, required_project, selected, selected_in_query};
use super::shape::RunShape;
use super::window::Window;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use crate::routes::costs::{Dollars, dollars};
use crate::routes::{filters, json_body, json_stream, links};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, RunId, Timestamp, TraceId};
use serde::{Deserialize, Serialize};

/// Traces on a page without a word, and at most.
const DEFAULT_PAGE: usize = 20;
const MAX_PAGE: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Question {
    project_id: Option<ProjectId>,
    trace_ids: Option<Vec<TraceId>>,
    trace_filter: Option<String>,
    tree_filter: Option<String>,
    min_start_time: Option<Timestamp>,
    max_start_time: Option<Timestamp>,
    sort_order: Option<Order>,
    page_size: Option<f64>,
    cursor: Option<String>,
    selects: Vec<String>,
}

/// A root run, and what its whole trace amounts to.
#[derive(Serialize)]
struct Trace<'a> {
    root_run: RunShape<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_aggregates: Option<Aggregates>,
}

#[derive(Serialize)]
struct Aggregates {
    #[serde(skip_serializing_if = "Option::is_none")]
    total_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_cost: Option<Option<Dollars>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_token_time: Option<Option<Timestamp>>,
}

/// A page of one project's traces, newest first: the root run with what `selects` names, sums over the whole trace apart.
/// `trace_filter` holds for the root run, `tree_filter` for some run of the trace. Without `min_start_time` the last 24
/// hours are looked at; `max_start_time` is the first instant after the window.
///
/// For everybody. Up to 100 traces a page, fewer when they are large.
pub async fn query_traces(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    let mut asked = json_body::read_question(&app, &headers, body).await?;
    page::refuse_ai(&asked)?;
    in_small_letters(&mut asked, &["sort_order"]);
    let question: Question = json_body::from_fields(asked)?;
    let project = question.project_id.ok_or_else(|| AppError::invalid("body", "project_id", "is missing"))?;
    let size = page::page_size("body", question.page_size, DEFAULT_PAGE, MAX_PAGE)?;
    filters::check("trace_filter", question.trace_filter.as_deref())?;
    filters::check("tree_filter", question.tree_filter.as_deref())?;
    let (of_trace, of_root): (Vec<RunField>, Vec<RunField>) =
        selected(&question.selects)?.into_iter().partition(|field| is_of_trace(*field));
    let window = Window::of(question.min_start_time, question.max_start_time, question.cursor.as_deref())?;
    let query = RunQuery {
        project: Some(project),
        is_root: Some(true),
        ids: question.trace_ids.map(|traces| traces.into_iter().map(RunId::from).collect()),
        filter: question.trace_filter,
        tree_filter: question.tree_filter,
        start_time: window.start,
        end_time: window.last(),
        order: question.sort_order,
        cursor: window.cursor.clone(),
        select: Some(RunField::store_names(&of_root)),
        ..RunQuery::default()
    };
    let (roots, next) = page::collect(&app, query, size).await?;
    let base_url = links::base_url(&headers);
    let trace = |run| Trace {
        root_run: RunShape { run, fields: &of_root, base_url: &base_url },
        trace_aggregates: aggregates(run, &of_trace),
    };
    Page::new(roots.iter().map(trace).collect(), window.next(next)).respond(&headers)
}

fn is_of_trace(field: RunField) -> bool {
    matches!(field, RunField::TotalTokens | RunField::TotalCost | RunField::FirstTokenTime)
}

/// A root's own numbers are those of its trace.
fn aggregates(root: &Run, fields: &[RunField]) -> Option<Aggregates> {
    let has = |field| fields.contains(&field);
    (!fields.is_empty()).then(|| Aggregates {
        total_tokens: has(RunField::TotalTokens).then_some(root.total_tokens),
        total_cost: has(RunField::TotalCost).then(|| dollars(root.total_cost)),
        first_token_time: has(RunField::FirstTokenTime).then_some(root.first_token_time),
    })
}

/// All runs of one trace, oldest first, with what `selects` names; `filter` may leave some out, and so may a window.
///
/// For everybody. The answer is written as the runs are read, so that a trace of any size can be fetched. A trace that is
/// not in the project has no runs.
pub async fn list_trace_runs(
    State(app): State<App>,
    Path(trace_id): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Response> {
    let trace: TraceId = path_id("trace_id", &trace_id)?;
    let project = required_project(&params, "project_id")?;
    let fields = selected_in_query(&params)?;
    let filter = params.text("filter");
    filters::check("filter", filter)?;
    let query = RunQuery {
        project: Some(project),
        trace: Some(trace),
        filter: filter.map(str::to_owned),
        start_time: params.time("min_start_time")?,
        end_time: params.time("max_start_time")?,
        order: Some(Order::Asc),
        select: Some(RunField::store_names(&fields)),
        ..RunQuery::default()
    };
    let base_url = links::base_url(&headers);
    let print = move |run: &Run| serde_json::to_vec(&RunShape { run, fields: &fields, base_url: &base_url });
    json_stream::items(&app, query, print).await
}
