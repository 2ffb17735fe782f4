//! Differences as lines to read: what changed, under the path to it, with what is equal around it left out and counted.

use super::json::{Fate, Name, diff_json};
use super::text::{Line, LineKind, TextDiff, diff_text};
use crate::json_view::{Kind, Node, pretty, strings};

/// What stands before a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Same,
    Removed,
    Added,
    /// The line says what is left out here.
    LeftOut,
}

/// Part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    /// This is what changed in the line.
    pub is_marked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownLine {
    pub sign: Sign,
    pub parts: Vec<Part>,
}

impl ShownLine {
    fn plain(sign: Sign, text: impl Into<String>) -> Self {
        ShownLine { sign, parts: vec![Part { text: text.into(), is_marked: false }] }
    }
}

/// One value that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownChange {
    /// Keys and positions, from the outermost in; empty for the whole.
    pub path: Vec<String>,
    pub lines: Vec<ShownLine>,
}

/// All that changed in a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub changes: Vec<ShownChange>,
    /// Changes that are not among them.
    pub n_more: usize,
    /// Somewhere so much changed that only whole lines were compared.
    pub is_by_lines_only: bool,
}

/// Equal lines shown around changed ones.
const CONTEXT: usize = 2;

/// Lines of one value that was added or removed as a whole.
const MAX_LINES: usize = 40;

/// Characters of one line.
const MAX_LINE_CHARS: usize = 4000;

/// Two JSON texts; either may be absent. At most `max_changes` of the changes are made.
pub fn shown_json(old: Option<&str>, new: Option<&str>, max_changes: usize) -> Shown {
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let diff = diff_json(old, new);
    let mut shown = Shown::default();
    let mut path: Vec<String> = Vec::new();
    for row in &diff.rows {
        path.truncate(row.depth.saturating_sub(1));
        match &row.name {
            Name::Whole => {}
            Name::Key(key) => path.push(key.clone()),
            Name::Idx { old, new } => path.push(new.or(*old).unwrap_or_default().to_string()),
        }
        let mut lines = Vec::new();
        match row.fate {
            Fate::Same { .. } | Fate::Opened { .. } => continue,
            _ if shown.changes.len() == max_changes => {
                shown.n_more += 1;
                continue;
            }
            Fate::Removed { old: node } => lines.extend(value_lines(Sign::Removed, old, node)),
            Fate::Added { new: node } => lines.extend(value_lines(Sign::Added, new, node)),
            Fate::Replaced { old: one, new: other } if one.kind == Kind::String && other.kind == Kind::String => {
                let (one, other) = (strings::decode_all(one.raw(old)), strings::decode_all(other.raw(new)));
                let diff = diff_text(&one, &other);
                shown.is_by_lines_only |= diff.is_by_lines_only;
                lines = text_lines(&diff, &one, &other);
            }
            Fate::Replaced { old: one, new: other } => {
                lines.extend(value_lines(Sign::Removed, old, one));
                lines.extend(value_lines(Sign::Added, new, other));
            }
        }
        shown.changes.push(ShownChange { path: path.clone(), lines });
    }
    shown
}

/// Two plain texts, such as errors.
pub fn shown_text(old: &str, new: &str) -> Shown {
    let diff = diff_text(old, new);
    if diff.is_empty() {
        return Shown::default();
    }
    let lines = text_lines(&diff, old, new);
    Shown { changes: vec![ShownChange { path: Vec::new(), lines }], n_more: 0, is_by_lines_only: diff.is_by_lines_only }
}

/// A value as text: a string as what it says, anything else as indented JSON.
fn value_lines(sign: Sign, text: &str, node: Node) -> Vec<ShownLine> {
    let raw = node.raw(text);
    let (printed, has_more) = match node.kind {
        Kind::String => (strings::decode_all(raw), false),
        _ => {
            let (printed, rest) = pretty::page(raw, pretty::Position::default(), MAX_LINES);
            (printed, rest.is_some())
        }
    };
    let n_lines = printed.lines().count();
    let mut lines: Vec<ShownLine> =
        printed.lines().take(MAX_LINES).map(|line| ShownLine::plain(sign, shortened(line))).collect();
    if lines.is_empty() {
        lines.push(ShownLine::plain(sign, "empty text"));
    }
    if has_more {
        lines.push(ShownLine::plain(Sign::LeftOut, "more of this value"));
    } else if n_lines > MAX_LINES {
        lines.push(ShownLine::plain(Sign::LeftOut, counted(n_lines - MAX_LINES, "more line")));
    }
    lines
}

