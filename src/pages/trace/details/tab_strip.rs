//! The strip of tabs: arrow keys move along it and open at once.

use super::tabs::{TabLabel, step};
use crate::components::erased::{Keyed, live};
use crate::routes::DetailsTab;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// The element id of a tab in the strip named `strip_id`.
pub fn tab_id(strip_id: StoredValue<String>, tab: DetailsTab) -> String {
    format!("{}-{tab}", strip_id.get_value())
}

/// The element id of the panel that belongs to a tab.
pub fn panel_id(strip_id: StoredValue<String>, tab: DetailsTab) -> String {
    format!("{}-{tab}-panel", strip_id.get_value())
}

/// Shows `tabs` with `open` selected.
#[component]
pub fn TabStrip(
    tabs: Memo<Vec<TabLabel>>,
    open: Memo<DetailsTab>,
    on_choose: Callback<DetailsTab>,
    strip_id: StoredValue<String>,
) -> impl IntoView {
    let on_keydown = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return;
        }
        let Some(tab) = tabs.with_untracked(|tabs| step(tabs, open.get_untracked(), &event.key())) else { return };
        event.prevent_default();
        on_choose.run(tab);
        let element = document().get_element_by_id(&tab_id(strip_id, tab));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    };
    view! {
        <div class="details-tabs" role="tablist" aria-label="Details" on:keydown=on_keydown>
            <Keyed each=move || tabs.get() key=|label| (label.tab, label.count) let:label>
                <button
                    type="button"
                    role="tab"
                    class="details-tab"
                    class:is-error=label.tab == DetailsTab::Error
                    id=tab_id(strip_id, label.tab)
                    aria-selected=live(move || (open.get() == label.tab).to_string())
                    aria-controls=live(move || (open.get() == label.tab).then(|| panel_id(strip_id, label.tab)))
                    tabindex=live(move || if open.get() == label.tab { "0" } else { "-1" })
                    on:click=move |_| on_choose.run(label.tab)
                >
                    {label.words}
                    {label.count.map(|count| view! { <span class="details-tab-count">{count}</span> })}
                </button>
            </Keyed>
        </div>
    }
}
