//! Variables of a template: where they stand, and which were added, removed or renamed.

use super::words::pieces;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How a template writes its variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// `{name}`; `{{` and `}}` are braces.
    #[default]
    FString,
    /// `{{name}}`, `{{{name}}}`, and sections `{{#name}} … {{/name}}`.
    Mustache,
    /// `{{ name.field | filter }}`, and tags `{% … %}`.
    Jinja2,
}

/// One place in a template that is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    pub span: Range<usize>,
    /// `None` for what is filled in without a name: a tag of Jinja, a comment.
    pub name: Option<&'a str>,
}

/// The variables of `text` in order. What has no end, or no name where one belongs, is text.
pub fn variables(text: &str, syntax: Syntax) -> Vec<Variable<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|offset| at + offset) {
        let variable = match syntax {
            Syntax::FString => f_string(text, start),
            Syntax::Mustache => mustache(text, start),
            Syntax::Jinja2 => jinja(text, start),
        };
        at = match variable {
            Found::Variable(variable) => {
                let end = variable.span.end;
                found.push(variable);
                end
            }
            Found::Text(end) => end,
        };
    }
    found
}

enum Found<'a> {
    Variable(Variable<'a>),
    /// Nothing up to here.
    Text(usize),
}

fn f_string(text: &str, start: usize) -> Found<'_> {
    if text[start..].starts_with("{{") {
        return Found::Text(start + 2);
    }
    let Some(end) = text[start + 1..].find(['}', '{', '\n']).map(|offset| start + 1 + offset) else {
        return Found::Text(text.len());
    };
    let inside = &text[start + 1..end];
    // `{when!r:>10}` is `when`, shown in some way.
    let name = inside.split(['!', ':']).next().unwrap_or_default().trim();
    match text[end..].starts_with('}') && is_name(name) {
        true => Found::Variable(Variable { span: start..end + 1, name: Some(name) }),
        false => Found::Text(start + 1),
    }
}

fn mustache(text: &str, start: usize) -> Found<'_> {
    let (open, close) = match &text[start..] {
        rest if rest.starts_with("{{{") => (3, "}}}"),
        rest if rest.starts_with("{{") => (2, "}}"),
        _ => return Found::Text(start + 1),
    };
    let Some(end) = text[start + open..].find(close).map(|offset| start + open + offset) else {
        return Found::Text(start + open);
    };
    let inside = text[start + open..end].trim();
    let name = inside.trim_start_matches(['#', '/', '^', '&', '>']).trim();
    let is_comment = inside.starts_with('!');
    match is_comment || is_name(name) || name == "." {
        true => Found::Variable(Variable {
            span: start..end + close.len(),
            name: (!is_comment && is_name(name)).then_some(name),
        }),
        false => Found::Text(start + open),
    }
}

fn jinja(text: &str, start: usize) -> Found<'_> {
    let close = match text.as_bytes().get(start + 1) {
        Some(b'{') => "}}",
        Some(b'%') => "%}",
        Some(b'#') => "#}",
        _ => return Found::Text(start + 1),
    };
    let Some(end) = text[start + 2..].find(close).map(|offset| start + 2 + offset) else {
        return Found::Text(start + 2);
    };
    let inside = text[start + 2..end].trim().trim_matches('-').trim();
    let name_end = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
    let name = Some(&inside[..name_end]).filter(|name| close == "}}" && is_name(name));
    Found::Variable(Variable { span: start..end + 2, name })
}

/// Names, with fields and positions in them: `user.name`, `items[0]`.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_.[]-".contains(c);
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(is_part)
}

