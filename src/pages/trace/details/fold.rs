//! How much of a long text is shown: the start at first, then pages. Pure.

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
    fn pages_end_between_characters_and_reach_the_end() {
        let text = "é".repeat(150_000);
        let ends: Vec<usize> = (0..5).map(|n_pages| shown_end(&text, n_pages)).collect();
        assert_eq!(ends, [1800, 100_000, 200_000, 300_000, 300_000]);
        assert!(text.is_char_boundary(shown_end("é".repeat(901).as_str(), 0)));
        assert!(!next_shows_all(&text, 1) && next_shows_all(&text, 2));
    }
}
