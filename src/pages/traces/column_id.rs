//! What a column shows, and how it is called in the header and in addresses. Pure.

use fanlight_wire::run_query::Sort;
use std::fmt;

/// What a column shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnId {
    Status,
    Name,
    Type,
    Input,
    Output,
    Latency,
    FirstToken,
    Tokens,
    PromptTokens,
    CompletionTokens,
    Cost,
    Model,
    Tags,
    Feedback,
    Shape,
    Thread,
    Started,
    Metadata(String),
    FeedbackKey(String),
}

/// Everything that can be shown without naming a key: word in addresses, title, usual width in CSS pixels.
pub const PLAIN: [(ColumnId, &str, &str, u32); 17] = [
    (ColumnId::Status, "status", "Status", 20),
    (ColumnId::Name, "name", "Name", 150),
    (ColumnId::Type, "type", "Type", 70),
    (ColumnId::Input, "input", "Input", 210),
    (ColumnId::Output, "output", "Output", 210),
    (ColumnId::Latency, "latency", "Latency", 118),
    (ColumnId::FirstToken, "first_token", "First token", 84),
    (ColumnId::Tokens, "tokens", "Tokens", 64),
    (ColumnId::PromptTokens, "tokens_in", "Tokens in", 80),
    (ColumnId::CompletionTokens, "tokens_out", "Tokens out", 84),
    (ColumnId::Cost, "cost", "Cost", 80),
    (ColumnId::Model, "model", "Model", 130),
    (ColumnId::Tags, "tags", "Tags", 100),
    (ColumnId::Feedback, "feedback", "Feedback", 120),
    (ColumnId::Shape, "shape", "Shape", 64),
    (ColumnId::Thread, "thread", "Thread", 120),
    (ColumnId::Started, "started", "Started", 78),
];

/// How a column's words stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    Start,
    /// Numbers: their digits line up.
    End,
}

impl ColumnId {
    /// The columns that need no key, in the order they are offered.
    pub fn plain() -> impl Iterator<Item = ColumnId> {
        PLAIN.iter().map(|(id, ..)| id.clone())
    }

    fn plain_entry(&self) -> Option<&'static (ColumnId, &'static str, &'static str, u32)> {
        PLAIN.iter().find(|(id, ..)| id == self)
    }

    /// In the header.
    pub fn title(&self) -> String {
        match self {
            ColumnId::Metadata(key) | ColumnId::FeedbackKey(key) => key.clone(),
            plain => plain.plain_entry().map_or("", |(_, _, title, _)| title).to_owned(),
        }
    }

    pub fn usual_width_px(&self) -> u32 {
        self.plain_entry().map_or(120, |(.., width_px)| *width_px)
    }

    /// What a click on the header sorts by.
    pub fn sort(&self) -> Option<Sort> {
        Some(match self {
            ColumnId::Name => Sort::Name,
            ColumnId::Latency => Sort::Latency,
            ColumnId::FirstToken => Sort::FirstTokenLatency,
            ColumnId::Tokens => Sort::TotalTokens,
            ColumnId::Cost => Sort::TotalCost,
            ColumnId::Started => Sort::StartTime,
            _ => return None,
        })
    }

    pub fn alignment(&self) -> Alignment {
        match self {
            ColumnId::Latency
            | ColumnId::FirstToken
            | ColumnId::Tokens
            | ColumnId::PromptTokens
            | ColumnId::CompletionTokens
            | ColumnId::Cost
            | ColumnId::Started => Alignment::End,
            _ => Alignment::Start,
        }
    }

    /// Takes its share of the room that is left, as long as the reader gave it no width.
    pub fn is_flexible(&self) -> bool {
        matches!(self, ColumnId::Input | ColumnId::Output | ColumnId::Name)
    }
}

impl fmt::Display for ColumnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColumnId::Metadata(key) => write!(f, "metadata.{}", escaped(key)),
            ColumnId::FeedbackKey(key) => write!(f, "feedback.{}", escaped(key)),
            plain => f.write_str(plain.plain_entry().map_or("", |(_, word, ..)| word)),
        }
    }
}

/// Keys may hold the signs that part columns, or read like a width.
fn escaped(key: &str) -> String {
    let text = key.replace('!', "!!").replace(',', "!c").replace('.', "!d");
    if key == "pin" || key.parse::<u32>().is_ok() { format!("!{text}") } else { text }
}

pub fn unescaped(text: &str) -> String {
    let mut key = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, char == '!') {
            (_, true) => key.extend(match chars.next() {
                Some('c') => Some(','),
                Some('d') => Some('.'),
                other => other,
            }),
            (char, false) => key.push(char),
        }
    }
    key
}
