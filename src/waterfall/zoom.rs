//! The window on screen: moved at once or so that the eye can follow, and moved back again.

use super::motion::Motion;
use super::time_window::TimeWindow;
use leptos::prelude::*;

/// Moves that can be undone.
const MAX_UNDO: usize = 50;
/// A window with so much of everything is everything.
const WHOLE_FROM: f64 = 0.999;

/// See the module. Copy it freely.
#[derive(Clone, Copy)]
pub struct Zoom {
    /// `None`: all there is, however much that becomes.
    pub window: RwSignal<Option<TimeWindow>>,
    before: StoredValue<Vec<Option<TimeWindow>>>,
    pub motion: Motion,
}

impl Zoom {
    pub fn new(window: RwSignal<Option<TimeWindow>>) -> Self {
        Zoom { window, before: StoredValue::new(Vec::new()), motion: Motion::new() }
    }

    /// The window on screen, of what there is to see.
    pub fn shown(&self, bounds: TimeWindow) -> TimeWindow {
        self.window.get().map_or(bounds, |window| window.kept_inside(bounds))
    }

    /// Moves the window at once; for wheels and drags, which come in many small steps.
    pub fn set(&self, window: TimeWindow, bounds: TimeWindow) {
        self.motion.stop();
        self.store(window, bounds);
    }

    /// Moves the window so that the eye can follow. `bounds` may grow meanwhile.
    pub fn glide(&self, target: TimeWindow, bounds: impl Fn() -> TimeWindow + 'static) {
        let zoom = *self;
        let from = untrack(|| zoom.shown(bounds()));
        self.motion.run(move |progress| zoom.store(from.toward(target, progress), untrack(&bounds)));
    }

    fn store(&self, window: TimeWindow, bounds: TimeWindow) {
        let window = window.kept_inside(bounds);
        let is_whole = window.len_ns() >= bounds.len_ns() * WHOLE_FROM;
        self.window.try_set((!is_whole).then_some(window));
    }

    /// Remembers the window on screen, for [`Zoom::before`].
    pub fn remember(&self) {
        let window = self.window.get_untracked();
        self.before.update_value(|before| {
            if before.last() != Some(&window) {
                before.push(window);
            }
            if before.len() > MAX_UNDO {
                before.remove(0);
            }
        });
    }

    /// The window that was remembered last, once; `None` inside: everything.
    pub fn before(&self) -> Option<Option<TimeWindow>> {
        self.before.try_update_value(Vec::pop).flatten()
    }

    /// Everything is shown, and nothing is remembered: for other contents.
    pub fn forget(&self) {
        self.motion.stop();
        self.before.set_value(Vec::new());
    }
}
