//! What the marks of the lanes look like: bars with their names, blocks where runs were merged.

use super::layout::{DETAIL_PX, LaneMark, LanesView};
use crate::model::RunIdx;
use crate::trace_view::XUnit;
use crate::waterfall::marks::{DrawList, Fill, Label, LabelPaint, Layer, Mark, Paint, Shape};

const MAX_LABELS: usize = 120;
const LABEL_GAP_PX: f64 = 5.0;
/// Narrower bars have no room for a name.
const LABEL_FROM_PX: f64 = 30.0;
/// How much of a failed bar is hatched, at its end: a name on a hatch is hard to read.
const HATCH_PX: f64 = 28.0;
/// Air between lanes.
const GAP_PX: f64 = 2.0;
/// Few merged runs are paler than many.
const DENSE_FROM: u32 = 5;

/// The draw list of `marks`, sorted for painting, with grid lines at `ticks_px`.
pub fn draw(view: &LanesView<'_>, marks: &[LaneMark], ticks_px: &[f64]) -> DrawList {
    let mut list = DrawList::default();
    let width_px = view.scale.width_px();
    for (_, from, to) in view.scale.bands() {
        let (x, to) = (from.max(0.0), to.min(width_px));
        let (layer, shape, paint, h) = (Layer::Ground, Shape::Block, Paint::GapHatch, view.height_px);
        list.marks.extend((to > x).then_some(Mark { layer, shape, paint, x, y: 0.0, w: to - x, h }));
    }
    for x in ticks_px.iter().map(|x| x.floor().clamp(0.0, (width_px - 1.0).max(0.0))) {
        let (layer, shape, paint, h) = (Layer::Ground, Shape::Line, Paint::Grid, view.height_px);
        list.marks.push(Mark { layer, shape, paint, x, y: 0.0, w: 1.0, h });
    }
    let mut named: Vec<&LaneMark> = Vec::new();
    for mark in marks {
        if mark.is_merged() || mark.width_px < DETAIL_PX {
            draw_block(view, mark, &mut list);
        } else {
            draw_bar(view, mark, &mut list);
            named.extend((mark.width_px >= LABEL_FROM_PX && !view.is_monochrome).then_some(mark));
        }
        draw_critical(view, mark, &mut list);
    }
    named.sort_by(|one, other| other.width_px.total_cmp(&one.width_px));
    named.truncate(MAX_LABELS);
    list.labels.extend(named.into_iter().filter_map(|mark| name_of(view, mark)));
    list.sort_by_style();
    list
}

/// The upper edge of a lane's bars, and their height.
fn bar_y(view: &LanesView<'_>, lane: u32) -> (f64, f64) {
    let top = f64::from(lane) * view.lane_height_px - view.scroll_top_px;
    (top + GAP_PX / 2.0, (view.lane_height_px - GAP_PX).max(1.0))
}

/// The surface shows through: outlines, and what is under way.
fn is_hollow(view: &LanesView<'_>, run: RunIdx) -> bool {
    view.tree.end_ns(run).is_none() || view.coloring.fill(view.tree, run) == Fill::NEUTRAL
}

/// Outlines of one colour go on the layer above, so that a frame sets it once.
fn layer_of(fill: Fill) -> Layer {
    if fill == Fill::NEUTRAL { Layer::Ends } else { Layer::Bars }
}

fn draw_block(view: &LanesView<'_>, mark: &LaneMark, list: &mut DrawList) {
    let (y, h) = bar_y(view, mark.lane);
    let is_pale = if mark.is_merged() { mark.n_runs < DENSE_FROM } else { is_hollow(view, mark.run) };
    let fill = view.coloring.fill(view.tree, mark.run);
    let (layer, paint) = if mark.has_error { (Layer::Ends, Paint::Error) } else { (layer_of(fill), Paint::Fill(fill)) };
    // Wide enough to be seen, wider where it must not be missed.
    let w = mark.width_px.max(if mark.has_error { 2.0 } else { 1.0 });
    let block = Mark { layer, shape: Shape::Block, paint, x: mark.x_px, y, w, h };
    list.marks.push(block);
    if !mark.is_match || (is_pale && !mark.has_error) {
        list.marks.push(Mark { layer: Layer::Veils, paint: Paint::Veil, ..block });
    }
}

