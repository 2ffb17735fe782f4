//! What stands in a cell: words, their tooltip and how they look, for every kind of column. Pure.

use super::columns::ColumnId;
use super::row::{TraceRow, latency_share, tokens_words};
use super::shape_strip::{shape_words, strip};
use crate::format::{NOTHING, digits, duration, time};
use fanlight_wire::{RunStatus, RunType, Timestamp};

/// The look of a cell's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Error,
}

/// One cell, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub words: String,
    /// On hover and on focus: the whole value.
    pub title: String,
    pub tone: Tone,
    /// Bytes of `words` that match a search.
    pub marks: Vec<(usize, usize)>,
    /// Word and value of each.
    pub chips: Vec<(String, Option<String>)>,
    /// Length of the latency bar, 0 to 1.
    pub share: Option<f64>,
    /// For `background-image`; empty where nothing is drawn.
    pub strip: String,
}

/// Chips beyond these are counted: every one is an element in every row.
const MAX_CHIPS: usize = 3;

/// The cell of `row` in `column`. `now` matters to running rows and start times, `offset_minutes` is the zone at the start.
pub fn cell(row: &TraceRow, column: &ColumnId, now: Timestamp, offset_minutes: i32) -> Cell {
    match column {
        ColumnId::Status => Cell::default(),
        ColumnId::Name => text(&row.name),
        ColumnId::Type => text(type_label(row.run_type)),
        ColumnId::Input => snippet_or(row, &["inputs", "name", "tags", "metadata"], &row.input),
        ColumnId::Output => {
            let tone = if row.status == RunStatus::Error { Tone::Error } else { Tone::Plain };
            Cell { tone, ..snippet_or(row, &["outputs", "error"], &row.output) }
        }
        ColumnId::Latency => latency(row, now),
        ColumnId::FirstToken => words(row.first_token_words()),
        ColumnId::Tokens => Cell { title: row.tokens_detail(), ..words(tokens_words(row.total_tokens)) },
        ColumnId::PromptTokens => exact(row.prompt_tokens),
        ColumnId::CompletionTokens => exact(row.completion_tokens),
        ColumnId::Cost => {
            Cell { title: row.cost.map(|cost| format!("${cost}")).unwrap_or_default(), ..words(row.cost_words()) }
        }
        ColumnId::Model => optional(row.model.as_deref()),
        ColumnId::Thread => optional(row.thread.as_deref()),
        ColumnId::Tags => Cell {
            title: row.tags.join(", "),
            chips: chips(row.tags.iter().map(|tag| (tag.clone(), None)).collect()),
            ..Cell::default()
        },
        ColumnId::Feedback => Cell {
            title: row.feedback.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n"),
            chips: chips(row.feedback.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect()),
            ..Cell::default()
        },
        ColumnId::Shape => match &row.shape {
            Some(shape) => Cell { title: shape_words(shape), strip: strip(shape), ..Cell::default() },
            None => words(NOTHING.into()),
        },
        ColumnId::Started => Cell {
            words: time::relative(row.start, now, offset_minutes),
            title: format!("{}\n{}", time::exact(row.start, offset_minutes), time::exact_utc(row.start)),
            ..Cell::default()
        },
        ColumnId::Metadata(key) => optional(row.metadata_of(key)),
        ColumnId::FeedbackKey(key) => optional(row.feedback_of(key)),
    }
}

/// Whether the cell changes as time goes by.
pub fn follows_clock(row: &TraceRow, column: &ColumnId) -> bool {
    match column {
        ColumnId::Started => true,
        ColumnId::Latency => row.is_running(),
        _ => false,
    }
}

/// For how many nanoseconds after `now` a cell that follows the clock stays as it is.
pub fn holds_ns(row: &TraceRow, column: &ColumnId, now: Timestamp) -> i64 {
    const SECOND_NS: i64 = 1_000_000_000;
    match column {
        ColumnId::Started => time::relative_holds_ns(row.start, now),
        _ => SECOND_NS,
    }
}

fn text(value: &str) -> Cell {
    Cell { words: value.to_owned(), title: value.to_owned(), ..Cell::default() }
}

fn words(words: String) -> Cell {
    Cell { words, ..Cell::default() }
}

fn optional(value: Option<&str>) -> Cell {
    value.map_or_else(|| words(NOTHING.into()), text)
}

fn exact(tokens: i64) -> Cell {
    let title = if tokens == 0 { String::new() } else { digits::grouped(tokens) };
    Cell { title, ..words(tokens_words(tokens)) }
}

/// Where a searched word was found, if in one of `parts`; else the preview.
fn snippet_or(row: &TraceRow, parts: &[&str], preview: &str) -> Cell {
    match row.snippet.as_ref().filter(|snippet| parts.contains(&snippet.part.as_str())) {
        Some(snippet) => {
            let is_named = !["inputs", "outputs", "error"].contains(&snippet.part.as_str());
            let mut lead = if is_named { format!("{}: ", snippet.part) } else { String::new() };
            let start = start_near(&snippet.text, snippet.matches.first().map_or(0, |(from, _)| *from));
            if start > 0 {
                lead.push('…');
            }
            let moved = |at: usize| at + lead.len() - start;
            let marks = snippet.matches.iter().map(|(from, to)| (moved(*from), moved(*to))).collect();
            let words = format!("{lead}{}", &snippet.text[start..]);
            Cell { words, title: preview.to_owned(), marks, ..Cell::default() }
        }
        None => text(preview),
    }
}

