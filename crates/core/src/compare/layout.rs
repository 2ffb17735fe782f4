//! From pairs, rows and a window of time to bars: A's over B's, each from the start of its own trace.
//!
//! A is an outline, B is filled, so that they are told apart without colour. Pure and total: no number that comes out is
//! infinite, and no bar leaves the box by more than its rounded end.

use super::pairs::{Comparison, PairIdx};
use super::rows::PairRows;
use super::side::Side;
use crate::model::RunIdx;
use crate::waterfall::rows::RowView;
use crate::waterfall::time_window::TimeWindow;
use fanlight_wire::RunType;

/// Everything that decides where the bars are.
#[derive(Clone, Copy)]
pub struct PairsView<'a> {
    pub comparison: &'a Comparison,
    pub rows: &'a PairRows,
    pub window: TimeWindow,
    pub width_px: f64,
    pub row_view: RowView,
    /// Distance from a row's upper edge to A's bar.
    pub bars_top_px: f64,
    /// Of each bar.
    pub bar_height_px: f64,
}

/// How a bar looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A run of A.
    Outline,
    /// A run of B.
    Filled,
    /// Under way, in either.
    Dashed,
    /// It lies before the window, or after it: an arrow says so.
    Before,
    After,
}

/// One bar, in CSS pixels from the chart's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub look: Look,
    pub run_type: RunType,
    pub has_error: bool,
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// Between the two bars of a row.
pub const BAR_GAP_PX: f64 = 3.0;
const MIN_BAR_PX: f64 = 2.0;
const ARROW_PX: f64 = 6.0;

/// The bars of the rows in sight, from top to bottom.
pub fn layout(view: &PairsView<'_>) -> Vec<Bar> {
    let mut bars = Vec::new();
    if view.width_px < 1.0 || view.row_view.height_px < 1.0 {
        return bars;
    }
    for row in view.row_view.shown(view.rows.len()) {
        if let Some(idx) = view.rows.pair_at(row) {
            lay_pair(view, idx, view.row_view.y_of(row) + view.bars_top_px, &mut bars);
        }
    }
    bars
}

fn lay_pair(view: &PairsView<'_>, idx: PairIdx, y: f64, bars: &mut Vec<Bar>) {
    let pair = view.comparison.pair(idx);
    bars.extend(pair.a.map(|run| bar(view, &view.comparison.a, run, (y, Look::Outline))));
    let y = y + view.bar_height_px + BAR_GAP_PX;
    bars.extend(pair.b.map(|run| bar(view, &view.comparison.b, run, (y, Look::Filled))));
}

fn bar(view: &PairsView<'_>, side: &Side, run: RunIdx, (y, look): (f64, Look)) -> Bar {
    let tree = &side.tree;
    let (start, end) = (tree.start_ns(run) as f64, tree.end_or_now_ns(run, tree.extent_ns()) as f64);
    // Clipped a little outside the box, where the ends of longer bars are out of sight.
    let px = |time: f64| view.window.px_from_time(time, view.width_px).clamp(-8.0, view.width_px + 8.0);
    let (look, x, w) = if !view.window.overlaps(start, end) {
        match end < view.window.start_ns {
            true => (Look::Before, 3.0, ARROW_PX),
            false => (Look::After, (view.width_px - 3.0 - ARROW_PX).max(0.0), ARROW_PX),
        }
    } else {
        let x = px(start).min(view.width_px - MIN_BAR_PX);
        let look = if tree.end_ns(run).is_none() { Look::Dashed } else { look };
        (look, x, (px(end) - x).max(MIN_BAR_PX))
    };
    Bar { look, run_type: tree.run_type(run), has_error: tree.has_error(run), x, y, w, h: view.bar_height_px }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::compared;
    use super::super::rows::Folded;
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;

    const WIDTH: f64 = 400.0;

    fn draw(comparison: &Comparison, window: TimeWindow) -> Vec<Bar> {
        let rows = PairRows::new(comparison, &Folded::default(), false);
        layout(&PairsView {
            comparison,
            rows: &rows,
            window,
            width_px: WIDTH,
            row_view: RowView { scroll_top_px: 0.0, height_px: 200.0, row_height_px: 34.0 },
            bars_top_px: 7.0,
            bar_height_px: 8.0,
        })
    }

    #[test]
    fn a_is_an_outline_over_the_filled_b() {
        let comparison = compared(
            "agent 0..100\n search:tool 0..40\n gone:llm 50..90 error",
            "agent 0..200\n search:tool 0..120\n new:llm 150..",
        );
        let text = |bar: Bar| {
            let Bar { look, run_type, has_error, x, y, w, h } = bar;
            format!("{look:?} {run_type}{} {x:.0},{y:.0} {w:.0}×{h:.0}\n", if has_error { " error" } else { "" })
        };
        let bars = draw(&comparison, TimeWindow { start_ns: 0.0, end_ns: 200e6 });
        expect![[r#"
            Outline chain 0,7 200×8
            Filled chain 0,18 400×8
            Outline tool 0,41 80×8
            Filled tool 0,52 240×8
            Outline llm error 100,75 80×8
            Dashed llm 300,120 100×8
        "#]]
        .assert_eq(&bars.into_iter().map(text).collect::<String>());
        let bars = draw(&comparison, TimeWindow { start_ns: 100e6, end_ns: 140e6 });
        assert_eq!(bars.last().map(|bar| bar.look), Some(Look::After));
    }

    proptest! {
        #[test]
        fn every_bar_is_finite_and_inside(start in -1e9..1e9f64, len in 1.0..1e12f64) {
            let comparison = compared("agent 0..100\n a:tool 0..0\n b:llm 50..", "agent 0..9000\n a:tool 80..120 error");
            for bar in draw(&comparison, TimeWindow { start_ns: start, end_ns: start + len }) {
                prop_assert!([bar.x, bar.y, bar.w, bar.h].iter().all(|it| it.is_finite()));
                prop_assert!(bar.w > 0.0 && bar.x >= -8.0 && bar.x + bar.w <= WIDTH + 9.0);
            }
        }
    }
}
