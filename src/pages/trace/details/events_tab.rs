//! What happened during a run, with the time since its start.

use super::body::Shared;
use super::events::EventLine;
use super::json_tree::JsonTree;
use crate::components::clock::zone_offset_minutes;
use crate::components::erased::{Keyed, When, dynamic, memo};
use crate::format::duration::duration;
use crate::format::time::{exact, exact_utc};
use crate::format::visible::visible;
use fanlight_wire::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;

const PAGE: usize = 200;

/// The events of a run.
#[component]
pub fn EventsTab(shared: Shared) -> impl IntoView {
    let start = move || shared.data.with(|data| data.run.start_time);
    let n_shown = RwSignal::new(PAGE);
    let n_lines = memo(move || shared.events.with(|events| events.len()));
    let entries = move || {
        let all = shared.events.get();
        (0..all.len().min(n_shown.get())).map(|idx| (idx, Arc::clone(&all))).collect::<Vec<_>>()
    };
    view! {
        <ol class="events">
            <Keyed each=entries key=|(idx, all)| (*idx, all[*idx].name.clone(), all[*idx].count) let:entry>
                {line_view(entry.1[entry.0].clone(), start())}
            </Keyed>
        </ol>
        <When when=move || { n_lines.get() > n_shown.get() }>
            <button type="button" class="button" on:click=move |_| n_shown.update(|n| *n += PAGE)>
                {dynamic(move || format!("Show more ({} of {})", n_shown.get(), n_lines.get()))}
            </button>
        </When>
    }
}

fn line_view(line: EventLine, start: Timestamp) -> impl IntoView {
    let offset = |time: Timestamp| format!("+{}", duration(time.since(start)));
    let when = match (line.time, line.last_time) {
        (Some(first), Some(last)) if last != first => format!("{} to {}", offset(first), offset(last)),
        (Some(first), _) => offset(first),
        (None, _) => "no time".into(),
    };
    let title = line.time.map(|time| format!("{}\n{}", exact(time, zone_offset_minutes(time)), exact_utc(time)));
    view! {
        <li class="event">
            <span class="event-time" title=title>
                {when}
            </span>
            <bdi class="event-name">{visible(&line.name).into_owned()}</bdi>
            {(line.count > 1).then(|| view! { <span class="event-count">{format!("×{}", line.count)}</span> })}
            {line.message.map(|message| view! { <p class="event-message" dir="auto">{visible(&message).into_owned()}</p> })}
            {line
                .details
                .map(|details| view! { <div class="event-details"><JsonTree text=Signal::stored(details) label="Event details" /></div> })}
        </li>
    }
}
