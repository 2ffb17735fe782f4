//! The trace as a conversation: what was said, in order, and in the margin the runs behind it.
//!
//! [`load`] reads the payloads; [`crate::conversation`] puts them together. Choosing a note selects its run, and a run that is
//! selected elsewhere is shown here.

mod load;

use super::ViewProps;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::measured_list::{MeasuredList, scroll_to_item};
use crate::components::part::Drawn;
use crate::components::run_type_glyph::RunTypeGlyph;
use crate::components::unique_id;
use crate::conversation::{Entry, What, height_guess_px, notes};
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::messages::pair::Card;
use crate::model::RunIdx;
use crate::pages::trace::details::message_card::MessageCard;
use crate::preferences::use_preferences;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use load::{Progress, Transcript, TranscriptLoader};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, ScrollLogicalPosition};

/// Notes beside one message before the others are folded.
const NOTES_SHOWN: usize = 8;

/// The view, in a file of its own.
#[wasm_split(messages, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn messages(props: ViewProps) -> Drawn {
    Ok(view! { <MessagesPage props /> }.into_any())
}

/// What the parts of the view share.
#[derive(Clone, Copy)]
struct Shared {
    props: ViewProps,
    loader: TranscriptLoader,
    is_markdown: Signal<bool>,
    no_tokens: Memo<i64>,
    list_id: StoredValue<String>,
}

#[component]
fn MessagesPage(props: ViewProps) -> impl IntoView {
    let state = props.state;
    let loader = TranscriptLoader::start(state.tree);
    let preferences = use_preferences();
    let shared = Shared {
        props,
        loader,
        is_markdown: Signal::derive(move || preferences.with(|preferences| preferences.has_markdown)),
        no_tokens: memo(|| 0),
        list_id: StoredValue::new(unique_id("transcript")),
    };
    let keys = memo(move || {
        loader.transcript.with(|transcript| transcript.entries.iter().enumerate().map(key_of).collect::<Vec<u64>>())
    });
    let items = Signal::derive(move || {
        loader
            .transcript
            .with(|transcript| keys.get().into_iter().zip(transcript.entries.iter().map(guess_px)).collect::<Vec<_>>())
    });
    let pinned = RwSignal::new(None::<u64>);
    let show_run = move |run: RunIdx| {
        let place = loader.transcript.with_untracked(|transcript| place_of(transcript, run));
        if let Some(key) = place.and_then(|place| keys.with_untracked(|keys| keys.get(place).copied())) {
            pinned.set(Some(key));
            scroll_to_item(format!("{}-{key}", shared.list_id.get_value()), ScrollLogicalPosition::Nearest);
        }
    };
    // A run that is selected elsewhere is shown here; one that is chosen here is in view already.
    Effect::watch(
        move || state.selected.get(),
        move |run, before, _| {
            if let Some(run) = run.filter(|_| before != Some(run)) {
                show_run(run);
            }
        },
        false,
    );
    let draw = Callback::new(move |(key, idx): (u64, usize)| {
        let entry = loader.transcript.with_untracked(|transcript| transcript.entries.get(idx).cloned());
        let id = format!("{}-{key}", shared.list_id.get_value());
        view! { <div id=id>{entry.map(|entry| entry_view(entry, shared))}</div> }.into_any()
    });
    let list = NodeRef::<html::Section>::new();
    let on_keydown = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        if !event.ctrl_key() && !event.meta_key() && !event.alt_key() && move_focus(list, step) {
            event.prevent_default();
        }
    };
    let is_empty = move || loader.transcript.with(|transcript| transcript.entries.is_empty());
    view! {
        <section node_ref=list class="transcript" aria-label="Conversation" tabindex="0" on:keydown=on_keydown>
            <h2 class="visually-hidden">"Conversation"</h2>
            {dynamic(move || progress_view(loader, is_empty()))}
            <div class="transcript-tools">
                <label class="switch">
                    <input
                        type="checkbox"
                        prop:checked=shared.is_markdown
                        on:change=move |event| {
                            let checked = event_target_checked(&event);
                            preferences.update(|preferences| preferences.has_markdown = checked);
                        }
                    />
                    <span>"Markdown"</span>
                </label>
            </div>
            <MeasuredList items draw pinned />
        </section>
    }
}

