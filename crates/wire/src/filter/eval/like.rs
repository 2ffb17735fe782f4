//! SQL's `LIKE`, ignoring case in every script.

use std::borrow::Cow;

/// Whether `text` fits `pattern`: `%` stands for any text, `_` for any one character; there are no escapes.
pub fn like(pattern: &str, text: &str) -> bool {
    Like::new(pattern).matches(text)
}

/// A pattern made ready for many texts.
#[derive(Clone, Debug)]
pub struct Like {
    /// What stands between the `%`: the first begins the text, the last ends it.
    parts: Vec<Part>,
}

impl Like {
    pub fn new(pattern: &str) -> Self {
        Like { parts: pattern.split('%').map(Part::new).collect() }
    }

    pub fn matches(&self, text: &str) -> bool {
        let text = folded(text);
        let (first, middle, last) = match self.parts.as_slice() {
            [first, middle @ .., last] => (first, middle, last),
            [whole] => return whole.end_at_start(&text) == Some(text.len()),
            [] => return false,
        };
        let Some(end) = first.end_at_start(&text) else { return false };
        let mut rest = &text[end..];
        for part in middle {
            // The first place is the best: it leaves the most for those that follow.
            let Some(end) = part.end_of_first(rest) else { return false };
            rest = &rest[end..];
        }
        last.ends(rest)
    }
}

/// A piece of a pattern without `%`.
#[derive(Clone, Debug)]
struct Part {
    /// Folded.
    text: String,
    has_wildcard: bool,
}

impl Part {
    fn new(text: &str) -> Self {
        Part { text: folded(text).into_owned(), has_wildcard: text.contains('_') }
    }

    /// Where the part ends when the text begins with it.
    fn end_at_start(&self, text: &str) -> Option<usize> {
        if !self.has_wildcard {
            return text.starts_with(&self.text).then_some(self.text.len());
        }
        let mut rest = text.chars();
        for wanted in self.text.chars() {
            rest.next().filter(|char| wanted == '_' || wanted == *char)?;
        }
        Some(text.len() - rest.as_str().len())
    }

    /// Where its first occurrence ends.
    fn end_of_first(&self, text: &str) -> Option<usize> {
        if !self.has_wildcard {
            return text.find(&self.text).map(|start| start + self.text.len());
        }
        text.char_indices().find_map(|(start, _)| Some(start + self.end_at_start(&text[start..])?))
    }

    fn ends(&self, text: &str) -> bool {
        if !self.has_wildcard {
            return text.ends_with(&self.text);
        }
        let start = text.char_indices().rev().nth(self.text.chars().count() - 1);
        start.is_some_and(|(start, _)| self.end_at_start(&text[start..]).is_some())
    }
}

/// In lower case, one character for one: `_` must count what people see as one.
fn folded(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true if !text.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Borrowed(text),
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Owned(text.chars().map(|char| char.to_lowercase().next().unwrap_or(char)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percent_is_any_text_and_underscore_one_character() {
        for (pattern, text) in [
            ("search_%", "search_orders"),
            ("%ORDER%", "search orders"),
            ("a_c", "aéc"),
            ("%", ""),
            ("%%", "x"),
            ("%ab%ab", "abxab"),
            ("%aab", "aaab"),
            ("", ""),
            ("ÄÖ%", "äöü"),
            ("50\\%", "50\\ percent"),
        ] {
            assert!(like(pattern, text), "{text:?} fits {pattern:?}");
        }
        for (pattern, text) in [("a_c", "ac"), ("abc", "abcd"), ("bc", "abc"), ("", "x"), ("_", ""), ("%ab", "aba")] {
            assert!(!like(pattern, text), "{text:?} does not fit {pattern:?}");
        }
    }

    fn plainly(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', rest)) => (0..=text.len()).any(|skipped| plainly(rest, &text[skipped..])),
            Some((wanted, rest)) => text
                .split_first()
                .is_some_and(|(char, after)| (*wanted == '_' || wanted == char) && plainly(rest, after)),
        }
    }

    proptest! {
        #[test]
        fn patterns_fit_what_the_definition_says(pattern in "[abé_%]{0,8}", text in "[abé]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(like(&pattern, &text), plainly(&chars(&pattern), &chars(&text)));
        }
    }
}
