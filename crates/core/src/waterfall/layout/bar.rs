//! A run's bar: its fill says the kind, its paler head the wait for the first token, hatches and dashes how it ended.

use super::super::marks::{DrawList, Fill, Layer, Mark, Paint, Shape};
use super::label::Extent;
use super::{ChartView, MIN_BAR_PX, Row};

/// A run that begins this much before its parent has another clock; see `RunTree::repairs`.
const SKEW_FROM_NS: u64 = 1_000_000;

/// Draws the bar and says where it is.
pub(super) fn lay(view: &ChartView<'_>, row: &Row, list: &mut DrawList) -> Extent {
    let (tree, run) = (view.tree, row.run);
    let (start, end) = view.span(run);
    let x = view.px(start);
    let w = (view.px(end) - x).max(MIN_BAR_PX);
    let is_running = tree.end_ns(run).is_none();
    let has_error = tree.has_error(run);
    // Outlines of one colour go on the layer above, so that a frame sets it once.
    let fill_layer = if row.fill == Fill::NEUTRAL { Layer::Ends } else { Layer::Bars };
    let fill = Paint::Fill(row.fill);
    if end <= start && !is_running {
        let side = row.h.min(12.0);
        let x = (x - side / 2.0).clamp(0.0, (view.scale.width_px() - side).max(0.0));
        let (layer, paint) = if has_error { (Layer::Ends, Paint::Error) } else { (fill_layer, fill) };
        let diamond =
            Mark { y: row.y + (row.h - side) / 2.0, h: side, ..row.mark(layer, Shape::Diamond, paint, x, side) };
        list.marks.push(diamond);
        if row.is_faded {
            list.marks.push(Mark { layer: Layer::Veils, shape: Shape::Block, paint: Paint::Veil, ..diamond });
        }
        return Extent { from: x, head_px: 0.0, to: x + side, is_hollow: row.fill == Fill::NEUTRAL };
    }
    let is_hollow = row.fill == Fill::NEUTRAL || (view.is_monochrome && (is_running || has_error));
    if !view.has_text() {
        // Too low for outlines: a block, red where something failed.
        let (layer, paint) = if has_error { (Layer::Ends, Paint::Error) } else { (fill_layer, fill) };
        let block = row.mark(layer, Shape::Block, paint, x, w);
        list.marks.push(block);
        if row.is_faded {
            list.marks.push(Mark { layer: Layer::Veils, paint: Paint::Veil, ..block });
        }
        return Extent { from: x, head_px: 0.0, to: x + w, is_hollow };
    }
    if !is_hollow {
        list.marks.push(row.mark(Layer::Bars, Shape::Bar, fill, x, w));
    } else if !is_running && !has_error {
        list.marks.push(row.mark(Layer::Ends, Shape::Outline, Paint::Fill(Fill::NEUTRAL), x, w));
    }
    if is_running {
        list.marks.push(row.mark(Layer::Ends, Shape::DashedOutline, Paint::Fill(Fill::NEUTRAL), x, w));
    }
    if has_error {
        list.marks.push(row.mark(Layer::Ends, Shape::Bar, Paint::ErrorHatch, x, w));
        list.marks.push(row.mark(Layer::Ends, Shape::Outline, Paint::Error, x, w));
    }
    let mut head_px = 0.0;
    if row.is_faded {
        list.marks.push(row.mark(Layer::Veils, Shape::Bar, Paint::Veil, x - 1.0, w + 2.0));
    } else if !is_hollow && !view.is_monochrome {
        head_px = match tree.first_token_ns(run) {
            // What is under way is pale altogether.
            _ if is_running => w,
            Some(first) => (view.px(first as f64) - x).min(w),
            None => 0.0,
        };
        if head_px >= 1.0 {
            let inset = if is_running || has_error { 1.0 } else { 0.0 };
            let (x, w) = (x + inset, (head_px - 2.0 * inset).max(0.5));
            let veil = row.mark(Layer::Veils, Shape::Head, Paint::Veil, x, w);
            list.marks.push(Mark { y: row.y + inset, h: row.h - 2.0 * inset, ..veil });
        }
    }
    if tree.parent(run).is_some_and(|parent| tree.start_ns(run) + SKEW_FROM_NS < tree.start_ns(parent)) && x >= 8.0 {
        list.marks.push(row.mark(Layer::Hints, Shape::Skew, Paint::Muted, x - 8.0, 6.0));
    }
    let is_hollow = is_hollow || is_running;
    Extent { from: x, head_px: if is_running { 0.0 } else { head_px }, to: x + w, is_hollow }
}
