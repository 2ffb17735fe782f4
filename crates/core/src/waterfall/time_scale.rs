//! Time to pixels and back, with idle gaps compressed to bands of one width when the reader wishes.

use super::idle_gaps::{Gap, IdleGaps};
use super::time_window::{SHORTEST_NS, TimeWindow};
use std::sync::Arc;

/// How wide a compressed gap is drawn.
pub const GAP_PX: f64 = 28.0;
/// All gaps together take at most this share of the width.
const MOST_FOR_GAPS: f64 = 0.5;

/// A window of time laid over a width: piecewise linear, never going back.
///
/// ```text
/// time  |----work----|..............9 h..............|--work--|
/// px    |----work----|////|--work--|
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TimeScale {
    window: TimeWindow,
    width_px: f64,
    /// Compressed; empty when none is.
    gaps: Arc<IdleGaps>,
    gap_px: f64,
    px_per_ns: f64,
}

impl TimeScale {
    /// `gaps` are those to compress. A window that lies in a gap altogether is shown as it is.
    pub fn new(window: TimeWindow, width_px: f64, gaps: &Arc<IdleGaps>) -> Self {
        let width_px = width_px.max(1.0);
        let gap_px = GAP_PX.min(MOST_FOR_GAPS * width_px / gaps.gaps().len().max(1) as f64);
        let busy_ns = window.len_ns() - gaps.idle_ns_in(window);
        if gaps.is_empty() || busy_ns < SHORTEST_NS.min(window.len_ns()) * 0.5 {
            let px_per_ns = width_px / window.len_ns().max(f64::MIN_POSITIVE);
            return TimeScale { window, width_px, gaps: Arc::default(), gap_px, px_per_ns };
        }
        let in_gaps: f64 = gaps.gaps().iter().map(|gap| share_inside(*gap, window)).sum();
        let px_per_ns = (width_px - gap_px * in_gaps) / busy_ns;
        TimeScale { window, width_px, gaps: Arc::clone(gaps), gap_px, px_per_ns }
    }

    /// Nothing compressed.
    pub fn linear(window: TimeWindow, width_px: f64) -> Self {
        TimeScale::new(window, width_px, &Arc::default())
    }

    pub fn window(&self) -> TimeWindow {
        self.window
    }

    pub fn width_px(&self) -> f64 {
        self.width_px
    }

    /// Detail: pixels to a nanosecond, outside gaps.
    pub fn px_per_ns(&self) -> f64 {
        self.px_per_ns
    }

    pub fn is_compressed(&self) -> bool {
        !self.gaps.is_empty()
    }

    /// Where `time_ns` falls; outside the window it is negative or beyond the width.
    pub fn px(&self, time_ns: f64) -> f64 {
        let (from, to) = (self.window.start_ns.min(time_ns), self.window.start_ns.max(time_ns));
        let mut px = (to - from) * self.px_per_ns;
        for gap in self.gaps.gaps() {
            let inside = (gap.end_ns.min(to) - gap.start_ns.max(from)).max(0.0);
            px += inside * (self.gap_px / gap.len_ns() - self.px_per_ns);
        }
        if time_ns < self.window.start_ns { -px } else { px }
    }

    /// The time at `x_px` from the left edge.
    pub fn time(&self, x_px: f64) -> f64 {
        self.walk(self.window.start_ns, x_px, self.px_per_ns)
    }