/// The pieces of `text`, each variable one piece.
pub fn pieces_with_variables(text: &str, syntax: Option<Syntax>) -> Vec<Range<usize>> {
    let Some(syntax) = syntax.filter(|_| text.contains('{')) else { return pieces(text) };
    let mut all = Vec::new();
    let mut at = 0;
    let push_text = |all: &mut Vec<Range<usize>>, range: Range<usize>| {
        all.extend(pieces(&text[range.clone()]).into_iter().map(|it| range.start + it.start..range.start + it.end));
    };
    for Variable { span, .. } in variables(text, syntax) {
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

/// Compares the variables of two templates, each a list of texts.
pub fn variable_changes((old, old_syntax): (&[&str], Syntax), (new, new_syntax): (&[&str], Syntax)) -> VariableChanges {
    let (before, after) = (places(old, old_syntax), places(new, new_syntax));
    let kept = before.keys().filter(|name| after.contains_key(*name)).map(|name| (*name).to_owned()).collect();
    let mut added: BTreeSet<&str> = after.keys().copied().filter(|name| !before.contains_key(name)).collect();
    let mut removed: BTreeSet<&str> = before.keys().copied().filter(|name| !after.contains_key(name)).collect();
    // Most places in common first; names decide between equals, so that the answer is always the same.
    let mut likely: Vec<(usize, &str, &str)> = Vec::new();
    for &from in &removed {
        for &to in &added {
            let n_common = before[from].intersection(&after[to]).count();
            likely.extend((n_common > 0).then_some((n_common, from, to)));
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

fn places<'a>(texts: &[&'a str], syntax: Syntax) -> BTreeMap<&'a str, BTreeSet<Place<'a>>> {
    let mut places: BTreeMap<&str, BTreeSet<Place>> = BTreeMap::new();
    for text in texts {
        for Variable { span, name } in variables(text, syntax) {
            let Some(name) = name else { continue };
            let of_name = places.entry(name).or_default();
            let before = text[..span.start].split_whitespace().next_back();
            let after = text[span.end..].split_whitespace().next();
            // Alone in its message it stands nowhere in particular.
            if before.is_some() || after.is_some() {
                of_name.insert((before, after));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(syntax: Syntax, text: &str, expected: &[(&str, Option<&str>)]) {
        let found: Vec<_> =
            variables(text, syntax).into_iter().map(|variable| (&text[variable.span], variable.name)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn f_strings_have_names_in_braces_and_double_braces_are_text() {
        check(Syntax::FString, "Hi {name}, {when!r:>10}", &[("{name}", Some("name")), ("{when!r:>10}", Some("when"))]);
        check(Syntax::FString, r#"{{"a": {x}}} { y {2} {} {a b}"#, &[("{x}", Some("x"))]);
        check(Syntax::FString, "open {name", &[]);
    }

    #[test]
    fn mustache_has_sections_and_comments() {
        check(
            Syntax::Mustache,
            "{{name}} {{{raw}}} {{#items}}{{.}}{{/items}} {{! note }} {not} {{}} {{open",
            &[
                ("{{name}}", Some("name")),
                ("{{{raw}}}", Some("raw")),
                ("{{#items}}", Some("items")),
                ("{{.}}", None),
                ("{{/items}}", Some("items")),
                ("{{! note }}", None),
            ],
        );
    }

    #[test]
    fn jinja_has_filters_and_tags() {
        check(
            Syntax::Jinja2,
            "{{ user.name | title }}{%- if x -%}{# why #}{ y }",
            &[("{{ user.name | title }}", Some("user")), ("{%- if x -%}", None), ("{# why #}", None)],
        );
    }

    #[test]
    fn a_variable_is_one_piece() {
        let text = "to {user_name}, {{x}}";
        let found: Vec<&str> =
            pieces_with_variables(text, Some(Syntax::FString)).into_iter().map(|piece| &text[piece]).collect();
        assert_eq!(found, ["to", " ", "{user_name}", ",", " ", "{", "{", "x", "}", "}"]);
    }

    fn changes(old: &str, new: &str) -> VariableChanges {
        variable_changes((&[old], Syntax::FString), (&[new], Syntax::FString))
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

    proptest! {
        #[test]
        fn pieces_are_the_text_whatever_the_syntax(text in "[ab{}%# .é\n]{0,24}") {
            for syntax in [Syntax::FString, Syntax::Mustache, Syntax::Jinja2] {
                let mut at = 0;
                for piece in pieces_with_variables(&text, Some(syntax)) {
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