fn draw_bar(view: &LanesView<'_>, mark: &LaneMark, list: &mut DrawList) {
    let tree = view.tree;
    let (y, h) = bar_y(view, mark.lane);
    let fill = view.coloring.fill(tree, mark.run);
    let (x, w) = (mark.x_px, mark.width_px);
    let of = |layer, shape, paint| Mark { layer, shape, paint, x, y, w, h };
    let is_running = tree.end_ns(mark.run).is_none();
    if view.is_monochrome || fill == Fill::NEUTRAL {
        list.marks.push(of(Layer::Ends, Shape::Outline, Paint::Fill(Fill::NEUTRAL)));
    } else {
        list.marks.push(of(Layer::Bars, Shape::Bar, Paint::Fill(fill)));
        if is_running && mark.is_match {
            let veil = of(Layer::Veils, Shape::Bar, Paint::Veil);
            list.marks.push(Mark { x: x + 1.0, y: y + 1.0, w: (w - 2.0).max(0.5), h: (h - 2.0).max(0.5), ..veil });
        }
    }
    if is_running {
        list.marks.push(of(Layer::Ends, Shape::DashedOutline, Paint::Fill(Fill::NEUTRAL)));
    }
    if mark.has_error {
        let hatch_px = w.min(HATCH_PX);
        list.marks.push(Mark { x: x + w - hatch_px, w: hatch_px, ..of(Layer::Ends, Shape::Bar, Paint::ErrorHatch) });
        list.marks.push(of(Layer::Ends, Shape::Outline, Paint::Error));
    }
    if !mark.is_match {
        list.marks.push(of(Layer::Veils, Shape::Bar, Paint::Veil));
    }
}

/// The stripe along the upper edge where the trace waited for this run.
fn draw_critical(view: &LanesView<'_>, mark: &LaneMark, list: &mut DrawList) {
    let Some(path) = view.critical_path.filter(|_| view.lanes.unit() == XUnit::Time && !mark.is_merged()) else {
        return;
    };
    let (y, _) = bar_y(view, mark.lane);
    for piece in path.pieces_of(mark.run) {
        let (from, to) = (piece.start_ns as f64, piece.end_ns as f64);
        let (x, end) = view.px((from, to));
        if view.scale.window().overlaps(from, to) {
            let (layer, paint, w) = (Layer::Critical, Paint::Critical, (end - x).max(1.0));
            let stripe = Mark { layer, shape: Shape::Block, paint, x, y, w, h: 2.0 };
            list.marks.push(Mark { layer: Layer::Halo, shape: Shape::Clear, h: 3.0, ..stripe });
            list.marks.push(stripe);
        }
    }
}

/// The run's name, cut to what fits; nothing if that is next to nothing.
fn name_of(view: &LanesView<'_>, mark: &LaneMark) -> Option<Label> {
    let (left, right) = (mark.x_px.max(0.0), (mark.x_px + mark.width_px).min(view.scale.width_px()));
    let hatched_px = if mark.has_error { HATCH_PX } else { 0.0 };
    let room_px = right - left - 2.0 * LABEL_GAP_PX - hatched_px;
    let text = fitting(view, view.tree.name(mark.run), room_px)?;
    let (y, h) = bar_y(view, mark.lane);
    let fill = if is_hollow(view, mark.run) { Fill::NEUTRAL } else { view.coloring.fill(view.tree, mark.run) };
    let paint = if mark.is_match { LabelPaint::OnBar(view.inks[fill.idx()]) } else { LabelPaint::Faded };
    Some(Label { paint, x: left + LABEL_GAP_PX, y_middle: y + h / 2.0, text })
}

