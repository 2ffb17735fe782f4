//! One clock for everything on screen that says how long ago or how long so far. It sleeps until what is said changes.

use fanlight_wire::Timestamp;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use std::time::Duration;

const NS_PER_SECOND: i64 = 1_000_000_000;
/// Browsers fire timers a little early, and cannot sleep longer than 24 days.
const SLACK: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The browser's time now.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now()).unwrap_or(Timestamp(0))
}

/// The reader's zone at `time`: minutes east of UTC.
pub fn zone_offset_minutes(time: Timestamp) -> i32 {
    let date = js_sys::Date::new(&(time.0 as f64 / 1e6).into());
    -date.get_timezone_offset() as i32
}

/// Wakes those who read the time when what they made of it changes. Copy it freely.
#[derive(Clone, Copy)]
pub struct Clock {
    n_ticks: RwSignal<u64>,
    /// The next tick, and when it is due.
    next: StoredValue<Option<(Timestamp, TimeoutHandle)>>,
    /// A tick came while nobody could see the page.
    is_late: StoredValue<bool>,
}

impl Clock {
    /// Provides the clock. Called once, by the application.
    pub fn provide() {
        let clock = Clock { n_ticks: RwSignal::new(0), next: StoredValue::new(None), is_late: StoredValue::new(false) };
        provide_context(clock);
        // Bubbles from the document, which Leptos has no typed event for.
        let on_show = window_event_listener_untyped("visibilitychange", move |_| {
            if !document().hidden() && clock.is_late.get_value() {
                clock.tick();
            }
        });
        on_cleanup(move || on_show.remove());
    }

    /// The time. A memo or an effect that reads it is run again after so many nanoseconds as `holds_ns` makes of it, or
    /// sooner.
    pub fn now_for(&self, holds_ns: impl FnOnce(Timestamp) -> i64) -> Timestamp {
        let now = now();
        if Observer::get().is_some() {
            self.n_ticks.track();
            self.wake_at(Timestamp(now.0.saturating_add(holds_ns(now).max(1))), now);
        }
        now
    }

    fn wake_at(&self, due: Timestamp, now: Timestamp) {
        let is_sooner = self.next.with_value(|next| next.as_ref().is_none_or(|(other, _)| due < *other));
        if !is_sooner {
            return;
        }
        let sleep = Duration::from_nanos(due.since(now).unsigned_abs()).min(LONGEST) + SLACK;
        let clock = *self;
        let next = set_timeout_with_handle(move || clock.on_due(), sleep).ok().map(|timer| (due, timer));
        if let Some((_, timer)) = self.next.try_update_value(|now| std::mem::replace(now, next)).flatten() {
            timer.clear();
        }
    }

    fn on_due(&self) {
        self.next.set_value(None);
        if document().hidden() {
            self.is_late.set_value(true);
        } else {
            self.tick();
        }
    }

    fn tick(&self) {
        self.is_late.set_value(false);
        self.n_ticks.update(|n| *n += 1);
    }
}

/// The clock that the application provides.
pub fn use_clock() -> Clock {
    expect_context()
}

/// The time, a second apart for those who follow it, for as long as they do. A page in the background is not woken.
pub fn use_now() -> Signal<Timestamp> {
    let clock = use_clock();
    Signal::derive(move || clock.now_for(|_| NS_PER_SECOND))
}
