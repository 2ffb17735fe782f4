//! Says that the connection is gone, once it has been gone long enough to matter, and that it came back by going away.

use crate::components::banner::Banner;
use crate::live::{Connection, Live};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// A server that restarts within this time is not worth a word.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The banner, and nothing while all is well.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let live: Live = expect_context();
    let connection = live.connection();
    let is_shown = RwSignal::new(false);
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = waiting.flatten() {
            handle.clear();
        }
        if connection.get() == Connection::Lost {
            return set_timeout_with_handle(move || is_shown.set(true), PATIENCE).ok();
        }
        // While a new attempt is under way the banner stays as it is.
        if connection.get() != Connection::Connecting {
            is_shown.set(false);
        }
        None
    });
    let message = Signal::derive(move || {
        is_shown
            .get()
            .then(|| "The server cannot be reached. Trying again; what you see may be out of date.".to_owned())
    });
    view! { <Banner message action=("Try now", Callback::new(move |()| live.retry_now())) /> }
}
