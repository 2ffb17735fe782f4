//! Which lines of a change stand side by side.

use super::super::moves::alike;
use super::super::text::{Line, LineKind};
use super::PromptDiff;
use std::ops::Range;

/// Lines with at least this in common are two states of one line.
const LEAST_ALIKE: f64 = 0.4;

/// Changes larger than this, in pairs of lines, are set side by side from the top; so are those after so many pairs.
const MAX_PAIRS: usize = 2_500;
pub const MAX_PAIRS_IN_ALL: usize = 20_000;

/// The lines of one change, removed ones on the left and added ones on the right: those that are alike in one row, others
/// beside each other as they come. `change` are lines without any that stayed. Takes what it looked at from `n_pairs_left`.
pub fn side_by_side(
    diff: &PromptDiff,
    change: Range<usize>,
    n_pairs_left: &mut usize,
) -> Vec<(Option<usize>, Option<usize>)> {
    let of =
        |kind: LineKind| -> Vec<usize> { change.clone().filter(|idx| diff.text.lines[*idx].kind == kind).collect() };
    let (olds, news) = (of(LineKind::Removed), of(LineKind::Added));
    let mut rows = Vec::new();
    let (mut old, mut new) = (0, 0);
    for (one, other) in matches(diff, &olds, &news, n_pairs_left).into_iter().chain([(olds.len(), news.len())]) {
        let n_rows = (one - old).max(other - new);
        rows.extend((0..n_rows).map(|nth| {
            let at = |lines: &[usize], from: usize, to: usize| lines[from..to].get(nth).copied();
            (at(&olds, old, one), at(&news, new, other))
        }));
        if one < olds.len() {
            rows.push((Some(olds[one]), Some(news[other])));
        }
        (old, new) = (one + 1, other + 1);
    }
    rows
}

/// Places of lines that are alike, in order on both sides and with as much in common as possible.
fn matches(diff: &PromptDiff, olds: &[usize], news: &[usize], n_pairs_left: &mut usize) -> Vec<(usize, usize)> {
    let n_pairs = olds.len() * news.len();
    if n_pairs > MAX_PAIRS.min(*n_pairs_left) {
        return Vec::new();
    }
    *n_pairs_left -= n_pairs;
    let text = |line: &Line| match line.kind {
        LineKind::Added => &diff.new_text[line.span.clone()],
        _ => &diff.old_text[line.span.clone()],
    };
    let likeness = |old: usize, new: usize| {
        let (one, other) = (&diff.text.lines[olds[old]], &diff.text.lines[news[new]]);
        // What moved has its other half elsewhere.
        if one.move_idx.is_some() || other.move_idx.is_some() || text(one).trim().is_empty() {
            return 0.0;
        }
        let alike = alike(text(one), text(other), Some(diff.new_format));
        if alike >= LEAST_ALIKE { alike } else { 0.0 }
    };
    let width = news.len() + 1;
    let likenesses: Vec<f64> =
        (0..olds.len() * news.len()).map(|at| likeness(at / news.len(), at % news.len())).collect();
    // best[old, new]: the most that the lines from these on can have in common.
    let mut best = vec![0.0f64; (olds.len() + 1) * width];
    for old in (0..olds.len()).rev() {
        for new in (0..news.len()).rev() {
            let matched = likenesses[old * news.len() + new] + best[(old + 1) * width + new + 1];
            best[old * width + new] = matched.max(best[(old + 1) * width + new]).max(best[old * width + new + 1]);
        }
    }
    let mut found = Vec::new();
    let (mut old, mut new) = (0, 0);
    while old < olds.len() && new < news.len() {
        let likeness = likenesses[old * news.len() + new];
        let here = best[old * width + new];
        if likeness > 0.0 && here == likeness + best[(old + 1) * width + new + 1] {
            found.push((old, new));
            (old, new) = (old + 1, new + 1);
        } else if here == best[(old + 1) * width + new] {
            old += 1;
        } else {
            new += 1;
        }
    }
    found
}
