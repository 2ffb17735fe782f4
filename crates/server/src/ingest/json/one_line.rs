//! Text shortened to one line: white space collapsed, control characters dropped, cut with an ellipsis.

use serde_json::value::RawValue;

/// Collects one line of at most `max_chars` characters.
pub struct OneLine {
    text: String,
    n_chars: usize,
    max_chars: usize,
    owes_space: bool,
    is_cut: bool,
}

impl OneLine {
    pub fn new(max_chars: usize) -> Self {
        OneLine { text: String::new(), n_chars: 0, max_chars, owes_space: false, is_cut: false }
    }

    /// Whether more text would be cut off.
    pub fn is_full(&self) -> bool {
        self.is_cut
    }

    pub fn n_chars(&self) -> usize {
        self.n_chars
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.owes_space = !self.text.is_empty();
        } else if !c.is_control() {
            let n_new = 1 + usize::from(self.owes_space);
            if self.n_chars + n_new > self.max_chars {
                self.is_cut = true;
                return;
            }
            if std::mem::take(&mut self.owes_space) {
                self.text.push(' ');
            }
            self.text.push(c);
            self.n_chars += n_new;
        }
    }

    pub fn push_str(&mut self, text: &str) {
        for c in text.chars() {
            if self.is_cut {
                return;
            }
            self.push(c);
        }
    }

    /// Appends the text of a JSON string, reading no further than what fits; other values as they are written.
    pub fn push_json(&mut self, value: &RawValue) {
        let json = value.get();
        let Some(inner) = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
            return self.push_str(json);
        };
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            if self.is_cut {
                return;
            }
            if c != '\\' {
                self.push(c);
                continue;
            }
            match chars.next() {
                Some('n' | 'r' | 't') => self.push(' '),
                Some('u') => {
                    let (unescaped, rest) = unescape_unit(chars.as_str());
                    self.push(unescaped);
                    chars = rest.chars();
                }
                Some('b' | 'f') | None => {}
                Some(plain) => self.push(plain),
            }
        }
    }

    /// The line; `None` when it is empty.
    pub fn finish(mut self) -> Option<String> {
        if self.is_cut {
            if self.n_chars >= self.max_chars {
                self.text.pop();
            }
            self.text.push('…');
        }
        (!self.text.is_empty()).then_some(self.text)
    }
}

/// Reads `XXXX` or `XXXX\uXXXX`, what follows `\u`; returns the character and what follows it.
fn unescape_unit(text: &str) -> (char, &str) {
    let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let Some(first) = unit(text) else {
        return (char::REPLACEMENT_CHARACTER, text);
    };
    let rest = &text[4..];
    if let Some(c) = char::from_u32(first.into()) {
        return (c, rest);
    }
    let second = rest.strip_prefix("\\u").and_then(unit);
    match char::decode_utf16([first, second.unwrap_or(0)]).next() {
        Some(Ok(c)) => (c, &rest[6..]),
        _ => (char::REPLACEMENT_CHARACTER, rest),
    }
}

/// The first line of `text` that says something, at most `max_chars` characters.
pub fn first_line(text: &str, max_chars: usize) -> Option<String> {
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    let mut preview = OneLine::new(max_chars);
    preview.push_str(line);
    preview.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(json: &str, max_chars: usize, expected: &str) {
        let mut line = OneLine::new(max_chars);
        line.push_json(serde_json::from_str(json).unwrap());
        assert_eq!(line.finish().unwrap_or_default(), expected);
    }

    #[test]
    fn white_space_collapses_and_control_characters_vanish() {
        check(r#""  a\n\t b\u0000\u001b[31mc ""#, 20, "a b[31mc");
    }

    #[test]
    fn escapes_are_read() {
        check(r#""\"\\\/ \ud83d\ude00 \u00e9""#, 20, r#""\/ 😀 é"#);
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        check(r#""abcdef""#, 6, "abcdef");
        check(r#""abcdefg""#, 6, "abcde…");
    }

    #[test]
    fn the_first_line_that_says_something_is_taken() {
        assert_eq!(first_line("\n \nValueError('boom')\nTraceback", 200).as_deref(), Some("ValueError('boom')"));
        assert_eq!(first_line(" \n", 200), None);
    }

    proptest! {
        #[test]
        fn a_line_fits_and_has_no_breaks(text in any::<String>(), max_chars in 1usize..40) {
            let json = serde_json::to_string(&text).unwrap();
            let mut line = OneLine::new(max_chars);
            line.push_json(serde_json::from_str(&json).unwrap());
            let line = line.finish().unwrap_or_default();
            prop_assert!(line.chars().count() <= max_chars);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
