//! "3 m ago", with the exact time in the reader's zone and in UTC on hover.

use super::clock::{use_clock, zone_offset_minutes};
use crate::components::erased::{live, memo};
use crate::format::time;
use fanlight_wire::Timestamp;
use leptos::prelude::*;

/// How long ago `time` was; keeps itself up to date.
#[component]
pub fn RelativeTime(#[prop(into)] time: Signal<Timestamp>) -> impl IntoView {
    let clock = use_clock();
    let text = memo(move || {
        let time = time.get();
        let now = clock.now_for(|now| time::relative_holds_ns(time, now));
        time::relative(time, now, zone_offset_minutes(time))
    });
    let title = move || {
        let time = time.get();
        format!("{}\n{}", time::exact(time, zone_offset_minutes(time)), time::exact_utc(time))
    };
    view! {
        <time class="relative-time" datetime=live(move || time.get().to_string()) title=live(title)>
            {text}
        </time>
    }
}
