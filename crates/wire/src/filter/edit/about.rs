//! Which conditions a facet stands for, and the condition that stands for a facet's values.

use crate::filter::ast::{Comparison, Field, Filter, Literal, Pair, PairPart, PairRows, PairTest, TestKind};
use crate::run_stats::FacetKey;

/// A condition that facets can show: the value is one of these, or none of these.
pub(super) struct About {
    pub(super) key: FacetKey,
    pub(super) values: Vec<String>,
    pub(super) is_excluded: bool,
}

/// What a condition says about a facet, if that is all it says.
pub(super) fn about(filter: &Filter) -> Option<About> {
    match filter {
        Filter::Compare { field, comparison, value } => {
            let is_excluded = match comparison {
                Comparison::Eq => false,
                Comparison::Neq => true,
                _ => return None,
            };
            Some(About { key: facet_of(*field)?, values: vec![word(value)?], is_excluded })
        }
        Filter::In { field, values } => {
            Some(About { key: facet_of(*field)?, values: words(values)?, is_excluded: false })
        }
        Filter::Not(inner) => about(inner).map(|about| About { is_excluded: !about.is_excluded, ..about }),
        Filter::Pair(pair) => {
            let (key, values) = match (pair.rows, pair.tests.as_slice()) {
                (PairRows::Metadata, [key]) if key.part == PairPart::Key => (FacetKey::MetadataKeys, words_of(key)?),
                (PairRows::Feedback, [key]) if key.part == PairPart::Key => (FacetKey::Feedback, words_of(key)?),
                (PairRows::Metadata, [key, value]) if value.part == PairPart::Value => {
                    (FacetKey::Metadata(key_of(key)?.to_owned()), words_of(value)?)
                }
                _ => return None,
            };
            Some(About { key, values, is_excluded: pair.is_negated })
        }
        _ => None,
    }
}

/// Whether a condition asks about nothing but the facet, patterns and null tests included.
pub(super) fn is_only_about(filter: &Filter, key: &FacetKey) -> bool {
    match filter {
        Filter::Compare { field, .. } | Filter::In { field, .. } | Filter::Like { field, .. } => {
            facet_of(*field).as_ref() == Some(key)
        }
        Filter::Not(inner) => is_only_about(inner, key),
        Filter::Or(any) => !any.is_empty() && any.iter().all(|filter| is_only_about(filter, key)),
        Filter::Pair(pair) => match key {
            FacetKey::Metadata(name) => {
                pair.rows == PairRows::Metadata && pair.tests.iter().any(|test| key_of(test) == Some(name.as_str()))
            }
            FacetKey::MetadataKeys => has_only_keys(pair, PairRows::Metadata),
            FacetKey::Feedback => has_only_keys(pair, PairRows::Feedback),
            _ => false,
        },
        _ => false,
    }
}

fn has_only_keys(pair: &Pair, rows: PairRows) -> bool {
    pair.rows == rows && pair.tests.iter().all(|test| test.part == PairPart::Key)
}

/// The condition that a run has one of the values, or none of them.
pub(super) fn condition(key: &FacetKey, values: &[String], is_excluded: bool) -> Filter {
    let field = match key {
        FacetKey::Name => Field::Name,
        FacetKey::RunType => Field::RunType,
        FacetKey::Status => Field::Status,
        FacetKey::ErrorKind => Field::ErrorKind,
        FacetKey::Model => Field::Model,
        FacetKey::Provider => Field::Provider,
        FacetKey::Tag => Field::Tags,
        FacetKey::MetadataKeys => return rows(PairRows::Metadata, vec![test(PairPart::Key, values)], is_excluded),
        FacetKey::Feedback => return rows(PairRows::Feedback, vec![test(PairPart::Key, values)], is_excluded),
        FacetKey::Metadata(name) => {
            let key = test(PairPart::Key, std::slice::from_ref(name));
            return rows(PairRows::Metadata, vec![key, test(PairPart::Value, values)], is_excluded);
        }
    };
    // A word that no run can have, such as a status of a newer server, is still a condition: one that nothing passes.
    let literal = |word: &String| match field {
        Field::RunType => word.parse().map_or_else(|_| Literal::Text(word.clone()), Literal::RunType),
        Field::Status => word.parse().map_or_else(|_| Literal::Text(word.clone()), Literal::Status),
        _ => Literal::Text(word.clone()),
    };
    match values {
        [value] => {
            let comparison = if is_excluded { Comparison::Neq } else { Comparison::Eq };
            Filter::Compare { field, comparison, value: literal(value) }
        }
        values => {
            let list = Filter::In { field, values: values.iter().map(literal).collect() };
            if is_excluded { Filter::Not(Box::new(list)) } else { list }
        }
    }
}

fn test(part: PairPart, values: &[String]) -> PairTest {
    let literal = |word: &String| Literal::Text(word.clone());
    let test = match values {
        [value] => TestKind::Compare(Comparison::Eq, literal(value)),
        values => TestKind::In(values.iter().map(literal).collect()),
    };
    PairTest { part, test }
}

fn rows(rows: PairRows, tests: Vec<PairTest>, is_excluded: bool) -> Filter {
    let is_single = tests.iter().all(|test| matches!(test.test, TestKind::Compare(..)));
    let pair = Filter::Pair(Pair { rows, is_negated: is_excluded && is_single, tests });
    if is_excluded && !is_single { Filter::Not(Box::new(pair)) } else { pair }
}

fn facet_of(field: Field) -> Option<FacetKey> {
    Some(match field {
        Field::Name => FacetKey::Name,
        Field::RunType => FacetKey::RunType,
        Field::Status => FacetKey::Status,
        Field::ErrorKind => FacetKey::ErrorKind,
        Field::Model => FacetKey::Model,
        Field::Provider => FacetKey::Provider,
        Field::Tags => FacetKey::Tag,
        _ => return None,
    })
}

/// The key that a test asks for.
fn key_of(test: &PairTest) -> Option<&str> {
    match &test.test {
        TestKind::Compare(Comparison::Eq, Literal::Text(key)) if test.part == PairPart::Key => Some(key),
        _ => None,
    }
}

fn words_of(test: &PairTest) -> Option<Vec<String>> {
    match &test.test {
        TestKind::Compare(Comparison::Eq, value) => Some(vec![word(value)?]),
        TestKind::In(values) => words(values),
        _ => None,
    }
}

fn words(values: &[Literal]) -> Option<Vec<String>> {
    values.iter().map(word).collect()
}

/// As facets list it.
fn word(value: &Literal) -> Option<String> {
    Some(match value {
        Literal::Text(text) => text.clone(),
        Literal::RunType(run_type) => run_type.to_string(),
        Literal::Status(status) => status.to_string(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(number) => number.to_string(),
        _ => return None,
    })
}
