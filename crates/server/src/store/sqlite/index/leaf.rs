//! The parts of a filter that no column answers: each is looked up once, in SQL, as a set of rows.

use super::bitset::Bitset;
use fanlight_wire::filter::{Comparison, Field, Filter, Literal, Pair, PairRows, PairTest, TextPart};
use uuid::Uuid;

/// What is looked up. Always the positive form: whoever asks negates.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// Runs with one of these ids in the field. Of [`Field::TraceId`], rows of traces.
    Ids {
        field: Field,
        ids: Vec<Uuid>,
    },
    /// Rows of `error_texts` that are one of these.
    ErrorIs(Vec<String>),
    /// Rows of `error_texts` that fit the pattern.
    ErrorLike(String),
    /// Runs with a row of feedback that passes every test.
    Feedback(Vec<PairTest>),
    /// Runs with an entry of inputs or outputs that passes every test.
    Payload {
        rows: PairRows,
        tests: Vec<PairTest>,
    },
    Search {
        within: Option<TextPart>,
        text: String,
    },
}

/// Which runs a leaf is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those in the scope of the question.
    Own,
    /// Root runs, whatever their trace is asked for.
    Roots,
    /// Any run: some run of a trace is asked for.
    Anywhere,
}

impl Leaf {
    /// The leaf that this part of a filter needs, itself or negated. `None`: columns answer it, or parts of it are asked.
    pub fn of(filter: &Filter) -> Option<Leaf> {
        match filter {
            Filter::Compare { field, comparison: Comparison::Eq | Comparison::Neq, value } => {
                Leaf::of_values(*field, std::slice::from_ref(value))
            }
            Filter::In { field, values } => Leaf::of_values(*field, values),
            Filter::Like { field: Field::Error, pattern } => Some(Leaf::ErrorLike(pattern.clone())),
            Filter::Pair(Pair { rows: PairRows::Feedback, tests, .. }) => Some(Leaf::Feedback(tests.clone())),
            Filter::Pair(Pair { rows: rows @ (PairRows::Inputs | PairRows::Outputs), tests, .. }) => {
                Some(Leaf::Payload { rows: *rows, tests: tests.clone() })
            }
            Filter::Search { within, text } => Some(Leaf::Search { within: *within, text: text.clone() }),
            _ => None,
        }
    }

    /// Null is no value: columns answer whether there is one.
    fn of_values(field: Field, values: &[Literal]) -> Option<Leaf> {
        let leaf = match field {
            Field::Id | Field::TraceId | Field::ParentRunId | Field::ReferenceExampleId => {
                let id = |value: &Literal| match value {
                    Literal::Id(id) => Some(*id),
                    _ => None,
                };
                Leaf::Ids { field, ids: values.iter().filter_map(id).collect() }
            }
            Field::Error => {
                let text = |value: &Literal| match value {
                    Literal::Text(text) => Some(text.clone()),
                    _ => None,
                };
                Leaf::ErrorIs(values.iter().filter_map(text).collect())
            }
            _ => return None,
        };
        let is_empty = match &leaf {
            Leaf::Ids { ids, .. } => ids.is_empty(),
            Leaf::ErrorIs(texts) => texts.is_empty(),
            _ => false,
        };
        (!is_empty).then_some(leaf)
    }

    /// Answering it means looking into texts or payloads, for runs that may be many.
    pub fn is_costly(&self) -> bool {
        !matches!(self, Leaf::Ids { .. } | Leaf::Feedback(_) | Leaf::ErrorIs(_))
    }
}

/// Every leaf of a filter, with the runs it is asked about.
pub fn leaves(filter: &Filter) -> Vec<(Leaf, Reach)> {
    let mut found = Vec::new();
    collect(filter, Reach::Own, &mut found);
    found
}

fn collect(filter: &Filter, reach: Reach, found: &mut Vec<(Leaf, Reach)>) {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => inner.iter().for_each(|one| collect(one, reach, found)),
        Filter::Not(inner) => collect(inner, reach, found),
        Filter::RootRun(inner) => collect(inner, Reach::Roots, found),
        Filter::AnyRun(inner) => collect(inner, Reach::Anywhere, found),
        other => {
            if let Some(leaf) = Leaf::of(other).map(|leaf| (leaf, reach))
                && !found.contains(&leaf)
            {
                found.push(leaf);
            }
        }
    }
}

/// What was looked up.
#[derive(Debug, Default)]
pub struct Lookups {
    found: Vec<(Leaf, Reach, Bitset)>,
}

impl Lookups {
    pub fn add(&mut self, leaf: Leaf, reach: Reach, rows: Bitset) {
        self.found.push((leaf, reach, rows));
    }

    pub fn get(&self, leaf: &Leaf, reach: Reach) -> Option<&Bitset> {
        let found = self.found.iter().find(|(other, of, _)| of == &reach && other == leaf);
        found.map(|(_, _, rows)| rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_leaf_is_looked_up_once_for_the_runs_it_is_asked_about() {
        let search = Filter::Search { within: None, text: "refund".into() };
        let filter = Filter::Or(vec![
            search.clone(),
            Filter::Not(Box::new(search.clone())),
            Filter::RootRun(Box::new(search.clone())),
            Filter::Compare { field: Field::Name, comparison: Comparison::Eq, value: Literal::Text("x".into()) },
            Filter::Compare { field: Field::ParentRunId, comparison: Comparison::Eq, value: Literal::Null },
        ]);
        let leaf = Leaf::of(&search).unwrap();
        assert_eq!(leaves(&filter), [(leaf.clone(), Reach::Own), (leaf, Reach::Roots)]);
    }
}
