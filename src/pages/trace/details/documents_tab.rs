//! What a retriever found, best first as it said.

use super::copy::CopyIcon;
use super::folded_text::FoldedText;
use crate::components::erased::Keyed;
use crate::documents::{Document, bar_share};
use crate::feedback::score_text;
use crate::format::visible::visible;
use leptos::prelude::*;
use std::sync::Arc;

/// The documents of a run.
#[component]
pub fn DocumentsTab(documents: Memo<Arc<Vec<Document>>>) -> impl IntoView {
    let entries = move || {
        let all = documents.get();
        (0..all.len()).map(|idx| (idx, Arc::clone(&all))).collect::<Vec<_>>()
    };
    view! {
        <ol class="documents">
            <Keyed
                each=entries
                key=|(idx, all)| (*idx, Arc::clone(&all[*idx].text), all[*idx].score.map(|score| score.value.to_bits()))
                let:entry
            >
                <DocumentCard rank=entry.0 + 1 document=entry.1[entry.0].clone() bar=entry
                    .1[entry.0]
                    .score
                    .and_then(|score| bar_share(score, &entry.1)) />
            </Keyed>
        </ol>
    }
}

#[component]
fn DocumentCard(rank: usize, document: Document, bar: Option<f64>) -> impl IntoView {
    let title =
        document.title.clone().or_else(|| document.source.clone()).unwrap_or_else(|| format!("Document {rank}"));
    let source = document.source.clone().filter(|source| *source != title);
    let score = document.score.map(|score| {
        let word = if score.is_distance { "distance" } else { "score" };
        view! {
            <span class="document-score">
                {word} " " <b>{score_text(score.value)}</b>
                {bar
                    .map(|share| {
                        view! {
                            <span class="document-bar" aria-hidden="true">
                                <span class="document-bar-fill" style:--share=share.to_string()></span>
                            </span>
                        }
                    })}
            </span>
        }
    });
    let text = Arc::clone(&document.text);
    let metadata = document.metadata;
    view! {
        <li class="document">
            <header class="document-head">
                <span class="document-rank" aria-label=format!("Rank {rank}")>
                    {rank}
                </span>
                <h3 class="document-title" dir="auto">
                    {visible(&title).into_owned()}
                </h3>
                {score}
                <CopyIcon text=move |()| text.to_string() label=format!("Copy document {rank}") />
            </header>
            {source.map(|source| view! { <p class="document-source"><bdi>{visible(&source).into_owned()}</bdi></p> })}
            <FoldedText text=document.text />
            {(!metadata.is_empty())
                .then(|| {
                    view! {
                        <details class="document-metadata">
                            <summary>{format!("Metadata ({})", metadata.len())}</summary>
                            <dl>
                                {metadata
                                    .into_iter()
                                    .map(|(name, value)| {
                                        view! {
                                            <dt><bdi>{visible(&name).into_owned()}</bdi></dt>
                                            <dd dir="auto">{visible(&value).into_owned()}</dd>
                                        }
                                    })
                                    .collect_view()}
                            </dl>
                        </details>
                    }
                })}
        </li>
    }
}
