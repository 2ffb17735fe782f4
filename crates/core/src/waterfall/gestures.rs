//! What wheels, drags and pinches mean, in numbers.

use super::time_window::TimeWindow;

/// A press turns into a drag when it has moved this far.
pub const DRAG_STARTS_AT_PX: f64 = 4.0;

/// Bits of `WheelEvent.deltaMode`.
const MODE_LINE: u32 = 1;
const MODE_PAGE: u32 = 2;

/// Wheel deltas come in pixels, lines or pages; pixels leave.
pub fn wheel_px(delta: f64, delta_mode: u32) -> f64 {
    match delta_mode {
        MODE_LINE => delta * 16.0,
        MODE_PAGE => delta * 400.0,
        _ => delta,
    }
}

/// Detail per wheel step: a notch of 100 px zooms by about 1.4. A pinch on a trackpad arrives as a wheel event with
/// small deltas and its own, faster rate.
pub fn zoom_factor(delta_px: f64) -> f64 {
    let is_pinch = delta_px.abs() < 40.0 && delta_px.fract() != 0.0;
    let rate = if is_pinch { 0.01 } else { 0.0035 };
    (-delta_px.clamp(-400.0, 400.0) * rate).exp()
}

/// Detail gained when two fingers go from one distance to another.
pub fn pinch_factor(distance_before_px: f64, distance_px: f64) -> f64 {
    (distance_px.max(8.0) / distance_before_px.max(8.0)).clamp(0.2, 5.0)
}

/// The time to show instead of `window` when no run in sight has anything in it: the nearest edge of one, as far into the
/// window as a tenth of it. `spans` are starts and ends of the rows in sight. Nothing when the window shows a run.
pub fn nearest_time(spans: impl Iterator<Item = (f64, f64)>, window: TimeWindow) -> Option<f64> {
    let mut nearest: Option<(f64, f64)> = None;
    for (start, end) in spans {
        if window.overlaps(start, end) {
            return None;
        }
        let (distance, start_ns) = if end < window.start_ns {
            (window.start_ns - end, end - 0.9 * window.len_ns())
        } else {
            (start - window.end_ns, start - 0.1 * window.len_ns())
        };
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, start_ns));
        }
    }
    nearest.map(|(_, start_ns)| start_ns)
}

/// Heights of a row in map mode.
pub const MAP_ROW_PX: (f64, f64) = (1.0, 26.0);

/// A row's height after zooming by `factor`, and where the rows must be scrolled so that what is at `y_px` of the
/// viewport stays there.
pub fn zoomed_rows(row_px: f64, factor: f64, y_px: f64, scroll_top_px: f64) -> (f64, f64) {
    let next = (row_px * factor).clamp(MAP_ROW_PX.0, MAP_ROW_PX.1);
    (next, ((scroll_top_px + y_px) * next / row_px.max(0.01) - y_px).max(0.0))
}

/// What a press on the minimap takes hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinimapGrip {
    StartEdge,
    EndEdge,
    Body,
    /// Outside the window: a new one is drawn.
    Empty,
}

/// `start_px` and `end_px` are the window's edges. A window that shows everything cannot be moved, so inside it a new
/// one is drawn.
pub fn minimap_grip(x_px: f64, start_px: f64, end_px: f64, is_whole: bool) -> MinimapGrip {
    const REACH_PX: f64 = 6.0;
    let to_start = (x_px - start_px).abs();
    let to_end = (x_px - end_px).abs();
    match () {
        _ if to_start <= REACH_PX && to_start <= to_end => MinimapGrip::StartEdge,
        _ if to_end <= REACH_PX => MinimapGrip::EndEdge,
        _ if !is_whole && x_px > start_px && x_px < end_px => MinimapGrip::Body,
        _ => MinimapGrip::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wheels_up_zoom_in_and_down_out() {
        assert!(zoom_factor(-100.0) > 1.3 && zoom_factor(100.0) < 0.75);
        assert!((zoom_factor(-100.0) * zoom_factor(100.0) - 1.0).abs() < 1e-9);
        assert!(zoom_factor(1e9) > 0.0);
    }

    #[test]
    fn lines_and_pages_count_as_pixels() {
        assert_eq!((wheel_px(3.0, 0), wheel_px(3.0, 1), wheel_px(1.0, 2)), (3.0, 48.0, 400.0));
    }

    #[test]
    fn a_window_without_runs_slides_to_the_nearest() {
        let window = TimeWindow { start_ns: 100.0, end_ns: 200.0 };
        let nearest = |spans: &[(f64, f64)]| nearest_time(spans.iter().copied(), window);
        assert_eq!(nearest(&[(0.0, 50.0), (220.0, 300.0)]), Some(210.0));
        assert_eq!(nearest(&[(0.0, 90.0), (220.0, 300.0)]), Some(0.0));
        assert_eq!(nearest(&[(0.0, 50.0), (150.0, 160.0)]), None);
        assert_eq!(nearest(&[]), None);
    }

    #[test]
    fn zooming_rows_keeps_the_row_under_the_pointer() {
        for factor in [0.01, 0.5, 0.9, 1.3, 40.0] {
            let (row_px, top_px) = zoomed_rows(13.0, factor, 300.0, 5000.0);
            assert!((1.0..=26.0).contains(&row_px));
            let row = |row_px: f64, top_px: f64| (top_px + 300.0) / row_px;
            assert!(top_px == 0.0 || (row(13.0, 5000.0) - row(row_px, top_px)).abs() < 1e-9);
        }
    }

    #[test]
    fn edges_are_easier_to_grip_than_the_body() {
        assert_eq!(minimap_grip(102.0, 100.0, 200.0, false), MinimapGrip::StartEdge);
        assert_eq!(minimap_grip(196.0, 100.0, 200.0, false), MinimapGrip::EndEdge);
        assert_eq!(minimap_grip(150.0, 100.0, 200.0, false), MinimapGrip::Body);
        assert_eq!(minimap_grip(150.0, 0.0, 300.0, true), MinimapGrip::Empty);
        assert_eq!(minimap_grip(50.0, 100.0, 200.0, false), MinimapGrip::Empty);
        assert_eq!(minimap_grip(101.0, 100.0, 102.0, false), MinimapGrip::StartEdge);
    }
}
