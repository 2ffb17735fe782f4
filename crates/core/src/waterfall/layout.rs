//! From runs, rows and a window of time to marks: where each bar lies and what it looks like.
//!
//! Pure and total: no number that comes out is infinite, and nothing but half a pixel of outline leaves the box.

use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
use super::marks::{DrawList, Label, LabelPaint, Mark, Paint, Shape, Tone};
use super::rows::{RowView, VisibleRows};
use super::text_width::TextWidths;
use super::ticks::ticks;
use super::time_window::TimeWindow;
use crate::format::duration::duration;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunType;

/// Everything that decides what the chart shows.
#[derive(Clone, Copy)]
pub struct ChartView<'a> {
    pub tree: &'a RunTree,
    pub rows: &'a VisibleRows,
    pub collapsed: &'a Collapsed,
    pub window: TimeWindow,
    pub width_px: f64,
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
    pub widths: &'a TextWidths,
    /// Fills and text have one colour (forced colours): bars are told apart by their outlines and hatches.
    pub is_monochrome: bool,
    /// Each row has its name above its bar: bars are too low for labels, and grid lines would cross the names.
    pub is_stacked: bool,
}

/// Grid lines are this far apart at least.
pub const TICK_GAP_PX: f64 = 80.0;
/// What is shorter is drawn this wide.
const MIN_BAR_PX: f64 = 2.0;
const LABEL_GAP_PX: f64 = 6.0;
const STRIP_HEIGHT_PX: f64 = 3.0;
/// All strips of folded children together have about this many marks at most.
const MAX_STRIP_MARKS: f64 = 1500.0;

/// The draw list of one frame, sorted for painting.
pub fn layout(view: &ChartView<'_>) -> DrawList {
    let mut list = DrawList::default();
    if view.width_px < 1.0 || view.row_view.height_px < 1.0 {
        return list;
    }
    let grid = if view.is_stacked { Vec::new() } else { ticks(view.window, view.width_px, TICK_GAP_PX) };
    for tick in grid {
        let (x, h) = (tick.x_px.floor().clamp(0.0, view.width_px - 1.0), view.row_view.height_px);
        list.marks.push(Mark { shape: Shape::Line, paint: Paint::Grid, is_faded: false, x, y: 0.0, w: 1.0, h });
    }
    let shown = view.row_view.shown(view.rows.len());
    let n_folded = shown.clone().filter_map(|row| view.rows.run_at(row)).filter(|&run| view.collapsed.contains(run));
    let strip_unit_px = (n_folded.count() as f64 * view.width_px / MAX_STRIP_MARKS).max(1.0).ceil();
    for row in shown {
        if let Some(run) = view.rows.run_at(row) {
            lay_row(view, run, view.row_view.y_of(row), strip_unit_px, &mut list);
        }
    }
    list.sort_by_style();
    list
}

