//! From runs, rows and a scale of time to marks: where each bar lies and what it looks like.
//!
//! Pure and total: no number that comes out is infinite, nothing but half a pixel of outline leaves the box, and no
//! frame has more marks than [`super::painter::MOST_RECTS`], however many runs there are. What a row consists of has
//! files of its own: [`bar`], [`strip`] below it, [`stripe`] above it, [`label`]; [`group`], a row of many; [`merge`] joins
//! what shares pixels.
//! [`ground`] is what lies behind the rows.

mod bar;
pub mod ground;
mod group;
mod label;
pub mod merge;
pub mod strip;
mod stripe;
#[cfg(test)]
mod tests;

pub use ground::TICK_GAP_PX;

use super::collapse::Collapsed;
use super::coloring::Coloring;
use super::critical_path::CriticalPath;
use super::marks::{DrawList, Fill, Layer, Mark, Paint, Shape};
use super::painter::{MOST_LABELS, MOST_RECTS};
use super::rows::{Row as RowKind, RowView, VisibleRows};
use super::text_width::TextWidths;
use super::time_scale::TimeScale;
use crate::model::{RunIdx, RunTree};
use std::ops::Range;

/// Everything that decides what the chart shows.
#[derive(Clone, Copy)]
pub struct ChartView<'a> {
    pub tree: &'a RunTree,
    pub rows: &'a VisibleRows,
    pub collapsed: &'a Collapsed,
    pub scale: &'a TimeScale,
    pub row_view: RowView,
    /// Distance from a row's upper edge to its bar.
    pub bar_top_px: f64,
    pub bar_height_px: f64,
    /// Where running bars end, in the tree's time.
    pub now_ns: u64,
    pub selected: Option<RunIdx>,
    /// In ascending order; others are faded. `None`: no search is on.
    pub matches: Option<&'a [RunIdx]>,
    pub critical_path: Option<&'a CriticalPath>,
    pub coloring: &'a Coloring,
    /// For each fill the number of the text colour that can be read on it.
    pub inks: &'a [u8; Fill::COUNT],
    pub widths: &'a TextWidths,
    /// Fills and text have one colour (forced colours): bars are told apart by their outlines and hatches.
    pub is_monochrome: bool,
    /// Each row has its name above its bar: bars are too low for labels, and grid lines would cross the names.
    pub is_stacked: bool,
}

/// What is shorter is drawn this wide.
const MIN_BAR_PX: f64 = 2.0;
/// Rows lower than this have no labels, stripes or strips: their bars fill them.
pub const TEXT_FROM_PX: f64 = 10.0;
/// Rows lower than this are no marks but pixels; see [`super::raster`].
pub const RASTER_BELOW_PX: f64 = 2.0;
/// All pieces of all rows, strips and stripes together, are about this many at most.
const MOST_PIECES: f64 = 1200.0;

/// The draw list of the rows in sight, sorted for painting.
pub fn layout(view: &ChartView<'_>) -> DrawList {
    layout_rows(view, view.row_view.shown(view.rows.len()))
}

/// The same for some rows of those in sight: what a change of selection repaints. No mark leaves its row.
pub fn layout_rows(view: &ChartView<'_>, rows: Range<usize>) -> DrawList {
    let mut list = DrawList::default();
    if view.row_view.height_px < 1.0 {
        return list;
    }
    let shown = view.row_view.shown(view.rows.len());
    let rows = rows.start.max(shown.start)..rows.end.min(shown.end);
    let mut unit_px = view.piece_px(shown);
    loop {
        list.marks.clear();
        list.labels.clear();
        for row in rows.clone() {
            let top = view.row_view.y_of(row);
            match view.rows.row_at(row) {
                Some(RowKind::Run(run)) => lay_row(view, &Row::new(view, run, top), unit_px, &mut list),
                Some(RowKind::Group(idx)) => group::lay(view, view.rows.group(idx), top, unit_px, &mut list),
                Some(RowKind::Gap(_)) | None => {}
            }
        }
        if list.marks.len() <= MOST_RECTS || unit_px >= view.scale.width_px() {
            break;
        }
        unit_px *= 2.0;
    }
    if list.labels.len() > MOST_LABELS {
        // Every second one, or third: a label that is there on one screen and gone on the next would flicker.
        let every = list.labels.len().div_ceil(MOST_LABELS);
        let mut nth = 0;
        list.labels.retain(|_| {
            nth += 1;
            nth % every == 1
        });
    }
    list.sort_by_style();
    list
}

