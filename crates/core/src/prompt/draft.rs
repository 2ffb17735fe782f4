//! A prompt as the editor has it: every part a text that somebody can type.

use super::template::{Format, variables};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the prompt makes of its variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Messages.
    #[default]
    Chat,
    /// One text.
    Text,
    /// Something that the editor does not take apart: it is edited as JSON.
    Other,
}

/// One message, or what stands for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftMessage {
    /// `system`, `human`, `ai`, or any other for a provider that knows it. Empty in a prompt that is one text.
    pub role: String,
    pub text: String,
    pub kind: MessageKind,
    pub format: Format,
    /// Which message of the manifest this was, so that what is not understood of it can be kept.
    pub origin: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageKind {
    /// The text has variables.
    #[default]
    Template,
    /// The text is sent as it is, braces included.
    Fixed,
    /// The text is the name of a variable that holds messages.
    Placeholder { is_optional: bool },
    /// The text is the serialised message itself: images, files, several parts.
    Json,
}

/// A prompt being edited. Schema, model and tools are JSON as text, empty when there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub shape: Shape,
    pub messages: Vec<DraftMessage>,
    /// JSON Schema of what the model must answer with.
    pub schema: String,
    /// The class of the model, such as `ChatOpenAI`.
    pub provider: String,
    /// What the model is made with: its name, temperature and so on.
    pub model: String,
    /// What each call of the model is given: tools and how to choose them.
    pub tools: String,
    /// Of a prompt of another shape: all of it.
    pub json: String,
}

impl Draft {
    /// A prompt to begin with.
    pub fn first() -> Self {
        let message =
            |role: &str, text: &str| DraftMessage { role: role.into(), text: text.into(), ..DraftMessage::default() };
        Draft {
            messages: vec![message("system", "You are a helpful assistant."), message("human", "{question}")],
            ..Draft::default()
        }
    }

    /// The format of its templates; that of the first when they differ.
    pub fn format(&self) -> Format {
        let mut templates = self.messages.iter().filter(|message| message.kind == MessageKind::Template);
        templates.next().map_or(Format::default(), |message| message.format)
    }

    /// Which values it needs, by name: those of its templates, and the placeholders of messages.
    pub fn variables(&self) -> BTreeSet<String> {
        self.messages.iter().flat_map(DraftMessage::variables).collect()
    }

    /// Whether its schema, model or tools are no JSON, said in a sentence for each.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (what, text) in
            [("The output schema", &self.schema), ("The model's settings", &self.model), ("The tools", &self.tools)]
        {
            if let Err(error) = object_or_nothing(text) {
                found.push(format!("{what}: {error}"));
            }
        }
        for (nth, message) in self.messages.iter().enumerate() {
            let problems = message.problems();
            found.extend(problems.into_iter().map(|problem| format!("Message {}: {problem}", nth + 1)));
        }
        if self.shape == Shape::Other
            && let Err(error) = serde_json::from_str::<serde_json::Value>(&self.json)
        {
            found.push(format!("Not JSON: {error}"));
        }
        if self.provider.trim().is_empty() && !(self.model.trim().is_empty() && self.tools.trim().is_empty()) {
            found.push("The model needs a class, such as ChatOpenAI".to_owned());
        }
        found
    }
}

impl DraftMessage {
    pub fn variables(&self) -> BTreeSet<String> {
        match self.kind {
            MessageKind::Template => variables(&self.text, self.format),
            MessageKind::Placeholder { .. } => BTreeSet::from([self.text.clone()]),
            MessageKind::Fixed | MessageKind::Json => BTreeSet::new(),
        }
    }

    pub fn problems(&self) -> Vec<String> {
        match self.kind {
            MessageKind::Template => super::template::problems(&self.text, self.format),
            MessageKind::Placeholder { .. } if self.text.trim().is_empty() => {
                vec!["a place for messages needs the name of a variable".to_owned()]
            }
            MessageKind::Json => object_or_nothing(&self.text).err().into_iter().collect(),
            MessageKind::Placeholder { .. } | MessageKind::Fixed => Vec::new(),
        }
    }
}

/// A JSON object that was typed; nothing when nothing was.
pub(super) fn object_or_nothing(text: &str) -> Result<Option<serde_json::Value>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match serde_json::from_str(text) {
        Ok(value @ serde_json::Value::Object(_)) => Ok(Some(value)),
        Ok(_) => Err("a JSON object was expected".to_owned()),
        Err(error) => Err(format!("not JSON: {error}")),
    }
}
