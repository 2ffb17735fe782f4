//! From lanes and a window to what can be seen of them: wide runs one by one, narrow neighbours as one mark.

use super::Lanes;
use crate::model::{RunIdx, RunTree};
use crate::waterfall::coloring::Coloring;
use crate::waterfall::critical_path::CriticalPath;
use crate::waterfall::marks::Fill;
use crate::waterfall::narrowing::Shown;
use crate::waterfall::text_width::TextWidths;
use crate::waterfall::time_scale::TimeScale;

/// Everything that decides what the lanes show. Lengths in CSS pixels.
#[derive(Clone, Copy)]
pub struct LanesView<'a> {
    pub tree: &'a RunTree,
    pub lanes: &'a Lanes,
    /// The part of the axis on screen, in the unit of `lanes`; by time its idle gaps may be compressed.
    pub scale: &'a TimeScale,
    pub height_px: f64,
    pub scroll_top_px: f64,
    pub lane_height_px: f64,
    /// Where runs under way end, in the tree's time.
    pub now_ns: u64,
    /// In ascending order; others are faded. `None`: no search is on.
    pub matches: Option<&'a [RunIdx]>,
    /// Others are not drawn.
    pub shown: &'a Shown,
    /// Only of use by time.
    pub critical_path: Option<&'a CriticalPath>,
    pub coloring: &'a Coloring,
    /// For each fill the number of the text colour that can be read on it.
    pub inks: &'a [u8; Fill::COUNT],
    pub widths: &'a TextWidths,
    /// Fills and text have one colour (forced colours).
    pub is_monochrome: bool,
}

impl LanesView<'_> {
    /// Lanes at least partly in sight, each with its upper edge.
    pub fn lanes_in_sight(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        let height = self.lane_height_px.max(1.0);
        let first = (self.scroll_top_px / height).floor().max(0.0) as usize;
        let end = ((self.scroll_top_px + self.height_px) / height).ceil().max(0.0) as usize;
        (first..end.min(self.lanes.n_lanes()).max(first))
            .map(move |lane| (lane as u32, lane as f64 * height - self.scroll_top_px))
    }

    /// From and to in pixels, cut a little outside the box.
    pub(super) fn px(&self, (from, to): (f64, f64)) -> (f64, f64) {
        let px = |at: f64| self.scale.px(at).clamp(-8.0, self.scale.width_px() + 8.0);
        (px(from), px(to))
    }
}

/// One thing to see in a lane: a run, or several that are too narrow to tell apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneMark {
    pub lane: u32,
    /// The longest of its runs.
    pub run: RunIdx,
    pub n_runs: u32,
    pub x_px: f64,
    pub width_px: f64,
    /// What it covers on the axis.
    pub from: f64,
    pub to: f64,
    /// Of the longest of its runs.
    pub longest: f64,
    pub has_error: bool,
    /// No search is on, or one of its runs matches.
    pub is_match: bool,
}

impl LaneMark {
    pub fn is_merged(&self) -> bool {
        self.n_runs > 1
    }

    /// Rectangles that drawing it takes, at most.
    fn n_rects(&self) -> usize {
        match () {
            _ if self.is_merged() || self.width_px < DETAIL_PX => 1,
            _ if self.has_error => 3,
            _ => 2,
        }
    }
}

/// Narrower bars are drawn as plain blocks.
pub const DETAIL_PX: f64 = 12.0;
/// Runs narrower than this share a mark with their neighbours.
const MERGES_BELOW_PX: f64 = 2.0;
/// A frame of so many rectangles is drawn in time everywhere.
pub const MAX_RECTS: usize = 2_500;

/// The marks of the lanes in sight, by lane, then from left to right.
///
/// If they are too many, wider runs are merged, too, until they are not; every run in the window that is
/// not left out is in one mark.
pub fn marks(view: &LanesView<'_>) -> Vec<LaneMark> {
    if view.height_px < 1.0 {
        return Vec::new();
    }
    let mut merges_below_px = MERGES_BELOW_PX;
    let mut merger = Merger::new(view, merges_below_px);
    for (lane, _) in view.lanes_in_sight() {
        for &run in view.lanes.runs_from(view.tree, lane, view.scale.window().start_ns) {
            let (from, to) = view.lanes.span(view.tree, run, view.now_ns);
            let (from, to) = (from as f64, to as f64);
            if from > view.scale.window().end_ns {
                break;
            }
            if !view.shown.contains(view.tree, run) {
                continue;
            }
            let (x_px, end_px) = view.px((from, to));
            let is_match = view.matches.is_none_or(|matches| matches.binary_search(&run).is_ok());
            let has_error = view.tree.has_error(run);
            let (width_px, longest) = (end_px - x_px, to - from);
            merger.add(LaneMark { lane, run, n_runs: 1, x_px, width_px, from, to, longest, has_error, is_match });
        }
    }
    let mut marks = merger.finish();
    while marks.iter().map(LaneMark::n_rects).sum::<usize>() > MAX_RECTS && merges_below_px < view.scale.width_px() {
        merges_below_px *= 2.0;
        let mut merger = Merger::new(view, merges_below_px);
        marks.into_iter().for_each(|mark| merger.add(mark));
        marks = merger.finish();
    }
    marks
}

