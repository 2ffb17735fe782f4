//! How a run ended, as a mark whose shape says it as well as its colour.

use crate::components::erased::live;
use fanlight_wire::RunStatus;
use leptos::prelude::*;

/// The status in the reader's words.
pub fn status_label(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Pending => "Running",
        RunStatus::Success => "Succeeded",
        RunStatus::Error => "Failed",
        RunStatus::Interrupted => "Interrupted",
    }
}

/// A disc for success, a diamond for an error, a ring while running, a square when interrupted.
#[component]
pub fn StatusDot(#[prop(into)] status: Signal<RunStatus>) -> impl IntoView {
    view! {
        <span
            class="status-dot"
            class:is-error=live(move || status.get() == RunStatus::Error)
            class:is-pending=live(move || status.get() == RunStatus::Pending)
            class:is-interrupted=live(move || status.get() == RunStatus::Interrupted)
            role="img"
            aria-label=live(move || status_label(status.get()))
            title=live(move || status_label(status.get()))
        ></span>
    }
}
