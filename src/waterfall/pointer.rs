//! Mouse, pen and touch on the rows and the chart.

use super::gestures::{DRAG_STARTS_AT_PX, pinch_factor, wheel_px, zoom_factor};
use super::state::Waterfall;
use super::time_window::TimeWindow;
use crate::model::RunIdx;
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What the fingers or the mouse are doing.
#[derive(Clone, Default)]
struct Held {
    /// Pointers on the chart: id and where they are.
    fingers: Vec<(i32, f64, f64)>,
    began: (f64, f64),
    /// The window when the drag began.
    window: Option<TimeWindow>,
    mode: Mode,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Idle,
    /// Down, but not moved far enough to mean anything.
    Pressed,
    Panning,
    /// Shift or Mod is held: what is dragged over is zoomed to.
    Banding,
    Pinching,
}

/// Turns events on the viewport of rows into changes of `state`.
#[derive(Clone, Copy)]
pub struct PointerInput {
    state: Waterfall,
    viewport: NodeRef<Div>,
    held: StoredValue<Held>,
    /// The part of the chart that is being dragged over, from and to.
    pub band_px: RwSignal<Option<(f64, f64)>>,
    /// Where the pointer last was on the page.
    pub client: RwSignal<(f64, f64)>,
}

impl PointerInput {
    pub fn new(state: Waterfall, viewport: NodeRef<Div>) -> Self {
        let band_px = RwSignal::new(None);
        PointerInput { state, viewport, held: StoredValue::default(), band_px, client: RwSignal::new((0.0, 0.0)) }
    }

