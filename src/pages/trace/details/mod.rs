//! The details of one run: everything that was recorded about it, and what people think of it.
//!
//! [`RunDetails`] is the panel. It loads the run ([`load`]), decides which tabs there are ([`tabs`]) and shows each in a
//! file of its own. [`events`], [`fold`], [`settings`], [`stack`] and [`tabs`] are pure.

mod attachments_tab;
mod body;
mod cache;
mod copy;
mod cost_tab;
mod data_tab;
mod documents_tab;
mod error_tab;
pub mod events;
mod events_tab;
pub mod feedback_bar;
mod feedback_form;
mod feedback_item;
pub mod feedback_store;
mod feedback_tab;
pub mod fold;
pub mod folded_text;
mod head;
mod json_row;
mod json_tools;
pub mod json_tree;
mod load;
mod markdown_view;
mod media_view;
pub mod message_card;
mod messages_tab;
mod metadata_tab;
mod raw_tab;
mod run_data;
mod save;
pub mod settings;
mod sources;
pub mod stack;
mod tab_strip;
pub mod tabs;
mod tool_card;

use crate::components::erased::{dynamic, live};
use crate::components::key_sheet::use_key_help;
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::model::{RunIdx, RunTree};
use crate::routes::DetailsTab;
use body::RunBody;
use cache::RunCache;
use fanlight_wire::{ProjectId, RunId, TraceId};
use feedback_store::Drafts;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use load::{RunLoader, Screen};
use std::sync::Arc;

/// The trace around the run in the panel. Copy it freely.
#[derive(Clone, Copy)]
pub struct Surroundings {
    pub tree: RwSignal<Arc<RunTree>>,
    /// The run under the pointer: it may be the next to be selected.
    pub hovered: RwSignal<Option<RunIdx>>,
    /// Asked to select a run and to open a tab of its details.
    pub go_to: Callback<(RunId, DetailsTab)>,
}

/// The panel, in a file of its own.
#[wasm_split(details, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn panel(
    project_id: ProjectId,
    trace_id: TraceId,
    run_id: Memo<Option<RunId>>,
    refresh: RwSignal<u64>,
    around: Surroundings,
) -> Drawn {
    Ok(view! { <RunDetails project_id trace_id run_id refresh around /> }.into_any())
}

/// Shows the run that `run_id` names, loading it and its feedback.
///
/// The run before stays on screen until the new one is there. Each change of `refresh` loads again without disturbing
/// what is open, scrolled or typed.
#[component]
fn RunDetails(
    project_id: ProjectId,
    trace_id: TraceId,
    #[prop(into)] run_id: Signal<Option<RunId>>,
    #[prop(into)] refresh: Signal<u64>,
    around: Surroundings,
) -> impl IntoView {
    let cache = RunCache::new();
    let loader = RunLoader::new(expect_context(), cache, run_id, refresh);
    let hovered = Signal::derive(move || {
        let run = around.hovered.get()?;
        around.tree.with(|tree| ((run as usize) < tree.n_runs()).then(|| tree.id(run)))
    });
    cache.fetch_hovered(expect_context(), hovered, refresh);
    provide_context(around);
    provide_context(cache);
    Drafts::provide();
    feedback_bar::key_groups().into_iter().for_each(use_key_help);
    let screen = loader.screen();
    view! {
        <div
            class="details"
            class:is-stale=live(move || loader.is_stale())
            aria-busy=live(move || loader.is_stale().to_string())
        >
            {dynamic(move || match screen.get() {
                Screen::Nothing => {
                    view! { <p class="details-note">"Select a run to see what went in and what came out"</p> }.into_any()
                }
                Screen::Loading => view! { <DetailsSkeleton /> }.into_any(),
                Screen::Gone => {
                    view! {
                        <div class="details-note" role="status">
                            <p>"This run is not there, or no longer."</p>
                            <p>"It may have been deleted, or it has not arrived yet: it shows here as soon as it does."</p>
                        </div>
                    }
                        .into_any()
                }
                Screen::Failed(message) => {
                    view! { <LoadFailed message=message on_retry=move |()| loader.retry() /> }.into_any()
                }
                Screen::Shown(shown_id) => view! { <RunBody project_id trace_id shown_id loader refresh /> }.into_any(),
            })}
        </div>
    }
}

/// The head and two messages in grey.
#[component]
pub fn DetailsSkeleton() -> impl IntoView {
    view! {
        <div class="details-skeleton" role="status">
            <span class="visually-hidden">"Loading the run"</span>
            <span class="skeleton-bar"></span>
            <span class="skeleton-bar"></span>
            <span class="skeleton-bar is-block"></span>
            <span class="skeleton-bar is-block"></span>
        </div>
    }
}
