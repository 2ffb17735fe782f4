//! `GET /api/v2/threads/{thread_id}/stats`, `POST /api/v2/threads/stats`: what conversations amount to.

use super::fields::{Field, ThreadStat, ThreadsStat};
use super::runs::required_project;
use super::shape::{costs_raw, feedback_json, seconds_between, tokens_raw};
use super::thread_traces::turns_of;
use super::threads::Question;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use crate::routes::costs::dollars;
use crate::routes::filters;
use crate::routes::run_groups::thread_filter;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::{RunStats, StatsAnswer};
use fanlight_wire::{Run, Timestamp, Usd};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What `selects` names of one thread; `turns` is 0 when the project has no such thread. `filter` may leave turns out.
///
/// For everybody; reads a row for every turn, so a few at a time are answered.
pub async fn find_thread_stats(
    State(app): State<App>,
    Path(thread_id): Path<String>,
    params: Params,
) -> AppResult<Json<Value>> {
    let project = required_project(&params, "session_id")?;
    let stats = ThreadStat::select("query", "selects", params.texts("selects"))?;
    if stats.is_empty() {
        return Err(AppError::invalid("query", "selects", "is missing"));
    }
    filters::check("filter", params.text("filter"))?;
    let mut query = turns_of(project, &thread_id);
    if let Some(own) = params.text("filter") {
        query.filter = Some(format!("and({}, {own})", thread_filter(&thread_id)));
    }
    let _turn = app.heavy_reads.take().await?;
    let feedback = match stats.contains(&ThreadStat::FeedbackStats) {
        true => whole(&app, query.clone()).await?.feedback_stats,
        false => None,
    };
    let mut sums = Sums::default();
    query.select = Some(Vec::new());
    loop {
        let page = app.store.query_runs(query.clone()).await?;
        page.runs.iter().for_each(|run| sums.add(run));
        query.cursor = page.cursors.next;
        if query.cursor.is_none() {
            break;
        }
    }
    sums.latencies_s.sort_unstable_by(f64::total_cmp);
    let mut answer = Map::new();
    for stat in stats {
        let (name, value) = match stat {
            ThreadStat::FeedbackStats => {
                ("feedback_stats", json!(feedback_json(feedback.as_ref()).unwrap_or(json!({}))))
            }
            other => sums.value(other),
        };
        answer.insert(name.into(), value);
    }
    Ok(Json(Value::Object(answer)))
}

/// Over the turns of one thread.
#[derive(Default)]
struct Sums {
    n_turns: u64,
    first_start: Option<Timestamp>,
    last_start: Option<Timestamp>,
    last_end: Option<Timestamp>,
    latencies_s: Vec<f64>,
    /// Prompt, completion, total.
    tokens: [i64; 3],
    costs: [Option<Usd>; 3],
    /// Prompt, completion.
    token_details: [BTreeMap<String, i64>; 2],
    cost_details: [BTreeMap<String, Usd>; 2],
}

impl Sums {
    fn add(&mut self, run: &Run) {
        self.n_turns += 1;
        self.first_start = Some(self.first_start.map_or(run.start_time, |first| first.min(run.start_time)));
        self.last_start = self.last_start.max(Some(run.start_time));
        self.last_end = self.last_end.max(run.end_time);
        self.latencies_s.extend(seconds_between(run.start_time, run.end_time));
        for (sum, n) in self.tokens.iter_mut().zip([run.prompt_tokens, run.completion_tokens, run.total_tokens]) {
            *sum = sum.saturating_add(n);
        }
        for (sum, cost) in self.costs.iter_mut().zip([run.prompt_cost, run.completion_cost, run.total_cost]) {
            if let Some(cost) = cost {
                *sum = Some(sum.unwrap_or_default() + cost);
            }
        }
        let tokens = [&run.prompt_token_details, &run.completion_token_details];
        for (sums, details) in self.token_details.iter_mut().zip(tokens) {
            for (category, n) in details.iter().flatten() {
                let sum = sums.entry(category.clone()).or_default();
                *sum = sum.saturating_add(*n);
            }
        }
        let costs = [&run.prompt_cost_details, &run.completion_cost_details];
        for (sums, details) in self.cost_details.iter_mut().zip(costs) {
            for (category, cost) in details.iter().flatten() {
                *sums.entry(category.clone()).or_default() += *cost;
            }
        }
    }

