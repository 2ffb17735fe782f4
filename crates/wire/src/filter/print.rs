//! Filters as calls, so that [`parse`](super::parse()) gives back the same.

use super::ast::{Comparison, Filter, Literal, Pair, PairRows, PairTest, TestKind, TextPart};
use super::build::{flipped, is_eq};
use super::fields::{self, Subject};
use super::lex::push_quoted;
use super::value::{print_duration, print_number};

/// The call form; [`Filter::ALL`] is blank.
pub fn print(filter: &Filter) -> String {
    let mut out = String::new();
    if *filter != Filter::ALL {
        push_filter(&mut out, filter);
    }
    out
}

fn push_filter(out: &mut String, filter: &Filter) {
    match filter {
        Filter::And(all) => push_call(out, "and", |out| {
            push_list(out, all, |out, filter| match filter {
                // Two rows side by side would be read as one: each is fenced in.
                Filter::Pair(pair) if n_pairs(all, pair.rows) > 1 => push_call(out, "and", |out| push_tests(out, pair)),
                Filter::Pair(pair) if is_printable(pair) => push_tests(out, pair),
                other => push_filter(out, other),
            });
        }),
        Filter::Or(any) => push_call(out, "or", |out| push_list(out, any, push_filter)),
        Filter::Not(inner) => push_call(out, "not", |out| push_filter(out, inner)),
        Filter::RootRun(inner) => push_call(out, "root_run", |out| push_filter(out, inner)),
        Filter::AnyRun(inner) => push_call(out, "any_run", |out| push_filter(out, inner)),
        Filter::Pair(pair) if !is_printable(pair) => push_call(out, "not", |out| {
            push_filter(out, &Filter::Pair(Pair { is_negated: false, ..pair.clone() }));
        }),
        Filter::Pair(pair) => match pair.tests.len() {
            1 => push_tests(out, pair),
            _ => push_call(out, "and", |out| push_tests(out, pair)),
        },
        Filter::Compare { field, comparison, value } => {
            push_test(out, Subject::Field(*field), &TestKind::Compare(*comparison, value.clone()));
        }
        Filter::In { field, values } => push_test(out, Subject::Field(*field), &TestKind::In(values.clone())),
        Filter::Like { field, pattern } => {
            push_test(out, Subject::Field(*field), &TestKind::Like(pattern.clone()));
        }
        Filter::MetadataContains(entries) => push_call(out, "has", |out| {
            out.push_str("metadata, ");
            let json = serde_json::to_string(entries).unwrap_or_default();
            match json.contains(['\'', '\\']) {
                true => push_quoted(out, &json),
                false => out.extend(["'", &json, "'"]),
            }
        }),
        Filter::Search { within, text } => push_call(out, "search", |out| {
            if let Some(part) = within {
                out.push_str(part_name(*part));
                out.push_str(", ");
            }
            push_quoted(out, text);
        }),
    }
}

pub(super) fn part_name(part: TextPart) -> &'static str {
    match part {
        TextPart::Name => "name",
        TextPart::Inputs => "inputs",
        TextPart::Outputs => "outputs",
        TextPart::Error => "error",
    }
}

fn n_pairs(filters: &[Filter], rows: PairRows) -> usize {
    filters.iter().filter(|filter| matches!(filter, Filter::Pair(pair) if pair.rows == rows)).count()
}

/// Whether calls say it as it is. "No row passes" is said with `neq` only; anything else needs a `not` around it.
fn is_printable(pair: &Pair) -> bool {
    !pair.is_negated || pair.tests.iter().all(|test| is_eq(&test.test))
}

fn push_tests(out: &mut String, pair: &Pair) {
    push_list(out, &pair.tests, |out, test: &PairTest| {
        let subject = Subject::Row(pair.rows, test.part);
        match pair.is_negated {
            true => push_test(out, subject, &flipped(test.clone()).test),
            false => push_test(out, subject, &test.test),
        }
    });
}

fn push_test(out: &mut String, subject: Subject, test: &TestKind) {
    let name = fields::info(subject).name;
    match test {
        TestKind::Compare(Comparison::Eq, Literal::Text(tag)) if name == "tags" => push_call(out, "has", |out| {
            out.push_str("tags, ");
            push_quoted(out, tag);
        }),
        TestKind::Compare(comparison, value) => push_call(out, comparison_name(*comparison), |out| {
            out.extend([name, ", "]);
            push_literal(out, value);
        }),
        TestKind::In(values) => push_call(out, "in", |out| {
            out.extend([name, ", ["]);
            push_list(out, values, push_literal);
            out.push(']');
        }),
        TestKind::Like(pattern) => push_call(out, "like", |out| {
            out.extend([name, ", "]);
            push_quoted(out, pattern);
        }),
    }
}

fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Eq => "eq",
        Comparison::Neq => "neq",
        Comparison::Gt => "gt",
        Comparison::Gte => "gte",
        Comparison::Lt => "lt",
        Comparison::Lte => "lte",
    }
}

fn push_literal(out: &mut String, literal: &Literal) {
    let text = match literal {
        Literal::Null => return out.push_str("null"),
        Literal::Bool(true) => return out.push_str("true"),
        Literal::Bool(false) => return out.push_str("false"),
        Literal::Number(number) => return print_number(out, *number),
        Literal::Count(count) => return out.push_str(&count.to_string()),
        Literal::Money(usd) => return out.push_str(&usd.to_string()),
        Literal::Text(text) => return push_quoted(out, text),
        Literal::Duration(ns) => {
            let mut text = String::new();
            print_duration(&mut text, *ns);
            text
        }
        Literal::Time(time) => time.to_string(),
        Literal::Id(id) => id.to_string(),
        Literal::RunType(run_type) => run_type.to_string(),
        Literal::Status(status) => status.to_string(),
    };
    push_quoted(out, &text);
}

fn push_call(out: &mut String, name: &str, arguments: impl FnOnce(&mut String)) {
    out.push_str(name);
    out.push('(');
    arguments(out);
    out.push(')');
}

fn push_list<T>(out: &mut String, items: &[T], push: impl Fn(&mut String, &T)) {
    for (idx, item) in items.iter().enumerate() {
        if idx > 0 {
            out.push_str(", ");
        }
        push(out, item);
    }
}
