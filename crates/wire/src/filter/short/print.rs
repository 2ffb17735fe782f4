//! Prints the short form, where it can say what the filter says.

use super::names::prefix;
use super::scan::{is_call, scan_head};
use crate::Timestamp;
use crate::filter::ast::{Comparison, Field, Filter, Literal, Pair, PairPart, PairTest, TestKind, TextPart};
use crate::filter::build::is_eq;
use crate::filter::fields::{self, Kind, Subject};
use crate::filter::lex::push_quoted;
use crate::filter::print::part_name;
use crate::filter::value::{print_duration, print_number};
use crate::filter::words::{quoted, unquoted};

/// The short form, which [`parse`](super::parse()) reads back as the same filter; nothing when only calls can say it.
pub fn print(filter: &Filter) -> Option<String> {
    match filter {
        Filter::And(all) if all.is_empty() => Some(String::new()),
        Filter::And(all) => conjunction(all),
        Filter::Or(any) if !any.is_empty() => disjunction(any),
        other => term(other).map(|term| term.text),
    }
}

/// A piece that can stand beside others.
struct Term {
    text: String,
    /// Whether a `-` before it turns it round instead of wrapping it in a negation.
    is_turned: bool,
}

fn plain(text: String) -> Option<Term> {
    Some(Term { text, is_turned: false })
}

fn turned(text: String) -> Option<Term> {
    Some(Term { text, is_turned: true })
}

fn conjunction(all: &[Filter]) -> Option<String> {
    let mut terms = Vec::new();
    let mut rest = all;
    while let [first, after @ ..] = rest {
        let range = after.first().and_then(|second| range(first, second));
        rest = if range.is_some() { &after[1..] } else { after };
        terms.push(match range {
            Some(range) => range,
            None => term(first)?.text,
        });
    }
    Some(terms.join(" "))
}

fn disjunction(any: &[Filter]) -> Option<String> {
    let terms: Option<Vec<String>> = any.iter().map(|filter| Some(term(filter)?.text)).collect();
    Some(terms?.join(" OR "))
}

fn term(filter: &Filter) -> Option<Term> {
    match filter {
        Filter::And(all) if all.is_empty() => None,
        Filter::Or(any) if any.is_empty() => None,
        Filter::And(all) => match all.as_slice() {
            [first, second] => match range(first, second) {
                Some(range) => plain(range),
                None => plain(format!("({})", conjunction(all)?)),
            },
            _ => plain(format!("({})", conjunction(all)?)),
        },
        Filter::Or(any) => plain(format!("({})", disjunction(any)?)),
        Filter::Not(inner) => {
            let term = term(inner)?;
            let is_dash = !term.is_turned && !term.text.starts_with('-') && !term.text.starts_with("NOT ");
            plain(format!("{}{}", if is_dash { "-" } else { "NOT " }, term.text))
        }
        Filter::RootRun(inner) => plain(format!("root({})", inside(inner)?)),
        Filter::AnyRun(inner) => plain(format!("any({})", inside(inner)?)),
        Filter::Compare { field, comparison, value } => compare(*field, *comparison, value),
        Filter::In { field, values } => plain(on_field(*field, &TestKind::In(values.clone()))?),
        Filter::Like { field, pattern } => plain(on_field(*field, &TestKind::Like(pattern.clone()))?),
        Filter::Search { within, text } => search(*within, text),
        Filter::Pair(pair) => pair_term(pair),
        Filter::MetadataContains(_) => None,
    }
}

/// What stands between the brackets of `any(…)` and `root(…)`.
fn inside(filter: &Filter) -> Option<String> {
    print(filter).filter(|text| !text.is_empty())
}

fn compare(field: Field, comparison: Comparison, value: &Literal) -> Option<Term> {
    let short = fields::info(Subject::Field(field)).short;
    match (field, comparison, value) {
        (_, Comparison::Neq, Literal::Null) => turned(format!("{short}:*")),
        (_, Comparison::Eq, Literal::Null) => turned(format!("-{short}:*")),
        (_, _, Literal::Null) => None,
        (Field::StartTime, Comparison::Gte, Literal::Time(time)) => plain(format!("after:{}", short_time(*time))),
        (Field::StartTime, Comparison::Lt, Literal::Time(time)) => plain(format!("before:{}", short_time(*time))),
        (_, Comparison::Neq, value) => {
            turned(format!("-{}", on_field(field, &TestKind::Compare(Comparison::Eq, value.clone()))?))
        }
        (_, Comparison::Eq, value) => turned(on_field(field, &TestKind::Compare(Comparison::Eq, value.clone()))?),
        (_, comparison, value) => plain(on_field(field, &TestKind::Compare(comparison, value.clone()))?),
    }
}

