//! Blocks of lines that were taken out in one place and put in at another.

use super::variables::pieces_with_variables;
use crate::prompt::template::Format;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A block is this many lines, or this many characters, or it is no move but a phrase that occurs twice.
const LEAST_LINES: usize = 2;
const LEAST_CHARS: usize = 60;

/// How much of both blocks is the same.
const LEAST_ALIKE: f64 = 0.9;

/// A line next to one that moved moved with it when it kept at least this much.
const NEIGHBOUR_ALIKE: f64 = 0.5;

/// A line with fewer letters than this is found in many places.
const LEAST_LETTERS: usize = 4;

/// Places where a line may have gone that are looked at.
const MAX_PLACES: usize = 8;

/// Pairs of long lines that are compared word by word, and words that are looked at in all.
const MAX_PAIRS: usize = 10_000;
const MAX_PIECES: usize = 1_000_000;

/// A line that changed.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    pub line_idx: usize,
    pub text: &'a str,
    /// The stretch of changed lines that it is in: within one, lines did not move but change.
    pub stretch: usize,
}

/// A block, by the lines it has on both sides: equally many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// The blocks that moved, no line in two of them, in the order of the new text.
pub fn find(old: &[Changed<'_>], new: &[Changed<'_>], variables: Option<Format>) -> Vec<Move> {
    let mut finder = Finder { old, new, variables, n_pieces_left: MAX_PIECES };
    let mut blocks: Vec<Block> = Vec::new();
    let mut seen: HashSet<(usize, usize)> = HashSet::new();
    for anchor in finder.anchors() {
        // Every line of a block leads to the same block.
        if !seen.contains(&anchor) {
            blocks.extend(finder.grown(anchor, &mut seen));
        }
    }
    // The largest first; of equals the earlier.
    blocks.sort_by_key(|block| (std::cmp::Reverse(block.n_chars), block.new, block.old));
    let (mut old_taken, mut new_taken) = (vec![false; old.len()], vec![false; new.len()]);
    let mut moves = Vec::new();
    for Block { old: one, new: other, n_lines, .. } in blocks {
        let (olds, news) = (one..one + n_lines, other..other + n_lines);
        if old_taken[olds.clone()].iter().chain(&new_taken[news.clone()]).any(|taken| *taken) {
            continue;
        }
        old_taken[olds].fill(true);
        new_taken[news].fill(true);
        let lines = |first: usize| first..first + n_lines;
        moves.push(Move { old: lines(old[one].line_idx), new: lines(new[other].line_idx) });
    }
    moves.sort_by_key(|found| found.new.start);
    moves
}

/// Places in the lists of changed lines.
#[derive(Clone, Copy)]
struct Block {
    old: usize,
    new: usize,
    n_lines: usize,
    n_chars: usize,
}

struct Finder<'a> {
    old: &'a [Changed<'a>],
    new: &'a [Changed<'a>],
    variables: Option<Format>,
    n_pieces_left: usize,
}