    /// The compressed gaps of which anything is in the window, with their left and right edges in pixels.
    pub fn bands(&self) -> impl Iterator<Item = (Gap, f64, f64)> + '_ {
        let is_seen = |gap: &&Gap| self.window.overlaps(gap.start_ns, gap.end_ns);
        self.gaps.gaps().iter().filter(is_seen).map(|gap| (*gap, self.px(gap.start_ns), self.px(gap.end_ns)))
    }

    /// `factor` times as much detail (under 1: less), the time at `x_px` staying where it is.
    ///
    /// Only an end of `bounds` moves it: beyond it there is nothing to see.
    pub fn zoomed(&self, factor: f64, x_px: f64, bounds: TimeWindow) -> TimeWindow {
        if !factor.is_finite() || factor <= 0.0 || !x_px.is_finite() {
            return self.window;
        }
        let whole = TimeScale::new(bounds, self.width_px, &self.gaps);
        let most = (self.width_px / SHORTEST_NS).max(whole.px_per_ns);
        let px_per_ns = (self.px_per_ns * factor).clamp(whole.px_per_ns, most);
        self.slid(self.walk(self.time(x_px), -x_px, px_per_ns), px_per_ns, bounds)
    }

    /// Moved by `by_px` to later times, stopping at the ends of `bounds` without changing the detail.
    pub fn panned(&self, by_px: f64, bounds: TimeWindow) -> TimeWindow {
        let by_px = if by_px.is_finite() { by_px } else { 0.0 };
        self.slid(self.time(by_px), self.px_per_ns, bounds)
    }

    /// The window with the same detail that starts at `start_ns`, kept inside `bounds`.
    pub fn started_at(&self, start_ns: f64, bounds: TimeWindow) -> TimeWindow {
        self.slid(start_ns, self.px_per_ns, bounds)
    }

    fn slid(&self, start_ns: f64, px_per_ns: f64, bounds: TimeWindow) -> TimeWindow {
        let start_ns = start_ns.max(bounds.start_ns);
        let end_ns = self.walk(start_ns, self.width_px, px_per_ns);
        if end_ns <= bounds.end_ns {
            return TimeWindow { start_ns, end_ns };
        }
        let start_ns = self.walk(bounds.end_ns, -self.width_px, px_per_ns).max(bounds.start_ns);
        TimeWindow { start_ns, end_ns: bounds.end_ns }
    }

    /// The time `by_px` to the right (or left) of `from_ns`.
    // From one edge of a gap to the next, so that no number is large but the result: pixels from the trace's start would
    // lose what a deep zoom shows.
    fn walk(&self, from_ns: f64, by_px: f64, px_per_ns: f64) -> f64 {
        let (mut time_ns, mut left_px) = (from_ns, by_px.abs());
        let is_forward = by_px >= 0.0;
        let step = |time_ns: f64, by_ns: f64| if is_forward { time_ns + by_ns } else { time_ns - by_ns };
        let gaps = self.gaps.gaps();
        for nth in 0..gaps.len() {
            let gap = if is_forward { gaps[nth] } else { gaps[gaps.len() - 1 - nth] };
            let (near, far) = if is_forward { (gap.start_ns, gap.end_ns) } else { (gap.end_ns, gap.start_ns) };
            let is_behind = if is_forward { far <= time_ns } else { far >= time_ns };
            if is_behind {
                continue;
            }
            let is_before = if is_forward { near > time_ns } else { near < time_ns };
            if is_before {
                let to_gap_px = (near - time_ns).abs() * px_per_ns;
                if left_px <= to_gap_px {
                    return step(time_ns, left_px / px_per_ns);
                }
                (time_ns, left_px) = (near, left_px - to_gap_px);
            }
            let through_px = (far - time_ns).abs() / gap.len_ns() * self.gap_px;
            if left_px <= through_px {
                return step(time_ns, left_px / self.gap_px * gap.len_ns());
            }
            (time_ns, left_px) = (far, left_px - through_px);
        }
        step(time_ns, left_px / px_per_ns)
    }
}

