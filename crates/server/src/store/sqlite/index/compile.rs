//! From a filter to a predicate: names become numbers, patterns sets of numbers, traces sets of traces.

use super::bitset::Bitset;
use super::columns::flag;
use super::dictionary::{Dictionary, NONE};
use super::leaf::{Leaf, Lookups, Reach};
use super::memory::Index;
use super::predicate::{Id, Measure, Predicate};
use super::sets::Entry;
use fanlight_wire::filter::eval::{Like, ScalarRef, holds, is_equal_json, test_value};
use fanlight_wire::filter::{Comparison, Field, Filter, Literal, Pair, PairPart, PairRows, PairTest};
use serde_json::{Map, Value};
use std::cell::Cell;

/// What has to be known beside the filter.
#[derive(Clone, Copy)]
pub struct Compiler<'a> {
    pub index: &'a Index,
    /// Every leaf of the filter.
    pub lookups: &'a Lookups,
    pub reach: Reach,
}

impl<'a> Compiler<'a> {
    pub fn new(index: &'a Index, lookups: &'a Lookups) -> Self {
        Compiler { index, lookups, reach: Reach::Own }
    }

    pub fn compile(self, filter: &Filter) -> Predicate {
        match filter {
            Filter::And(all) => Predicate::all(all.iter().map(|one| self.compile(one))),
            Filter::Or(any) => Predicate::any(any.iter().map(|one| self.compile(one))),
            Filter::Not(inner) => self.compile(inner).negated(),
            Filter::Compare { field, comparison, value } => self.compare(*field, *comparison, value),
            Filter::In { field, values } => self.is_one_of(*field, values),
            Filter::Like { field, pattern } => self.like(*field, pattern),
            Filter::MetadataContains(wanted) => self.metadata_contains(wanted),
            Filter::Pair(pair) => self.pair(pair),
            Filter::Search { .. } => self.leaf(filter, Id::Pk),
            Filter::RootRun(inner) => self.some_run(inner, Reach::Roots),
            Filter::AnyRun(inner) => self.some_run(inner, Reach::Anywhere),
        }
    }

    fn leaf(self, filter: &Filter, id: Id) -> Predicate {
        let rows = Leaf::of(filter).and_then(|leaf| self.lookups.get(&leaf, self.reach));
        debug_assert!(rows.is_some(), "{filter:?} was not looked up");
        rows.map_or(Predicate::Always(false), |rows| Predicate::In(id, rows.clone()))
    }

    /// Traces with a run that passes: one look at every run there is.
    fn some_run(self, inner: &Filter, reach: Reach) -> Predicate {
        let predicate = Compiler { reach, ..self }.compile(inner);
        let columns = &self.index.columns;
        let mut traces = Bitset::default();
        let mut look = |slot: u32| {
            let trace = columns.trace[slot as usize];
            if !traces.contains(trace) && predicate.holds(columns, slot) {
                traces.insert(trace);
            }
        };
        match reach {
            Reach::Roots => {
                self.index.projects.values().flat_map(|order| order.roots.slots()).for_each(|&slot| look(slot))
            }
            _ => self.index.alive().for_each(look),
        }
        Predicate::In(Id::Trace, traces)
    }

    fn compare(self, field: Field, comparison: Comparison, value: &Literal) -> Predicate {
        match comparison {
            Comparison::Eq => self.is(field, value),
            Comparison::Neq => self.is(field, value).negated(),
            _ => self.ordered(field, comparison, value),
        }
    }

