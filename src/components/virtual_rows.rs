//! Which rows of a long list are drawn, and by which of its few recycled slots. Pure.

use std::ops::Range;

/// Rows drawn beyond what is visible, half above and half below: enough to scroll into without a blank row.
pub const OVERSCAN: usize = 16;

/// Where the reader is in a list of rows of equal height. Lengths in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    pub scroll_top_px: f64,
    pub height_px: f64,
    pub row_height_px: f64,
}

/// Browsers cannot scroll further than some 33 million pixels: longer lists are mapped onto this.
pub const MAX_HEIGHT_PX: f64 = 30_000_000.0;

/// The height of what is scrolled.
pub fn content_height_px(n_rows: usize, row_height_px: f64) -> f64 {
    (n_rows as f64 * row_height_px).min(MAX_HEIGHT_PX)
}

/// `viewport` as if all of the list could be scrolled, where `scroll_top_px` is that of the capped scroll area.
pub fn uncapped(viewport: Viewport, n_rows: usize) -> Viewport {
    let full_px = n_rows as f64 * viewport.row_height_px;
    if full_px <= MAX_HEIGHT_PX {
        return viewport;
    }
    let scale = (full_px - viewport.height_px) / (MAX_HEIGHT_PX - viewport.height_px);
    Viewport { scroll_top_px: viewport.scroll_top_px * scale, ..viewport }
}

/// The scroll position of the capped area that shows the list as `scroll_top_px` of the whole would.
pub fn capped_scroll_px(viewport: Viewport, n_rows: usize, scroll_top_px: f64) -> f64 {
    let full_px = n_rows as f64 * viewport.row_height_px;
    if full_px <= MAX_HEIGHT_PX {
        return scroll_top_px;
    }
    scroll_top_px * (MAX_HEIGHT_PX - viewport.height_px) / (full_px - viewport.height_px)
}

/// How many slots draw the list, whatever its length.
pub fn n_slots(viewport: Viewport) -> usize {
    let row_height_px = viewport.row_height_px.max(1.0);
    // One more than fits: a row may be cut at both ends.
    (viewport.height_px.max(0.0) / row_height_px).ceil() as usize + 1 + OVERSCAN
}

/// The rows to draw, of `n_rows`: those in view and [`OVERSCAN`] around them, never more than there are slots.
pub fn visible_rows(viewport: Viewport, n_rows: usize) -> Range<usize> {
    let n_slots = n_slots(viewport);
    let first_in_view = (viewport.scroll_top_px.max(0.0) / viewport.row_height_px.max(1.0)) as usize;
    let start = first_in_view.saturating_sub(OVERSCAN / 2).min(n_rows.saturating_sub(n_slots));
    start..(start + n_slots).min(n_rows)
}

/// The row that slot `slot` of `n_slots` draws when the drawn rows begin at `start`. Rows keep their slot while they
/// stay drawn, so that scrolling by one row changes one slot.
pub fn row_of_slot(slot: usize, start: usize, n_slots: usize) -> usize {
    start + (slot + n_slots - start % n_slots) % n_slots
}

/// The scroll position nearest to the present one that shows all of row `row_idx`.
pub fn scroll_to_show(viewport: Viewport, row_idx: usize) -> f64 {
    let top_px = row_idx as f64 * viewport.row_height_px;
    let lowest_px = top_px + viewport.row_height_px - viewport.height_px;
    viewport.scroll_top_px.min(top_px).max(lowest_px).max(0.0)
}

/// How far PageUp and PageDown go: what is in view, less one row to keep one's place.
pub fn rows_per_page(viewport: Viewport) -> usize {
    ((viewport.height_px / viewport.row_height_px.max(1.0)) as usize).saturating_sub(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn viewport(scroll_top_px: f64) -> Viewport {
        Viewport { scroll_top_px, height_px: 320.0, row_height_px: 32.0 }
    }

    #[track_caller]
    fn check(scroll_top_px: f64, n_rows: usize, expected: Range<usize>) {
        assert_eq!(visible_rows(viewport(scroll_top_px), n_rows), expected);
    }

    #[test]
    fn a_long_list_draws_what_is_in_view_and_some_more() {
        check(0.0, 1000, 0..27);
        check(3200.0, 1000, 92..119);
        check(31_680.0, 1000, 973..1000);
    }

    #[test]
    fn a_short_list_is_drawn_whole() {
        check(0.0, 3, 0..3);
        check(0.0, 0, 0..0);
        check(5000.0, 3, 0..3);
    }

    #[test]
    fn scrolling_by_a_row_changes_one_slot() {
        let rows = |start| (0..27).map(|slot| row_of_slot(slot, start, 27)).collect::<Vec<_>>();
        let n_changed = rows(92).iter().zip(rows(93)).filter(|(before, after)| **before != *after).count();
        assert_eq!(n_changed, 1);
    }

    #[test]
    fn a_list_longer_than_a_browser_can_scroll_is_mapped_onto_what_it_can() {
        let n_rows = 2_000_000;
        assert_eq!(content_height_px(n_rows, 32.0), MAX_HEIGHT_PX);
        assert_eq!(content_height_px(100, 32.0), 3200.0);
        let at_end = uncapped(viewport(MAX_HEIGHT_PX - 320.0), n_rows);
        assert_eq!(visible_rows(at_end, n_rows).end, n_rows);
        assert_eq!(at_end.scroll_top_px, n_rows as f64 * 32.0 - 320.0);
        assert_eq!(uncapped(viewport(0.0), n_rows).scroll_top_px, 0.0);
        assert_eq!(uncapped(viewport(500.0), 100), viewport(500.0));
        assert_eq!(capped_scroll_px(viewport(0.0), n_rows, at_end.scroll_top_px), MAX_HEIGHT_PX - 320.0);
    }

    #[test]
    fn a_row_is_shown_with_the_least_movement() {
        for (scroll_top_px, row_idx, expected) in [(0.0, 5, 0.0), (0.0, 10, 32.0), (320.0, 3, 96.0), (320.0, 12, 320.0)]
        {
            assert_eq!(scroll_to_show(viewport(scroll_top_px), row_idx), expected);
        }
    }

    proptest! {
        #[test]
        fn slots_draw_every_visible_row_once(scroll_top_px in -100.0f64..1e6, height_px in 0.0f64..3000.0, n_rows in 0usize..5000) {
            let viewport = Viewport { scroll_top_px, height_px, row_height_px: 32.0 };
            let (range, n_slots) = (visible_rows(viewport, n_rows), n_slots(viewport));
            let mut drawn: Vec<usize> =
                (0..n_slots).map(|slot| row_of_slot(slot, range.start, n_slots)).filter(|row| range.contains(row)).collect();
            drawn.sort_unstable();
            prop_assert_eq!(drawn, range.clone().collect::<Vec<_>>());
            let first = (scroll_top_px.max(0.0) / 32.0) as usize;
            let last = ((scroll_top_px.max(0.0) + height_px) / 32.0).ceil() as usize;
            for row in first..last.min(n_rows) {
                prop_assert!(range.contains(&row));
            }
        }
    }
}
