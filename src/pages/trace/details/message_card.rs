//! One message: who speaks, and its parts.

use super::copy::CopyIcon;
use super::folded_text::FoldedText;
use super::json_tree::JsonTree;
use super::media_view::MediaView;
use super::tool_card::{ToolCallCard, ToolResultView};
use crate::components::erased::dynamic;
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::messages::pair::Card;
use crate::messages::{Part, Role, ToolResult, is_json_container};
use leptos::prelude::*;
use std::sync::Arc;

/// Draws a message with the results of its tool calls.
#[component]
pub fn MessageCard(card: Card, is_markdown: Signal<bool>, answer_tokens: Memo<i64>) -> impl IntoView {
    let Card { message, is_output, results } = card;
    let role = message.role.label().to_owned();
    let role_class = match message.role {
        Role::System => "message is-system",
        Role::User => "message is-user",
        Role::Assistant => "message is-assistant",
        Role::Tool => "message is-tool",
        Role::Other(_) => "message",
    };
    let name = message.name.clone().map(|name| view! { <bdi class="message-name">{visible(&name).into_owned()}</bdi> });
    let finish = message.finish_reason.clone();
    let is_cut_short = finish.as_deref().is_some_and(|reason| matches!(reason, "length" | "max_tokens" | "MAX_TOKENS"));
    let is_answer = is_output && message.role == Role::Assistant;
    let token_words = move || {
        let count = answer_tokens.get();
        (is_answer && count > 0).then(|| format!("{} tok", tokens(count)))
    };
    let label = format!("Copy this {role} message");
    let copied = message.clone();
    let is_empty = message.parts.is_empty();
    let mut results = results.into_iter();
    let parts = message
        .parts
        .into_iter()
        .map(|part| {
            let result = if matches!(part, Part::ToolCall(_)) { results.next().flatten() } else { None };
            part_view(part, result, is_markdown)
        })
        .collect_view();
    view! {
        <article class=role_class class:is-output=is_output>
            <header class="message-head">
                <h3 class="message-role">{visible(&role).into_owned()}</h3>
                {name}
                {finish
                    .map(|reason| {
                        view! {
                            <span class="message-finish" class:is-warning=is_cut_short>
                                {visible(&reason).into_owned()}
                            </span>
                        }
                    })}
                <span class="message-space"></span>
                <span class="message-tokens">{dynamic(token_words)}</span>
                <CopyIcon text=move |()| copied.plain_text() label />
            </header>
            <div class="message-body">
                {parts} {is_empty.then(|| view! { <p class="message-empty">"Empty message"</p> })}
            </div>
        </article>
    }
}

/// Draws one part; `result` belongs to it when it is a tool call.
pub fn part_view(part: Part, result: Option<ToolResult>, is_markdown: Signal<bool>) -> AnyView {
    match part {
        Part::Text(text) if is_json_container(&text) => json_view(text),
        Part::Text(text) => view! { <FoldedText text is_markdown /> }.into_any(),
        Part::Json(text) => json_view(text),
        Part::Reasoning(text) => view! {
            <details class="message-reasoning">
                <summary>"Reasoning"</summary>
                <FoldedText text is_markdown />
            </details>
        }
        .into_any(),
        Part::Refusal(text) => view! {
            <div class="message-refusal">
                <p class="message-refusal-title">"Refused"</p>
                <FoldedText text />
            </div>
        }
        .into_any(),
        Part::Media(media) => view! { <MediaView media /> }.into_any(),
        Part::ToolCall(call) => view! { <ToolCallCard call result is_markdown /> }.into_any(),
        Part::ToolResult(result) => view! { <ToolResultView result is_markdown /> }.into_any(),
    }
}

fn json_view(text: Arc<str>) -> AnyView {
    view! { <JsonTree text=Signal::stored(text) label="Content" /> }.into_any()
}
