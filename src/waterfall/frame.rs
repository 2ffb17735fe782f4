//! Painting at most once per frame, and never without a reason.

use crate::components::erased::effect;
use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;

/// Calls `paint` in the next frame after any signal that `track` reads has changed.
pub fn paint_on_change(track: impl Fn() + 'static, paint: impl Fn() + Clone + 'static) {
    let is_due = StoredValue::new(false);
    effect(move || {
        track();
        if is_due.get_value() {
            return;
        }
        is_due.set_value(true);
        let paint = paint.clone();
        request_animation_frame(move || {
            // Gone with its page before the frame came.
            if is_due.try_set_value(false).is_none() {
                paint();
            }
        });
    });
}
