//! A template and a text that was rendered from it: which variable got which value, and where the text is another.

use super::render::{Values, escaped, parsed, printed, unescaped};
use super::template::{Format, Piece, PieceKind, pieces};
use crate::diff::align::{Alignment, Effort, Step};
use crate::diff::words;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

/// Both sides, and what was put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// The template, braces for braces taken out.
    pub template: Vec<Stretch>,
    pub rendered: Vec<Stretch>,
    /// By the path that the template names: `user.name`.
    pub values: BTreeMap<String, String>,
    /// The text can be rendered from the template, as far as that is known here.
    pub is_same: bool,
}

/// A stretch of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub text: String,
    pub kind: StretchKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StretchKind {
    Text,
    /// A variable, by its path; on the other side, its value.
    Variable(String),
    /// A section, a statement, and what came of it.
    Left,
    /// The other side has it not.
    Differs,
}

/// What a template consists of when it is matched.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Text(String),
    Hole {
        path: String,
        source: String,
        is_escaped: bool,
    },
    /// Something that only Python can run, or that may repeat.
    Any {
        source: String,
    },
}

/// Longer texts, and templates with more places, are compared word by word at once.
const MAX_BYTES: usize = 256 * 1024;
const MAX_SEGMENTS: usize = 400;

/// Bytes that are searched for places where a value may end, and what each of these places costs.
const MAX_SEARCHED: usize = 8 * 1024 * 1024;
const PLACE_COST: usize = 64;

/// Words of both sides together that are compared when the text is another.
const MAX_WORDS: usize = 60_000;

/// Finds the values. Those in `known`, JSON by name, are preferred where they fit; of others, the shortest.
pub fn match_text(template: &str, format: Format, rendered: &str, known: &Map<String, Value>) -> Matched {
    let segments = segments(template, format);
    let mut search = Search::new(&segments, rendered, known);
    let is_small = rendered.len() <= MAX_BYTES && segments.len() <= MAX_SEGMENTS;
    match is_small && search.run(0, 0) {
        true => search.matched(),
        false => by_words(&segments, rendered),
    }
}

/// Values by path as values by variable, those of fields within one object.
pub fn by_variable(values: &BTreeMap<String, String>) -> Values {
    let mut root = Map::new();
    for (path, text) in values {
        let mut place = &mut root;
        let (fields, last) = path.rsplit_once('.').unwrap_or(("", path));
        for field in fields.split('.').filter(|field| !field.is_empty()) {
            let within = place.entry(field).or_insert_with(|| Value::Object(Map::new()));
            if !within.is_object() {
                *within = Value::Object(Map::new());
            }
            let Value::Object(fields) = within else { return Values::new() };
            place = fields;
        }
        place.entry(last).or_insert_with(|| Value::String(text.clone()));
    }
    root.into_iter().map(|(name, value)| (name, printed(&value))).collect()
}

fn segments(template: &str, format: Format) -> Vec<Segment> {
    let all = pieces(template, format);
    let is_block = |piece: &Piece| {
        matches!(piece.kind, PieceKind::Statement { .. }) && template[piece.span.clone()].starts_with("{%")
    };
    // What is between two statements may be there never, or often.
    let blocks = all.iter().position(is_block).zip(all.iter().rposition(is_block));
    let mut found: Vec<Segment> = Vec::new();
    let mut at = 0;
    while let Some(piece) = all.get(at) {
        let mut last = at;
        if let Some((first, end)) = blocks.filter(|(first, _)| *first == at) {
            last = first.max(end);
        } else if matches!(piece.kind, PieceKind::Section { .. }) {
            last = (at + super::render::section_length(&all[at + 1..]) + 1).min(all.len() - 1);
        }
        let source = &template[piece.span.start..all[last].span.end];
        let text = match &piece.kind {
            PieceKind::Text => Some(source),
            PieceKind::Escape(text) => Some(*text),
            PieceKind::Comment => Some(""),
            _ => None,
        };
        match (text, &piece.kind) {
            (Some(text), _) => match found.last_mut() {
                Some(Segment::Text(before)) => before.push_str(text),
                _ => found.push(Segment::Text(text.to_owned())),
            },
            (None, PieceKind::Variable { name, path }) => found.push(Segment::Hole {
                path: if format == Format::FString { name.as_ref().unwrap_or(path) } else { path }.clone(),
                source: source.to_owned(),
                is_escaped: super::render::is_escaped(format, source),
            }),
            (None, _) => found.push(Segment::Any { source: source.to_owned() }),
        }
        at = last + 1;
    }
    found
}

