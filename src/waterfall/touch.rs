//! What fingers say by time rather than by place: resting on something, tapping twice.

use leptos::ev::MouseEvent;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;

const RESTS_FOR: Duration = Duration::from_millis(500);
const TWICE_WITHIN_MS: f64 = 320.0;
const TWICE_WITHIN_PX: f64 = 24.0;

/// The taps on one surface.
#[derive(Clone, Copy)]
pub struct Taps {
    resting: StoredValue<Option<TimeoutHandle>>,
    /// When and where the last tap was.
    last: StoredValue<(f64, f64, f64)>,
}

impl Taps {
    pub fn new() -> Self {
        let taps = Taps { resting: StoredValue::new(None), last: StoredValue::new((f64::NEG_INFINITY, 0.0, 0.0)) };
        on_cleanup(move || taps.cancel());
        taps
    }

    /// Calls `then` unless it is cancelled within half a second.
    pub fn after_rest(&self, then: impl Fn() + 'static) {
        self.cancel();
        self.resting.set_value(set_timeout_with_handle(then, RESTS_FOR).ok());
    }

    pub fn cancel(&self) {
        if let Some(timer) = self.resting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Whether the click is a finger's second tap on the same place.
    pub fn is_double(&self, event: &MouseEvent) -> bool {
        // Clicks are pointer events where browsers say what clicked.
        let is_touch = event.dyn_ref::<web_sys::PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
        let (now_ms, x, y) = (event.time_stamp(), f64::from(event.client_x()), f64::from(event.client_y()));
        let (last_ms, last_x, last_y) = self.last.get_value();
        let is_double =
            is_touch && now_ms - last_ms < TWICE_WITHIN_MS && (x - last_x).hypot(y - last_y) < TWICE_WITHIN_PX;
        self.last.set_value(if is_double { (f64::NEG_INFINITY, 0.0, 0.0) } else { (now_ms, x, y) });
        is_double
    }
}
