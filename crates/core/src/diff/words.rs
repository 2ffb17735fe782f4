//! Text cut into words for comparing: every byte belongs to exactly one piece.

use std::ops::Range;

/// What a character is to whoever cuts text into pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Joins its neighbours: letters, digits, `_`.
    Word,
    Space,
    /// A piece of its own: punctuation, and every character of scripts without spaces.
    Alone,
    /// Belongs to the character before it, whatever that is.
    Mark,
}

/// The pieces of `text` in order: words, stretches of space (a line break is a piece of its own), single signs, single
/// characters of Chinese, Japanese, Thai and other scripts without spaces. Accents and joiners stay with their letter.
pub fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::with_capacity(text.len() / 4);
    let mut last = None;
    for (at, char) in text.char_indices() {
        let end = at + char.len_utf8();
        let class = class(char);
        let joins = match class {
            Class::Mark => last.is_some(),
            Class::Word => last == Some(Class::Word),
            Class::Space => last == Some(Class::Space) && char != '\n' && !text[..at].ends_with('\n'),
            Class::Alone => false,
        };
        // `\r\n` is one line break.
        let joins = joins || (char == '\n' && text[..at].ends_with('\r'));
        match pieces.last_mut().filter(|_| joins) {
            Some(piece) => piece.end = end,
            None => pieces.push(at..end),
        }
        if class != Class::Mark || last.is_none() {
            last = Some(class);
        }
    }
    pieces
}

fn class(char: char) -> Class {
    let code = u32::from(char);
    match code {
        _ if char.is_ascii_alphanumeric() || char == '_' => Class::Word,
        _ if char.is_whitespace() => Class::Space,
        0..0x80 => Class::Alone,
        // Accents, Hebrew points, Arabic vowels, variation selectors, joiners, skin tones.
        0x0300..=0x036F | 0x0591..=0x05C7 | 0x064B..=0x065F | 0x1AB0..=0x1AFF | 0x20D0..=0x20FF => Class::Mark,
        0x200C | 0x200D | 0xFE00..=0xFE0F | 0x1_F3FB..=0x1_F3FF => Class::Mark,
        // Signs of India's scripts that join letters; the dandas end sentences.
        0x0964 | 0x0965 => Class::Alone,
        0x0900..=0x0DFF => Class::Word,
        // Thai, Lao, Myanmar, Khmer; kana and Han with their signs.
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF => Class::Alone,
        0x3000..=0x312F | 0x31A0..=0x31FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D => Class::Alone,
        0x2_0000..=0x3_FFFF => Class::Alone,
        _ if char.is_alphanumeric() => Class::Word,
        _ => Class::Alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = pieces(text).into_iter().map(|piece| &text[piece]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_spaces_and_signs_are_apart() {
        check("within 14 days.", &["within", " ", "14", " ", "days", "."]);
        check("snake_case(x)", &["snake_case", "(", "x", ")"]);
        check("a  b\n  c\r\nd", &["a", "  ", "b", "\n", "  ", "c", "\r\n", "d"]);
        check("", &[]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_characters() {
        check("返品は14日", &["返", "品", "は", "14", "日"]);
        check("한국어 단어", &["한국어", " ", "단어"]);
    }

    #[test]
    fn accents_and_joiners_stay_with_their_letter() {
        check("cafe\u{301} x", &["cafe\u{301}", " ", "x"]);
        check("👩\u{200d}👩 👍\u{1f3fd}", &["👩\u{200d}", "👩", " ", "👍\u{1f3fd}"]);
        check("नमस्ते।", &["नमस्ते", "।"]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "[a-c é\u{301}\r\n日,]{0,20}") {
            let mut at = 0;
            for piece in pieces(&text) {
                prop_assert_eq!(piece.start, at);
                prop_assert!(piece.end > at);
                at = piece.end;
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
