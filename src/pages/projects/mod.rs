//! `/`: all projects.

use leptos::prelude::*;
use leptos_meta::Title;

/// Lists the projects with what happened in them lately.
#[component]
pub fn ProjectsPage() -> impl IntoView {
    view! {
        <Title text="Projects" />
        <div class="page">
            <header class="page-header">
                <h1>"Projects"</h1>
            </header>
        </div>
    }
}