/// As much of `text` as fits, with an ellipsis where it was cut; at least three letters.
fn fitting(view: &LanesView<'_>, text: &str, room_px: f64) -> Option<String> {
    const LONGEST: usize = 120;
    let mut chars: Vec<char> = text.chars().take(LONGEST + 1).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let whole: String = chars.iter().collect();
    if !whole.is_empty() && chars.len() <= LONGEST && view.widths.width_px(&whole) <= room_px {
        return Some(whole);
    }
    let room_px = room_px - view.widths.width_px("…");
    let mut used_px = 0.0;
    let n_fitting = chars.iter().take_while(|c| {
        used_px += view.widths.width_px(c.encode_utf8(&mut [0; 4]));
        used_px <= room_px
    });
    let n_fitting = n_fitting.count();
    chars.truncate(n_fitting);
    (n_fitting >= 3).then(|| chars.into_iter().chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::super::layout::{marks, tests::with_view};
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use crate::waterfall::critical_path::CriticalPath;
    use crate::waterfall::painter::draw_as_text;
    use crate::waterfall::time_window::TimeWindow;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(trace: &str, matches: Option<&[RunIdx]>, has_path: bool, expected: Expect) {
        let tree = trace_from_text(trace);
        let path = CriticalPath::new(&tree, 90_000_000);
        let window = TimeWindow { start_ns: 0.0, end_ns: 100e6 };
        with_view(&tree, window, 500.0, |view| {
            let view = LanesView { matches, critical_path: has_path.then_some(&path), ..*view };
            expected.assert_eq(&draw_as_text(&draw(&view, &marks(&view), &[100.0])));
        });
    }

    #[test]
    fn runs_have_their_name_in_their_bar_cut_where_it_does_not_fit() {
        check(
            "agent 0..100
               ask_the_language_model:llm 10..30
               go:tool 40..42
               run:tool 50..60 error",
            None,
            false,
            expect![[r#"
                Grid
                  Line 100,0 1×400
                series-1
                  Bar 50,21 100×18
                series-2
                  Bar 250,21 50×18
                  Block 200,21 10×18
                run-chain
                  Outline 0,1 500×18
                Error
                  Outline 250,21 50×18
                ErrorHatch
                  Bar 272,21 28×18
                OnBar(0)
                  "agent" 5,10
                  "ask_the_lan…" 55,30
            "#]],
        );
    }

    #[test]
    fn a_run_under_way_is_dashed_and_what_does_not_match_is_faded() {
        check(
            "agent 0..\n  search:retriever 10..60",
            Some(&[1]),
            false,
            expect![[r#"
                Grid
                  Line 100,0 1×400
                series-3
                  Bar 50,21 250×18
                run-chain
                  Outline 0,1 450×18
                  DashedOutline 0,1 450×18
                Veil
                  Bar 0,1 450×18
                OnBar(0)
                  "search" 55,30
                Faded
                  "agent" 5,10
            "#]],
        );
    }

    #[test]
    fn merged_runs_are_blocks_and_failed_if_one_is() {
        check(
            "agent 0..100
               a:llm 10..10.1
               b:tool 10.1..10.2 error
               c:llm 30..30.1",
            None,
            false,
            expect![[r#"
                Grid
                  Line 100,0 1×400
                series-1
                  Block 150,21 1×18
                run-chain
                  Outline 0,1 500×18
                Error
                  Block 50,21 2×18
                OnBar(0)
                  "agent" 5,10
            "#]],
        );
    }

    #[test]
    fn the_critical_path_is_a_stripe_along_the_upper_edge() {
        check(
            "agent 0..100\n  chat:llm 20..100",
            None,
            true,
            expect![[r#"
                Grid
                  Line 100,0 1×400
                series-1
                  Bar 100,21 400×18
                run-chain
                  Outline 0,1 500×18
                Critical
                  Clear 0,1 100×3
                  Clear 100,21 400×3
                  Block 0,1 100×2
                  Block 100,21 400×2
                OnBar(0)
                  "agent" 5,10
                  "chat" 105,30
            "#]],
        );
    }
}