fn lay_row(view: &ChartView<'_>, run: RunIdx, row_y: f64, strip_unit_px: f64, list: &mut DrawList) {
    let tree = view.tree;
    let is_match = view.matches.is_none_or(|matches| matches.binary_search(&run).is_ok());
    let is_faded = !is_match && view.selected != Some(run);
    let run_type = tree.run_type(run);
    let (start, end) = (tree.start_ns(run) as f64, tree.end_or_now_ns(run, view.now_ns) as f64);
    let (y, h) = (row_y + view.bar_top_px, view.bar_height_px);
    // Clipped a little outside the box, where rounded corners and outlines of longer bars are out of sight.
    let px = |time: f64| view.window.px_from_time(time, view.width_px).clamp(-8.0, view.width_px + 8.0);
    let mark = |shape, paint, x: f64, w: f64| Mark { shape, paint, is_faded, x, y, w, h };

    if !view.window.overlaps(start, end) {
        let (shape, x) =
            if end < view.window.start_ns { (Shape::ArrowLeft, 3.0) } else { (Shape::ArrowRight, view.width_px - 9.0) };
        list.marks.push(mark(shape, Paint::Faint, x, 6.0));
        return;
    }
    let x = px(start);
    let w = (px(end) - x).max(MIN_BAR_PX);
    let is_running = tree.end_ns(run).is_none();
    let soft = Paint::Run(run_type, Tone::Soft);
    let solid = Paint::Run(run_type, Tone::Solid);
    let mut head_px = 0.0;
    let (mut label_from, mut label_to) = (x, x + w);
    if end <= start && !is_running {
        let side = h.min(12.0);
        let x = (x - side / 2.0).clamp(0.0, (view.width_px - side).max(0.0));
        (label_from, label_to) = (x, x + side);
        let paint = if tree.has_error(run) { Paint::Error } else { solid };
        list.marks.push(Mark { shape: Shape::Diamond, paint, is_faded, x, y: y + (h - side) / 2.0, w: side, h: side });
    } else {
        let is_soft = is_running || run_type == RunType::Chain;
        if !view.is_monochrome || !(is_soft || tree.has_error(run)) {
            list.marks.push(mark(Shape::Bar, if is_soft { soft } else { solid }, x, w));
        } else if !is_running {
            list.marks.push(mark(Shape::Outline, solid, x, w));
        }
        if let Some(first) = tree.first_token_ns(run).filter(|_| !is_soft && !view.is_monochrome) {
            head_px = (px(first as f64) - x).min(w);
            if head_px >= 1.0 {
                list.marks.push(mark(Shape::Head, soft, x, head_px));
            }
        }
        if is_running {
            list.marks.push(mark(Shape::DashedOutline, solid, x, w));
        }
        if tree.has_error(run) {
            list.marks.push(mark(Shape::Hatch, Paint::Error, x, w));
            list.marks.push(mark(Shape::Outline, Paint::Error, x, w));
        }
    }
    if view.collapsed.contains(run) && tree.has_children(run) {
        lay_strip(view, run, (y + h + 1.0, is_faded), strip_unit_px, list);
    }
    if let Some(path) = view.critical_path {
        for piece in path.pieces_of(run) {
            let (from, to) = (px(piece.start_ns as f64), px(piece.end_ns as f64));
            if view.window.overlaps(piece.start_ns as f64, piece.end_ns as f64) {
                let w = (to - from).max(MIN_BAR_PX);
                let y = (y - 3.0).max(row_y);
                let stripe =
                    Mark { shape: Shape::Block, paint: Paint::Critical, is_faded: false, x: from, y, w, h: 2.0 };
                list.marks.push(Mark { y: y - 1.0, h: 4.0, paint: Paint::CriticalHalo, ..stripe });
                list.marks.push(stripe);
            }
        }
    }
    lay_label(view, run, LabelPlace { from: label_from, head_px, to: label_to, y_middle: y + h / 2.0, is_faded }, list);
}

/// The bar that a label belongs to.
struct LabelPlace {
    from: f64,
    /// How much of it is drawn soft, from the left: text goes behind that.
    head_px: f64,
    to: f64,
    y_middle: f64,
    is_faded: bool,
}

/// What the children of a folded run cover, as one line of marks that do not overlap, errors kept apart.
fn lay_strip(view: &ChartView<'_>, run: RunIdx, (y, is_faded): (f64, bool), unit_px: f64, list: &mut DrawList) {
    let tree = view.tree;
    let strip = |paint, x, w| Mark { shape: Shape::Block, paint, is_faded, x, y, w, h: STRIP_HEIGHT_PX };
    let mut free_from = 0.0f64;
    for child in tree.children(run) {
        let (start, end) = (tree.start_ns(child) as f64, tree.end_or_now_ns(child, view.now_ns) as f64);
        if !view.window.overlaps(start, end) {
            continue;
        }
        let px = |time: f64| view.window.px_from_time(time, view.width_px).clamp(0.0, view.width_px);
        let x = ((px(start) / unit_px).floor() * unit_px).max(free_from);
        let x_end = ((px(end) / unit_px).ceil() * unit_px).max(x).min(view.width_px);
        let has_error = tree.has_error(child) || tree.n_errors_below(child) > 0;
        let paint = if has_error { Paint::Error } else { Paint::Run(tree.run_type(child), Tone::Solid) };
        if x_end > x {
            list.marks.push(strip(paint, x, x_end - x));
            free_from = x_end;
        } else if has_error && let Some(last) = list.marks.last_mut().filter(|last| last.y == y) {
            // No room of its own: what covers it must not hide that it failed.
            last.paint = Paint::Error;
        }
    }
}