impl Finder<'_> {
    /// Pairs of lines that are the same, and of long ones that are nearly.
    fn anchors(&mut self) -> Vec<(usize, usize)> {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, line) in self.old.iter().enumerate().filter(|(_, line)| n_letters(line.text) >= LEAST_LETTERS) {
            places.entry(spaced(line.text)).or_default().push(at);
        }
        let mut anchors = Vec::new();
        for (at, line) in self.new.iter().enumerate() {
            let from = places.get(&spaced(line.text)).into_iter().flatten().take(MAX_PLACES);
            anchors.extend(from.map(|&from| (from, at)));
        }
        let is_long = |line: &Changed<'_>| line.text.trim().chars().count() >= LEAST_CHARS;
        let long = |lines: &[Changed<'_>], known: HashSet<usize>| -> Vec<usize> {
            (0..lines.len()).filter(|at| is_long(&lines[*at]) && !known.contains(at)).collect()
        };
        let olds = long(self.old, anchors.iter().map(|(old, _)| *old).collect());
        let news = long(self.new, anchors.iter().map(|(_, new)| *new).collect());
        if olds.len() * news.len() <= MAX_PAIRS {
            for &new in &news {
                let alike = |old: &usize| self.alike(*old, new) >= LEAST_ALIKE;
                anchors.extend(olds.iter().copied().filter(alike).map(|old| (old, new)).collect::<Vec<_>>());
            }
        }
        anchors.retain(|&(old, new)| self.old[old].stretch != self.new[new].stretch);
        anchors
    }

    /// The block around two lines, as far as it is worth being called a move.
    fn grown(&mut self, (old, new): (usize, usize), seen: &mut HashSet<(usize, usize)>) -> Option<Block> {
        let (mut before, mut after) = (0, 0);
        while self.is_together(old - before, new - before, -1) {
            before += 1;
        }
        while self.is_together(old + after, new + after, 1) {
            after += 1;
        }
        seen.extend((0..=before).map(|n| (old - n, new - n)).chain((1..=after).map(|n| (old + n, new + n))));
        let lines = |n_before: usize, n_after: usize| (old - n_before, new - n_before, n_before + n_after + 1);
        // Neighbours that changed too much make the whole too different: without them, it may be enough.
        [(before, after), (0, after), (before, 0), (0, 0)].into_iter().find_map(|(before, after)| {
            let (old, new, n_lines) = lines(before, after);
            self.worth(old, new, n_lines)
        })
    }

    /// Whether the lines after these (`step` 1) or before (−1) belong to the same block.
    fn is_together(&mut self, old: usize, new: usize, step: isize) -> bool {
        let next = |lines: &[Changed<'_>], at: usize| {
            let (line, next) = (lines.get(at)?, at.checked_add_signed(step)?);
            let is_neighbour = |it: &&Changed<'_>| {
                it.stretch == line.stretch && line.line_idx.checked_add_signed(step) == Some(it.line_idx)
            };
            lines.get(next).filter(is_neighbour).map(|_| next)
        };
        match (next(self.old, old), next(self.new, new)) {
            (Some(old), Some(new)) => self.alike(old, new) >= NEIGHBOUR_ALIKE,
            _ => false,
        }
    }

    fn worth(&mut self, old: usize, new: usize, n_lines: usize) -> Option<Block> {
        let text = |lines: &[Changed<'_>]| lines.iter().map(|line| line.text).collect::<String>();
        let (one, other) = (text(&self.old[old..old + n_lines]), text(&self.new[new..new + n_lines]));
        let n_full = self.new[new..new + n_lines].iter().filter(|line| n_letters(line.text) >= LEAST_LETTERS).count();
        let n_chars = other.chars().filter(|c| !c.is_whitespace()).count();
        let is_block = n_full >= LEAST_LINES || other.trim().chars().count() >= LEAST_CHARS;
        (is_block && self.alike_texts(&one, &other) >= LEAST_ALIKE).then_some(Block { old, new, n_lines, n_chars })
    }

    fn alike(&mut self, old: usize, new: usize) -> f64 {
        let (one, other) = (self.old[old].text, self.new[new].text);
        if one.trim() == other.trim() {
            return 1.0;
        }
        self.alike_texts(one, other)
    }

    /// Share of the letters that are in words of both, whatever their order; 0 when too much was looked at already.
    fn alike_texts(&mut self, one: &str, other: &str) -> f64 {
        let n_pieces = one.len() + other.len();
        if n_pieces / 4 > self.n_pieces_left {
            return 0.0;
        }
        self.n_pieces_left -= n_pieces / 4;
        alike(one, other, self.variables)
    }
}

fn n_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).take(LEAST_LETTERS).count()
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How much two texts have in common: the share of their letters that are in words of both, 0 to 1. Two without letters
/// are the same.
pub fn alike(one: &str, other: &str, variables: Option<Format>) -> f64 {
    let words = |text: &str| -> Vec<(usize, usize)> {
        let pieces = pieces_with_variables(text, variables);
        pieces.into_iter().map(|piece| (piece.start, piece.end)).collect()
    };
    let (ones, others) = (words(one), words(other));
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut n_all, mut n_common) = (0, 0);
    for piece in ones.iter().map(|&(start, end)| one[start..end].trim()) {
        *counts.entry(piece).or_default() += 1;
        n_all += piece.len();
    }
    for piece in others.iter().map(|&(start, end)| other[start..end].trim()) {
        n_all += piece.len();
        if let Some(count) = counts.get_mut(piece).filter(|count| **count > 0) {
            *count -= 1;
            n_common += 2 * piece.len();
        }
    }
    if n_all == 0 { 1.0 } else { n_common as f64 / n_all as f64 }
}

#[cfg(test)]
#[path = "moves_tests.rs"]
mod tests;
