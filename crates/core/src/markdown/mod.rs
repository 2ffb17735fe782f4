//! Markdown from traces, which is hostile input: text becomes a small tree of allow-listed nodes, never HTML.
//!
//! Raw HTML is shown as the text it is, images become their description, links keep only addresses a click on which is
//! harmless ([`link`]). Start with [`parse`](parse()); the view draws each node as one element and recurses no deeper than
//! [`MAX_DEPTH`].

pub mod link;
mod parse;

pub use link::SafeUrl;
pub use parse::{MAX_BYTES, MAX_DEPTH, parse};

/// A paragraph-like part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    /// Level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// Code as written, and the language it says it is in.
    Code {
        language: String,
        text: String,
    },
    Quote(Vec<Block>),
    /// Numbered from `start`, or with bullets.
    List {
        start: Option<u64>,
        items: Vec<Item>,
    },
    /// Cells of inline nodes; the first row is the head.
    Table(Vec<Vec<Vec<Inline>>>),
    Rule,
}

/// One entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// For task lists: whether it is ticked.
    pub is_done: Option<bool>,
    pub blocks: Vec<Block>,
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Code(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Struck(Vec<Inline>),
    /// `url` is `None` for an address that is not allowed: then `address` is shown beside the label as text.
    Link {
        url: Option<SafeUrl>,
        address: String,
        label: Vec<Inline>,
    },
    /// Never loaded: its description and address are shown as text.
    Image {
        address: String,
        description: String,
    },
    LineBreak,
}