    fn is(self, field: Field, value: &Literal) -> Predicate {
        if *value == Literal::Null {
            return self.is_null(field);
        }
        let filter = || Filter::Compare { field, comparison: Comparison::Eq, value: value.clone() };
        match (field, value) {
            (Field::TraceId, _) => self.leaf(&filter(), Id::Trace),
            (Field::Error, _) => self.leaf(&filter(), Id::ErrorText),
            (Field::Id | Field::ParentRunId | Field::ReferenceExampleId, _) => self.leaf(&filter(), Id::Pk),
            (Field::RunType, Literal::RunType(run_type)) => Predicate::RunType(1 << *run_type as u8),
            (Field::Status, Literal::Status(status)) => Predicate::Status(1 << *status as u8),
            (Field::IsRoot, Literal::Bool(true)) => Predicate::Flag(flag::ROOT),
            (Field::IsRoot, Literal::Bool(false)) => Predicate::Flag(flag::ROOT).negated(),
            (Field::Tags, Literal::Text(tag)) => match self.index.tags.tags.find(tag) {
                Some(tag) => Predicate::In(Id::Tags, self.index.tags.matching(|tags| tags.contains(&tag))),
                None => Predicate::Always(false),
            },
            (_, Literal::Text(text)) => match self.dictionary(field) {
                Some((id, dictionary)) => {
                    dictionary.find(text).map_or(Predicate::Always(false), |number| Predicate::Is(id, number))
                }
                None => Predicate::Always(false),
            },
            _ => self.ordered(field, Comparison::Eq, value),
        }
    }

    fn is_null(self, field: Field) -> Predicate {
        match field {
            Field::ParentRunId => Predicate::Flag(flag::ROOT),
            Field::ReferenceExampleId => Predicate::Flag(flag::EXAMPLE).negated(),
            Field::Error => Predicate::Flag(flag::ERROR_TEXT).negated(),
            Field::Tags => Predicate::Is(Id::Tags, NONE),
            Field::Name => Predicate::Always(false),
            Field::Id | Field::TraceId | Field::RunType | Field::Status | Field::IsRoot => Predicate::Always(false),
            _ => match (self.dictionary(field), measure(field)) {
                (Some((id, _)), _) => Predicate::Is(id, NONE),
                (None, Some(measure)) => Predicate::Present(measure).negated(),
                (None, None) => Predicate::Always(false),
            },
        }
    }

    fn ordered(self, field: Field, comparison: Comparison, value: &Literal) -> Predicate {
        let number = match value {
            Literal::Count(number) | Literal::Duration(number) => Some(*number),
            Literal::Time(time) => Some(time.0),
            Literal::Money(usd) => Some(usd.picodollars),
            Literal::Text(text) => {
                let texts = |(id, dictionary): (Id, &Dictionary)| {
                    Predicate::In(id, dictionary.matching(|other| holds(comparison, Some(other.cmp(text)))))
                };
                return self.dictionary(field).map_or(Predicate::Always(false), texts);
            }
            _ => None,
        };
        match (measure(field), number) {
            (Some(measure), Some(number)) => Predicate::compare(measure, comparison, number),
            _ => Predicate::Always(false),
        }
    }

    fn is_one_of(self, field: Field, values: &[Literal]) -> Predicate {
        let filter = || Filter::In { field, values: values.to_vec() };
        let looked_up = match field {
            Field::TraceId => Some(Id::Trace),
            Field::Error => Some(Id::ErrorText),
            Field::Id | Field::ParentRunId | Field::ReferenceExampleId => Some(Id::Pk),
            _ => None,
        };
        let Some(id) = looked_up else {
            // A list has values; whether there is none is asked with `eq(…, null)`.
            let values = values.iter().filter(|value| **value != Literal::Null);
            return Predicate::any(values.map(|value| self.is(field, value)));
        };
        if Leaf::of(&filter()).is_some() { self.leaf(&filter(), id) } else { Predicate::Always(false) }
    }

    fn like(self, field: Field, pattern: &str) -> Predicate {
        let like = Like::new(pattern);
        if field == Field::Tags {
            let tags = self.index.tags.tags.matching(|tag| like.matches(tag));
            return Predicate::In(Id::Tags, self.index.tags.matching(|set| set.iter().any(|&tag| tags.contains(tag))));
        }
        if field == Field::Error {
            return self.leaf(&Filter::Like { field, pattern: pattern.to_owned() }, Id::ErrorText);
        }
        match self.dictionary(field) {
            Some((id, dictionary)) => Predicate::In(id, dictionary.matching(|text| like.matches(text))),
            None => Predicate::Always(false),
        }
    }

