//! How the waterfall divides its box: gutter beside chart, or name above bar where there is no room for both.

use super::layout::TEXT_FROM_PX;
use super::rows::RowView;

/// Share of the width that the tree takes when nobody said otherwise.
pub const DEFAULT_GUTTER_PERCENT: f64 = 40.0;
pub const GUTTER_PERCENT_RANGE: (f64, f64) = (15.0, 60.0);

/// Lengths in CSS pixels; see [`Geometry::new`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Geometry {
    pub width_px: f64,
    pub height_px: f64,
    /// 0 where rows are stacked.
    pub gutter_px: f64,
    pub row_height_px: f64,
    pub bar_top_px: f64,
    pub bar_height_px: f64,
    /// Each row has its name above its bar.
    pub is_stacked: bool,
}

/// Narrower boxes stack the name above the bar.
const STACKS_BELOW_PX: f64 = 480.0;

/// Names are written from this height of a row on.
const NAMES_FROM_PX: f64 = 20.0;
/// Of a row, for its bar.
const BAR_SHARE: f64 = 0.6;

impl Geometry {
    /// For a box of rows without its scroll bar. `is_coarse`: fingers point here, and need larger rows.
    pub fn new(width_px: f64, height_px: f64, gutter_percent: f64, is_coarse: bool) -> Self {
        if width_px < STACKS_BELOW_PX {
            let (row_height_px, bar_top_px, bar_height_px) = (46.0, 27.0, 10.0);
            let is_stacked = true;
            return Geometry {
                width_px,
                height_px,
                gutter_px: 0.0,
                row_height_px,
                bar_top_px,
                bar_height_px,
                is_stacked,
            };
        }
        let (least, most) = GUTTER_PERCENT_RANGE;
        let gutter_px = (width_px * gutter_percent.clamp(least, most) / 100.0).max(170.0).round();
        let (row_height_px, bar_height_px) = if is_coarse { (44.0, 18.0) } else { (26.0, 16.0) };
        let bar_top_px = (row_height_px - bar_height_px) / 2.0;
        Geometry { width_px, height_px, gutter_px, row_height_px, bar_top_px, bar_height_px, is_stacked: false }
    }

    /// With rows of `row_px`, as map mode has them. Bars of low rows fill them, with a line of air where there is room.
    pub fn with_rows(self, row_px: f64) -> Self {
        let bar_height_px = match row_px {
            low if low < 4.0 => low,
            low if low < TEXT_FROM_PX => low - 1.0,
            _ => (row_px * BAR_SHARE).round().min(row_px - 4.0),
        };
        let bar_top_px = if row_px < TEXT_FROM_PX { 0.0 } else { ((row_px - bar_height_px) / 2.0).floor() };
        Geometry { row_height_px: row_px, bar_top_px, bar_height_px, is_stacked: false, ..self }
    }

    /// Whether rows are high enough for their names.
    pub fn has_names(self) -> bool {
        self.row_height_px >= NAMES_FROM_PX
    }

    pub fn chart_px(self) -> f64 {
        (self.width_px - self.gutter_px).max(0.0)
    }

    /// Levels that are indented; where the tree is narrow, deeper ones stand as far right as these.
    pub fn max_indent(self) -> u32 {
        const INDENT_PX: f64 = 14.0;
        const NAME_PX: f64 = 140.0;
        let tree_px = if self.is_stacked { self.width_px } else { self.gutter_px };
        (((tree_px - NAME_PX) / INDENT_PX).floor() as u32).clamp(2, 24)
    }

    /// The rows in sight when scrolled to `scroll_top_px`.
    pub fn rows_at(self, scroll_top_px: f64) -> RowView {
        RowView { scroll_top_px, height_px: self.height_px, row_height_px: self.row_height_px.max(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gutter_keeps_to_its_range() {
        assert_eq!(Geometry::new(1000.0, 600.0, 40.0, false).gutter_px, 400.0);
        assert_eq!(Geometry::new(1000.0, 600.0, 99.0, false).gutter_px, 600.0);
        assert_eq!(Geometry::new(1000.0, 600.0, 0.0, false).gutter_px, 170.0);
    }

    #[test]
    fn low_rows_are_all_bar_and_lose_their_names() {
        let map = |row_px: f64| Geometry::new(1000.0, 600.0, 40.0, false).with_rows(row_px);
        assert_eq!((map(1.0).bar_height_px, map(6.0).bar_height_px, map(26.0).bar_height_px), (1.0, 5.0, 16.0));
        assert_eq!((map(19.0).has_names(), map(20.0).has_names()), (false, true));
    }

    #[test]
    fn a_phone_stacks_names_above_bars() {
        let geometry = Geometry::new(390.0, 600.0, 40.0, true);
        assert_eq!((geometry.is_stacked, geometry.chart_px()), (true, 390.0));
    }
}
