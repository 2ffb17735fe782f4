//! `/projects/:project_id/traces`: the traces of one project, the newest first.

use leptos::prelude::*;
use leptos_meta::Title;

/// Lists a project's traces.
#[component]
pub fn TracesPage() -> impl IntoView {
    view! {
        <Title text="Traces" />
        <div class="page">
            <header class="page-header">
                <h1>"Traces"</h1>
            </header>
        </div>
    }
}
