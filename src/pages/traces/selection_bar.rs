//! What can be done with the selected rows.

use super::selection::Selection;
use crate::components::erased::{dynamic, live, memo};
use leptos::prelude::*;

/// Appears below the list while rows are selected; the count is announced as it changes.
#[component]
pub fn SelectionBar(
    selection: RwSignal<Selection>,
    on_copy_ids: Callback<()>,
    on_copy_json: Callback<()>,
    on_export: Callback<()>,
    on_compare: Callback<()>,
) -> impl IntoView {
    let is_empty = memo(move || selection.with(Selection::is_empty));
    let was_used = RwSignal::new(false);
    let words = memo(move || {
        // Before anything was selected there is nothing to say.
        let is_empty = is_empty.get();
        if !is_empty {
            was_used.set(true);
        }
        if is_empty && !was_used.get_untracked() { String::new() } else { selection.with(Selection::words) }
    });
    view! {
        <span class="visually-hidden" role="status">
            {words}
        </span>
        {dynamic(move || {
            let button = |label: &'static str, on_click: Callback<()>| {
                view! {
                    <button type="button" class="button" on:click=move |_| on_click.run(())>
                        {label}
                    </button>
                }
                .into_any()
            };
            (!is_empty.get())
                .then(|| {
                    view! {
                        <div class="selection-bar" role="toolbar" aria-label="Selected rows">
                            <b>{words}</b>
                            {button("Copy ids", on_copy_ids)}
                            {button("Copy as JSON", on_copy_json)}
                            {button("Export", on_export)}
                            <button
                                type="button"
                                class="button"
                                title="Compare two selected traces (c)"
                                disabled=live(move || selection.with(Selection::len) != 2)
                                on:click=move |_| on_compare.run(())
                            >
                                "Compare"
                            </button>
                            <button
                                type="button"
                                class="button is-quiet"
                                on:click=move |_| selection.update(Selection::clear)
                            >
                                "Clear"
                            </button>
                        </div>
                    }
                })
        })}
    }
}
