//! Two texts compared line by line, and where lines changed, word by word.

use super::align::{Alignment, Effort, Step, Stretch};
use super::words::pieces;
use std::collections::HashMap;
use std::ops::Range;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Same,
    Removed,
    Added,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: LineKind,
    /// From 1; `None` for an added line.
    pub old_number: Option<usize>,
    /// From 1; `None` for a removed line.
    pub new_number: Option<usize>,
    /// The bytes of the line, its line break included: of the new text when it was added, else of the old.
    pub span: Range<usize>,
    /// The parts of the line that changed, as ranges like `span`; nothing in a line that stayed. A line that has hardly
    /// anything in common with the other side is one mark.
    pub marks: Vec<Range<usize>>,
}

impl Line {
    /// The whole line changed: marking words would say nothing.
    pub fn is_all_marked(&self) -> bool {
        self.marks.as_slice() == [self.span.clone()]
    }
}

/// What differs between two texts. The lines that stayed and those that were added are the new text; those that stayed
/// and those that were removed the old one. Without what is marked, removed and added lines are the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDiff {
    pub lines: Vec<Line>,
    pub n_removed: usize,
    pub n_added: usize,
    /// Somewhere so much changed that words were not looked at: there, whole lines are marked.
    pub is_by_lines_only: bool,
}

impl TextDiff {
    pub fn is_empty(&self) -> bool {
        self.n_removed == 0 && self.n_added == 0
    }
}

/// Words of one stretch of changed lines, both sides together, that are compared.
const MAX_PIECES: usize = 60_000;

/// Words of all stretches together.
const MAX_PIECES_IN_ALL: usize = 400_000;

/// With less in common than this share of the letters, two stretches are different texts.
const LEAST_IN_COMMON: f64 = 0.25;

/// Compares two texts. Takes time in proportion to their lengths.
pub fn diff_text(old: &str, new: &str) -> TextDiff {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let alignment = Alignment::new(&texts(old, &old_lines), &texts(new, &new_lines), Effort::Landmarks);
    let mut diff = TextDiff::default();
    let mut n_pieces_left = MAX_PIECES_IN_ALL;
    for stretch in alignment.stretches() {
        match stretch {
            Stretch::Same { old, new, n } => diff.lines.extend((0..n).map(|offset| Line {
                kind: LineKind::Same,
                old_number: Some(old + offset + 1),
                new_number: Some(new + offset + 1),
                span: old_lines[old + offset].clone(),
                marks: Vec::new(),
            })),
            Stretch::Changed { old: removed, new: added } => {
                let sides = [Side::new(old, &old_lines, removed), Side::new(new, &new_lines, added)];
                let marks = marks(&sides, &mut n_pieces_left);
                diff.is_by_lines_only |= marks == Marks::NotLookedAt;
                let marks = match marks {
                    Marks::Words(marks) => marks.map(Some),
                    Marks::NotLookedAt | Marks::Whole => [None, None],
                };
                let [removed, added] = sides;
                let [marks_of_removed, marks_of_added] = marks;
                diff.n_removed += removed.numbers.len();
                diff.n_added += added.numbers.len();
                diff.lines.extend(removed.marked(LineKind::Removed, &old_lines, marks_of_removed));
                diff.lines.extend(added.marked(LineKind::Added, &new_lines, marks_of_added));
            }
        }
    }
    diff
}

fn texts<'a>(text: &'a str, ranges: &[Range<usize>]) -> Vec<&'a str> {
    ranges.iter().map(|range| &text[range.clone()]).collect()
}

/// Where the lines are, line breaks included.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            start += line.len();
            start - line.len()..start
        })
        .collect()
}

/// The changed lines of one text.
struct Side<'a> {
    text: &'a str,
    numbers: Range<usize>,
    bytes: Range<usize>,
}

impl<'a> Side<'a> {
    fn new(text: &'a str, lines: &[Range<usize>], numbers: Range<usize>) -> Self {
        let bytes = match numbers.is_empty() {
            true => 0..0,
            false => lines[numbers.start].start..lines[numbers.end - 1].end,
        };
        Side { text, numbers, bytes }
    }

    fn pieces(&self) -> Vec<Range<usize>> {
        let start = self.bytes.start;
        let pieces = pieces(&self.text[self.bytes.clone()]);
        pieces.into_iter().map(|piece| start + piece.start..start + piece.end).collect()
    }

