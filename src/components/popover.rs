//! A panel that opens beside its button: the browser's popover, which closes by Esc or a click elsewhere.

use super::unique_id;
use crate::components::erased::When;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The state of one popover, shared by its button, its panel and whoever wants to close it.
#[derive(Clone, Copy)]
pub struct Popover {
    id: StoredValue<String>,
    is_open: RwSignal<bool>,
    anchor: RwSignal<Anchor>,
    pub button: NodeRef<html::Button>,
    pub panel: NodeRef<html::Div>,
}

/// Where the button is, in CSS pixels of the window.
#[derive(Clone, Copy, Default, PartialEq)]
struct Anchor {
    left_px: f64,
    right_px: f64,
    top_px: f64,
    bottom_px: f64,
}

impl Popover {
    pub fn new() -> Self {
        Self {
            id: StoredValue::new(unique_id("popover")),
            is_open: RwSignal::new(false),
            anchor: RwSignal::new(Anchor::default()),
            button: NodeRef::new(),
            panel: NodeRef::new(),
        }
    }

    /// For `popovertarget` and `aria-controls`.
    pub fn id(&self) -> String {
        self.id.get_value()
    }

    pub fn is_open(&self) -> Signal<bool> {
        self.is_open.into()
    }

    /// Closes the panel and puts the focus back on the button.
    pub fn close(&self) {
        let Some(panel) = self.panel.get_untracked() else { return };
        let hide = js_sys::Reflect::get(&panel, &JsValue::from_str("hidePopover"));
        if let Ok(Ok(hide)) = hide.map(JsCast::dyn_into::<js_sys::Function>) {
            // Throws when it is closed already.
            let _ = hide.call0(&panel);
        }
        if let Some(button) = self.button.get_untracked() {
            let _ = button.focus();
        }
    }

    /// For the panel's `beforetoggle` event: measures the button just before the panel is drawn.
    pub fn measure(&self) {
        if let Some(button) = self.button.get_untracked() {
            let rect = button.get_bounding_client_rect();
            self.anchor.set(Anchor {
                left_px: rect.left(),
                right_px: rect.right(),
                top_px: rect.top(),
                bottom_px: rect.bottom(),
            });
        }
    }

    fn on_toggle(&self) {
        let is_open = self.panel.get_untracked().is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false));
        self.is_open.set(is_open);
    }
}

impl Default for Popover {
    fn default() -> Self {
        Self::new()
    }
}

/// The panel of `popover`. Its children are there only while it is open.
///
/// The button needs `node_ref=popover.button`, `popovertarget=popover.id()` and `aria-expanded`.
#[component]
pub fn PopoverPanel(
    popover: Popover,
    /// Names the panel as a dialog of its own; left out where the children say what they are.
    #[prop(optional, into)]
    label: Option<String>,
    /// Aligned with the button's right edge instead of its left.
    #[prop(optional)]
    is_end_aligned: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let px = move |pick: fn(Anchor) -> f64| move || format!("{}px", pick(popover.anchor.get()));
    view! {
        <div
            id=popover.id()
            node_ref=popover.panel
            popover="auto"
            class="popover"
            class:is-end-aligned=is_end_aligned
            role=label.is_some().then_some("dialog")
            aria-label=label
            style:--anchor-left=px(|anchor| anchor.left_px)
            style:--anchor-right=px(|anchor| anchor.right_px)
            style:--anchor-top=px(|anchor| anchor.top_px)
            style:--anchor-bottom=px(|anchor| anchor.bottom_px)
            on:beforetoggle=move |_: web_sys::Event| popover.measure()
            on:toggle=move |_: web_sys::Event| popover.on_toggle()
        >
            <When when=move || popover.is_open.get()>{children()}</When>
        </div>
    }
}
