//! One message of a list, in any of the shapes that libraries write.

use super::content::{parts, result_parts, tool_call, tool_result};
use super::{Message, Part, Role, ToolResult};
use crate::json_view::{Fields, Json};

/// The messages in a list, lists inside it included (LangChain batches). `None` when an entry is no message: then the
/// list is something else.
///
/// `fallback` speaks where nobody is named.
pub fn list(json: Json<'_>, fallback: &Role) -> Option<Vec<Message>> {
    let mut messages = Vec::new();
    // Two levels are all that is in use; deeper lists are data.
    for item in json.items() {
        if let Some(message) = one(item, fallback) {
            messages.push(message);
        } else if item.is_array() {
            for inner in item.items() {
                messages.push(one(inner, fallback)?);
            }
        } else {
            return None;
        }
    }
    (!messages.is_empty()).then_some(messages)
}

/// One message, or `None` for what is none.
pub fn one(json: Json<'_>, fallback: &Role) -> Option<Message> {
    if let Some(text) = json.str() {
        return Some(Message::new(fallback.clone(), vec![Part::Text(text.into())]));
    }
    if json.is_array() {
        return role_and_content(json);
    }
    let fields = json.fields();
    serialised(&fields)
        .or_else(|| response_item(&fields))
        .or_else(|| typed(&fields))
        .or_else(|| with_role(&fields))
        .or_else(|| prompt_template(&fields))
}

/// `["human", "Hello"]`
fn role_and_content(json: Json<'_>) -> Option<Message> {
    let mut items = json.items();
    let (role, content) = (items.next()?.str()?, items.next()?);
    let role = Role::from_word(&role);
    if items.next().is_some() || matches!(role, Role::Other(_)) {
        return None;
    }
    Some(Message::new(role, parts(content)))
}

/// LangChain's serialised message: `{"id": ["langchain", …, "HumanMessage"], "kwargs": {"content": …}}`.
fn serialised(fields: &Fields<'_>) -> Option<Message> {
    let class = fields.get("id")?.items().last()?.str()?;
    let kwargs = fields.get("kwargs")?.fields();
    let role = match class.trim_end_matches("Chunk") {
        "HumanMessage" => Role::User,
        "AIMessage" => Role::Assistant,
        "SystemMessage" => Role::System,
        "ToolMessage" | "FunctionMessage" => Role::Tool,
        "ChatMessage" => Role::from_word(&kwargs.str(&["role"])?),
        _ => return None,
    };
    Some(from_fields(role, &kwargs))
}

/// LangChain's plain form: `{"type": "human", "content": …}`, or with everything under `data`.
fn typed(fields: &Fields<'_>) -> Option<Message> {
    let word = fields.str(&["type"])?;
    let role = match Role::from_word(&word) {
        Role::Other(_) if word == "chat" => Role::from_word(&fields.str(&["role"])?),
        Role::Other(_) => return None,
        known => known,
    };
    if let Some(data) = fields.get("data").filter(|data| data.is_object()) {
        return Some(from_fields(role, &data.fields()));
    }
    is_message_like(fields).then(|| from_fields(role, fields))
}

/// `{"role": "user", "content": …}` of OpenAI, Anthropic and Gemini.
fn with_role(fields: &Fields<'_>) -> Option<Message> {
    let word = fields.str(&["role"])?;
    is_message_like(fields).then(|| from_fields(Role::from_word(&word), fields))
}

fn is_message_like(fields: &Fields<'_>) -> bool {
    // A null content counts: an assistant that only calls tools has one.
    let names = ["content", "parts", "tool_calls", "function_call", "refusal", "audio", "reasoning_content", "text"];
    fields.iter().any(|(name, _)| names.contains(&name))
}

/// Entries of OpenAI's responses that carry no role: calls, their outputs, reasoning.
fn response_item(fields: &Fields<'_>) -> Option<Message> {
    if fields.has("role") {
        return None;
    }
    match fields.str(&["type"])?.as_str() {
        "function_call" | "custom_tool_call" | "mcp_call" => {
            tool_call(fields).map(|call| Message::new(Role::Assistant, vec![Part::ToolCall(call)]))
        }
        "function_call_output" | "custom_tool_call_output" => {
            let result = tool_result(fields);
            Some(Message { name: result.name.clone(), ..Message::new(Role::Tool, vec![Part::ToolResult(result)]) })
        }
        "reasoning" => {
            let pieces: Vec<String> =
                fields.get("summary")?.items().filter_map(|item| item.fields().str(&["text"])).collect();
            let parts = if pieces.is_empty() { vec![] } else { vec![Part::Reasoning(pieces.join("\n\n").into())] };
            Some(Message::new(Role::Assistant, parts))
        }
        "message" => is_message_like(fields).then(|| from_fields(Role::Assistant, fields)),
        _ => None,
    }
}

