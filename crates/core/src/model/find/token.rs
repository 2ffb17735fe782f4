//! Words and `field:value` tokens of the search in a trace, written as in the filter bar above the list.

use super::amount::{AmountRange, Unit, read_range};
use fanlight_wire::{RunId, RunStatus, RunType};
use std::fmt::Display;
use std::ops::Range;

/// A token that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadToken {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    pub message: String,
}

/// One thing that must hold, or must not.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub test: Test,
    pub is_negated: bool,
}

/// What is asked of a run. Texts are in lower case.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Somewhere in name, model, type or status.
    Text(String),
    /// One of the patterns, `*` standing for any text.
    Name(Vec<String>),
    Model(Vec<String>),
    Type(Vec<RunType>),
    Status(Vec<RunStatus>),
    Amount(Figure, AmountRange),
    Has(Figure),
    Id(RunId),
}

/// A figure that columns hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Latency,
    FirstToken,
    Start,
    Tokens,
    PromptTokens,
    CompletionTokens,
    Cost,
    Children,
    Feedback,
}

/// Names of figures, and what they count.
const FIGURES: [(&str, Figure, Unit); 12] = [
    ("latency", Figure::Latency, Unit::Time),
    ("dur", Figure::Latency, Unit::Time),
    ("duration", Figure::Latency, Unit::Time),
    ("ttft", Figure::FirstToken, Unit::Time),
    ("first_token", Figure::FirstToken, Unit::Time),
    ("start", Figure::Start, Unit::Time),
    ("tokens", Figure::Tokens, Unit::Count),
    ("prompt_tokens", Figure::PromptTokens, Unit::Count),
    ("completion_tokens", Figure::CompletionTokens, Unit::Count),
    ("cost", Figure::Cost, Unit::Dollars),
    ("children", Figure::Children, Unit::Count),
    ("feedback", Figure::Feedback, Unit::Count),
];

/// Fields of the filter bar that are not in a trace's columns.
const OF_THE_LIST: [&str; 14] = [
    "tag",
    "tags",
    "meta",
    "error",
    "error_kind",
    "input",
    "output",
    "score",
    "thread",
    "provider",
    "comment",
    "parent",
    "after",
    "before",
];

/// Reads all tokens, or says what is wrong with the first that cannot be read.
pub fn read_all(text: &str) -> Result<Vec<Condition>, BadToken> {
    let mut conditions = Vec::new();
    for range in tokens(text) {
        match read(&text[range.clone()]) {
            Ok(condition) => conditions.extend(condition),
            Err(message) => return Err(BadToken { range, message }),
        }
    }
    Ok(conditions)
}

/// Where tokens stand: blanks between them, unless within double quotes.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next + text[next..].find(|c: char| !c.is_whitespace())?;
        let mut is_quoted = false;
        let end = text[start..].find(|c: char| {
            is_quoted ^= c == '"';
            c.is_whitespace() && !is_quoted
        });
        next = end.map_or(text.len(), |end| start + end);
        Some(start..next)
    })
}

fn read(token: &str) -> Result<Option<Condition>, String> {
    let (is_negated, rest) = match token.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, token),
    };
    let test = match rest.split_once(':') {
        Some((field, value)) if is_word(field) && !value.starts_with("//") => {
            of_field(&field.to_lowercase(), &value.replace('"', ""))?
        }
        _ => of_word(&rest.replace('"', "")),
    };
    Ok(test.map(|test| Condition { test, is_negated }))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

fn of_word(word: &str) -> Option<Test> {
    let word = word.trim().to_lowercase();
    match word.as_str() {
        "" => None,
        "err" | "failed" => Some(Test::Status(vec![RunStatus::Error])),
        _ => Some(word.parse().map(Test::Id).unwrap_or(Test::Text(word))),
    }
}

