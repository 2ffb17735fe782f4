//! What a retriever found: with its scores, and with what of each document was quoted in the answer.

use super::Surroundings;
use super::body::Shared;
use super::cache::RunCache;
use super::copy::CopyIcon;
use super::folded_text::FoldedText;
use super::sources::{Comparison, answer_of, compare, title};
use crate::api::ApiClient;
use crate::components::erased::{Keyed, dynamic, effect};
use crate::documents::quotes::{COMPARED_BYTES, Quoted, by_use};
use crate::documents::{Document, bar_share};
use crate::feedback::score_text;
use crate::format::bytes::bytes;
use crate::format::digits::percent;
use crate::format::visible::visible;
use crate::routes::DetailsTab;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long the documents wait for the comparison, so that they need not change places under the reader's eyes.
const WAITS: Duration = Duration::from_millis(400);
/// Passages named above a document's text, and how much of each.
const MAX_NAMED: usize = 3;
const NAMED_CHARS: usize = 90;

/// In which order documents are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Order {
    ByUse,
    ByRank,
}

/// The documents of a run.
#[component]
pub fn DocumentsTab(shared: Shared) -> impl IntoView {
    let (around, cache) = (expect_context::<Surroundings>(), expect_context::<RunCache>());
    let api = expect_context::<ApiClient>();
    let documents = shared.documents;
    let comparison = RwSignal::new(None::<Arc<Comparison>>);
    // Nothing is shown before it is known in which order.
    let order = RwSignal::new(None::<Order>);
    let look = Action::new_unsync(move |(documents, version): &(Arc<Vec<Document>>, u64)| {
        let (api, documents, version) = (api.clone(), Arc::clone(documents), *version);
        async move {
            let answer = answer_of(around, cache, api, shared.run_id, version).await;
            comparison.try_set(answer.map(|answer| Arc::new(compare(&documents, answer))));
            if order.try_get_untracked() == Some(None) {
                order.set(Some(Order::ByUse));
            }
        }
    });
    effect(move || {
        look.dispatch_local((documents.get(), shared.version.get()));
    });
    set_timeout(
        move || {
            if order.try_get_untracked() == Some(None) {
                order.set(Some(Order::ByRank));
            }
        },
        WAITS,
    );
    let entries = move || {
        let (Some(order), all, comparison) = (order.get(), documents.get(), comparison.get()) else {
            return Vec::new();
        };
        let comparison = comparison.filter(|comparison| comparison.quoted.len() == all.len());
        let ranks = match (&comparison, order) {
            (Some(comparison), Order::ByUse) => by_use(&comparison.quoted),
            _ => (0..all.len()).collect(),
        };
        let entry = |idx: usize| {
            let quoted = comparison.as_ref().map(|comparison| comparison.quoted[idx].clone());
            Entry {
                idx,
                order,
                bar: all[idx].score.and_then(|score| bar_share(score, &all)),
                document: all[idx].clone(),
                quoted,
            }
        };
        ranks.into_iter().map(entry).collect()
    };
    view! {
        {dynamic(move || comparison.get().map(|comparison| comparison_view(&comparison, order, around)))}
        <ol class="documents">
            <Keyed each=entries key=Entry::key let:entry>
                <DocumentCard entry />
            </Keyed>
        </ol>
    }
}

/// A document in its place.
#[derive(Clone)]
struct Entry {
    idx: usize,
    order: Order,
    document: Document,
    bar: Option<f64>,
    quoted: Option<Quoted>,
}

impl Entry {
    /// Equal as long as the card looks the same. The order counts: a card that moved is drawn where it is now.
    fn key(&self) -> impl std::hash::Hash + use<> {
        let quoted = self.quoted.as_ref().map(|quoted| (quoted.share.to_bits(), quoted.passages.len()));
        let score = self.document.score.map(|score| score.value.to_bits());
        (self.idx, self.order, Arc::clone(&self.document.text), score, quoted)
    }
}

/// Which answer the documents are compared with, and the order.
fn comparison_view(comparison: &Comparison, order: RwSignal<Option<Order>>, around: Surroundings) -> AnyView {
    let n_quoted = comparison.quoted.iter().filter(|quoted| !quoted.passages.is_empty()).count();
    let n_documents = comparison.quoted.len();
    let words = match (n_quoted, n_documents) {
        (0, 1) => "Nothing of it stands word for word in the answer".to_owned(),
        (0, _) => "Nothing of them stands word for word in the answer".to_owned(),
        (_, 1) => "Quoted in the answer".to_owned(),
        (n, all) => format!("{n} of {all} are quoted in the answer"),
    };
    let is_cut = comparison.quoted.iter().any(|quoted| quoted.is_cut);
    let answer_id = comparison.answer.run_id;
    let name = visible(&comparison.answer.name).into_owned();
    view! {
        <div class="documents-head">
            <p class="documents-words">
                {words} " of "
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| around.go_to.run((answer_id, DetailsTab::Messages))
                >
                    <bdi>{name}</bdi>
                </button>
                {is_cut.then(|| format!(" (of long texts, the first {} are compared)", bytes(COMPARED_BYTES as u64)))}
            </p>
            {(n_quoted > 0 && n_documents > 1)
                .then(|| {
                    view! {
                        <label class="switch">
                            <input
                                type="checkbox"
                                prop:checked=move || order.get() == Some(Order::ByUse)
                                on:change=move |event| {
                                    let by_use = event_target_checked(&event);
                                    order.set(Some(if by_use { Order::ByUse } else { Order::ByRank }));
                                }
                            />
                            <span>"Most used first"</span>
                        </label>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn DocumentCard(entry: Entry) -> impl IntoView {
    let Entry { idx, document, bar, quoted, .. } = entry;
    let rank = idx + 1;
    let title = title(&document, rank);
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
    let is_quoted = quoted.as_ref().is_some_and(|quoted| !quoted.passages.is_empty());
    let marks = quoted.as_ref().map(|quoted| quoted.passages.iter().map(|passage| passage.document.clone()).collect());
    let quotes = quoted.map(|quoted| quotes_view(&quoted, &document.text));
    view! {
        <li class="document" class:is-quoted=is_quoted>
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
            {quotes}
            <FoldedText text=document.text marks=Arc::new(marks.unwrap_or_default()) />
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

/// How much of a document was quoted, and its longest passages.
fn quotes_view(quoted: &Quoted, text: &str) -> AnyView {
    if quoted.passages.is_empty() {
        return view! { <p class="document-quotes is-none">"Not quoted in the answer"</p> }.into_any();
    }
    let mut passages: Vec<&str> =
        quoted.passages.iter().filter_map(|passage| text.get(passage.document.clone())).collect();
    passages.sort_by_key(|passage| std::cmp::Reverse(passage.len()));
    let n_more = passages.len().saturating_sub(MAX_NAMED);
    let named = passages
        .into_iter()
        .take(MAX_NAMED)
        .map(|passage| {
            let mut shown: String = passage.chars().take(NAMED_CHARS).collect();
            if shown.len() < passage.len() {
                shown.push('…');
            }
            view! {
                <q dir="auto">{visible(&shown).into_owned()}</q>
                " "
            }
        })
        .collect_view();
    view! {
        <p class="document-quotes">
            <b class="document-share">{percent(quoted.share)} " quoted"</b>
            " "
            {named}
            {(n_more > 0).then(|| format!("and {n_more} more"))}
        </p>
    }
    .into_any()
}
