//! Which words changed in some lines.

use super::align::{Alignment, Effort, Step};
use super::variables::pieces_with_variables;
use crate::prompt::template::Format;
use std::collections::HashMap;
use std::ops::Range;

/// Words of one stretch of changed lines, both sides together, that are compared.
pub const MAX_PIECES: usize = 60_000;

/// With less in common than this share of the letters, two stretches are different texts.
const LEAST_IN_COMMON: f64 = 0.25;

/// Some lines of one text, in order.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub text: &'a str,
    /// Where the lines are, line breaks included.
    pub lines: &'a [Range<usize>],
}

impl<'a> Side<'a> {
    fn n_bytes(&self) -> usize {
        self.lines.iter().map(Range::len).sum()
    }

    /// No piece crosses from one line into the next.
    fn pieces(&self, variables: Option<Format>) -> Vec<Range<usize>> {
        let of_line = |line: &Range<usize>| {
            let start = line.start;
            let pieces = pieces_with_variables(&self.text[line.clone()], variables);
            pieces.into_iter().map(move |piece| start + piece.start..start + piece.end)
        };
        self.lines.iter().flat_map(of_line).collect()
    }
}

/// What changed between the lines of two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marks {
    /// In the removed and in the added lines, in order; no mark crosses a line break.
    Words([Vec<Range<usize>>; 2]),
    /// There is hardly anything in common.
    Whole,
    NotLookedAt,
}

/// How words are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordRules {
    /// A variable is one word.
    pub variables: Option<Format>,
    /// Space between words is equal to any other, and is never what changed.
    pub ignores_space: bool,
}

/// Compares two sides word by word. Takes what it looked at from `n_pieces_left`.
pub fn marks(old: Side<'_>, new: Side<'_>, rules: WordRules, n_pieces_left: &mut usize) -> Marks {
    if old.lines.is_empty() || new.lines.is_empty() {
        return Marks::Whole;
    }
    // Pieces are no longer than bytes: no need to cut what is far too large.
    if old.n_bytes() + new.n_bytes() > 16 * MAX_PIECES {
        return Marks::NotLookedAt;
    }
    let [old_pieces, new_pieces] = [old, new].map(|side| side.pieces(rules.variables));
    let n_pieces = old_pieces.len() + new_pieces.len();
    if n_pieces > MAX_PIECES.min(*n_pieces_left) {
        return Marks::NotLookedAt;
    }
    *n_pieces_left -= n_pieces;
    let is_ignored = |text: &str| rules.ignores_space && text.trim().is_empty();
    let texts = |text: &'_ str, pieces: &[Range<usize>]| -> Vec<String> {
        let one = |piece: &Range<usize>| &text[piece.clone()];
        pieces.iter().map(|piece| if is_ignored(one(piece)) { " " } else { one(piece) }.to_owned()).collect()
    };
    let (old_texts, new_texts) = (texts(old.text, &old_pieces), texts(new.text, &new_pieces));
    let n_letters = |pieces: &[String]| pieces.iter().map(|text| text.trim().len()).sum::<usize>();
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
            _ if is_ignored(&side.text[piece.clone()]) => {}
            _ => marks.push(piece),
        }
    }
    Marks::Words(marks)
}

/// Letters of the pieces that occur on both sides, in any order.
fn n_letters_shared(old: &[String], new: &[String]) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    old.iter().for_each(|piece| *counts.entry(piece).or_default() += 1);
    let mut is_shared = |piece: &&String| match counts.get_mut(piece.as_str()) {
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
