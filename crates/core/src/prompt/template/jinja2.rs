//! Jinja2, as far as it can be read without running it: which names from outside it looks at.

use super::{Cutter, Piece, PieceKind, is_name};
use std::collections::BTreeSet;

/// Words of the language, and functions that are always there.
const WORDS: [&str; 36] = [
    "and",
    "or",
    "not",
    "is",
    "in",
    "if",
    "else",
    "elif",
    "endif",
    "for",
    "endfor",
    "set",
    "endset",
    "block",
    "endblock",
    "filter",
    "endfilter",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "with",
    "endwith",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "loop",
    "range",
    "dict",
    "namespace",
    "recursive",
    "raw",
    "endraw",
];

pub fn pieces(template: &str) -> Vec<Piece> {
    let mut cutter = Cutter::new(template);
    let mut made: BTreeSet<String> = BTreeSet::new();
    let mut at = 0;
    while let Some(found) = template[at..].find(['{']) {
        let start = at + found;
        let closing = match template[start..].get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let Some(length) = template[start + 2..].find(closing) else {
            let reason = format!("{} is never closed", &template[start..start + 2]);
            cutter.push(start..template.len(), PieceKind::Bad(reason));
            return cutter.finish();
        };
        let end = start + 2 + length + 2;
        let inside = template[start + 2..end - 2].trim_matches('-').trim();
        let kind = match closing {
            "#}" => PieceKind::Comment,
            "%}" => statement(inside, &mut made),
            _ => output(inside, &made),
        };
        cutter.push(start..end, kind);
        at = end;
    }
    cutter.finish()
}

/// `{{ a.b }}` can be filled in; `{{ a | upper }}` only Python can.
fn output(inside: &str, made: &BTreeSet<String>) -> PieceKind {
    let first = inside.split('.').next().unwrap_or_default();
    if inside.split('.').all(is_name) && !WORDS.contains(&first) {
        let name = (!made.contains(first)).then(|| first.to_owned());
        return PieceKind::Variable { name, path: inside.to_owned() };
    }
    match inside {
        "" => PieceKind::Bad("{{ }} needs an expression".to_owned()),
        _ => PieceKind::Statement { names: names(inside, made) },
    }
}

/// Names that a `for` or a `set` makes are not from outside from here on.
fn statement(inside: &str, made: &mut BTreeSet<String>) -> PieceKind {
    let is_loop = inside.starts_with("for");
    let (targets, read) = match inside.split_once(char::is_whitespace) {
        Some(("for", rest)) => rest.split_once(" in ").unwrap_or(("", rest)),
        Some(("set", rest)) => rest.split_once('=').unwrap_or((rest, "")),
        _ => ("", inside),
    };
    let targets = targets.split(',').map(str::trim).filter(|target| is_name(target)).map(str::to_owned);
    let names = match is_loop {
        // A loop's condition looks at what it makes.
        true => {
            made.extend(targets);
            names(read, made)
        }
        false => {
            let names = names(read, made);
            made.extend(targets);
            names
        }
    };
    PieceKind::Statement { names }
}

/// Names that an expression reads: not attributes, filters, tests, keyword arguments or texts.
fn names(expression: &str, made: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut last_word = "";
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if first.is_alphabetic() || first == '_' => {
                let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
                let word = &rest[..end];
                let after = rest[end..].trim_start();
                let is_argument = after.starts_with('=') && !after.starts_with("==");
                let is_from_outside = !matches!(before, '.' | '|') && last_word != "is" && !is_argument;
                if is_from_outside
                    && !WORDS.contains(&word)
                    && !made.contains(word)
                    && !found.iter().any(|name| name == word)
                {
                    found.push(word.to_owned());
                }
                // `is not defined` tests like `is defined`.
                if !(last_word == "is" && word == "not") {
                    last_word = word;
                }
                end
            }
            _ if first.is_ascii_digit() => rest.find(|char: char| !char.is_alphanumeric()).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        if !first.is_whitespace() {
            before = first;
            if !first.is_alphabetic() && first != '_' {
                last_word = "";
            }
        }
        rest = &rest[length..];
    }
    found
}
