//! The words of the demo: what people ask, what the knowledge base says, how things fail. Kept as JSON in `content/`.

use super::prompts::DemoPrompt;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

pub const RATE_LIMIT: &str = include_str!("content/errors/rate_limit.txt");
pub const TIMEOUT: &str = include_str!("content/errors/timeout.txt");
pub const JSON_PARSE: &str = include_str!("content/errors/json_parse.txt");
pub const TOOL: &str = include_str!("content/errors/tool.txt");
pub const SEARCH_UNAVAILABLE: &str = include_str!("content/errors/search_unavailable.txt");
pub const PAGE_TIMEOUT: &str = include_str!("content/errors/page_timeout.txt");
/// A photograph of a receipt, 8 KB.
pub const RECEIPT_PNG: &[u8] = include_bytes!("content/receipt.png");

/// Everything that the application and its users can say.
pub struct Corpus {
    pub english: Vec<Conversation>,
    pub french: Vec<Conversation>,
    pub japanese: Vec<Conversation>,
    pub documents: BTreeMap<String, Document>,
    pub people: People,
    pub research: Research,
    pub prompts: Vec<DemoPrompt>,
}

#[derive(Clone, Deserialize)]
pub struct Conversation {
    pub key: String,
    /// Which application answers: `process_chat`, `rag-pipeline` or `support_agent`.
    pub agent: String,
    pub intent: String,
    pub turns: Vec<Turn>,
}

/// One question and its answer. Texts may hold `{placeholders}` that differ from one conversation to the next.
#[derive(Clone, Deserialize)]
pub struct Turn {
    pub ask: String,
    pub answer: String,
    /// Keys into [`Corpus::documents`], best match first.
    pub docs: Vec<String>,
    pub memory: Vec<String>,
    #[serde(default)]
    pub search: Option<Search>,
    #[serde(default)]
    pub tool: Option<ToolUse>,
}

#[derive(Clone, Deserialize)]
pub struct Search {
    pub query: String,
    pub results: Vec<Value>,
}

#[derive(Clone, Deserialize)]
pub struct ToolUse {
    pub name: String,
    pub arguments: Value,
    pub result: Value,
}

#[derive(Deserialize)]
pub struct Document {
    pub title: String,
    pub source: String,
    pub updated: String,
    pub text: String,
}

/// Users by language: id, first name, tier.
#[derive(Deserialize)]
pub struct People {
    pub en: Vec<Person>,
    pub fr: Vec<Person>,
    pub ja: Vec<Person>,
    pub comments: Comments,
}

#[derive(Clone, Deserialize)]
pub struct Person(pub String, pub String, pub String);

#[derive(Deserialize)]
pub struct Comments {
    pub good: Vec<String>,
    pub bad: Vec<String>,
}

#[derive(Deserialize)]
pub struct Research {
    pub question: String,
    pub suppliers: Vec<String>,
    pub topics: Vec<Topic>,
    pub hosts: Vec<String>,
}

#[derive(Deserialize)]
pub struct Topic {
    pub key: String,
    pub question: String,
    pub finding: String,
}

impl Corpus {
    /// Reads the content compiled into the binary.
    pub fn load() -> anyhow::Result<Self> {
        Ok(Corpus {
            english: serde_json::from_str(include_str!("content/conversations_en.json"))?,
            french: serde_json::from_str(include_str!("content/conversations_fr.json"))?,
            japanese: serde_json::from_str(include_str!("content/conversations_ja.json"))?,
            documents: serde_json::from_str(include_str!("content/knowledge.json"))?,
            people: serde_json::from_str(include_str!("content/people.json"))?,
            research: serde_json::from_str(include_str!("content/research.json"))?,
            prompts: serde_json::from_str(include_str!("content/prompts.json"))?,
        })
    }

    /// One of the applications' prompts.
    pub fn prompt(&self, name: &str) -> &DemoPrompt {
        self.prompts.iter().find(|prompt| prompt.name == name).expect("the applications' prompts are in the content")
    }
}

/// Replaces `{name}` by its value for each pair of `values`, in every string inside `json`.
pub fn fill_json(json: &Value, values: &[(&str, String)]) -> Value {
    match json {
        Value::String(text) => Value::String(fill(text, values)),
        Value::Array(items) => items.iter().map(|item| fill_json(item, values)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), fill_json(value, values))).collect(),
        other => other.clone(),
    }
}

/// Replaces `{name}` by its value for each pair of `values`.
pub fn fill(text: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_that_a_conversation_names_exists() {
        let corpus = Corpus::load().unwrap();
        for conversation in corpus.english.iter().chain(&corpus.french).chain(&corpus.japanese) {
            for turn in &conversation.turns {
                for key in &turn.docs {
                    assert!(corpus.documents.contains_key(key), "{}: {key}", conversation.key);
                }
            }
            let is_known = ["process_chat", "rag-pipeline", "support_agent"].contains(&conversation.agent.as_str());
            assert!(is_known, "{}", conversation.agent);
        }
    }

    #[test]
    fn placeholders_are_filled_at_any_depth() {
        let filled = fill_json(&serde_json::json!({"a": ["order {order}", 3]}), &[("order", "A-1".into())]);
        assert_eq!(filled, serde_json::json!({"a": ["order A-1", 3]}));
    }
}