/// Looks for ends of values, the first that fits.
struct Search<'a> {
    segments: &'a [Segment],
    rendered: &'a str,
    /// As they would be rendered, by path.
    known: BTreeMap<&'a str, String>,
    /// Where the segments that were matched so far end.
    ends: Vec<usize>,
    /// By path, as it stands in the text.
    bound: BTreeMap<&'a str, &'a str>,
    /// Places that lead nowhere. Empty when a value must be the same twice: then that depends on how they were reached.
    failed: HashSet<(usize, usize)>,
    has_repeats: bool,
    n_left: usize,
}

impl<'a> Search<'a> {
    fn new(segments: &'a [Segment], rendered: &'a str, known: &Map<String, Value>) -> Self {
        let mut paths = HashSet::new();
        let mut has_repeats = false;
        let mut as_rendered = BTreeMap::new();
        for segment in segments {
            let Segment::Hole { path, is_escaped, .. } = segment else { continue };
            has_repeats |= !paths.insert(path);
            let mut fields = path.split('.');
            let value = fields.next().and_then(|name| known.get(name));
            if let Some(value) = fields.try_fold(value, |value, field| value.map(|it| it.get(field))).flatten() {
                let text = printed(value);
                as_rendered.insert(path.as_str(), if *is_escaped { escaped(&text) } else { text });
            }
        }
        Search {
            segments,
            rendered,
            known: as_rendered,
            ends: Vec::new(),
            bound: BTreeMap::new(),
            failed: HashSet::new(),
            has_repeats,
            n_left: MAX_SEARCHED,
        }
    }

    /// Whether the segments from `nth` on are the text from `at` on.
    fn run(&mut self, nth: usize, at: usize) -> bool {
        let Some(segment) = self.segments.get(nth) else { return at == self.rendered.len() };
        if self.n_left == 0 || self.failed.contains(&(nth, at)) {
            return false;
        }
        let rest = &self.rendered[at..];
        let is_found = match segment {
            Segment::Text(text) => rest.starts_with(text.as_str()) && self.go_on(nth, at + text.len()),
            Segment::Any { .. } => self.try_ends(nth, at, None),
            Segment::Hole { path, .. } => match self.bound.get(path.as_str()).copied() {
                Some(value) => rest.starts_with(value) && self.go_on(nth, at + value.len()),
                None => self.try_ends(nth, at, Some(path)),
            },
        };
        if !is_found && !self.has_repeats {
            self.failed.insert((nth, at));
        }
        is_found
    }

    fn go_on(&mut self, nth: usize, end: usize) -> bool {
        self.ends.truncate(nth);
        self.ends.push(end);
        self.run(nth + 1, end)
    }

    fn try_end(&mut self, nth: usize, at: usize, end: usize, path: Option<&'a str>) -> bool {
        if let Some(path) = path {
            self.bound.insert(path, &self.rendered[at..end]);
        }
        let is_found = self.go_on(nth, end);
        if let Some(path) = path.filter(|_| !is_found) {
            self.bound.remove(path);
        }
        is_found
    }

    /// The known value first; then wherever what comes next is found; the rest of the text when nothing does.
    fn try_ends(&mut self, nth: usize, at: usize, path: Option<&'a str>) -> bool {
        let rest = &self.rendered[at..];
        let known = path.and_then(|path| self.known.get(path)).filter(|known| rest.starts_with(known.as_str()));
        if let Some(length) = known.map(String::len)
            && self.try_end(nth, at, at + length, path)
        {
            return true;
        }
        let segments = self.segments;
        let next = match segments.get(nth + 1) {
            None => return self.try_end(nth, at, self.rendered.len(), path),
            Some(Segment::Text(text)) if nth + 2 == segments.len() => {
                let end = self.rendered.len().checked_sub(text.len()).filter(|end| *end >= at);
                return end.is_some_and(|end| self.rendered.is_char_boundary(end) && self.try_end(nth, at, end, path));
            }
            Some(Segment::Text(text)) => text.clone(),
            Some(Segment::Hole { path, .. }) => {
                let bound = self.bound.get(path.as_str()).map(|bound| (*bound).to_owned());
                bound.or_else(|| self.known.get(path.as_str()).cloned()).unwrap_or_default()
            }
            Some(Segment::Any { .. }) => String::new(),
        };
        let mut end = at;
        if next.is_empty() {
            return self.try_end(nth, at, end, path);
        }
        while let Some(found) = self.rendered[end..].find(next.as_str()) {
            self.n_left = self.n_left.saturating_sub(found + PLACE_COST);
            end += found;
            if self.try_end(nth, at, end, path) {
                return true;
            }
            if self.n_left == 0 {
                return false;
            }
            end += self.rendered[end..].chars().next().map_or(1, char::len_utf8);
        }
        self.n_left = self.n_left.saturating_sub(self.rendered.len() - end);
        // Maybe it was not what was known of the one that comes next.
        let is_hole = matches!(segments.get(nth + 1), Some(Segment::Hole { path, .. }) if !self.bound.contains_key(path.as_str()));
        is_hole && self.try_end(nth, at, at, path)
    }

