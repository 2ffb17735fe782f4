//! Which messages a run answered with.

use super::message::{from_fields, list, one};
use super::semantic;
use super::{Message, Part, Role};
use crate::json_view::{Fields, Json, Kind};

/// Names under which a lone answer is kept, the most telling first.
const ANSWERS: &[&str] = &[
    "output",
    "answer",
    "response",
    "final_answer",
    "final_response",
    "result",
    "completion",
    "generation",
    "text",
    "content",
    "message",
];

/// The messages in a run's outputs; empty when there are none.
pub fn messages(json: Json<'_>, takes_plain_text: bool) -> Vec<Message> {
    inside(json, takes_plain_text, 0).unwrap_or_default()
}

fn inside(json: Json<'_>, takes_plain_text: bool, depth: usize) -> Option<Vec<Message>> {
    if json.is_array() {
        return listed(json, takes_plain_text);
    }
    if !json.is_object() {
        return (takes_plain_text && json.str().is_some_and(|text| !text.is_empty()))
            .then(|| one(json, &Role::Assistant).into_iter().collect());
    }
    let fields = json.fields();
    let found = semantic::outputs(&fields)
        .or_else(|| choices(&fields))
        .or_else(|| candidates(&fields))
        .or_else(|| generations(&fields))
        .or_else(|| fields.get("messages").and_then(|messages| listed(messages, false)))
        .or_else(|| {
            fields.get("output").filter(|output| output.is_array()).and_then(|output| listed(output, takes_plain_text))
        })
        .or_else(|| message_itself(json, &fields));
    if found.is_some() {
        return found;
    }
    if depth < 3 {
        let wrappers =
            ["message", "output", "outputs", "response", "result", "body", "state", "generation", "return_value"];
        let nested = wrappers
            .iter()
            .filter_map(|name| fields.get(name).filter(|value| value.is_object()))
            .find_map(|value| inside(value, takes_plain_text, depth + 1).filter(|messages| !messages.is_empty()));
        if nested.is_some() {
            return nested;
        }
    }
    takes_plain_text.then(|| answer(&fields)).flatten().map(|message| vec![message])
}

/// OpenAI's `choices`, streamed ones (`delta`) and completions (`text`) included.
fn choices(fields: &Fields<'_>) -> Option<Vec<Message>> {
    let choices = fields.get("choices")?;
    let messages: Vec<Message> = choices
        .items()
        .filter_map(|choice| {
            let choice = choice.fields();
            let mut message = match choice.first(&["message", "delta"]) {
                Some(message) => {
                    one(message, &Role::Assistant).unwrap_or_else(|| from_fields(Role::Assistant, &message.fields()))
                }
                None => Message::new(Role::Assistant, vec![Part::Text(choice.str(&["text"])?.into())]),
            };
            message.finish_reason = choice.str(&["finish_reason"]).or(message.finish_reason);
            Some(message)
        })
        .collect();
    (!messages.is_empty()).then_some(messages)
}

/// Gemini's `candidates`.
fn candidates(fields: &Fields<'_>) -> Option<Vec<Message>> {
    let messages: Vec<Message> = fields
        .get("candidates")?
        .items()
        .filter_map(|candidate| {
            let candidate = candidate.fields();
            let mut message = from_fields(Role::Assistant, &candidate.get("content")?.fields());
            message.finish_reason = candidate.str(&["finishReason", "finish_reason"]);
            Some(message)
        })
        .collect();
    (!messages.is_empty()).then_some(messages)
}

/// LangChain's `generations`: lists of lists, or one list.
fn generations(fields: &Fields<'_>) -> Option<Vec<Message>> {
    let generation = |json: Json<'_>| {
        let fields = json.fields();
        let message = fields.get("message").and_then(|message| one(message, &Role::Assistant));
        let mut message =
            message.or_else(|| Some(Message::new(Role::Assistant, vec![Part::Text(fields.str(&["text"])?.into())])))?;
        let info = fields.first(&["generation_info", "generationInfo"]).map(Json::fields);
        let reason = info.and_then(|info| info.str(&["finish_reason", "stop_reason"]));
        message.finish_reason = message.finish_reason.or(reason);
        Some(message)
    };
    let mut messages = Vec::new();
    for item in fields.get("generations")?.items() {
        if item.is_array() {
            messages.extend(item.items().filter_map(generation));
        } else {
            messages.extend(generation(item));
        }
    }
    (!messages.is_empty()).then_some(messages)
}

/// The outputs are the message: `{"role": "assistant", "content": …}`, or the AI SDK's `{"text": …, "toolCalls": …}`.
fn message_itself(json: Json<'_>, fields: &Fields<'_>) -> Option<Vec<Message>> {
    let has_calls = fields.has("toolCalls") || fields.has("tool_calls");
    let message = one(json, &Role::Assistant).or_else(|| has_calls.then(|| from_fields(Role::Assistant, fields)))?;
    Some(vec![message])
}

/// A list of messages, of the chunks of a streamed answer, or of streamed texts.
fn listed(json: Json<'_>, takes_plain_text: bool) -> Option<Vec<Message>> {
    if json.items().all(|item| item.kind() == Kind::String) {
        let whole: String = json.items().filter_map(Json::str).collect();
        return (takes_plain_text && !whole.is_empty())
            .then(|| vec![Message::new(Role::Assistant, vec![Part::Text(whole.into())])]);
    }
    list(json, &Role::Assistant)
}

fn answer(fields: &Fields<'_>) -> Option<Message> {
    let is_text = |value: &Json<'_>| value.kind() == Kind::String;
    let only = || fields.iter().next().filter(|_| fields.len() == 1).map(|(_, value)| value);
    let json = ANSWERS.iter().find_map(|name| fields.get(name).filter(is_text)).or_else(only)?;
    let text = json.str()?;
    (!text.is_empty()).then(|| Message::new(Role::Assistant, vec![Part::Text(text.into())]))
}
