//! Mouse, pen and touch on the rows and the bars: a click selects, a drag along the bars pans, Mod and wheel zoom.

use super::state::CompareState;
use crate::compare::PairIdx;
use crate::components::tree::is_on_twist;
use crate::waterfall::gestures::{DRAG_STARTS_AT_PX, wheel_px, zoom_factor};
use crate::waterfall::time_window::TimeWindow;
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// A press on the bars.
#[derive(Clone, Copy)]
struct Press {
    began_x: f64,
    window: TimeWindow,
    is_drag: bool,
}

/// Turns events on the viewport of rows into changes of `state`.
#[derive(Clone, Copy)]
pub struct PointerInput {
    state: CompareState,
    viewport: NodeRef<Div>,
    press: StoredValue<Option<Press>>,
    /// The click that ends a drag must select nothing.
    was_drag: StoredValue<bool>,
}

impl PointerInput {
    pub fn new(state: CompareState, viewport: NodeRef<Div>) -> Self {
        PointerInput { state, viewport, press: StoredValue::new(None), was_drag: StoredValue::new(false) }
    }

    /// Where an event is, from the viewport's upper left corner.
    fn place(&self, event: &MouseEvent) -> Option<(f64, f64)> {
        let rect = self.viewport.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()))
    }

    /// From the left edge of the bars; `None` over names and figures.
    fn chart_x(&self, x: f64) -> Option<f64> {
        let geometry = self.state.geometry.get_untracked();
        Some(x - geometry.chart_left_px()).filter(|&x| x >= 0.0 && geometry.chart_px() > 0.0)
    }

    fn width(&self) -> f64 {
        self.state.geometry.get_untracked().chart_px().max(1.0)
    }

    fn pair_at(&self, y: f64) -> Option<PairIdx> {
        let view = self.state.row_view_untracked();
        self.state.rows.with_untracked(|rows| rows.pair_at(view.row_at(y, rows.len())?))
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
        // With everything on screen there is nowhere to go: the gesture stays the page's.
        if is_sideways && self.state.address.window.get_untracked().is_some() {
            event.prevent_default();
            self.state.set_window(window.panned(sideways / self.width(), bounds));
        }
    }

    pub fn on_down(&self, event: &PointerEvent) {
        self.was_drag.set_value(false);
        let Some((x, _)) = self.place(event).filter(|&(x, _)| event.button() == 0 && self.chart_x(x).is_some()) else {
            return;
        };
        let window = untrack(|| self.state.shown_window());
        self.press.set_value(Some(Press { began_x: x, window, is_drag: false }));
    }

    pub fn on_move(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if event.pointer_type() != "touch" {
            let hovered = self.pair_at(y);
            if self.state.hovered.get_untracked() != hovered {
                self.state.hovered.set(hovered);
            }
        }
        let Some(mut press) = self.press.get_value() else { return };
        if !press.is_drag && (x - press.began_x).abs() >= DRAG_STARTS_AT_PX {
            press.is_drag = true;
            self.press.set_value(Some(press));
            self.state.zoom.remember();
            if let Some(viewport) = self.viewport.get_untracked() {
                let _ = viewport.set_pointer_capture(event.pointer_id());
            }
        }
        if press.is_drag {
            let bounds = untrack(|| self.state.bounds());
            self.state.set_window(press.window.panned((press.began_x - x) / self.width(), bounds));
        }
    }

    pub fn on_up(&self) {
        let press = self.press.get_value();
        self.was_drag.set_value(press.is_some_and(|press| press.is_drag));
        self.press.set_value(None);
    }

    pub fn on_leave(&self) {
        self.state.hovered.set(None);
    }

    /// Selects the row, or folds it if its triangle was hit. True if it selected.
    pub fn on_click(&self, event: &MouseEvent) -> bool {
        if self.was_drag.get_value() {
            self.was_drag.set_value(false);
            return false;
        }
        let Some(idx) = self.place(event).and_then(|(_, y)| self.pair_at(y)) else { return false };
        if is_on_twist(event) && self.state.comparison.with_untracked(|comparison| comparison.has_children(idx)) {
            self.state.toggle(idx);
            return false;
        }
        self.state.select(idx);
        self.state.focus();
        true
    }

    /// Fits the pair under the pointer.
    pub fn on_double_click(&self, event: &MouseEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if let Some(idx) = self.chart_x(x).and_then(|_| self.pair_at(y)) {
            self.state.fit(idx);
        }
    }
}
