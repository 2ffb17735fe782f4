//! Filters put together the way both parsers do it: flat, without wrappers around one, and with conditions on rows paired.

use super::ast::{Comparison, Filter, Literal, Pair, PairPart, PairRows, PairTest, TestKind};

impl Filter {
    /// All hold. Conjunctions inside are joined to it; one alone is itself.
    pub fn all_of(filters: impl IntoIterator<Item = Filter>) -> Filter {
        let mut all = Vec::new();
        for filter in filters {
            match filter {
                Filter::And(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        if all.len() == 1 { all.remove(0) } else { Filter::And(all) }
    }

    /// One holds. Disjunctions inside are joined to it; one alone is itself.
    pub fn any_of(filters: impl IntoIterator<Item = Filter>) -> Filter {
        let mut any = Vec::new();
        for filter in filters {
            match filter {
                Filter::Or(inner) => any.extend(inner),
                other => any.push(other),
            }
        }
        if any.len() == 1 { any.remove(0) } else { Filter::Or(any) }
    }
}

/// A condition inside a call of `and`, before it is known which others are about the same row.
#[derive(Debug)]
pub(super) enum Condition {
    Whole(Filter),
    Row(PairRows, PairTest),
}

impl Condition {
    /// As a filter of its own.
    pub(super) fn into_filter(self) -> Filter {
        match self {
            Condition::Whole(filter) => filter,
            Condition::Row(rows, test) => pair(rows, vec![test]),
        }
    }
}

/// The conditions of one `and`: those on the same rows share a row, in order, until one begins the next row.
///
/// A row is complete when it has a key and another key comes, or when it began with a value and another value comes
/// after its key: `key, value, key, value` and `value, key, value, key` are two rows each, `key, value, value` (a range)
/// is one.
pub(super) fn pair_up(conditions: Vec<Condition>) -> Vec<Filter> {
    let mut filters: Vec<Option<Filter>> = Vec::new();
    let mut open: Vec<OpenRow> = Vec::new();
    for condition in conditions {
        match condition {
            Condition::Whole(filter) => filters.push(Some(filter)),
            Condition::Row(rows, test) => {
                let row = open.iter_mut().rev().find(|row| row.rows == rows).filter(|row| row.takes(test.part));
                match row {
                    Some(row) => row.tests.push(test),
                    None => {
                        open.push(OpenRow { rows, tests: vec![test], place: filters.len() });
                        filters.push(None);
                    }
                }
            }
        }
    }
    for row in open {
        filters[row.place] = Some(pair(row.rows, row.tests));
    }
    filters.into_iter().flatten().collect()
}

struct OpenRow {
    rows: PairRows,
    tests: Vec<PairTest>,
    /// Where it stands among the filters.
    place: usize,
}

impl OpenRow {
    fn takes(&self, part: PairPart) -> bool {
        let has_key = self.tests.iter().any(|test| test.part == PairPart::Key);
        let began_with = self.tests[0].part;
        let is_next_row = has_key && (part == PairPart::Key || (began_with == part && began_with != PairPart::Key));
        !is_next_row
    }
}

/// Tests on one row. When all of them are `neq`, no row may have the values; otherwise some row must pass all.
///
/// Null tests do not negate: `neq(feedback_score, null)` asks for a row that has a score.
pub(super) fn pair(rows: PairRows, tests: Vec<PairTest>) -> Filter {
    let is_negated = tests.iter().all(|test| is_neq(&test.test));
    let tests = match is_negated {
        true => tests.into_iter().map(flipped).collect(),
        false => tests,
    };
    Filter::Pair(Pair { rows, is_negated, tests })
}

pub(super) fn is_neq(test: &TestKind) -> bool {
    matches!(test, TestKind::Compare(Comparison::Neq, value) if *value != Literal::Null)
}

pub(super) fn is_eq(test: &TestKind) -> bool {
    matches!(test, TestKind::Compare(Comparison::Eq, value) if *value != Literal::Null)
}

/// `eq` for `neq` and the other way round; other tests as they are.
pub(super) fn flipped(test: PairTest) -> PairTest {
    let flipped = match test.test {
        TestKind::Compare(Comparison::Eq, value) => TestKind::Compare(Comparison::Neq, value),
        TestKind::Compare(Comparison::Neq, value) => TestKind::Compare(Comparison::Eq, value),
        other => other,
    };
    PairTest { part: test.part, test: flipped }
}
