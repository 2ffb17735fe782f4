//! Keeps the selected run, the measure, the window, the search and whether equal rows are hidden in the address.

use crate::compare::Measure;
use crate::components::erased::memo;
use crate::routes::{QUERY_FIND, QUERY_MEASURE, QUERY_ONLY, QUERY_RUN, QUERY_WINDOW, changed_query, escaped};
use crate::waterfall::time_window::TimeWindow;
use fanlight_wire::RunId;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;

/// The value of [`QUERY_ONLY`].
const DIFFERENCES: &str = "differences";

/// Walking through rows makes one history entry, not one per row: steps closer together than this replace the last.
const SAME_WALK_MS: f64 = 1000.0;
/// How long the window and the search must rest before they are written.
const RESTS: Duration = Duration::from_millis(250);

/// What the address says, and how to change it. Copy it freely.
///
/// The signals change at once; the address follows, since the router takes its time.
#[derive(Clone, Copy)]
pub struct Address {
    pub run: RwSignal<Option<RunId>>,
    pub measure: RwSignal<Measure>,
    pub only_differences: RwSignal<bool>,
    pub window: RwSignal<Option<TimeWindow>>,
    /// What is looked for.
    pub find: RwSignal<String>,
    go: Callback<(&'static str, Option<String>, bool)>,
    last_select_ms: StoredValue<f64>,
}

impl Address {
    /// Reads the address, follows it when the reader goes back and forth, and writes the window when it rests.
    pub fn new() -> Self {
        let query = use_query_map();
        let read = move |key: &str| query.read().get(key);
        let run = move || read(QUERY_RUN).and_then(|id| id.parse::<RunId>().ok());
        let measure = move || read(QUERY_MEASURE).and_then(|word| word.parse().ok()).unwrap_or_default();
        let only_differences = move || read(QUERY_ONLY).as_deref() == Some(DIFFERENCES);
        let window = untrack(|| read(QUERY_WINDOW).and_then(|window| window.parse().ok()));
        let address = Address {
            run: RwSignal::new(untrack(run)),
            measure: RwSignal::new(untrack(measure)),
            only_differences: RwSignal::new(untrack(only_differences)),
            window: RwSignal::new(window),
            find: RwSignal::new(untrack(|| read(QUERY_FIND)).unwrap_or_default()),
            go: use_search(),
            last_select_ms: StoredValue::new(0.0),
        };
        // The router says it again when it has caught up with what is shown already.
        let in_address = memo(move || (run(), measure(), only_differences()));
        Effect::watch(
            move || in_address.get(),
            move |(run, measure, only_differences), _, _| {
                if is_in_browser(QUERY_RUN, run.map(|run| run.to_string())) {
                    address.run.set(*run);
                    address.measure.set(*measure);
                    address.only_differences.set(*only_differences);
                }
            },
            false,
        );
        address.write_at_rest(QUERY_WINDOW, move || address.window.get().map(|window| window.to_string()));
        address.write_at_rest(QUERY_FIND, move || Some(address.find.get()).filter(|find| !find.is_empty()));
        address
    }

    pub fn select(&self, run: RunId) {
        let now_ms = js_sys::Date::now();
        let is_same_walk = now_ms - self.last_select_ms.get_value() < SAME_WALK_MS;
        self.last_select_ms.set_value(now_ms);
        self.run.set(Some(run));
        self.go.run((QUERY_RUN, Some(run.to_string()), is_same_walk));
    }

    pub fn set_measure(&self, measure: Measure) {
        self.measure.set(measure);
        let word = (measure != Measure::default()).then(|| measure.to_string());
        self.go.run((QUERY_MEASURE, word, false));
    }

    pub fn toggle_only_differences(&self) {
        let is_on = !self.only_differences.get_untracked();
        self.only_differences.set(is_on);
        self.go.run((QUERY_ONLY, is_on.then(|| DIFFERENCES.to_owned()), false));
    }

    /// Writes what `read` reads in place, once it rests.
    fn write_at_rest(self, key: &'static str, read: impl Fn() -> Option<String> + Send + Sync + 'static) {
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let cancel = move || {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        };
        let value = memo(read);
        Effect::watch(
            move || value.get(),
            move |value, _, _| {
                cancel();
                let text = value.as_deref().map(escaped);
                let write = move || self.go.run((key, text.clone(), true));
                timer.set_value(set_timeout_with_handle(write, RESTS).ok());
            },
            false,
        );
        on_cleanup(cancel);
    }
}

/// Whether the browser's own address has this value: it is ahead of the router's while a navigation is under way.
fn is_in_browser(key: &str, value: Option<String>) -> bool {
    let search = window().location().search().unwrap_or_default();
    let found = crate::routes::query_pairs(&search).into_iter().find(|(name, _)| name == key).map(|(_, value)| value);
    found == value
}

/// Changes one key of the query: its name, its value, and whether the current history entry is replaced.
fn use_search() -> Callback<(&'static str, Option<String>, bool)> {
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |(key, value, replace): (&'static str, Option<String>, bool)| {
        let location = window().location();
        let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
        let changed = changed_query(&search, key, value.as_deref());
        if changed.trim_start_matches('?') != search.trim_start_matches('?') {
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&format!("{path}{changed}"), options));
        }
    })
}
