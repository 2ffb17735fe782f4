//! The call form's words: names, texts, numbers and brackets, each with its place.

use super::error::{FilterError, quote};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    /// Without its quotes and escapes.
    Text(String),
    /// As it was written: what it is worth depends on the field.
    Number(&'a str),
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    End,
}

impl Token<'_> {
    /// How a message names it.
    pub(super) fn describe(&self) -> String {
        match self {
            Token::Word(word) => quote(word),
            Token::Text(text) => format!("the text {}", quote(text)),
            Token::Number(number) => format!("the number {}", quote(number)),
            Token::Open => "“(”".to_owned(),
            Token::Close => "“)”".to_owned(),
            Token::OpenList => "“[”".to_owned(),
            Token::CloseList => "“]”".to_owned(),
            Token::Comma => "a comma".to_owned(),
            Token::End => "the end".to_owned(),
        }
    }
}

/// The token at or after `start`, and where it is.
pub(super) fn token_at(text: &str, start: usize) -> Result<(Token<'_>, Range<usize>), FilterError> {
    let rest = &text[start..];
    let trimmed = rest.trim_start();
    let start = start + (rest.len() - trimmed.len());
    let Some(first) = trimmed.chars().next() else {
        return Ok((Token::End, start..start));
    };
    let single = |token| Ok((token, start..start + 1));
    match first {
        '(' => single(Token::Open),
        ')' => single(Token::Close),
        '[' => single(Token::OpenList),
        ']' => single(Token::CloseList),
        ',' => single(Token::Comma),
        '"' | '\'' => {
            let (content, end) = unquote(text, start)?;
            Ok((Token::Text(content), start..end))
        }
        '0'..='9' | '-' | '+' | '.' => {
            let end = start + length_while(trimmed, |char| char.is_ascii_alphanumeric() || "+-.".contains(char));
            let number = &text[start..end];
            match number.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok((Token::Number(number), start..end)),
                _ => Err(FilterError::new(
                    start..end,
                    format!("{} is not a number. Texts, times and spans of time stand in quotes.", quote(number)),
                )),
            }
        }
        _ if first.is_alphabetic() || first == '_' => {
            let end = start + length_while(trimmed, |char| char.is_alphanumeric() || char == '_');
            Ok((Token::Word(&text[start..end]), start..end))
        }
        _ => Err(FilterError::new(
            start..start + first.len_utf8(),
            format!("{} means nothing here. Texts stand in quotes.", quote(&first.to_string())),
        )),
    }
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|char| !belongs(char)).unwrap_or(text.len())
}

/// The text in quotes that begins at `start`, and where the rest begins.
pub(super) fn unquote(text: &str, start: usize) -> Result<(String, usize), FilterError> {
    let mut chars = text[start..].char_indices();
    let quote_char = chars.next().map_or('"', |(_, char)| char);
    let mut content = String::new();
    while let Some((at, char)) = chars.next() {
        if char == quote_char {
            return Ok((content, start + at + char.len_utf8()));
        }
        if char != '\\' {
            content.push(char);
            continue;
        }
        let escape = chars.next();
        content.push(match escape.map(|(_, char)| char) {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(char @ ('"' | '\'' | '\\' | '/')) => char,
            Some('u') => {
                let (char, n_chars) = code_point(&text[start + at..]).ok_or_else(|| {
                    let end = text[start + at..].char_indices().nth(6).map_or(text.len(), |(end, _)| start + at + end);
                    FilterError::new(start + at..end, "After \\u come four hexadecimal digits, as in \\u00e9.")
                })?;
                // The `\u` itself is behind us.
                chars.by_ref().take(n_chars - 2).for_each(drop);
                char
            }
            Some(char) => {
                return Err(FilterError::new(
                    start + at..start + at + 1 + char.len_utf8(),
                    format!("\\{char} means nothing; a backslash is written \\\\."),
                ));
            }
            None => break,
        });
    }
    let end = text.len();
    Err(FilterError::new(start..end, format!("The text that begins here never ends: a {quote_char} is missing.")))
}

/// What `\uXXXX`, or a pair of them, stands for, and how many characters it takes. Half a pair becomes U+FFFD.
fn code_point(escape: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let first = unit(escape)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, 6));
    }
    let paired = escape.get(6..).and_then(unit).filter(|second| first < 0xDC00 && (0xDC00..0xE000).contains(second));
    Some(match paired {
        Some(second) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        None => (char::REPLACEMENT_CHARACTER, 6),
    })
}

/// The text in double quotes, so that [`unquote`] gives it back.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            char if char.is_control() => {
                use std::fmt::Write as _;
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out.push('"');
}