/// How much of the gap lies in the window, from 0 to 1.
fn share_inside(gap: Gap, window: TimeWindow) -> f64 {
    ((gap.end_ns.min(window.end_ns) - gap.start_ns.max(window.start_ns)) / gap.len_ns()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    fn gaps_of(trace: &str) -> Arc<IdleGaps> {
        Arc::new(IdleGaps::find(&trace_from_text(trace)))
    }

    #[test]
    fn a_compressed_gap_takes_its_28_px_and_work_shares_the_rest() {
        let gaps = gaps_of("agent 0..1000\n a:llm 0..100\n b:llm 900..1000");
        let scale = TimeScale::new(TimeWindow { start_ns: 0.0, end_ns: 1e9 }, 428.0, &gaps);
        let px = |ms: f64| scale.px(ms * 1e6);
        assert_eq!([0.0, 100.0, 500.0, 900.0, 1000.0].map(|ms| px(ms).round()), [0.0, 200.0, 214.0, 228.0, 428.0]);
    }

    #[test]
    fn a_window_inside_a_gap_is_shown_as_it_is() {
        let gaps = gaps_of("agent 0..1000\n a:llm 0..100\n b:llm 900..1000");
        let scale = TimeScale::new(TimeWindow { start_ns: 3e8, end_ns: 4e8 }, 100.0, &gaps);
        assert!(!scale.is_compressed());
        assert_eq!(scale.px(3.5e8), 50.0);
    }

    /// A trace with pauses, and a window of it.
    fn scales() -> impl Strategy<Value = (TimeScale, TimeWindow)> {
        let work = prop::collection::vec((1u64..1_000_000, 0u64..50_000_000), 1..8);
        (work, 0.0..1.0f64, 0.0..1.0f64, 50.0..2560.0f64).prop_map(|(work, from, len, width)| {
            let (mut at, mut text) = (0, String::new());
            for (busy, pause) in work {
                text += &format!("\n run:llm {at}..{}", at + busy);
                at += busy + pause;
            }
            let tree = trace_from_text(&format!("root 0..{at}{text}"));
            let gaps = Arc::new(IdleGaps::find(&tree));
            let bounds = gaps.bounds(tree.extent_ns());
            // Small windows as often as large ones.
            let len = bounds.len_ns() * (10f64).powf(-6.0 * len);
            let start_ns = bounds.start_ns + from * (bounds.len_ns() - len);
            let window = TimeWindow { start_ns, end_ns: start_ns + len };
            (TimeScale::new(window, width, &gaps), bounds)
        })
    }

    proptest! {
        #[test]
        fn later_is_never_further_left((scale, bounds) in scales(), one in 0.0..1.0f64, other in 0.0..1.0f64) {
            let time = |share: f64| bounds.start_ns + share * bounds.len_ns();
            let (one, other) = (time(one.min(other)), time(one.max(other)));
            prop_assert!(scale.px(one).is_finite() && scale.px(one) <= scale.px(other) + 1e-6);
        }

        #[test]
        fn pixels_and_times_lead_to_each_other((scale, _) in scales(), share in 0.0..1.0f64) {
            let x = share * scale.width_px();
            prop_assert!((scale.px(scale.time(x)) - x).abs() <= 0.01, "{} {}", scale.px(scale.time(x)), x);
        }

        #[test]
        fn the_window_fills_the_width((scale, _) in scales()) {
            prop_assert!((scale.px(scale.window().end_ns) - scale.width_px()).abs() <= 0.01);
            prop_assert!((scale.time(scale.width_px()) - scale.window().end_ns).abs() * scale.px_per_ns() <= 0.01);
        }

        #[test]
        fn zooming_keeps_the_point_under_the_pointer((scale, bounds) in scales(), factor in 0.02..50.0f64, share in 0.0..1.0f64) {
            let x = share * scale.width_px();
            let under_pointer = scale.time(x);
            let window = scale.zoomed(factor, x, bounds);
            let zoomed = TimeScale { window, ..TimeScale::new(window, scale.width_px(), &scale.gaps) };
            let eps = bounds.len_ns() * 1e-9;
            let at_an_end = window.start_ns <= bounds.start_ns + eps || window.end_ns >= bounds.end_ns - eps;
            prop_assert!(at_an_end || (zoomed.px(under_pointer) - x).abs() <= 0.5, "{} {}", zoomed.px(under_pointer), x);
            prop_assert!(window.start_ns >= bounds.start_ns - eps && window.end_ns <= bounds.end_ns + eps && window.len_ns() > 0.0);
        }

        #[test]
        fn panning_moves_by_what_was_asked((scale, bounds) in scales(), by in -500.0..500.0f64) {
            let window = scale.panned(by, bounds);
            let eps = bounds.len_ns() * 1e-9;
            let at_an_end = window.start_ns <= bounds.start_ns + eps || window.end_ns >= bounds.end_ns - eps;
            prop_assert!(at_an_end || (scale.px(window.start_ns) - by).abs() <= 0.01);
            prop_assert!(at_an_end || (scale.px(window.end_ns) - by - scale.width_px()).abs() <= 0.01);
        }
    }
}
