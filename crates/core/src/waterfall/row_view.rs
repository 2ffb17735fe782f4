//! Which rows a viewport shows, and where to scroll for others.

use std::ops::Range;

/// What is scrolled where, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowView {
    pub scroll_top_px: f64,
    pub height_px: f64,
    pub row_height_px: f64,
}

impl RowView {
    /// Rows that are at least partly inside, of `n_rows`.
    pub fn shown(self, n_rows: usize) -> Range<usize> {
        let row = |y_px: f64| (y_px / self.row_height_px.max(1.0)).max(0.0);
        let first = (row(self.scroll_top_px).floor() as usize).min(n_rows);
        let end = (row(self.scroll_top_px + self.height_px).ceil() as usize).min(n_rows);
        first..end.max(first)
    }

    /// How many rows fit whole; at least one.
    pub fn page_rows(self) -> usize {
        ((self.height_px / self.row_height_px.max(1.0)).floor() as usize).max(1)
    }

    /// Top of a row below the upper edge of the viewport.
    pub fn y_of(self, row: usize) -> f64 {
        row as f64 * self.row_height_px - self.scroll_top_px
    }

    pub fn row_at(self, y_px: f64, n_rows: usize) -> Option<usize> {
        let row = ((y_px + self.scroll_top_px) / self.row_height_px.max(1.0)).floor();
        (row >= 0.0 && row < n_rows as f64).then_some(row as usize)
    }

    /// Where to scroll so that `row` can be seen, or `None` if it is already. A row out of sight comes to a third of
    /// the height; one at an edge moves in with a row to spare.
    pub fn scroll_to_see(self, row: usize) -> Option<f64> {
        let top = row as f64 * self.row_height_px;
        let (above, below) = (self.scroll_top_px, self.scroll_top_px + self.height_px);
        if top >= above && top + self.row_height_px <= below {
            return None;
        }
        let near = 2.0 * self.row_height_px;
        let target = if top < above && top >= above - near {
            top - self.row_height_px
        } else if top + self.row_height_px > below && top <= below + near {
            top + 2.0 * self.row_height_px - self.height_px
        } else {
            top - self.height_px / 3.0
        };
        Some(target.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: RowView = RowView { scroll_top_px: 100.0, height_px: 260.0, row_height_px: 26.0 };

    #[test]
    fn rows_cut_by_an_edge_are_shown() {
        assert_eq!(VIEW.shown(1000), 3..14);
        assert_eq!(VIEW.shown(5), 3..5);
        assert_eq!(VIEW.shown(0), 0..0);
    }

    #[test]
    fn a_row_is_found_from_its_place() {
        assert_eq!(VIEW.row_at(5.0, 1000), Some(4));
        assert_eq!(VIEW.row_at(VIEW.y_of(9), 1000), Some(9));
        assert_eq!(VIEW.row_at(5.0, 2), None);
        assert_eq!(VIEW.row_at(-500.0, 2), None);
    }

    #[test]
    fn scrolling_happens_only_for_rows_out_of_sight() {
        assert_eq!(VIEW.scroll_to_see(5), None);
        assert_eq!(VIEW.scroll_to_see(3), Some(52.0));
        assert_eq!(VIEW.scroll_to_see(14), Some(156.0));
        assert_eq!(VIEW.scroll_to_see(0), Some(0.0));
        assert!(VIEW.scroll_to_see(900).is_some_and(|top| (top + 260.0 / 3.0 - 900.0 * 26.0).abs() < 1.0));
    }
}
