//! Where a bar's label stands.

use super::super::marks::{DrawList, Fill, Label, LabelPaint};
use super::{ChartView, Row};
use crate::format::duration::duration;

const LABEL_GAP_PX: f64 = 6.0;

/// From where to where a bar goes.
#[derive(Clone, Copy)]
pub struct Extent {
    pub from: f64,
    /// How much of it is drawn pale, from the left: text goes behind that.
    pub head_px: f64,
    pub to: f64,
    /// The surface shows through: text on it has the surface's colour of text.
    pub is_hollow: bool,
}

/// The duration: in the bar if it fits, else after, else before, else nowhere.
pub(super) fn lay(view: &ChartView<'_>, row: &Row, bar: Extent, list: &mut DrawList) {
    let (tree, run) = (view.tree, row.run);
    let (start, end) = (tree.start_ns(run), tree.end_or_now_ns(run, view.now_ns));
    let text = duration(i64::try_from(end.saturating_sub(start)).unwrap_or(i64::MAX));
    let width = view.widths.width_px(&text);
    let (left, right) = (bar.from.max(0.0), bar.to.min(view.scale.width_px()));
    let solid_from = (bar.from + bar.head_px).max(0.0);
    // A hatch under text is hard to read: failed runs are labelled beside.
    let may_stand_inside = !view.is_monochrome && !view.is_stacked && !tree.has_error(run);
    let ink = LabelPaint::OnBar(view.inks[if bar.is_hollow { Fill::NEUTRAL } else { row.fill }.idx()]);
    let (paint, x) = if may_stand_inside && right - solid_from >= width + 2.0 * LABEL_GAP_PX {
        (ink, solid_from + LABEL_GAP_PX)
    } else if right + LABEL_GAP_PX + width <= view.scale.width_px() {
        (LabelPaint::Beside, right + LABEL_GAP_PX)
    } else if left - LABEL_GAP_PX - width >= 0.0 {
        (LabelPaint::Beside, left - LABEL_GAP_PX - width)
    } else {
        return;
    };
    let paint = if row.is_faded { LabelPaint::Faded } else { paint };
    list.labels.push(Label { paint, x, y_middle: row.y + row.h / 2.0, text });
}
