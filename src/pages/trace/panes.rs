//! The waterfall and the details side by side, the line between them movable; one above the other where it is narrow.

use crate::components::element_size::use_element_size;
use crate::components::erased::{When, live, memo};
use crate::preferences::use_preferences;
use crate::waterfall::Divider;
use leptos::html::{Div, Section};
use leptos::prelude::*;

const DEFAULT_DETAILS_PERCENT: f64 = 44.0;
const LEAST_PX: f64 = 320.0;

/// `details` are there only while `has_details`. `details_pane` lets the page put the focus there.
#[component]
pub fn TracePanes(
    has_details: RwSignal<bool>,
    details_pane: NodeRef<Section>,
    details: ViewFn,
    children: Children,
) -> impl IntoView {
    let preferences = use_preferences();
    let panes = NodeRef::<Div>::new();
    let size = use_element_size(panes);
    let range = memo(move || (LEAST_PX, (size.get().width_px - LEAST_PX).max(LEAST_PX)));
    let width_px = memo(move || {
        let preferred = preferences.with(|preferences| preferences.details_width_px);
        let (least, most) = range.get();
        preferred.unwrap_or((size.get().width_px * DEFAULT_DETAILS_PERCENT / 100.0).min(760.0)).clamp(least, most)
    });
    let set = move |width: Option<f64>| preferences.update(|preferences| preferences.details_width_px = width);
    view! {
        <div
            node_ref=panes
            class="trace-panes"
            class:has-details=has_details
            style:--details-width=live(move || format!("{:.0}px", width_px.get()))
        >
            <div class="trace-main">{children()}</div>
            <When when=move || has_details.get()>
                <Divider
                    label="Width of the details"
                    value=width_px
                    range
                    px_per_unit=1.0
                    is_mirrored=true
                    on_change=Callback::new(move |width: f64| set(Some(width)))
                    on_reset=Callback::new(move |()| set(None))
                />
                <section node_ref=details_pane class="trace-details" aria-label="Details" tabindex="-1">
                    <button type="button" class="button trace-details-close" on:click=move |_| has_details.set(false)>
                        "Close details"
                    </button>
                    {details.run()}
                </section>
            </When>
        </div>
    }
}