/// The mark at a place, a narrow one also from a pixel or two beside it.
pub fn mark_at(view: &LanesView<'_>, marks: &[LaneMark], x_px: f64, y_px: f64) -> Option<LaneMark> {
    const REACH_PX: f64 = 3.0;
    let lane = ((y_px + view.scroll_top_px) / view.lane_height_px.max(1.0)).floor();
    let lane = (lane >= 0.0).then_some(lane as u32)?;
    let start = marks.partition_point(|mark| mark.lane < lane);
    let distance = |mark: &LaneMark| (mark.x_px - x_px).max(x_px - mark.x_px - mark.width_px).max(0.0);
    let in_lane = marks[start..].iter().take_while(|mark| mark.lane == lane);
    let nearest = in_lane.min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
    (distance(nearest) <= REACH_PX).then_some(*nearest)
}

/// Joins narrow neighbours that begin in the same cell of the axis.
struct Merger {
    below_px: f64,
    /// A power of two, so that panning leaves every run in its cell.
    cell: f64,
    marks: Vec<LaneMark>,
    /// Narrow runs of one cell, and which.
    open: Option<(f64, LaneMark)>,
}

impl Merger {
    fn new(view: &LanesView<'_>, below_px: f64) -> Self {
        let cell = (below_px / view.scale.px_per_ns()).max(1.0).log2().ceil().exp2();
        Merger { below_px, cell, marks: Vec::new(), open: None }
    }

    fn add(&mut self, mark: LaneMark) {
        if mark.width_px >= self.below_px && !mark.is_merged() {
            self.close();
            self.marks.push(mark);
            return;
        }
        let cell = (mark.from / self.cell).floor();
        match &mut self.open {
            Some((open_cell, open)) if *open_cell == cell && open.lane == mark.lane => {
                open.width_px = (mark.x_px + mark.width_px - open.x_px).max(open.width_px);
                if mark.longest > open.longest {
                    (open.longest, open.run) = (mark.longest, mark.run);
                }
                open.to = open.to.max(mark.to);
                open.n_runs += mark.n_runs;
                open.has_error |= mark.has_error;
                open.is_match |= mark.is_match;
            }
            _ => {
                self.close();
                self.open = Some((cell, mark));
            }
        }
    }

    fn close(&mut self) {
        self.marks.extend(self.open.take().map(|(_, mark)| mark));
    }

