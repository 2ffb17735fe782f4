//! A text from a trace: folded when long, plain or as markdown, hidden characters made visible.

use super::fold::{next_shows_all, pages_to_show, pieces, shown_end};
use super::markdown_view::MarkdownView;
use super::save::SaveButton;
use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::format::bytes::bytes;
use crate::format::visible::visible;
use crate::json_view::search::find_plain;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Texts from this size on can be saved as a file.
const SAVED_FROM_BYTES: usize = 100_000;

/// Marks in one text; there may be more.
const MAX_MARKS: usize = 500;

/// What the reader looks for in all texts below whoever provides this. Empty while nothing is looked for.
#[derive(Clone, Copy)]
pub struct Wanted(pub Signal<String>);

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
    /// Passages to mark, ascending. What the reader looks for takes their place.
    #[prop(optional)]
    marks: Arc<Vec<Range<usize>>>,
) -> impl IntoView {
    let n_pages = RwSignal::new(0usize);
    let text = StoredValue::new(text);
    let wanted = use_context::<Wanted>();
    let found = memo(move || {
        let wanted = wanted.map(|wanted| wanted.0.get()).unwrap_or_default();
        text.with_value(|text| find_plain(text, &wanted, MAX_MARKS))
    });
    let is_found = move || found.with(|found| !found.is_empty());
    effect(move || {
        // What is found must be seen.
        let pages =
            found.with(|found| found.first().map(|first| text.with_value(|text| pages_to_show(text, first.start))));
        if let Some(pages) = pages.filter(|pages| *pages > n_pages.get_untracked()) {
            n_pages.set(pages);
        }
    });
    let size_bytes = text.with_value(|text| text.len());
    let is_foldable = text.with_value(|text| shown_end(text, 0) < text.len());
    let shown = memo(move || text.with_value(|text| shown_end(text, n_pages.get())));
    let body = move || {
        let end = shown.get();
        text.with_value(|text| {
            if is_markdown.get() && !is_found() {
                return view! { <MarkdownView text=text[..end].to_owned() /> }.into_any();
            }
            let is_found = is_found();
            let pieces = found.with(|found| pieces(end, if is_found { found } else { &marks }));
            let piece = |(range, is_marked): (Range<usize>, bool)| {
                let plain = visible(&text[range]).into_owned();
                if is_marked {
                    view! { <mark class:is-found=is_found>{plain}</mark> }.into_any()
                } else {
                    plain.into_any()
                }
            };
            let plain = pieces.into_iter().map(piece).collect_view();
            view! { <div class="plain-text" class:is-mono=is_mono dir="auto">{plain}</div> }.into_any()
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
