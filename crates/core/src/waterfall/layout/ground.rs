//! What lies behind the rows: a line at each round moment, and a band for each idle gap that is compressed.

use super::super::marks::{DrawList, Layer, Mark, Paint, Shape};
use super::super::ticks::scale_ticks;
use super::ChartView;

/// Grid lines are this far apart at least.
pub const TICK_GAP_PX: f64 = 80.0;

/// What lies behind the rows in sight. Where names stand above bars, lines would cross them: there are none, and bands
/// are as high as the bars.
pub fn ground(view: &ChartView<'_>) -> DrawList {
    let mut list = DrawList::default();
    let (scale, height_px) = (view.scale, view.row_view.height_px);
    if height_px < 1.0 {
        return list;
    }
    let mark = |shape, paint, x: f64, w: f64| Mark { layer: Layer::Ground, shape, paint, x, y: 0.0, w, h: height_px };
    for (_, from, to) in scale.bands() {
        let (from, to) = (from.max(0.0), to.min(scale.width_px()));
        if to <= from {
            continue;
        }
        let band = mark(Shape::Block, Paint::GapHatch, from, to - from);
        if view.is_stacked {
            let tops = view.row_view.shown(view.rows.len()).map(|row| view.row_view.y_of(row) + view.bar_top_px);
            list.marks.extend(tops.map(|y| Mark { y, h: view.bar_height_px, ..band }));
        } else {
            list.marks.push(band);
        }
    }
    if !view.is_stacked {
        for tick in scale_ticks(scale, TICK_GAP_PX) {
            let x = tick.x_px.floor().clamp(0.0, scale.width_px() - 1.0);
            list.marks.push(mark(Shape::Line, Paint::Grid, x, 1.0));
        }
    }
    list.sort_by_style();
    list
}