/// The duration: in the bar if it fits, else after, else before, else nowhere.
fn lay_label(view: &ChartView<'_>, run: RunIdx, place: LabelPlace, list: &mut DrawList) {
    let tree = view.tree;
    let (start, end) = (tree.start_ns(run), tree.end_or_now_ns(run, view.now_ns));
    let text = duration(i64::try_from(end.saturating_sub(start)).unwrap_or(i64::MAX));
    let width = view.widths.width_px(&text);
    let (left, right) = (place.from.max(0.0), place.to.min(view.width_px));
    let solid_from = (place.from + place.head_px).max(0.0);
    // A hatch under text is hard to read: failed runs are labelled beside.
    let may_stand_inside = !view.is_monochrome && !view.is_stacked && !tree.has_error(run);
    // Soft bars have the surface's lightness, so text on them has its colour; chains are always soft.
    let type_under = if tree.end_ns(run).is_none() { RunType::Chain } else { tree.run_type(run) };
    let (paint, x) = if may_stand_inside && right - solid_from >= width + 2.0 * LABEL_GAP_PX {
        (LabelPaint::OnBar(type_under), solid_from + LABEL_GAP_PX)
    } else if right + LABEL_GAP_PX + width <= view.width_px {
        (LabelPaint::Beside, right + LABEL_GAP_PX)
    } else if left - LABEL_GAP_PX - width >= 0.0 {
        (LabelPaint::Beside, left - LABEL_GAP_PX - width)
    } else {
        return;
    };
    list.labels.push(Label { paint, is_faded: place.is_faded, x, y_middle: place.y_middle, text });
}

#[cfg(test)]
mod tests {
    use super::super::painter::draw_as_text;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    const WIDTH: f64 = 500.0;

    fn draw(tree: &RunTree, collapsed: &Collapsed, window: TimeWindow, matches: Option<&[RunIdx]>) -> DrawList {
        let rows = VisibleRows::new(tree, collapsed);
        layout(&ChartView {
            tree,
            rows: &rows,
            collapsed,
            window,
            width_px: WIDTH,
            row_view: RowView { scroll_top_px: 0.0, height_px: 260.0, row_height_px: 26.0 },
            bar_top_px: 5.0,
            bar_height_px: 16.0,
            now_ns: 90_000_000,
            selected: None,
            matches,
            critical_path: None,
            widths: &TextWidths::uniform(7.0),
            is_monochrome: false,
            is_stacked: false,
        })
    }

    #[track_caller]
    fn check(trace: &str, folded: &[RunIdx], window_ms: (f64, f64), expected: Expect) {
        let tree = trace_from_text(trace);
        let mut collapsed = Collapsed::none();
        folded.iter().for_each(|&run| collapsed.set(run, true));
        let window = TimeWindow { start_ns: window_ms.0 * 1e6, end_ns: window_ms.1 * 1e6 };
        expected.assert_eq(&draw_as_text(&draw(&tree, &collapsed, window, None)));
    }

