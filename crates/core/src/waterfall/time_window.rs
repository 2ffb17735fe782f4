//! The part of a trace's time that is on screen, and how zooming and panning change it.

use std::fmt;
use std::str::FromStr;

/// An interval of nanoseconds since the trace's start. `f64` is exact to 104 days, and lets a pan be a fraction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeWindow {
    pub start_ns: f64,
    pub end_ns: f64,
}

/// Zooming in ends here: a pixel of a wide screen is then about a tenth of a nanosecond's neighbour, no use to anyone.
pub(super) const SHORTEST_NS: f64 = 100.0;

impl TimeWindow {
    /// All of a trace that lasts `extent_ns`, with a little air on both sides.
    pub fn whole(extent_ns: u64) -> Self {
        let extent = (extent_ns as f64).max(1000.0);
        TimeWindow { start_ns: -0.012 * extent, end_ns: 1.02 * extent }
    }

    pub fn len_ns(self) -> f64 {
        self.end_ns - self.start_ns
    }

    /// Where `time_ns` falls on `width_px`; outside the window it is negative or beyond the width.
    pub fn px_from_time(self, time_ns: f64, width_px: f64) -> f64 {
        (time_ns - self.start_ns) / self.len_ns() * width_px
    }

    /// The time at `x_px` of `width_px`.
    pub fn time_from_px(self, x_px: f64, width_px: f64) -> f64 {
        self.start_ns + x_px / width_px.max(1.0) * self.len_ns()
    }

    /// `factor` times as much detail (under 1: less), the time at `anchor` (0 left edge, 1 right edge) staying where it is.
    ///
    /// Only an end of `bounds` moves the anchor: beyond it there is nothing to see.
    pub fn zoomed(self, factor: f64, anchor: f64, bounds: TimeWindow) -> Self {
        if !factor.is_finite() || factor <= 0.0 || !anchor.is_finite() {
            return self;
        }
        let anchor_ns = self.start_ns + anchor * self.len_ns();
        let shortest = SHORTEST_NS.min(bounds.len_ns());
        let len = (self.len_ns() / factor).clamp(shortest, bounds.len_ns());
        let start_ns = anchor_ns - anchor * len;
        TimeWindow { start_ns, end_ns: start_ns + len }.kept_inside(bounds)
    }

    /// Moved by `fraction` of its length, stopping at the ends of `bounds` without changing length.
    pub fn panned(self, fraction: f64, bounds: TimeWindow) -> Self {
        let by = if fraction.is_finite() { fraction * self.len_ns() } else { 0.0 };
        TimeWindow { start_ns: self.start_ns + by, end_ns: self.end_ns + by }.kept_inside(bounds)
    }

    /// The window that shows `start_ns..end_ns` with a tenth of air on both sides.
    pub fn around(start_ns: f64, end_ns: f64, bounds: TimeWindow) -> Self {
        let len = ((end_ns - start_ns) * 1.2).clamp(SHORTEST_NS.min(bounds.len_ns()), bounds.len_ns());
        let middle = (start_ns + end_ns) / 2.0;
        TimeWindow { start_ns: middle - len / 2.0, end_ns: middle + len / 2.0 }.kept_inside(bounds)
    }

    /// Slid, and if need be shortened, to lie inside `bounds`.
    pub fn kept_inside(self, bounds: TimeWindow) -> Self {
        let len = self.len_ns().min(bounds.len_ns());
        let latest = (bounds.end_ns - len).max(bounds.start_ns);
        let start_ns = self.start_ns.clamp(bounds.start_ns, latest);
        TimeWindow { start_ns, end_ns: start_ns + len }
    }

    pub fn overlaps(self, start_ns: f64, end_ns: f64) -> bool {
        start_ns <= self.end_ns && end_ns >= self.start_ns
    }

    /// The window a part of the way to `target`, `progress` from 0 to 1: lengths change geometrically, so that a zoom
    /// looks even.
    pub fn toward(self, target: TimeWindow, progress: f64) -> Self {
        if progress >= 1.0 {
            return target;
        }
        let len = self.len_ns() * (target.len_ns() / self.len_ns()).powf(progress);
        // The share of the change in length done so far places the centre, which keeps a zoom's fixed point fixed.
        let change = target.len_ns() - self.len_ns();
        let share = if change.abs() > 1e-9 * self.len_ns() { (len - self.len_ns()) / change } else { progress };
        let start_ns = self.start_ns + (target.start_ns - self.start_ns) * share;
        TimeWindow { start_ns, end_ns: start_ns + len }
    }
}

/// How far the axis of a trace under way reaches: the next of few round lengths, so that the view is not rescaled
/// with every tick of the clock.
pub fn running_extent(now_ns: u64) -> u64 {
    const STEPS: [f64; 9] = [1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0];
    let now = (now_ns as f64).max(1e6);
    let decade = 10f64.powf(now.log10().floor());
    let next = STEPS.iter().map(|step| step * decade).find(|&step| step >= now * 1.02);
    next.unwrap_or(10.0 * decade).min(9e18) as u64
}

