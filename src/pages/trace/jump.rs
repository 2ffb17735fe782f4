//! Goes to a run and a tab of its details in one step: one entry in the history, so that Back undoes it.

use crate::routes::{DetailsTab, QUERY_RUN, QUERY_TAB, changed_query};
use fanlight_wire::RunId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Selects a run, shows its row, and opens a tab of its details.
pub fn use_jump() -> Callback<(RunId, DetailsTab)> {
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |(run, tab): (RunId, DetailsTab)| {
        // The browser's own address is ahead of the router's while a navigation is under way.
        let location = window().location();
        let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
        let search = changed_query(&search, QUERY_RUN, Some(&run.to_string()));
        let search = changed_query(&search, QUERY_TAB, Some(tab.as_str()));
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&format!("{path}{search}"), options));
    })
}
