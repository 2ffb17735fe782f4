//! What the runs of a query amount to: statistics, facets, histogram, suggestions.

use super::Reading;
use super::lookup::look_up;
use super::question::{Question, parse, whole_filter};
use crate::store::sqlite::feedback::{self, FoundRuns};
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::index::columns::Columns;
use crate::store::sqlite::index::compile::Compiler;
use crate::store::sqlite::index::facets::{self, FeedbackKeys, Wanted};
use crate::store::sqlite::index::histogram;
use crate::store::sqlite::index::leaf::Lookups;
use crate::store::sqlite::index::leaves::feedback_keys;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::stats::{self, Measured};
use crate::store::{StoreError, StoreResult};
use fanlight_wire::filter::edit::without_facet;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::{
    FacetKey, FacetQuery, FacetValue, Facets, GroupBy, Histogram, HistogramQuery, RunStats, StatsAnswer, SuggestQuery,
};

const DEFAULT_VALUES: usize = 10;
const MAX_VALUES: usize = 200;
const MAX_FACETS: usize = 50;
const DEFAULT_SUGGESTIONS: usize = 20;
const MAX_SUGGESTIONS: usize = 100;

pub fn run_stats(reading: &Reading, query: &RunQuery, group_by: Option<&GroupBy>) -> StoreResult<StatsAnswer> {
    let mut question = Question::of(reading, query)?;
    let lookups = look_up(reading, &mut [&mut question])?;
    let (measured, found) = {
        let index = reading.index.read();
        let slots = slots(&index, &question, &lookups);
        let groups = match group_by {
            Some(group_by) => stats::groups(&index, &slots, group_by),
            None => vec![(String::new(), slots)],
        };
        let found: Vec<Bitset> = groups.iter().map(|(_, slots)| rows(&index.columns, slots)).collect();
        let measure = |(name, slots): (String, Vec<u32>)| (name, Measured::of(&index, &slots));
        (groups.into_iter().map(measure).collect::<Vec<_>>(), found)
    };
    // Percentiles without the lock: commits need not wait for them.
    let mut counted: Vec<(String, RunStats)> =
        measured.into_iter().map(|(name, measured)| (name, measured.into_stats())).collect();
    let feedback =
        feedback::stats_of_runs(reading.db, &FoundRuns { projects: &question.scope.projects, groups: &found })?;
    for ((_, stats), feedback) in counted.iter_mut().zip(feedback) {
        stats.feedback_stats = Some(feedback);
    }
    Ok(match (group_by, counted.pop()) {
        (None, Some((_, stats))) => StatsAnswer::Whole(Box::new(stats)),
        (_, last) => StatsAnswer::Grouped(counted.into_iter().chain(last).collect()),
    })
}

fn slots(index: &Index, question: &Question, lookups: &Lookups) -> Vec<u32> {
    let predicate = Compiler::new(index, lookups).compile(&question.filter);
    let mut slots = Vec::new();
    question.scope.for_each(index, &predicate, |slot| slots.push(slot));
    slots
}

fn rows(columns: &Columns, slots: &[u32]) -> Bitset {
    slots.iter().map(|&slot| columns.pk[slot as usize]).collect()
}

pub fn facets(reading: &Reading, query: &FacetQuery) -> StoreResult<Facets> {
    if query.facets.len() > MAX_FACETS {
        return Err(StoreError::Invalid(format!("at most {MAX_FACETS} facets can be counted at once")));
    }
    let max_values = query.max_values.unwrap_or(DEFAULT_VALUES).min(MAX_VALUES);
    let mut whole = Question::of(reading, &query.query)?;
    let mut questions = Vec::new();
    for key in &query.facets {
        questions.push(without_own_conditions(&query.query, &whole, key)?);
    }
    let mut all: Vec<&mut Question> = std::iter::once(&mut whole).chain(&mut questions).collect();
    let lookups = look_up(reading, &mut all)?;
    // Whoever waits for the lookups of one question waits for all: runs that one must not see, none does.
    let last_pk = all.iter().filter_map(|question| question.scope.last_pk).min();
    all.iter_mut().for_each(|question| question.scope.last_pk = last_pk);
    let feedback = feedback_if_wanted(reading, &query.facets, &whole)?;
    let index = reading.index.read();
    let compiler = Compiler::new(&index, &lookups);
    let predicate = compiler.compile(&whole.filter);
    // Most facets have no conditions of their own: what was compiled for all of them need not be compiled again.
    let compile = |question: &Question| match question.filter == whole.filter {
        true => predicate.clone(),
        false => compiler.compile(&question.filter),
    };
    let wanted: Vec<Wanted> = query
        .facets
        .iter()
        .zip(&questions)
        .map(|(key, question)| Wanted { key: key.clone(), scope: question.scope.clone(), predicate: compile(question) })
        .collect();
    Ok(facets::facets(&index, (&whole.scope, &predicate), &wanted, &feedback, max_values))
}

/// The question that a facet is counted over.
fn without_own_conditions(query: &RunQuery, whole: &Question, key: &FacetKey) -> StoreResult<Question> {
    let own = parse("filter", &query.filter)?.map(|filter| without_facet(&filter, key));
    let run_type = query.run_type.filter(|_| *key != FacetKey::RunType);
    let filter = whole_filter(&RunQuery { run_type, ..query.clone() }, own)?;
    Ok(Question { filter, scope: whole.scope.clone() })
}

fn feedback_if_wanted(reading: &Reading, keys: &[FacetKey], question: &Question) -> StoreResult<FeedbackKeys> {
    if !keys.contains(&FacetKey::Feedback) {
        return Ok(FeedbackKeys::default());
    }
    Ok(feedback_keys(reading.db, &question.scope.projects)?)
}

pub fn histogram(reading: &Reading, query: &HistogramQuery) -> StoreResult<Histogram> {
    let mut question = Question::of(reading, &query.query)?;
    let lookups = look_up(reading, &mut [&mut question])?;
    let index = reading.index.read();
    let predicate = Compiler::new(&index, &lookups).compile(&question.filter);
    Ok(histogram::histogram(&index, &question.scope, &predicate, query.n_buckets))
}

pub fn suggest(reading: &Reading, query: &SuggestQuery) -> StoreResult<Vec<FacetValue>> {
    let mut question = Question::of(reading, &query.query)?;
    let lookups = look_up(reading, &mut [&mut question])?;
    let feedback = feedback_if_wanted(reading, std::slice::from_ref(&query.of), &question)?;
    let limit = query.limit.unwrap_or(DEFAULT_SUGGESTIONS).min(MAX_SUGGESTIONS);
    let index = reading.index.read();
    let predicate = Compiler::new(&index, &lookups).compile(&question.filter);
    let wanted = Wanted { key: query.of.clone(), scope: question.scope, predicate };
    Ok(facets::suggest(&index, &wanted, &feedback, &query.text, limit))
}
