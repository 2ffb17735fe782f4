//! The one line that a list shows for inputs or outputs: what a person said or got, found in the shapes frameworks use.

use crate::ingest::json::one_line::OneLine;
use crate::ingest::json::shallow::{self, elements, entries};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Characters in a preview, ellipsis included.
pub const MAX_CHARS: usize = 160;

/// Levels looked into; deeper text is not worth showing in a list.
const MAX_DEPTH: u32 = 12;

/// Keys to look for, in order.
type Keys = [&'static [&'static str]; 2];

type Entries<'a> = [(Cow<'a, str>, &'a RawValue)];

/// Keys that hold what was asked, the most telling first.
const INPUT_KEYS: &[&str] = &[
    "input",
    "question",
    "query",
    "user_input",
    "user_message",
    "human_input",
    "prompt",
    "messages",
    "message",
    "text",
    "content",
    "prompts",
    "inputs",
    "kwargs",
];

/// Keys that hold what came back, the most telling first.
const OUTPUT_KEYS: &[&str] = &[
    "output",
    "answer",
    "result",
    "response",
    "final_answer",
    "output_text",
    "content",
    "text",
    "message",
    "messages",
    "choices",
    "generations",
    "documents",
    "page_content",
    "outputs",
    "kwargs",
];

/// A preview of a run's inputs. `entries` are theirs when they are an object.
pub fn of_inputs(value: &RawValue, entries: Option<&Entries<'_>>) -> Option<String> {
    preview(value, entries, [INPUT_KEYS, OUTPUT_KEYS])
}

/// A preview of a run's outputs. `entries` are theirs when they are an object.
pub fn of_outputs(value: &RawValue, entries: Option<&Entries<'_>>) -> Option<String> {
    preview(value, entries, [OUTPUT_KEYS, INPUT_KEYS])
}

fn preview(value: &RawValue, entries: Option<&Entries<'_>>, keys: Keys) -> Option<String> {
    let mut line = OneLine::new(MAX_CHARS);
    match entries {
        Some(entries) => push_object(&mut line, entries, keys, MAX_DEPTH),
        None => push_value(&mut line, value, keys, MAX_DEPTH),
    }
    line.finish()
}

fn push_value(line: &mut OneLine, value: &RawValue, keys: Keys, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if shallow::is_null(value) || line.is_full() {
    } else if let Some(entries) = entries(value) {
        push_object(line, &entries, keys, depth);
    } else if let Some(elements) = elements(value) {
        push_array(line, &elements, keys, depth);
    } else {
        line.push_json(value);
    }
}

fn push_object(line: &mut OneLine, entries: &Entries<'_>, keys: Keys, depth: u32) {
    let n_chars_before = line.n_chars();
    for key in keys.iter().flat_map(|keys| keys.iter()) {
        if let Some(value) = shallow::get(entries, key).filter(|value| !shallow::is_placeholder(value)) {
            match elements(value).filter(|_| key.starts_with("message")) {
                // The last message is what this turn is about.
                Some(messages) => messages.last().iter().for_each(|last| push_value(line, last, keys, depth)),
                None => push_value(line, value, keys, depth),
            }
            if line.n_chars() > n_chars_before || line.is_full() {
                return;
            }
        }
    }
    if let Some(calls) = shallow::get(entries, "tool_calls").and_then(elements).filter(|calls| !calls.is_empty()) {
        return push_tool_call(line, calls[0]);
    }
    if let [(_, only)] = entries {
        return push_value(line, only, keys, depth);
    }
    for (key, value) in entries {
        if line.is_full() {
            return;
        }
        if shallow::is_placeholder(value) {
            continue;
        }
        if !line.is_empty() {
            line.push_str(", ");
        }
        line.push_str(key);
        line.push_str(": ");
        push_value(line, value, keys, depth.min(4));
    }
}

fn push_array(line: &mut OneLine, elements: &[&RawValue], keys: Keys, depth: u32) {
    let Some(&first) = elements.first() else { return };
    // Parts of one message: [{"type":"text","text":"…"},{"type":"image_url",…}].
    if shallow::is_object(first) && memchr::memmem::find(first.get().as_bytes(), b"\"type\"").is_some() {
        let mut has_parts = false;
        for part in elements {
            let part_entries = entries(part).unwrap_or_default();
            let Some(kind) = shallow::get(&part_entries, "type").and_then(shallow::string) else { break };
            let text = ["text", "thinking"].iter().find_map(|key| shallow::get(&part_entries, key));
            match (&*kind, text) {
                ("text" | "input_text" | "output_text" | "thinking", Some(text)) => {
                    line.push(' ');
                    line.push_json(text);
                }
                ("image" | "image_url" | "input_image" | "audio" | "input_audio" | "file" | "document", _) => {
                    line.push_str(" [");
                    line.push_str(kind.trim_start_matches("input_").trim_end_matches("_url"));
                    line.push_str("]");
                }
                ("tool_use", _) => push_tool_call(line, part),
                _ => break,
            }
            has_parts = true;
            if line.is_full() {
                return;
            }
        }
        if has_parts {
            return;
        }
    }
    // Nested lists are batches ([[message, …]]); a pair of strings is a message (["user", "hi"]): both end with the text.
    let is_batch_or_pair =
        shallow::is_array(first) || (elements.len() == 2 && elements.iter().all(|e| shallow::is_string(e)));
    let is_message = |value: &RawValue| memchr::memmem::find(value.get().as_bytes(), b"\"role\"").is_some();
    let chosen = match elements.last() {
        Some(&last) if is_batch_or_pair || is_message(last) => last,
        _ => first,
    };
    push_value(line, chosen, keys, depth);
}

