//! How the comparison divides its width: names, figures, bars; or bars below names where there is no room. Pure.

use crate::compare::layout::BAR_GAP_PX;
use crate::waterfall::rows::RowView;

/// Lengths in CSS pixels; see [`Geometry::new`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Geometry {
    pub width_px: f64,
    pub height_px: f64,
    pub name_px: f64,
    /// Of all columns of figures that are shown.
    pub figures_px: f64,
    pub row_height_px: f64,
    pub bars_top_px: f64,
    pub bar_height_px: f64,
    /// There is room for the amounts of A and B beside their difference.
    pub has_amounts: bool,
    /// There is room for how alike the outputs are.
    pub has_output: bool,
    /// Each row has its name above its bars.
    pub is_stacked: bool,
}

const STACKS_BELOW_PX: f64 = 520.0;
const AMOUNTS_FROM_PX: f64 = 560.0;
const OUTPUT_FROM_PX: f64 = 640.0;
const AMOUNT_PX: f64 = 62.0;
const DELTA_PX: f64 = 72.0;
const OUTPUT_PX: f64 = 66.0;

impl Geometry {
    /// For a box of rows without its scroll bar. `is_coarse`: fingers point here, and need larger rows.
    pub fn new(width_px: f64, height_px: f64, is_coarse: bool) -> Self {
        let bar_height_px = 8.0;
        if width_px < STACKS_BELOW_PX {
            return Geometry {
                width_px,
                height_px,
                figures_px: 0.0,
                name_px: width_px,
                row_height_px: 54.0,
                bars_top_px: 29.0,
                bar_height_px,
                is_stacked: true,
                ..Geometry::default()
            };
        }
        let has_amounts = width_px >= AMOUNTS_FROM_PX;
        let has_output = width_px >= OUTPUT_FROM_PX;
        let row_height_px: f64 = if is_coarse { 44.0 } else { 30.0 };
        let figures_px =
            DELTA_PX + if has_amounts { 2.0 * AMOUNT_PX } else { 0.0 } + if has_output { OUTPUT_PX } else { 0.0 };
        Geometry {
            width_px,
            height_px,
            name_px: ((width_px - figures_px) * 0.56).clamp(170.0, 420.0).round(),
            figures_px,
            row_height_px,
            bars_top_px: (row_height_px - 2.0 * bar_height_px - BAR_GAP_PX) / 2.0,
            bar_height_px,
            has_amounts,
            has_output,
            is_stacked: false,
        }
    }

    /// Where the bars begin.
    pub fn chart_left_px(self) -> f64 {
        if self.is_stacked { 0.0 } else { self.name_px + self.figures_px }
    }

    pub fn chart_px(self) -> f64 {
        (self.width_px - self.chart_left_px()).max(0.0)
    }

    /// Levels that are indented; deeper ones stand as far right as these.
    pub fn max_indent(self) -> u32 {
        const INDENT_PX: f64 = 14.0;
        const NAME_PX: f64 = 120.0;
        (((self.name_px - NAME_PX) / INDENT_PX).floor() as u32).clamp(2, 20)
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
    fn columns_leave_where_there_is_no_room() {
        let columns = |width_px| {
            let geometry = Geometry::new(width_px, 600.0, false);
            (geometry.has_amounts, geometry.has_output, geometry.is_stacked)
        };
        assert_eq!(columns(1000.0), (true, true, false));
        assert_eq!(columns(600.0), (true, false, false));
        assert_eq!(columns(540.0), (false, false, false));
        assert_eq!(columns(390.0), (false, false, true));
    }

    #[test]
    fn bars_keep_room() {
        for width_px in [520.0, 560.0, 640.0, 700.0, 1400.0] {
            assert!(Geometry::new(width_px, 600.0, false).chart_px() >= 140.0, "{width_px}");
        }
        assert_eq!(Geometry::new(390.0, 600.0, true).chart_px(), 390.0);
    }
}
