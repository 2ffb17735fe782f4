//! How text becomes searchable words, once for the index, the evaluator and the highlighting.
//!
//! A word is a run of letters and digits, folded: `Café` is found by `cafe`. In scripts without spaces, and in Korean,
//! every two neighbours are a word: `検索機能` is `検索`, `索機`, `機能`, and `能` so that every character begins some word.
//! A search for one such character is a search for words that begin with it.
//!
//! [`Query`] is what a text to search for asks.

mod fold;
mod query;
mod script;
mod tokens;

pub use query::{Missing, Query, find_matches, first_match, quoted, unquoted};
pub use tokens::{Token, TokenKind, Tokens};

use serde_json::Value;
use std::borrow::Cow;

/// Of each part of a run (name, inputs, outputs, error, …) so much text can be searched; see [`part_texts`].
pub const SEARCHABLE_BYTES: usize = 256 * 1024;

/// Longer words are cut, in texts and in searches alike.
pub const MAX_WORD_BYTES: usize = 64;

/// More letters, digits and `+/=_-` than this without a gap are encoded data, not words.
pub const MAX_RUN_BYTES: usize = 256;

/// The words of `text` as the index keeps them, in order, repetitions included.
pub fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    Tokens::new(text).map(|token| token.word)
}

/// One of the words that must all occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryWord {
    pub text: String,
    /// Any word that begins with `text` will do.
    pub is_prefix: bool,
}

impl QueryWord {
    pub fn matches(&self, word: &str) -> bool {
        match self.is_prefix {
            true => word.starts_with(self.text.as_str()),
            false => word == self.text,
        }
    }
}

/// The words of a piece of a query without quotes, each once. A `*` right after a word asks for its beginning.
fn query_words(query: &str) -> Vec<QueryWord> {
    let mut found: Vec<QueryWord> = Vec::new();
    for token in Tokens::new(query) {
        let is_prefix = match token.kind {
            // The pairs before it say all.
            TokenKind::Tail => continue,
            TokenKind::Single => true,
            TokenKind::Word => ends_in_star(&query[token.span.end..]),
            TokenKind::Pair | TokenKind::Emoji => false,
        };
        let word = QueryWord { text: token.word.into_owned(), is_prefix };
        if !word.text.is_empty() && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

fn ends_in_star(rest: &str) -> bool {
    rest.strip_prefix('*').is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
}

/// The texts by which inputs, outputs and metadata are found: their texts and numbers, without keys; at most
/// [`SEARCHABLE_BYTES`], of which each text takes one more than its length.
pub fn part_texts(json: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    push_scalars(&mut texts, &mut SEARCHABLE_BYTES.clone(), json);
    texts
}

fn push_scalars(out: &mut Vec<String>, n_left: &mut usize, json: &Value) {
    let mut push = |text: &str| {
        if *n_left > 0 {
            out.push(text[..text.floor_char_boundary(*n_left)].to_owned());
            *n_left = n_left.saturating_sub(text.len() + 1);
        }
    };
    match json {
        Value::String(text) => push(text),
        Value::Number(number) => push(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| push_scalars(out, n_left, item)),
        Value::Object(entries) => entries.values().for_each(|value| push_scalars(out, n_left, value)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The part of a text that can be searched: its first [`SEARCHABLE_BYTES`], whole characters.
pub fn searchable(text: &str) -> &str {
    &text[..text.floor_char_boundary(SEARCHABLE_BYTES)]
}

#[cfg(test)]
mod tests;
