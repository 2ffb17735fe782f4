//! Copies a text to the clipboard and says so.

use super::icon::{Icon, IconView};
use crate::components::erased::dynamic;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    Failed,
}

/// How long the answer stays.
const SHOWN_FOR: Duration = Duration::from_secs(2);

/// A button that copies `text`, named `label` ("Copy the shell lines").
#[component]
pub fn CopyButton(#[prop(into)] text: Signal<String>, #[prop(into)] label: String) -> impl IntoView {
    let outcome = RwSignal::new(None::<Outcome>);
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            let result = match copy_text(&text.get_untracked()).await {
                true => Outcome::Copied,
                false => Outcome::Failed,
            };
            outcome.try_set(Some(result));
            set_timeout(
                move || {
                    outcome.try_set(None);
                },
                SHOWN_FOR,
            );
        });
    };
    let words = move || match outcome.get() {
        None => "Copy",
        Some(Outcome::Copied) => "Copied",
        Some(Outcome::Failed) => "Not copied",
    };
    view! {
        <span class="copy-button">
            <button type="button" class="button" aria-label=label on:click=copy>
                {dynamic(move || {
                    let icon = if outcome.get() == Some(Outcome::Copied) { Icon::Check } else { Icon::Copy };
                    view! { <IconView icon /> }
                })}
                <span>{dynamic(words)}</span>
            </button>
            <span class="visually-hidden" role="status">
                {dynamic(move || outcome.get().map(|_| words()))}
            </span>
        </span>
    }
}

/// Puts `text` on the clipboard; `false` when the browser does not allow it (an insecure origin, for one).
pub async fn copy_text(text: &str) -> bool {
    let navigator = window().navigator();
    // Outside secure contexts there is no clipboard at all, whatever the binding says.
    if !js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