fn on_field(field: Field, test: &TestKind) -> Option<String> {
    let info = fields::info(Subject::Field(field));
    let spec = spec(info.kind, test)?;
    // Without a sign, `error:` searches.
    let is_exact = field == Field::Error && !matches!(test, TestKind::Like(_));
    Some(format!("{}:{}{spec}", info.short, if is_exact { "=" } else { "" }))
}

/// `field:from..to`, for a lower and an upper bound of one field.
fn range(first: &Filter, second: &Filter) -> Option<String> {
    let (
        Filter::Compare { field, comparison: Comparison::Gte, value: from },
        Filter::Compare { field: second_field, comparison: Comparison::Lte, value: to },
    ) = (first, second)
    else {
        return None;
    };
    (field == second_field).then_some(())?;
    Some(format!("{}:{}", fields::info(Subject::Field(*field)).short, range_spec(from, to)?))
}

pub(in crate::filter) fn range_spec(from: &Literal, to: &Literal) -> Option<String> {
    let is_text = |literal: &Literal| matches!(literal, Literal::Text(_) | Literal::Null);
    (!is_text(from) && !is_text(to)).then(|| format!("{}..{}", bare(from), bare(to)))
}

fn search(within: Option<TextPart>, text: &str) -> Option<Term> {
    let prefix = match within {
        None => "",
        Some(TextPart::Inputs) => "input:",
        Some(TextPart::Outputs) => "output:",
        Some(TextPart::Error) => "error:",
        Some(TextPart::Name) => return plain(search_call(within, text)),
    };
    let is_reserved = ["AND", "OR", "NOT"].contains(&text);
    // A star asks for the beginning of a word here, and for a pattern after a field.
    let is_bare = match within {
        Some(_) => is_plain(text),
        None => is_plain_word(text) && !is_reserved,
    };
    if is_bare {
        return plain(format!("{prefix}{text}"));
    }
    match unquoted(text) {
        Some(content) => plain(prefix.to_owned() + &in_quotes(content)),
        // One word, which quotes leave as it is.
        None if quoted(text) == text => plain(prefix.to_owned() + &in_quotes(text)),
        None => plain(search_call(within, text)),
    }
}

/// Words in any order, or with phrases among them.
fn search_call(within: Option<TextPart>, text: &str) -> String {
    let part = within.map(|part| format!(".{}", part_name(part))).unwrap_or_default();
    format!("search{part}:{}", in_quotes(text))
}

fn in_quotes(text: &str) -> String {
    let mut out = String::new();
    push_quoted(&mut out, text);
    out
}

fn pair_term(pair: &Pair) -> Option<Term> {
    let is_turned = pair.tests.iter().all(|test| is_eq(&test.test));
    if pair.is_negated && !is_turned {
        return None;
    }
    let text = pair_text(pair)?;
    let text = if pair.is_negated { format!("-{text}") } else { text };
    Some(Term { text, is_turned })
}

fn pair_text(pair: &Pair) -> Option<String> {
    let row = |part: PairPart| fields::info(Subject::Row(pair.rows, part));
    let (head, tests) = match pair.tests.as_slice() {
        [PairTest { part: PairPart::Key, test: TestKind::Compare(Comparison::Eq, Literal::Text(key)) }, rest @ ..]
            if !rest.is_empty() =>
        {
            let part = rest[0].part;
            let mut head = prefix(pair.rows, part).to_owned();
            // Compared with numbers, `feedback.KEY` means the score.
            if head == "feedback_value" && rest.iter().all(|test| is_textual(&test.test)) {
                "feedback".clone_into(&mut head);
            }
            head.push('.');
            match is_plain_key(key) {
                true => head.push_str(key),
                false => push_quoted(&mut head, key),
            }
            (head, rest)
        }
        tests => (row(tests.first()?.part).short.to_owned(), tests),
    };
    let part = tests.first()?.part;
    if tests.iter().any(|test| test.part != part) {
        return None;
    }
    let kind = row(part).kind;
    let spec = match tests {
        [only] => match (&only.test, kind) {
            (TestKind::Compare(Comparison::Neq, Literal::Null), Kind::Score | Kind::Text) => "*".to_owned(),
            (TestKind::Compare(_, Literal::Null), Kind::Text) => return None,
            (test, kind) => spec(kind, test)?,
        },
        [
            PairTest { test: TestKind::Compare(Comparison::Gte, from), .. },
            PairTest { test: TestKind::Compare(Comparison::Lte, to), .. },
        ] if part != PairPart::Key => range_spec(from, to)?,
        _ => return None,
    };
    Some(format!("{head}:{spec}"))
}

fn is_textual(test: &TestKind) -> bool {
    match test {
        TestKind::Compare(Comparison::Eq, Literal::Text(_)) | TestKind::Like(_) => true,
        TestKind::In(values) => values.iter().all(|value| matches!(value, Literal::Text(_))),
        TestKind::Compare(..) => false,
    }
}

