//! A condition in a few words, for a chip: `latency > 2s`, `not tag: beta`, `metadata env: prod`.

use crate::filter::ast::{Comparison, Filter, Literal, Pair, PairPart, PairRows, TestKind, TextPart};
use crate::filter::build::is_eq;
use crate::filter::fields::{self, Subject};
use crate::filter::short::{bare, range_spec};
use crate::filter::words::unquoted;

/// Longer descriptions end in `…`.
const MAX_CHARS: usize = 80;

/// The filter in words, on one line. Not for reading back: that is [`print`](crate::filter::print()).
pub fn describe(filter: &Filter) -> String {
    let mut text = words(filter);
    text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn words(filter: &Filter) -> String {
    match filter {
        Filter::And(all) if all.is_empty() => "all runs".to_owned(),
        Filter::Or(any) if any.is_empty() => "no runs".to_owned(),
        Filter::And(all) => match range(all) {
            Some(range) => range,
            None => all.iter().map(words).collect::<Vec<_>>().join(" and "),
        },
        Filter::Or(any) => any.iter().map(words).collect::<Vec<_>>().join(" or "),
        Filter::Not(inner) => match **inner {
            Filter::And(_) | Filter::Or(_) => format!("not ({})", words(inner)),
            _ => format!("not {}", words(inner)),
        },
        Filter::RootRun(inner) => format!("root run: {}", words(inner)),
        Filter::AnyRun(inner) => format!("any run: {}", words(inner)),
        Filter::Compare { field, comparison, value } => {
            tested(&label(Subject::Field(*field)), &TestKind::Compare(*comparison, value.clone()))
        }
        Filter::In { field, values } => tested(&label(Subject::Field(*field)), &TestKind::In(values.clone())),
        Filter::Like { field, pattern } => tested(&label(Subject::Field(*field)), &TestKind::Like(pattern.clone())),
        Filter::MetadataContains(entries) => {
            format!("metadata has {}", serde_json::to_string(entries).unwrap_or_default())
        }
        Filter::Search { within, text } => {
            let text = unquoted(text).unwrap_or(text);
            let place = within.map(|part| format!(" in {}", part_label(part))).unwrap_or_default();
            format!("“{text}”{place}")
        }
        Filter::Pair(pair) => pair_words(pair),
    }
}

fn range(all: &[Filter]) -> Option<String> {
    let [
        Filter::Compare { field, comparison: Comparison::Gte, value: from },
        Filter::Compare { field: same, comparison: Comparison::Lte, value: to },
    ] = all
    else {
        return None;
    };
    let spec = range_spec(from, to).filter(|_| field == same)?;
    Some(format!("{} {}", label(Subject::Field(*field)), spec.replace("..", " to ")))
}

fn pair_words(pair: &Pair) -> String {
    let rows = match pair.rows {
        PairRows::Metadata => "metadata",
        PairRows::Inputs => "input",
        PairRows::Outputs => "output",
        PairRows::Feedback => "feedback",
    };
    let key = pair.tests.iter().find(|test| test.part == PairPart::Key && is_eq(&test.test));
    let text = match key.map(|key| &key.test) {
        Some(TestKind::Compare(_, key)) => {
            let rest = pair.tests.iter().filter(|test| test.part != PairPart::Key);
            let rest: Vec<String> = rest.map(|test| tested(part_word(test.part), &test.test)).collect();
            match rest.as_slice() {
                [] => format!("has {rows} {}", bare(key)),
                [only] => format!("{rows} {}{}", bare(key), only),
                many => format!("{rows} {}{}", bare(key), many.join(" and")),
            }
        }
        _ => pair
            .tests
            .iter()
            .map(|test| format!("{rows} {}", tested(fields_word(test.part), &test.test)))
            .collect::<Vec<_>>()
            .join(" and "),
    };
    if pair.is_negated { format!("not {text}") } else { text }
}

/// After the key; values speak for themselves.
fn part_word(part: PairPart) -> &'static str {
    match part {
        PairPart::Comment => " comment",
        PairPart::Source => " source",
        PairPart::Score | PairPart::Value | PairPart::Key => "",
    }
}

fn fields_word(part: PairPart) -> &'static str {
    match part {
        PairPart::Key => "key",
        PairPart::Value => "value",
        PairPart::Score => "score",
        PairPart::Comment => "comment",
        PairPart::Source => "source",
    }
}

fn part_label(part: TextPart) -> &'static str {
    match part {
        TextPart::Name => "name",
        TextPart::Inputs => "input",
        TextPart::Outputs => "output",
        TextPart::Error => "error",
    }
}

fn label(subject: Subject) -> String {
    fields::info(subject).short.replace('_', " ")
}

fn tested(label: &str, test: &TestKind) -> String {
    match test {
        TestKind::Compare(Comparison::Eq, Literal::Null) => format!("no {}", label.trim_start()),
        TestKind::Compare(Comparison::Neq, Literal::Null) => format!("has {}", label.trim_start()),
        TestKind::Compare(comparison, value) => {
            let value = bare(value);
            match comparison {
                Comparison::Eq => format!("{label}: {value}"),
                Comparison::Neq => format!("{label}: not {value}"),
                Comparison::Gt => format!("{label} > {value}"),
                Comparison::Gte => format!("{label} ≥ {value}"),
                Comparison::Lt => format!("{label} < {value}"),
                Comparison::Lte => format!("{label} ≤ {value}"),
            }
        }
        TestKind::In(values) => format!("{label}: {}", values.iter().map(bare).collect::<Vec<_>>().join(" or ")),
        TestKind::Like(pattern) => format!("{label}: {}", pattern.replace('%', "*")),
    }
}
