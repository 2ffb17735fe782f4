//! Saves what is on screen as a file, without asking the server again.

pub use crate::components::save_file::save;
use leptos::prelude::*;

/// A button that saves what `text` returns under `file_name`.
#[component]
pub fn SaveButton(
    #[prop(into)] text: Callback<(), String>,
    #[prop(into)] file_name: String,
    #[prop(default = "application/json")] mime_type: &'static str,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button is-quiet"
            on:click=move |_| save(&file_name, mime_type, text.run(()).as_bytes())
        >
            {label}
        </button>
    }
}
