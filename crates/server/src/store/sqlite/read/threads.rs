//! Threads: the index says which and how many turns, SQL has the words of the first and the last.

use super::Reading;
use super::cursor;
use super::lookup::look_up;
use super::question::{Question, parse};
use crate::model::usage::Details;
use crate::store::sqlite::feedback::{self, FoundRuns};
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::index::columns::ABSENT;
use crate::store::sqlite::index::compile::Compiler;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::stats::stats;
use crate::store::sqlite::index::threads::{FoundThread, Place, threads};
use crate::store::{StoreError, StoreResult};
use fanlight_wire::filter::{Field, Filter};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::thread::{Thread, ThreadPage, ThreadQuery};
use fanlight_wire::{Timestamp, TraceId, Usd};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

const DEFAULT_PAGE_SIZE: usize = 20;
const MAX_PAGE_SIZE: usize = 100;

pub fn query_threads(reading: &Reading, query: &ThreadQuery) -> StoreResult<ThreadPage> {
    let limit = query.page_size.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    let after = query.cursor.as_deref().filter(|text| !text.is_empty());
    let after = after.map(|text| cursor::parse_threads(query, text)).transpose()?;
    let mut question = Question::of(reading, &root_runs(query))?;
    if let Some(filter) = parse("thread_filter", &query.thread_filter)? {
        check_thread_filter(&filter)?;
        question.filter = question.filter.and(filter);
    }
    let lookups = look_up(reading, &mut [&mut question])?;
    let (mut summaries, n_threads, has_more) = {
        let index = reading.index.read();
        let predicate = Compiler::new(&index, &lookups).compile(&question.filter);
        let found = threads(&index, &question.scope, &predicate, after, query.offset, limit);
        let summaries: Vec<Summary> = found.threads.iter().map(|thread| Summary::of(&index, thread)).collect();
        (summaries, found.n_threads, found.has_more)
    };
    let turns: Vec<Bitset> = summaries.iter().map(|summary| summary.pks.iter().copied().collect()).collect();
    let feedback =
        feedback::stats_of_runs(reading.db, &FoundRuns { projects: &question.scope.projects, groups: &turns })?;
    for (summary, feedback) in summaries.iter_mut().zip(feedback) {
        summary.thread.feedback_stats = Some(feedback).filter(|feedback| !feedback.is_empty());
        summary.read_rows(reading.db)?;
    }
    let next_cursor = summaries.last().filter(|_| has_more).map(|last| cursor::print_threads(query, last.place));
    Ok(ThreadPage {
        items: summaries.into_iter().map(|summary| summary.thread).collect(),
        next_cursor,
        has_more,
        total: n_threads as u64,
    })
}

fn root_runs(query: &ThreadQuery) -> RunQuery {
    RunQuery {
        project: query.project_id,
        is_root: Some(true),
        filter: query.filter.clone(),
        trace_filter: query.trace_filter.clone(),
        tree_filter: query.tree_filter.clone(),
        start_time: query.min_start_time,
        end_time: query.max_start_time,
        ..RunQuery::default()
    }
}

/// Conditions on a thread as a whole hold for each of its turns as long as they are on its id.
fn check_thread_filter(filter: &Filter) -> StoreResult<()> {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => inner.iter().try_for_each(check_thread_filter),
        Filter::Not(inner) => check_thread_filter(inner),
        Filter::Compare { field: Field::ThreadId, .. }
        | Filter::In { field: Field::ThreadId, .. }
        | Filter::Like { field: Field::ThreadId, .. } => Ok(()),
        _ => Err(StoreError::Invalid("thread_filter: only conditions on thread_id are known".to_owned())),
    }
}

/// A thread of the page while it is put together.
struct Summary {
    thread: Thread,
    /// Rows of its turns, oldest first.
    pks: Vec<u32>,
    /// The row of the last turn that failed.
    last_failed: Option<u32>,
    place: Place,
}

