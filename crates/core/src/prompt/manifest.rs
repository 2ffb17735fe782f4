//! A manifest taken apart for the editor and for comparisons.

use super::draft::{Draft, DraftMessage, MessageKind, Shape};
use super::template::Format;
use fanlight_wire::prompt::manifest::{bound_model, class_of, without_model};
use serde_json::Value;

/// Roles by the class of their message, as a template and as a message without variables.
pub(super) const ROLES: [(&str, &str, &str); 3] = [
    ("system", "SystemMessagePromptTemplate", "SystemMessage"),
    ("human", "HumanMessagePromptTemplate", "HumanMessage"),
    ("ai", "AIMessagePromptTemplate", "AIMessage"),
];

/// What a manifest says. Never fails: what is not understood is shown as JSON.
pub fn read(manifest: &Value) -> Draft {
    let prompt = without_model(manifest);
    let model = bound_model(manifest);
    let kwargs = prompt.get("kwargs").unwrap_or(&Value::Null);
    let (shape, messages) = match class_of(prompt) {
        Some("ChatPromptTemplate" | "StructuredPrompt") => match kwargs.get("messages").and_then(Value::as_array) {
            Some(messages) => {
                (Shape::Chat, messages.iter().enumerate().map(|(nth, message)| read_message(nth, message)).collect())
            }
            None => (Shape::Other, Vec::new()),
        },
        Some("PromptTemplate") if kwargs.get("template").is_some_and(Value::is_string) => {
            (Shape::Text, vec![DraftMessage { origin: Some(0), ..template_of(prompt) }])
        }
        _ => (Shape::Other, Vec::new()),
    };
    Draft {
        json: if shape == Shape::Other { pretty(manifest) } else { String::new() },
        shape,
        messages,
        schema: kwargs.get("schema_").filter(|schema| schema.is_object()).map(pretty).unwrap_or_default(),
        provider: model.and_then(|model| model.provider()).unwrap_or_default().to_owned(),
        model: model.and_then(|model| model.config()).map(pretty).unwrap_or_default(),
        tools: model.and_then(|model| model.binding).map(pretty).unwrap_or_default(),
    }
}

fn read_message(nth: usize, message: &Value) -> DraftMessage {
    let kwargs = message.get("kwargs").unwrap_or(&Value::Null);
    let class = class_of(message).unwrap_or_default();
    let role_of = |class: &str| {
        ROLES.iter().find(|(_, template, fixed)| class == *template || class == *fixed).map(|role| role.0)
    };
    let read = match class {
        "MessagesPlaceholder" => kwargs.get("variable_name").and_then(Value::as_str).map(|name| DraftMessage {
            text: name.to_owned(),
            kind: MessageKind::Placeholder { is_optional: kwargs.get("optional") == Some(&Value::Bool(true)) },
            ..DraftMessage::default()
        }),
        "ChatMessagePromptTemplate" => {
            let role = kwargs.get("role").and_then(Value::as_str);
            role.and_then(|role| read_template(role, kwargs))
        }
        _ => role_of(class).and_then(|role| match class.ends_with("Template") {
            true => read_template(role, kwargs),
            false => read_fixed(role, kwargs),
        }),
    };
    let read = read.unwrap_or_else(|| DraftMessage {
        role: role_of(class).unwrap_or_default().to_owned(),
        text: pretty(message),
        kind: MessageKind::Json,
        ..DraftMessage::default()
    });
    DraftMessage { origin: Some(nth), ..read }
}

/// A message of one template; several parts, or pictures, are left to JSON.
fn read_template(role: &str, kwargs: &Value) -> Option<DraftMessage> {
    let prompt = kwargs.get("prompt")?;
    let is_text = class_of(prompt) == Some("PromptTemplate") && prompt.pointer("/kwargs/template")?.is_string();
    is_text.then(|| DraftMessage { role: role.to_owned(), ..template_of(prompt) })
}

fn read_fixed(role: &str, kwargs: &Value) -> Option<DraftMessage> {
    let text = kwargs.get("content")?.as_str()?;
    Some(DraftMessage {
        role: role.to_owned(),
        text: text.to_owned(),
        kind: MessageKind::Fixed,
        ..DraftMessage::default()
    })
}

fn template_of(prompt: &Value) -> DraftMessage {
    let text = |key: &str| prompt.get("kwargs").and_then(|kwargs| kwargs.get(key)).and_then(Value::as_str);
    DraftMessage {
        text: text("template").unwrap_or_default().to_owned(),
        format: text("template_format").and_then(Format::from_name).unwrap_or_default(),
        ..DraftMessage::default()
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
