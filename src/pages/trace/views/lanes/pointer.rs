//! Mouse, pen and touch on the lanes: the same gestures as on the waterfall.

use super::canvas::with_view;
use super::state::LanesState;
use crate::lanes::layout::{LaneMark, mark_at};
use crate::waterfall::Inks;
use crate::waterfall::gestures::{DRAG_STARTS_AT_PX, pinch_factor, wheel_px, zoom_factor};
use crate::waterfall::marks::Fill;
use crate::waterfall::text_width::TextWidths;
use crate::waterfall::time_scale::TimeScale;
use crate::waterfall::time_window::TimeWindow;
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// What the fingers or the mouse are doing.
#[derive(Clone, Default)]
struct Held {
    /// Pointers on the lanes: id and where they are.
    fingers: Vec<(i32, f64, f64)>,
    began: (f64, f64),
    /// When the drag began.
    scale: Option<TimeScale>,
    scroll_top_px: f64,
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

/// Turns events on the lanes into changes of `state`.
#[derive(Clone, Copy)]
pub struct LanesPointer {
    state: LanesState,
    viewport: NodeRef<Div>,
    held: StoredValue<Held>,
    /// The part that is being dragged over, from and to.
    pub band_px: RwSignal<Option<(f64, f64)>>,
    /// Where the pointer last was on the page.
    pub client: RwSignal<(f64, f64)>,
    pub cursor: RwSignal<&'static str>,
    was_dragged: StoredValue<bool>,
}

impl LanesPointer {
    pub fn new(state: LanesState, viewport: NodeRef<Div>) -> Self {
        LanesPointer {
            state,
            viewport,
            held: StoredValue::default(),
            band_px: RwSignal::new(None),
            client: RwSignal::new((0.0, 0.0)),
            cursor: RwSignal::new("default"),
            was_dragged: StoredValue::new(false),
        }
    }

