//! The keyboard's place among rows: it follows the active row from element to element while the rows have it.

use crate::components::erased::effect;
use leptos::ev::FocusEvent;
use leptos::html::Div;
use leptos::prelude::*;

/// See the module. Copy it freely.
#[derive(Clone, Copy)]
pub struct RowFocus {
    /// Counts the times the rows were asked to take the keyboard.
    requests: RwSignal<u32>,
    /// A row had it last. That row may show another one by now, or nothing.
    is_here: StoredValue<bool>,
}

impl RowFocus {
    pub fn new(requests: RwSignal<u32>) -> Self {
        RowFocus { requests, is_here: StoredValue::new(false) }
    }

    /// Something among the rows has got the keyboard.
    pub fn on_focus_in(&self) {
        self.is_here.set_value(true);
    }

    /// It has gone elsewhere. A row that stops being shown gives it to nobody: then it is the rows' still.
    pub fn on_focus_out(&self, event: &FocusEvent) {
        if event.related_target().is_some() {
            self.is_here.set_value(false);
        }
    }

    /// Gives `element` the keyboard when its row becomes the active one, if the rows have it or are asked to take it.
    pub fn keep(self, element: NodeRef<Div>, is_active: Memo<bool>) {
        let seen_requests = StoredValue::new(self.requests.get_untracked());
        effect(move || {
            let requests = self.requests.get();
            let is_asked = seen_requests.get_value() != requests;
            seen_requests.set_value(requests);
            let Some(element) = element.get() else { return };
            if !is_active.get() {
                return;
            }
            let is_nowhere = || document().active_element().is_none_or(|it| it.matches("body").unwrap_or(false));
            let is_in_rows = || {
                let rows = element.parent_element();
                rows.is_some_and(|rows| rows.contains(document().active_element().as_deref()))
            };
            if is_asked || (self.is_here.get_value() && (is_nowhere() || is_in_rows())) {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = element.focus_with_options(&options);
            }
        });
    }
}
