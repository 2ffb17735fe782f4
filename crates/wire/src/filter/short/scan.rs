//! The short form's smallest parts, found in the text; shared by the parser and by completion.

use crate::filter::FUNCTIONS;
use crate::filter::ast::Comparison;
use crate::filter::error::FilterError;
use crate::filter::lex::unquote;
use std::ops::Range;

/// Whether the text starts like a call: a function's name and a bracket.
pub(in crate::filter) fn is_call(text: &str) -> bool {
    let text = text.trim_start();
    FUNCTIONS
        .iter()
        .any(|function| text.strip_prefix(function.name).is_some_and(|rest| rest.trim_start().starts_with('(')))
}

/// What stands before the value: `status:`, `meta.env:`, `meta."user key":`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::filter) struct Head<'a> {
    pub(in crate::filter) name: &'a str,
    pub(in crate::filter) key: Option<String>,
    /// Without the colon.
    pub(in crate::filter) span: Range<usize>,
}

/// The head that begins at `start`, when there is one up to a colon.
pub(in crate::filter) fn scan_head(text: &str, start: usize) -> Option<Head<'_>> {
    let rest = &text[start..];
    if !rest.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_') {
        return None;
    }
    let length = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_')?;
    let (name, mut end) = (&rest[..length], start + length);
    let mut key = None;
    if text[end..].starts_with('.') {
        end += 1;
        if text[end..].starts_with('"') {
            let (content, after) = unquote(text, end).ok()?;
            key = Some(content);
            end = after;
        } else {
            let length = text[end..].find(|char: char| char == ':' || ends_word(char))?;
            key = Some(text[end..end + length].to_owned());
            end += length;
        }
    }
    let is_head = text[end..].starts_with(':');
    is_head.then_some(Head { name, key, span: start..end })
}

/// Whether a bare word or value is over.
pub(super) fn ends_word(char: char) -> bool {
    char.is_whitespace() || matches!(char, '(' | ')' | '"')
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::filter) enum Operator {
    /// Nothing said: equal, or found in.
    None,
    Compare(Comparison),
    Like,
}

/// The operator at the beginning of `text`, and its length.
pub(in crate::filter) fn scan_operator(text: &str) -> (Operator, usize) {
    let operators = [
        (">=", Operator::Compare(Comparison::Gte)),
        ("<=", Operator::Compare(Comparison::Lte)),
        ("!=", Operator::Compare(Comparison::Neq)),
        (">", Operator::Compare(Comparison::Gt)),
        ("<", Operator::Compare(Comparison::Lt)),
        ("=", Operator::Compare(Comparison::Eq)),
        ("~", Operator::Like),
    ];
    let found = operators.iter().find(|(sign, _)| text.starts_with(sign));
    found.map_or((Operator::None, 0), |(sign, operator)| (*operator, sign.len()))
}

/// A value as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) is_quoted: bool,
    pub(super) span: Range<usize>,
}

impl Value {
    pub(super) fn has_wildcard(&self) -> bool {
        !self.is_quoted && self.text.contains('*')
    }
}

/// The values after an operator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Values {
    pub(super) values: Vec<Value>,
    /// Whether there was a comma, if only at the end.
    pub(super) is_list: bool,
    pub(super) span: Range<usize>,
}

/// Values between commas from `start`. Without any, the list is empty.
pub(super) fn scan_values(text: &str, start: usize) -> Result<Values, FilterError> {
    let mut values = Vec::new();
    let mut is_list = false;
    let mut end = start;
    loop {
        let begin = end;
        if text[end..].starts_with('"') {
            let (content, after) = unquote(text, end)?;
            end = after;
            values.push(Value { text: content, is_quoted: true, span: begin..end });
        } else {
            let length = text[end..].find(|char: char| char == ',' || ends_word(char)).unwrap_or(text.len() - end);
            end += length;
            if length > 0 {
                values.push(Value { text: text[begin..end].to_owned(), is_quoted: false, span: begin..end });
            }
        }
        if !text[end..].starts_with(',') {
            return Ok(Values { values, is_list, span: start..end });
        }
        is_list = true;
        end += 1;
    }
}
