//! Mouse, pen and touch on the rows and the chart.

use super::gestures::{DRAG_STARTS_AT_PX, MAP_ROW_PX, pinch_factor, wheel_px, zoom_factor, zoomed_rows};
use super::layout::strip::{mark_at, mark_of_group_at};
use super::rows::Row;
use super::state::Waterfall;
use super::time_scale::TimeScale;
use super::touch::Taps;
use crate::model::RunIdx;
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// What the fingers or the mouse are doing.
#[derive(Clone, Default)]
struct Held {
    /// Pointers on the chart: id and where they are.
    fingers: Vec<(i32, f64, f64)>,
    began: (f64, f64),
    /// The scale and where the rows were scrolled when the drag began.
    from: Option<(TimeScale, f64)>,
    mode: Mode,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Idle,
    /// Down, but not moved far enough to mean anything.
    Pressed,
    Panning,
    /// Shift is held: what is dragged over becomes the range.
    Ranging,
    /// Mod is held: what is dragged over is zoomed to.
    Marquee,
    Pinching,
}

/// Turns events on the viewport of rows into changes of `state`.
#[derive(Clone, Copy)]
pub struct PointerInput {
    pub(super) state: Waterfall,
    viewport: NodeRef<Div>,
    held: StoredValue<Held>,
    pub(super) taps: Taps,
    /// Where the pointer last was on the page.
    pub client: RwSignal<(f64, f64)>,
    /// A finger rests on a run: its card is wanted.
    pub is_long_press: RwSignal<bool>,
}

impl PointerInput {
    pub fn new(state: Waterfall, viewport: NodeRef<Div>) -> Self {
        let input = PointerInput {
            state,
            viewport,
            held: StoredValue::default(),
            taps: Taps::new(),
            client: RwSignal::new((0.0, 0.0)),
            is_long_press: RwSignal::new(false),
        };
        // Under a pointer that rests, rows and bars move too.
        Effect::watch(
            move || {
                state.rows.track();
                (state.scroll_top_px.get(), state.geometry.get(), state.window.get(), state.compresses_idle.get())
            },
            move |_, _, _| {
                let is_pointing = state.pointer_px.get_untracked().is_some() && !state.chart.is_pinned.get_untracked();
                if let Some((x, y)) = input.place_of(input.client.get_untracked()).filter(|_| is_pointing) {
                    input.point_at(x, y);
                }
            },
            false,
        );
        input
    }

    /// Whether something is being dragged, so that cards would be in the way.
    pub fn is_dragging(&self) -> bool {
        self.held.with_value(|held| !matches!(held.mode, Mode::Idle | Mode::Pressed))
    }

    /// Where an event is, from the viewport's upper left corner.
    pub(super) fn place(&self, event: &MouseEvent) -> Option<(f64, f64)> {
        self.place_of((f64::from(event.client_x()), f64::from(event.client_y())))
    }

    fn place_of(&self, client: (f64, f64)) -> Option<(f64, f64)> {
        let rect = self.viewport.get_untracked()?.get_bounding_client_rect();
        Some((client.0 - rect.left(), client.1 - rect.top()))
    }

    /// From the chart's left edge; `None` over the gutter.
    pub(super) fn chart_x(&self, x: f64) -> Option<f64> {
        let geometry = self.state.geometry.get_untracked();
        Some(x - geometry.gutter_px).filter(|&x| x >= 0.0 && geometry.chart_px() > 0.0)
    }

    pub(super) fn run_at(&self, y: f64) -> Option<RunIdx> {
        let view = self.state.row_view_untracked();
        self.state.rows.with_untracked(|rows| rows.run_at(view.row_at(y, rows.len())?))
    }

    fn scale(&self) -> TimeScale {
        untrack(|| self.state.scale())
    }

