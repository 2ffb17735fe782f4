//! The title of the window or tab, as long as a page is there.

use crate::components::erased::effect;
use leptos::prelude::*;
use leptos_meta::Title;

/// A title that follows what `text` reads.
///
/// Leptos asks the titles of all pages for their words, and of a page that is left once more after its signals are gone:
/// while the code of the next page is on its way, say. What it asks here outlives them.
#[component]
pub fn PageTitle(text: impl Fn() -> String + Send + Sync + 'static) -> impl IntoView {
    page_title(Box::new(text))
}

fn page_title(text: Box<dyn Fn() -> String + Send + Sync>) -> AnyView {
    let words = ArcRwSignal::new(untrack(&text));
    let shown = words.clone();
    effect(move || {
        let next = text();
        if *words.read_untracked() != next {
            words.set(next);
        }
    });
    view! { <Title text=move || shown.get() /> }.into_any()
}
