//! A comparison of prompts as rows: titles, lines, folds, settings; and where its changes are.

use super::super::text::LineKind;
use super::sides::{MAX_PAIRS_IN_ALL, side_by_side};
use super::{MessageDiff, PromptDiff, SettingDiff};
use std::collections::BTreeSet;
use std::ops::Range;

/// Equal lines that stay beside what changed.
const CONTEXT: usize = 3;

/// Fewer equal lines than this are not worth folding away.
const LEAST_FOLDED: usize = 2;

/// How the sides stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Old on the left, new on the right.
    #[default]
    SideBySide,
    /// One below the other.
    Unified,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// The title of a message, by its place.
    Message(usize),
    /// Lines of the left and of the right side; unified, of one of them. A line that stayed is on both.
    Lines {
        left: Option<usize>,
        right: Option<usize>,
    },
    /// `n` equal lines from `first` on are folded away.
    Fold {
        first: usize,
        n: usize,
    },
    SettingsTitle,
    Setting(usize),
    StructureTitle(usize),
    /// One change of a structure.
    Structure {
        structure: usize,
        change: usize,
    },
}

/// One row, with a key that it keeps while others come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: u64,
    pub kind: RowKind,
    /// Which change it is part of, from 0.
    pub change: Option<usize>,
}

/// A change that one can go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its first row.
    pub row_idx: usize,
    /// The message that it is in, if it is in one.
    pub message: Option<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub rows: Vec<Row>,
    /// From top to bottom.
    pub changes: Vec<Change>,
}

impl Rows {
    /// Folds are open when their first line is in `unfolded`.
    pub fn new(diff: &PromptDiff, layout: Layout, unfolded: &BTreeSet<usize>) -> Rows {
        let mut rows = Rows::default();
        let mut n_pairs_left = MAX_PAIRS_IN_ALL;
        for (idx, message) in diff.messages.iter().enumerate() {
            rows.push(RowKind::Message(idx), None);
            rows.add_message(diff, (idx, message), layout, unfolded, &mut n_pairs_left);
        }
        rows.add_settings(&diff.settings);
        for (structure, it) in diff.structures.iter().enumerate() {
            rows.push(RowKind::StructureTitle(structure), None);
            for change in 0..it.shown.changes.len() {
                let number = rows.begin_change(None);
                rows.push(RowKind::Structure { structure, change }, Some(number));
            }
        }
        rows
    }

    fn push(&mut self, kind: RowKind, change: Option<usize>) {
        self.rows.push(Row { key: key(kind), kind, change });
    }

    /// The next row is the first of a change.
    fn begin_change(&mut self, message: Option<usize>) -> usize {
        self.changes.push(Change { row_idx: self.rows.len(), message });
        self.changes.len() - 1
    }

    fn add_message(
        &mut self,
        diff: &PromptDiff,
        (idx, message): (usize, &MessageDiff),
        layout: Layout,
        unfolded: &BTreeSet<usize>,
        n_pairs_left: &mut usize,
    ) {
        let end = message.lines.end;
        let is_same = |line: usize| diff.text.lines[line].kind == LineKind::Same;
        let mut at = message.lines.start;
        while at < end {
            let stretch_end = (at..end).find(|line| is_same(*line) != is_same(at)).unwrap_or(end);
            if is_same(at) {
                let before = if at == message.lines.start { 0 } else { CONTEXT };
                let after = if stretch_end == end { 0 } else { CONTEXT };
                self.add_equal(at..stretch_end, before, after, unfolded);
            } else {
                let number = self.begin_change(Some(idx));
                let lines = at..stretch_end;
                let pairs = match layout {
                    Layout::SideBySide => side_by_side(diff, lines, n_pairs_left),
                    Layout::Unified => one_by_one(diff, lines),
                };
                for (left, right) in pairs {
                    self.push(RowKind::Lines { left, right }, Some(number));
                }
            }
            at = stretch_end;
        }
    }

    /// Equal lines: some stay next to the changes before and after.
    fn add_equal(&mut self, lines: Range<usize>, n_before: usize, n_after: usize, unfolded: &BTreeSet<usize>) {
        let hidden = (lines.start + n_before).min(lines.end)..lines.end.saturating_sub(n_after).max(lines.start);
        let is_folded = hidden.len() >= LEAST_FOLDED && !unfolded.contains(&hidden.start);
        for line in lines {
            if is_folded && line == hidden.start {
                self.push(RowKind::Fold { first: hidden.start, n: hidden.len() }, None);
            }
            if !is_folded || !hidden.contains(&line) {
                self.push(RowKind::Lines { left: Some(line), right: Some(line) }, None);
            }
        }
    }

    fn add_settings(&mut self, settings: &[SettingDiff]) {
        if settings.is_empty() {
            return;
        }
        self.push(RowKind::SettingsTitle, None);
        for (idx, setting) in settings.iter().enumerate() {
            let number = setting.is_changed().then(|| self.begin_change(None));
            self.push(RowKind::Setting(idx), number);
        }
    }

    /// The first change of the next message that has one (`step` 1), or of the one before (−1).
    pub fn change_of_other_message(&self, from: Option<usize>, step: isize) -> Option<usize> {
        let message = |idx: usize| self.changes[idx].message;
        let Some(from) = from else { return (!self.changes.is_empty()).then_some(0) };
        let first_of = |idx: usize| (0..=idx).rev().take_while(|other| message(*other) == message(idx)).last();
        match step {
            1 => (from + 1..self.changes.len()).find(|idx| message(*idx) != message(from)),
            _ => (0..from).rev().find(|idx| message(*idx) != message(from)).and_then(first_of),
        }
    }

    /// The row that a line is in, unless it is folded away.
    pub fn row_of_line(&self, line: usize) -> Option<usize> {
        let is_it =
            |row: &Row| matches!(row.kind, RowKind::Lines { left, right } if left == Some(line) || right == Some(line));
        self.rows.iter().position(is_it)
    }
}

fn one_by_one(diff: &PromptDiff, lines: Range<usize>) -> Vec<(Option<usize>, Option<usize>)> {
    let of_line = |line: usize| match diff.text.lines[line].kind {
        LineKind::Added => (None, Some(line)),
        _ => (Some(line), None),
    };
    lines.map(of_line).collect()
}

/// Different for different rows, whatever is folded.
fn key(kind: RowKind) -> u64 {
    const KIND: u64 = 1 << 48;
    const SIDE: u64 = 1 << 24;
    let line = |line: Option<usize>| line.map_or(0, |line| line as u64 + 1);
    match kind {
        RowKind::Message(idx) => KIND + idx as u64,
        RowKind::Lines { left, right } => 2 * KIND + line(left) * SIDE + line(right),
        RowKind::Fold { first, .. } => 3 * KIND + first as u64,
        RowKind::SettingsTitle => 4 * KIND,
        RowKind::Setting(idx) => 5 * KIND + idx as u64,
        RowKind::StructureTitle(idx) => 6 * KIND + idx as u64,
        RowKind::Structure { structure, change } => 7 * KIND + structure as u64 * SIDE + change as u64,
    }
}
