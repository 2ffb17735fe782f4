//! Painting at most once per frame, all of it in one, and never without a reason.

use crate::components::erased::effect;
use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use std::rc::Rc;

/// The jobs of one page that paint when what they show has changed, in the order in which they were added.
#[derive(Clone, Copy)]
pub struct Frames {
    jobs: StoredValue<Vec<Job>, LocalStorage>,
    is_requested: StoredValue<bool>,
}

#[derive(Clone)]
struct Job {
    is_due: bool,
    /// Nothing once the view that painted is gone.
    paint: Option<Rc<dyn Fn()>>,
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

impl Frames {
    pub fn new() -> Self {
        Frames { jobs: StoredValue::new_local(Vec::new()), is_requested: StoredValue::new(false) }
    }

    /// Calls `paint` in the next frame after any signal that `track` reads has changed.
    pub fn paint_on_change(self, track: impl Fn() + 'static, paint: impl Fn() + 'static) {
        let paint: Rc<dyn Fn()> = Rc::new(paint);
        let mut idx = 0;
        self.jobs.update_value(|jobs| {
            idx = jobs.len();
            jobs.push(Job { is_due: false, paint: Some(paint) });
        });
        on_cleanup(move || {
            self.jobs.try_update_value(|jobs| jobs[idx].paint = None);
        });
        effect(move || {
            track();
            self.request(idx);
        });
    }

    fn request(self, idx: usize) {
        self.jobs.update_value(|jobs| jobs[idx].is_due = true);
        if self.is_requested.get_value() {
            return;
        }
        self.is_requested.set_value(true);
        request_animation_frame(move || {
            // Gone with its page before the frame came.
            if self.is_requested.try_set_value(false).is_some() {
                return;
            }
            let due: Vec<Rc<dyn Fn()>> = self
                .jobs
                .try_update_value(|jobs| {
                    let due = jobs.iter_mut().filter(|job| job.is_due);
                    due.filter_map(|job| {
                        job.is_due = false;
                        job.paint.clone()
                    })
                    .collect()
                })
                .unwrap_or_default();
            due.iter().for_each(|paint| paint());
        });
    }
}

/// The same for a page with one canvas.
pub fn paint_on_change(track: impl Fn() + 'static, paint: impl Fn() + 'static) {
    Frames::new().paint_on_change(track, paint);
}