fn text_lines(diff: &TextDiff, old: &str, new: &str) -> Vec<ShownLine> {
    let is_near = |at: usize| {
        let around = at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(diff.lines.len());
        diff.lines[around].iter().any(|line| line.kind != LineKind::Same)
    };
    let mut lines = Vec::new();
    let mut n_left_out = 0;
    for (at, line) in diff.lines.iter().enumerate() {
        if !is_near(at) {
            n_left_out += 1;
            continue;
        }
        if n_left_out > 0 {
            lines.push(ShownLine::plain(Sign::LeftOut, counted(n_left_out, "equal line")));
            n_left_out = 0;
        }
        lines.push(match line.kind {
            LineKind::Same => marked(Sign::Same, line, old),
            LineKind::Removed => marked(Sign::Removed, line, old),
            LineKind::Added => marked(Sign::Added, line, new),
        });
    }
    if n_left_out > 0 {
        lines.push(ShownLine::plain(Sign::LeftOut, counted(n_left_out, "equal line")));
    }
    lines
}

fn marked(sign: Sign, line: &Line, text: &str) -> ShownLine {
    let content_end = line.span.start + text[line.span.clone()].trim_end_matches(['\r', '\n']).len();
    if line.is_all_marked() || line.marks.is_empty() {
        return ShownLine::plain(sign, shortened(&text[line.span.start..content_end]));
    }
    let mut parts = Vec::new();
    let mut push = |text: String, is_marked| {
        if !text.is_empty() {
            parts.push(Part { text, is_marked });
        }
    };
    let mut at = line.span.start;
    for mark in &line.marks {
        push(text[at..mark.start].to_owned(), false);
        push(visible_breaks(&text[mark.clone()]), true);
        at = mark.end;
    }
    push(text[at.min(content_end)..content_end].to_owned(), false);
    ShownLine { sign, parts }
}

/// A line break that is the difference must be seen.
fn visible_breaks(text: &str) -> String {
    match text.strip_suffix('\n') {
        Some(rest) => match rest.strip_suffix('\r') {
            Some(rest) => format!("{rest}␍␊"),
            None => format!("{rest}␊"),
        },
        None => text.to_owned(),
    }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(MAX_LINE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::fmt::Write;

    fn draw(shown: &Shown) -> String {
        let mut drawn = String::new();
        for change in &shown.changes {
            writeln!(drawn, "· {}", change.path.join(" › ")).expect("a string takes all");
            for line in &change.lines {
                let sign = match line.sign {
                    Sign::Same => ' ',
                    Sign::Removed => '-',
                    Sign::Added => '+',
                    Sign::LeftOut => '…',
                };
                let text: String = line
                    .parts
                    .iter()
                    .map(|part| if part.is_marked { format!("[{}]", part.text) } else { part.text.clone() })
                    .collect();
                writeln!(drawn, "  {sign} {text}").expect("a string takes all");
            }
        }
        if shown.n_more > 0 {
            writeln!(drawn, "{} more", shown.n_more).expect("a string takes all");
        }
        drawn
    }

    #[track_caller]
    fn check(old: &str, new: &str, expected: Expect) {
        expected.assert_eq(&draw(&shown_json(Some(old), Some(new), 3)));
    }

    #[test]
    fn changes_stand_under_the_path_to_them() {
        check(
            r#"{"messages": [{"role": "user", "content": "Refund?"}, {"role": "assistant", "content": "Within 14 days."}], "k": 1}"#,
            r#"{"messages": [{"role": "user", "content": "Refund?"}, {"role": "assistant", "content": "Within 30 days."}], "k": 2, "n": [1]}"#,
            expect![[r#"
                · messages › 1 › content
                  - Within [14] days.
                  + Within [30] days.
                · k
                  - 1
                  + 2
                · n
                  + [
                  +   1
                  + ]
            "#]],
        );
    }

    #[test]
    fn equal_lines_are_left_out_and_counted() {
        let text = |word: &str| format!("a\nb\nc\nd\n{word} stays here\ne\nf\ng\n");
        expect![[r#"
            · 
              … 2 equal lines
                c
                d
              - [one] stays here
              + [two] stays here
                e
                f
              … 1 equal line
        "#]]
        .assert_eq(&draw(&shown_text(&text("one"), &text("two"))));
        assert_eq!(shown_text("same", "same"), Shown::default());
    }

    #[test]
    fn line_breaks_that_differ_are_seen() {
        expect![[r#"
            · 
              - one[␍␊]
              + one[␊]
        "#]]
        .assert_eq(&draw(&shown_text("one\r\n", "one\n")));
    }

    #[test]
    fn more_than_can_be_shown_is_counted() {
        check(
            "[1,2,3,4,5]",
            "[6,7,8,9,0]",
            expect![[r#"
                · 0
                  - 1
                  + 6
                · 1
                  - 2
                  + 7
                · 2
                  - 3
                  + 8
                2 more
            "#]],
        );
    }

    #[test]
    fn what_is_absent_is_added_whole() {
        let shown = shown_json(None, Some(r#"{"a": "text", "b": ["x"]}"#), 3);
        expect![[r#"
            · 
              + {
              +   "a": "text",
              +   "b": [
              +     "x"
              +   ]
              + }
        "#]]
        .assert_eq(&draw(&shown));
    }
}