fn of_field(field: &str, value: &str) -> Result<Option<Test>, String> {
    if value.is_empty() {
        return Err(format!("“{field}:” wants a value"));
    }
    let patterns = || value.to_lowercase().split(',').map(str::to_owned).collect();
    let test = match field {
        "name" => Test::Name(patterns()),
        "model" => Test::Model(patterns()),
        "type" | "kind" => Test::Type(words(value, RunType::ALL)?),
        "status" => Test::Status(words(value, RunStatus::ALL)?),
        "id" => Test::Id(value.parse().map_err(|_| format!("“{value}” is no run id"))?),
        "has" => Test::Has(figure(value).ok_or_else(|| unknown("a run can be asked whether it has", value))?.0),
        _ => match figure(field) {
            Some((figure, unit)) => Test::Amount(figure, read_range(value, unit)?),
            None if OF_THE_LIST.contains(&field.split('.').next().unwrap_or(field)) => {
                return Err(format!("“{field}:” works in the list of traces; here, type the words alone"));
            }
            None => return Err(unknown("there is no field", field)),
        },
    };
    Ok(Some(test))
}

fn unknown(what: &str, word: &str) -> String {
    let fields = "type, status, name, model, latency, ttft, start, tokens, cost, children, feedback, has";
    if what.starts_with("there") {
        format!("There is no field “{word}”. There are: {fields}")
    } else {
        format!("“{word}” is nothing that {what}: try cost, tokens, children or feedback")
    }
}

fn figure(name: &str) -> Option<(Figure, Unit)> {
    FIGURES.iter().find(|&&(other, ..)| other == name).map(|&(_, figure, unit)| (figure, unit))
}

/// Each value of `all` that begins with one of the words in `list`, so that results come while a word is typed.
fn words<T: Copy + Display>(list: &str, all: &[T]) -> Result<Vec<T>, String> {
    let mut found = Vec::new();
    for word in list.to_lowercase().split(',') {
        let before = found.len();
        found.extend(all.iter().copied().filter(|value| value.to_string().starts_with(word)));
        if found.len() == before {
            let all = all.iter().map(T::to_string).collect::<Vec<_>>().join(", ");
            return Err(format!("“{word}” is not one of {all}"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, bad: &str, message: &str) {
        let error = read_all(text).expect_err("cannot be read");
        assert_eq!((&text[error.range], error.message.as_str()), (bad, message));
    }

    #[test]
    fn what_cannot_be_read_is_pointed_at() {
        check(
            "chat kind:banana",
            "kind:banana",
            "“banana” is not one of chain, llm, tool, retriever, embedding, prompt, parser",
        );
        check("dur:2s x", "dur:2s", "“2s” is no comparison: write >2s, <=200ms or 1s..5s");
        check("-name:", "-name:", "“name:” wants a value");
        check("tag:beta", "tag:beta", "“tag:” works in the list of traces; here, type the words alone");
        check("meta.env:prod", "meta.env:prod", "“meta.env:” works in the list of traces; here, type the words alone");
        check(
            "has:hair",
            "has:hair",
            "“hair” is nothing that a run can be asked whether it has: try cost, tokens, children or feedback",
        );
        assert!(
            read_all("nme:x")
                .is_err_and(|error| error.message.starts_with("There is no field “nme”. There are: type,"))
        );
    }

    #[test]
    fn quotes_keep_words_together_and_colons_in_text_are_text() {
        let texts = |text: &str| {
            let of = |condition: &Condition| match &condition.test {
                Test::Text(text) => text.clone(),
                other => format!("{other:?}"),
            };
            read_all(text).expect("can be read").iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(texts("\"late refund\" x"), ["late refund", "x"]);
        assert_eq!(texts("http://example.org \"\" -"), ["http://example.org", "-"]);
        assert_eq!(texts("name:\"a b\""), ["Name([\"a b\"])"]);
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_errors_lie_in_the_text(text in ".{0,40}", field in "[a-z]{2,8}:[<>.,0-9a-z\"]{0,8}") {
            for text in [text.clone(), format!("{text} {field}")] {
                if let Err(error) = read_all(&text) {
                    prop_assert!(text.get(error.range).is_some());
                }
            }
        }
    }
}
