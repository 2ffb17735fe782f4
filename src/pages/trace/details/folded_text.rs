//! A text from a trace: folded when long, plain or as markdown, hidden characters made visible.

use super::fold::{next_shows_all, shown_end};
use super::markdown_view::MarkdownView;
use super::save::SaveButton;
use crate::components::erased::{When, dynamic, live, memo};
use crate::format::bytes::bytes;
use crate::format::visible::visible;
use leptos::prelude::*;
use std::sync::Arc;

/// Texts from this size on can be saved as a file.
const SAVED_FROM_BYTES: usize = 100_000;

/// Shows `text`, the start of it when it is long.
#[component]
pub fn FoldedText(
    text: Arc<str>,
    /// Drawn as markdown while this holds.
    #[prop(optional, into)]
    is_markdown: Signal<bool>,
    /// Fixed-width letters, for code and data.
    #[prop(optional)]
    is_mono: bool,
) -> impl IntoView {
    let n_pages = RwSignal::new(0usize);
    let text = StoredValue::new(text);
    let size_bytes = text.with_value(|text| text.len());
    let is_foldable = text.with_value(|text| shown_end(text, 0) < text.len());
    let shown = memo(move || text.with_value(|text| shown_end(text, n_pages.get())));
    let body = move || {
        let end = shown.get();
        text.with_value(|text| {
            if is_markdown.get() {
                view! { <MarkdownView text=text[..end].to_owned() /> }.into_any()
            } else {
                let plain = visible(&text[..end]).into_owned();
                view! { <div class="plain-text" class:is-mono=is_mono dir="auto">{plain}</div> }.into_any()
            }
        })
    };
    let more_words = move || {
        if text.with_value(|text| next_shows_all(text, n_pages.get())) {
            format!("Show all ({})", bytes(size_bytes as u64))
        } else {
            format!("Show more ({} of {})", bytes(shown.get() as u64), bytes(size_bytes as u64))
        }
    };
    view! {
        <div class="folded-text" class:is-folded=live(move || shown.get() < size_bytes)>
            {dynamic(body)}
            {is_foldable
                .then(|| {
                    view! {
                        <div class="folded-text-actions">
                            <When when=move || shown.get() < size_bytes>
                                <button
                                    type="button"
                                    class="button is-quiet"
                                    aria-expanded="false"
                                    on:click=move |_| n_pages.update(|n_pages| *n_pages += 1)
                                >
                                    {dynamic(more_words)}
                                </button>
                            </When>
                            <When when=move || n_pages.get() != 0>
                                <button
                                    type="button"
                                    class="button is-quiet"
                                    aria-expanded="true"
                                    on:click=move |_| n_pages.set(0)
                                >
                                    "Show less"
                                </button>
                            </When>
                            {(size_bytes >= SAVED_FROM_BYTES)
                                .then(|| {
                                    view! {
                                        <SaveButton
                                            text=move |()| text.with_value(|text| text.to_string())
                                            file_name="text.txt"
                                            mime_type="text/plain"
                                            label=format!("Download ({})", bytes(size_bytes as u64))
                                        />
                                    }
                                })}
                        </div>
                    }
                })}
        </div>
    }
}