/// A template's message before it is filled: `{"prompt": {"template": "…"}}` inside a serialised class.
fn prompt_template(fields: &Fields<'_>) -> Option<Message> {
    let class = fields.get("id")?.items().last()?.str()?;
    let role = match class.as_str() {
        "SystemMessagePromptTemplate" => Role::System,
        "HumanMessagePromptTemplate" => Role::User,
        "AIMessagePromptTemplate" => Role::Assistant,
        _ => return None,
    };
    let prompt = fields.get("kwargs")?.fields().get("prompt")?.fields();
    let template = prompt.get("kwargs")?.fields().str(&["template"])?;
    Some(Message::new(role, vec![Part::Text(template.into())]))
}

/// The message that these fields describe, spoken by `role`.
pub fn from_fields(role: Role, fields: &Fields<'_>) -> Message {
    let content = fields.first(&["content", "parts", "text"]);
    let name = fields.str(&["name"]);
    let finish_reason = fields.str(&["finish_reason", "stop_reason", "finishReason", "stopReason"]).or_else(|| {
        let metadata = fields.first(&["response_metadata", "additional_kwargs"])?.fields();
        metadata.str(&["finish_reason", "stop_reason", "finishReason", "done_reason"])
    });
    if role == Role::Tool && !content.is_some_and(|content| has_results(content)) {
        let result = ToolResult {
            call_id: fields.str(&["tool_call_id", "call_id", "id"]),
            name: name.clone(),
            parts: content.map(result_parts).unwrap_or_default(),
            is_error: fields.str(&["status"]).as_deref() == Some("error"),
        };
        return Message { role, name, parts: vec![Part::ToolResult(result)], finish_reason: None };
    }
    let extra = fields.get("additional_kwargs").map(Json::fields);
    let from_extra = |field: &str| extra.as_ref().and_then(|extra| extra.get(field));
    let mut all = Vec::new();
    let reasoning = fields.str(&["reasoning_content", "reasoning"]).or_else(|| from_extra("reasoning_content")?.str());
    all.extend(reasoning.filter(|text| !text.is_empty()).map(|text| Part::Reasoning(text.into())));
    all.extend(content.map(parts).unwrap_or_default());
    all.extend(
        fields.str(&["refusal"]).or_else(|| from_extra("refusal")?.str()).map(|text| Part::Refusal(text.into())),
    );
    let listed = fields.get("tool_calls").filter(|calls| !calls.is_empty());
    let calls = listed.or_else(|| from_extra("tool_calls")).or_else(|| fields.get("toolCalls"));
    let invalid = fields.get("invalid_tool_calls");
    let mut new_calls: Vec<_> = [calls, invalid]
        .into_iter()
        .flatten()
        .flat_map(Json::items)
        .filter_map(|call| tool_call(&call.fields()))
        .collect();
    new_calls.extend(
        fields.get("function_call").or_else(|| from_extra("function_call")).and_then(|call| tool_call(&call.fields())),
    );
    for call in new_calls {
        // Anthropic's calls through LangChain stand both in the content and in the list.
        let is_known =
            call.id.is_some() && all.iter().any(|part| matches!(part, Part::ToolCall(known) if known.id == call.id));
        if !is_known {
            all.push(Part::ToolCall(call));
        }
    }
    if let Some(audio) = fields.get("audio").filter(|audio| audio.is_object()).map(Json::fields) {
        all.extend(audio.str(&["transcript"]).map(|text| Part::Text(text.into())));
    }
    Message { role, name, parts: all, finish_reason }
}

/// Whether a tool's message holds results as parts of their own.
fn has_results(content: Json<'_>) -> bool {
    let is_result = |item: Json<'_>| {
        let fields = item.fields();
        let kind = fields.str(&["type"]).unwrap_or_default();
        ["tool-result", "tool_result", "tool_call_response"].contains(&kind.as_str())
            || fields.has("functionResponse")
            || fields.has("function_response")
    };
    content.items().next().is_some_and(is_result)
}
