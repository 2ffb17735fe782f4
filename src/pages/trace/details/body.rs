//! One run that is loaded: head, tabs, panels, and the bar for quick feedback.

use super::feedback_store::FeedbackStore;
use super::head::Head;
use super::load::RunLoader;
use super::run_data::RunData;
use super::tab_strip::{TabStrip, panel_id, tab_id};
use super::{
    attachments_tab, cost_tab, data_tab, documents_tab, error_tab, events_tab, feedback_bar, feedback_tab, messages_tab,
};
use super::{events, metadata_tab, raw_tab, tabs};
use crate::components::erased::{Keyed, dynamic, live, memo};
use crate::components::unique_id;
use crate::documents::{Document, documents};
use crate::messages::{Conversation, conversation};
use crate::preferences::use_preferences;
use crate::routes::{DetailsTab, QUERY_TAB};
use fanlight_wire::{ProjectId, RunId, RunType, TraceId};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlInputElement, KeyboardEvent};

/// What the panels share.
#[derive(Clone, Copy)]
pub struct Shared {
    pub data: Memo<Arc<RunData>>,
    pub conversation: Memo<Arc<Conversation>>,
    pub documents: Memo<Arc<Vec<Document>>>,
    pub events: Memo<Arc<Vec<events::EventLine>>>,
    pub feedback: FeedbackStore,
    pub run_id: RunId,
    /// Counts changes of the trace.
    pub version: Signal<u64>,
}

/// The details of the loaded run `shown_id`.
#[component]
pub fn RunBody(
    project_id: ProjectId,
    trace_id: TraceId,
    shown_id: RunId,
    loader: RunLoader,
    refresh: Signal<u64>,
) -> impl IntoView {
    let data = loader.data(shown_id);
    let inputs = memo(move || data.with(|data| data.inputs.clone()));
    let outputs = memo(move || data.with(|data| data.outputs.clone()));
    let run_type = memo(move || data.with(|data| data.run.run_type));
    let shared = Shared {
        data,
        conversation: memo(move || Arc::new(read_conversation(run_type.get(), inputs.get(), outputs.get()))),
        documents: memo(move || {
            let is_retriever = run_type.get() == RunType::Retriever;
            let outputs = outputs.get().filter(|outputs| outputs.len() <= tabs::MOST_READ_BYTES);
            Arc::new(outputs.map(|outputs| documents(&outputs, is_retriever)).unwrap_or_default())
        }),
        events: memo(move || Arc::new(data.with(|data| data.events.as_deref().map(events::lines)).unwrap_or_default())),
        feedback: FeedbackStore::new(expect_context(), project_id, trace_id, shown_id, refresh),
        run_id: shown_id,
        version: refresh,
    };

    let tabs = memo(move || tabs::available(&contents(shared)));
    let preferences = use_preferences();
    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (in_address, set_in_address) = query_signal_with_options::<DetailsTab>(QUERY_TAB, options);
    let open = memo(move || {
        let chosen_last = preferences.with(|preferences| preferences.details_tab.as_ref()?.parse().ok());
        let status = data.with(|data| data.run.status);
        tabs.with(|tabs| tabs::open(tabs, status, in_address.get(), chosen_last))
    });
    let choose = Callback::new(move |tab: DetailsTab| {
        set_in_address.set(Some(tab));
        preferences.update(|preferences| preferences.details_tab = Some(tab.to_string()));
    });
    // A panel is made when it is first opened and hidden later, so that it keeps what is scrolled, open and typed.
    let visited = Memo::new(move |before: Option<&Vec<DetailsTab>>| {
        let mut visited = before.cloned().unwrap_or_default();
        let open = open.get();
        if !visited.contains(&open) {
            visited.push(open);
        }
        visited
    });
    let json_only = memo(move || {
        let size = |payload: Memo<Option<Arc<str>>>| payload.with(|payload| payload.as_ref().map(|text| text.len()));
        tabs::json_only_note(size(inputs), size(outputs))
    });
    let strip_id = StoredValue::new(unique_id("details-tabs"));
    view! {
        <Head data inputs on_cost=move |()| choose.run(DetailsTab::Cost) />
        <TabStrip tabs open on_choose=choose strip_id />
        {dynamic(move || {
            loader
                .refresh_failure()
                .map(|reason| {
                    view! {
                        <p class="details-warning" role="status">
                            <span>"Not up to date: " {reason}</span>
                            <button type="button" class="button" on:click=move |_| loader.retry()>
                                "Try again"
                            </button>
                        </p>
                    }
                })
        })}
        {dynamic(move || json_only.get().map(|note| view! { <p class="details-note">{note}</p> }))}
        <Keyed each=move || visited.get() key=|tab| *tab let:tab>
            <div
                class="details-panel"
                role="tabpanel"
                tabindex="0"
                id=panel_id(strip_id, tab)
                aria-labelledby=tab_id(strip_id, tab)
                hidden=live(move || open.get() != tab)
                on:keydown=find_in_panel
            >
                {panel(tab, shared)}
            </div>
        </Keyed>
        <feedback_bar::FeedbackBar store=shared.feedback on_open=move |()| choose.run(DetailsTab::Feedback) />
    }
}

