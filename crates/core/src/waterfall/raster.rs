//! Rows too low to be marks, as pixels: one line or two for each run, all of them in one image.

use super::layout::ChartView;
use super::marks::Fill;
use super::rows::Row;
use crate::model::RunIdx;

/// Pixels from the upper left corner, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raster {
    pub width: usize,
    pub height: usize,
    /// 0 for nothing, else the place of a [`Fill`] plus one, with [`FADED`] for what a search did not find.
    cells: Vec<u8>,
}

/// Set on the pixels of faded runs.
const FADED: u8 = 0x80;
/// Of 255: what is left of a faded run.
const FADED_ALPHA: u8 = 90;

impl Raster {
    /// The rows in sight at `dpr` device pixels to a CSS pixel. Every run in the window has a pixel of its own at least;
    /// in folded ones the failures below them are red.
    pub fn of_rows(view: &ChartView<'_>, dpr: f64) -> Self {
        let width = (view.scale.width_px() * dpr).round().max(1.0) as usize;
        let height = (view.row_view.height_px * dpr).round().max(1.0) as usize;
        let mut raster = Raster { width, height, cells: vec![0; width * height] };
        let tree = view.tree;
        for row in view.row_view.shown(view.rows.len()) {
            let y = view.row_view.y_of(row);
            let lines = ((y * dpr).round(), ((y + view.row_view.row_height_px) * dpr).round());
            let run = match view.rows.row_at(row) {
                Some(Row::Run(run)) => run,
                Some(Row::Group(idx)) => {
                    let group = view.rows.group(idx).group;
                    let fill = view.coloring.fill(tree, group.first).idx() as u8 + 1;
                    let faded = if view.matches.is_some() { FADED } else { 0 };
                    (group.first..group.end).for_each(|run| raster.add(view, run, lines, dpr, fill + faded));
                    continue;
                }
                Some(Row::Gap(_)) | None => continue,
            };
            let is_match = view.matches.is_none_or(|matches| matches.binary_search(&run).is_ok());
            let fill = if tree.has_error(run) { Fill::ERROR } else { view.coloring.fill(tree, run) };
            let faded = if is_match || view.selected == Some(run) { 0 } else { FADED };
            raster.add(view, run, lines, dpr, fill.idx() as u8 + 1 + faded);
            if view.collapsed.contains(run) && tree.n_errors_below(run) > 0 {
                let failed =
                    tree.children(run).filter(|&child| tree.has_error(child) || tree.n_errors_below(child) > 0);
                failed.for_each(|child| raster.add(view, child, lines, dpr, Fill::ERROR.idx() as u8 + 1));
            }
        }
        raster
    }

    fn add(&mut self, view: &ChartView<'_>, run: RunIdx, lines: (f64, f64), dpr: f64, cell: u8) {
        let (start, end) = (view.tree.start_ns(run) as f64, view.tree.end_or_now_ns(run, view.now_ns) as f64);
        if !view.scale.window().overlaps(start, end) {
            return;
        }
        let column = |time: f64| (view.scale.px(time) * dpr).clamp(0.0, self.width as f64);
        let from = (column(start).floor() as usize).min(self.width - 1);
        let to = (column(end).ceil() as usize).max(from + 1);
        let first = lines.0.clamp(0.0, self.height as f64) as usize;
        let last = (lines.1.max(lines.0 + 1.0)).clamp(0.0, self.height as f64) as usize;
        for line in first..last {
            self.cells[line * self.width + from..line * self.width + to].fill(cell);
        }
    }

    /// Red, green, blue and alpha of each pixel. `colors` has the fills in the order of their places.
    pub fn pixels(&self, colors: &[[u8; 3]; Fill::COUNT]) -> Vec<u8> {
        let mut bytes = vec![0; self.cells.len() * 4];
        for (cell, pixel) in self.cells.iter().zip(bytes.chunks_exact_mut(4)).filter(|(cell, _)| **cell > 0) {
            pixel[..3].copy_from_slice(&colors[((cell & !FADED) - 1) as usize]);
            pixel[3] = if cell & FADED > 0 { FADED_ALPHA } else { 255 };
        }
        bytes
    }

    /// The pixels of one line.
    #[cfg(test)]
    fn cells_of(&self, line: usize) -> &[u8] {
        &self.cells[line * self.width..(line + 1) * self.width]
    }
}

#[cfg(test)]
mod tests {
    use super::super::collapse::Collapsed;
    use super::super::coloring::Coloring;
    use super::super::link::choices::ColorBy;
    use super::super::rows::{RowView, VisibleRows};
    use super::super::text_width::TextWidths;
    use super::super::time_scale::TimeScale;
    use super::super::time_window::TimeWindow;
    use super::*;
    use crate::model::RunTree;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    fn raster(tree: &RunTree, folded: &[RunIdx], window: TimeWindow) -> Raster {
        let mut collapsed = Collapsed::none();
        folded.iter().for_each(|&run| collapsed.set(run, true));
        let rows = VisibleRows::new(tree, &collapsed);
        let view = ChartView {
            tree,
            rows: &rows,
            collapsed: &collapsed,
            scale: &TimeScale::linear(window, 40.0),
            row_view: RowView { scroll_top_px: 0.0, height_px: rows.len() as f64, row_height_px: 1.0 },
            bar_top_px: 0.0,
            bar_height_px: 1.0,
            now_ns: 0,
            selected: None,
            matches: None,
            critical_path: None,
            coloring: &Coloring::new(tree, ColorBy::Kind),
            inks: &[0; Fill::COUNT],
            widths: &TextWidths::uniform(7.0),
            is_monochrome: false,
            is_stacked: false,
        };
        Raster::of_rows(&view, 1.0)
    }

    proptest! {
        #[test]
        fn every_run_in_the_window_has_its_line_and_failed_ones_are_red(
            spans in prop::collection::vec((0u32..1000, 0u32..1000, prop::bool::ANY), 1..30), from in 0.0..0.9f64,
        ) {
            let line = |(start, len, has_error): &(u32, u32, bool)| {
                format!("\n run:llm {start}..{}{}", start + len, if *has_error { " error" } else { "" })
            };
            let tree = trace_from_text(&format!("root 0..1{}", spans.iter().map(line).collect::<String>()));
            let window = TimeWindow { start_ns: from * 1e9, end_ns: from * 1e9 + 1e8 };
            let raster = raster(&tree, &[], window);
            for run in 0..tree.n_runs() as RunIdx {
                let is_seen = window.overlaps(tree.start_ns(run) as f64, tree.end_or_now_ns(run, 0) as f64);
                let cells = raster.cells_of(run as usize);
                prop_assert_eq!(cells.iter().any(|&cell| cell > 0), is_seen);
                let red = Fill::ERROR.idx() as u8 + 1;
                prop_assert_eq!(cells.contains(&red), is_seen && tree.has_error(run));
            }
        }
    }

    #[test]
    fn a_failure_below_a_fold_is_red_on_its_line() {
        let tree = trace_from_text("root 0..100\n a 0..100\n  b:tool 40..50 error");
        let raster = raster(&tree, &[1], TimeWindow { start_ns: 0.0, end_ns: 1e8 });
        let reds = raster.cells_of(1).iter().filter(|&&cell| cell == Fill::ERROR.idx() as u8 + 1).count();
        assert_eq!((raster.height, reds), (2, 4));
        let mut colors = [[0; 3]; Fill::COUNT];
        colors[Fill::ERROR.idx()] = [179, 38, 30];
        assert!(raster.pixels(&colors).chunks(4).any(|pixel| pixel == [179, 38, 30, 255]));
    }
}