    #[test]
    fn a_bar_has_a_soft_head_until_its_first_token_and_its_label_inside_or_after() {
        check(
            "agent 0..100
               chat:llm 10..60 first=20
               parse:parser 60..61",
            &[],
            (0.0, 100.0),
            expect![[r#"
                Grid
                  Line 0,0 1×260
                  Line 100,0 1×260
                  Line 200,0 1×260
                  Line 300,0 1×260
                  Line 400,0 1×260
                  Line 499,0 1×260
                Run(Chain, Soft)
                  Bar 0,5 500×16
                Run(Llm, Solid)
                  Bar 50,31 250×16
                Run(Parser, Solid)
                  Bar 300,57 5×16
                Run(Llm, Soft)
                  Head 50,31 50×16
                OnBar(Chain)
                  "100 ms" 6,13
                OnBar(Llm)
                  "50 ms" 106,39
                Beside
                  "1 ms" 311,65
            "#]],
        );
    }

    #[test]
    fn a_failed_run_is_hatched_and_a_running_one_dashed() {
        check(
            "agent 0..
               search:tool 10..60 error",
            &[],
            (0.0, 100.0),
            expect![[r#"
                Grid
                  Line 0,0 1×260
                  Line 100,0 1×260
                  Line 200,0 1×260
                  Line 300,0 1×260
                  Line 400,0 1×260
                  Line 499,0 1×260
                Run(Chain, Soft)
                  Bar 0,5 450×16
                Run(Tool, Solid)
                  Bar 50,31 250×16
                Run(Chain, Solid)
                  DashedOutline 0,5 450×16
                Error
                  Hatch 50,31 250×16
                  Outline 50,31 250×16
                OnBar(Chain)
                  "90 ms" 6,13
                Beside
                  "50 ms" 306,39
            "#]],
        );
    }

    #[test]
    fn a_folded_run_shows_what_its_children_cover() {
        check(
            "agent 0..100
               a:llm 0..30
               b:tool 10..60
                 c:tool 20..30 error
               d:llm 80..90",
            &[0],
            (0.0, 100.0),
            expect![[r#"
                Grid
                  Line 0,0 1×260
                  Line 100,0 1×260
                  Line 200,0 1×260
                  Line 300,0 1×260
                  Line 400,0 1×260
                  Line 499,0 1×260
                Run(Chain, Soft)
                  Bar 0,5 500×16
                Run(Llm, Solid)
                  Block 0,22 150×3
                  Block 400,22 50×3
                Error
                  Block 150,22 150×3
                OnBar(Chain)
                  "100 ms" 6,13
            "#]],
        );
    }

    #[test]
    fn bars_outside_the_window_leave_an_arrow_and_instants_are_diamonds() {
        check(
            "agent 0..100
               a:llm 0..30
               b:tool 55..55
               c:llm 80..90",
            &[],
            (50.0, 60.0),
            expect![[r#"
                Grid
                  Line 0,0 1×260
                  Line 100,0 1×260
                  Line 200,0 1×260
                  Line 300,0 1×260
                  Line 400,0 1×260
                  Line 499,0 1×260
                Run(Chain, Soft)
                  Bar -8,5 516×16
                Run(Tool, Solid)
                  Diamond 244,59 12×12
                Faint
                  ArrowLeft 3,31 6×16
                  ArrowRight 491,83 6×16
                OnBar(Chain)
                  "100 ms" 6,13
                Beside
                  "0 ms" 262,65
            "#]],
        );
    }

    #[test]
    fn a_search_fades_what_it_did_not_find() {
        let tree = trace_from_text("agent 0..100\n a 10..60\n b 20..30");
        let list = draw(&tree, &Collapsed::none(), TimeWindow::whole(100_000_000), Some(&[1]));
        let faded: Vec<_> = list.labels.iter().map(|label| (label.text.as_str(), label.is_faded)).collect();
        assert_eq!(faded, [("50 ms", false), ("100 ms", true), ("10 ms", true)]);
    }

    prop_compose! {
        fn traces()(spans in prop::collection::vec((0u32..1000, 0u32..1000, 0usize..5, prop::bool::ANY), 1..40)) -> String {
            let line = |(start, end, depth, has_error): &(u32, u32, usize, bool)| {
                format!("{}run:llm {start}..{end}{}", " ".repeat(depth + 1), if *has_error { " error" } else { "" })
            };
            spans.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }

    proptest! {
        #[test]
        fn every_mark_is_finite_and_inside_the_box(
            trace in traces(), start in -1e9..1e9f64, len in 100.0..1e10f64, folded in prop::collection::vec(0u32..40, 0..9),
        ) {
            let tree = trace_from_text(&trace);
            let mut collapsed = Collapsed::none();
            folded.iter().for_each(|&run| collapsed.set(run, true));
            let list = draw(&tree, &collapsed, TimeWindow { start_ns: start, end_ns: start + len }, None);
            for mark in &list.marks {
                prop_assert!([mark.x, mark.y, mark.w, mark.h].iter().all(|px| px.is_finite()));
                prop_assert!(mark.x >= -8.0 && mark.x + mark.w <= WIDTH + 10.0 && mark.w >= 0.0, "{:?}", mark);
            }
            for label in &list.labels {
                prop_assert!(label.x >= 0.0 && label.x + 7.0 * label.text.chars().count() as f64 <= WIDTH + 0.001);
            }
        }

        #[test]
        fn no_failed_run_is_ever_left_out(trace in traces(), folded in prop::collection::vec(0u32..40, 0..9)) {
            let tree = trace_from_text(&trace);
            let mut collapsed = Collapsed::none();
            folded.iter().for_each(|&run| collapsed.set(run, true));
            let list = draw(&tree, &collapsed, TimeWindow::whole(tree.extent_ns()), None);
            let rows = VisibleRows::new(&tree, &collapsed);
            let shows_error = list.marks.iter().any(|mark| mark.paint == Paint::Error);
            let first_rows = rows.iter().take(10).collect::<Vec<_>>();
            let is_due = tree.errors().iter().any(|&error| {
                rows.position_of_or_above(error).and_then(|row| rows.run_at(row)).is_some_and(|run| first_rows.contains(&run))
            });
            prop_assert_eq!(shows_error, is_due);
        }
    }
}
