//! What the children of a folded run cover, in a line below its bar.

use super::super::marks::{DrawList, Fill, Layer, Mark, Paint, Shape};
use super::merge::{Merged, merged};
use super::{ChartView, Row};
use crate::model::RunIdx;

const STRIP_HEIGHT_PX: f64 = 3.0;

/// One line of marks in the colours of the longest runs that they stand for, red where any failed. Rows too low for
/// a line have the failures on their bars.
pub(super) fn lay(view: &ChartView<'_>, row: &Row, unit_px: f64, list: &mut DrawList) {
    if !view.has_text() {
        let has_failed = |&run: &RunIdx| view.tree.has_error(run) || view.tree.n_errors_below(run) > 0;
        for mark in merged(view, view.tree.children(row.run).filter(has_failed), unit_px) {
            list.marks.push(row.mark(Layer::Ends, Shape::Block, Paint::Error, mark.x, mark.w.max(1.0)));
        }
        return;
    }
    let y = row.y + row.h + 1.0;
    for mark in merged(view, view.tree.children(row.run), unit_px) {
        let fill = view.coloring.fill(view.tree, mark.longest);
        let (layer, paint) = match fill {
            _ if mark.n_failed > 0 => (Layer::Ends, Paint::Error),
            Fill::NEUTRAL => (Layer::Ends, Paint::Fill(fill)),
            _ => (Layer::Bars, Paint::Fill(fill)),
        };
        // A pixel of air between neighbours that have room for it, so that they can be counted.
        let w = if mark.w >= 3.0 { mark.w - 1.0 } else { mark.w };
        list.marks.push(Mark { y, h: STRIP_HEIGHT_PX, ..row.mark(layer, Shape::Block, paint, mark.x, w) });
    }
    if row.is_faded {
        let veil = row.mark(Layer::Veils, Shape::Block, Paint::Veil, 0.0, view.scale.width_px());
        list.marks.push(Mark { y, h: STRIP_HEIGHT_PX, ..veil });
    }
}

/// The mark of `run`'s strip under `x_px`, a pixel of clumsiness allowed.
pub fn mark_at(view: &ChartView<'_>, run: RunIdx, x_px: f64) -> Option<Merged> {
    if !view.collapsed.contains(run) || !view.has_text() {
        return None;
    }
    nearest(view, view.tree.children(run), x_px)
}

/// The same in the row of the group at `idx`.
pub fn mark_of_group_at(view: &ChartView<'_>, idx: u32, x_px: f64) -> Option<Merged> {
    let group = view.rows.group(idx);
    nearest(view, group.group.first..group.group.end, x_px)
}

fn nearest(view: &ChartView<'_>, runs: impl Iterator<Item = RunIdx>, x_px: f64) -> Option<Merged> {
    let unit_px = view.piece_px(view.row_view.shown(view.rows.len()));
    let is_hit = |mark: &Merged| x_px >= mark.x - 1.0 && x_px <= mark.x + mark.w + 1.0;
    merged(view, runs, unit_px).into_iter().find(is_hit)
}
