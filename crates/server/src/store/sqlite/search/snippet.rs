//! A piece of a run's text around the first match. Pure.

use super::text::Part;
use super::text::{RunText, each_scalar, is_within};
use fanlight_wire::filter::words::{Query, SEARCHABLE_BYTES, find_matches, first_match, searchable};
use fanlight_wire::filter::{Filter, TextPart};
use fanlight_wire::run::Snippet;

const MAX_CHARS: usize = 160;
/// Characters shown before the match.
const CHARS_BEFORE: usize = 50;

/// What a filter searches for in the run itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub within: Option<TextPart>,
    pub query: Query,
}

/// The searches that a run found by `filter` may show: what must not occur does not.
pub fn searches(filter: &Filter) -> Vec<Search> {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => inner.iter().flat_map(searches).collect(),
        Filter::Search { within, text } => {
            let query = Query::of(text);
            if query.is_empty() { Vec::new() } else { vec![Search { within: *within, query }] }
        }
        _ => Vec::new(),
    }
}

/// From the first part that has a word or a phrase of one of the searches.
pub fn snippet(text: &RunText, searches: &[Search]) -> Option<Snippet> {
    searches.iter().find_map(|search| {
        let mut found = None;
        each_named_text(text, |part, name, text| {
            if found.is_none() && is_within(search.within, part as usize) {
                found = excerpt(text, &search.query).map(|(text, matches)| Snippet {
                    part: name.to_owned(),
                    text,
                    matches,
                });
            }
        });
        found
    })
}

/// The texts of [`RunText::each_text`], by the name that the API has for their part.
fn each_named_text(text: &RunText, mut found: impl FnMut(Part, &str, &str)) {
    found(Part::Name, "name", text.name);
    for (part, name, json) in [(Part::Inputs, "inputs", text.inputs), (Part::Outputs, "outputs", text.outputs)] {
        if let Some(json) = json {
            each_scalar(json.get(), SEARCHABLE_BYTES, &mut |text| found(part, name, text));
        }
    }
    if let Some(error) = text.error {
        found(Part::Error, "error", searchable(error));
    }
    for (name, json) in [("tags", text.tags), ("metadata", text.metadata)] {
        if let Some(json) = json {
            each_scalar(json, SEARCHABLE_BYTES, &mut |text| found(Part::Other, name, text));
        }
    }
    if let Some(model) = text.model {
        found(Part::Other, "metadata", model);
    }
}

/// About [`MAX_CHARS`] characters of `text` around its first match, as one line, and where they match.
fn excerpt(text: &str, query: &Query) -> Option<(String, Vec<(usize, usize)>)> {
    let first = first_match(text, query)?;
    let before = text[..first.start].char_indices().rev().take(CHARS_BEFORE).last();
    let start = before.map_or(first.start, |(start, _)| start);
    // A word that begins outside is left out, unless there is no gap to begin after.
    let start = match text[start..first.start].find(char::is_whitespace) {
        Some(gap) if start > 0 => start + gap,
        _ => start,
    };
    let end = text[start..].char_indices().nth(MAX_CHARS).map_or(text.len(), |(n, _)| start + n).max(first.end);
    let window = &text[start..end];
    let mut line = OneLine::default();
    if start > 0 {
        line.text.push('…');
    }
    let mut matches = Vec::new();
    let mut position = 0;
    for span in find_matches(window, query) {
        line.push(&window[position..span.start]);
        let from = line.next_start();
        line.push(&window[span.clone()]);
        if line.text.len() > from {
            matches.push((from, line.text.len()));
        }
        position = span.end;
    }
    line.push(&window[position..]);
    if end < text.len() {
        line.text.push('…');
    }
    Some((line.text, matches))
}

/// Text with white space collapsed and without characters that are not seen, or turn others around.
#[derive(Default)]
struct OneLine {
    text: String,
    has_gap: bool,
}

impl OneLine {
    fn push(&mut self, text: &str) {
        for char in text.chars() {
            if char.is_whitespace() {
                self.has_gap = true;
            } else if !is_unseen(char) {
                self.close_gap();
                self.text.push(char);
            }
        }
    }

