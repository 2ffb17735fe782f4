//! A small button that copies and says so by its mark.

use crate::components::copy_button::copy_text;
use crate::components::erased::dynamic;
use crate::components::icon::{Icon, IconView};
use crate::components::toast::use_toasts;
use leptos::prelude::*;
use std::time::Duration;

/// Copies what `text` returns when pressed; `label` names the button ("Copy the run id").
#[component]
pub fn CopyIcon(#[prop(into)] text: Callback<(), String>, #[prop(into)] label: String) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let toasts = use_toasts();
    let copy = move |_| {
        let text = text.run(());
        leptos::task::spawn_local(async move {
            if !copy_text(&text).await {
                toasts.show_error("The browser does not allow copying here");
                return;
            }
            is_copied.try_set(true);
            set_timeout(
                move || {
                    is_copied.try_set(false);
                },
                Duration::from_secs(2),
            );
        });
    };
    view! {
        <button type="button" class="button is-quiet is-icon copy-icon" aria-label=label.clone() title=label on:click=copy>
            {dynamic(move || view! { <IconView icon=if is_copied.get() { Icon::Check } else { Icon::Copy } /> })}
            <span class="visually-hidden" role="status">
                {dynamic(move || is_copied.get().then_some("Copied"))}
            </span>
        </button>
    }
}
