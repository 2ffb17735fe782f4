//! What a run's `extra` says about model, provider, thread and usage.

use crate::ingest::json::shallow::{self, entries, scalar_text};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The few entries of `extra` that lists and filters need.
#[derive(Debug, Default)]
pub struct Extra<'a> {
    pub model: Option<Cow<'a, str>>,
    pub provider: Option<Cow<'a, str>>,
    pub thread_id: Option<Cow<'a, str>>,
    pub usage_metadata: Option<&'a RawValue>,
}

/// Keys of `invocation_params` that may name the model, in order of preference.
const MODEL_KEYS: [&str; 5] = ["model", "model_name", "model_id", "model_path", "endpoint_name"];

/// Keys of `metadata` that may name the thread, in order of preference; explicit nulls are skipped.
const THREAD_KEYS: [&str; 3] = ["session_id", "conversation_id", "thread_id"];

impl<'a> Extra<'a> {
    /// Reads `extra`; whatever has an unexpected type is left out.
    pub fn read(extra: &'a RawValue) -> Self {
        let outer = entries(extra).unwrap_or_default();
        let metadata = shallow::get(&outer, "metadata").and_then(entries).unwrap_or_default();
        let parameters = shallow::get(&outer, "invocation_params").and_then(entries).unwrap_or_default();
        let text = |entries: &[(Cow<'a, str>, &'a RawValue)], key: &str| {
            shallow::get(entries, key).and_then(scalar_text).filter(|text| !text.is_empty())
        };
        Extra {
            model: text(&metadata, "ls_model_name")
                .or_else(|| MODEL_KEYS.iter().find_map(|key| text(&parameters, key))),
            provider: text(&metadata, "ls_provider").or_else(|| text(&parameters, "_type")),
            thread_id: THREAD_KEYS.iter().find_map(|key| text(&metadata, key)),
            usage_metadata: shallow::get(&metadata, "usage_metadata").filter(|usage| shallow::is_object(usage)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(extra: &str, expected: [Option<&str>; 3]) {
        let extra = Extra::read(serde_json::from_str(extra).unwrap());
        assert_eq!([extra.model.as_deref(), extra.provider.as_deref(), extra.thread_id.as_deref()], expected);
    }

    #[test]
    fn metadata_wins_over_invocation_params() {
        check(
            r#"{"metadata":{"ls_model_name":"gpt-5","ls_provider":"openai"},"invocation_params":{"model":"x","_type":"y"}}"#,
            [Some("gpt-5"), Some("openai"), None],
        );
        check(r#"{"invocation_params":{"model_name":"x","_type":"y"}}"#, [Some("x"), Some("y"), None]);
    }

    #[test]
    fn the_thread_is_the_first_key_that_is_not_null() {
        check(r#"{"metadata":{"thread_id":"t","conversation_id":"c","session_id":null}}"#, [None, None, Some("c")]);
        check(r#"{"metadata":{"thread_id":17}}"#, [None, None, Some("17")]);
    }

    #[test]
    fn odd_types_say_nothing() {
        check(r#"{"metadata":"x","invocation_params":[1]}"#, [None, None, None]);
        check("[]", [None, None, None]);
    }
}
