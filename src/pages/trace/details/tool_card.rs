//! A tool call with its arguments and, beside them, what the tool answered.

use super::folded_text::FoldedText;
use super::json_tree::JsonTree;
use super::message_card::part_view;
use crate::format::visible::visible;
use crate::messages::{Payload, ToolCall, ToolResult};
use leptos::prelude::*;

/// The call; `result` is the answer found for it.
#[component]
pub fn ToolCallCard(call: ToolCall, result: Option<ToolResult>, is_markdown: Signal<bool>) -> impl IntoView {
    let arguments = match call.arguments {
        Payload::Json(text) if text.trim() == "{}" => view! { <p class="message-empty">"No arguments"</p> }.into_any(),
        Payload::Json(text) => view! { <JsonTree text=Signal::stored(text) label="Arguments" /> }.into_any(),
        Payload::Text(text) => view! { <FoldedText text is_mono=true /> }.into_any(),
    };
    view! {
        <section class="tool-card" aria-label=format!("Call of {}", visible(&call.name))>
            <p class="tool-card-head">
                <span class="tool-card-word">"calls"</span>
                <code>
                    <bdi>{visible(&call.name).into_owned()}</bdi>
                </code>
                {call.id.map(|id| view! { <bdi class="tool-card-id">{visible(&id).into_owned()}</bdi> })}
            </p>
            <div class="tool-card-body">{arguments}</div>
            {result.map(|result| view! { <ToolResultView result is_markdown /> })}
        </section>
    }
}

/// What a tool answered.
#[component]
pub fn ToolResultView(result: ToolResult, is_markdown: Signal<bool>) -> impl IntoView {
    let is_empty = result.parts.is_empty();
    let word = if result.is_error { "failed" } else { "result" };
    view! {
        <div class="tool-result" class:is-error=result.is_error>
            <p class="tool-card-head">
                <span class="tool-card-word">{word}</span>
                {result.name.map(|name| view! { <bdi class="tool-card-id">{visible(&name).into_owned()}</bdi> })}
                {result.call_id.map(|id| view! { <bdi class="tool-card-id">{visible(&id).into_owned()}</bdi> })}
            </p>
            <div class="tool-card-body">
                {result.parts.into_iter().map(|part| part_view(part, None, is_markdown)).collect_view()}
                {is_empty.then(|| view! { <p class="message-empty">"Nothing returned"</p> })}
            </div>
        </div>
    }
}
