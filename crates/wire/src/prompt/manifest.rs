//! What a version holds: a template as LangChain serialises it, maybe with a model bound to it.
//!
//! Looks no deeper than it must: whatever LangChain writes is kept as it is.

use serde_json::Value;
use std::fmt;

/// Classes that a version may consist of, by the last part of their id. LangChain's packages move them about.
const KNOWN: [&str; 14] = [
    "ChatPromptTemplate",
    "PromptTemplate",
    "StructuredPrompt",
    "FewShotPromptTemplate",
    "FewShotPromptWithTemplates",
    "FewShotChatMessagePromptTemplate",
    "ImagePromptTemplate",
    "PipelinePromptTemplate",
    "DictPromptTemplate",
    "HumanMessagePromptTemplate",
    "SystemMessagePromptTemplate",
    "RunnableSequence",
    "RunnableBinding",
    "PromptPlayground",
];

/// What is wrong with a manifest, in the words that the SDKs' users look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestError {
    NoId,
    /// A constructor that is no prompt, by name.
    Unsupported(String),
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ManifestError::NoId => f.write_str("Manifest must have an id field"),
            ManifestError::Unsupported(class) => write!(f, "Manifest type {class} is not supported"),
        }
    }
}

impl std::error::Error for ManifestError {}

/// Whether the manifest is a prompt, or a prompt with a model.
pub fn check(manifest: &Value) -> Result<(), ManifestError> {
    let class = class_of(manifest).ok_or(ManifestError::NoId)?;
    if KNOWN.contains(&class) { Ok(()) } else { Err(ManifestError::Unsupported(class.chars().take(100).collect())) }
}

/// The class that a serialised object is of: `ChatPromptTemplate`.
pub fn class_of(object: &Value) -> Option<&str> {
    object.get("id")?.as_array()?.last()?.as_str().filter(|class| !class.is_empty())
}

/// The prompt alone, when a model is bound to it.
pub fn without_model(manifest: &Value) -> &Value {
    match class_of(manifest) {
        Some("RunnableSequence" | "PromptPlayground") => match manifest.pointer("/kwargs/first") {
            Some(first) if first.is_object() => first,
            _ => manifest,
        },
        _ => manifest,
    }
}

/// The model bound to the prompt: what was bound to the model itself (tools, a response format) is around it.
pub fn bound_model(manifest: &Value) -> Option<BoundModel<'_>> {
    if !matches!(class_of(manifest), Some("RunnableSequence" | "PromptPlayground")) {
        return None;
    }
    let kwargs = manifest.get("kwargs")?;
    let middle = kwargs.get("middle").and_then(Value::as_array).into_iter().flatten();
    // The first that is no parser: a structured prompt is followed by one.
    let mut steps = middle.chain(kwargs.get("last")).filter(|step| step.is_object());
    let step = steps.find(|step| class_of(step).is_some_and(|class| !class.ends_with("Parser")))?;
    match class_of(step) {
        Some("RunnableBinding") => {
            let model = step.pointer("/kwargs/bound")?;
            Some(BoundModel { step, model, binding: step.pointer("/kwargs/kwargs") })
        }
        _ => Some(BoundModel { step, model: step, binding: None }),
    }
}

/// A model in a manifest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundModel<'a> {
    /// What stands in the sequence: the model, or what is around it.
    pub step: &'a Value,
    /// The serialised model.
    pub model: &'a Value,
    /// What calls of it are given: `tools`, `tool_choice`, `response_format`.
    pub binding: Option<&'a Value>,
}

impl<'a> BoundModel<'a> {
    /// Its class, such as `ChatOpenAI`.
    pub fn provider(&self) -> Option<&'a str> {
        class_of(self.model)
    }

    /// What it was made with, keys and other secrets only by name.
    pub fn config(&self) -> Option<&'a Value> {
        self.model.get("kwargs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(class: &str, kwargs: Value) -> Value {
        json!({"lc": 1, "type": "constructor", "id": ["langchain", "x", class], "kwargs": kwargs})
    }

    #[test]
    fn what_is_no_prompt_is_refused_in_the_words_of_the_contract() {
        let text = |manifest: Value| check(&manifest).map_err(|error| error.to_string());
        assert_eq!(text(object("ChatPromptTemplate", json!({}))), Ok(()));
        assert_eq!(text(json!({"id": ["langchain_core", "prompts", "structured", "StructuredPrompt"]})), Ok(()));
        assert_eq!(text(json!({"id": ["hi"]})), Err("Manifest type hi is not supported".into()));
        for without_id in
            [json!({}), json!({"id": []}), json!({"id": "ChatPromptTemplate"}), json!({"id": [5]}), json!([])]
        {
            assert_eq!(text(without_id), Err("Manifest must have an id field".into()));
        }
    }

    #[test]
    fn a_prompt_with_a_model_is_taken_apart() {
        let prompt = object("StructuredPrompt", json!({"messages": []}));
        let model = object("ChatOpenAI", json!({"model": "gpt-4o"}));
        let binding = object("RunnableBinding", json!({"bound": model, "kwargs": {"tools": [1]}}));
        let parser = object("JsonOutputParser", json!({}));
        for (kwargs, tools) in [
            (json!({"first": prompt, "last": model}), None),
            (json!({"first": prompt, "middle": [binding], "last": parser}), Some(json!({"tools": [1]}))),
            (json!({"first": prompt, "middle": [], "last": binding}), Some(json!({"tools": [1]}))),
        ] {
            let manifest = object("RunnableSequence", kwargs);
            assert_eq!(without_model(&manifest), &prompt);
            let bound = bound_model(&manifest).unwrap();
            assert_eq!((bound.provider(), bound.config()), (Some("ChatOpenAI"), Some(&json!({"model": "gpt-4o"}))));
            assert_eq!(bound.binding.cloned(), tools);
        }
    }

    #[test]
    fn a_prompt_alone_stays_as_it_is() {
        let prompt = object("ChatPromptTemplate", json!({"first": {}}));
        assert_eq!(without_model(&prompt), &prompt);
        assert_eq!(bound_model(&prompt), None);
        let odd = object("RunnableSequence", json!({"first": 5}));
        assert_eq!((without_model(&odd), bound_model(&odd)), (&odd, None));
    }
}
