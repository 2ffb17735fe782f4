//! The conversation: what went in, what came out, and what of the documents the answer quotes.

use super::body::Shared;
use super::folded_text::Wanted;
use super::message_card::MessageCard;
use super::sources::Sources;
use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::measured_list::{MeasuredList, scroll_to_item};
use crate::components::unique_id;
use crate::conversation::height_guess_px;
use crate::json_view::search::find_plain;
use crate::messages::pair::{Card, pair};
use crate::preferences::use_preferences;
use fanlight_wire::RunStatus;
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use web_sys::{KeyboardEvent, ScrollLogicalPosition};

/// Longer conversations open where their last messages are: those are what a run adds.
const OPENS_AT_END_FROM: usize = 40;

/// A card with its key in the list.
type Keyed = (u64, Card);

/// The messages of a run.
#[component]
pub fn MessagesTab(shared: Shared) -> impl IntoView {
    let preferences = use_preferences();
    let is_markdown = Signal::derive(move || preferences.with(|preferences| preferences.has_markdown));
    let cards = memo(move || {
        shared.conversation.with(|conversation| {
            let cards = pair(&conversation.inputs, &conversation.outputs).into_iter().enumerate();
            Arc::new(cards.map(|(idx, card)| (key_of(idx, &card), card)).collect::<Vec<Keyed>>())
        })
    });
    let is_running = move || shared.data.with(|data| data.run.status == RunStatus::Pending && data.outputs.is_none());
    let n_repeated = move || shared.conversation.with(|conversation| conversation.n_repeated);
    // Only the answer says how many tokens it took; nobody counts those of a single input.
    let answer_tokens = memo(move || shared.data.with(|data| data.run.completion_tokens));
    let wanted = RwSignal::new(String::new());
    provide_context(Wanted(wanted.into()));
    let pinned = RwSignal::new(None::<u64>);
    let list_id = StoredValue::new(unique_id("messages"));
    let show = move |key: u64, block: ScrollLogicalPosition| {
        pinned.set(Some(key));
        scroll_to_item(format!("{}-{key}", list_id.get_value()), block);
    };
    let n_cards = cards.with_untracked(|cards| cards.len());
    if n_cards > OPENS_AT_END_FROM
        && let Some((key, _)) = cards.with_untracked(|cards| cards.last().cloned())
    {
        show(key, ScrollLogicalPosition::End);
    }
    let items = Signal::derive(move || {
        cards.with(|cards| cards.iter().map(|(key, card)| (*key, height_guess_px(&card.message))).collect::<Vec<_>>())
    });
    let draw = Callback::new(move |(key, idx): (u64, usize)| {
        let card = cards.with_untracked(|cards| cards.get(idx).map(|(_, card)| card.clone()));
        let id = format!("{}-{key}", list_id.get_value());
        view! { <div id=id>{card.map(|card| view! { <MessageCard card is_markdown answer_tokens /> })}</div> }
            .into_any()
    });
    let find = Find::new(wanted, cards);
    let on_input_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            if let Some(key) = find.step(event.shift_key()) {
                show(key, ScrollLogicalPosition::Nearest);
            }
        }
        "Escape" if !wanted.with_untracked(String::is_empty) => {
            event.prevent_default();
            event.stop_propagation();
            wanted.set(String::new());
        }
        _ => {}
    };
    view! {
        <div class="messages">
            <div class="messages-tools">
                <span class="json-search">
                    <IconView icon=Icon::Search />
                    <input
                        type="search"
                        class="input"
                        placeholder="Find"
                        aria-label="Find in messages"
                        prop:value=wanted
                        on:input=move |event| wanted.set(event_target_value(&event))
                        on:keydown=on_input_key
                    />
                    <span class="json-counter" role="status">
                        {dynamic(move || find.words())}
                    </span>
                </span>
                <label class="switch">
                    <input
                        type="checkbox"
                        prop:checked=is_markdown
                        on:change=move |event| {
                            let checked = event_target_checked(&event);
                            preferences.update(|preferences| preferences.has_markdown = checked);
                        }
                    />
                    <span>"Markdown"</span>
                </label>
            </div>
            <div class="messages-list" class:is-long=live(move || cards.with(|cards| cards.len() > OPENS_AT_END_FROM))>
                <MeasuredList items draw pinned />
            </div>
            <When when=move || n_repeated() != 0>
                <p class="messages-note">
                    {dynamic(move || format!("The output repeats the {} messages of the input; they are shown once", n_repeated()))}
                </p>
            </When>
            <When when=is_running>
                <p class="still-running" role="status">
                    "Still running: the answer shows here when it comes"
                </p>
            </When>
            <Sources shared />
        </div>
    }
}

/// Which messages have what is looked for, and at which of them the reader is. Copy it freely.
#[derive(Clone, Copy)]
struct Find {
    wanted: RwSignal<String>,
    /// Keys of the messages that have it, in order.
    found: Memo<Vec<u64>>,
    at: RwSignal<Option<usize>>,
}

impl Find {
    fn new(wanted: RwSignal<String>, cards: Memo<Arc<Vec<Keyed>>>) -> Self {
        let found = memo(move || {
            let wanted = wanted.get();
            if wanted.is_empty() {
                return Vec::new();
            }
            let has_it = |card: &Card| {
                let results = card.results.iter().flatten().flat_map(|result| &result.parts);
                let mut texts = card.message.parts.iter().chain(results).filter_map(|part| part.text());
                texts.any(|text| !find_plain(text, &wanted, 1).is_empty())
            };
            cards.with(|cards| cards.iter().filter(|(_, card)| has_it(card)).map(|(key, _)| *key).collect())
        });
        let at = RwSignal::new(None);
        effect(move || {
            found.track();
            at.set(None);
        });
        Find { wanted, found, at }
    }

    /// The key of the next message that has it, or of the one before, round and round.
    fn step(&self, is_back: bool) -> Option<u64> {
        let found = self.found.get_untracked();
        let last = found.len().checked_sub(1)?;
        let next = match (self.at.get_untracked(), is_back) {
            (None, false) => 0,
            (None, true) => last,
            (Some(idx), false) => (idx + 1) % found.len(),
            (Some(idx), true) => idx.checked_sub(1).unwrap_or(last),
        };
        self.at.set(Some(next));
        Some(found[next])
    }

    fn words(&self) -> String {
        let n_found = self.found.with(Vec::len);
        match self.at.get() {
            _ if self.wanted.with(String::is_empty) => String::new(),
            _ if n_found == 0 => "No match".into(),
            Some(idx) => format!("{} of {n_found}", idx + 1),
            None if n_found == 1 => "In 1 message".into(),
            None => format!("In {n_found} messages"),
        }
    }
}

/// Tells whether a card is the same as before, so that a refresh leaves it alone.
fn key_of(idx: usize, card: &Card) -> u64 {
    let mut hasher = DefaultHasher::new();
    (idx, card).hash(&mut hasher);
    hasher.finish()
}
