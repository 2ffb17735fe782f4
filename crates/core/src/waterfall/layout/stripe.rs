//! The stripe above a bar that says when the trace waited for the run.

use super::super::critical_path::Piece;
use super::super::marks::{DrawList, Layer, Mark, Paint, Shape};
use super::{ChartView, MIN_BAR_PX, Row};

/// A stripe for each of `pieces`, which come by start, in the window; those less than `unit_px` apart are one.
pub(super) fn lay(view: &ChartView<'_>, row: &Row, pieces: &[Piece], unit_px: f64, list: &mut DrawList) {
    let window = view.scale.window();
    let first = pieces.partition_point(|piece| (piece.end_ns as f64) < window.start_ns);
    let y = (row.y - 3.0).max(row.top + 1.0);
    let mut add = |from_px: f64, to_px: f64| {
        let w = (to_px - from_px).max(MIN_BAR_PX);
        let stripe =
            Mark { layer: Layer::Critical, shape: Shape::Block, paint: Paint::Critical, x: from_px, y, w, h: 2.0 };
        // The halo takes away what is there, so that the stripe stands free on any ground.
        list.marks.push(Mark { layer: Layer::Halo, shape: Shape::Clear, y: y - 1.0, h: 4.0, ..stripe });
        list.marks.push(stripe);
    };
    let is_seen = |piece: &&Piece| piece.start_ns as f64 <= window.end_ns;
    let mut open: Option<(f64, f64)> = None;
    for piece in pieces[first..].iter().take_while(is_seen) {
        let (from, to) = (view.px(piece.start_ns as f64), view.px(piece.end_ns as f64));
        match &mut open {
            Some((_, end)) if from < *end + unit_px => *end = to.max(*end),
            Some(done) => {
                add(done.0, done.1);
                open = Some((from, to));
            }
            None => open = Some((from, to)),
        }
    }
    if let Some((from, to)) = open {
        add(from, to);
    }
}
