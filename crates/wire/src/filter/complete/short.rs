//! Completion in the short form.

use super::{Completion, CompletionKind, choices, values_of};
use crate::filter::short::{Head, Name, Operator, find_name, keyed, scan_head, scan_operator};
use std::ops::Range;

pub(super) fn at(text: &str, cursor: usize) -> Completion {
    let item = item_around(text, cursor);
    let completion = |replace, kind| Completion { replace, kind, suffix: "", is_call: false };
    match scan_head(text, item.start) {
        Some(head) if cursor > head.span.end => after_colon(text, cursor, &head, item.end),
        // The name of a condition that is complete: it keeps its value.
        Some(head) => completion(head.span.start..head.span.end + 1, choices::names(&text[item.start..cursor])),
        None if text[item.clone()].starts_with('"') => completion(cursor..cursor, CompletionKind::Nothing),
        None => match text[item.start..cursor].split_once('.') {
            Some((name, key)) => before_colon(name, key, item),
            None => completion(item.clone(), choices::names(&text[item.start..cursor])),
        },
    }
}

/// A key is being typed: `meta.en`.
fn before_colon(name: &str, key: &str, item: Range<usize>) -> Completion {
    let prefix = key.trim_matches('"').to_owned();
    let of = find_name(name).and_then(keyed).and_then(|info| info.key_facet());
    let kind = of.map_or(CompletionKind::Nothing, |of| CompletionKind::Values { of, prefix });
    Completion { replace: item.start + name.len() + 1..item.end, kind, suffix: ":", is_call: false }
}

fn after_colon(text: &str, cursor: usize, head: &Head, end: usize) -> Completion {
    let (operator, length) = scan_operator(&text[head.span.end + 1..]);
    let values = head.span.end + 1 + length..end;
    // The value between commas that the cursor is in or behind.
    let start =
        text[values.start.min(cursor)..cursor].rfind(',').map_or(values.start, |comma| values.start + comma + 1);
    let end = text[cursor..end.max(cursor)].find(',').map_or(end, |comma| cursor + comma);
    let typed = text.get(start..cursor).unwrap_or_default();
    let prefix = typed.trim_matches(['"', '*']);
    let kind = match find_name(head.name) {
        None => CompletionKind::Nothing,
        Some(Name::Has) => choices::presences(prefix),
        Some(Name::Is) => choices::only("root", prefix),
        Some(Name::After | Name::Before) => CompletionKind::Nothing,
        Some(Name::Search) => CompletionKind::Nothing,
        Some(name) => match (head.key.as_deref(), name) {
            (Some(key), name) => {
                keyed(name).map_or(CompletionKind::Nothing, |info| values_of(info, Some(key), prefix, false))
            }
            (None, Name::Field(info)) => match info.kind.is_ordered() && operator == Operator::None && typed.is_empty()
            {
                true => choices::operators(info),
                false => values_of(info, None, prefix, false),
            },
            (None, _) => CompletionKind::Nothing,
        },
    };
    let replace = if cursor < start { cursor..cursor } else { start..end.max(start) };
    Completion { replace, kind, suffix: "", is_call: false }
}

/// The condition or word around the cursor, without brackets and dashes before it; empty between words.
fn item_around(text: &str, cursor: usize) -> Range<usize> {
    let mut start = 0;
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (position, char) in text.char_indices() {
        let is_gap = !is_quoted && (char.is_whitespace() || char == '(' || char == ')');
        if is_gap && position >= cursor {
            return strip(text, start..position, cursor);
        }
        match char {
            _ if is_gap => start = position + char.len_utf8(),
            '"' if !is_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        is_escaped = is_quoted && char == '\\' && !is_escaped;
    }
    strip(text, start..text.len(), cursor)
}

fn strip(text: &str, item: Range<usize>, cursor: usize) -> Range<usize> {
    let dashes = text[item.clone()].len() - text[item.clone()].trim_start_matches('-').len();
    (item.start + dashes).min(cursor)..item.end
}
