//! What can be offered without asking the server.

use super::{Choice, CompletionKind};
use crate::filter::FUNCTIONS;
use crate::filter::fields::{FIELDS, FieldInfo, Kind, Subject};
use crate::filter::short::KEYWORDS;
use crate::{RunStatus, RunType};

/// Fields and keywords of the short form: first those that begin with `prefix`, then those that contain it.
pub(super) fn names(prefix: &str) -> CompletionKind {
    let fields = FIELDS.iter().map(|info| {
        let choice = Choice { text: format!("{}:", info.short), help: info.help, example: info.example };
        (rank(info.names(), prefix), choice)
    });
    let keywords = KEYWORDS.iter().map(|keyword| {
        let choice = Choice { text: keyword.name.to_owned(), help: keyword.help, example: keyword.example };
        (rank(std::iter::once(keyword.name), prefix), choice)
    });
    CompletionKind::Names(ranked(fields.chain(keywords).collect()))
}

/// Functions of the call form.
pub(super) fn functions(prefix: &str) -> CompletionKind {
    CompletionKind::Names(ranked(
        FUNCTIONS
            .iter()
            .map(|function| {
                let choice =
                    Choice { text: format!("{}(", function.name), help: function.help, example: function.example };
                (rank(std::iter::once(function.name), prefix), choice)
            })
            .collect(),
    ))
}

/// Fields of the call form that `fits` lets through.
pub(super) fn fields(prefix: &str, fits: impl Fn(&FieldInfo) -> bool) -> CompletionKind {
    CompletionKind::Names(ranked(
        FIELDS
            .iter()
            .filter(|info| fits(info))
            .map(|info| {
                let choice = Choice { text: format!("{}, ", info.name), help: info.help, example: "" };
                (rank(info.names(), prefix), choice)
            })
            .collect(),
    ))
}

/// A few names, such as the parts that can be searched.
pub(super) fn these(names: &[&'static str], suffix: &str, prefix: &str) -> CompletionKind {
    CompletionKind::Names(ranked(
        names
            .iter()
            .map(|name| {
                (
                    rank(std::iter::once(*name), prefix),
                    Choice { text: format!("{name}{suffix}"), help: "", example: "" },
                )
            })
            .collect(),
    ))
}

/// How the field can be compared, in the short form.
pub(super) fn operators(info: &FieldInfo) -> CompletionKind {
    let signs = [(">", "more than"), (">=", "at least"), ("<", "less than"), ("<=", "at most"), ("*", "has a value")];
    let later = [(">", "after"), (">=", "at or after"), ("<", "before"), ("<=", "at or before"), ("*", "has one")];
    let signs = if info.kind == Kind::Time { later } else { signs };
    let choices = signs.map(|(sign, help)| Choice { text: sign.to_owned(), help, example: info.example });
    CompletionKind::Operators(choices.to_vec())
}

/// Words that the field's values are, or are often compared with.
pub(super) fn words(info: &FieldInfo, prefix: &str, is_call: bool) -> CompletionKind {
    let words: Vec<&'static str> = match info.kind {
        Kind::Status => RunStatus::ALL.iter().map(|status| status.as_str()).collect(),
        Kind::RunType => RunType::ALL.iter().map(|run_type| run_type.as_str()).collect(),
        Kind::Bool => vec!["true", "false"],
        Kind::Duration => vec!["100ms", "500ms", "1s", "2s", "5s", "10s", "30s", "1m", "5m"],
        Kind::Count => vec!["100", "1000", "10000", "100000"],
        Kind::Money => vec!["0.001", "0.01", "0.1", "1"],
        Kind::Score => vec!["0", "0.5", "1"],
        Kind::Text if matches!(info.subject, Subject::Row(..)) && info.short == "source" => {
            vec!["api", "app", "model", "auto_eval"]
        }
        _ => return CompletionKind::Nothing,
    };
    let is_quoted = is_call && matches!(info.kind, Kind::Status | Kind::RunType | Kind::Duration | Kind::Text);
    let quote = if is_quoted { "\"" } else { "" };
    CompletionKind::Words(ranked(
        words
            .into_iter()
            .map(|word| {
                let choice = Choice { text: format!("{quote}{word}{quote}"), help: "", example: "" };
                // Other numbers are as good as these: only those that go on as typed are offered.
                let rank =
                    rank(std::iter::once(word), prefix).filter(|rank| *rank == Rank::Begins || info.kind.is_text());
                (rank, choice)
            })
            .collect(),
    ))
}

/// What `has:` can be followed by.
pub(super) fn presences(prefix: &str) -> CompletionKind {
    let words =
        ["error", "feedback", "parent", "tag", "thread", "model", "cost", "example", "metadata", "input", "output"];
    CompletionKind::Words(ranked(
        words
            .into_iter()
            .map(|word| (rank(std::iter::once(word), prefix), Choice { text: word.to_owned(), help: "", example: "" }))
            .collect(),
    ))
}

/// The one word that can stand here.
pub(super) fn only(word: &'static str, prefix: &str) -> CompletionKind {
    let choice = Choice { text: word.to_owned(), help: "", example: "" };
    CompletionKind::Words(ranked(vec![(rank(std::iter::once(word), prefix), choice)]))
}

/// A choice, and how well it fits what was typed.
type Ranked = (Option<Rank>, Choice);

/// How a name fits what was typed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Begins,
    Contains,
}

fn rank<'n>(names: impl Iterator<Item = &'n str>, prefix: &str) -> Option<Rank> {
    // What is typed is short, and names are in ASCII.
    let prefix = prefix.to_ascii_lowercase();
    let ranks = names.filter_map(|name| match name.to_ascii_lowercase().find(&prefix) {
        Some(0) => Some(Rank::Begins),
        Some(_) => Some(Rank::Contains),
        None => None,
    });
    ranks.min()
}

/// Those that fit, the better ones first, otherwise in order. Without a sort, whose code is larger than all of this file's.
fn ranked(choices: Vec<Ranked>) -> Vec<Choice> {
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for (rank, choice) in choices {
        match rank {
            Some(Rank::Begins) => first.push(choice),
            Some(Rank::Contains) => then.push(choice),
            None => {}
        }
    }
    first.append(&mut then);
    first
}
