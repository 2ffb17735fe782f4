//! A manifest as a version to compare.

use super::{Message, Version};
use crate::prompt::manifest;
use crate::prompt::{Draft, DraftMessage, MessageKind, Shape};
use serde_json::Value;

/// What of a manifest is compared, and how. What is not understood is compared as the JSON that it is.
pub fn read(manifest: &Value) -> Version {
    of_draft(manifest::read(manifest))
}

/// The same of a prompt in the editor.
pub fn of_draft(draft: Draft) -> Version {
    let format = draft.format();
    let structures = [("Output schema", draft.schema), ("Tools", draft.tools), ("Prompt", draft.json)];
    let messages = match draft.shape {
        Shape::Other => Vec::new(),
        Shape::Chat | Shape::Text => draft.messages.iter().map(message).collect(),
    };
    Version {
        messages,
        format,
        settings: settings(&draft.provider, &draft.model),
        structures: structures.into_iter().filter(|(_, json)| !json.is_empty()).collect(),
    }
}

fn message(message: &DraftMessage) -> Message {
    let (role, text) = (message.role.as_str(), message.text.as_str());
    let (role, text) = match message.kind {
        MessageKind::Placeholder { is_optional: true } => ("optional messages", text),
        MessageKind::Placeholder { is_optional: false } => ("messages", text),
        _ if role.is_empty() => ("prompt", text),
        _ => (role, text),
    };
    Message { role: role.to_owned(), text: text.to_owned() }
}

/// The model's class, and what it is made with.
fn settings(provider: &str, model: &str) -> Vec<(String, String)> {
    let class = (!provider.is_empty()).then(|| ("class".to_owned(), provider.to_owned()));
    let Ok(Value::Object(fields)) = serde_json::from_str(model) else { return class.into_iter().collect() };
    let shown = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    class.into_iter().chain(fields.into_iter().map(|(name, value)| (name, shown(value)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Format;
    use serde_json::json;

    #[test]
    fn messages_settings_and_schema_are_read_out_of_a_manifest() {
        let template = |class: &str, text: &str| {
            json!({"lc": 1, "type": "constructor", "id": ["langchain", "prompts", "chat", class], "kwargs": {"prompt": {
                "lc": 1, "type": "constructor", "id": ["langchain", "prompts", "prompt", "PromptTemplate"],
                "kwargs": {"template": text, "input_variables": [], "template_format": "mustache"}}}})
        };
        let prompt = json!({"lc": 1, "type": "constructor", "id": ["langchain_core", "prompts", "structured", "StructuredPrompt"],
        "kwargs": {"schema_": {"type": "object"}, "messages": [
            template("SystemMessagePromptTemplate", "Be brief."),
            {"lc": 1, "type": "constructor", "id": ["langchain", "prompts", "chat", "MessagesPlaceholder"],
                "kwargs": {"variable_name": "history", "optional": true}},
        ]}});
        let model = json!({"lc": 1, "type": "constructor", "id": ["langchain", "chat_models", "openai", "ChatOpenAI"],
            "kwargs": {"model": "gpt-4o", "temperature": 0.2}});
        let manifest = json!({"lc": 1, "type": "constructor", "id": ["langchain_core", "runnables", "RunnableSequence"],
            "kwargs": {"first": prompt, "last": model}});
        let version = read(&manifest);
        let messages: Vec<_> = version.messages.iter().map(|it| (it.role.as_str(), it.text.as_str())).collect();
        assert_eq!(messages, [("system", "Be brief."), ("optional messages", "history")]);
        assert_eq!((version.format, version.structures.len()), (Format::Mustache, 1));
        assert!(version.settings.contains(&("temperature".to_owned(), "0.2".to_owned())), "{:?}", version.settings);
    }

    #[test]
    fn what_is_no_prompt_is_compared_as_json() {
        let version = read(&json!({"id": ["x", "FewShotPromptTemplate"], "kwargs": {"a": 1}}));
        assert!(version.messages.is_empty());
        assert_eq!(version.structures[0].0, "Prompt");
    }
}
