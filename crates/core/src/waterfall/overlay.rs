//! What lies over the bars and changes with the pointer: rings around runs, marked moments, a range of time.

use super::layout::ChartView;
use super::marks::{DrawList, Layer, Mark, Paint, Shape};
use super::time_window::TimeWindow;
use crate::model::RunIdx;

/// What the reader points at and has marked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pointed {
    pub hovered: Option<RunIdx>,
    /// From the chart's left edge.
    pub pointer_px: Option<f64>,
    pub range: Option<TimeWindow>,
    /// A box that is being dragged over: left, top, right, bottom.
    pub marquee_px: Option<[f64; 4]>,
    pub markers_ns: Vec<f64>,
}

/// Everything over the bars. `view.selected` has a ring, too.
pub fn overlay(view: &ChartView<'_>, pointed: &Pointed) -> DrawList {
    let mut list = DrawList::default();
    let (width, height) = (view.scale.width_px(), view.row_view.height_px);
    let full = |shape, paint, x: f64, w: f64| Mark { layer: Layer::Ground, shape, paint, x, y: 0.0, w, h: height };
    if let Some(range) = pointed.range {
        let (from, to) =
            (view.scale.px(range.start_ns).clamp(-2.0, width), view.scale.px(range.end_ns).clamp(0.0, width + 2.0));
        list.marks.push(full(Shape::Block, Paint::Range, from, (to - from).max(1.0)));
        list.marks.push(full(Shape::Line, Paint::Accent, from, 1.0));
        list.marks.push(full(Shape::Line, Paint::Accent, to - 1.0, 1.0));
    }
    if let Some([left, top, right, bottom]) = pointed.marquee_px {
        let marquee = Mark { y: top, h: bottom - top, ..full(Shape::Block, Paint::Range, left, right - left) };
        list.marks.push(marquee);
        list.marks.push(Mark { layer: Layer::Ends, shape: Shape::Outline, paint: Paint::Accent, ..marquee });
    }
    for &marker in &pointed.markers_ns {
        let x = view.scale.px(marker);
        if (0.0..=width).contains(&x) {
            list.marks.push(Mark { layer: Layer::Bars, ..full(Shape::Line, Paint::Marker, x, 1.0) });
        }
    }
    for (run, paint) in [(pointed.hovered, Paint::Muted), (view.selected, Paint::Accent)] {
        if let Some(ring) = run.and_then(|run| ring(view, run, paint)) {
            list.marks.push(ring);
        }
    }
    if let Some(x) = pointed.pointer_px.filter(|x| (0.0..=width).contains(x)) {
        list.marks.push(Mark { layer: Layer::Hints, ..full(Shape::Line, Paint::Cursor, x, 1.0) });
    }
    list.sort_by_style();
    list
}

/// An outline a little outside the bar of `run`, if its row and time are in sight.
fn ring(view: &ChartView<'_>, run: RunIdx, paint: Paint) -> Option<Mark> {
    let row = view.rows.position_of(run)?;
    let shown = view.row_view.shown(view.rows.len());
    let (start, end) = (view.tree.start_ns(run) as f64, view.tree.end_or_now_ns(run, view.now_ns) as f64);
    if !shown.contains(&row) || !view.scale.window().overlaps(start, end) {
        return None;
    }
    const AIR_PX: f64 = 2.0;
    let width = view.scale.width_px();
    let clip = |time: f64| view.scale.px(time).clamp(-8.0, width + 8.0);
    let (from, to) = (clip(start) - AIR_PX, clip(end).max(clip(start) + 2.0) + AIR_PX);
    let y = view.row_view.y_of(row) + view.bar_top_px - AIR_PX;
    let h = view.bar_height_px + 2.0 * AIR_PX;
    Some(Mark { layer: Layer::Ends, shape: Shape::Outline, paint, x: from, y, w: to - from, h })
}

#[cfg(test)]
mod tests {
    use super::super::collapse::Collapsed;
    use super::super::coloring::Coloring;
    use super::super::link::choices::ColorBy;
    use super::super::marks::Fill;
    use super::super::painter::draw_as_text;
    use super::super::rows::{RowView, VisibleRows};
    use super::super::text_width::TextWidths;
    use super::super::time_scale::TimeScale;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(selected: Option<RunIdx>, pointed: &Pointed, expected: Expect) {
        let tree = trace_from_text("agent 0..100\n a:llm 10..60\n b:tool 80..90");
        let rows = VisibleRows::new(&tree, &Collapsed::none());
        let view = ChartView {
            tree: &tree,
            rows: &rows,
            collapsed: &Collapsed::none(),
            scale: &TimeScale::linear(TimeWindow { start_ns: 0.0, end_ns: 70e6 }, 700.0),
            row_view: RowView { scroll_top_px: 0.0, height_px: 60.0, row_height_px: 26.0 },
            bar_top_px: 5.0,
            bar_height_px: 16.0,
            now_ns: 0,
            selected,
            matches: None,
            critical_path: None,
            coloring: &Coloring::new(&tree, ColorBy::Kind),
            inks: &[0; Fill::COUNT],
            widths: &TextWidths::uniform(7.0),
            is_monochrome: false,
            is_stacked: false,
        };
        expected.assert_eq(&draw_as_text(&overlay(&view, pointed)));
    }

    #[test]
    fn the_run_pointed_at_and_the_selected_one_have_rings() {
        let pointed = Pointed { hovered: Some(0), pointer_px: Some(200.0), ..Pointed::default() };
        check(
            Some(1),
            &pointed,
            expect![[r#"
                Muted
                  Outline -2,3 712×20
                Accent
                  Outline 98,29 504×20
                Cursor
                  Line 200,0 1×60
            "#]],
        );
    }

    #[test]
    fn a_range_and_markers_span_the_height_and_what_is_out_of_sight_is_not_there() {
        let range = Some(TimeWindow { start_ns: 20e6, end_ns: 90e6 });
        let pointed = Pointed { range, markers_ns: vec![30e6, 99e6], hovered: Some(2), ..Pointed::default() };
        check(
            None,
            &pointed,
            expect![[r#"
            Range
              Block 200,0 502×60
            Accent
              Line 200,0 1×60
              Line 701,0 1×60
            Marker
              Line 300,0 1×60
        "#]],
        );
    }
}
