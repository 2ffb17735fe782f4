//! Whether the list keeps itself up to date, and a refresh button where the server cannot tell.

use crate::components::icon::{Icon, IconView};
use crate::live::{Connection, Live};
use leptos::prelude::*;

/// A quiet mark beside the title.
#[component]
pub fn LiveState(#[prop(into)] on_refresh: Callback<()>) -> impl IntoView {
    let connection = expect_context::<Live>().connection();
    move || match connection.get() {
        Connection::Unavailable => view! {
            <button type="button" class="button" on:click=move |_| on_refresh.run(())>
                <IconView icon=Icon::Refresh />
                "Refresh"
            </button>
        }
        .into_any(),
        Connection::Open => view! {
            <span class="live-state is-open" title="New traces appear by themselves">
                "Live"
            </span>
        }
        .into_any(),
        Connection::Connecting => view! { <span class="live-state">"Connecting"</span> }.into_any(),
        Connection::Lost => view! { <span class="live-state is-lost">"Not connected"</span> }.into_any(),
    }
}
