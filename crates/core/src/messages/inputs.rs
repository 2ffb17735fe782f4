//! Which messages a run was given.

use super::content::parts;
use super::message::{list, one};
use super::semantic;
use super::{Message, Part, Role};
use crate::json_view::{Fields, Json};

/// Names under which a lone question is kept, the most telling first.
const QUESTIONS: &[&str] = &[
    "input",
    "question",
    "query",
    "prompt",
    "message",
    "user_input",
    "human_input",
    "user_message",
    "text",
    "content",
];

/// The messages in a run's inputs; empty when there are none.
pub fn messages(json: Json<'_>, takes_plain_text: bool) -> Vec<Message> {
    inside(json, takes_plain_text, 0).unwrap_or_default()
}

/// `depth` ends the search in wrappers: `{"input": {"request": {"messages": …}}}` is as far as libraries go.
fn inside(json: Json<'_>, takes_plain_text: bool, depth: usize) -> Option<Vec<Message>> {
    if json.is_array() {
        return list_of_messages(json);
    }
    if !json.is_object() {
        return (takes_plain_text && json.str().is_some_and(|text| !text.is_empty()))
            .then(|| one(json, &Role::User).into_iter().collect());
    }
    let fields = json.fields();
    if let Some(messages) = semantic::inputs(&fields) {
        return Some(messages);
    }
    let mut found: Vec<Message> = system(&fields).into_iter().collect();
    let conversation = ["messages", "contents", "chat_history", "history"]
        .iter()
        .find_map(|name| fields.get(name).and_then(list_of_messages))
        .or_else(|| fields.get("messages").and_then(|message| one(message, &Role::User)).map(|message| vec![message]))
        .or_else(|| {
            fields
                .get("contents")
                .and_then(Json::str)
                .map(|text| vec![Message::new(Role::User, vec![Part::Text(text.into())])])
        })
        .or_else(|| fields.get("input").filter(|input| input.is_array()).and_then(list_of_messages));
    let has_conversation = conversation.is_some();
    found.extend(conversation.into_iter().flatten());
    if let Some(prompts) = fields.get("prompts").filter(|prompts| prompts.is_array()) {
        found.extend(list(prompts, &Role::User).into_iter().flatten());
    }
    // With a history, the question may stand beside it.
    let is_history = has_conversation && !fields.has("messages") && !fields.has("contents");
    if takes_plain_text && (found.iter().all(|message| message.role == Role::System) || is_history) {
        found.extend(question(&fields));
    }
    if (!found.is_empty() && found.iter().any(|message| message.role != Role::System)) || depth >= 3 {
        return Some(found);
    }
    let nested = ["input", "inputs", "request", "body", "kwargs", "state", "value"]
        .iter()
        .filter_map(|name| fields.get(name).filter(|value| value.is_object()))
        .find_map(|value| inside(value, takes_plain_text, depth + 1).filter(|messages| !messages.is_empty()));
    nested.or((!found.is_empty()).then_some(found)).or_else(|| one(json, &Role::User).map(|message| vec![message]))
}

/// A list in which somebody is named; strings alone are data, not messages.
fn list_of_messages(json: Json<'_>) -> Option<Vec<Message>> {
    let has_speakers = json.items().any(|item| item.is_object() || item.is_array());
    (json.is_array() && has_speakers).then(|| list(json, &Role::User)).flatten()
}

/// Instructions that stand outside the list.
fn system(fields: &Fields<'_>) -> Option<Message> {
    let config = fields.first(&["config", "generation_config"]).map(Json::fields);
    let names = ["system", "instructions", "systemInstruction", "system_instruction", "system_prompt"];
    let has_more = ["messages", "contents", "input", "prompt"].iter().any(|name| fields.has(name));
    let json = fields.first(&names).filter(|_| has_more).or_else(|| config.as_ref()?.first(&names))?;
    let nested = json.fields().first(&["parts", "content"]);
    let parts = parts(nested.unwrap_or(json));
    (!parts.is_empty()).then(|| Message::new(Role::System, parts))
}

fn question(fields: &Fields<'_>) -> Option<Message> {
    let only = || fields.iter().next().filter(|_| fields.len() == 1).map(|(_, value)| value);
    let json = QUESTIONS.iter().find_map(|name| fields.get(name).filter(|value| is_text(*value))).or_else(only)?;
    let text = json.str()?;
    (!text.is_empty()).then(|| Message::new(Role::User, vec![Part::Text(text.into())]))
}

fn is_text(json: Json<'_>) -> bool {
    json.kind() == crate::json_view::Kind::String
}
