//! The whole trace as a small picture: where runs are and how dense, which failed, what they cost.

use super::coloring::Coloring;
use super::marks::Fill;
use super::time_scale::TimeScale;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunType;

/// A picture of `width` columns and `n_lanes` lanes, and two strips of as many columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    pub width: usize,
    pub n_lanes: usize,
    cells: Vec<Cell>,
    /// Runs that failed, by the column of their end.
    pub n_failed: Vec<u32>,
    /// What runs cost by themselves, in picodollars, by the column of their end.
    pub cost_pico: Vec<f64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell {
    /// Of the longest run here, plus one; 0 where nothing is. Frameworks show only where nothing else is.
    fill: u8,
    weight: u8,
    len_ns: u64,
    /// Each run counts once, where it starts.
    n_starts: u32,
}

/// Of 255: a cell where something goes on, and what each doubling of its density adds.
const ALPHA: u32 = 130;
const ALPHA_STEP: u32 = 26;

impl Overview {
    /// `n_lanes` lanes share the runs by their place in display order; few runs have a lane each.
    pub fn new(tree: &RunTree, coloring: &Coloring, scale: &TimeScale, n_lanes: usize, now_ns: u64) -> Self {
        let width = scale.width_px() as usize;
        let n_runs = tree.n_runs();
        let n_lanes = n_lanes.min(n_runs);
        let mut overview = Overview {
            width,
            n_lanes,
            cells: vec![Cell::default(); width * n_lanes],
            n_failed: vec![0; width],
            cost_pico: vec![0.0; width],
        };
        if overview.cells.is_empty() {
            return overview;
        }
        let last = width as f64 - 1.0;
        let column = |time: u64| scale.px(time as f64).clamp(0.0, last) as usize;
        let own_costs = own_costs(tree);
        for run in 0..n_runs as RunIdx {
            let lane = run as usize * n_lanes / n_runs;
            let (start, end) = (tree.start_ns(run), tree.end_or_now_ns(run, now_ns));
            let (from, to) = (column(start), column(end));
            let weight = if tree.run_type(run) == RunType::Chain { 1 } else { 2 };
            let fill = coloring.fill(tree, run).idx() as u8 + 1;
            let cells = &mut overview.cells[lane * width..(lane + 1) * width];
            cells[from].n_starts += 1;
            for cell in &mut cells[from..=to] {
                if (weight, end - start) > (cell.weight, cell.len_ns) || cell.weight == 0 {
                    (cell.weight, cell.len_ns, cell.fill) = (weight, end - start, fill);
                }
            }
            overview.n_failed[to] += u32::from(tree.has_error(run));
            overview.cost_pico[to] += own_costs[run as usize];
        }
        overview
    }

    /// How many runs the picture counts: all there are.
    pub fn n_runs(&self) -> u64 {
        self.cells.iter().map(|cell| u64::from(cell.n_starts)).sum()
    }

    /// The lanes above, below them the strips: failures, what a search found (`matches`, ascending columns), costs.
    ///
    /// `dpr` device pixels to a pixel; the width is the overview's own.
    pub fn picture(&self, colors: &OverviewColors, matches: &[usize], height_px: f64, dpr: f64) -> Picture {
        let device = |px: f64| (px * dpr).round() as usize;
        let mut picture = Picture::new(self.width, device(height_px));
        let [top, costs, air] = [device(TOP_PX), device(COST_PX), device(1.0)];
        let strip = device(STRIP_PX);
        let lanes = picture.height.saturating_sub(top + 2 * (strip + air) + costs + air);
        let pitch = (lanes / self.n_lanes.max(1)).clamp(1, device(MOST_LANE_PX));
        let lane = pitch.saturating_sub(air).max(1);
        for (position, cell) in self.cells.iter().enumerate().filter(|(_, cell)| cell.fill > 0) {
            let (y, x) = (position / self.width * pitch, position % self.width);
            let alpha = (ALPHA + ALPHA_STEP * cell.n_starts.max(1).ilog2()).min(255) as u8;
            picture.fill([x, top + y, 1, lane], colors.fills[cell.fill as usize - 1], alpha);
        }
        let mut y = top + lanes;
        for (x, _) in self.n_failed.iter().enumerate().filter(|&(_, &n)| n > 0) {
            // At least as wide as a pixel of the page, so that one failure among many is seen.
            picture.fill([x, y, device(1.0).max(1), strip], colors.error, 255);
        }
        y += strip + air;
        for &x in matches {
            picture.fill([x, y, device(1.0).max(1), strip], colors.matches, 255);
        }
        y += strip + air + costs;
        for (x, share) in self.cost_shares().enumerate().filter(|&(_, share)| share > 0.0) {
            let h = ((costs as f64 * share).round() as usize).max(1);
            picture.fill([x, y - h, device(1.0).max(1), h], colors.cost, 255);
        }
        picture
    }

    /// The strip of costs from 0 to 1, by square root, so that small costs beside a large one can be seen.
    fn cost_shares(&self) -> impl Iterator<Item = f64> + '_ {
        let most = self.cost_pico.iter().copied().fold(0.0, f64::max);
        self.cost_pico.iter().map(move |&pico| if most > 0.0 { (pico / most).sqrt() } else { 0.0 })
    }
}

/// Air above the lanes, heights of the strips for failures and matches and of that for costs, and of one lane at most.
const TOP_PX: f64 = 3.0;
const STRIP_PX: f64 = 4.0;
const COST_PX: f64 = 9.0;
const MOST_LANE_PX: f64 = 6.0;