    /// `latencies_s` ascends.
    fn value(&self, stat: ThreadStat) -> (&'static str, Value) {
        let percentile = |rank| json!(percentile(&self.latencies_s, rank));
        match stat {
            ThreadStat::Turns => ("turns", json!(self.n_turns)),
            ThreadStat::FirstStartTime => ("first_start_time", json!(self.first_start)),
            ThreadStat::LastStartTime => ("last_start_time", json!(self.last_start)),
            ThreadStat::LastEndTime => ("last_end_time", json!(self.last_end)),
            ThreadStat::LatencyP50 => ("latency_p50_seconds", percentile(0.5)),
            ThreadStat::LatencyP99 => ("latency_p99_seconds", percentile(0.99)),
            ThreadStat::PromptTokens => ("prompt_tokens", json!(self.tokens[0])),
            ThreadStat::CompletionTokens => ("completion_tokens", json!(self.tokens[1])),
            ThreadStat::TotalTokens => ("total_tokens", json!(self.tokens[2])),
            ThreadStat::PromptCost => ("prompt_cost", json!(dollars(self.costs[0]))),
            ThreadStat::CompletionCost => ("completion_cost", json!(dollars(self.costs[1]))),
            ThreadStat::TotalCost => ("total_cost", json!(dollars(self.costs[2]))),
            ThreadStat::PromptTokenDetails => ("prompt_token_details", json!(tokens_raw(Some(&self.token_details[0])))),
            ThreadStat::CompletionTokenDetails => {
                ("completion_token_details", json!(tokens_raw(Some(&self.token_details[1]))))
            }
            ThreadStat::PromptCostDetails => ("prompt_cost_details", json!(costs_raw(Some(&self.cost_details[0])))),
            ThreadStat::CompletionCostDetails => {
                ("completion_cost_details", json!(costs_raw(Some(&self.cost_details[1]))))
            }
            ThreadStat::FeedbackStats => ("feedback_stats", Value::Null),
        }
    }
}

/// Between the neighbours where the rank falls between two. `sorted` ascends.
fn percentile(sorted: &[f64], rank: f64) -> Option<f64> {
    let last_idx = sorted.len().checked_sub(1)?;
    let position = rank * last_idx as f64;
    let below_idx = position.floor() as usize;
    let (below, above) = (sorted[below_idx], sorted[(below_idx + 1).min(last_idx)]);
    Some(below + (above - below) * position.fract())
}

/// What `select` names, over all threads of a question (see [`Question`]): how many there are, and statistics of their
/// turns.
///
/// For everybody; looks at every root run of the project, so a few at a time are answered.
pub async fn find_stats_of_threads(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Value>> {
    let question = Question::read(&app, &headers, body).await?;
    let selected = ThreadsStat::select("body", "select", question.select.iter().map(String::as_str))?;
    if selected.is_empty() {
        return Err(AppError::invalid("body", "select", "is missing"));
    }
    let window = question.window()?;
    let threads = question.threads(&window)?;
    let query = question.turns(&window);
    let _turn = app.heavy_reads.take().await?;
    let stats = whole(&app, query).await?;
    let n_threads = app.store.query_threads(threads).await?.total;
    let mut answer = Map::new();
    for stat in selected {
        let (name, value) = value_of_threads(stat, n_threads, &stats);
        answer.insert(name.into(), value);
    }
    Ok(Json(Value::Object(answer)))
}

fn value_of_threads(stat: ThreadsStat, n_threads: u64, stats: &RunStats) -> (&'static str, Value) {
    match stat {
        ThreadsStat::ThreadCount => ("thread_count", json!(n_threads)),
        ThreadsStat::TraceCount => ("trace_count", json!(stats.run_count)),
        ThreadsStat::TotalTokens => ("total_tokens", json!(stats.total_tokens)),
        ThreadsStat::PromptTokens => ("prompt_tokens", json!(stats.prompt_tokens)),
        ThreadsStat::CompletionTokens => ("completion_tokens", json!(stats.completion_tokens)),
        ThreadsStat::TotalCost => ("total_cost", json!(dollars(stats.total_cost))),
        ThreadsStat::PromptCost => ("prompt_cost", json!(dollars(stats.prompt_cost))),
        ThreadsStat::CompletionCost => ("completion_cost", json!(dollars(stats.completion_cost))),
        ThreadsStat::ErrorRate => ("error_rate", json!(stats.error_rate)),
        ThreadsStat::StreamingRate => ("streaming_rate", json!(stats.streaming_rate)),
        ThreadsStat::LatencyP50 => ("latency_p50_seconds", json!(stats.latency_p50)),
        ThreadsStat::LatencyP99 => ("latency_p99_seconds", json!(stats.latency_p99)),
        ThreadsStat::MedianTokens => ("median_tokens", json!(stats.median_tokens)),
        ThreadsStat::FirstTokenP50 => ("first_token_p50_seconds", json!(stats.first_token_p50)),
        ThreadsStat::FirstTokenP99 => ("first_token_p99_seconds", json!(stats.first_token_p99)),
        ThreadsStat::ThreadFeedbackStats => {
            ("thread_feedback_stats", feedback_json(stats.feedback_stats.as_ref()).unwrap_or(json!({})))
        }
    }
}

async fn whole(app: &App, query: RunQuery) -> AppResult<Box<RunStats>> {
    match app.store.run_stats(query, None).await? {
        StatsAnswer::Whole(stats) => Ok(stats),
        StatsAnswer::Grouped(_) => {
            Err(AppError::unexpected(&anyhow::anyhow!("statistics came in groups that nobody asked for")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_fall_on_or_between_values() {
        assert_eq!(percentile(&[], 0.5), None);
        assert_eq!(percentile(&[3.0], 0.99), Some(3.0));
        assert_eq!(percentile(&[1.0, 2.0], 0.5), Some(1.5));
    }
}
