//! What kind of work a run is: a letter on the kind's colour.

use crate::format::run_type::{run_type_label, run_type_letter};
use fanlight_wire::RunType;
use leptos::prelude::*;

/// A small square with the type's letter; its name on hover and for screen readers.
#[component]
pub fn RunTypeGlyph(run_type: RunType) -> impl IntoView {
    view! {
        <span
            class=format!("run-type-glyph is-{run_type}")
            role="img"
            aria-label=run_type_label(run_type)
            title=run_type_label(run_type)
        >
            {run_type_letter(run_type)}
        </span>
    }
}
