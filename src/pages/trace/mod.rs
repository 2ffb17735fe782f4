//! `/projects/:project_id/traces/:trace_id`: one trace.

pub mod details;

use leptos::prelude::*;
use leptos_meta::Title;

/// Shows one trace.
#[component]
pub fn TracePage() -> impl IntoView {
    view! {
        <Title text="Trace" />
        <div class="page">
            <header class="page-header">
                <h1>"Trace"</h1>
            </header>
        </div>
    }
}
