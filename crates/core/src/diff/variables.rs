//! Variables of a template: where they stand, and which were added, removed or renamed.
//!
//! What a variable is, [`template`] says.

use super::align::{Alignment, Effort, Step};
use super::moves::alike;
use super::words::pieces;
use crate::prompt::template::{self, Format, PieceKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// One place in a template that is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub span: Range<usize>,
    /// Which values it reads: none for a comment, and for what a section or a statement around it gives; several for a
    /// statement.
    pub names: Vec<String>,
}

/// The places of `text` in order. What has no end, or no name where one belongs, is text.
pub fn variables(text: &str, format: Format) -> Vec<Variable> {
    if !text.contains('{') {
        return Vec::new();
    }
    let place = |piece: template::Piece| {
        let names = match piece.kind {
            PieceKind::Variable { name, .. } | PieceKind::Section { name, .. } => name.into_iter().collect(),
            PieceKind::Statement { names } => names,
            PieceKind::SectionEnd { .. } | PieceKind::Comment => Vec::new(),
            // Text is looked at line by line: the section that ends here may have begun on another one.
            PieceKind::Bad(_) if format == Format::Mustache && text[piece.span.clone()].starts_with("{{/") => {
                Vec::new()
            }
            PieceKind::Text | PieceKind::Escape(_) | PieceKind::Bad(_) => return None,
        };
        Some(Variable { span: piece.span, names })
    };
    template::pieces(text, format).into_iter().filter(|piece| !piece.span.is_empty()).filter_map(place).collect()
}

/// The pieces of `text`, each variable one piece.
pub fn pieces_with_variables(text: &str, format: Option<Format>) -> Vec<Range<usize>> {
    let Some(format) = format.filter(|_| text.contains('{')) else { return pieces(text) };
    let mut all = Vec::new();
    let mut at = 0;
    let push_text = |all: &mut Vec<Range<usize>>, range: Range<usize>| {
        all.extend(pieces(&text[range.clone()]).into_iter().map(|it| range.start + it.start..range.start + it.end));
    };
    for Variable { span, .. } in variables(text, format) {
        push_text(&mut all, at..span.start);
        at = span.end;
        all.push(span);
    }
    push_text(&mut all, at..text.len());
    all
}

/// What became of the variables of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariableChanges {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// From, to: they stand between the same words.
    pub renamed: Vec<(String, String)>,
    pub kept: Vec<String>,
}

impl VariableChanges {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.renamed.is_empty()
    }
}

/// The messages of one side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    pub texts: &'a [&'a str],
    pub format: Format,
}

/// Compares the variables of two templates. `pairs`: which text of the one corresponds to which of the other.
///
/// A variable that went was renamed to one that came when both stand between the same words, or in the same place of
/// texts that are alike.
pub fn variable_changes(old: Texts<'_>, new: Texts<'_>, pairs: &[(usize, usize)]) -> VariableChanges {
    let (before, after) = (places(old), places(new));
    let kept = before.keys().filter(|name| after.contains_key(*name)).cloned().collect();
    let mut added: BTreeSet<&str> =
        after.keys().map(String::as_str).filter(|name| !before.contains_key(*name)).collect();
    let mut removed: BTreeSet<&str> =
        before.keys().map(String::as_str).filter(|name| !after.contains_key(*name)).collect();
    let mut same_places: BTreeMap<(String, String), usize> = BTreeMap::new();
    if !added.is_empty() && !removed.is_empty() {
        for &(one, other) in pairs {
            add_same_places((old.texts[one], old.format), (new.texts[other], new.format), &mut same_places);
        }
    }
    // Most places in common first; names decide between equals, so that the answer is always the same.
    let mut likely: Vec<(usize, &str, &str)> = Vec::new();
    for &from in &removed {
        for &to in &added {
            let n_between = before[from].intersection(&after[to]).count();
            let n_same = same_places.get(&(from.to_owned(), to.to_owned())).copied().unwrap_or(0);
            likely.extend((n_between + n_same > 0).then_some((n_between + n_same, from, to)));
        }
    }
    likely.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut renamed = Vec::new();
    for (_, from, to) in likely {
        if removed.contains(from) && added.contains(to) {
            removed.remove(from);
            added.remove(to);
            renamed.push((from.to_owned(), to.to_owned()));
        }
    }
    renamed.sort();
    let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
    VariableChanges { added: owned(added), removed: owned(removed), renamed, kept }
}

/// The words before and after a variable.
type Place<'a> = (Option<&'a str>, Option<&'a str>);

