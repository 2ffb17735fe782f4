//! JSON strings and what they say: decoding, in whole or only the start of a long one.

/// The start of a decoded string, and whether anything was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub is_cut: bool,
}

/// Decodes a JSON string with its quotes, at most `max_chars` characters of it.
///
/// Lone surrogates become U+FFFD; a backslash before an unknown character stays. What does not open with a quote is
/// taken as it is.
pub fn decode(json: &str, max_chars: usize) -> Decoded {
    let inner = match json.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest),
        None => return cut(json, max_chars),
    };
    if !inner.contains('\\') {
        return cut(inner, max_chars);
    }
    let mut text = String::with_capacity(inner.len().min(max_chars.saturating_mul(2)));
    let (mut chars, mut n_chars) = (inner.chars(), 0);
    while n_chars < max_chars {
        let Some(next) = chars.next() else { return Decoded { text, is_cut: false } };
        text.push(if next == '\\' { escaped(&mut chars) } else { next });
        n_chars += 1;
    }
    Decoded { text, is_cut: !chars.as_str().is_empty() }
}

/// Decodes the whole string.
pub fn decode_all(json: &str) -> String {
    decode(json, usize::MAX).text
}

/// `text` as the inside of a JSON string: what to look for in JSON when looking for `text`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn cut(text: &str, max_chars: usize) -> Decoded {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => Decoded { text: text[..end].to_owned(), is_cut: true },
        None => Decoded { text: text.to_owned(), is_cut: false },
    }
}

/// The character that an escape stands for; `chars` is after the backslash.
fn escaped(chars: &mut std::str::Chars<'_>) -> char {
    match chars.next() {
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('u') => unicode(chars),
        Some(c @ ('"' | '\\' | '/')) => c,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

fn unicode(chars: &mut std::str::Chars<'_>) -> char {
    let Some(unit) = hex4(chars) else { return char::REPLACEMENT_CHARACTER };
    if !(0xD800..0xDC00).contains(&unit) {
        return char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    // The second half of the pair is taken only when it really is one.
    let mut ahead = chars.clone();
    if ahead.next() == Some('\\')
        && ahead.next() == Some('u')
        && let Some(low @ 0xDC00..0xE000) = hex4(&mut ahead)
    {
        *chars = ahead;
        return char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            .unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::REPLACEMENT_CHARACTER
}

fn hex4(chars: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut ahead = chars.clone();
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + ahead.next()?.to_digit(16)?;
    }
    *chars = ahead;
    Some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_become_what_they_stand_for() {
        assert_eq!(decode_all(r#""a\n\"\\\/\u00e9\ud83d\ude00\b""#), "a\n\"\\/é😀\u{8}");
        assert_eq!(decode_all(r#""plain""#), "plain");
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_the_rest_kept() {
        assert_eq!(decode_all(r#""\ud800x\ud800A\ude00""#), "\u{fffd}x\u{fffd}A\u{fffd}");
        assert_eq!(decode_all(r#""\u12""#), "\u{fffd}12");
    }

    #[test]
    fn a_long_string_is_cut_at_whole_characters() {
        assert_eq!(decode(r#""éé\nx""#, 2), Decoded { text: "éé".into(), is_cut: true });
        assert_eq!(decode(r#""éé\n""#, 3), Decoded { text: "éé\n".into(), is_cut: false });
        assert_eq!(decode(r#""abc""#, 3), Decoded { text: "abc".into(), is_cut: false });
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read_back(text in ".*") {
            prop_assert_eq!(decode_all(&serde_json::to_string(&text).unwrap()), text);
        }

        #[test]
        fn any_text_is_decoded(text in r#""?[\\u0-9a-fdD"é]{0,30}"#) {
            decode(&text, 5);
        }
    }
}
