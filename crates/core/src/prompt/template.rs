//! Templates in LangChain's three formats: where their variables are, and what is wrong with them.

mod f_string;
mod jinja2;
mod mustache;

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

/// How a template names its variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// `{name}`; `{{` is a brace.
    #[default]
    #[serde(rename = "f-string")]
    FString,
    /// `{{name}}`, sections and dots.
    #[serde(rename = "mustache")]
    Mustache,
    /// `{{ name }}`, statements and filters.
    #[serde(rename = "jinja2")]
    Jinja2,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::FString, Format::Mustache, Format::Jinja2];

    /// As manifests spell it.
    pub fn name(self) -> &'static str {
        match self {
            Format::FString => "f-string",
            Format::Mustache => "mustache",
            Format::Jinja2 => "jinja2",
        }
    }

    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// How a variable is written.
    pub fn write(self, variable: &str) -> String {
        match self {
            Format::FString => format!("{{{variable}}}"),
            Format::Mustache => format!("{{{{{variable}}}}}"),
            Format::Jinja2 => format!("{{{{ {variable} }}}}"),
        }
    }
}

/// A stretch of a template. Together they cover it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the template.
    pub span: Range<usize>,
    pub kind: PieceKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKind {
    Text,
    /// What is put here is named by the caller. The path is all that stands between the braces; the variable is its
    /// beginning, and none when the value comes from a section or a statement around it.
    Variable {
        name: Option<String>,
        path: String,
    },
    /// Begins a section, or an inverted one.
    Section {
        name: Option<String>,
        path: String,
        is_inverted: bool,
    },
    SectionEnd {
        path: String,
    },
    /// A statement of Jinja2, which only Python runs. The variables are those that it reads.
    Statement {
        names: Vec<String>,
    },
    /// Stands for the text given.
    Escape(&'static str),
    Comment,
    /// Cannot be read; the sentence says why.
    Bad(String),
}

/// The template in pieces.
pub fn pieces(template: &str, format: Format) -> Vec<Piece> {
    match format {
        Format::FString => f_string::pieces(template),
        Format::Mustache => mustache::pieces(template),
        Format::Jinja2 => jinja2::pieces(template),
    }
}

/// Which values the template needs, by name, as LangChain counts them.
pub fn variables(template: &str, format: Format) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for piece in pieces(template, format) {
        match piece.kind {
            PieceKind::Variable { name: Some(name), .. } | PieceKind::Section { name: Some(name), .. } => {
                found.insert(name);
            }
            PieceKind::Statement { names } => found.extend(names),
            _ => {}
        }
    }
    found
}

/// What is wrong with the template, in order.
pub fn problems(template: &str, format: Format) -> Vec<String> {
    let bad = |piece: Piece| match piece.kind {
        PieceKind::Bad(reason) => Some(reason),
        _ => None,
    };
    pieces(template, format).into_iter().filter_map(bad).collect()
}

/// Collects pieces, text between them included.
struct Cutter<'a> {
    template: &'a str,
    pieces: Vec<Piece>,
    done: usize,
}

impl<'a> Cutter<'a> {
    fn new(template: &'a str) -> Self {
        Cutter { template, pieces: Vec::new(), done: 0 }
    }

    fn push(&mut self, span: Range<usize>, kind: PieceKind) {
        if self.done < span.start {
            self.pieces.push(Piece { span: self.done..span.start, kind: PieceKind::Text });
        }
        self.done = span.end;
        self.pieces.push(Piece { span, kind });
    }

    fn finish(mut self) -> Vec<Piece> {
        if self.done < self.template.len() {
            self.pieces.push(Piece { span: self.done..self.template.len(), kind: PieceKind::Text });
        }
        self.pieces
    }
}

/// Whether LangChain and Python take this for a name.
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|char| char.is_alphanumeric() || char == '_')
}
