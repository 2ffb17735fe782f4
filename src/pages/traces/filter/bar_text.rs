//! The filter bar as text: chips for what holds already, and the draft of what is being typed. Pure.

use super::edit::conjuncts;
use fanlight_wire::filter::edit::without;
use fanlight_wire::filter::{Filter, FilterError, print, short};
use std::ops::Range;

/// What the address says, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Committed {
    Valid(Filter),
    /// The code that reads it is on its way.
    Unread,
    /// Kept as it was typed, beside what is wrong with it.
    Invalid {
        text: String,
        error: FilterError,
    },
}

impl Default for Committed {
    fn default() -> Self {
        Committed::Valid(Filter::ALL)
    }
}

/// Reads either form of the language.
pub fn read(text: &str) -> Committed {
    match short::parse(text) {
        Ok(filter) => Committed::Valid(filter),
        Err(error) => Committed::Invalid { text: text.to_owned(), error },
    }
}

impl Committed {
    /// The filter, if it can be read.
    pub fn filter(&self) -> Option<&Filter> {
        match self {
            Committed::Valid(filter) => Some(filter),
            Committed::Unread | Committed::Invalid { .. } => None,
        }
    }
}

/// One condition as a chip: `latency` `>2s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub subject: String,
    pub value: String,
    pub is_negated: bool,
    /// What the draft says when the chip is edited.
    pub text: String,
}

/// The chips of a filter, in its order.
pub fn chips(filter: &Filter) -> Vec<Chip> {
    conjuncts(filter).iter().map(chip).collect()
}

fn chip(condition: &Filter) -> Chip {
    let text = words(condition);
    let (is_negated, plain) = match text.strip_prefix('-') {
        Some(plain) => (true, plain),
        None => (false, text.as_str()),
    };
    let (subject, value) = match colon(plain) {
        Some(at) => (plain[..at].to_owned(), plain[at + 1..].to_owned()),
        None if matches!(condition, Filter::Search { .. }) => ("text".to_owned(), plain.to_owned()),
        None => (String::new(), plain.to_owned()),
    };
    Chip { subject, value, is_negated, text }
}

/// Where the field's name ends; a group or a quoted text has none.
fn colon(text: &str) -> Option<usize> {
    let at = text.find(':')?;
    text[..at].chars().all(|char| char.is_alphanumeric() || "._-\"".contains(char)).then_some(at).filter(|&at| at > 0)
}

/// The filter's text after the draft is added to it, or takes the place of the chip that is being edited.
pub fn committed(filter: &Filter, draft: &str, editing: Option<usize>) -> Result<String, FilterError> {
    let new = short::parse(draft)?;
    let mut all = conjuncts(filter);
    match editing.filter(|&idx| idx < all.len()) {
        Some(idx) => drop(all.splice(idx..=idx, conjuncts(&new))),
        None => all.extend(conjuncts(&new).into_iter().filter(|condition| *condition != Filter::ALL)),
    }
    // The same condition twice is one.
    let mut once: Vec<Filter> = Vec::new();
    for condition in all {
        if !once.contains(&condition) {
            once.push(condition);
        }
    }
    Ok(words(&Filter::all_of(once)))
}

/// A filter as it is typed and kept in the address: in calls where the short form has no words for it.
pub fn words(filter: &Filter) -> String {
    short::print(filter).unwrap_or_else(|| print(filter))
}

/// The filter's text without one chip.
pub fn removed(filter: &Filter, idx: usize) -> String {
    words(&without(filter, idx))
}

/// The draft in three parts: before the fault, the fault, after it. An empty fault at the end underlines the last sign.
pub fn parts(draft: &str, span: &Range<usize>) -> [String; 3] {
    let mut start = span.start.min(draft.len());
    let end = span.end.clamp(start, draft.len());
    if start == end {
        start = draft[..start].char_indices().next_back().map_or(start, |(idx, _)| idx);
    }
    [&draft[..start], &draft[start..end], &draft[end..]].map(str::to_owned)
}

/// The byte at which the `units`-th UTF-16 unit of `text` begins: browsers count those.
pub fn byte_of_unit(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (idx, char) in text.char_indices() {
        if seen >= units {
            return idx;
        }
        seen += char.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        short::parse(text).expect(text)
    }

    #[track_caller]
    fn check(before: &str, draft: &str, editing: Option<usize>, expected: &str) {
        let text = committed(&filter(before), draft, editing).unwrap_or_else(|error| format!("error: {error}"));
        assert_eq!(text, expected);
    }

    #[test]
    fn a_draft_joins_what_holds_already() {
        check("", "status:error", None, "status:error");
        check("status:error", "latency:>2s refund", None, "status:error latency:>2s refund");
        check("status:error", "status:error", None, "status:error");
        check("status:error", "", None, "status:error");
    }

    #[test]
    fn an_edited_chip_is_replaced_where_it_stands() {
        check("status:error latency:>2s refund", "latency:>5s", Some(1), "status:error latency:>5s refund");
        check("status:error latency:>2s refund", "", Some(1), "status:error refund");
        check("status:error", "tag:a", Some(7), "status:error tag:a");
    }

    #[test]
    fn chips_name_what_they_are_about() {
        let words: Vec<String> = chips(&filter("status:error -tag:beta latency:>2s refund"))
            .into_iter()
            .map(|chip| format!("{}{}={}", if chip.is_negated { "not " } else { "" }, chip.subject, chip.value))
            .collect();
        assert_eq!(words, ["status=error", "not tag=beta", "latency=>2s", "text=refund"]);
    }

    #[test]
    fn calls_are_understood_as_well() {
        check("", r#"and(eq(status, "error"), gt(latency, "2s"))"#, None, "status:error latency:>2s");
    }

    #[test]
    fn a_bad_draft_changes_nothing_and_shows_where_it_is_bad() {
        assert!(committed(&filter("status:error"), "latency:>soon", None).is_err());
        assert_eq!(parts("abc", &(1..2)), ["a", "b", "c"].map(str::to_owned));
        assert_eq!(parts("abé", &(4..4)), ["ab", "é", ""].map(str::to_owned));
        assert_eq!(parts("", &(0..0)), ["", "", ""].map(str::to_owned));
    }

    #[test]
    fn a_chip_is_taken_out() {
        assert_eq!(removed(&filter("status:error refund"), 0), "refund");
        assert_eq!(removed(&filter("refund"), 0), "");
    }

    #[test]
    fn a_cursor_in_utf_16_units_is_a_place_between_characters() {
        for (units, byte) in [(0, 0), (1, 1), (2, 3), (4, 7), (5, 8), (9, 8)] {
            assert_eq!(byte_of_unit("aé😀b", units), byte, "{units}");
        }
    }
}