    /// Where an event is, from the viewport's upper left corner.
    fn place(&self, event: &MouseEvent) -> Option<(f64, f64)> {
        let rect = self.viewport.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()))
    }

    /// From the chart's left edge; `None` over the gutter.
    fn chart_x(&self, x: f64) -> Option<f64> {
        let geometry = self.state.geometry.get_untracked();
        Some(x - geometry.gutter_px).filter(|&x| x >= 0.0 && geometry.chart_px() > 0.0)
    }

    fn run_at(&self, y: f64) -> Option<RunIdx> {
        let view = self.state.row_view_untracked();
        self.state.rows.with_untracked(|rows| rows.run_at(view.row_at(y, rows.len())?))
    }

    fn width(&self) -> f64 {
        self.state.geometry.get_untracked().chart_px().max(1.0)
    }

    /// Mod zooms, Shift or sideways pans, all else scrolls the rows as anywhere.
    pub fn on_wheel(&self, event: &WheelEvent) {
        let Some(x) = self.place(event).and_then(|(x, _)| self.chart_x(x)) else { return };
        let (window, bounds) = untrack(|| (self.state.shown_window(), self.state.bounds()));
        let (dx, dy) = (wheel_px(event.delta_x(), event.delta_mode()), wheel_px(event.delta_y(), event.delta_mode()));
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            self.state.set_window(window.zoomed(zoom_factor(dy), x / self.width(), bounds));
            return;
        }
        let sideways = if event.shift_key() && dx == 0.0 { dy } else { dx };
        let is_sideways = event.shift_key() || dx.abs() > dy.abs();
        // With the whole trace on screen there is nowhere to go: the gesture stays the page's.
        if is_sideways && self.state.window.get_untracked().is_some() {
            event.prevent_default();
            self.state.set_window(window.panned(sideways / self.width(), bounds));
        }
    }

    pub fn on_down(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if event.button() != 0 || self.chart_x(x).is_none() {
            return;
        }
        self.state.motion.stop();
        self.held.update_value(|held| {
            held.fingers.retain(|&(id, ..)| id != event.pointer_id());
            held.fingers.push((event.pointer_id(), x, y));
            held.began = (x, y);
            held.window = Some(untrack(|| self.state.shown_window()));
            held.mode = if held.fingers.len() > 1 { Mode::Pinching } else { Mode::Pressed };
        });
    }

    pub fn on_move(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        self.client.set((f64::from(event.client_x()), f64::from(event.client_y())));
        let mut held = self.held.get_value();
        if held.mode == Mode::Idle {
            if event.pointer_type() != "touch" {
                self.state.hovered.set(self.run_at(y));
                self.state.pointer_px.set(self.chart_x(x));
            }
            return;
        }
        let before = held.fingers.clone();
        let Some(finger) = held.fingers.iter_mut().find(|(id, ..)| *id == event.pointer_id()) else { return };
        (finger.1, finger.2) = (x, y);
        if held.mode == Mode::Pressed && (x - held.began.0).hypot(y - held.began.1) >= DRAG_STARTS_AT_PX {
            let is_band = event.shift_key() || event.ctrl_key() || event.meta_key();
            held.mode = if is_band { Mode::Banding } else { Mode::Panning };
            self.state.remember_window();
            if let Some(viewport) = self.viewport.get_untracked() {
                let _ = viewport.set_pointer_capture(event.pointer_id());
            }
        }
        let (bounds, width) = (untrack(|| self.state.bounds()), self.width());
        match (held.mode, held.window) {
            (Mode::Panning, Some(window)) => {
                self.state.set_window(window.panned((held.began.0 - x) / width, bounds));
            }
            (Mode::Banding, _) => {
                let gutter_px = self.state.geometry.get_untracked().gutter_px;
                let inside = |x: f64| (x - gutter_px).clamp(0.0, width);
                let (from, to) = (inside(held.began.0), inside(x));
                self.band_px.set(Some((from.min(to), from.max(to))));
            }
            (Mode::Pinching, _) => self.pinch(&before, &held.fingers, bounds),
            _ => {}
        }
        self.held.set_value(held);
    }

    fn pinch(&self, before: &[(i32, f64, f64)], now: &[(i32, f64, f64)], bounds: TimeWindow) {
        let ([one, two, ..], [next_one, next_two, ..]) = (before, now) else { return };
        let width = self.width();
        let middle = |a: &(i32, f64, f64), b: &(i32, f64, f64)| self.chart_x((a.1 + b.1) / 2.0).unwrap_or(0.0);
        let spread = |a: &(i32, f64, f64), b: &(i32, f64, f64)| (a.1 - b.1).abs();
        let factor = pinch_factor(spread(one, two), spread(next_one, next_two));
        let window = untrack(|| self.state.shown_window());
        let zoomed = window.zoomed(factor, middle(one, two) / width, bounds);
        self.state.set_window(zoomed.panned((middle(one, two) - middle(next_one, next_two)) / width, bounds));
    }

    pub fn on_up(&self, event: &PointerEvent) {
        let mut held = self.held.get_value();
        held.fingers.retain(|&(id, ..)| id != event.pointer_id());
        if held.mode == Mode::Banding
            && let Some((from, to)) = self.band_px.get_untracked()
        {
            let (window, bounds) = untrack(|| (self.state.shown_window(), self.state.bounds()));
            let time = |x: f64| window.time_from_px(x, self.width());
            if to - from >= DRAG_STARTS_AT_PX {
                let target = TimeWindow { start_ns: time(from), end_ns: time(to).max(time(from) + 100.0) };
                self.state.move_window(target.kept_inside(bounds));
            }
        }
        self.band_px.set(None);
        if held.fingers.is_empty() {
            // The click that follows a drag must not select: it sees `Idle` only after a plain press.
            let was_drag = !matches!(held.mode, Mode::Idle | Mode::Pressed);
            held.mode = Mode::Idle;
            self.held.set_value(held);
            if was_drag {
                self.swallow_next_click();
            }
            return;
        }
        held.mode = Mode::Panning;
        held.began = held.fingers.first().map_or(held.began, |&(_, x, y)| (x, y));
        held.window = Some(untrack(|| self.state.shown_window()));
        self.held.set_value(held);
    }

    fn swallow_next_click(&self) {
        self.state.drag_ended_ms.set_value(js_sys::Date::now());
    }

    pub fn on_leave(&self) {
        self.state.hovered.set(None);
        self.state.pointer_px.set(None);
    }

    /// Selects the row, or folds it if its triangle was hit.
    pub fn on_click(&self, event: &MouseEvent) -> bool {
        const FOLLOWS_WITHIN_MS: f64 = 50.0;
        if js_sys::Date::now() - self.state.drag_ended_ms.get_value() < FOLLOWS_WITHIN_MS {
            return false;
        }
        let Some(run) = self.place(event).and_then(|(_, y)| self.run_at(y)) else { return false };
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_twist = target.is_some_and(|target| target.closest(".run-row-twist").is_ok_and(|twist| twist.is_some()));
        if is_twist && self.state.tree.with_untracked(|tree| tree.has_children(run)) {
            self.state.toggle(run);
            return false;
        }
        self.state.select(run);
        self.state.focus();
        true
    }

    /// Fits the run under the pointer, or the whole trace where there is none.
    pub fn on_double_click(&self, event: &MouseEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if self.chart_x(x).is_none() {
            return;
        }
        match self.run_at(y) {
            Some(run) if self.state.tree.with_untracked(|tree| tree.n_runs()) > 1 => self.state.fit_run(run),
            _ => self.state.fit_trace(),
        }
    }
}