    fn close_gap(&mut self) {
        if std::mem::take(&mut self.has_gap) && !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    /// Where the next character will be.
    fn next_start(&mut self) -> usize {
        self.close_gap();
        self.text.len()
    }
}

/// Control characters, marks of direction and what else has no width, joiners apart: scripts and emoji need those.
fn is_unseen(char: char) -> bool {
    let code = u32::from(char);
    char.is_control()
        || matches!(code, 0x061C | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    fn marked(text: &str, query: &str) -> Option<String> {
        let (mut text, matches) = excerpt(text, &Query::of(query))?;
        for (start, end) in matches.into_iter().rev() {
            text.insert(end, ']');
            text.insert(start, '[');
        }
        Some(text)
    }

    #[track_caller]
    fn check(text: &str, query: &str, expected: Option<&str>) {
        assert_eq!(marked(text, query).as_deref(), expected);
    }

    #[test]
    fn every_match_in_sight_is_marked() {
        check("Please refund\n\n  my café order", "CAFE refund", Some("Please [refund] my [café] order"));
        check("返品の検索機能", "検索", Some("返品の[検索]機能"));
        check("nothing", "refund", None);
    }

    #[test]
    fn a_phrase_is_marked_where_its_words_stand_side_by_side() {
        check("late: the late\n refund, a refund", "\"late refund\"", Some("late: the [late refund], a refund"));
        check("a refund, late", "\"late refund\"", None);
        let long = format!("{} late refund", "late before ".repeat(100));
        assert!(marked(&long, "\"late refund\"").unwrap().ends_with("before [late refund]"));
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_match() {
        let long = format!("{} refund {}", "before ".repeat(100), "after ".repeat(100));
        let shown = marked(&long, "refund").unwrap();
        assert!(shown.starts_with("… before before") && shown.ends_with('…'), "{shown}");
        assert!(shown.contains("before [refund] after"), "{shown}");
        assert!((100..200).contains(&shown.chars().count()), "{shown}");
    }

    #[test]
    fn what_hides_or_turns_text_is_removed() {
        check("a\u{202e}b refund\u{0} c\u{200b}d", "refund", Some("ab [refund] cd"));
    }

    #[test]
    fn the_part_is_the_first_that_matches_within_what_was_asked() {
        let inputs = RawValue::from_string(r#"{"question":"where is order 17"}"#.to_owned()).unwrap();
        let text = RunText {
            name: "order agent",
            inputs: Some(&inputs),
            tags: Some(r#"["prod"]"#),
            model: Some("gpt"),
            ..RunText::default()
        };
        let part = |within, query: &str| {
            let search = Search { within, query: Query::of(query) };
            snippet(&text, &[search]).map(|snippet| (snippet.part, snippet.text))
        };
        let some = |part: &str, text: &str| Some((part.to_owned(), text.to_owned()));
        assert_eq!(part(None, "order"), some("name", "order agent"));
        assert_eq!(part(Some(TextPart::Inputs), "order"), some("inputs", "where is order 17"));
        assert_eq!(part(Some(TextPart::Outputs), "order"), None);
        assert_eq!(part(None, "prod"), some("tags", "prod"));
        assert_eq!(part(None, "gpt"), some("metadata", "gpt"));
    }

    #[test]
    fn what_must_not_occur_is_not_shown() {
        let search = |text: &str| Filter::Search { within: None, text: text.into() };
        let filter = Filter::And(vec![search("a"), Filter::Not(Box::new(search("b"))), search("…")]);
        assert_eq!(searches(&filter), [Search { within: None, query: Query::of("a") }]);
    }

    proptest! {
        #[test]
        fn matches_ascend_on_character_boundaries(
            text in "[a-cé検索 \n\u{202e}\u{0}👍-]{0,400}", query in "[a-cé検索]{1,3}"
        ) {
            if let Some((text, matches)) = excerpt(&text, &Query::of(&query)) {
                let mut last = 0;
                for (start, end) in matches {
                    prop_assert!(start >= last && start < end && end <= text.len());
                    prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
                    last = end;
                }
                prop_assert!(text.chars().count() <= MAX_CHARS + 70 && !text.contains('\n'));
            }
        }
    }
}