/// Where to begin so that the match at `from` is in sight: some words before it.
fn start_near(text: &str, from: usize) -> usize {
    const BEFORE: usize = 10;
    if from <= BEFORE {
        return 0;
    }
    let near = text.floor_char_boundary(from - BEFORE);
    // At a word's beginning, where words are parted by spaces.
    text[near..from].find(' ').map(|space| near + space + 1).filter(|start| *start < from).unwrap_or(near)
}

fn latency(row: &TraceRow, now: Timestamp) -> Cell {
    match row.latency_ns(now) {
        Some(ns) => Cell { share: Some(latency_share(ns)), ..words(duration::duration(ns)) },
        None => Cell { share: Some(0.0), ..words(NOTHING.into()) },
    }
}

fn chips(mut all: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
    if all.len() > MAX_CHIPS {
        let n_more = all.len() - (MAX_CHIPS - 1);
        all.truncate(MAX_CHIPS - 1);
        all.push((format!("+{n_more}"), None));
    }
    all
}

/// A run type in one word.
pub fn type_label(run_type: RunType) -> &'static str {
    match run_type {
        RunType::Chain => "Chain",
        RunType::Llm => "LLM",
        RunType::Tool => "Tool",
        RunType::Retriever => "Retriever",
        RunType::Embedding => "Embedding",
        RunType::Prompt => "Prompt",
        RunType::Parser => "Parser",
    }
}

/// `words` cut into pieces, each with whether it is a match. `marks` are ascending and on character boundaries.
pub fn pieces(words: &str, marks: &[(usize, usize)]) -> Vec<(String, bool)> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for (from, to) in marks {
        pieces.push((words.get(at..*from).unwrap_or_default().to_owned(), false));
        pieces.push((words.get(*from..*to).unwrap_or_default().to_owned(), true));
        at = *to;
    }
    pieces.push((words.get(at..).unwrap_or_default().to_owned(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::Run;
    use serde_json::json;

    fn row(more: serde_json::Value) -> TraceRow {
        let id = "6f0c7a4e-0000-4000-8000-000000000001";
        let mut run = json!({
            "id": id, "trace_id": id, "session_id": id, "name": "chat", "run_type": "llm", "status": "success",
            "start_time": "2026-11-23T22:00:00Z", "end_time": "2026-11-23T22:00:01Z", "first_token_time": null,
            "parent_run_id": null, "dotted_order": "", "app_path": "", "tags": ["a", "b", "c", "d"], "total_tokens": 12_345,
            "prompt_tokens": 12_000, "completion_tokens": 345, "inputs_preview": "ask", "outputs_preview": "answer",
            "metadata": {"env": "prod"},
        });
        run.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<Run>(run).unwrap().into()
    }

    #[track_caller]
    fn check(row: &TraceRow, column: &str, expected: &str) {
        let columns: super::super::columns::Columns = column.parse().unwrap();
        let cell = cell(row, &columns.get(0).unwrap().id, "2026-11-23T22:03:00Z".parse().unwrap(), 0);
        let chips: Vec<_> =
            cell.chips.iter().map(|(word, value)| format!("[{word}{}]", value.as_deref().unwrap_or(""))).collect();
        assert_eq!(format!("{}{}", cell.words, chips.join("")), expected);
    }

    #[test]
    fn every_column_has_its_words() {
        let row = row(json!({"feedback_stats": {"score": {"n": 1, "avg": 0.5}}}));
        for (column, expected) in [
            ("name", "chat"),
            ("type", "LLM"),
            ("latency", "1.00 s"),
            ("first_token", "–"),
            ("tokens", "12.3k"),
            ("cost", "–"),
            ("model", "–"),
            ("tags", "[a][b][+2]"),
            ("feedback", "[score0.5]"),
            ("started", "3 m ago"),
            ("metadata.env", "prod"),
            ("metadata.other", "–"),
            ("feedback.score", "0.5"),
        ] {
            check(&row, column, expected);
        }
    }

    #[test]
    fn a_match_is_shown_where_it_was_found() {
        let found =
            |part: &str| row(json!({"snippet": {"part": part, "text": "a refund please", "matches": [[2, 8]]}}));
        check(&found("inputs"), "input", "a refund please");
        check(&found("inputs"), "output", "answer");
        check(&found("outputs"), "output", "a refund please");
        check(&found("tags"), "input", "tags: a refund please");
        let cell = cell(&found("tags"), &ColumnId::Input, Timestamp(0), 0);
        assert_eq!(
            pieces(&cell.words, &cell.marks),
            [("tags: a ".to_owned(), false), ("refund".to_owned(), true), (" please".to_owned(), false),]
        );
    }

    #[test]
    fn a_match_far_into_the_text_is_in_sight() {
        let far = json!({"part": "inputs", "text": "I wrote last week already about a refund", "matches": [[34, 40]]});
        let found = cell(&row(json!({"snippet": far})), &ColumnId::Input, Timestamp(0), 0);
        assert_eq!(found.words, "…about a refund");
        assert_eq!(pieces(&found.words, &found.marks)[1], ("refund".to_owned(), true));
        assert_eq!([start_near("éééééééééééééééé refund", 33), start_near("0123456789012345678901", 21)], [22, 11]);
    }

    #[test]
    fn only_what_moves_follows_the_clock() {
        let ended = row(json!({}));
        let running = row(json!({"status": "pending", "end_time": null}));
        assert!(!follows_clock(&ended, &ColumnId::Latency) && follows_clock(&running, &ColumnId::Latency));
        assert!(follows_clock(&ended, &ColumnId::Started) && !follows_clock(&running, &ColumnId::Name));
    }
}
