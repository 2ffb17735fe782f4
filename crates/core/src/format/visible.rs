//! Text from traces made safe to look at: control and direction-changing characters become visible signs, so that
//! what a person reads is what the text holds.
//!
//! Text in right-to-left scripts stays as it is; views isolate it (`dir="auto"`) so that it cannot reorder its
//! surroundings. Marks that such text needs (U+200E, U+200F, the joiners) stay too.

use std::borrow::Cow;

/// Replaces what cannot be seen: C0 controls by their pictures (`␀`, `␛`), other controls, direction overrides,
/// zero-width spaces and tag characters by their code point (`⟨U+202E⟩`). Line breaks and tabs stay; CR LF is one break.
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(|c| sign(c) != Sign::AsIs) else { return Cow::Borrowed(text) };
    let mut shown = String::with_capacity(text.len() + 16);
    shown.push_str(&text[..first]);
    let mut chars = text[first..].chars().peekable();
    while let Some(c) = chars.next() {
        match sign(c) {
            Sign::AsIs => shown.push(c),
            Sign::Picture(_) if c == '\r' && chars.peek() == Some(&'\n') => {}
            Sign::Picture(picture) => shown.push(picture),
            Sign::Code => {
                shown.push('⟨');
                shown.push_str(&format!("U+{:04X}", u32::from(c)));
                shown.push('⟩');
            }
        }
    }
    Cow::Owned(shown)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    AsIs,
    Picture(char),
    Code,
}

fn sign(c: char) -> Sign {
    match c {
        '\n' | '\t' => Sign::AsIs,
        // The block of control pictures repeats the order of the controls.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map_or(Sign::Code, Sign::Picture),
        '\u{7f}' => Sign::Picture('␡'),
        '\u{80}'..='\u{9f}'
        | '\u{200b}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Sign::Code,
        _ => Sign::AsIs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(visible(text), expected);
    }

    #[test]
    fn ordinary_text_in_any_script_stays() {
        for text in ["Olá\n\tmundo", "مرحبا بالعالم", "शांति", "👩‍👩‍👧 family", "a\u{200f}b", ""]
        {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn controls_become_their_pictures() {
        check("a\0b\u{1b}[31mred\u{7f}", "a␀b␛[31mred␡");
        check("\u{85}", "⟨U+0085⟩");
    }

    #[test]
    fn line_ends_of_windows_are_line_breaks_and_a_lone_return_is_shown() {
        check("a\r\nb\rc", "a\nb␍c");
    }

    #[test]
    fn direction_overrides_and_hidden_tags_are_written_out() {
        check("user\u{202e}txt.exe", "user⟨U+202E⟩txt.exe");
        check("hi\u{e0041}\u{200b}", "hi⟨U+E0041⟩⟨U+200B⟩");
    }

    proptest! {
        #[test]
        fn nothing_invisible_is_left(text in "[\\x00-\\x{9f}\\x{2000}-\\x{206f}\\x{feff}a😀]*") {
            let shown = visible(&text);
            prop_assert!(shown.chars().all(|c| sign(c) == Sign::AsIs));
            prop_assert_eq!(visible(&shown), shown.clone());
        }
    }
}
