//! The box that rows scroll in: a treegrid whose height is that of all rows, however few are on the page.

use crate::components::erased::{effect, live};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

/// `children` is the viewport, which stays put while the content scrolls.
#[component]
pub fn TreeScroller(
    label: &'static str,
    scroller: NodeRef<Div>,
    /// With the headings.
    #[prop(into)]
    n_rows: Signal<usize>,
    /// Of all rows, in CSS pixels.
    #[prop(into)]
    content_height_px: Signal<f64>,
    /// Whether the size of the box is known: before, it cannot be scrolled.
    #[prop(into)]
    has_size: Signal<bool>,
    scroll_top_px: RwSignal<f64>,
    /// Where the box is asked to go; it clears this when it has.
    scroll_request: RwSignal<Option<f64>>,
    on_key: Callback<KeyboardEvent>,
    /// A row of headings that stays on top.
    #[prop(optional)]
    head: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    // After the rows have their new height: a scroll position beyond the old one would be cut.
    effect(move || {
        content_height_px.track();
        let Some(top_px) = scroll_request.get() else { return };
        let Some(scroller) = scroller.get() else { return };
        if !has_size.get() {
            return;
        }
        scroller.set_scroll_top(top_px.round() as i32);
        scroll_top_px.set(f64::from(scroller.scroll_top()));
        scroll_request.set(None);
    });
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            scroll_top_px.set(f64::from(scroller.scroll_top()));
        }
    };
    view! {
        <div
            node_ref=scroller
            class="tree-scroller"
            role="treegrid"
            aria-label=label
            aria-rowcount=live(move || n_rows.get().to_string())
            on:scroll=on_scroll
            on:keydown=move |event| on_key.run(event)
        >
            {head}
            <div class="tree-content" role="presentation" style:--content-height=live(move || {
                format!("{}px", content_height_px.get())
            })>
                {children()}
            </div>
        </div>
    }
}