impl fmt::Display for TimeWindow {
    /// As in a link: whole microseconds, `1200~3400`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}~{:.0}", self.start_ns / 1e3, self.end_ns / 1e3)
    }
}

/// The text is not a window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidWindow;

impl FromStr for TimeWindow {
    type Err = InvalidWindow;

    fn from_str(text: &str) -> Result<Self, InvalidWindow> {
        let (start, end) = text.split_once('~').ok_or(InvalidWindow)?;
        let nanos = |micros: &str| micros.parse::<i64>().map(|micros| micros as f64 * 1e3).map_err(|_| InvalidWindow);
        let (start_ns, end_ns) = (nanos(start)?, nanos(end)?);
        if end_ns > start_ns { Ok(TimeWindow { start_ns, end_ns }) } else { Err(InvalidWindow) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn windows() -> impl Strategy<Value = (TimeWindow, TimeWindow)> {
        (1_000u64..9_000_000_000_000_000, 0.0..1.0f64, 0.0..1.0f64).prop_map(|(extent, from, len)| {
            let bounds = TimeWindow::whole(extent);
            let len = (bounds.len_ns() * len).max(SHORTEST_NS);
            let start_ns = bounds.start_ns + from * (bounds.len_ns() - len);
            (TimeWindow { start_ns, end_ns: start_ns + len }.kept_inside(bounds), bounds)
        })
    }

    proptest! {
        #[test]
        fn zooming_in_keeps_the_point_under_the_pointer((window, bounds) in windows(), factor in 1.0..50.0f64, x in 0.0..2560.0f64) {
            let under_pointer = window.time_from_px(x, 2560.0);
            let zoomed = window.zoomed(factor, x / 2560.0, bounds);
            prop_assert!((zoomed.px_from_time(under_pointer, 2560.0) - x).abs() <= 0.5);
        }

        #[test]
        fn zooming_out_keeps_the_point_unless_an_end_is_reached((window, bounds) in windows(), factor in 0.02..1.0f64, x in 0.0..2560.0f64) {
            let under_pointer = window.time_from_px(x, 2560.0);
            let zoomed = window.zoomed(factor, x / 2560.0, bounds);
            let eps = bounds.len_ns() * 1e-9;
            let at_an_end = zoomed.start_ns <= bounds.start_ns + eps || zoomed.end_ns >= bounds.end_ns - eps;
            prop_assert!(at_an_end || (zoomed.px_from_time(under_pointer, 2560.0) - x).abs() <= 0.5);
        }

        #[test]
        fn a_window_stays_inside_its_bounds((window, bounds) in windows(), factor in 0.001..1000.0f64, anchor in 0.0..1.0f64, pan in -9.0..9.0f64) {
            let eps = bounds.len_ns() * 1e-9;
            for moved in [window.zoomed(factor, anchor, bounds), window.panned(pan, bounds)] {
                prop_assert!(moved.start_ns >= bounds.start_ns - eps && moved.end_ns <= bounds.end_ns + eps);
                prop_assert!(moved.len_ns() > 0.0);
            }
        }

        #[test]
        fn panning_keeps_the_length((window, bounds) in windows(), pan in -9.0..9.0f64) {
            prop_assert!((window.panned(pan, bounds).len_ns() - window.len_ns()).abs() <= bounds.len_ns() * 1e-9);
        }

        #[test]
        fn a_link_gives_the_window_back((window, _) in windows()) {
            prop_assume!(window.len_ns() > 2_000.0);
            let read: TimeWindow = window.to_string().parse().expect("what we print we read");
            prop_assert!((read.start_ns - window.start_ns).abs() <= 1e3 && (read.end_ns - window.end_ns).abs() <= 1e3);
        }

        #[test]
        fn reading_a_window_never_panics(text in ".*") {
            let _ = text.parse::<TimeWindow>();
        }

        #[test]
        fn a_running_trace_fits_its_axis(now in 0u64..9_000_000_000_000_000) {
            let extent = running_extent(now);
            prop_assert!(extent >= now && (now < 1_000_000 || extent as f64 <= now as f64 * 1.7));
        }
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in ["", "5", "5~", "9~5", "5~5", "a~b", "NaN~5"] {
            assert_eq!(text.parse::<TimeWindow>(), Err(InvalidWindow), "{text}");
        }
    }

    #[test]
    fn a_move_ends_where_it_was_going() {
        let (from, to) = (TimeWindow::whole(1_000_000), TimeWindow { start_ns: 10.0, end_ns: 400.0 });
        assert_eq!(from.toward(to, 1.0), to);
        assert_eq!(from.toward(to, 0.0), from);
    }
}