impl Summary {
    fn of(index: &Index, found: &FoundThread) -> Summary {
        let columns = &index.columns;
        let stats = stats(index, &found.turns);
        let start = |slot: &u32| Timestamp(columns.start_ns[*slot as usize]);
        let ends = found.turns.iter().map(|&slot| columns.end_ns[slot as usize]);
        let runs_still = found.turns.last().is_some_and(|&slot| columns.end_ns[slot as usize] == ABSENT);
        let thread = Thread {
            thread_id: index.threads.text(found.thread).to_owned(),
            count: found.turns.len() as u64,
            start_time: found.turns.first().map(start),
            min_start_time: found.turns.first().map(start),
            max_start_time: found.turns.last().map(start),
            max_end_time: ends.max().filter(|end_ns| *end_ns != ABSENT && !runs_still).map(Timestamp),
            total_tokens: stats.total_tokens,
            total_cost: stats.total_cost,
            latency_p50: stats.latency_p50,
            latency_p99: stats.latency_p99,
            num_errored_turns: found.turns.iter().filter(|&&slot| columns.has_error(slot)).count() as u64,
            ..Thread::default()
        };
        let pks = found.turns.iter().map(|&slot| columns.pk[slot as usize]).collect();
        let last_failed = found.turns.iter().rev().find(|&&slot| columns.has_error(slot));
        let last_failed = last_failed.map(|&slot| columns.pk[slot as usize]);
        Summary { thread, pks, last_failed, place: found.place }
    }

    fn read_rows(&mut self, db: &Connection) -> StoreResult<()> {
        let thread = &mut self.thread;
        if let Some(first) = self.pks.first().map(|pk| Turn::read(db, *pk)).transpose()?.flatten() {
            thread.first_trace_id = Some(first.trace_id);
            thread.first_inputs = first.inputs_preview;
        }
        if let Some(last) = self.pks.last().map(|pk| Turn::read(db, *pk)).transpose()?.flatten() {
            thread.last_trace_id = Some(last.trace_id);
            thread.trace_id = Some(last.trace_id);
            thread.last_outputs = last.outputs_preview;
        }
        // LangSmith's meaning: the newest failure, also when the conversation went on after it.
        if let Some(failed) = self.last_failed.map(|pk| Turn::read(db, pk)).transpose()?.flatten() {
            thread.last_error = failed.error_preview;
        }
        for pk in &self.pks {
            add_details(db, *pk, thread)?;
        }
        Ok(())
    }
}

/// What a turn's row says beside its numbers.
struct Turn {
    trace_id: TraceId,
    inputs_preview: Option<String>,
    outputs_preview: Option<String>,
    error_preview: Option<String>,
}

impl Turn {
    fn read(db: &Connection, pk: u32) -> StoreResult<Option<Turn>> {
        let mut statement = db.prepare_cached(
            "SELECT t.id, r.inputs_preview, r.outputs_preview, r.error_preview
             FROM runs r CROSS JOIN traces t ON t.pk = r.trace WHERE r.pk = ?1",
        )?;
        let turn = statement.query_row([pk], |row| {
            Ok(Turn {
                trace_id: TraceId(Uuid::from_bytes(row.get(0)?)),
                inputs_preview: row.get(1)?,
                outputs_preview: row.get(2)?,
                error_preview: row.get(3)?,
            })
        });
        Ok(turn.optional()?)
    }
}

/// Tokens and costs by kind, both directions together.
fn add_details(db: &Connection, pk: u32, thread: &mut Thread) -> StoreResult<()> {
    let mut statement = db.prepare_cached("SELECT usage_details FROM runs WHERE pk = ?1")?;
    let details: Option<String> = statement.query_row([pk], |row| row.get(0)).optional()?.flatten();
    let Some(details) = details else { return Ok(()) };
    let details: Details = serde_json::from_str(&details).map_err(anyhow::Error::from)?;
    for (kind, n) in details.prompt_tokens.into_iter().chain(details.completion_tokens) {
        *thread.total_token_details.entry(kind).or_default() += n;
    }
    for (kind, pico) in details.prompt_costs.into_iter().chain(details.completion_costs) {
        *thread.total_cost_details.entry(kind).or_default() += Usd::from_pico(pico);
    }
    Ok(())
}