    fn matched(self) -> Matched {
        let mut matched = Matched { is_same: true, ..Matched::default() };
        let mut at = 0;
        for (segment, end) in self.segments.iter().zip(self.ends) {
            let text = &self.rendered[at..end];
            at = end;
            let (source, kind) = match segment {
                Segment::Text(text) => (text, StretchKind::Text),
                Segment::Any { source } => (source, StretchKind::Left),
                Segment::Hole { path, source, is_escaped } => {
                    let value = if *is_escaped { unescaped(text) } else { text.to_owned() };
                    matched.values.insert(path.clone(), value);
                    (source, StretchKind::Variable(path.clone()))
                }
            };
            push(&mut matched.template, source, kind.clone());
            push(&mut matched.rendered, text, kind);
        }
        matched
    }
}

fn push(side: &mut Vec<Stretch>, text: &str, kind: StretchKind) {
    match side.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.kind == kind && !matches!(kind, StretchKind::Variable(_)) => last.text.push_str(text),
        _ => side.push(Stretch { text: text.to_owned(), kind }),
    }
}

/// Of a text that is another: what stayed, what did not, and values where nothing but a variable stands between words
/// that stayed.
fn by_words(segments: &[Segment], rendered: &str) -> Matched {
    let mut olds: Vec<(Option<&str>, &Segment)> = Vec::new();
    for segment in segments {
        match segment {
            Segment::Text(text) => {
                olds.extend(words::pieces(text).into_iter().map(|piece| (Some(&text[piece]), segment)));
            }
            Segment::Hole { .. } | Segment::Any { .. } => olds.push((None, segment)),
        }
    }
    let news = words::pieces(rendered);
    let mut matched = Matched::default();
    if olds.len() + news.len() > MAX_WORDS {
        for (text, segment) in olds {
            let kind = kind_of(segment, StretchKind::Differs);
            push(&mut matched.template, text.unwrap_or_else(|| source_of(segment)), kind);
        }
        push(&mut matched.rendered, rendered, StretchKind::Differs);
        return matched;
    }
    let old_keys: Vec<Option<&str>> = olds.iter().map(|(text, _)| *text).collect();
    let new_keys: Vec<Option<&str>> = news.iter().map(|piece| Some(&rendered[piece.clone()])).collect();
    let steps: Vec<Step> = Alignment::new(&old_keys, &new_keys, Effort::FewestChanges).steps().collect();
    for stretch in steps.chunk_by(|a, b| matches!(a, Step::Same { .. }) == matches!(b, Step::Same { .. })) {
        let gone: Vec<_> =
            stretch.iter().filter_map(|it| if let Step::Removed(at) = it { Some(olds[*at]) } else { None }).collect();
        let come: String = stretch
            .iter()
            .filter_map(|it| if let Step::Added(at) = it { Some(&rendered[news[*at].clone()]) } else { None })
            .collect();
        let mut holes = gone.iter().filter(|(text, _)| text.is_none());
        let only_hole = holes.next().filter(|_| holes.next().is_none()).map(|(_, segment)| *segment);
        let has_text = gone.iter().any(|(text, _)| text.is_some_and(|text| !text.trim().is_empty()));
        for (text, segment) in &gone {
            push(
                &mut matched.template,
                text.unwrap_or_else(|| source_of(segment)),
                kind_of(segment, StretchKind::Differs),
            );
        }
        match only_hole.filter(|_| !has_text) {
            Some(segment) => {
                if let Segment::Hole { path, is_escaped, .. } = segment {
                    let value = if *is_escaped { unescaped(&come) } else { come.clone() };
                    matched.values.entry(path.clone()).or_insert(value);
                }
                push(&mut matched.rendered, &come, kind_of(segment, StretchKind::Text));
            }
            None => push(&mut matched.rendered, &come, StretchKind::Differs),
        }
        for step in stretch {
            if let Step::Same { old, .. } = step {
                let text = olds[*old].0.unwrap_or_default();
                push(&mut matched.template, text, StretchKind::Text);
                push(&mut matched.rendered, text, StretchKind::Text);
            }
        }
    }
    matched
}

fn kind_of(segment: &Segment, of_text: StretchKind) -> StretchKind {
    match segment {
        Segment::Text(_) => of_text,
        Segment::Hole { path, .. } => StretchKind::Variable(path.clone()),
        Segment::Any { .. } => StretchKind::Left,
    }
}

fn source_of(segment: &Segment) -> &str {
    match segment {
        Segment::Text(text) => text,
        Segment::Hole { source, .. } | Segment::Any { source } => source,
    }
}

/// JSON values as somebody would type them.
pub fn typed(values: &Values) -> Map<String, Value> {
    values.iter().map(|(name, text)| (name.clone(), parsed(text))).collect()
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