    fn place(&self, event: &MouseEvent) -> Option<(f64, f64)> {
        let rect = self.viewport.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()))
    }

    fn mark_at(&self, (x, y): (f64, f64)) -> Option<LaneMark> {
        untrack(|| {
            let widths = TextWidths::uniform(0.0);
            let inks = Inks { widths: &widths, inks: &[0; Fill::COUNT], is_monochrome: false };
            with_view(self.state, inks, |view| self.state.marks.with_value(|marks| mark_at(view, marks, x, y)))
        })
    }

    fn scale_and_bounds(&self) -> (TimeScale, TimeWindow) {
        untrack(|| (self.state.scale(), self.state.bounds()))
    }

    /// Mod zooms, Shift or sideways pans, all else scrolls as anywhere.
    pub fn on_wheel(&self, event: &WheelEvent) {
        let Some((x, _)) = self.place(event) else { return };
        let (scale, bounds) = self.scale_and_bounds();
        let (dx, dy) = (wheel_px(event.delta_x(), event.delta_mode()), wheel_px(event.delta_y(), event.delta_mode()));
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            self.state.set_window(scale.zoomed(zoom_factor(dy), x, bounds));
            return;
        }
        let sideways = if event.shift_key() && dx == 0.0 { dy } else { dx };
        // With everything on screen there is nowhere to go: the gesture stays the page's.
        if (event.shift_key() || dx.abs() > dy.abs()) && self.state.has_zoom() {
            event.prevent_default();
            self.state.set_window(scale.panned(sideways, bounds));
        }
    }

    pub fn on_down(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if event.button() != 0 {
            return;
        }
        self.state.stop();
        self.was_dragged.set_value(false);
        self.held.update_value(|held| {
            held.fingers.retain(|&(id, ..)| id != event.pointer_id());
            held.fingers.push((event.pointer_id(), x, y));
            held.began = (x, y);
            held.scale = Some(self.scale_and_bounds().0);
            held.scroll_top_px = self.state.scroll_top_px.get_untracked();
            held.mode = if held.fingers.len() > 1 { Mode::Pinching } else { Mode::Pressed };
        });
    }

    pub fn on_move(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        self.client.set((f64::from(event.client_x()), f64::from(event.client_y())));
        let mut held = self.held.get_value();
        if held.mode == Mode::Idle {
            if event.pointer_type() != "touch" {
                self.hover(x, y);
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
            self.was_dragged.set_value(true);
            self.cursor.set(if is_band { "crosshair" } else { "grabbing" });
            self.state.hovered.set(None);
            if let Some(viewport) = self.viewport.get_untracked() {
                let _ = viewport.set_pointer_capture(event.pointer_id());
            }
        }
        let (scale_now, bounds) = self.scale_and_bounds();
        match (held.mode, &held.scale) {
            (Mode::Panning, Some(scale)) => {
                self.state.set_window(scale.panned(held.began.0 - x, bounds));
                // Touch scrolls up and down by itself.
                if event.pointer_type() != "touch" {
                    self.state.scroll_request.set(Some((held.scroll_top_px + held.began.1 - y).max(0.0)));
                }
            }
            (Mode::Banding, _) => {
                let width = scale_now.width_px();
                let (from, to) = (held.began.0.clamp(0.0, width), x.clamp(0.0, width));
                self.band_px.set(Some((from.min(to), from.max(to))));
            }
            (Mode::Pinching, _) => {
                if let ([one, two, ..], [next_one, next_two, ..]) = (&before[..], &held.fingers[..]) {
                    let middle = |a: &(i32, f64, f64), b: &(i32, f64, f64)| (a.1 + b.1) / 2.0;
                    let factor = pinch_factor((one.1 - two.1).abs(), (next_one.1 - next_two.1).abs());
                    self.state.set_window(scale_now.zoomed(factor, middle(one, two), bounds));
                    let by_px = middle(one, two) - middle(next_one, next_two);
                    self.state.set_window(self.scale_and_bounds().0.panned(by_px, bounds));
                }
            }
            _ => {}
        }
        self.held.set_value(held);
    }

    fn hover(&self, x: f64, y: f64) {
        let mark = self.mark_at((x, y));
        if self.state.hovered.get_untracked() != mark {
            self.state.hovered.set(mark);
        }
        self.cursor.set(match mark {
            Some(mark) if mark.is_merged() => "zoom-in",
            Some(_) => "pointer",
            None => "default",
        });
        self.state.waterfall.pointer_px.set(Some(x));
    }

    pub fn on_up(&self, event: &PointerEvent) {
        let mut held = self.held.get_value();
        held.fingers.retain(|&(id, ..)| id != event.pointer_id());
        if held.mode == Mode::Banding
            && let Some((from, to)) = self.band_px.get_untracked()
            && to - from >= DRAG_STARTS_AT_PX
        {
            let (scale, bounds) = self.scale_and_bounds();
            let (start_ns, end_ns) = (scale.time(from), scale.time(to));
            let target = TimeWindow { start_ns, end_ns: end_ns.max(start_ns + 100.0) };
            self.state.move_window(target.kept_inside(bounds));
        }
        self.band_px.set(None);
        if held.fingers.is_empty() {
            held.mode = Mode::Idle;
            self.cursor.set("default");
        } else {
            held.mode = Mode::Panning;
            held.began = held.fingers.first().map_or(held.began, |&(_, x, y)| (x, y));
            held.scale = Some(self.scale_and_bounds().0);
        }
        self.held.set_value(held);
    }

    pub fn on_leave(&self) {
        self.state.hovered.set(None);
        self.state.waterfall.pointer_px.set(None);
    }

    /// Selects the run, or zooms to the runs that share a mark. True if a run was selected.
    pub fn on_click(&self, event: &MouseEvent) -> bool {
        // The click that ends a drag selects nothing.
        if self.was_dragged.get_value() {
            return false;
        }
        let Some(mark) = self.place(event).and_then(|place| self.mark_at(place)) else { return false };
        if mark.is_merged() {
            self.state.fit(mark.from, mark.to);
            return false;
        }
        self.state.waterfall.select(mark.run);
        true
    }

    /// Fits the run under the pointer, or everything where there is none.
    pub fn on_double_click(&self, event: &MouseEvent) {
        let Some(mark) = self.place(event).map(|place| self.mark_at(place)) else { return };
        match mark {
            Some(mark) => self.state.fit(mark.from, mark.to),
            None => self.state.move_window(untrack(|| self.state.bounds())),
        }
    }
}