/// `Mod+F` goes to the search of what has the focus, else of the panel: the browser's own sees only what is on the page, and
/// long payloads are so only in part.
fn find_in_panel(event: KeyboardEvent) {
    const SEARCH: &str = "input[type=search]";
    let wants_find =
        (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("f");
    if !wants_find || event.default_prevented() {
        return;
    }
    let element = |target: Option<EventTarget>| target.and_then(|target| target.dyn_into::<Element>().ok());
    let payload = element(event.target()).and_then(|target| target.closest(".json-tree").ok().flatten());
    let search = [payload, element(event.current_target())]
        .into_iter()
        .flatten()
        .find_map(|place| place.query_selector(SEARCH).ok()??.dyn_into::<HtmlInputElement>().ok());
    if let Some(search) = search {
        event.prevent_default();
        let _ = search.focus();
        search.select();
    }
}

fn panel(tab: DetailsTab, shared: Shared) -> AnyView {
    match tab {
        DetailsTab::Messages => view! { <messages_tab::MessagesTab shared /> }.into_any(),
        DetailsTab::Documents => view! { <documents_tab::DocumentsTab shared /> }.into_any(),
        DetailsTab::Data => view! { <data_tab::DataTab data=shared.data /> }.into_any(),
        DetailsTab::Error => view! { <error_tab::ErrorTab data=shared.data /> }.into_any(),
        DetailsTab::Cost => view! { <cost_tab::CostTab run_id=shared.run_id version=shared.version /> }.into_any(),
        DetailsTab::Metadata => view! { <metadata_tab::MetadataTab data=shared.data /> }.into_any(),
        DetailsTab::Feedback => view! { <feedback_tab::FeedbackTab store=shared.feedback /> }.into_any(),
        DetailsTab::Events => view! { <events_tab::EventsTab shared /> }.into_any(),
        DetailsTab::Attachments => view! { <attachments_tab::AttachmentsTab data=shared.data /> }.into_any(),
        DetailsTab::Raw => view! { <raw_tab::RawTab data=shared.data /> }.into_any(),
    }
}

fn contents(shared: Shared) -> tabs::Contents {
    let n_feedback = shared.feedback.n_shown();
    shared.data.with(|data| tabs::Contents {
        run_type: data.run.run_type,
        status: data.run.status,
        has_messages: shared.conversation.with(|conversation| !conversation.is_empty()),
        n_documents: shared.documents.with(|documents| documents.len()),
        has_error: data.run.error.as_ref().is_some_and(|error| !error.is_empty()),
        has_cost: data.run.total_tokens > 0 || data.run.total_cost.is_some(),
        n_feedback,
        n_events: shared.events.with(|events| events.iter().map(|line| line.count).sum()),
        n_attachments: data.run.attachments.as_ref().map_or(0, |attachments| attachments.len()),
    })
}

fn read_conversation(run_type: RunType, inputs: Option<Arc<str>>, outputs: Option<Arc<str>>) -> Conversation {
    let fits = |text: &Arc<str>| text.len() <= tabs::MOST_READ_BYTES;
    conversation(run_type, inputs.filter(fits).as_deref(), outputs.filter(fits).as_deref())
}
