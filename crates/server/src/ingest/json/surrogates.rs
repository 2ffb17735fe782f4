//! Lone surrogates: JavaScript sends half an emoji as `\ud83d`, which is JSON but no Unicode text.

use memchr::memmem;
use std::borrow::Cow;

/// `text` (JSON) with each escaped surrogate that has no partner replaced by U+FFFD; borrowed when there is none.
pub fn replace_lone_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut lone = Vec::new();
    // Surrogates are \uD800 to \uDFFF: both spellings of the `d`, found at memchr's speed.
    let lower = memmem::find_iter(bytes, b"\\ud");
    let upper = memmem::find_iter(bytes, b"\\uD");
    let mut low_halves_used = Vec::new();
    let mut candidates: Vec<usize> = lower.chain(upper).collect();
    candidates.sort_unstable();
    for at in candidates {
        if low_halves_used.last() == Some(&at) || !starts_an_escape(bytes, at) {
            continue;
        }
        match unit_at(bytes, at) {
            Some(0xD800..=0xDBFF) if matches!(unit_at(bytes, at + 6), Some(0xDC00..=0xDFFF)) => {
                low_halves_used.push(at + 6);
            }
            Some(0xD800..=0xDFFF) => lone.push(at),
            _ => {}
        }
    }
    if lone.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut repaired = String::with_capacity(text.len());
    let mut copied_to = 0;
    for at in lone {
        repaired.push_str(&text[copied_to..at]);
        repaired.push_str("\\ufffd");
        copied_to = at + 6;
    }
    repaired.push_str(&text[copied_to..]);
    Cow::Owned(repaired)
}

/// Whether the backslash at `at` is not itself escaped: an even number of backslashes stands before it.
fn starts_an_escape(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 0
}

/// The UTF-16 unit written as `\uXXXX` at `at`.
fn unit_at(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(replace_lone_surrogates(text), expected);
    }

    #[test]
    fn half_an_emoji_becomes_the_replacement_character() {
        check(r#""a\ud83d""#, r#""a\ufffd""#);
        check(r#""\uDE00b""#, r#""\ufffdb""#);
        check(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#);
        check(r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#);
    }

    #[test]
    fn whole_emoji_and_other_escapes_stay() {
        check(r#""\ud83d\ude00 \uD83D\uDE00""#, r#""\ud83d\ude00 \uD83D\uDE00""#);
        check(r#""\ud7ff \ue000 \u0000""#, r#""\ud7ff \ue000 \u0000""#);
    }

    #[test]
    fn an_escaped_backslash_before_ud_is_text() {
        check(r#""C:\\ud83d""#, r#""C:\\ud83d""#);
        check(r#""C:\\\ud83d""#, r#""C:\\\ufffd""#);
    }

    #[test]
    fn a_cut_off_escape_is_left_to_the_parser() {
        check(r#""\ud8"#, r#""\ud8"#);
    }

    proptest! {
        #[test]
        fn any_json_string_of_units_can_be_read_afterwards(units in proptest::collection::vec(any::<u16>(), 0..20)) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let json = format!("\"{escaped}\"");
            let read: String = serde_json::from_str(&replace_lone_surrogates(&json)).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = replace_lone_surrogates(&text);
        }
    }
}