/// How far reading is, what is not here, or why nothing is.
fn progress_view(loader: TranscriptLoader, is_empty: bool) -> AnyView {
    match loader.progress.get() {
        Progress::Failed(message) => view! { <LoadFailed message on_retry=move |()| loader.retry() /> }.into_any(),
        Progress::Reading { n_all: 0, .. } => {
            view! { <p class="transcript-note" role="status">"Reading the conversation"</p> }.into_any()
        }
        Progress::Reading { n_read, n_all } => {
            let words = format!("Reading what {} runs said: {}", grouped(n_all as i64), grouped(n_read as i64));
            view! { <p class="transcript-note" role="status">{words}</p> }.into_any()
        }
        Progress::Done { .. } if is_empty => view! {
            <div class="transcript-note">
                <p>"No messages were recorded in this trace."</p>
                <p>"Inputs and outputs that are no conversation are in the details of each run."</p>
            </div>
        }
        .into_any(),
        Progress::Done { n_left_out: 0 } => ().into_any(),
        Progress::Done { n_left_out } => {
            let words = format!("{} runs were too many or too large to be read here", grouped(n_left_out as i64));
            view! { <p class="transcript-note">{words}</p> }.into_any()
        }
    }
}

fn entry_view(entry: Entry, shared: Shared) -> AnyView {
    let Entry { what, run, notes } = entry;
    let said = match what {
        What::Message(card) => card_view(card, shared),
        What::Aside { cards, n_calls } => aside_view(cards, n_calls, run, shared),
    };
    let n_folded = notes.len().saturating_sub(NOTES_SHOWN);
    let shows_all = RwSignal::new(n_folded == 0);
    let (first, rest) = notes.split_at(notes.len() - n_folded);
    let first = first.iter().map(|&run| note_view(run, shared)).collect_view();
    let rest: Arc<[RunIdx]> = rest.into();
    view! {
        <div class="said">
            <div class="said-what">{said}</div>
            <ul class="said-notes" aria-label="Runs behind it">
                {first}
                {dynamic(move || {
                    if shows_all.get() {
                        rest.iter().map(|&run| note_view(run, shared)).collect_view().into_any()
                    } else {
                        let words = format!("{} more runs", grouped(n_folded as i64));
                        view! {
                            <li>
                                <button type="button" class="button is-quiet" on:click=move |_| shows_all.set(true)>
                                    {words}
                                </button>
                            </li>
                        }
                            .into_any()
                    }
                })}
            </ul>
        </div>
    }
    .into_any()
}

fn card_view(card: Card, shared: Shared) -> AnyView {
    view! { <MessageCard card is_markdown=shared.is_markdown answer_tokens=shared.no_tokens /> }.into_any()
}

/// A conversation of its own, closed: it is not what the reader came for.
fn aside_view(cards: Vec<Card>, n_calls: usize, run: RunIdx, shared: Shared) -> AnyView {
    let name = shared.props.state.tree.with_untracked(|tree| {
        if (run as usize) < tree.n_runs() { visible(tree.name(run)).into_owned() } else { String::new() }
    });
    let messages = if cards.len() == 1 { "1 message".to_owned() } else { format!("{} messages", cards.len()) };
    let calls = if n_calls > 1 { format!(" in {n_calls} calls") } else { String::new() };
    let is_open = RwSignal::new(false);
    let cards = StoredValue::new(cards);
    view! {
        <div class="aside">
            <button
                type="button"
                class="aside-toggle"
                aria-expanded=live(move || is_open.get().to_string())
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                <bdi>{name}</bdi>
                <span class="aside-words">{format!("on its own: {messages}{calls}")}</span>
            </button>
            <When when=move || is_open.get()>
                <div class="aside-cards">
                    {cards.get_value().into_iter().map(|card| card_view(card, shared)).collect_view()}
                </div>
            </When>
        </div>
    }
    .into_any()
}

