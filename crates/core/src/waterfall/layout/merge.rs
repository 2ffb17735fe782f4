//! Runs that would share pixels become one mark that knows how many they are.

use super::ChartView;
use crate::model::RunIdx;

/// One mark of a line of runs. Each run of the line in the window is in exactly one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merged {
    pub x: f64,
    pub w: f64,
    pub n_runs: u32,
    /// Runs that failed, and runs with a failure below them.
    pub n_failed: u32,
    pub longest: RunIdx,
    /// From the first start to the last end.
    pub start_ns: f64,
    pub end_ns: f64,
}

/// Lays `runs`, in order of start, on one line of marks that do not overlap and are at least `unit_px` wide.
///
/// Marks begin and end at multiples of a power of two of nanoseconds, so that panning moves them and regroups nothing.
pub fn merged(view: &ChartView<'_>, runs: impl Iterator<Item = RunIdx>, unit_px: f64) -> Vec<Merged> {
    let tree = view.tree;
    let window = view.scale.window();
    let unit_ns = (unit_px / view.scale.px_per_ns()).max(1.0).log2().ceil().exp2();
    let (mut marks, mut free_from) = (Vec::<Merged>::new(), f64::NEG_INFINITY);
    for run in runs {
        let (start, end) = view.span(run);
        if start > window.end_ns {
            break;
        }
        if end < window.start_ns {
            continue;
        }
        let from = ((start / unit_ns).floor() * unit_ns).max(free_from);
        let to = ((end / unit_ns).floor() + 1.0) * unit_ns;
        let n_failed = u32::from(tree.has_error(run) || tree.n_errors_below(run) > 0);
        match marks.last_mut() {
            // No room of its own.
            Some(last) if to <= free_from => {
                last.n_runs += 1;
                last.n_failed += n_failed;
                last.start_ns = last.start_ns.min(start);
                last.end_ns = last.end_ns.max(end);
                let len = |(start, end): (f64, f64)| end - start;
                if len((start, end)) > len(view.span(last.longest)) {
                    last.longest = run;
                }
            }
            _ => {
                let px = |time: f64| view.scale.px(time).clamp(0.0, view.scale.width_px());
                let x = px(from);
                let mark = Merged { x, w: px(to) - x, n_runs: 1, n_failed, longest: run, start_ns: start, end_ns: end };
                marks.push(mark);
                free_from = to;
            }
        }
    }
    marks
}