    fn dictionary(self, field: Field) -> Option<(Id, &'a Dictionary)> {
        Some(match field {
            Field::Name => (Id::Name, &self.index.names),
            Field::Model => (Id::Model, &self.index.models),
            Field::Provider => (Id::Provider, &self.index.providers),
            Field::ThreadId => (Id::Thread, &self.index.threads),
            Field::ErrorKind => (Id::ErrorKind, &self.index.error_kinds),
            _ => return None,
        })
    }

    fn metadata_contains(self, wanted: &Map<String, Value>) -> Predicate {
        let sets = &self.index.metadata;
        let mut tests = Vec::new();
        for (key, value) in wanted {
            let Some(key) = sets.keys.find(key) else { return Predicate::Always(false) };
            tests.push((key, Remembered::new(&sets.values, move |other: &Value| is_equal_json(other, value))));
        }
        let has_all = |set: &[Entry]| {
            tests.iter().all(|(key, test)| set.iter().any(|entry| entry.key == *key && test.passes(entry.value)))
        };
        Predicate::In(Id::Metadata, sets.matching(has_all))
    }

    fn pair(self, pair: &Pair) -> Predicate {
        let some_row = match pair.rows {
            PairRows::Metadata => self.metadata_row(&pair.tests),
            _ => self.leaf(&Filter::Pair(pair.clone()), Id::Pk),
        };
        if pair.is_negated { some_row.negated() } else { some_row }
    }

    fn metadata_row(self, tests: &[PairTest]) -> Predicate {
        let sets = &self.index.metadata;
        let of = |part: PairPart| tests.iter().filter(move |test| test.part == part);
        if tests.iter().any(|test| !matches!(test.part, PairPart::Key | PairPart::Value)) {
            return Predicate::Always(false);
        }
        let key_passes = |key: &str| of(PairPart::Key).all(|test| test_value(&test.test, &ScalarRef::Text(key)));
        let keys = sets.keys.matching(key_passes);
        let passes = |value: &Value| of(PairPart::Value).all(|test| test_value(&test.test, &ScalarRef::from(value)));
        let values = Remembered::new(&sets.values, passes);
        let entry_passes = |entry: &Entry| keys.contains(entry.key) && values.passes(entry.value);
        Predicate::In(Id::Metadata, sets.matching(|set| set.iter().any(entry_passes)))
    }
}

/// A test on JSON values by number, each read at most once: runs share sets, and sets values.
struct Remembered<'a, F> {
    values: &'a Dictionary,
    test: F,
    known: Vec<Cell<Option<bool>>>,
}

impl<'a, F: Fn(&Value) -> bool> Remembered<'a, F> {
    fn new(values: &'a Dictionary, test: F) -> Self {
        Remembered { values, test, known: vec![Cell::new(None); values.n_ids()] }
    }

    fn passes(&self, value: u32) -> bool {
        let known = &self.known[value as usize];
        known.get().unwrap_or_else(|| {
            let json = serde_json::from_str(self.values.text(value)).unwrap_or(Value::Null);
            let passes = (self.test)(&json);
            known.set(Some(passes));
            passes
        })
    }
}

fn measure(field: Field) -> Option<Measure> {
    Some(match field {
        Field::StartTime => Measure::StartTime,
        Field::EndTime => Measure::EndTime,
        Field::FirstTokenTime => Measure::FirstTokenTime,
        Field::Latency => Measure::Latency,
        Field::FirstTokenLatency => Measure::FirstTokenLatency,
        Field::TotalTokens => Measure::TotalTokens,
        Field::PromptTokens => Measure::PromptTokens,
        Field::CompletionTokens => Measure::CompletionTokens,
        Field::TotalCost => Measure::TotalCost,
        Field::PromptCost => Measure::PromptCost,
        Field::CompletionCost => Measure::CompletionCost,
        _ => return None,
    })
}
