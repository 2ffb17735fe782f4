//! A template with values put in, for a preview.

use super::template::{Format, Piece, PieceKind, pieces};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Values by variable. Texts that read as JSON lists, objects, numbers or booleans are those.
pub type Values = BTreeMap<String, String>;

/// A message as it would be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// In order; those that come from a value are marked.
    pub parts: Vec<Part>,
    /// Variables without a value, by name.
    pub missing: BTreeSet<String>,
    /// Whether something was left as it is because only Python can run it.
    pub is_partial: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub kind: PartKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    Text,
    /// Came from a value.
    Value,
    /// Stands where a value is missing.
    Missing,
    /// Left as it is.
    Left,
}

impl Rendered {
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    fn push(&mut self, kind: PartKind, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.parts.last_mut() {
            Some(last) if last.kind == kind && kind == PartKind::Text => last.text.push_str(text),
            _ => self.parts.push(Part { text: text.to_owned(), kind }),
        }
    }
}

/// Sections may repeat sections: so much text is enough for a preview.
const MAX_BYTES: usize = 256 * 1024;

pub fn render(template: &str, format: Format, values: &Values) -> Rendered {
    let pieces = pieces(template, format);
    let parse = |(name, text): (&String, &String)| (name.clone(), parsed(text));
    let root = Value::Object(values.iter().map(parse).collect());
    let mut renderer = Renderer { template, format, out: Rendered::default(), n_bytes: 0 };
    renderer.run(&pieces, &mut vec![&root]);
    renderer.out
}

/// A value as somebody types it.
pub(super) fn parsed(text: &str) -> Value {
    let is_json = text.trim_start().starts_with(['[', '{']) || matches!(text.trim(), "true" | "false");
    let json = if is_json { serde_json::from_str(text).ok() } else { None };
    json.unwrap_or_else(|| Value::String(text.to_owned()))
}

struct Renderer<'a> {
    template: &'a str,
    format: Format,
    out: Rendered,
    n_bytes: usize,
}

impl Renderer<'_> {
    /// `scopes`: what names are looked up in, the innermost last.
    fn run(&mut self, pieces: &[Piece], scopes: &mut Vec<&Value>) {
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            if self.n_bytes > MAX_BYTES {
                self.out.is_partial = true;
                return;
            }
            let source = &self.template[piece.span.clone()];
            match &piece.kind {
                PieceKind::Text => self.push(PartKind::Text, source),
                PieceKind::Escape(text) => self.push(PartKind::Text, text),
                PieceKind::Comment | PieceKind::SectionEnd { .. } => {}
                PieceKind::Bad(_) | PieceKind::Statement { .. } => {
                    self.out.is_partial = true;
                    self.push(PartKind::Left, source);
                }
                PieceKind::Variable { name, path } => self.variable(name.as_deref(), path, source, scopes),
                PieceKind::Section { name, path, is_inverted } => {
                    let length = section_length(&pieces[at + 1..]);
                    let inside = &pieces[at + 1..at + 1 + length];
                    self.section(name.as_deref(), path, *is_inverted, inside, scopes);
                    at += length;
                }
            }
            at += 1;
        }
    }

    fn variable(&mut self, name: Option<&str>, path: &str, source: &str, scopes: &[&Value]) {
        let name_path = if self.format == Format::FString { name.unwrap_or(path) } else { path };
        match (look_up(name_path, scopes), name) {
            (Some(value), _) => {
                let text = printed(value);
                self.push(PartKind::Value, &if is_escaped(self.format, source) { escaped(&text) } else { text });
            }
            (None, Some(name)) => {
                self.out.missing.insert(name.to_owned());
                self.push(PartKind::Missing, source);
            }
            // Within a section, an unknown name is nothing.
            (None, None) => {}
        }
    }

    fn section(
        &mut self,
        name: Option<&str>,
        path: &str,
        is_inverted: bool,
        inside: &[Piece],
        scopes: &mut Vec<&Value>,
    ) {
        let value = look_up(path, scopes);
        if let (None, Some(name)) = (value, name) {
            self.out.missing.insert(name.to_owned());
        }
        let is_empty = match value {
            None | Some(Value::Null | Value::Bool(false)) => true,
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        if is_empty && is_inverted {
            self.run(inside, scopes);
        }
        if is_empty || is_inverted {
            return;
        }
        match value {
            Some(Value::Array(items)) => {
                for item in items {
                    scopes.push(item);
                    self.run(inside, scopes);
                    scopes.pop();
                }
            }
            Some(value) => {
                scopes.push(value);
                self.run(inside, scopes);
                scopes.pop();
            }
            None => {}
        }
    }

    fn push(&mut self, kind: PartKind, text: &str) {
        self.n_bytes += text.len();
        self.out.push(kind, text);
    }
}

/// How many pieces are within the section that has just begun.
pub(super) fn section_length(pieces: &[Piece]) -> usize {
    let mut depth = 0_usize;
    for (idx, piece) in pieces.iter().enumerate() {
        match &piece.kind {
            PieceKind::Section { .. } => depth += 1,
            PieceKind::SectionEnd { .. } if depth == 0 => return idx,
            PieceKind::SectionEnd { .. } => depth -= 1,
            _ => {}
        }
    }
    pieces.len()
}

fn look_up<'v>(path: &str, scopes: &[&'v Value]) -> Option<&'v Value> {
    if path == "." {
        return scopes.last().copied();
    }
    scopes.iter().rev().find_map(|scope| path.split('.').try_fold(*scope, |value, key| value.get(key)))
}

pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether what is put in for the tag is escaped.
pub(super) fn is_escaped(format: Format, source: &str) -> bool {
    format == Format::Mustache && !source.starts_with("{{{") && !source.starts_with("{{&")
}

/// As Mustache escapes for HTML, prompts or not: LangChain does the same.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What was escaped like that.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("&gt;", ">").replace("&lt;", "<").replace("&quot;", "\"").replace("&amp;", "&")
}
