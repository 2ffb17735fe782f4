//! One clock for everything on screen that says how long ago: ticks only while somebody looks at it.

use fanlight_wire::Timestamp;
use leptos::leptos_dom::helpers::{IntervalHandle, set_interval_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// The browser's time now.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now()).unwrap_or(Timestamp(0))
}

/// The reader's zone at `time`: minutes east of UTC.
pub fn zone_offset_minutes(time: Timestamp) -> i32 {
    let date = js_sys::Date::new(&(time.0 as f64 / 1e6).into());
    -date.get_timezone_offset() as i32
}

#[derive(Clone, Copy)]
struct Clock {
    now: RwSignal<Timestamp>,
    n_readers: StoredValue<u32>,
    ticking: StoredValue<Option<IntervalHandle>>,
}

/// Provides the clock that [`use_now`] reads. Called once, by the application.
pub fn provide_clock() {
    provide_context(Clock {
        now: RwSignal::new(now()),
        n_readers: StoredValue::new(0),
        ticking: StoredValue::new(None),
    });
}

/// The time, a second apart, for as long as the current owner lives. A page in the background is not woken.
pub fn use_now() -> Signal<Timestamp> {
    let clock: Clock = expect_context();
    clock.n_readers.update_value(|n_readers| *n_readers += 1);
    if clock.n_readers.get_value() == 1 {
        clock.now.set(now());
        let tick = move || {
            if !document().hidden() {
                clock.now.set(now());
            }
        };
        clock.ticking.set_value(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
    }
    on_cleanup(move || {
        let n_left = clock.n_readers.try_update_value(|n_readers| {
            *n_readers -= 1;
            *n_readers
        });
        if n_left == Some(0) {
            clock.ticking.update_value(|ticking| {
                if let Some(ticking) = ticking.take() {
                    ticking.clear();
                }
            });
        }
    });
    clock.now.into()
}
