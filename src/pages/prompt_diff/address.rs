//! Keeps the change that is looked at, and how, in the address.

use super::period::Period;
use crate::components::erased::memo;
use crate::routes::changed_query;
use crate::routes::prompt_diff::{QUERY_CHANGE, QUERY_PERIOD, QUERY_SPACE, QUERY_UNIT};
use fanlight_wire::version_stats::Unit;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The value of [`QUERY_SPACE`], and that of [`QUERY_UNIT`] for LLM calls.
const IGNORED: &str = "ignored";
const LLM: &str = "llm";

/// What the address says, and how to change it. Copy it freely.
///
/// The signals change at once; the address follows, since the router takes its time.
#[derive(Clone, Copy)]
pub struct Address {
    /// From 0; the address counts from 1.
    pub change: RwSignal<Option<usize>>,
    pub ignores_space: RwSignal<bool>,
    pub period: RwSignal<Period>,
    pub unit: RwSignal<Unit>,
    go: Callback<(&'static str, Option<String>)>,
}

impl Address {
    /// Reads the address, and follows it when the reader goes back and forth.
    pub fn new() -> Self {
        let query = use_query_map();
        let read = move |key: &str| query.read().get(key);
        let change = move || read(QUERY_CHANGE)?.parse::<usize>().ok()?.checked_sub(1);
        let ignores_space = move || read(QUERY_SPACE).as_deref() == Some(IGNORED);
        let period = move || read(QUERY_PERIOD).and_then(|word| word.parse().ok()).unwrap_or_default();
        let unit = move || if read(QUERY_UNIT).as_deref() == Some(LLM) { Unit::LlmCall } else { Unit::Trace };
        let address = Address {
            change: RwSignal::new(untrack(change)),
            ignores_space: RwSignal::new(untrack(ignores_space)),
            period: RwSignal::new(untrack(period)),
            unit: RwSignal::new(untrack(unit)),
            go: use_search(),
        };
        let in_address = memo(move || (change(), ignores_space(), period(), unit()));
        Effect::watch(
            move || in_address.get(),
            move |(change, ignores_space, period, unit), _, _| {
                // The router says it again when it has caught up with what is shown already.
                set_if_other(address.change, *change);
                set_if_other(address.ignores_space, *ignores_space);
                set_if_other(address.period, *period);
                set_if_other(address.unit, *unit);
            },
            false,
        );
        address
    }

    pub fn set_change(&self, change: usize) {
        self.change.set(Some(change));
        self.go.run((QUERY_CHANGE, Some((change + 1).to_string())));
    }

    /// Changes are numbered anew.
    pub fn toggle_space(&self) {
        let ignores = !self.ignores_space.get_untracked();
        self.ignores_space.set(ignores);
        self.change.set(None);
        self.go.run((QUERY_CHANGE, None));
        self.go.run((QUERY_SPACE, ignores.then(|| IGNORED.to_owned())));
    }

    pub fn set_period(&self, period: Period) {
        self.period.set(period);
        self.go.run((QUERY_PERIOD, (period != Period::default()).then(|| period.to_string())));
    }

    pub fn set_unit(&self, unit: Unit) {
        self.unit.set(unit);
        self.go.run((QUERY_UNIT, (unit == Unit::LlmCall).then(|| LLM.to_owned())));
    }
}

fn set_if_other<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}

/// Changes one key of the query, in the history entry that there is: walking through changes is no journey.
fn use_search() -> Callback<(&'static str, Option<String>)> {
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |(key, value): (&'static str, Option<String>)| {
        let location = window().location();
        let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
        let changed = changed_query(&search, key, value.as_deref());
        if changed.trim_start_matches('?') != search.trim_start_matches('?') {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&format!("{path}{changed}"), options));
        }
    })
}
