//! How text becomes searchable words, once for the index, the evaluator and the highlighting.
//!
//! A word is a run of letters and digits, folded: `Café` is found by `cafe`. In scripts without spaces, and in Korean,
//! every two neighbours are a word: `検索機能` is `検索`, `索機`, `機能`, and `能` so that every character begins some word.
//! A search for one such character is a search for words that begin with it.

mod fold;
mod script;
mod tokens;

pub use tokens::{Token, TokenKind, Tokens};

use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;

/// Of each part of a run (name, inputs, outputs, error, …) so much text can be searched; see [`part_text`].
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

/// The words that a text must have to be found by `query`, each once. A `*` right after a word asks for its beginning.
pub fn query_words(query: &str) -> Vec<QueryWord> {
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

/// Whether every word of the query occurs in one of the texts.
pub fn is_found<'t>(query: &[QueryWord], texts: impl IntoIterator<Item = &'t str>) -> bool {
    let mut missing: Vec<&QueryWord> = query.iter().collect();
    for text in texts {
        if missing.is_empty() {
            return true;
        }
        for word in words(text) {
            missing.retain(|wanted| !wanted.matches(&word));
            if missing.is_empty() {
                return true;
            }
        }
    }
    missing.is_empty()
}

/// The bytes of `text` that a search would highlight: ascending, apart from each other, on character boundaries.
pub fn find_matches(text: &str, query: &[QueryWord]) -> Vec<Range<usize>> {
    let mut matches: Vec<Range<usize>> = Vec::new();
    for token in Tokens::new(text) {
        // One character was asked for: of a pair, only the first is it.
        let narrow = |word: &&QueryWord| match token.kind {
            TokenKind::Pair if word.is_prefix => token.span.start..token.span.start + word.text.len(),
            _ => token.span.clone(),
        };
        let Some(span) = query.iter().find(|wanted| wanted.matches(&token.word)).as_ref().map(narrow) else {
            continue;
        };
        match matches.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => matches.push(span),
        }
    }
    matches
}

/// The text by which inputs, outputs and metadata are found: their texts and numbers, a line each, without keys; at most
/// [`SEARCHABLE_BYTES`].
pub fn part_text(json: &Value) -> String {
    let mut out = String::new();
    push_scalars(&mut out, json);
    out.truncate(searchable(&out).len());
    out
}

fn push_scalars(out: &mut String, json: &Value) {
    if out.len() > SEARCHABLE_BYTES {
        return;
    }
    match json {
        Value::String(text) => push_line(out, searchable(text)),
        Value::Number(number) => push_line(out, &number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| push_scalars(out, item)),
        Value::Object(entries) => entries.values().for_each(|value| push_scalars(out, value)),
        Value::Null | Value::Bool(_) => {}
    }
}

fn push_line(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
}

/// The part of a text that can be searched: its first [`SEARCHABLE_BYTES`], whole characters.
pub fn searchable(text: &str) -> &str {
    &text[..text.floor_char_boundary(SEARCHABLE_BYTES)]
}

#[cfg(test)]
mod tests;
