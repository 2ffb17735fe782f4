//! Messages in the three shapes that reach a trace: LangChain's, OpenAI's and Anthropic's.

use serde_json::{Value, json};

/// One entry of a conversation with a model.
#[derive(Clone)]
pub enum Message {
    System(String),
    User(String),
    /// A question with a picture: the text and a `data:` URL.
    UserWithImage(String, String),
    Assistant(String),
    ToolCall(ToolCall),
    /// The answer of a tool: the call's id, the tool's name, what it returned.
    ToolResult(String, String, String),
}

#[derive(Clone)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: Value,
}

impl Message {
    /// Roughly what a tokenizer would count: a token for four Latin letters, or for one character of other scripts.
    pub fn estimate_tokens(&self) -> u64 {
        4 + match self {
            Message::System(text) | Message::User(text) | Message::Assistant(text) => estimate_tokens(text),
            Message::UserWithImage(text, _) => estimate_tokens(text) + 765,
            Message::ToolCall(call) => 12 + estimate_tokens(&call.arguments.to_string()),
            Message::ToolResult(_, _, text) => estimate_tokens(text),
        }
    }

    /// As `langchain_core.load.dumps` writes it.
    pub fn to_langchain(&self) -> Value {
        let (class, kwargs) = match self {
            Message::System(text) => ("SystemMessage", json!({"content": text, "type": "system"})),
            Message::User(text) => ("HumanMessage", json!({"content": text, "type": "human"})),
            Message::UserWithImage(..) => {
                ("HumanMessage", json!({"content": self.to_openai()["content"], "type": "human"}))
            }
            Message::Assistant(text) => {
                ("AIMessage", json!({"content": text, "type": "ai", "tool_calls": [], "invalid_tool_calls": []}))
            }
            Message::ToolCall(call) => (
                "AIMessage",
                json!({"content": "", "type": "ai", "invalid_tool_calls": [],
                       "tool_calls": [{"name": call.name, "args": call.arguments, "id": call.id, "type": "tool_call"}]}),
            ),
            Message::ToolResult(id, name, text) => (
                "ToolMessage",
                json!({"content": text, "type": "tool", "name": name, "tool_call_id": id, "status": "success"}),
            ),
        };
        json!({"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", class], "kwargs": kwargs})
    }

    /// As the chat completions API takes it.
    pub fn to_openai(&self) -> Value {
        match self {
            Message::System(text) => json!({"role": "system", "content": text}),
            Message::User(text) => json!({"role": "user", "content": text}),
            Message::UserWithImage(text, url) => json!({"role": "user", "content": [
                {"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": url, "detail": "auto"}}]}),
            Message::Assistant(text) => json!({"role": "assistant", "content": text}),
            Message::ToolCall(call) => json!({"role": "assistant", "content": null, "tool_calls": [{
                "id": call.id, "type": "function",
                "function": {"name": call.name, "arguments": call.arguments.to_string()}}]}),
            Message::ToolResult(id, _, text) => json!({"role": "tool", "tool_call_id": id, "content": text}),
        }
    }

    /// As Anthropic's messages API takes it; a system prompt is not a message there.
    pub fn to_anthropic(&self) -> Option<Value> {
        Some(match self {
            Message::System(_) => return None,
            Message::User(text) => json!({"role": "user", "content": text}),
            Message::UserWithImage(text, url) => {
                let data = url.split_once("base64,").map_or("", |(_, data)| data);
                json!({"role": "user", "content": [
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}},
                    {"type": "text", "text": text}]})
            }
            Message::Assistant(text) => json!({"role": "assistant", "content": [{"type": "text", "text": text}]}),
            Message::ToolCall(call) => json!({"role": "assistant", "content": [
                {"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments}]}),
            Message::ToolResult(id, _, text) => json!({"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": id, "content": text}]}),
        })
    }
}

/// Roughly what a tokenizer would count.
pub fn estimate_tokens(text: &str) -> u64 {
    let (latin, other) =
        text.chars().fold(
            (0, 0),
            |(latin, other), character| {
                if (character as u32) < 0x2000 { (latin + 1, other) } else { (latin, other + 1) }
            },
        );
    latin / 4 + other + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_call_keeps_its_arguments_in_every_shape() {
        let call = Message::ToolCall(ToolCall { id: "c1".into(), name: "f".into(), arguments: json!({"a": 1}) });
        assert_eq!(call.to_langchain()["kwargs"]["tool_calls"][0]["args"], json!({"a": 1}));
        assert_eq!(call.to_openai()["tool_calls"][0]["function"]["arguments"], r#"{"a":1}"#);
        assert_eq!(call.to_anthropic().unwrap()["content"][0]["input"], json!({"a": 1}));
    }

    #[test]
    fn japanese_costs_a_token_a_character() {
        assert_eq!(estimate_tokens("返品できますか"), 8);
        assert_eq!(estimate_tokens("twelve chars"), 4);
    }
}
