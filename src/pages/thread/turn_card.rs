//! One turn on the page: what was asked, what came back, how it went, and what people think of it.

use super::said::{Said, called_tools};
use super::turn::{Payload, Turn};
use crate::api::ApiClient;
use crate::components::clock::use_now;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::relative_time::RelativeTime;
use crate::components::status_dot::StatusDot;
use crate::feedback::Thumb;
use crate::format::bytes::bytes;
use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::messages::pair::Card;
use crate::messages::{Message, Part};
use crate::pages::trace::details::feedback_bar::ThumbButton;
use crate::pages::trace::details::feedback_store::FeedbackStore;
use crate::pages::trace::details::folded_text::FoldedText;
use crate::pages::trace::details::json_tree::JsonTree;
use crate::pages::trace::details::message_card::part_view;
use crate::routes;
use fanlight_wire::{ProjectId, RunStatus, TraceId};
use leptos::prelude::*;
use std::sync::Arc;

/// The element id of a turn.
pub fn turn_element_id(turn: TraceId) -> String {
    format!("turn-{turn}")
}

/// The turn `id`, which is on screen as long as this is; `number` counts from 1.
#[component]
pub fn TurnCard(
    project: ProjectId,
    id: TraceId,
    #[prop(into)] turn: Signal<Option<Arc<Turn>>>,
    #[prop(into)] number: Signal<usize>,
    #[prop(into)] n_turns: Signal<usize>,
    #[prop(into)] is_current: Signal<bool>,
    is_markdown: Signal<bool>,
    on_focus: Callback<TraceId>,
) -> impl IntoView {
    let title_id = format!("{}-title", turn_element_id(id));
    let labelled_by = title_id.clone();
    let inputs = memo(move || turn.with(|turn| turn.as_ref().map(|turn| turn.inputs.clone()).unwrap_or_default()));
    let outputs = memo(move || turn.with(|turn| turn.as_ref().map(|turn| turn.outputs.clone()).unwrap_or_default()));
    let error = memo(move || turn.with(|turn| turn.as_ref().and_then(|turn| turn.error.clone())));
    let is_running = memo(move || turn.with(|turn| turn.as_ref().is_some_and(|turn| turn.is_running())));
    let run_type = memo(move || turn.with(|turn| turn.as_ref().map(|turn| turn.run_type)));
    let said = memo(move || {
        let Some(run_type) = run_type.get() else { return Arc::new(Said::default()) };
        let (inputs, outputs) = (inputs.get().json, outputs.get().json);
        Arc::new(Said::read(run_type, inputs.as_deref(), outputs.as_deref()))
    });
    view! {
        <article
            class="turn"
            class:is-current=is_current
            id=turn_element_id(id)
            tabindex=live(move || if is_current.get() { "0" } else { "-1" })
            aria-labelledby=labelled_by
            aria-posinset=live(move || number.get().to_string())
            aria-setsize=live(move || n_turns.get().to_string())
            on:focusin=move |_| on_focus.run(id)
        >
            <header class="turn-head">
                <h2 class="turn-title" id=title_id>
                    {dynamic(move || format!("Turn {}", grouped(number.get() as i64)))}
                </h2>
                <TurnFacts turn />
                <a class="turn-open" href=routes::trace(project, id)>
                    "Open trace"
                    <span class="visually-hidden">{dynamic(move || format!(" of turn {}", number.get()))}</span>
                </a>
            </header>
            {dynamic(move || question(&said.get(), &inputs.get(), is_markdown))}
            {dynamic(move || answer(&said.get(), &outputs.get(), error.get().is_some() || is_running.get(), is_markdown))}
            {dynamic(move || error.get().map(|error| failure(&error)))}
            {dynamic(move || {
                is_running
                    .get()
                    .then(|| view! { <p class="still-running turn-side" role="status">"Still running: the answer shows here when it comes"</p> })
            })}
            <TurnFeedback project id turn />
        </article>
    }
}

/// How it went, when, and what it took.
#[component]
fn TurnFacts(turn: Signal<Option<Arc<Turn>>>) -> impl IntoView {
    let now = use_now();
    let status = memo(move || turn.with(|turn| turn.as_ref().map_or(RunStatus::Pending, |turn| turn.status)));
    let start = Signal::derive(move || turn.with(|turn| turn.as_ref().map_or(now.get_untracked(), |turn| turn.start)));
    let is_running = memo(move || status.get() == RunStatus::Pending);
    let facts = memo(move || {
        turn.with(|turn| {
            let Some(turn) = turn else { return Vec::new() };
            // Only a running turn follows the clock.
            let now = if is_running.get() { now.get() } else { turn.start };
            let facts = [turn.latency_words(now), turn.tokens_words(), turn.cost.map(cost)];
            facts.into_iter().flatten().collect()
        })
    });
    view! {
        <span class="turn-facts">
            <StatusDot status />
            <RelativeTime time=start />
            {dynamic(move || facts.get().into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view())}
        </span>
    }
}

fn question(said: &Said, inputs: &Payload, is_markdown: Signal<bool>) -> AnyView {
    let earlier = match said.n_earlier {
        0 => None,
        1 => Some("1 earlier message was sent along".to_owned()),
        n => Some(format!("{} earlier messages were sent along", grouped(n as i64))),
    };
    let body = if said.question.is_empty() {
        instead(inputs, "Input", "Nothing was sent in")
    } else {
        said.question.iter().map(|message| parts(message, is_markdown)).collect_view().into_any()
    };
    let speaker = said.question.first().map_or("input".to_owned(), speaker);
    view! {
        <div class="turn-side is-question">
            <p class="turn-speaker">
                {speaker} {earlier.map(|words| view! { <span class="turn-note">{words}</span> })}
            </p>
            <div class="turn-bubble">{body}</div>
        </div>
    }
    .into_any()
}

