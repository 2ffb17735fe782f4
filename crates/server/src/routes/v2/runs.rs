//! `POST /api/v2/runs/query`, `GET /api/v2/runs/{run_id}`.

use super::fields::{Field, RunField};
use super::page::{self, Page};
use super::shape::RunShape;
use super::window::Window;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use crate::routes::{filters, json_body, links};
use crate::store::ProjectFilter;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, RunId, RunType, Timestamp, TraceId};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Runs on a page without a word, and at most.
const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1000;

/// Most projects or ids in one question.
const MAX_IDS: usize = 10_000;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Question {
    project_ids: Option<Vec<ProjectId>>,
    reference_dataset_id: Option<Uuid>,
    ids: Option<Vec<RunId>>,
    trace_id: Option<TraceId>,
    is_root: Option<bool>,
    run_type: Option<RunType>,
    has_error: Option<bool>,
    filter: Option<String>,
    trace_filter: Option<String>,
    tree_filter: Option<String>,
    reference_examples: Option<Vec<Uuid>>,
    min_start_time: Option<Timestamp>,
    max_start_time: Option<Timestamp>,
    sort_order: Option<Order>,
    page_size: Option<f64>,
    cursor: Option<String>,
    selects: Vec<String>,
}

/// A page of runs of some projects, or of the experiments on a dataset, newest first. Only what `selects` names is
/// returned, `id` without it. Without `min_start_time` the last 24 hours are looked at (with `reference_dataset_id`,
/// everything); both bounds belong to the window.
///
/// For everybody. Up to 1,000 runs a page, fewer when they are large; body up to 1 MiB, each filter up to 16 KiB.
/// `include_subtree_usage` makes no difference: tokens and costs always include everything below a run.
pub async fn query_runs(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    let mut asked = json_body::read_question(&app, &headers, body).await?;
    page::refuse_ai(&asked)?;
    in_small_letters(&mut asked, &["run_type", "sort_order"]);
    let question: Question = json_body::from_fields(asked)?;
    let fields = selected(&question.selects)?;
    let size = page::page_size("body", question.page_size, DEFAULT_PAGE, MAX_PAGE)?;
    for (name, filter) in
        [("filter", &question.filter), ("trace_filter", &question.trace_filter), ("tree_filter", &question.tree_filter)]
    {
        filters::check(name, filter.as_deref())?;
    }
    check_counts(&question)?;

    let (start, end, cursor) = (question.min_start_time, question.max_start_time, question.cursor.as_deref());
    let (projects, window) = match (&question.project_ids, question.reference_dataset_id) {
        (Some(projects), None) if !projects.is_empty() => (projects.clone(), Window::of(start, end, cursor)?),
        (None, Some(dataset)) => (experiments_on(&app, dataset).await?, Window::unbounded(start, end, cursor)),
        _ => {
            let message = "give either project_ids or reference_dataset_id";
            return Err(AppError::invalid("body", "project_ids", message));
        }
    };
    if projects.is_empty() {
        return Page::<Value>::new(Vec::new(), None).respond(&headers);
    }
    let query = RunQuery {
        projects: Some(projects),
        ids: question.ids,
        trace: question.trace_id,
        is_root: question.is_root,
        run_type: question.run_type,
        error: question.has_error,
        filter: question.filter,
        trace_filter: question.trace_filter,
        tree_filter: question.tree_filter,
        reference_example: question.reference_examples,
        start_time: window.start,
        end_time: window.end,
        order: question.sort_order,
        cursor: window.cursor.clone(),
        select: Some(RunField::store_names(&fields)),
        ..RunQuery::default()
    };
    let (runs, next) = page::collect(&app, query, size).await?;
    respond_runs(&runs, &fields, window.next(next), &headers)
}

fn respond_runs(runs: &[Run], fields: &[RunField], next: Option<String>, headers: &HeaderMap) -> AppResult<Response> {
    let base_url = links::base_url(headers);
    let items = runs.iter().map(|run| RunShape { run, fields, base_url: &base_url }).collect();
    Page::new(items, next).respond(headers)
}

/// Without a word only the id.
pub fn selected(words: &[String]) -> AppResult<Vec<RunField>> {
    match RunField::select("body", "selects", words.iter().map(String::as_str))? {
        fields if fields.is_empty() => Ok(vec![RunField::Id]),
        fields => Ok(fields),
    }
}

/// Enums come in capitals here; the wire has them in small letters.
pub fn in_small_letters(asked: &mut Map<String, Value>, words: &[&str]) {
    for word in words {
        if let Some(Value::String(text)) = asked.get_mut(*word) {
            *text = text.to_ascii_lowercase();
        }
    }
}

fn check_counts(question: &Question) -> AppResult<()> {
    let counts = [
        ("project_ids", question.project_ids.as_ref().map_or(0, Vec::len)),
        ("ids", question.ids.as_ref().map_or(0, Vec::len)),
        ("reference_examples", question.reference_examples.as_ref().map_or(0, Vec::len)),
    ];
    match counts.iter().find(|(_, n)| *n > MAX_IDS) {
        Some((name, n)) => Err(AppError::invalid("body", name, format!("{n} entries; at most {MAX_IDS}"))),
        None => Ok(()),
    }
}

/// The projects that ran over a dataset.
async fn experiments_on(app: &App, dataset: Uuid) -> AppResult<Vec<ProjectId>> {
    let mut filter = ProjectFilter { reference_datasets: Some(vec![dataset]), limit: 100, ..ProjectFilter::default() };
    let mut found = Vec::new();
    loop {
        let page = app.store.list_projects(filter.clone()).await?;
        found.extend(page.iter().map(|project| project.id));
        if page.len() < filter.limit || found.len() >= MAX_IDS {
            return Ok(found);
        }
        filter.offset += filter.limit;
    }
}

/// One run of the project `project_id`, with what `selects` names. 404 when it is not there, or in another project.
///
/// For everybody, as often as they like.
pub async fn find_run(
    State(app): State<App>,
    Path(run_id): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Response> {
    let run_id: RunId = path_id("run_id", &run_id)?;
    let project = required_project(&params, "project_id")?;
    let fields = selected_in_query(&params)?;
    let query = RunQuery {
        ids: Some(vec![run_id]),
        project: Some(project),
        select: Some(RunField::store_names(&fields)),
        limit: Some(1),
        ..RunQuery::default()
    };
    let found = app.store.query_runs(query).await?.runs;
    let run = found.first().ok_or_else(|| AppError::not_found(format!("the project has no run {run_id}")))?;
    let base_url = links::base_url(&headers);
    let shape = RunShape { run, fields: &fields, base_url: &base_url };
    let body = serde_json::to_vec(&shape).map_err(|error| AppError::unexpected(&error.into()))?;
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

pub fn selected_in_query(params: &Params) -> AppResult<Vec<RunField>> {
    match RunField::select("query", "selects", params.texts("selects"))? {
        fields if fields.is_empty() => Ok(vec![RunField::Id]),
        fields => Ok(fields),
    }
}

pub fn required_project(params: &Params, name: &str) -> AppResult<ProjectId> {
    params.id(name)?.ok_or_else(|| AppError::invalid("query", name, "is missing"))
}