/// Red, green and blue of what an overview shows.
#[derive(Clone, Copy, Debug)]
pub struct OverviewColors {
    pub fills: [[u8; 3]; Fill::COUNT],
    pub error: [u8; 3],
    pub matches: [u8; 3],
    pub cost: [u8; 3],
}

/// How many lanes an overview of `height_px` has room for, two pixels each.
pub fn lanes_in(height_px: f64) -> usize {
    ((height_px - TOP_PX - 2.0 * (STRIP_PX + 1.0) - COST_PX - 1.0) / 2.0).max(1.0) as usize
}

/// Pixels from the upper left corner, row by row: red, green, blue, alpha.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<u8>,
}

impl Picture {
    fn new(width: usize, height: usize) -> Self {
        Picture { width, height, rgba: vec![0; width * height * 4] }
    }

    /// Left, top, width, height; what lies outside is cut off.
    fn fill(&mut self, [x, y, w, h]: [usize; 4], [red, green, blue]: [u8; 3], alpha: u8) {
        for line in y.min(self.height)..(y + h).min(self.height) {
            for column in x.min(self.width)..(x + w).min(self.width) {
                self.rgba[(line * self.width + column) * 4..][..4].copy_from_slice(&[red, green, blue, alpha]);
            }
        }
    }
}

/// What each run cost apart from the runs below it.
fn own_costs(tree: &RunTree) -> Vec<f64> {
    let pico = |run: RunIdx| tree.cost(run).map_or(0.0, |cost| cost.picodollars as f64);
    let mut own: Vec<f64> = (0..tree.n_runs() as RunIdx).map(pico).collect();
    for run in 0..tree.n_runs() as RunIdx {
        if let Some(parent) = tree.parent(run) {
            own[parent as usize] -= pico(run);
        }
    }
    // A sum that arrived before its parts would be negative.
    own.iter_mut().for_each(|cost| *cost = cost.max(0.0));
    own
}

#[cfg(test)]
mod tests {
    use super::super::link::choices::ColorBy;
    use super::super::time_window::TimeWindow;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn overview(tree: &RunTree, width_px: f64, n_lanes: usize) -> Overview {
        let scale = TimeScale::linear(TimeWindow { start_ns: 0.0, end_ns: 100e6 }, width_px);
        Overview::new(tree, &Coloring::new(tree, ColorBy::Kind), &scale, n_lanes, 0)
    }

    #[track_caller]
    fn check(n_lanes: usize, expected: Expect) {
        let overview = overview(&trace_from_text(TRACE), 20.0, n_lanes);
        let letter = |cell: &Cell| match cell.fill {
            0 => ' ',
            fill if fill == Fill::NEUTRAL.idx() as u8 + 1 => 'c',
            fill => char::from(b'0' + fill),
        };
        let lane = |cells: &[Cell]| format!("|{}|\n", cells.iter().map(letter).collect::<String>());
        let lanes: String = overview.cells.chunks(20).map(lane).collect();
        let strip =
            |values: Vec<bool>| values.into_iter().map(|is_on| if is_on { '^' } else { ' ' }).collect::<String>();
        let failed = strip(overview.n_failed.iter().map(|&n| n > 0).collect());
        let cost = strip(overview.cost_pico.iter().map(|&pico| pico > 0.0).collect());
        expected.assert_eq(&format!("{lanes}!{failed}!\n${cost}$\n"));
    }

    const TRACE: &str = "agent 0..99 cost=0.03
        a:llm 0..49 cost=0.01
        b:tool 50..54 error
        c:retriever 60..89 cost=0.02";

    #[test]
    fn few_runs_have_a_lane_each() {
        check(
            4,
            expect![[r#"
            |cccccccccccccccccccc|
            |1111111111          |
            |          2         |
            |            333333  |
            !          ^         !
            $         ^       ^  $
        "#]],
        );
    }

    #[test]
    fn in_a_shared_lane_the_longest_leaf_shows() {
        check(
            1,
            expect![[r#"
            |11111111112c333333cc|
            !          ^         !
            $         ^       ^  $
        "#]],
        );
    }

    proptest! {
        #[test]
        fn every_run_is_counted_once_and_every_failure_shows(
            spans in prop::collection::vec((0u32..100, 0u32..100, prop::bool::ANY), 0..60), width in 1.0..300.0f64, n_lanes in 1usize..40,
        ) {
            let line = |(start, len, has_error): &(u32, u32, bool)| {
                format!("\n run:llm {start}..{}{}", start + len, if *has_error { " error" } else { "" })
            };
            let tree = trace_from_text(&format!("root 0..100{}", spans.iter().map(line).collect::<String>()));
            let overview = overview(&tree, width, n_lanes);
            prop_assert_eq!(overview.n_runs(), tree.n_runs() as u64);
            prop_assert_eq!(overview.n_failed.iter().sum::<u32>() as usize, tree.errors().len());
            let colors = OverviewColors { fills: [[1; 3]; Fill::COUNT], error: [9; 3], matches: [2; 3], cost: [3; 3] };
            let picture = overview.picture(&colors, &[], 96.0, 1.0);
            prop_assert_eq!(picture.rgba.len(), overview.width * 96 * 4);
            prop_assert_eq!(picture.rgba.chunks(4).any(|pixel| pixel[0] == 9), !tree.errors().is_empty());
        }
    }
}
