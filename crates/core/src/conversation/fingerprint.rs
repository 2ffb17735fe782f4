//! What makes two messages the same, however a library wrote them.

use crate::messages::{Media, Message, Part, Source};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Equal for messages that say the same: who speaks, the texts, the calls and results. What a library adds or leaves out
/// when it repeats a message (reasoning, names, the reason why it ended) does not count.
pub fn fingerprint(message: &Message) -> u64 {
    let mut hasher = DefaultHasher::new();
    message.role.hash(&mut hasher);
    let mut text = String::new();
    for part in &message.parts {
        hash_part(part, &mut text, &mut hasher);
    }
    text.trim().hash(&mut hasher);
    hasher.finish()
}

/// Texts are gathered and counted as one: libraries cut them in different places.
fn hash_part(part: &Part, text: &mut String, hasher: &mut DefaultHasher) {
    match part {
        Part::Text(more) | Part::Refusal(more) => text.push_str(more.trim()),
        Part::Reasoning(_) => {}
        Part::Json(json) => without_space(json).hash(hasher),
        Part::Media(Media { kind, source, .. }) => {
            kind.hash(hasher);
            match source {
                Source::Base64(data) => (data.len(), data.get(..64)).hash(hasher),
                Source::Remote(address) | Source::Reference(address) => address.hash(hasher),
            }
        }
        Part::ToolCall(call) => match &call.id {
            Some(id) => id.hash(hasher),
            None => (&call.name, without_space(call.arguments.text())).hash(hasher),
        },
        Part::ToolResult(result) => match &result.call_id {
            Some(id) => id.hash(hasher),
            None => {
                result.name.hash(hasher);
                result.parts.iter().for_each(|part| hash_part(part, text, hasher));
            }
        },
    }
}

fn without_space(json: &str) -> String {
    json.chars().filter(|char| !char.is_whitespace()).collect()
}