    /// The lines with the marks that fall into them; `None` marks them whole.
    fn marked(self, kind: LineKind, lines: &[Range<usize>], marks: Option<Vec<Range<usize>>>) -> Vec<Line> {
        let mut marks = marks.map(|marks| marks.into_iter().peekable());
        let line = |number: usize| {
            let span = lines[number].clone();
            let marks = match &mut marks {
                None => vec![span.clone()],
                Some(marks) => {
                    let mut inside = Vec::new();
                    while let Some(mark) = marks.next_if(|mark| mark.start < span.end) {
                        inside.push(mark);
                    }
                    inside
                }
            };
            let of = |is_of: LineKind| (kind == is_of).then_some(number + 1);
            Line { kind, old_number: of(LineKind::Removed), new_number: of(LineKind::Added), span, marks }
        };
        self.numbers.map(line).collect()
    }
}

#[derive(PartialEq, Eq)]
enum Marks {
    /// What changed in the removed and in the added lines, in order; no mark crosses a line break.
    Words([Vec<Range<usize>>; 2]),
    /// There is hardly anything in common.
    Whole,
    NotLookedAt,
}

fn marks(sides: &[Side<'_>; 2], n_pieces_left: &mut usize) -> Marks {
    let [old, new] = sides;
    if old.numbers.is_empty() || new.numbers.is_empty() {
        return Marks::Whole;
    }
    // Pieces are no longer than bytes: no need to cut what is far too large.
    if old.bytes.len() + new.bytes.len() > 16 * MAX_PIECES {
        return Marks::NotLookedAt;
    }
    let [old_pieces, new_pieces] = [old.pieces(), new.pieces()];
    let n_pieces = old_pieces.len() + new_pieces.len();
    if n_pieces > MAX_PIECES.min(*n_pieces_left) {
        return Marks::NotLookedAt;
    }
    *n_pieces_left -= n_pieces;
    let (old_texts, new_texts) = (texts(old.text, &old_pieces), texts(new.text, &new_pieces));
    let n_letters = |pieces: &[&str]| pieces.iter().map(|text| text.trim().len()).sum::<usize>();
    let least_common = LEAST_IN_COMMON * (n_letters(&old_texts) + n_letters(&new_texts)) as f64;
    let is_enough = |n_common: usize| (2 * n_common) as f64 >= least_common;
    // Whatever their order: different texts are told without aligning them.
    if !is_enough(n_letters_shared(&old_texts, &new_texts)) {
        return Marks::Whole;
    }
    let alignment = Alignment::new(&old_texts, &new_texts, Effort::FewestChanges);
    let steps = without_islands(alignment.steps().collect(), |old| old_texts[old].trim().is_empty());

    let n_common: usize = steps
        .iter()
        .map(|step| match step {
            Step::Same { old, .. } => old_texts[*old].trim().len(),
            _ => 0,
        })
        .sum();
    if !is_enough(n_common) {
        return Marks::Whole;
    }
    let mut marks: [Vec<Range<usize>>; 2] = [Vec::new(), Vec::new()];
    for step in steps {
        let (marks, side, piece) = match step {
            Step::Same { .. } => continue,
            Step::Removed(at) => (&mut marks[0], old, old_pieces[at].clone()),
            Step::Added(at) => (&mut marks[1], new, new_pieces[at].clone()),
        };
        match marks.last_mut() {
            Some(last) if last.end == piece.start && !side.text[..piece.start].ends_with('\n') => last.end = piece.end,
            _ => marks.push(piece),
        }
    }
    Marks::Words(marks)
}

/// Letters of the pieces that occur on both sides, in any order.
fn n_letters_shared(old: &[&str], new: &[&str]) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    old.iter().for_each(|piece| *counts.entry(piece).or_default() += 1);
    let mut is_shared = |piece: &&&str| match counts.get_mut(**piece) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    new.iter().filter(|piece| is_shared(piece)).map(|piece| piece.trim().len()).sum()
}

/// A space that stayed between words that did not is part of the change: one mark is easier to read than two.
fn without_islands(steps: Vec<Step>, is_space: impl Fn(usize) -> bool) -> Vec<Step> {
    let is_same = |step: Option<&Step>| matches!(step, Some(Step::Same { .. }));
    let is_island = |at: usize| {
        let Step::Same { old, .. } = steps[at] else { return false };
        let before = at.checked_sub(1).and_then(|before| steps.get(before));
        is_space(old) && before.is_some() && !is_same(before) && at + 1 < steps.len() && !is_same(steps.get(at + 1))
    };
    let mut joined = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        match *step {
            Step::Same { old, new } if is_island(at) => joined.extend([Step::Removed(old), Step::Added(new)]),
            step => joined.push(step),
        }
    }
    joined
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