fn places(Texts { texts, format }: Texts<'_>) -> BTreeMap<String, BTreeSet<Place<'_>>> {
    let mut places: BTreeMap<String, BTreeSet<Place>> = BTreeMap::new();
    for text in texts {
        for Variable { span, names } in variables(text, format) {
            let before = text[..span.start].split_whitespace().next_back();
            let after = text[span.end..].split_whitespace().next();
            for name in names {
                let of_name = places.entry(name).or_default();
                // Alone in its message it stands nowhere in particular.
                if before.is_some() || after.is_some() {
                    of_name.insert((before, after));
                }
            }
        }
    }
    places
}

/// Words of two texts, together, that are looked at for the same places.
const MAX_PIECES: usize = 20_000;

/// With less in common than this, two lines are not two states of one.
const LEAST_ALIKE: f64 = 0.25;

/// Counts, for each variable of the old text and of the new one, how often both stand in the same place: variables
/// taken for one word, the texts are aligned.
fn add_same_places(
    (old, old_format): (&str, Format),
    (new, new_format): (&str, Format),
    counts: &mut BTreeMap<(String, String), usize>,
) {
    // Pieces are no longer than bytes: no need to cut what is far too large.
    if old.len() + new.len() > 16 * MAX_PIECES {
        return;
    }
    let (olds, news) = (Holes::new(old, old_format), Holes::new(new, new_format));
    if olds.pieces.len() + news.pieces.len() > MAX_PIECES {
        return;
    }
    let (without_old, without_new) = (olds.words(0..old.len()), news.words(0..new.len()));
    let is_alike = |one: &str, other: &str| alike(one, other, None) >= LEAST_ALIKE;
    let are_texts_alike = is_alike(&without_old, &without_new);
    for step in Alignment::new(&olds.keys(), &news.keys(), Effort::FewestChanges).steps() {
        let Step::Same { old: one, new: other } = step else { continue };
        let (Some(from), Some(to)) = (olds.variable(one), news.variable(other)) else { continue };
        let lines = (olds.words(line_of(old, &from.span)), news.words(line_of(new, &to.span)));
        let is_same_place = match (lines.0.is_empty(), lines.1.is_empty()) {
            (true, true) => are_texts_alike,
            _ => is_alike(&lines.0, &lines.1),
        };
        if is_same_place {
            for (from, to) in from.names.iter().flat_map(|from| to.names.iter().map(move |to| (from, to))) {
                *counts.entry((from.clone(), to.clone())).or_default() += 1;
            }
        }
    }
}

/// A text in words, its variables told from them.
struct Holes<'a> {
    text: &'a str,
    pieces: Vec<Range<usize>>,
    /// In order, with the places that they have among the pieces.
    variables: Vec<(usize, Variable)>,
}

impl<'a> Holes<'a> {
    fn new(text: &'a str, format: Format) -> Self {
        let pieces = pieces_with_variables(text, Some(format));
        let place = |variable: &Variable| pieces.binary_search_by_key(&variable.span.start, |piece| piece.start).ok();
        let variables = variables(text, format)
            .into_iter()
            .filter_map(|variable| place(&variable).map(|place| (place, variable)))
            .collect();
        Holes { text, pieces, variables }
    }

    /// What each piece is compared by: no variable differs from another.
    fn keys(&self) -> Vec<Option<&'a str>> {
        let mut keys: Vec<Option<&str>> = self.pieces.iter().map(|piece| Some(&self.text[piece.clone()])).collect();
        self.variables.iter().for_each(|(place, _)| keys[*place] = None);
        keys
    }

    fn variable(&self, place: usize) -> Option<&Variable> {
        let at = self.variables.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(&self.variables[at].1)
    }

    /// Some of the text, without its variables and the space around it.
    fn words(&self, bytes: Range<usize>) -> String {
        let mut words = String::new();
        let mut at = bytes.start;
        let first = self.variables.partition_point(|(_, variable)| variable.span.end <= bytes.start);
        for (_, Variable { span, .. }) in self.variables[first..].iter().take_while(|(_, it)| it.span.start < bytes.end)
        {
            words.push_str(&self.text[at.min(span.start)..span.start]);
            at = span.end.min(bytes.end);
        }
        words.push_str(&self.text[at..bytes.end]);
        words.trim().to_owned()
    }
}

