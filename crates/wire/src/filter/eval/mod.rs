//! What a filter says about a run in memory: the meaning that every other way of answering is held to.

mod facts;
mod like;
mod scalar;

pub use facts::{FeedbackFacts, RunFacts};
pub use like::{Like, like};
pub use scalar::{ScalarRef, flatten, holds, holds_of_null, is_equal_json, test_value};

use super::ast::{Comparison, Field, Filter, Literal, Pair, PairPart, PairRows, TextPart};
use super::words::{Query, part_texts, searchable};

/// Whether the run at `run_idx` of `trace` passes. `trace` holds the runs of its trace that are known, in any order.
pub fn matches(filter: &Filter, run_idx: usize, trace: &[RunFacts]) -> bool {
    let run = &trace[run_idx];
    match filter {
        Filter::And(all) => all.iter().all(|filter| matches(filter, run_idx, trace)),
        Filter::Or(any) => any.iter().any(|filter| matches(filter, run_idx, trace)),
        Filter::Not(inner) => !matches(inner, run_idx, trace),
        Filter::Compare { field: Field::Tags, comparison, value } => compare_tags(run, *comparison, value),
        Filter::Compare { field, comparison, value: Literal::Null } => {
            holds_of_null(*comparison, run.value(*field).is_none())
        }
        Filter::Compare { field, comparison, value } => {
            holds(*comparison, run.value(*field).and_then(|have| have.compare(value)))
        }
        Filter::In { field: Field::Tags, values } => values.iter().any(|value| has_tag(run, value)),
        Filter::In { field, values } => {
            let have = run.value(*field);
            values.iter().any(|value| holds(Comparison::Eq, have.and_then(|have| have.compare(value))))
        }
        Filter::Like { field: Field::Tags, pattern } => run.tags.iter().any(|tag| like(pattern, tag)),
        Filter::Like { field, pattern } => match run.value(*field) {
            Some(facts::FieldValue::Text(text)) => like(pattern, text),
            _ => false,
        },
        Filter::MetadataContains(entries) => {
            entries.iter().all(|(key, wanted)| run.metadata.get(key).is_some_and(|have| is_equal_json(have, wanted)))
        }
        Filter::Pair(pair) => has_row(run, pair) != pair.is_negated,
        Filter::Search { within, text } => search(run, *within, text),
        Filter::RootRun(inner) => {
            let is_root = |idx: &usize| trace[*idx].is_root && trace[*idx].trace_id == run.trace_id;
            (0..trace.len()).find(is_root).is_some_and(|root_idx| matches(inner, root_idx, trace))
        }
        Filter::AnyRun(inner) => {
            let is_same = |idx: &usize| trace[*idx].trace_id == run.trace_id;
            (0..trace.len()).filter(is_same).any(|idx| matches(inner, idx, trace))
        }
    }
}

/// What the error is called: the word before the first `(` or `:` of its first line, as in `ValueError: no such order`.
///
/// A line that is one word is that word. Prose has no name: `Connection refused` is none.
pub fn error_kind(error: &str) -> Option<&str> {
    let line = error.trim_start().lines().next()?;
    let name = line.split(['(', ':']).next()?.trim();
    let is_word = !name.is_empty() && name.len() <= 128 && !name.contains(char::is_whitespace);
    is_word.then_some(name)
}

fn compare_tags(run: &RunFacts, comparison: Comparison, value: &Literal) -> bool {
    match (comparison, value) {
        (_, Literal::Null) => holds_of_null(comparison, run.tags.is_empty()),
        (Comparison::Eq, value) => has_tag(run, value),
        (Comparison::Neq, value) => !has_tag(run, value),
        _ => false,
    }
}

fn has_tag(run: &RunFacts, value: &Literal) -> bool {
    matches!(value, Literal::Text(wanted) if run.tags.contains(wanted))
}

/// Whether some row passes all tests of the pair.
fn has_row(run: &RunFacts, pair: &Pair) -> bool {
    match pair.rows {
        PairRows::Metadata => run.metadata.iter().any(|(key, value)| passes_entry(pair, key, &ScalarRef::from(value))),
        PairRows::Inputs => has_scalar(pair, run.inputs.as_ref()),
        PairRows::Outputs => has_scalar(pair, run.outputs.as_ref()),
        PairRows::Feedback => run.feedback.iter().any(|row| {
            pair.tests.iter().all(|test| {
                let value = match test.part {
                    PairPart::Key => ScalarRef::Text(&row.key),
                    PairPart::Value => row.value(),
                    PairPart::Score => row.score(),
                    PairPart::Comment => row.comment(),
                    PairPart::Source => ScalarRef::Text(&row.source),
                };
                test_value(&test.test, &value)
            })
        }),
    }
}

fn has_scalar(pair: &Pair, json: Option<&serde_json::Value>) -> bool {
    let mut is_there = false;
    if let Some(json) = json {
        flatten(json, |path, value| is_there = is_there || passes_entry(pair, path, &value));
    }
    is_there
}

/// Whether a row of a key and a value passes. It has no other parts.
fn passes_entry(pair: &Pair, key: &str, value: &ScalarRef) -> bool {
    pair.tests.iter().all(|test| match test.part {
        PairPart::Key => test_value(&test.test, &ScalarRef::Text(key)),
        PairPart::Value => test_value(&test.test, value),
        PairPart::Score | PairPart::Comment | PairPart::Source => false,
    })
}

fn search(run: &RunFacts, within: Option<TextPart>, text: &str) -> bool {
    let json = |json: &Option<serde_json::Value>| json.as_ref().map(part_texts).unwrap_or_default();
    let error = || searchable(run.error.as_deref().unwrap_or_default()).to_owned();
    let name = || searchable(&run.name).to_owned();
    let texts: Vec<String> = match within {
        Some(TextPart::Name) => vec![name()],
        Some(TextPart::Inputs) => json(&run.inputs),
        Some(TextPart::Outputs) => json(&run.outputs),
        Some(TextPart::Error) => vec![error()],
        None => {
            let metadata = part_texts(&serde_json::Value::Object(run.metadata.clone()));
            let parts =
                [vec![name()], json(&run.inputs), json(&run.outputs), vec![error()], run.tags.clone(), metadata];
            parts.into_iter().flatten().chain(run.model.clone()).collect()
        }
    };
    Query::of(text).is_found(texts.iter().map(String::as_str))
}

#[cfg(test)]
mod tests;