/// `may_be_empty`: something else says why there is no answer.
fn answer(said: &Said, outputs: &Payload, may_be_empty: bool, is_markdown: Signal<bool>) -> AnyView {
    if said.answer.is_empty() && outputs.is_empty() && may_be_empty {
        return ().into_any();
    }
    let body = if said.answer.is_empty() {
        instead(outputs, "Output", "Nothing came back")
    } else {
        said.answer.iter().map(|card| answer_card(card, is_markdown)).collect_view().into_any()
    };
    let speaker = said.answer.last().map_or("output".to_owned(), |card| speaker(&card.message));
    view! {
        <div class="turn-side is-answer">
            <p class="turn-speaker">{speaker}</p>
            <div class="turn-bubble">{body}</div>
        </div>
    }
    .into_any()
}

fn speaker(message: &Message) -> String {
    let name = message.name.as_deref().unwrap_or(message.role.label());
    visible(name).into_owned()
}

/// The texts of a message; its tool calls fold away, as notes in the margin of what was said.
fn answer_card(card: &Card, is_markdown: Signal<bool>) -> AnyView {
    let tools = called_tools(&card.message);
    if tools.is_empty() {
        return parts(&card.message, is_markdown);
    }
    let summary = match tools.len() {
        1 => format!("Called {}", visible(tools[0])),
        n => format!("Called {n} tools: {}", visible(&tools.join(", "))),
    };
    let is_call = |part: &&Part| matches!(part, Part::ToolCall(_));
    let calls: Vec<_> = card.message.parts.iter().filter(is_call).cloned().zip(card.results.clone()).collect();
    let said = Message {
        parts: card.message.parts.iter().filter(|part| !is_call(part)).cloned().collect(),
        ..card.message.clone()
    };
    let is_open = RwSignal::new(false);
    view! {
        {(!said.parts.is_empty()).then(|| parts(&said, is_markdown))}
        <details class="turn-tools" on:toggle=move |_: web_sys::Event| is_open.set(true)>
            <summary>
                <bdi>{summary}</bdi>
            </summary>
            {dynamic(move || {
                // Most are never opened.
                is_open
                    .get()
                    .then(|| {
                        calls
                            .iter()
                            .map(|(call, result)| part_view(call.clone(), result.clone(), is_markdown))
                            .collect_view()
                    })
            })}
        </details>
    }
    .into_any()
}

fn parts(message: &Message, is_markdown: Signal<bool>) -> AnyView {
    message.parts.iter().map(|part| part_view(part.clone(), None, is_markdown)).collect_view().into_any()
}

/// What is shown of a payload in which nobody speaks.
fn instead(payload: &Payload, label: &'static str, nothing: &'static str) -> AnyView {
    match (&payload.json, payload.left_out_bytes) {
        (Some(json), _) => view! { <JsonTree text=Signal::stored(Arc::clone(json)) label /> }.into_any(),
        (None, Some(size)) => view! {
            <p>
                <bdi>{visible(&payload.preview).into_owned()}</bdi>
            </p>
            <p class="turn-note">{format!("{} in all: the trace has the rest", bytes(size))}</p>
        }
        .into_any(),
        (None, None) => view! { <p class="message-empty">{nothing}</p> }.into_any(),
    }
}

/// The first line says what happened; the rest folds away, so that the conversation stays in view.
fn failure(error: &str) -> AnyView {
    let (first, rest) = error.trim_end().split_once('\n').unwrap_or((error, ""));
    let rest = Some(rest.trim_matches('\n')).filter(|rest| !rest.is_empty()).map(Arc::<str>::from);
    view! {
        <div class="turn-side is-failure">
            <p class="turn-speaker">"failed"</p>
            <div class="turn-bubble">
                <FoldedText text=Arc::from(first) is_mono=true />
                {rest
                    .map(|text| {
                        view! {
                            <details class="turn-tools">
                                <summary>"More of the error"</summary>
                                <FoldedText text is_mono=true />
                            </details>
                        }
                    })}
            </div>
        </div>
    }
    .into_any()
}

/// Thumbs, and what else was said about the turn.
#[component]
fn TurnFeedback(project: ProjectId, id: TraceId, turn: Signal<Option<Arc<Turn>>>) -> impl IntoView {
    let api: ApiClient = expect_context();
    let store = FeedbackStore::unloaded(api, project, id, id.into());
    let n_feedback = memo(move || turn.with(|turn| turn.as_ref().map_or(0, |turn| turn.n_feedback)));
    effect(move || {
        // Turns that nobody has judged need not be asked about.
        if n_feedback.get() > 0 || store.is_loaded.get_untracked() {
            store.load();
        }
    });
    let said = memo(move || turn.with(|turn| turn.as_ref().map(|turn| turn.feedback.clone()).unwrap_or_default()));
    view! {
        <div class="turn-feedback" role="group" aria-label="Feedback on this turn">
            <ThumbButton store thumb=Thumb::Up />
            <ThumbButton store thumb=Thumb::Down />
            {dynamic(move || {
                said.get()
                    .into_iter()
                    .map(|(key, value)| {
                        view! {
                            <span class="chip">
                                <bdi>{visible(&key).into_owned()}</bdi>
                                <b>
                                    <bdi>{visible(&value).into_owned()}</bdi>
                                </b>
                            </span>
                        }
                    })
                    .collect_view()
            })}
        </div>
    }
}