/// The line, or lines, that some bytes are on.
fn line_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(format: Format, text: &str, expected: &[(&str, &str)]) {
        let found = variables(text, format);
        let found: Vec<(&str, String)> =
            found.into_iter().map(|variable| (&text[variable.span], variable.names.join(" "))).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(text, names)| (*text, names.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn f_strings_have_names_in_braces_and_double_braces_are_text() {
        check(Format::FString, "Hi {name}, {when!r:>10}", &[("{name}", "name"), ("{when!r:>10}", "when")]);
        check(Format::FString, r#"{{"a": {x}}} {2} {} {a b} {y}"#, &[("{x}", "x"), ("{y}", "y")]);
        check(Format::FString, "open {name", &[]);
    }

    #[test]
    fn mustache_has_sections_and_comments() {
        check(
            Format::Mustache,
            "{{name}} {{{raw}}} {{#items}}{{.}}{{/items}} {{! note }} {not} {{}} {{open",
            &[
                ("{{name}}", "name"),
                ("{{{raw}}}", "raw"),
                ("{{#items}}", "items"),
                ("{{.}}", ""),
                ("{{/items}}", ""),
                ("{{! note }}", ""),
            ],
        );
    }

    #[test]
    fn jinja_has_filters_and_tags() {
        check(
            Format::Jinja2,
            "{{ user.name | title }}{%- if x -%}{# why #}{ y }",
            &[("{{ user.name | title }}", "user"), ("{%- if x -%}", "x"), ("{# why #}", "")],
        );
    }

    #[test]
    fn a_variable_is_one_piece() {
        let text = "to {user_name}, {{x}}";
        let found: Vec<&str> =
            pieces_with_variables(text, Some(Format::FString)).into_iter().map(|piece| &text[piece]).collect();
        assert_eq!(found, ["to", " ", "{user_name}", ",", " ", "{", "{", "x", "}", "}"]);
    }

    fn changes(old: &str, new: &str) -> VariableChanges {
        let side = |texts| Texts { texts, format: Format::FString };
        variable_changes(side(&[old]), side(&[new]), &[(0, 0)])
    }

    #[test]
    fn a_variable_between_the_same_words_was_renamed() {
        let found = changes("Answer {q} using {context}.", "Answer {question} using {context}. Mind {tier}.");
        assert_eq!(found.renamed, [("q".to_owned(), "question".to_owned())]);
        assert_eq!(
            (found.added, found.removed, found.kept),
            (vec!["tier".to_owned()], vec![], vec!["context".to_owned()])
        );
        let found = changes("Answer {q}", "Say what you know of {topic} now");
        assert_eq!((found.added, found.removed), (vec!["topic".to_owned()], vec!["q".to_owned()]));
        assert!(changes("{a} {b}", "{b} and {a}").is_empty());
    }

    #[test]
    fn a_variable_in_the_same_place_was_renamed_though_the_words_around_it_changed() {
        let renamed = |old: &str, new: &str| changes(old, new).renamed;
        let of = |from: &str, to: &str| vec![(from.to_owned(), to.to_owned())];
        let (old, new) = ("Use the context below if you can.\n{context}", "Use only the context below.\n{passages}");
        assert_eq!(renamed(old, new), of("context", "passages"));
        assert_eq!(renamed("{q}", "{question}"), of("q", "question"));
        assert_eq!(renamed("Reply kindly to {who}.", "Reply to our {customer}!"), of("who", "customer"));
        assert_eq!(renamed("Reply to {who}.\nBe kind.", "Be kind.\nMind the rules of {tier} at all times."), []);
        let two = changes("Know of {a}:\n{b}\nThat is all.", "Speak of {c}:\n{d}\nThat is all.");
        assert_eq!(two.renamed, [of("a", "c"), of("b", "d")].concat());
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_whatever_the_format(text in "[ab{}%# .é\n]{0,24}") {
            for format in [Format::FString, Format::Mustache, Format::Jinja2] {
                let mut at = 0;
                for piece in pieces_with_variables(&text, Some(format)) {
                    prop_assert_eq!(piece.start, at);
                    prop_assert!(piece.end > at);
                    at = piece.end;
                }
                prop_assert_eq!(at, text.len());
            }
        }

        #[test]
        fn the_other_way_round_what_was_added_was_removed(old in "([ab] |\\{[xyz]\\} ){0,8}", new in "([ab] |\\{[xyz]\\} ){0,8}") {
            let (there, back) = (changes(&old, &new), changes(&new, &old));
            prop_assert_eq!(there.added.len() + there.renamed.len(), back.removed.len() + back.renamed.len());
            prop_assert_eq!(there.kept, back.kept);
        }
    }
}
