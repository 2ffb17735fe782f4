//! A modal dialog: the browser's own `<dialog>`, which keeps the focus inside and gives it back afterwards.

use super::icon::{Icon, IconView};
use super::unique_id;
use crate::components::erased::{When, effect};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Shown while `is_open`; Esc, the close button and a click beside it set `is_open` to false.
///
/// The children are made anew at each opening, so their state starts fresh. The field to type in first has `autofocus`.
#[component]
pub fn Dialog(
    is_open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// A wider dialog, for reading rather than answering.
    #[prop(optional)]
    is_wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog-title");
    let labelled_by = title_id.clone();

    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        if is_open.get() && !dialog.open() {
            // Fails only when it is shown already, or gone from the page.
            let _ = dialog.show_modal();
        } else if !is_open.get() && dialog.open() {
            dialog.close();
        }
    });
    let close_on_backdrop = move |event: web_sys::MouseEvent| {
        // The dialog's own box is covered by its content: a click on the element itself is one on the backdrop.
        let is_backdrop = event.target().is_some_and(|target| {
            dialog.get_untracked().is_some_and(|dialog| target.dyn_ref::<web_sys::HtmlDialogElement>() == Some(&dialog))
        });
        if is_backdrop {
            is_open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            class:is-wide=is_wide
            aria-labelledby=labelled_by
            on:close=move |_| is_open.set(false)
            on:mousedown=close_on_backdrop
        >
            <When when=move || is_open.get()>
                <div class="dialog-content">
                    <header class="dialog-header">
                        <h2 id=title_id.clone()>{title}</h2>
                        <button
                            type="button"
                            class="button is-quiet is-icon"
                            aria-label="Close"
                            on:click=move |_| is_open.set(false)
                        >
                            <IconView icon=Icon::Close />
                        </button>
                    </header>
                    {children()}
                </div>
            </When>
        </dialog>
    }
}
