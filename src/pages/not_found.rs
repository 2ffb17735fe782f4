//! An address that leads nowhere.

use crate::routes;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says so and shows the way out.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <div class="page">
            <div class="empty-state">
                <h1>"There is nothing at this address"</h1>
                <p>"The link may be mistyped, or what it led to was deleted."</p>
                <a class="button is-primary" href=routes::projects()>"Go to projects"</a>
            </div>
        </div>
    }
}
