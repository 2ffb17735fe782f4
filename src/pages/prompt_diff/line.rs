//! Lines of a comparison as they are read: numbers, signs, what changed in them, variables.

use super::state::DiffState;
use crate::components::erased::dynamic;
use crate::diff::prompt::PromptDiff;
use crate::diff::text::{Line, LineKind};
use crate::diff::variables::variables;
use crate::format::visible::visible;
use crate::prompt::template::Format;
use leptos::prelude::*;
use std::ops::Range;

/// Characters of one line that are drawn: a line may be a megabyte.
const MAX_CHARS: usize = 20_000;

/// One of the sides of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// Both sides beside each other.
pub fn pair_view(state: DiffState, diff: &PromptDiff, left: Option<usize>, right: Option<usize>) -> AnyView {
    let is_same = left == right;
    let one = left.map_or_else(empty_view, |line| side_view(state, diff, line, Side::Left, false));
    // What stayed is read once.
    let other = right.map_or_else(empty_view, |line| side_view(state, diff, line, Side::Right, is_same));
    view! { <div class="prompt-pair">{one} {other}</div> }.into_any()
}

fn empty_view() -> AnyView {
    view! { <div class="prompt-side is-empty"></div> }.into_any()
}

fn side_view(state: DiffState, diff: &PromptDiff, line_idx: usize, side: Side, is_repeated: bool) -> AnyView {
    let line = &diff.text.lines[line_idx];
    let number = if side == Side::Left { line.old_number } else { line.new_number };
    view! {
        <div class=format!("prompt-side {}", class_of(line)) aria-hidden=is_repeated.then_some("true")>
            <span class="prompt-number" aria-hidden="true">{number}</span>
            {text_view(state, diff, line_idx, side)}
        </div>
    }
    .into_any()
}

/// One side below the other: the numbers of both stand before the line.
pub fn unified_view(state: DiffState, diff: &PromptDiff, line_idx: usize) -> AnyView {
    let line = &diff.text.lines[line_idx];
    let side = if line.kind == LineKind::Removed { Side::Left } else { Side::Right };
    view! {
        <div class=format!("prompt-side is-unified {}", class_of(line))>
            <span class="prompt-number" aria-hidden="true">{line.old_number}</span>
            <span class="prompt-number" aria-hidden="true">{line.new_number}</span>
            {text_view(state, diff, line_idx, side)}
        </div>
    }
    .into_any()
}

fn class_of(line: &Line) -> &'static str {
    match (line.kind, line.move_idx) {
        (LineKind::Same, _) => "is-same",
        (LineKind::Removed, Some(_)) => "is-moved is-away",
        (LineKind::Added, Some(_)) => "is-moved",
        (LineKind::Removed, None) => "is-removed",
        (LineKind::Added, None) => "is-added",
    }
}

fn text_view(state: DiffState, diff: &PromptDiff, line_idx: usize, side: Side) -> AnyView {
    let line = &diff.text.lines[line_idx];
    let (sign, spoken) = match (line.kind, line.move_idx) {
        (LineKind::Same, _) => (" ", "Unchanged: "),
        (LineKind::Removed, Some(_)) => ("↦", "Moved away: "),
        (LineKind::Added, Some(_)) => ("↤", "Moved here: "),
        (LineKind::Removed, None) => ("−", "Removed: "),
        (LineKind::Added, None) => ("+", "Added: "),
    };
    let (text, span, format) = match (line.kind, side) {
        (LineKind::Same, Side::Right) => (&diff.new_text, line.new_span.clone(), diff.new_format),
        (LineKind::Added, _) => (&diff.new_text, line.span.clone(), diff.new_format),
        _ => (&diff.old_text, line.span.clone(), diff.old_format),
    };
    let is_removed = line.kind == LineKind::Removed;
    let is_whole = line.is_all_marked();
    let marks = if is_whole { &[][..] } else { &line.marks[..] };
    let parts = parts(text, span, marks, format).into_iter().map(|part| part_view(part, is_removed)).collect_view();
    let moved = diff.moved(line_idx).map(|(words, to)| {
        view! {
            <button type="button" class="prompt-moved" on:click=move |_| state.go_to_line(to)>
                {words}
            </button>
        }
    });
    view! {
        <span class="prompt-sign" aria-hidden="true">{sign}</span>
        <span class="prompt-text"><span class="visually-hidden">{spoken}</span>{parts}{moved}</span>
    }
    .into_any()
}

/// A part of a line that is drawn alike.
struct Part {
    text: String,
    is_marked: bool,
    is_variable: bool,
}

/// A line cut where marks and variables begin and end. Line breaks show only when they are what changed.
fn parts(text: &str, span: Range<usize>, marks: &[Range<usize>], format: Format) -> Vec<Part> {
    let end = span.start + text[span.clone()].trim_end_matches(['\r', '\n']).len();
    let named: Vec<Range<usize>> = variables(&text[span.clone()], format)
        .into_iter()
        .map(|variable| span.start + variable.span.start..span.start + variable.span.end)
        .collect();
    let mut cuts: Vec<usize> = marks.iter().chain(&named).flat_map(|range| [range.start, range.end]).collect();
    cuts.extend([span.start, end, span.end]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut n_chars = 0;
    let mut parts = Vec::new();
    for (&from, &to) in cuts.iter().zip(&cuts[1..]) {
        let is_in = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.start <= from && to <= range.end);
        let is_marked = is_in(marks);
        if from >= end && !is_marked {
            continue;
        }
        if n_chars > MAX_CHARS {
            parts.push(Part { text: "…".to_owned(), is_marked: false, is_variable: false });
            break;
        }
        let piece: String = text[from..to].chars().take(MAX_CHARS).collect();
        n_chars += piece.len();
        let text =
            if from >= end { piece.replace('\r', "␍").replace('\n', "␊") } else { visible(&piece).into_owned() };
        parts.push(Part { text, is_marked, is_variable: is_in(&named) });
    }
    parts
}

fn part_view(Part { text, is_marked, is_variable }: Part, is_removed: bool) -> AnyView {
    let inner = match is_variable {
        true => view! { <span class="prompt-variable">{text}</span> }.into_any(),
        false => text.into_any(),
    };
    match (is_marked, is_removed) {
        (false, _) => inner,
        (true, true) => view! { <del>{inner}</del> }.into_any(),
        (true, false) => view! { <ins>{inner}</ins> }.into_any(),
    }
}

/// The line that tells what is left out, and brings it back.
pub fn fold_view(state: DiffState, first: usize, n: usize) -> AnyView {
    let words = if n == 1 { "1 unchanged line".to_owned() } else { format!("{n} unchanged lines") };
    view! {
        <button type="button" class="prompt-fold" on:click=move |_| state.unfold(first)>
            <span aria-hidden="true">"⋯"</span>
            {format!("Show {words}")}
        </button>
    }
    .into_any()
}

/// How many lines came, went and moved, with signs.
pub fn counts_view(n_added: usize, n_removed: usize, n_moved: usize) -> AnyView {
    let count = |n: usize, class: &'static str, sign: &'static str, word: &'static str| {
        (n > 0).then(|| {
            view! {
                <span class=class>
                    <span aria-hidden="true">{format!("{sign}{n}")}</span>
                    <span class="visually-hidden">{format!("{n} {word} ")}</span>
                </span>
            }
        })
    };
    dynamic(move || {
        view! {
            {count(n_added, "prompt-count is-added", "+", "added")}
            {count(n_removed, "prompt-count is-removed", "−", "removed")}
            {count(n_moved, "prompt-count is-moved", "↕", "moved")}
        }
    })
}