/// A run's row: which, and where its bar goes.
struct Row {
    run: RunIdx,
    fill: Fill,
    is_faded: bool,
    /// The row's upper edge.
    top: f64,
    /// The bar's.
    y: f64,
    h: f64,
}

impl Row {
    fn new(view: &ChartView<'_>, run: RunIdx, top: f64) -> Self {
        let is_match = view.matches.is_none_or(|matches| matches.binary_search(&run).is_ok());
        let is_faded = !is_match && view.selected != Some(run);
        let fill = view.coloring.fill(view.tree, run);
        Row { run, fill, is_faded, top, y: top + view.bar_top_px, h: view.bar_height_px }
    }

    /// A mark over the height of the bar.
    fn mark(&self, layer: Layer, shape: Shape, paint: Paint, x: f64, w: f64) -> Mark {
        Mark { layer, shape, paint, x, y: self.y, w, h: self.h }
    }
}

impl ChartView<'_> {
    /// Clipped a little outside the box, where rounded corners and outlines of longer bars are out of sight.
    fn px(&self, time_ns: f64) -> f64 {
        self.scale.px(time_ns).clamp(-8.0, self.scale.width_px() + 8.0)
    }

    /// Start and end of a run, in the tree's time.
    fn span(&self, run: RunIdx) -> (f64, f64) {
        (self.tree.start_ns(run) as f64, self.tree.end_or_now_ns(run, self.now_ns) as f64)
    }

    fn is_seen(&self, (start_ns, end_ns): (f64, f64)) -> bool {
        self.scale.window().overlaps(start_ns, end_ns)
    }

    fn has_text(&self) -> bool {
        self.row_view.row_height_px >= TEXT_FROM_PX
    }

    /// How wide the pieces of strips and stripes are at least, so that all rows of `shown` stay within their number.
    pub fn piece_px(&self, shown: Range<usize>) -> f64 {
        let has_pieces = |&row: &RowKind| match row {
            RowKind::Run(run) => self.collapsed.contains(run) || self.critical_path.is_some(),
            RowKind::Group(_) => true,
            RowKind::Gap(_) => false,
        };
        let n_rows = shown.filter_map(|row| self.rows.row_at(row)).filter(has_pieces).count();
        (n_rows as f64 * self.scale.width_px() / MOST_PIECES).max(1.0).ceil()
    }
}

fn lay_row(view: &ChartView<'_>, row: &Row, unit_px: f64, list: &mut DrawList) {
    let (start, end) = view.span(row.run);
    if !view.is_seen((start, end)) {
        let (shape, x) = if end < view.scale.window().start_ns {
            (Shape::ArrowLeft, 3.0)
        } else {
            (Shape::ArrowRight, view.scale.width_px() - 9.0)
        };
        if view.has_text() {
            list.marks.push(row.mark(Layer::Hints, shape, Paint::Muted, x, 6.0));
        }
        return;
    }
    let extent = bar::lay(view, row, list);
    if view.collapsed.contains(row.run) && view.tree.has_children(row.run) {
        strip::lay(view, row, unit_px, list);
    }
    if !view.has_text() {
        return;
    }
    if let Some(path) = view.critical_path {
        stripe::lay(view, row, path.pieces_of(row.run), unit_px, list);
    }
    label::lay(view, row, extent, list);
}