/// A run in the margin: pressed once it is selected, twice its details take the focus.
fn note_view(run: RunIdx, shared: Shared) -> AnyView {
    let ViewProps { state, on_details, on_pick, .. } = shared.props;
    let n_documents = shared.loader.transcript.with_untracked(|transcript| transcript.n_documents.get(&run).copied());
    let is_selected = memo(move || state.selected.get() == Some(run));
    let on_click = move |_| {
        if is_selected.get_untracked() {
            on_details.run(());
        } else {
            state.select(run);
            on_pick.run(());
        }
    };
    let drawn = state.tree.with_untracked(|tree| {
        ((run as usize) < tree.n_runs()).then(|| {
            let (name, words) = notes::words(tree, run, state.now_ns.get_untracked(), n_documents);
            (tree.run_type(run), tree.has_error(run), name, words)
        })
    });
    let Some((run_type, is_error, name, words)) = drawn else { return ().into_any() };
    view! {
        <li>
            <button
                type="button"
                class="note"
                class:is-error=is_error
                aria-pressed=live(move || is_selected.get().to_string())
                on:click=on_click
            >
                <RunTypeGlyph run_type />
                <span class="note-text">
                    <bdi class="note-name">{visible(&name).into_owned()}</bdi>
                    <span class="note-words">{words}</span>
                </span>
            </button>
        </li>
    }
    .into_any()
}

/// The entry that names `run`, or that it said.
fn place_of(transcript: &Transcript, run: RunIdx) -> Option<usize> {
    let entries = &transcript.entries;
    entries
        .iter()
        .position(|entry| entry.notes.contains(&run))
        .or_else(|| entries.iter().position(|entry| entry.run == run))
}

/// Moves the focus to the next note, or the one before; false when there is none.
fn move_focus(list: NodeRef<html::Section>, step: i32) -> bool {
    let Some(list) = list.get_untracked() else { return false };
    let Ok(notes) = list.query_selector_all(".note") else { return false };
    let focused = document().active_element();
    let note = |idx: u32| notes.item(idx).and_then(|note| note.dyn_into::<HtmlElement>().ok());
    let here = (0..notes.length()).find(|&idx| note(idx).is_some_and(|note| note.is_same_node(focused.as_deref())));
    let next = match here {
        Some(here) => here as i32 + step,
        // Elsewhere in the view the arrows scroll.
        None if focused.is_some_and(|focused| focused.is_same_node(Some(&list))) && step > 0 => 0,
        None => return false,
    };
    let next = u32::try_from(next).ok().and_then(note);
    next.is_some_and(|next| next.focus().is_ok())
}

fn guess_px(entry: &Entry) -> f64 {
    const ASIDE_PX: f64 = 44.0;
    const NOTE_PX: f64 = 40.0;
    let said = match &entry.what {
        What::Message(card) => height_guess_px(&card.message),
        What::Aside { .. } => ASIDE_PX,
    };
    said.max(NOTE_PX * entry.notes.len().min(NOTES_SHOWN) as f64)
}

/// Tells whether an entry is the same as before, so that a refresh leaves it alone.
fn key_of((idx, entry): (usize, &Entry)) -> u64 {
    let mut hasher = DefaultHasher::new();
    (idx, entry.run, &entry.notes).hash(&mut hasher);
    match &entry.what {
        What::Message(card) => card.hash(&mut hasher),
        What::Aside { cards, n_calls } => (cards, n_calls).hash(&mut hasher),
    }
    hasher.finish()
}
