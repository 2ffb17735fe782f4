//! Fetches the code of a page when the reader points at a link to it, so that it is there once they follow it.

use crate::components::part::fetch_ahead;
use crate::pages::{
    compare, monitor, prices, projects, prompt, prompt_diff, prompts, storage, thread, threads, trace, traces,
};
use crate::routes::{self, Page};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Watches pointer and focus for as long as the owner lives.
pub fn prefetch_pages() {
    let listeners = [
        window_event_listener(ev::pointerover, |event| look_at(&event)),
        window_event_listener(ev::focusin, |event| look_at(&event)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}

fn look_at(event: &Event) {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Some(page) = link_of(&element).and_then(|href| routes::page_at(&href)) else { return };
    match page {
        Page::Projects => fetch_ahead(projects::fetch()),
        Page::Traces => fetch_ahead(traces::fetch()),
        Page::Trace => {
            fetch_ahead(trace::fetch());
            fetch_ahead(trace::details::fetch());
        }
        Page::Compare => fetch_ahead(compare::fetch()),
        Page::Threads => fetch_ahead(threads::fetch()),
        Page::Thread => fetch_ahead(thread::fetch()),
        Page::Prompts => fetch_ahead(prompts::fetch()),
        Page::Prompt => fetch_ahead(prompt::fetch()),
        Page::PromptDiff => fetch_ahead(prompt_diff::fetch()),
        Page::Monitor => fetch_ahead(monitor::fetch()),
        Page::Storage => fetch_ahead(storage::fetch()),
        Page::Prices => fetch_ahead(prices::fetch()),
    }
}

/// Where a click on the element leads: the link it is in, or the one in the row that it is in.
fn link_of(element: &Element) -> Option<String> {
    let link = element.closest("a[href]").ok().flatten();
    let row = || element.closest("[role=row]").ok().flatten()?.query_selector("a[href]").ok().flatten();
    link.or_else(row)?.get_attribute("href")
}
