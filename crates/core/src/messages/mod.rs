//! The conversation inside a run's payloads, whatever library wrote them: roles and parts.
//!
//! Read are the shapes of OpenAI (chat and responses), Anthropic, Gemini, LangChain (serialised messages, prompts,
//! generations), LangGraph, the Vercel AI SDK, OpenTelemetry's conventions for generative AI, `(role, content)` pairs and plain questions and answers. What is not
//! understood stays as JSON: nothing is dropped. Start with [`conversation`]; [`pair`](mod@pair) puts tool results beside
//! their calls.

mod content;
mod inputs;
pub mod media;
mod message;
mod outputs;
pub mod pair;
mod semantic;

use crate::json_view::Json;
use fanlight_wire::RunType;
use std::sync::Arc;

pub use media::{Media, MediaKind, Source};
pub use pair::{Card, pair};

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    System,
    User,
    Assistant,
    Tool,
    /// As it was written.
    Other(String),
}

impl Role {
    /// Reads every spelling in use: `human`, `ai`, `model`, `developer`, `function`, …
    pub fn from_word(word: &str) -> Role {
        match word.to_ascii_lowercase().as_str() {
            "system" | "developer" | "instructions" => Role::System,
            "user" | "human" => Role::User,
            "assistant" | "ai" | "model" | "aimessagechunk" => Role::Assistant,
            "tool" | "function" => Role::Tool,
            _ => Role::Other(word.to_owned()),
        }
    }

    pub fn label(&self) -> &str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
            Role::Other(word) => word,
        }
    }
}

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    pub role: Role,
    /// The speaker's or the tool's own name.
    pub name: Option<String>,
    pub parts: Vec<Part>,
    /// Why the model stopped, as it said it: `stop`, `length`, `tool_use`, …
    pub finish_reason: Option<String>,
}

impl Message {
    fn new(role: Role, parts: Vec<Part>) -> Self {
        Message { role, name: None, parts, finish_reason: None }
    }

    /// Everything readable in it, for copying: texts and results, a line between parts.
    pub fn plain_text(&self) -> String {
        let texts: Vec<&str> = self.parts.iter().filter_map(Part::text).collect();
        texts.join("\n\n")
    }
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Text(Arc<str>),
    /// What the model thought before answering.
    Reasoning(Arc<str>),
    /// The model declined, and said so.
    Refusal(Arc<str>),
    Media(Media),
    ToolCall(ToolCall),
    ToolResult(ToolResult),
    /// Something we do not know, as JSON.
    Json(Arc<str>),
}

impl Part {
    /// The text of this part as it would be copied; `None` for media.
    pub fn text(&self) -> Option<&str> {
        match self {
            Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) | Part::Json(text) => Some(text),
            Part::ToolCall(call) => Some(call.arguments.text()),
            Part::ToolResult(result) => result.parts.iter().find_map(Part::text),
            Part::Media(_) => None,
        }
    }
}

/// The model asks for a tool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ToolCall {
    /// Links the call to its result.
    pub id: Option<String>,
    pub name: String,
    pub arguments: Payload,
}

/// What a tool answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ToolResult {
    pub call_id: Option<String>,
    pub name: Option<String>,
    pub parts: Vec<Part>,
    pub is_error: bool,
}

/// Arguments or results: JSON where they are, text otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payload {
    Json(Arc<str>),
    Text(Arc<str>),
}

impl Payload {
    /// Text that may itself be JSON (an object or a list), as models write arguments.
    fn of_text(text: String) -> Payload {
        if is_json_container(&text) { Payload::Json(text.into()) } else { Payload::Text(text.into()) }
    }

    fn of_json(json: Json<'_>) -> Payload {
        json.str().map_or_else(|| Payload::Json(json.raw().into()), Payload::of_text)
    }

    pub fn text(&self) -> &str {
        match self {
            Payload::Json(text) | Payload::Text(text) => text,
        }
    }
}

/// Whether the whole text is one JSON object or list.
pub fn is_json_container(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// What went in and what came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    pub inputs: Vec<Message>,
    pub outputs: Vec<Message>,
    /// Outputs that repeat the inputs before adding to them (LangGraph states do): how many were left out.
    pub n_repeated: usize,
}

impl Conversation {
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.outputs.is_empty()
    }

    /// The words of the answer: the texts of what came out. `None` when it says nothing.
    pub fn answer(&self) -> Option<String> {
        let said =
            self.outputs.iter().filter(|message| !matches!(message.role, Role::User | Role::System | Role::Tool));
        let texts = said.flat_map(|message| &message.parts).filter_map(|part| match part {
            Part::Text(text) if !text.trim().is_empty() => Some(text.as_ref()),
            _ => None,
        });
        let words = texts.collect::<Vec<_>>().join("\n\n");
        (!words.is_empty()).then_some(words)
    }
}

/// Reads the conversation in a run's inputs and outputs (JSON texts). Empty when there is none.
///
/// A lone string counts as a question or an answer, except for tools, retrievers and embeddings: what they take and
/// give is data.
pub fn conversation(run_type: RunType, inputs: Option<&str>, outputs: Option<&str>) -> Conversation {
    let takes_plain_text = !matches!(run_type, RunType::Tool | RunType::Retriever | RunType::Embedding);
    let inputs = inputs.and_then(Json::parse).map(|json| inputs::messages(json, takes_plain_text)).unwrap_or_default();
    let mut outputs =
        outputs.and_then(Json::parse).map(|json| outputs::messages(json, takes_plain_text)).unwrap_or_default();
    let repeats = outputs.len() > inputs.len() && !inputs.is_empty() && {
        let same = |(input, output): (&Message, &Message)| input.role == output.role && input.parts == output.parts;
        inputs.iter().zip(&outputs).all(same)
    };
    let n_repeated = if repeats { inputs.len() } else { 0 };
    outputs.drain(..n_repeated);
    Conversation { inputs, outputs, n_repeated }
}

#[cfg(test)]
mod semantic_tests;
#[cfg(test)]
mod tests;