    /// Mod zooms, with Shift or in map mode the rows, too; Shift or sideways pans; all else scrolls the rows as anywhere.
    pub fn on_wheel(&self, event: &WheelEvent) {
        let Some((x, y)) = self.place(event).and_then(|(x, y)| Some((self.chart_x(x)?, y))) else { return };
        let (scale, bounds) = (self.scale(), untrack(|| self.state.bounds()));
        let (dx, dy) = (wheel_px(event.delta_x(), event.delta_mode()), wheel_px(event.delta_y(), event.delta_mode()));
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            // Shift turns the wheel sideways in some browsers.
            let factor = zoom_factor(if dy == 0.0 { dx } else { dy });
            if event.shift_key() || self.state.is_map.get_untracked() {
                self.zoom_rows(factor, y);
            }
            self.state.set_window(scale.zoomed(factor, x, bounds));
            self.state.slide_to_nearest();
            return;
        }
        let sideways = if event.shift_key() && dx == 0.0 { dy } else { dx };
        let is_sideways = event.shift_key() || dx.abs() > dy.abs();
        let moved = scale.panned(sideways, bounds);
        // At an end there is nowhere to go: the gesture stays the page's.
        if is_sideways && moved != scale.window() {
            event.prevent_default();
            self.state.set_window(moved);
        }
    }

    fn zoom_rows(&self, factor: f64, y: f64) {
        let state = self.state;
        let view = state.row_view_untracked();
        let (row_px, top_px) = zoomed_rows(view.row_height_px, factor, y, view.scroll_top_px);
        state.is_map.set(row_px < MAP_ROW_PX.1 || state.is_map.get_untracked());
        state.chart.map_row_px.set(Some(row_px));
        state.scroll_request.set(Some(top_px));
    }

    pub fn on_down(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if event.button() != 0 || self.chart_x(x).is_none() {
            return;
        }
        self.state.motion.stop();
        let from = (self.scale(), self.state.scroll_top_px.get_untracked());
        self.held.update_value(|held| {
            held.fingers.retain(|&(id, ..)| id != event.pointer_id());
            held.fingers.push((event.pointer_id(), x, y));
            held.began = (x, y);
            held.from = Some(from);
            held.mode = if held.fingers.len() > 1 { Mode::Pinching } else { Mode::Pressed };
        });
        self.is_long_press.set(false);
        self.taps.cancel();
        if event.pointer_type() == "touch" && self.held.with_value(|held| held.mode == Mode::Pressed) {
            let input = *self;
            let client = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.taps.after_rest(move || {
                if input.held.try_with_value(|held| held.mode == Mode::Pressed) == Some(true) {
                    input.client.set(client);
                    input.state.hovered.set(input.run_at(y));
                    input.is_long_press.set(true);
                    input.swallow_next_click();
                }
            });
        }
    }

    pub fn on_move(&self, event: &PointerEvent) {
        let Some((x, y)) = self.place(event) else { return };
        let mut held = self.held.get_value();
        if held.mode == Mode::Idle {
            if event.pointer_type() != "touch" && !self.state.chart.is_pinned.get_untracked() {
                self.client.set((f64::from(event.client_x()), f64::from(event.client_y())));
                self.point_at(x, y);
            }
            return;
        }
        let before = held.fingers.clone();
        let Some(finger) = held.fingers.iter_mut().find(|(id, ..)| *id == event.pointer_id()) else { return };
        (finger.1, finger.2) = (x, y);
        if held.mode == Mode::Pressed && (x - held.began.0).hypot(y - held.began.1) >= DRAG_STARTS_AT_PX {
            held.mode = match () {
                _ if event.shift_key() => Mode::Ranging,
                _ if event.ctrl_key() || event.meta_key() => Mode::Marquee,
                _ => Mode::Panning,
            };
            self.taps.cancel();
            self.state.chart.hovered_mark.set(None);
            self.state.remember_window();
            if let Some(viewport) = self.viewport.get_untracked() {
                let _ = viewport.set_pointer_capture(event.pointer_id());
            }
        }
        let gutter_px = self.state.geometry.get_untracked().gutter_px;
        let bounds = untrack(|| self.state.bounds());
        match (held.mode, &held.from) {
            (Mode::Panning, Some((scale, scroll_top_px))) => {
                self.state.set_window(scale.panned(held.began.0 - x, bounds));
                // Fingers scroll rows through the browser.
                if event.pointer_type() != "touch" {
                    self.state.scroll_request.set(Some((scroll_top_px + held.began.1 - y).max(0.0)));
                }
            }
            (Mode::Ranging, Some((scale, _))) => {
                let time = |x: f64| scale.time((x - gutter_px).clamp(0.0, scale.width_px()));
                self.state.set_range(time(held.began.0), time(x));
            }
            (Mode::Marquee, Some((scale, _))) => {
                let inside = |x: f64| (x - gutter_px).clamp(0.0, scale.width_px());
                let (from, to, height) =
                    (inside(held.began.0), inside(x), self.state.geometry.get_untracked().height_px);
                let (top, bottom) = if self.state.is_map.get_untracked() { (held.began.1, y) } else { (0.0, height) };
                self.state.chart.marquee_px.set(Some([from.min(to), top.min(bottom), from.max(to), top.max(bottom)]));
            }
            (Mode::Pinching, _) => self.pinch(&before, &held.fingers),
            _ => {}
        }
        self.held.set_value(held);
    }

    /// The run under the pointer, and the mark of a folded run's strip that stands for several.
    fn point_at(&self, x: f64, y: f64) {
        let state = self.state;
        let run = self.run_at(y);
        let chart_x = self.chart_x(x);
        if state.pointer_px.get_untracked() != chart_x {
            state.pointer_px.set(chart_x);
        }
        let mark = chart_x.and_then(|chart_x| {
            state.with_marks(|view| {
                let row = view.row_view.row_at(y, view.rows.len())?;
                match view.rows.row_at(row)? {
                    Row::Run(run) => {
                        let bar_bottom = view.row_view.y_of(row) + view.bar_top_px + view.bar_height_px;
                        mark_at(view, run, chart_x).filter(|mark| y >= bar_bottom - 1.0 && mark.n_runs > 1)
                    }
                    Row::Group(idx) => mark_of_group_at(view, idx, chart_x),
                    Row::Gap(_) => None,
                }
            })
        });
        // Members of a group have no rows: the card speaks of those under the pointer.
        let run = run.or(mark.map(|mark| mark.longest));
        let mark = mark.filter(|mark| mark.n_runs > 1);
        if state.hovered.get_untracked() != run {
            state.hovered.set(run);
        }
        if state.chart.hovered_mark.get_untracked() != mark {
            state.chart.hovered_mark.set(mark);
        }
    }

    fn pinch(&self, before: &[(i32, f64, f64)], now: &[(i32, f64, f64)]) {
        let ([one, two, ..], [next_one, next_two, ..]) = (before, now) else { return };
        let middle = |a: &(i32, f64, f64), b: &(i32, f64, f64)| self.chart_x((a.1 + b.1) / 2.0).unwrap_or(0.0);
        let spread = |a: &(i32, f64, f64), b: &(i32, f64, f64)| {
            let is_both = self.state.is_map.get_untracked();
            if is_both { (a.1 - b.1).hypot(a.2 - b.2) } else { (a.1 - b.1).abs() }
        };
        let factor = pinch_factor(spread(one, two), spread(next_one, next_two));
        let bounds = untrack(|| self.state.bounds());
        if self.state.is_map.get_untracked() {
            self.zoom_rows(factor, (next_one.2 + next_two.2) / 2.0);
        }
        self.state.set_window(self.scale().zoomed(factor, middle(one, two), bounds));
        self.state.set_window(self.scale().panned(middle(one, two) - middle(next_one, next_two), bounds));
    }

    pub fn on_up(&self, event: &PointerEvent) {
        self.taps.cancel();
        let mut held = self.held.get_value();
        held.fingers.retain(|&(id, ..)| id != event.pointer_id());
        match held.mode {
            Mode::Marquee => self.zoom_to_marquee(),
            Mode::Ranging => self.state.announce_range(),
            Mode::Pinching => self.state.slide_to_nearest(),
            _ => {}
        }
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
        held.from = Some((self.scale(), self.state.scroll_top_px.get_untracked()));
        self.held.set_value(held);
    }

    fn zoom_to_marquee(&self) {
        let state = self.state;
        let Some([left, top, right, bottom]) = state.chart.marquee_px.get_untracked() else { return };
        state.chart.marquee_px.set(None);
        if right - left < DRAG_STARTS_AT_PX {
            return;
        }
        if state.is_map.get_untracked() && bottom - top >= DRAG_STARTS_AT_PX {
            let view = state.row_view_untracked();
            let (row_px, _) = zoomed_rows(view.row_height_px, view.height_px / (bottom - top), 0.0, 0.0);
            state.chart.map_row_px.set(Some(row_px));
            state.scroll_request.set(Some((view.scroll_top_px + top) * row_px / view.row_height_px.max(0.01)));
        }
        let (scale, bounds) = (self.scale(), untrack(|| state.bounds()));
        let (start_ns, end_ns) = (scale.time(left), scale.time(right));
        let target = super::time_window::TimeWindow { start_ns, end_ns: end_ns.max(start_ns + 100.0) };
        state.move_window(target.kept_inside(bounds));
    }

    fn swallow_next_click(&self) {
        self.state.drag_ended_ms.set_value(js_sys::Date::now());
    }

    pub fn on_leave(&self) {
        if self.state.chart.is_pinned.get_untracked() || self.is_long_press.get_untracked() {
            return;
        }
        self.state.hovered.set(None);
        self.state.pointer_px.set(None);
        self.state.chart.hovered_mark.set(None);
    }
}