/// What stands after the colon.
fn spec(kind: Kind, test: &TestKind) -> Option<String> {
    let mut out = String::new();
    match test {
        TestKind::Compare(Comparison::Eq, Literal::Text(text)) => push_text(&mut out, text),
        TestKind::Compare(comparison, value) => {
            out.push_str(match comparison {
                Comparison::Eq if matches!(kind, Kind::Any) || *value == Literal::Null => "=",
                Comparison::Eq => "",
                Comparison::Neq => "!=",
                Comparison::Gt => ">",
                Comparison::Gte => ">=",
                Comparison::Lt => "<",
                Comparison::Lte => "<=",
            });
            push_typed(&mut out, kind, value);
        }
        TestKind::In(values) => {
            let is_typed = kind == Kind::Any && values.iter().any(|value| !matches!(value, Literal::Text(_)));
            if is_typed {
                out.push('=');
            }
            for (idx, value) in values.iter().enumerate() {
                if idx > 0 {
                    out.push(',');
                }
                match value {
                    Literal::Text(text) if !is_typed => push_text(&mut out, text),
                    value => push_typed(&mut out, kind, value),
                }
            }
            // A list of one.
            if values.len() == 1 {
                out.push(',');
            }
            (!values.is_empty()).then_some(())?;
        }
        TestKind::Like(pattern) => {
            let glob = pattern.replace('%', "*");
            let literally = pattern.replace('%', "");
            let is_glob =
                pattern.contains('%') && !pattern.contains('*') && (literally.is_empty() || is_plain(&literally));
            match is_glob && (glob != "*" || kind == Kind::Key) && !glob.contains("..") {
                true => out.push_str(&glob),
                false => {
                    out.push('~');
                    push_quoted(&mut out, pattern);
                }
            }
        }
    }
    Some(out)
}

/// After a sign, where values that look like numbers are numbers.
fn push_typed(out: &mut String, kind: Kind, value: &Literal) {
    match value {
        Literal::Text(text) if kind == Kind::Any && looks_typed(text) => push_quoted(out, text),
        Literal::Text(text) => push_text(out, text),
        value => out.push_str(&bare(value)),
    }
}

/// Whether a bare word after a sign would be taken for a number, a boolean or null.
fn looks_typed(text: &str) -> bool {
    matches!(text, "null" | "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Values that never need quotes.
pub(in crate::filter) fn bare(literal: &Literal) -> String {
    let mut out = String::new();
    match literal {
        Literal::Null => out.push_str("null"),
        Literal::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Literal::Number(number) => print_number(&mut out, *number),
        Literal::Count(count) => out.push_str(&count.to_string()),
        Literal::Duration(ns) => print_duration(&mut out, *ns),
        Literal::Time(time) => out.push_str(&short_time(*time)),
        Literal::Money(usd) => out.push_str(&usd.to_string()),
        Literal::Id(id) => out.push_str(&id.to_string()),
        Literal::RunType(run_type) => out.push_str(run_type.as_str()),
        Literal::Status(status) => out.push_str(status.as_str()),
        Literal::Text(text) => out.push_str(text),
    }
    out
}

/// In UTC, as short as it can be said: `2026-11-20`, `2026-11-20T10:00:00Z`.
fn short_time(time: Timestamp) -> String {
    let text = time.to_string();
    let Some((seconds, fraction)) = text.trim_end_matches('Z').split_once('.') else { return text };
    match (fraction.trim_end_matches('0'), seconds.strip_suffix("T00:00:00")) {
        ("", Some(date)) => date.to_owned(),
        ("", None) => format!("{seconds}Z"),
        (fraction, _) => format!("{seconds}.{fraction}Z"),
    }
}

/// The text bare, or in quotes when it would be taken for something else.
pub(in crate::filter) fn push_text(out: &mut String, text: &str) {
    match is_plain(text) {
        true => out.push_str(text),
        false => push_quoted(out, text),
    }
}

/// Whether a text after a colon needs no quotes.
fn is_plain(text: &str) -> bool {
    let is_plain = |char: char| char.is_alphanumeric() || "_-./@+:#%&$!?;|[]{}'^".contains(char);
    !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('!') && !text.contains("..")
}

fn is_plain_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|char| char.is_alphanumeric() || "_-./@#$".contains(char))
}

/// Whether a text on its own is searched for as it is.
fn is_plain_word(text: &str) -> bool {
    let is_plain = |char: char| char.is_alphanumeric() || "_-./@+:#%&$!?;*'^".contains(char);
    text.chars().all(is_plain)
        && !text.starts_with('-')
        && scan_head(text, 0).is_none()
        && !is_call(&format!("{text}("))
}
