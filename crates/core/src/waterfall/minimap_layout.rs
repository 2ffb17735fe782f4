//! The whole trace in a strip: one pixel row per lane, however many runs there are.

use super::time_window::TimeWindow;
use crate::model::RunTree;
use fanlight_wire::RunType;

/// A stretch of one lane in one colour, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub lane: u32,
    pub x_px: u32,
    pub width_px: u32,
    pub run_type: RunType,
    pub has_error: bool,
}

/// At most one stretch per pixel and lane; `n_lanes` lanes share the runs by their place in display order.
///
/// A pixel takes the type of the longest run of a leaf's kind that touches it there (chains only where nothing else
/// is), and is failed if any run there is.
pub fn stretches(tree: &RunTree, window: TimeWindow, width_px: u32, n_lanes: u32, now_ns: u64) -> Vec<Stretch> {
    let mut raster = vec![Cell::default(); (width_px * n_lanes) as usize];
    if raster.is_empty() || tree.is_empty() {
        return Vec::new();
    }
    let n_runs = tree.n_runs() as u64;
    let px =
        |time: u64| window.px_from_time(time as f64, width_px.into()).clamp(0.0, f64::from(width_px) - 1.0) as usize;
    for run in 0..tree.n_runs() as u32 {
        // Few runs keep a lane each; many share lanes.
        let lane = if n_runs <= n_lanes.into() { run } else { (u64::from(run) * u64::from(n_lanes) / n_runs) as u32 };
        let (start, end) = (tree.start_ns(run), tree.end_or_now_ns(run, now_ns));
        let weight = if tree.run_type(run) == RunType::Chain { 1 } else { 2 };
        let row = (lane * width_px) as usize;
        let (from, to) = (px(start), px(end));
        for cell in &mut raster[row + from..=row + to] {
            if (weight, end - start) > (cell.weight, cell.len_ns) || cell.weight == 0 {
                (cell.weight, cell.len_ns, cell.run_type) = (weight, end - start, tree.run_type(run));
            }
            cell.has_error |= tree.has_error(run);
        }
    }
    let mut found: Vec<Stretch> = Vec::new();
    for (position, cell) in raster.iter().enumerate().filter(|(_, cell)| cell.weight > 0) {
        let (lane, x_px) = (position as u32 / width_px, position as u32 % width_px);
        let next = Stretch { lane, x_px, width_px: 1, run_type: cell.run_type, has_error: cell.has_error };
        match found.last_mut() {
            Some(last)
                if last.lane == lane
                    && last.x_px + last.width_px == x_px
                    && (last.run_type, last.has_error) == (next.run_type, next.has_error) =>
            {
                last.width_px += 1;
            }
            _ => found.push(next),
        }
    }
    found
}

#[derive(Clone, Copy)]
struct Cell {
    weight: u8,
    len_ns: u64,
    run_type: RunType,
    has_error: bool,
}

impl Default for Cell {
    fn default() -> Self {
        Cell { weight: 0, len_ns: 0, run_type: RunType::Chain, has_error: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(trace: &str, n_lanes: u32, expected: Expect) {
        let tree = trace_from_text(trace);
        let window = TimeWindow { start_ns: 0.0, end_ns: 100e6 };
        let mut drawing = vec![vec![' '; 20]; n_lanes as usize];
        for stretch in stretches(&tree, window, 20, n_lanes, 0) {
            let letter = stretch.run_type.as_str().chars().next().unwrap_or('?');
            let letter = if stretch.has_error { '!' } else { letter };
            let row = &mut drawing[stretch.lane as usize];
            row[stretch.x_px as usize..][..stretch.width_px as usize].fill(letter);
        }
        let lines: Vec<String> = drawing.iter().map(|row| format!("|{}|\n", row.iter().collect::<String>())).collect();
        expected.assert_eq(&lines.concat());
    }

    const TRACE: &str = "agent 0..99
        a:llm 0..49
        b:tool 50..54 error
        c:retriever 60..89";

    #[test]
    fn few_runs_have_a_lane_each() {
        check(
            TRACE,
            4,
            expect![[r#"
            |cccccccccccccccccccc|
            |llllllllll          |
            |          !         |
            |            rrrrrr  |
        "#]],
        );
    }

    #[test]
    fn in_a_shared_lane_the_longest_leaf_shows_and_errors_stay() {
        check(
            TRACE,
            1,
            expect![[r#"
            |llllllllll!crrrrrrcc|
        "#]],
        );
    }
}
