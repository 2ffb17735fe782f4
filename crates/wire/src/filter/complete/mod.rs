//! What could be typed next in a filter bar, in either form, for text that is not finished and may not be right.

mod calls;
mod choices;
mod short;

use super::ast::{Field, PairPart, PairRows};
use super::fields::{FieldInfo, Kind, Subject};
use super::lex::push_quoted;
use super::short::{is_call, push_text};
use crate::run_stats::FacetKey;
use std::ops::Range;

/// What could stand at the cursor, and what it would replace.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// Bytes around the cursor that the choice replaces; empty where something new begins.
    pub replace: Range<usize>,
    pub kind: CompletionKind,
    /// What follows a value from the server: the colon after a metadata key.
    pub suffix: &'static str,
    /// Whether the text is calls, where texts always stand in quotes.
    pub is_call: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CompletionKind {
    /// Fields, keywords or functions.
    Names(Vec<Choice>),
    /// How the field can be compared; typing a value instead is fine too.
    Operators(Vec<Choice>),
    /// Values that the server knows: ask it for those of the facet that begin with or contain `prefix`.
    Values { of: FacetKey, prefix: String },
    /// A few words that are always possible.
    Words(Vec<Choice>),
    /// Nothing to offer: free text, a number, a time.
    Nothing,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is inserted, colons and brackets included.
    pub text: String,
    /// One line; empty when the text says it all.
    pub help: &'static str,
    /// Empty when there is none.
    pub example: &'static str,
}

impl Completion {
    /// The text after a choice was made, and where the cursor goes.
    pub fn insert(&self, text: &str, choice: &str) -> (String, usize) {
        let (before, after) = (&text[..self.replace.start], &text[self.replace.end..]);
        (format!("{before}{choice}{after}"), before.len() + choice.len())
    }

    /// The same for a value that the server suggested: in quotes where it needs them.
    pub fn insert_value(&self, text: &str, value: &str) -> (String, usize) {
        let mut choice = String::new();
        match self.is_call {
            true => push_quoted(&mut choice, value),
            false => push_text(&mut choice, value),
        }
        choice.push_str(self.suffix);
        self.insert(text, &choice)
    }
}

/// What could be typed at `cursor`, a byte offset (moved back to a character boundary where it is not one).
pub fn at(text: &str, cursor: usize) -> Completion {
    let cursor = text.floor_char_boundary(cursor);
    match is_call(text) {
        true => calls::at(text, cursor),
        false => short::at(text, cursor),
    }
}

/// What the values of a field are, as far as it is known here.
fn values_of(info: &'static FieldInfo, key: Option<&str>, prefix: &str, is_call: bool) -> CompletionKind {
    if let (Subject::Row(PairRows::Metadata, PairPart::Value), Some(key)) = (info.subject, key) {
        return CompletionKind::Values { of: FacetKey::Metadata(key.to_owned()), prefix: prefix.to_owned() };
    }
    // Errors are too many to list; what they are called is not.
    let facet = match info.subject {
        Subject::Field(Field::Error) if !is_call => Some(FacetKey::ErrorKind),
        _ => info.facet(),
    };
    match (info.kind, facet) {
        (Kind::RunType | Kind::Status, _) | (_, None) => choices::words(info, prefix, is_call),
        (_, Some(of)) => CompletionKind::Values { of, prefix: prefix.to_owned() },
    }
}

#[cfg(test)]
mod tests;
