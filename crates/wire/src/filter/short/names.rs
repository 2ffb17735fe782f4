//! What the short form has besides fields: keywords, and prefixes that stand for fields.

use crate::filter::ast::{PairPart, PairRows, TextPart};
use crate::filter::fields::{self, FieldInfo, Subject};

/// A word of the short form that is no field.
#[derive(Debug)]
pub struct Keyword {
    /// As it is typed, punctuation included.
    pub name: &'static str,
    pub help: &'static str,
    pub example: &'static str,
}

const fn keyword(name: &'static str, help: &'static str, example: &'static str) -> Keyword {
    Keyword { name, help, example }
}

#[rustfmt::skip]
pub const KEYWORDS: [Keyword; 12] = [
    keyword("input:", "Words in the inputs; with a dot, the value at a path", "input:refund"),
    keyword("output:", "Words in the outputs; with a dot, the value at a path", "output:refund"),
    keyword("search:", "What search(…) takes: words in any order, phrases in quotes", r#"search:"late refund""#),
    keyword("after:", "Started at or after", "after:2026-11-20"),
    keyword("before:", "Started before", "before:2026-11-21"),
    keyword("has:", "The run has one", "has:feedback"),
    keyword("is:", "Root runs only", "is:root"),
    keyword("any(", "Some run of the trace passes", "any(type:tool status:error)"),
    keyword("root(", "The root run of the trace passes", "root(name:agent)"),
    keyword("OR", "One of both holds", "(status:error OR latency:>5s)"),
    keyword("AND", "Both hold, as without a word", "status:error AND latency:>5s"),
    keyword("NOT", "It does not hold", "NOT (status:error latency:>5s)"),
];

/// What stands before a colon.
#[derive(Clone, Copy, Debug)]
pub(in crate::filter) enum Name {
    Field(&'static FieldInfo),
    /// `input:` and `output:`: words to search for, or values of rows.
    Part(TextPart, PairRows),
    /// `search:` and `search.inputs:`, as the call of that name.
    Search,
    After,
    Before,
    Has,
    Is,
}

pub(in crate::filter) fn find(name: &str) -> Option<Name> {
    Some(match name.to_ascii_lowercase().as_str() {
        "input" | "inputs" => Name::Part(TextPart::Inputs, PairRows::Inputs),
        "output" | "outputs" => Name::Part(TextPart::Outputs, PairRows::Outputs),
        "search" => Name::Search,
        "after" | "since" => Name::After,
        "before" | "until" => Name::Before,
        "has" => Name::Has,
        "is" => Name::Is,
        other => Name::Field(fields::find(other)?),
    })
}

/// Everything that can stand before a colon, for suggestions.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let keywords = KEYWORDS.iter().filter_map(|keyword| keyword.name.strip_suffix(':'));
    keywords.chain(fields::FIELDS.iter().flat_map(FieldInfo::names))
}

/// What `NAME.KEY:` looks at, when it says more than `NAME:`.
pub(in crate::filter) fn keyed(name: Name) -> Option<&'static FieldInfo> {
    match name {
        Name::Part(_, rows) => Some(fields::info(Subject::Row(rows, PairPart::Value))),
        Name::Field(info) => match info.subject {
            Subject::Row(rows, PairPart::Key) => Some(fields::info(Subject::Row(rows, PairPart::Value))),
            Subject::Row(..) => Some(info),
            Subject::Field(_) => None,
        },
        _ => None,
    }
}

/// The name before the dot that [`keyed`] reads as this part.
pub(super) fn prefix(rows: PairRows, part: PairPart) -> &'static str {
    match (rows, part) {
        (PairRows::Metadata, PairPart::Value) => "meta",
        (PairRows::Inputs, PairPart::Value) => "input",
        (PairRows::Outputs, PairPart::Value) => "output",
        (rows, part) => fields::info(Subject::Row(rows, part)).short,
    }
}
