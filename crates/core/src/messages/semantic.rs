//! OpenTelemetry's semantic conventions for generative AI: messages in attributes, as lists or as JSON inside a string, and
//! the older form with an attribute for each field (`gen_ai.prompt.0.content`).

use super::content::parts;
use super::message::{from_fields, list};
use super::{Message, Part, Role};
use crate::json_view::{Fields, Json};

/// The messages that went in; `None` where these conventions are not spoken.
pub fn inputs(fields: &Fields<'_>) -> Option<Vec<Message>> {
    let instructions = fields.first(&["gen_ai.system_instructions", "system_instructions"]);
    let said = fields.first(&["gen_ai.input.messages", "input_messages"]).and_then(|json| messages(json, &Role::User));
    let said = said.or_else(|| flat(fields, "gen_ai.prompt.", &Role::User))?;
    let system = instructions.map(|json| nested(json, parts)).filter(|parts| !parts.is_empty());
    let system = system.map(|parts| Message::new(Role::System, parts));
    Some(system.into_iter().chain(said).collect())
}

/// The messages that came out.
pub fn outputs(fields: &Fields<'_>) -> Option<Vec<Message>> {
    let said = fields.first(&["gen_ai.output.messages", "output_messages"]);
    said.and_then(|json| messages(json, &Role::Assistant))
        .or_else(|| flat(fields, "gen_ai.completion.", &Role::Assistant))
}

fn messages(json: Json<'_>, fallback: &Role) -> Option<Vec<Message>> {
    nested(json, |json| list(json, fallback))
}

/// Attributes of spans are scalars: lists are JSON inside a string there.
fn nested<T>(json: Json<'_>, read: impl Fn(Json<'_>) -> T) -> T {
    let inside = json.str().filter(|text| text.trim_start().starts_with(['[', '{']));
    match inside.as_deref().and_then(Json::parse) {
        Some(inner) => read(inner),
        None => read(json),
    }
}

/// `{prefix}0.role`, `{prefix}0.content`, … Numbers count from 0 without gaps.
fn flat(fields: &Fields<'_>, prefix: &str, fallback: &Role) -> Option<Vec<Message>> {
    let mut messages = Vec::new();
    for idx in 0.. {
        let field = |name: &str| fields.get(&format!("{prefix}{idx}.{name}"));
        let (role, content) = (field("role").and_then(Json::str), field("content"));
        let calls: Vec<Part> = (0..)
            .map_while(|call| {
                let part = |name: &str| fields.get(&format!("{prefix}{idx}.tool_calls.{call}.{name}"));
                let (id, arguments) = (part("id").map(Json::raw), part("arguments").map(Json::raw));
                let text = format!(
                    r#"{{"id":{},"name":{},"arguments":{}}}"#,
                    id.unwrap_or("null"),
                    part("name")?.raw(),
                    arguments.unwrap_or("null")
                );
                super::content::tool_call(&Json::parse(&text)?.fields()).map(Part::ToolCall)
            })
            .collect();
        if role.is_none() && content.is_none() && calls.is_empty() {
            break;
        }
        let role = role.map_or_else(|| fallback.clone(), |word| Role::from_word(&word));
        let mut message = from_fields(role, &Fields::default());
        message.parts = content.map(|json| nested(json, parts)).unwrap_or_default();
        message.parts.extend(calls);
        message.finish_reason = field("finish_reason").and_then(Json::str);
        messages.push(message);
    }
    (!messages.is_empty()).then_some(messages)
}
