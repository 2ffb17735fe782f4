//! The conversation: what went in, what came out.

use super::body::Shared;
use super::message_card::MessageCard;
use crate::components::erased::{Keyed, When, dynamic, memo};
use crate::messages::pair::{Card, pair};
use crate::preferences::use_preferences;
use fanlight_wire::RunStatus;
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Longer conversations open with their last messages: those are what a run adds.
const LAST_SHOWN: usize = 40;
/// What one press of "Show earlier" adds.
const EARLIER_PAGE: usize = 100;

/// The messages of a run.
#[component]
pub fn MessagesTab(shared: Shared) -> impl IntoView {
    let preferences = use_preferences();
    let is_markdown = Signal::derive(move || preferences.with(|preferences| preferences.has_markdown));
    let cards = memo(move || {
        shared.conversation.with(|conversation| {
            let cards = pair(&conversation.inputs, &conversation.outputs).into_iter().enumerate();
            cards.map(|(idx, card)| (idx, fingerprint(&card), card)).collect::<Vec<_>>()
        })
    });
    let n_earlier = RwSignal::new(0usize);
    let n_hidden = memo(move || cards.with(Vec::len).saturating_sub(LAST_SHOWN + n_earlier.get()));
    let is_running = move || shared.data.with(|data| data.run.status == RunStatus::Pending && data.outputs.is_none());
    let n_repeated = move || shared.conversation.with(|conversation| conversation.n_repeated);
    // Only the answer says how many tokens it took; nobody counts those of a single input.
    let answer_tokens = memo(move || shared.data.with(|data| data.run.completion_tokens));
    view! {
        <div class="messages">
            <div class="messages-tools">
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
            <When when=move || n_hidden.get() != 0>
                <button
                    type="button"
                    class="button messages-earlier"
                    on:click=move |_| n_earlier.update(|n| *n += EARLIER_PAGE)
                >
                    {dynamic(move || format!("Show earlier ({} more)", n_hidden.get()))}
                </button>
            </When>
            <Keyed
                each=move || { cards.with(|cards| cards.iter().skip(n_hidden.get()).cloned().collect::<Vec<_>>()) }
                key=|(idx, fingerprint, _)| (*idx, *fingerprint)
                let:entry
            >
                <MessageCard card=entry.2 is_markdown answer_tokens />
            </Keyed>
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
        </div>
    }
}

/// Tells whether a card is the same as before, so that a refresh leaves it alone.
fn fingerprint(card: &Card) -> u64 {
    let mut hasher = DefaultHasher::new();
    card.hash(&mut hasher);
    hasher.finish()
}