/// `search({"q":"refunds"})`, from OpenAI's, LangChain's and Anthropic's shape of a call.
fn push_tool_call(line: &mut OneLine, call: &RawValue) {
    let outer = entries(call).unwrap_or_default();
    let function = shallow::get(&outer, "function").and_then(entries).unwrap_or(outer);
    if let Some(name) = shallow::get(&function, "name") {
        line.push_json(name);
        line.push('(');
        if let Some(arguments) = ["args", "arguments", "input"].iter().find_map(|key| shallow::get(&function, key)) {
            line.push_json(arguments);
        }
        line.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(json: &str, input: &str, output: &str) {
        let value: &RawValue = serde_json::from_str(json).unwrap();
        let entries = entries(value);
        assert_eq!(of_inputs(value, entries.as_deref()).unwrap_or_default(), input, "as inputs");
        assert_eq!(of_outputs(value, entries.as_deref()).unwrap_or_default(), output, "as outputs");
    }

    #[test]
    fn the_usual_keys_are_found() {
        check(r#"{"chat_history":[],"question":"Why?"}"#, "Why?", "Why?");
        check(r#"{"answer":"Because.","sources":["a"]}"#, "Because.", "Because.");
        check(r#"{"x":"hi"}"#, "hi", "hi");
        check(r#"{"input":{"messages":[{"role":"user","content":"deep"}]}}"#, "deep", "deep");
    }

    #[test]
    fn the_last_message_is_shown() {
        let chat = r#"{"messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello\nthere"}],"model":"m"}"#;
        check(chat, "Hello there", "Hello there");
        check(r#"{"messages":[["system","Be kind"],["user","Hi"]]}"#, "Hi", "Hi");
        check(r#"{"messages":[[{"lc":1,"kwargs":{"content":"Hi","type":"human"}}]]}"#, "Hi", "Hi");
    }

    #[test]
    fn answers_of_models_are_read() {
        check(r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Sure"}}]}"#, "Sure", "Sure");
        let generations =
            r#"{"generations":[[{"text":"Sure","message":{"kwargs":{"content":"Sure"}}}]],"llm_output":null}"#;
        check(generations, "Sure", "Sure");
    }

    #[test]
    fn parts_of_a_message_are_joined() {
        let parts = r#"{"content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:"}}]}"#;
        check(parts, "Look: [image]", "Look: [image]");
    }

    #[test]
    fn a_call_of_a_tool_stands_for_an_empty_answer() {
        let call = r#"{"role":"assistant","content":"","tool_calls":[{"function":{"name":"search","arguments":"{\"q\":1}"}}]}"#;
        check(call, r#"search({"q":1})"#, r#"search({"q":1})"#);
    }

    #[test]
    fn unknown_objects_are_listed() {
        check(r#"{"a":1,"b":{"c":true},"d":null,"e":"x"}"#, "a: 1, b: true, e: x", "a: 1, b: true, e: x");
        check("[1,2]", "1", "1");
        check("null", "", "");
    }

    #[test]
    fn depth_and_size_are_no_danger() {
        let deep = format!("{}1{}", "{\"input\":[".repeat(20_000), "]}".repeat(20_000));
        check(&deep, "", "");
        let long = format!("{{\"input\":\"{}\"}}", "x".repeat(5_000_000));
        let cut = format!("{}…", "x".repeat(159));
        check(&long, &cut, &cut);
    }

    proptest! {
        #[test]
        fn a_preview_is_one_short_line(text in ".*") {
            let json = serde_json::json!({"messages": [{"role": "user", "content": text}]}).to_string();
            let value: &RawValue = serde_json::from_str(&json).unwrap();
            let preview = of_inputs(value, None).unwrap_or_default();
            prop_assert!(preview.chars().count() <= MAX_CHARS && !preview.contains(['\n', '\r']));
        }
    }
}
