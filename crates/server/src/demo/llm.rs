//! Calls to language models, recorded as LangChain records them or as the SDK's client wrappers do.

use super::message::{Message, ToolCall, estimate_tokens};
use super::scene::{Done, Failure, Scene, after};
use super::trace::RunIdx;
use fanlight_wire::{RunType, Timestamp};
use serde_json::{Map, Value, json};

/// How many of a stream's tokens are kept as events: enough to see the rhythm.
const MAX_TOKEN_EVENTS: u64 = 8;

/// A model with the speed it usually has.
#[derive(Clone, Copy)]
pub struct Model {
    pub name: &'static str,
    pub maker: Maker,
    pub first_token_ms: f64,
    pub tokens_per_s: f64,
    /// Thinks before it answers.
    pub is_reasoning: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    OpenAi,
    Anthropic,
    Google,
}

const fn model(name: &'static str, maker: Maker, first_token_ms: f64, tokens_per_s: f64, is_reasoning: bool) -> Model {
    Model { name, maker, first_token_ms, tokens_per_s, is_reasoning }
}

pub const GPT_4O_MINI: Model = model("gpt-4o-mini", Maker::OpenAi, 190.0, 150.0, false);
pub const GPT_5_4_MINI: Model = model("gpt-5.4-mini", Maker::OpenAi, 340.0, 210.0, true);
pub const GPT_6_LUNA: Model = model("gpt-6-luna", Maker::OpenAi, 160.0, 260.0, false);
pub const CLAUDE_HAIKU: Model = model("claude-haiku-4-5-20251001", Maker::Anthropic, 260.0, 190.0, false);
pub const CLAUDE_OPUS: Model = model("claude-opus-4-6", Maker::Anthropic, 620.0, 75.0, false);
pub const GEMINI_FLASH: Model = model("gemini-3.5-flash", Maker::Google, 280.0, 220.0, true);

/// Who wrote the trace of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Recorder {
    LangChain,
    /// `wrap_openai` or `wrap_anthropic`.
    Wrapper,
}

/// One call, ready to be played.
pub struct Call {
    pub model: Model,
    pub recorder: Recorder,
    pub messages: Vec<Message>,
    pub temperature: f64,
    pub is_streamed: bool,
    /// Tokens of tool definitions and few-shot examples, which are sent but not shown among the messages.
    pub n_hidden_tokens: u64,
}

/// What the model said: text, a tool call, or both.
pub struct Reply {
    pub text: String,
    pub tool_call: Option<ToolCall>,
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Reply { text, tool_call: None }
    }
}

/// Plays a call that succeeds; the outputs of the returned [`Done`] are the reply's text.
pub fn call(scene: &mut Scene<'_>, parent: RunIdx, start: Timestamp, call: Call, reply: Reply) -> Done {
    let n_input = call.n_hidden_tokens + call.messages.iter().map(Message::estimate_tokens).sum::<u64>();
    // Providers cache prefixes of at least 1,024 tokens, in steps of 128.
    let is_cached = n_input > 1100 && scene.chance.happens(0.65);
    let n_cached = if is_cached { (n_input - 60) / 128 * 128 } else { 0 };
    let n_reasoning = if call.model.is_reasoning { scene.chance.whole(1, 6) * 64 } else { 0 };
    let n_shown = estimate_tokens(&reply.text)
        + reply.tool_call.as_ref().map_or(0, |call| 14 + call.arguments.to_string().len() as u64 / 4);
    let usage = usage(n_input, n_cached, n_shown + n_reasoning, n_reasoning);

    let thinking_ms = 1000.0 * n_reasoning as f64 / call.model.tokens_per_s;
    let first_token = after(start, scene.chance.around(call.model.first_token_ms) + thinking_ms);
    let end = after(first_token, scene.chance.around(1000.0 * n_shown as f64 / call.model.tokens_per_s));

    let idx = open(scene, parent, start, &call);
    let run = scene.trace.run_mut(idx);
    run.end = Some(end);
    run.events = vec![json!({"name": "start", "time": start})];
    if call.is_streamed {
        let n_events = n_shown.clamp(1, MAX_TOKEN_EVENTS) as i64;
        run.events.extend((0..n_events).map(|nth| {
            json!({"name": "new_token", "time": Timestamp(first_token.0 + (end.0 - first_token.0) / n_events * nth)})
        }));
    }
    run.events.push(json!({"name": "end", "time": end}));
    run.outputs = Some(outputs(&call, &reply, &usage));
    Done { at: end, outputs: Value::String(reply.text) }
}

/// Plays a call that fails after about `median_ms`, with `{model}` filled into `error`.
pub fn failing_call(
    scene: &mut Scene<'_>,
    parent: RunIdx,
    start: Timestamp,
    call: Call,
    (error, median_ms): (&str, f64),
) -> Failure {
    let at = after(start, scene.chance.around(median_ms));
    let error = error.replace("{model}", call.model.name);
    let idx = open(scene, parent, start, &call);
    let run = scene.trace.run_mut(idx);
    run.end = Some(at);
    run.error = Some(error.clone());
    run.events = vec![json!({"name": "start", "time": start}), json!({"name": "error", "time": at})];
    Failure { at, error, is_interruption: false }
}

