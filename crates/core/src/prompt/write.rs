//! An edited prompt as a manifest. What the editor does not know of the version it began with is kept.

use super::draft::{Draft, DraftMessage, MessageKind, Shape, object_or_nothing};
use super::manifest::ROLES;
use super::template::variables;
use fanlight_wire::prompt::manifest::{bound_model, class_of, without_model};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The manifest of `draft`, which was made of `original`, if of anything. Fails with what [`Draft::problems`] says.
pub fn write(draft: &Draft, original: Option<&Value>) -> Result<Value, Vec<String>> {
    let problems = draft.problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    let parsed = |text: &str| object_or_nothing(text).map_err(|error| vec![error]);
    if draft.shape == Shape::Other {
        return serde_json::from_str(&draft.json).map_err(|error| vec![error.to_string()]);
    }
    let old_prompt = original.map(without_model);
    let prompt = match draft.shape {
        Shape::Text => write_text(draft, old_prompt),
        _ => write_chat(draft, parsed(&draft.schema)?, old_prompt)?,
    };
    Ok(with_model(draft, prompt, parsed(&draft.model)?, parsed(&draft.tools)?, original))
}

fn constructor(path: &[&str], kwargs: Value) -> Value {
    json!({"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs})
}

/// The old object when it is of that class, or a new one.
fn base(old: Option<&Value>, path: &[&str]) -> Value {
    match old {
        Some(old) if class_of(old) == path.last().copied() && old.get("kwargs").is_some_and(Value::is_object) => {
            old.clone()
        }
        _ => constructor(path, json!({})),
    }
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(kwargs) = object.get_mut("kwargs").and_then(Value::as_object_mut) {
        kwargs.insert(key.to_owned(), value);
    }
}

/// Written only where it says something new: absent keys have a default.
fn set_unless(object: &mut Value, key: &str, value: Value, default: &Value) {
    let known = object.get("kwargs").and_then(|kwargs| kwargs.get(key));
    if known.unwrap_or(default) != &value {
        set(object, key, value);
    }
}

fn remove(object: &mut Value, key: &str) {
    if let Some(kwargs) = object.get_mut("kwargs").and_then(Value::as_object_mut) {
        kwargs.remove(key);
    }
}

/// What is filled in already is no input.
fn set_inputs(object: &mut Value, names: BTreeSet<String>) {
    let filled: BTreeSet<String> = match object.pointer("/kwargs/partial_variables") {
        Some(Value::Object(filled)) => filled.keys().cloned().collect(),
        _ => BTreeSet::new(),
    };
    let inputs: BTreeSet<&str> = names.difference(&filled).map(String::as_str).collect();
    let listed = object.pointer("/kwargs/input_variables").and_then(Value::as_array);
    let is_same = listed.is_some_and(|listed| {
        listed.len() == inputs.len()
            && listed.iter().all(|name| name.as_str().is_some_and(|name| inputs.contains(name)))
    });
    // In the order it had, when nothing came or went.
    if !is_same {
        set(object, "input_variables", json!(inputs));
    }
}

const TEXT: [&str; 4] = ["langchain", "prompts", "prompt", "PromptTemplate"];

fn write_text(draft: &Draft, old: Option<&Value>) -> Value {
    let empty = DraftMessage::default();
    write_template(draft.messages.first().unwrap_or(&empty), old)
}

fn write_template(message: &DraftMessage, old: Option<&Value>) -> Value {
    let mut template = base(old, &TEXT);
    set(&mut template, "template", json!(message.text));
    set_unless(&mut template, "template_format", json!(message.format.name()), &json!("f-string"));
    set_inputs(&mut template, variables(&message.text, message.format));
    template
}

fn write_chat(draft: &Draft, schema: Option<Value>, old: Option<&Value>) -> Result<Value, Vec<String>> {
    let path: &[&str] = match schema {
        Some(_) => &["langchain_core", "prompts", "structured", "StructuredPrompt"],
        None => &["langchain", "prompts", "chat", "ChatPromptTemplate"],
    };
    let mut prompt = base(old, path);
    if let Some(old) = old
        && class_of(old) != class_of(&prompt)
    {
        // A schema came or went: the rest of the prompt stays.
        prompt["kwargs"] = old.get("kwargs").filter(|kwargs| kwargs.is_object()).cloned().unwrap_or_else(|| json!({}));
    }
    match schema {
        Some(schema) => set(&mut prompt, "schema_", schema),
        None => ["schema_", "structured_output_kwargs"].iter().for_each(|key| remove(&mut prompt, key)),
    }
    let old_messages = old.and_then(|old| old.pointer("/kwargs/messages")).and_then(Value::as_array);
    let old_message = |message: &DraftMessage| old_messages?.get(message.origin?);
    let messages = draft.messages.iter().map(|message| write_message(message, old_message(message)));
    set(&mut prompt, "messages", Value::Array(messages.collect::<Result<_, _>>().map_err(|error| vec![error])?));
    set_inputs(&mut prompt, required(draft));
    Ok(prompt)
}

/// Optional messages may be left out.
fn required(draft: &Draft) -> BTreeSet<String> {
    let is_needed = |message: &&DraftMessage| message.kind != MessageKind::Placeholder { is_optional: true };
    draft.messages.iter().filter(is_needed).flat_map(DraftMessage::variables).collect()
}

fn write_message(message: &DraftMessage, old: Option<&Value>) -> Result<Value, String> {
    let known = ROLES.iter().find(|role| role.0 == message.role);
    Ok(match message.kind {
        MessageKind::Json => object_or_nothing(&message.text)?.unwrap_or_else(|| json!({})),
        MessageKind::Placeholder { is_optional } => {
            let mut placeholder = base(old, &["langchain", "prompts", "chat", "MessagesPlaceholder"]);
            set(&mut placeholder, "variable_name", json!(message.text.trim()));
            set_unless(&mut placeholder, "optional", json!(is_optional), &json!(false));
            placeholder
        }
        MessageKind::Fixed => {
            let class = known.map_or("HumanMessage", |role| role.2);
            let mut fixed = base(old, &["langchain", "schema", "messages", class]);
            set(&mut fixed, "content", json!(message.text));
            if let Some(kind) = fixed.pointer_mut("/kwargs/type") {
                *kind = json!(message.role);
            }
            fixed
        }
        MessageKind::Template => {
            let class = known.map_or("ChatMessagePromptTemplate", |role| role.1);
            let mut template = base(old, &["langchain", "prompts", "chat", class]);
            if known.is_none() {
                set(&mut template, "role", json!(message.role));
            }
            let old_prompt = old.and_then(|old| old.pointer("/kwargs/prompt"));
            set(&mut template, "prompt", write_template(message, old_prompt));
            template
        }
    })
}

/// The prompt followed by the model, if there is one.
fn with_model(
    draft: &Draft,
    prompt: Value,
    model: Option<Value>,
    tools: Option<Value>,
    original: Option<&Value>,
) -> Value {
    let provider = draft.provider.trim();
    if provider.is_empty() {
        return prompt;
    }
    let old = original.and_then(bound_model);
    let old_model = old.map(|old| old.model).filter(|old| class_of(old) == Some(provider));
    let mut step = match old_model {
        Some(old) => old.clone(),
        None => constructor(&["langchain", "chat_models", &provider_module(provider), provider], json!({})),
    };
    step["kwargs"] = model.unwrap_or_else(|| Value::Object(Map::new()));
    if let Some(tools) = tools {
        let mut binding = base(old.map(|old| old.step), &["langchain", "schema", "runnable", "RunnableBinding"]);
        set(&mut binding, "bound", step);
        set(&mut binding, "kwargs", tools);
        step = binding;
    }
    match original.filter(|original| bound_model(original).is_some()) {
        Some(original) => replaced(original, prompt, step),
        None => constructor(
            &["langchain", "schema", "runnable", "RunnableSequence"],
            json!({"first": prompt, "last": step}),
        ),
    }
}

/// `original` with another prompt and another model in their places.
fn replaced(original: &Value, prompt: Value, step: Value) -> Value {
    let mut whole = original.clone();
    let middle = whole.pointer("/kwargs/middle").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_model = |step: &Value| class_of(step).is_some_and(|class| !class.ends_with("Parser"));
    match middle.iter().position(is_model) {
        Some(nth) => whole["kwargs"]["middle"][nth] = step,
        None => set(&mut whole, "last", step),
    }
    set(&mut whole, "first", prompt);
    whole
}

/// `ChatOpenAI` is in `langchain.chat_models.openai`.
fn provider_module(provider: &str) -> String {
    provider.strip_prefix("Chat").unwrap_or(provider).to_lowercase()
}
