//! What an answer took from the documents of its trace, and the way from each to the other.
//!
//! [`answer_of`] finds the answer that a retriever's documents went into; [`Sources`] stands below an answer and leads to the
//! documents that it quotes.

use super::Surroundings;
use super::body::Shared;
use super::cache::RunCache;
use super::run_data::RunData;
use crate::api::ApiClient;
use crate::components::erased::{dynamic, effect};
use crate::documents::quotes::{Quoted, by_use, quotes};
use crate::documents::sources::{answers_after, retrievers_before};
use crate::documents::{Document, documents};
use crate::format::digits::percent;
use crate::format::visible::visible;
use crate::messages::conversation;
use crate::routes::DetailsTab;
use fanlight_wire::{RunId, RunType};
use leptos::prelude::*;
use std::sync::Arc;

/// Larger payloads are not read for the sake of a comparison.
const MAX_READ_BYTES: usize = 2 * 1024 * 1024;
/// Documents named below an answer.
const MAX_NAMED: usize = 6;

/// An answer that documents may have gone into.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub run_id: RunId,
    /// The name of the run that gave it.
    pub name: String,
    pub text: String,
}

/// What of each document stands in the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub answer: Answer,
    pub quoted: Vec<Quoted>,
}

/// The answer after `retriever`; `None` while there is none, or when no run that may have it says anything.
pub async fn answer_of(
    around: Surroundings,
    cache: RunCache,
    api: ApiClient,
    retriever: RunId,
    version: u64,
) -> Option<Answer> {
    let runs = around.tree.try_with_untracked(|tree| {
        let runs = tree.find(retriever).map(|run| answers_after(tree, run)).unwrap_or_default();
        runs.into_iter().map(|run| (tree.id(run), tree.name(run).to_owned())).collect::<Vec<_>>()
    });
    for (run_id, name) in runs? {
        let Some(data) = cache.fetch(&api, run_id, version).await else { continue };
        if let Some(text) = answer_in(&data) {
            return Some(Answer { run_id, name, text });
        }
    }
    None
}

fn answer_in(data: &RunData) -> Option<String> {
    let outputs = data.outputs.as_deref().filter(|outputs| outputs.len() <= MAX_READ_BYTES)?;
    let inputs = data.inputs.as_deref().filter(|inputs| inputs.len() <= MAX_READ_BYTES);
    conversation(data.run.run_type, inputs, Some(outputs)).answer()
}

/// A document that an answer quotes.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    retriever: RunId,
    title: String,
    share: f64,
}

/// What an answer quotes, and how many documents it might have.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    sources: Vec<Source>,
    n_documents: usize,
}

/// Names the documents that the answer of this run quotes, each a way to the document. Nothing where nothing was retrieved.
#[component]
pub fn Sources(shared: Shared) -> impl IntoView {
    let (around, cache) = (expect_context::<Surroundings>(), expect_context::<RunCache>());
    let api = expect_context::<ApiClient>();
    let found = RwSignal::new(None::<Found>);
    let look = Action::new_unsync(move |(text, version): &(String, u64)| {
        let (api, text, version) = (api.clone(), text.clone(), *version);
        async move {
            let sources = sources_of(around, cache, api, shared.run_id, &text, version).await;
            found.try_set(sources);
        }
    });
    effect(move || {
        let (conversation, version) = (shared.conversation.get(), shared.version.get());
        if let Some(text) = conversation.answer() {
            look.dispatch_local((text, version));
        }
    });
    dynamic(move || found.get().map(|found| sources_view(found, around)))
}

async fn sources_of(
    around: Surroundings,
    cache: RunCache,
    api: ApiClient,
    run: RunId,
    answer: &str,
    version: u64,
) -> Option<Found> {
    let retrievers = around.tree.try_with_untracked(|tree| {
        let run = tree.find(run).filter(|run| tree.run_type(*run) != RunType::Retriever);
        let retrievers = run.map(|run| retrievers_before(tree, run)).unwrap_or_default();
        retrievers.into_iter().map(|run| tree.id(run)).collect::<Vec<_>>()
    })?;
    let mut found = Found { sources: Vec::new(), n_documents: 0 };
    for retriever in retrievers {
        let Some(data) = cache.fetch(&api, retriever, version).await else { continue };
        let outputs = data.outputs.as_deref().filter(|outputs| outputs.len() <= MAX_READ_BYTES);
        let documents = outputs.map(|outputs| documents(outputs, true)).unwrap_or_default();
        let quoted = quotes(documents.iter().map(|document| document.text.as_ref()), answer);
        found.n_documents += documents.len();
        for idx in by_use(&quoted) {
            if !quoted[idx].passages.is_empty() {
                let title = title(&documents[idx], idx + 1);
                found.sources.push(Source { retriever, title, share: quoted[idx].share });
            }
        }
    }
    found.sources.sort_by(|a, b| b.share.total_cmp(&a.share));
    (found.n_documents > 0).then_some(found)
}

/// What a document is called: its title, else where it is from, else its rank.
pub fn title(document: &Document, rank: usize) -> String {
    document.title.clone().or_else(|| document.source.clone()).unwrap_or_else(|| format!("Document {rank}"))
}

fn sources_view(found: Found, around: Surroundings) -> AnyView {
    let Found { sources, n_documents } = found;
    if sources.is_empty() {
        let words = match n_documents {
            1 => "Nothing of the document that was retrieved stands word for word in the answer".to_owned(),
            n => format!("Nothing of the {n} documents that were retrieved stands word for word in the answer"),
        };
        return view! { <p class="sources-none">{words}</p> }.into_any();
    }
    let n_more = sources.len().saturating_sub(MAX_NAMED);
    let items = sources
        .into_iter()
        .take(MAX_NAMED)
        .map(|source| {
            let retriever = source.retriever;
            view! {
                <li>
                    <button
                        type="button"
                        class="button source"
                        on:click=move |_| around.go_to.run((retriever, DetailsTab::Documents))
                    >
                        <bdi class="source-title">{visible(&source.title).into_owned()}</bdi>
                        <span class="source-share">{percent(source.share)} " of it"</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="sources" aria-label="Documents that the answer quotes">
            <h3>"The answer quotes"</h3>
            <ul>{items}</ul>
            {(n_more > 0).then(|| view! { <p class="cost-remark">{format!("and {n_more} more")}</p> })}
        </section>
    }
    .into_any()
}

/// Compares documents with an answer.
pub fn compare(documents: &Arc<Vec<Document>>, answer: Answer) -> Comparison {
    let quoted = quotes(documents.iter().map(|document| document.text.as_ref()), &answer.text);
    Comparison { answer, quoted }
}