    fn finish(mut self) -> Vec<LaneMark> {
        self.close();
        self.marks
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::assign::tests::any_tree;
    use super::*;
    use crate::model::fixtures::{skeleton_from_text, trace_from_text};
    use crate::trace_view::XUnit;
    use crate::waterfall::idle_gaps::IdleGaps;
    use crate::waterfall::link::choices::ColorBy;
    use crate::waterfall::time_window::TimeWindow;
    use proptest::prelude::*;
    use std::sync::Arc;

    pub fn with_view<T>(tree: &RunTree, window: TimeWindow, width_px: f64, see: impl Fn(&LanesView<'_>) -> T) -> T {
        let lanes = Lanes::new(tree, XUnit::Time);
        see(&LanesView {
            tree,
            lanes: &lanes,
            scale: &TimeScale::linear(window, width_px),
            height_px: 400.0,
            scroll_top_px: 0.0,
            lane_height_px: 20.0,
            now_ns: 90_000_000,
            matches: None,
            shown: &Shown::default(),
            critical_path: None,
            coloring: &Coloring::new(tree, ColorBy::Kind),
            inks: &[0; Fill::COUNT],
            widths: &TextWidths::uniform(7.0),
            is_monochrome: false,
        })
    }

    const WHOLE: TimeWindow = TimeWindow { start_ns: 0.0, end_ns: 100e6 };

    /// An agent that calls `n` tools of a microsecond, one after the other, the 70th of which fails.
    fn many_tools(n: usize) -> RunTree {
        let tools = (0..n).map(|idx| {
            let (start, status) = (idx as f64 / 1000.0, if idx == 70 { "error" } else { "success" });
            format!("  tool:tool {start}..{} {status}\n", start + 0.001)
        });
        trace_from_text(&format!("agent 0..100\n{}", tools.collect::<String>()))
    }

    #[test]
    fn narrow_neighbours_are_one_mark_that_says_how_many_and_whether_one_failed() {
        let tree = many_tools(200);
        let marks = with_view(&tree, WHOLE, 100.0, marks);
        let narrow: Vec<_> =
            marks.iter().filter(|mark| mark.lane == 1).map(|mark| (mark.n_runs, mark.has_error)).collect();
        assert_eq!(narrow, [(200, true)]);
    }

    #[test]
    fn zooming_in_tells_them_apart() {
        let tree = many_tools(200);
        let window = TimeWindow { start_ns: 50_000.0, end_ns: 60_000.0 };
        let marks = with_view(&tree, window, 1000.0, marks);
        assert!(marks.iter().all(|mark| mark.n_runs == 1));
        assert_eq!(marks.iter().filter(|mark| mark.lane == 1).count(), 12);
    }

    #[test]
    fn hidden_names_and_what_is_beside_the_branch_shown_alone_are_left_out() {
        let tree = trace_from_text("agent 0..100\n  plan 0..10\n  team 20..90\n    a 30..40\n    b 50..60");
        with_view(&tree, WHOLE, 1000.0, |view| {
            let runs = |solo, hidden_names: &[String]| {
                let marks = marks(&LanesView { shown: &Shown::new(&tree, solo, hidden_names), ..*view });
                marks.into_iter().map(|mark| mark.run).collect::<Vec<_>>()
            };
            assert_eq!(runs(Some(2), &[]), [2, 3, 4]);
            assert_eq!(runs(None, &["a".into()]), [0, 1, 2, 4]);
        });
    }

    #[test]
    fn a_compressed_gap_takes_little_and_what_follows_it_moves_up() {
        let tree = trace_from_text("agent 0..3600100\n  ask 0..50\n  answer 3600050..3600100");
        let gaps = Arc::new(IdleGaps::find(&tree));
        let window = gaps.bounds(tree.extent_ns());
        let x_of_answer = |gaps: &Arc<IdleGaps>| {
            let scale = TimeScale::new(window, 1000.0, gaps);
            with_view(&tree, window, 1000.0, |view| {
                let marks = marks(&LanesView { scale: &scale, ..*view });
                marks.iter().find(|mark| mark.run == 2).map_or(f64::NAN, |mark| mark.x_px)
            })
        };
        assert!(x_of_answer(&Arc::default()) > 990.0);
        assert!((400.0..600.0).contains(&x_of_answer(&gaps)), "{}", x_of_answer(&gaps));
    }

    #[test]
    fn a_mark_is_found_where_it_is_seen() {
        let tree = trace_from_text(
            "agent 0..100
               chat:llm 20..40
               tool:tool 50..50",
        );
        with_view(&tree, WHOLE, 1000.0, |view| {
            let marks = marks(view);
            let at = |x, y| mark_at(view, &marks, x, y).map(|mark| mark.run);
            assert_eq!(
                [at(300.0, 25.0), at(502.0, 30.0), at(450.0, 30.0), at(450.0, 5.0)],
                [Some(1), Some(2), None, Some(0)]
            );
            assert_eq!([at(300.0, 60.0), at(300.0, -5.0)], [None, None]);
        });
    }

    #[test]
    fn a_hundred_lanes_of_a_thousand_runs_stay_within_the_budget() {
        let mut skeleton = skeleton_from_text(&"a:tool 0..9\n".repeat(100_000));
        for run in 0..100_000i64 {
            (skeleton.start_ns[run as usize], skeleton.end_ns[run as usize]) =
                (run / 100 * 100_000, Some(run / 100 * 100_000 + 99_000));
        }
        let tree = RunTree::from_skeleton(&skeleton);
        with_view(&tree, WHOLE, 4000.0, |view| {
            let marks = marks(&LanesView { height_px: 2000.0, ..*view });
            assert!(marks.iter().map(LaneMark::n_rects).sum::<usize>() <= MAX_RECTS);
            assert_eq!(marks.iter().map(|mark| mark.n_runs).sum::<u32>(), 100_000);
        });
    }

    proptest! {
        #[test]
        fn every_run_is_in_one_mark_and_no_failure_is_hidden(tree in any_tree(40), width in 1.0..60.0f64) {
            let window = TimeWindow { start_ns: 0.0, end_ns: 200.0 };
            with_view(&tree, window, width, |view| {
                let marks = marks(&LanesView { height_px: 1e4, now_ns: 150, ..*view });
                prop_assert_eq!(marks.iter().map(|mark| mark.n_runs as usize).sum::<usize>(), tree.n_runs());
                prop_assert!(marks.iter().all(|mark| mark.x_px.is_finite() && mark.width_px >= 0.0));
                for run in 0..tree.n_runs() as RunIdx {
                    let (from, lane) = (tree.start_ns(run) as f64, view.lanes.lane_of(run));
                    let holds = |mark: &&LaneMark| Some(mark.lane) == lane && mark.from <= from && from <= mark.to;
                    let of_run: Vec<_> = marks.iter().filter(holds).collect();
                    prop_assert!(!of_run.is_empty());
                    prop_assert!(!tree.has_error(run) || of_run.iter().any(|mark| mark.has_error));
                }
                Ok(())
            })?;
        }

        #[test]
        fn panning_leaves_every_run_in_its_mark(tree in any_tree(40), by in 0.0..50.0f64) {
            let merged = |start_ns: f64| {
                with_view(&tree, TimeWindow { start_ns, end_ns: start_ns + 400.0 }, 30.0, |view| {
                    let marks = marks(&LanesView { height_px: 1e4, now_ns: 150, ..*view });
                    marks.into_iter().map(|mark| (mark.lane, mark.run, mark.n_runs)).collect::<Vec<_>>()
                })
            };
            prop_assert_eq!(merged(-60.0), merged(-60.0 + by));
        }
    }
}