fn open(scene: &mut Scene<'_>, parent: RunIdx, start: Timestamp, call: &Call) -> RunIdx {
    let (name, provider) = match call.model.maker {
        Maker::OpenAi => ("ChatOpenAI", "openai"),
        Maker::Anthropic => ("ChatAnthropic", "anthropic"),
        Maker::Google => ("ChatGoogleGenerativeAI", "google_genai"),
    };
    let idx = scene.trace.open(&mut scene.chance, Some(parent), name, RunType::Llm, start, inputs(call));
    let run = scene.trace.run_mut(idx);
    run.metadata.extend([
        ("ls_provider".to_owned(), json!(provider)),
        ("ls_model_name".to_owned(), json!(call.model.name)),
        ("ls_model_type".to_owned(), json!("chat")),
        ("ls_temperature".to_owned(), json!(call.temperature)),
    ]);
    run.invocation_params =
        Some(json!({"model": call.model.name, "temperature": call.temperature, "stream": call.is_streamed}));
    idx
}

fn inputs(call: &Call) -> Value {
    let messages = &call.messages;
    match (call.recorder, call.model.maker) {
        (Recorder::LangChain, _) => {
            json!({"messages": [messages.iter().map(Message::to_langchain).collect::<Vec<_>>()]})
        }
        (Recorder::Wrapper, Maker::Anthropic) => {
            let system = messages.iter().find_map(|message| match message {
                Message::System(text) => Some(text.as_str()),
                _ => None,
            });
            json!({"model": call.model.name, "max_tokens": 1024, "system": system, "temperature": call.temperature,
                   "messages": messages.iter().filter_map(Message::to_anthropic).collect::<Vec<_>>()})
        }
        (Recorder::Wrapper, _) => {
            json!({"model": call.model.name, "temperature": call.temperature, "stream": call.is_streamed,
                   "messages": messages.iter().map(Message::to_openai).collect::<Vec<_>>()})
        }
    }
}

fn outputs(call: &Call, reply: &Reply, usage: &Value) -> Value {
    match (call.recorder, call.model.maker) {
        (Recorder::LangChain, _) => langchain_result(call, reply, usage),
        (Recorder::Wrapper, Maker::Anthropic) => {
            let mut content = Vec::new();
            if !reply.text.is_empty() {
                content.push(json!({"type": "text", "text": reply.text}));
            }
            if let Some(call) = &reply.tool_call {
                content.push(json!({"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments}));
            }
            let stop_reason = if reply.tool_call.is_some() { "tool_use" } else { "end_turn" };
            json!({"type": "message", "role": "assistant", "model": call.model.name, "content": content,
                   "stop_reason": stop_reason, "stop_sequence": null, "usage_metadata": usage})
        }
        (Recorder::Wrapper, _) => {
            let message = match &reply.tool_call {
                Some(call) => Message::ToolCall(call.clone()).to_openai(),
                None => Message::Assistant(reply.text.clone()).to_openai(),
            };
            json!({"object": "chat.completion", "model": call.model.name, "usage_metadata": usage,
                   "choices": [{"index": 0, "finish_reason": finish_reason(reply), "message": message}]})
        }
    }
}

fn langchain_result(call: &Call, reply: &Reply, usage: &Value) -> Value {
    let mut message = match &reply.tool_call {
        Some(call) => Message::ToolCall(call.clone()).to_langchain(),
        None => Message::Assistant(reply.text.clone()).to_langchain(),
    };
    message["kwargs"]["content"] = json!(reply.text);
    message["kwargs"]["usage_metadata"] = usage.clone();
    message["kwargs"]["response_metadata"] = json!({
        "model_name": call.model.name, "finish_reason": finish_reason(reply), "service_tier": "default"});
    // LangChain repeats the counts here unless it streams; they are the same tokens.
    let llm_output = (!call.is_streamed).then(|| {
        json!({"model_name": call.model.name, "token_usage": {
            "prompt_tokens": usage["input_tokens"], "completion_tokens": usage["output_tokens"],
            "total_tokens": usage["total_tokens"]}})
    });
    json!({"generations": [[{"text": reply.text, "type": "ChatGeneration", "message": message,
                             "generation_info": {"finish_reason": finish_reason(reply)}}]],
           "llm_output": llm_output, "run": null, "type": "LLMResult"})
}

fn finish_reason(reply: &Reply) -> &'static str {
    if reply.tool_call.is_some() { "tool_calls" } else { "stop" }
}

fn usage(n_input: u64, n_cached: u64, n_output: u64, n_reasoning: u64) -> Value {
    let mut usage = Map::new();
    usage.insert("input_tokens".into(), json!(n_input));
    usage.insert("output_tokens".into(), json!(n_output));
    usage.insert("total_tokens".into(), json!(n_input + n_output));
    if n_cached > 0 {
        usage.insert("input_token_details".into(), json!({"cache_read": n_cached}));
    }
    if n_reasoning > 0 {
        usage.insert("output_token_details".into(), json!({"reasoning": n_reasoning}));
    }
    Value::Object(usage)
}
