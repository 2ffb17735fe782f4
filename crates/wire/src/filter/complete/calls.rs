//! Completion in the call form.

use super::{Completion, CompletionKind, choices, values_of};
use crate::filter::fields::{self, FieldInfo, Kind, Subject};
use crate::filter::lex::{Token, token_at};
use crate::filter::{PairPart, PairRows};
use crate::run_stats::FacetKey;

/// A call that is open at the cursor.
#[derive(Default)]
struct Call<'a> {
    function: &'a str,
    /// The argument that the cursor is in.
    idx: usize,
    /// The first argument, when it is a name.
    subject: String,
}

pub(super) fn at(text: &str, cursor: usize) -> Completion {
    let mut open: Vec<Call> = Vec::new();
    let mut name = "";
    let mut metadata_key: Option<String> = None;
    let mut is_in_list = false;
    let mut position = 0;
    // What is being typed: up to the cursor, and all of it.
    let (mut typed, mut replace) = ("", cursor..cursor);
    while let Ok((token, span)) = token_at(text, position) {
        let is_touched = match token {
            Token::Word(_) | Token::Number(_) => span.start < cursor && cursor <= span.end,
            Token::Text(_) => span.start < cursor && cursor < span.end,
            _ => false,
        };
        if is_touched {
            (typed, replace) = (&text[span.start..cursor], span);
            break;
        }
        if token == Token::End || span.start >= cursor {
            break;
        }
        if matches!(token, Token::Text(_)) && span.end == cursor {
            return Completion { replace, kind: CompletionKind::Nothing, suffix: "", is_call: true };
        }
        match token {
            Token::Word(word) => name = word,
            Token::Open => open.push(Call { function: name, ..Call::default() }),
            Token::Close => {
                open.pop();
            }
            Token::OpenList => is_in_list = true,
            Token::CloseList => is_in_list = false,
            Token::Comma if !is_in_list => {
                if let Some(call) = open.last_mut() {
                    call.idx += 1;
                }
            }
            _ => {}
        }
        if let (Token::Word(word), Some(call)) = (&token, open.last_mut().filter(|call| call.idx == 0)) {
            call.subject = (*word).to_owned();
        }
        if let (Token::Text(text), Some(call)) = (token, open.last_mut()) {
            match call.idx {
                0 => call.subject = text,
                _ if call.subject == "metadata_key" => metadata_key = Some(text),
                _ => {}
            }
        }
        position = span.end;
    }
    // A text without its end: the cursor is in it, whatever follows.
    if token_at(text, position).is_err() && replace.is_empty() {
        let start = position + (text[position..].len() - text[position..].trim_start().len());
        if start < cursor {
            (typed, replace) = (&text[start..cursor], start..cursor);
        }
    }
    let kind = kind(open.last(), metadata_key.as_deref(), typed);
    Completion { replace, kind, suffix: "", is_call: true }
}

fn kind(call: Option<&Call>, metadata_key: Option<&str>, typed: &str) -> CompletionKind {
    let prefix = typed.trim_matches(['"', '\'', '%']);
    let Some(call) = call.filter(|call| !["and", "or", "not", "root_run", "any_run"].contains(&call.function)) else {
        return choices::functions(prefix);
    };
    match (call.function, call.idx) {
        ("has", 0) => choices::these(&["tags", "metadata"], ", ", prefix),
        ("exists", 0) => choices::these(&["metadata"], ", ", prefix),
        ("search", 0) if typed.starts_with(['"', '\'']) => CompletionKind::Nothing,
        ("search", 0) => choices::these(&["inputs", "outputs", "error", "name"], ", ", prefix),
        ("search", _) => CompletionKind::Nothing,
        (function, 0) => choices::fields(prefix, |info| is_comparable(function, info)),
        ("has", _) if call.subject == "tags" => CompletionKind::Values { of: FacetKey::Tag, prefix: prefix.to_owned() },
        ("exists", _) => CompletionKind::Values { of: FacetKey::MetadataKeys, prefix: prefix.to_owned() },
        ("eq" | "neq" | "in" | "like" | "gt" | "gte" | "lt" | "lte", _) => match fields::find(&call.subject) {
            Some(info) => {
                let key = metadata_key.filter(|_| info.subject == Subject::Row(PairRows::Metadata, PairPart::Value));
                values_of(info, key, prefix, true)
            }
            None => CompletionKind::Nothing,
        },
        _ => CompletionKind::Nothing,
    }
}

fn is_comparable(function: &str, info: &FieldInfo) -> bool {
    match function {
        "gt" | "gte" | "lt" | "lte" => info.kind.is_ordered(),
        "like" => info.kind.is_text(),
        "in" => info.kind != Kind::Bool,
        _ => true,
    }
}
