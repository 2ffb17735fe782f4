//! A model, its tools and a schema in a few words.

use super::draft::{Draft, object_or_nothing};
use serde_json::Value;

/// `ChatOpenAI gpt-4o · 2 tools`.
pub fn settings_summary(draft: &Draft) -> String {
    let parsed = |text: &str| object_or_nothing(text).ok().flatten().unwrap_or(Value::Null);
    let (model, tools) = (parsed(&draft.model), parsed(&draft.tools));
    let name = ["model", "model_name", "model_id"].iter().find_map(|key| model.get(key)?.as_str());
    let mut words = vec![match (draft.provider.trim(), name) {
        ("", _) => "No model".to_owned(),
        (provider, Some(name)) => format!("{provider} {name}"),
        (provider, None) => provider.to_owned(),
    }];
    match tools.get("tools").and_then(Value::as_array).map_or(0, Vec::len) {
        0 => {}
        1 => words.push("1 tool".to_owned()),
        n_tools => words.push(format!("{n_tools} tools")),
    }
    words.join(" · ")
}

/// How many fields an answer must have.
pub fn schema_summary(schema: &str) -> String {
    match object_or_nothing(schema) {
        Ok(None) => "None".to_owned(),
        Err(_) => "Cannot be read".to_owned(),
        Ok(Some(schema)) => {
            match schema.get("properties").and_then(Value::as_object).map_or(0, |fields| fields.len()) {
                1 => "1 field".to_owned(),
                n_fields => format!("{n_fields} fields"),
            }
        }
    }
}

/// `chat prompt · 3 variables`.
pub fn kind_summary(draft: &Draft) -> String {
    let kind = match draft.shape {
        super::Shape::Chat if draft.schema.is_empty() => "chat prompt",
        super::Shape::Chat => "structured prompt",
        super::Shape::Text => "text prompt",
        super::Shape::Other => return "prompt".to_owned(),
    };
    match draft.variables().len() {
        0 => kind.to_owned(),
        1 => format!("{kind} · 1 variable"),
        n_variables => format!("{kind} · {n_variables} variables"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_and_its_tools_are_named() {
        let mut draft = Draft::first();
        assert_eq!((settings_summary(&draft).as_str(), schema_summary("").as_str()), ("No model", "None"));
        assert_eq!(kind_summary(&draft), "chat prompt · 1 variable");
        draft.provider = "ChatOpenAI".into();
        draft.model = r#"{"model": "gpt-4o"}"#.into();
        draft.tools = r#"{"tools": [1, 2]}"#.into();
        draft.schema = r#"{"properties": {"a": {}}}"#.into();
        assert_eq!(settings_summary(&draft), "ChatOpenAI gpt-4o · 2 tools");
        assert_eq!(
            (schema_summary(&draft.schema).as_str(), schema_summary("{").as_str()),
            ("1 field", "Cannot be read")
        );
        assert_eq!(kind_summary(&draft), "structured prompt · 1 variable");
    }
}
