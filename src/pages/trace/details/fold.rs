//! How much of a long text is shown: the start at first, then pages; and what of it is marked. Pure.

use std::ops::Range;

/// Shorter texts are never folded.
const FOLDED_BYTES: usize = 1800;
const FOLDED_LINES: usize = 24;
/// What one press of "Show more" adds.
const PAGE_BYTES: usize = 100_000;
/// Leaving out less than this is not worth a button.
const SMALLEST_REST_BYTES: usize = 200;

/// Where the shown part of `text` ends after `n_pages` presses of "Show more": a character boundary.
pub fn shown_end(text: &str, n_pages: usize) -> usize {
    let end = if n_pages == 0 { folded_end(text) } else { n_pages.saturating_mul(PAGE_BYTES) };
    if text.len().saturating_sub(end) < SMALLEST_REST_BYTES { text.len() } else { text.floor_char_boundary(end) }
}

fn folded_end(text: &str) -> usize {
    let lines_end = text.match_indices('\n').nth(FOLDED_LINES - 1).map_or(text.len(), |(at, _)| at);
    lines_end.min(FOLDED_BYTES)
}

/// How many presses show the byte `at`.
pub fn pages_to_show(text: &str, at: usize) -> usize {
    if at < shown_end(text, 0) { 0 } else { at / PAGE_BYTES + 1 }
}

/// `text[..end]` in pieces, each marked or not. `marks` are ascending; what of them overlaps or lies beyond is cut off.
pub fn pieces(end: usize, marks: &[Range<usize>]) -> Vec<(Range<usize>, bool)> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for mark in marks {
        let (from, to) = (mark.start.max(at), mark.end.min(end));
        if from >= to {
            continue;
        }
        if at < from {
            pieces.push((at..from, false));
        }
        pieces.push((from..to, true));
        at = to;
    }
    if at < end {
        pieces.push((at..end, false));
    }
    pieces
}

/// Whether one more press shows the rest.
pub fn next_shows_all(text: &str, n_pages: usize) -> bool {
    shown_end(text, n_pages + 1) == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_whole_and_long_ones_start_small() {
        assert_eq!(shown_end("short", 0), 5);
        assert_eq!(shown_end(&"x".repeat(1900), 0), 1900);
        assert_eq!(shown_end(&"x".repeat(5000), 0), FOLDED_BYTES);
        assert_eq!(shown_end(&format!("{}{}", "\n".repeat(100), "x".repeat(500)), 0), FOLDED_LINES - 1);
    }

    #[test]
    fn marks_cut_the_shown_text_into_pieces() {
        assert_eq!(
            pieces(10, &[2..4, 3..6, 8..20]),
            [(0..2, false), (2..4, true), (4..6, true), (6..8, false), (8..10, true)]
        );
        assert_eq!(pieces(3, &[5..6, 7..8]), [(0..3, false)]);
        assert_eq!(pieces(0, &[]), []);
    }

    #[test]
    fn what_lies_further_down_takes_more_presses() {
        let text = "x".repeat(250_000);
        assert_eq!([10, 5000, 150_000].map(|at| pages_to_show(&text, at)), [0, 1, 2]);
        assert!(shown_end(&text, pages_to_show(&text, 249_999)) == text.len());
    }

    #[test]
    fn pages_end_between_characters_and_reach_the_end() {
        let text = "é".repeat(150_000);
        let ends: Vec<usize> = (0..5).map(|n_pages| shown_end(&text, n_pages)).collect();
        assert_eq!(ends, [1800, 100_000, 200_000, 300_000, 300_000]);
        assert!(text.is_char_boundary(shown_end("é".repeat(901).as_str(), 0)));
        assert!(!next_shows_all(&text, 1) && next_shows_all(&text, 2));
    }
}
