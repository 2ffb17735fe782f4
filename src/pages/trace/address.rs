//! Keeps the selected run and the window of time in the address, and follows the address when it changes.

use crate::components::erased::memo;
use crate::routes::{QUERY_RUN, QUERY_WINDOW, changed_query};
use crate::waterfall::time_window::TimeWindow;
use fanlight_wire::RunId;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::collections::VecDeque;
use std::time::Duration;

/// Walking through rows makes one history entry, not one per row: steps closer together than this replace the last.
const SAME_WALK_MS: f64 = 1000.0;
/// How long the window must rest before it is written.
const WINDOW_RESTS: Duration = Duration::from_millis(250);

/// The run named in the address, and what to call to name another.
///
/// The signal changes at once when a run is selected; the address follows, since the router takes its time.
pub fn use_selection() -> (RwSignal<Option<RunId>>, Callback<RunId>) {
    let query = use_query_map();
    let in_address = memo(move || query.read().get(QUERY_RUN).and_then(|id| id.parse::<RunId>().ok()));
    let selected = RwSignal::new(in_address.get_untracked());
    let on_the_way = StoredValue::new(VecDeque::<RunId>::new());
    Effect::watch(
        move || in_address.get(),
        move |id, _, _| {
            let is_ours = on_the_way
                .try_update_value(|waiting| {
                    let position = id.and_then(|id| waiting.iter().position(|&other| other == id));
                    position.map(|position| waiting.drain(..=position).count()).is_some()
                })
                .unwrap_or(false);
            if !is_ours {
                selected.set(*id);
            }
        },
        false,
    );
    let go = use_search();
    let last_ms = StoredValue::new(0.0);
    let on_select = Callback::new(move |id: RunId| {
        let now_ms = js_sys::Date::now();
        let is_same_walk = now_ms - last_ms.get_value() < SAME_WALK_MS;
        last_ms.set_value(now_ms);
        if in_address.get_untracked() != Some(id) {
            on_the_way.update_value(|waiting| waiting.push_back(id));
            go.run((QUERY_RUN, Some(id.to_string()), is_same_walk));
        }
    });
    (selected, on_select)
}

/// The window that the address names when the page opens.
pub fn window_in_address() -> Option<TimeWindow> {
    use_query_map().read_untracked().get(QUERY_WINDOW)?.parse().ok()
}

/// Writes `window` to the address whenever it has come to rest.
pub fn keep_window(window: RwSignal<Option<TimeWindow>>) {
    let go = use_search();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        timer.try_update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    };
    Effect::watch(
        move || window.get(),
        move |window, _, _| {
            cancel();
            let text = window.map(|window| window.to_string());
            let write = move || go.run((QUERY_WINDOW, text.clone(), true));
            timer.set_value(set_timeout_with_handle(write, WINDOW_RESTS).ok());
        },
        false,
    );
    on_cleanup(cancel);
}

/// Changes one key of the query: its name, its value, and whether the current history entry is replaced.
fn use_search() -> Callback<(&'static str, Option<String>, bool)> {
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |(key, value, replace): (&'static str, Option<String>, bool)| {
        // The browser's own address is ahead of the router's while a navigation is under way.
        let location = window().location();
        let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
        let changed = changed_query(&search, key, value.as_deref());
        let is_same = changed.trim_start_matches('?') == search.trim_start_matches('?');
        if !is_same {
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&format!("{path}{changed}"), options));
        }
    })
}
