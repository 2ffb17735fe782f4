//! `GET /api/v2/threads/{thread_id}/traces`: the turns of one conversation.

use super::fields::{Field, RunField, ThreadTraceField};
use super::page::{self, Page};
use super::runs::required_project;
use super::shape::{costs_raw, error_preview, latency_s, tokens_raw};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use crate::routes::costs::dollars;
use crate::routes::filters;
use crate::routes::run_groups::thread_filter;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run, RunId, RunType};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::HashMap;

/// Traces on a page without a word, and at most.
const DEFAULT_PAGE: usize = 20;
const MAX_PAGE: usize = 100;

/// Longest thread whose turns are numbered.
const MAX_NUMBERED: usize = 10_000;

/// The traces of one thread, oldest first: `trace_id` and what `selects` names. The thread's id is any text,
/// percent-encoded.
///
/// For everybody. Up to 100 a page, fewer when they are large; a thread that is not in the project has none.
pub async fn list_thread_traces(
    State(app): State<App>,
    Path(thread_id): Path<String>,
    params: Params,
    headers: HeaderMap,
) -> AppResult<Response> {
    let project = required_project(&params, "project_id")?;
    let fields = ThreadTraceField::select("query", "selects", params.texts("selects"))?;
    let asked = params.text("page_size").map(|size| size.parse().unwrap_or(f64::NAN));
    let size = page::page_size("query", asked, DEFAULT_PAGE, MAX_PAGE)?;
    let own_filter = params.text("filter");
    for name in ["filter", "trace_filter", "tree_filter"] {
        filters::check(name, params.text(name))?;
    }
    let all = turns_of(project, &thread_id);
    let filter = match own_filter {
        Some(own) => format!("and({}, {own})", thread_filter(&thread_id)),
        None => thread_filter(&thread_id),
    };
    let query = RunQuery {
        filter: Some(filter),
        trace_filter: params.text("trace_filter").map(str::to_owned),
        tree_filter: params.text("tree_filter").map(str::to_owned),
        cursor: params.text("cursor").map(str::to_owned),
        select: Some(store_names(&fields)),
        ..all.clone()
    };
    let (roots, next) = page::collect(&app, query, size).await?;
    let numbers = match fields.contains(&ThreadTraceField::TurnNumber) {
        true => number_turns(&app, all).await?,
        false => HashMap::new(),
    };
    let item = |run| ThreadTrace { run, fields: &fields, turn_number: numbers.get(&run.id).copied() };
    Page::new(roots.iter().map(item).collect(), next).respond(&headers)
}

/// The root runs of a thread, oldest first.
pub fn turns_of(project: ProjectId, thread_id: &str) -> RunQuery {
    RunQuery {
        project: Some(project),
        is_root: Some(true),
        filter: Some(thread_filter(thread_id)),
        order: Some(Order::Asc),
        ..RunQuery::default()
    }
}

/// Which turn each root run is, from 1, in the whole thread.
async fn number_turns(app: &App, all: RunQuery) -> AppResult<HashMap<RunId, usize>> {
    let _turn = app.heavy_reads.take().await?;
    let (runs, next) = page::collect(app, RunQuery { select: Some(Vec::new()), ..all }, MAX_NUMBERED).await?;
    if next.is_some() {
        let message = format!("TURN_NUMBER is known in threads of up to {MAX_NUMBERED} turns");
        return Err(AppError::invalid("query", "selects", message));
    }
    Ok(runs.iter().enumerate().map(|(idx, run)| (run.id, idx + 1)).collect())
}

fn store_names(fields: &[ThreadTraceField]) -> Vec<String> {
    let of_run = |field: &ThreadTraceField| match field {
        ThreadTraceField::Inputs => Some(RunField::Inputs),
        ThreadTraceField::Outputs => Some(RunField::Outputs),
        ThreadTraceField::Error => Some(RunField::Error),
        ThreadTraceField::InputsPreview => Some(RunField::InputsPreview),
        ThreadTraceField::OutputsPreview => Some(RunField::OutputsPreview),
        _ => None,
    };
    RunField::store_names(&fields.iter().filter_map(of_run).collect::<Vec<_>>())
}

struct ThreadTrace<'a> {
    run: &'a Run,
    fields: &'a [ThreadTraceField],
    turn_number: Option<usize>,
}

impl Serialize for ThreadTrace<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let run = self.run;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("trace_id", &run.trace_id)?;
        for field in self.fields {
            use ThreadTraceField as Field;
            match field {
                Field::TraceId => {}
                Field::ThreadId => map.serialize_entry("thread_id", &run.thread_id)?,
                Field::Op => map.serialize_entry("op", &op(run.run_type))?,
                Field::PromptTokens => map.serialize_entry("prompt_tokens", &run.prompt_tokens)?,
                Field::CompletionTokens => map.serialize_entry("completion_tokens", &run.completion_tokens)?,
                Field::TotalTokens => map.serialize_entry("total_tokens", &run.total_tokens)?,
                Field::StartTime => map.serialize_entry("start_time", &run.start_time)?,
                Field::EndTime => map.serialize_entry("end_time", &run.end_time)?,
                Field::Latency => map.serialize_entry("latency", &latency_s(run))?,
                Field::FirstTokenTime => map.serialize_entry("first_token_time", &run.first_token_time)?,
                Field::InputsPreview => map.serialize_entry("inputs_preview", &run.inputs_preview)?,
                Field::OutputsPreview => map.serialize_entry("outputs_preview", &run.outputs_preview)?,
                Field::Inputs => map.serialize_entry("inputs", &run.inputs)?,
                Field::Outputs => map.serialize_entry("outputs", &run.outputs)?,
                Field::Error => map.serialize_entry("error", &run.error)?,
                Field::PromptCost => map.serialize_entry("prompt_cost", &dollars(run.prompt_cost))?,
                Field::CompletionCost => map.serialize_entry("completion_cost", &dollars(run.completion_cost))?,
                Field::TotalCost => map.serialize_entry("total_cost", &dollars(run.total_cost))?,
                Field::PromptTokenDetails => {
                    map.serialize_entry("prompt_token_details", &tokens_raw(run.prompt_token_details.as_ref()))?;
                }
                Field::CompletionTokenDetails => {
                    map.serialize_entry(
                        "completion_token_details",
                        &tokens_raw(run.completion_token_details.as_ref()),
                    )?;
                }
                Field::PromptCostDetails => {
                    map.serialize_entry("prompt_cost_details", &costs_raw(run.prompt_cost_details.as_ref()))?;
                }
                Field::CompletionCostDetails => {
                    map.serialize_entry("completion_cost_details", &costs_raw(run.completion_cost_details.as_ref()))?;
                }
                Field::Name => map.serialize_entry("name", &run.name)?,
                Field::ErrorPreview => map.serialize_entry("error_preview", &error_preview(run))?,
                Field::TurnNumber => map.serialize_entry("turn_number", &self.turn_number)?,
            }
        }
        map.end()
    }
}

/// A number for the run type, in the order in which LangSmith's contract lists them.
fn op(run_type: RunType) -> u8 {
    match run_type {
        RunType::Tool => 0,
        RunType::Chain => 1,
        RunType::Llm => 2,
        RunType::Retriever => 3,
        RunType::Embedding => 4,
        RunType::Prompt => 5,
        RunType::Parser => 6,
    }
}
