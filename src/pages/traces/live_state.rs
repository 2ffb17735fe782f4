//! Whether the list keeps itself up to date: a switch where it can, the reason where it cannot.

use super::address::{History, PageState};
use crate::components::erased::live;
use crate::components::icon::{Icon, IconView};
use crate::live::{Connection, Live};
use leptos::prelude::*;

/// New traces join at the top only while that is where they belong, and while the reader wants them.
pub fn is_live(page: PageState) -> bool {
    page.with(|query| !query.is_live_off && query.sort.is_newest_first())
}

/// A switch beside the title.
#[component]
pub fn LiveState(page: PageState, #[prop(into)] on_refresh: Callback<()>) -> impl IntoView {
    let connection = expect_context::<Live>().connection();
    let toggle = move |_| page.change(History::Push, |query| query.is_live_off = !query.is_live_off);
    move || {
        let is_sorted = page.with(|query| !query.sort.is_newest_first());
        match connection.get() {
            Connection::Unavailable => view! {
                <button type="button" class="button" on:click=move |_| on_refresh.run(())>
                    <IconView icon=Icon::Refresh />
                    "Refresh"
                </button>
            }
            .into_any(),
            _ if is_sorted => view! {
                <button
                    type="button"
                    class="button"
                    title="New traces join only a list that is sorted by start, the newest first"
                    on:click=move |_| on_refresh.run(())
                >
                    <IconView icon=Icon::Refresh />
                    "Not live while sorted"
                </button>
            }
            .into_any(),
            Connection::Open => view! {
                <button
                    type="button"
                    class="button live-state"
                    class:is-open=live(move || is_live(page))
                    title="New traces appear by themselves"
                    aria-pressed=live(move || is_live(page).to_string())
                    on:click=toggle
                >
                    "Live"
                </button>
            }
            .into_any(),
            Connection::Connecting => view! { <span class="live-state">"Connecting"</span> }.into_any(),
            Connection::Lost => view! { <span class="live-state is-lost">"Not connected"</span> }.into_any(),
        }
    }
}
