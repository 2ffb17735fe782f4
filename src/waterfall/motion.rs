//! Short moves of the window: one animation at a time, over within 200 ms, absent where motion is unwelcome.

use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

const LASTS_MS: f64 = 180.0;

/// The one animation that may be under way.
#[derive(Clone, Copy)]
pub struct Motion {
    /// Which animation is the current one: starting or stopping counts up, and older ones see that they are not meant.
    current: StoredValue<u32>,
}

impl Default for Motion {
    fn default() -> Self {
        Self::new()
    }
}

type Frame = Closure<dyn FnMut(f64)>;

impl Motion {
    pub fn new() -> Self {
        Motion { current: StoredValue::new(0) }
    }

    /// Ends what is under way, where it is.
    pub fn stop(&self) {
        self.current.try_update_value(|current| *current = current.wrapping_add(1));
    }

    /// Calls `step` with the eased progress each frame, at last with 1.
    pub fn run(&self, step: impl Fn(f64) + 'static) {
        self.stop();
        if prefers_reduced_motion() {
            step(1.0);
            return;
        }
        let current = self.current;
        let mine = current.get_value();
        let mut began_ms = None;
        let next_frame: Rc<RefCell<Option<Frame>>> = Rc::default();
        let again = Rc::clone(&next_frame);
        *next_frame.borrow_mut() = Some(Closure::new(move |now_ms: f64| {
            if current.try_get_value() != Some(mine) {
                again.borrow_mut().take();
                return;
            }
            let passed_ms = now_ms - *began_ms.get_or_insert(now_ms);
            let left = 1.0 - (passed_ms / LASTS_MS).clamp(0.0, 1.0);
            step(1.0 - left * left * left);
            if left > 0.0 {
                request(&again);
            } else {
                again.borrow_mut().take();
            }
        }));
        request(&next_frame);
    }
}

fn request(frame: &Rc<RefCell<Option<Frame>>>) {
    if let Some(closure) = frame.borrow().as_ref() {
        // Without frames (a window that is gone) there is nothing to animate.
        let _ = window().request_animation_frame(closure.as_ref().unchecked_ref());
    }
}

fn prefers_reduced_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|media| media.matches())
}
