//! The part of `extra.metadata` that filters and facets look at: one canonical object per distinct meaning.

use fanlight_wire::RawJson;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Longer values are cut (texts) or left out (everything else): nobody filters by them.
const MAX_VALUE_BYTES: usize = 1024;
const MAX_KEY_BYTES: usize = 256;
/// Further keys, in alphabetical order, are left out.
const MAX_KEYS: usize = 200;
const MAX_TOTAL_BYTES: usize = 32 * 1024;

/// Kept elsewhere and bulky: usage is in the run's own columns.
const LEFT_OUT: [&str; 1] = ["usage_metadata"];

/// A JSON object with keys in order and values as sent. Equal objects are equal texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata(String);

type Entries<'a> = BTreeMap<String, &'a RawValue>;

impl Metadata {
    /// `None`: there is none, or nothing in it that is kept.
    pub fn from_extra(extra: &RawValue) -> Option<Metadata> {
        #[derive(Deserialize)]
        struct Extra<'a> {
            #[serde(borrow, default)]
            metadata: Option<&'a RawValue>,
        }
        let extra: Extra = serde_json::from_str(extra.get()).ok()?;
        let entries: Entries = serde_json::from_str(extra.metadata?.get()).ok()?;
        let kept = entries
            .into_iter()
            .filter(|(key, _)| key.len() <= MAX_KEY_BYTES && !LEFT_OUT.contains(&key.as_str()))
            .filter_map(|(key, value)| Some((key, shortened(value)?)))
            .take(MAX_KEYS);
        let mut json = JsonObject::default();
        for (key, value) in kept {
            json.push(&key, &value);
        }
        json.finish()
    }

    /// What this and `above` amount to: entries of `above` win unless they are null.
    pub fn merge(&self, above: &Metadata) -> Metadata {
        let (below, above_entries) = (entries(&self.0), entries(&above.0));
        let mut merged = below;
        for (key, value) in above_entries {
            if value.get() != "null" || !merged.contains_key(&key) {
                merged.insert(key, value);
            }
        }
        let mut json = JsonObject::default();
        for (key, value) in merged.into_iter().take(MAX_KEYS) {
            json.push(&key, value.get());
        }
        json.finish().unwrap_or_else(|| self.clone())
    }

    /// One that was stored.
    pub fn from_stored(json: String) -> Metadata {
        Metadata(json)
    }

    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub fn into_json(self) -> String {
        self.0
    }
}

fn entries(json: &str) -> Entries<'_> {
    serde_json::from_str(json).unwrap_or_default()
}

fn shortened(value: &RawValue) -> Option<String> {
    let json = value.get();
    if json.len() <= MAX_VALUE_BYTES {
        return Some(json.to_owned());
    }
    let mut text: String = serde_json::from_str(json).ok()?;
    text.truncate(text.floor_char_boundary(MAX_VALUE_BYTES));
    serde_json::to_string(&text).ok()
}

#[derive(Default)]
struct JsonObject(String);

impl JsonObject {
    fn push(&mut self, key: &str, value: &str) {
        if self.0.len() + key.len() + value.len() > MAX_TOTAL_BYTES {
            return;
        }
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(&serde_json::to_string(key).expect("a string is JSON"));
        self.0.push(':');
        self.0.push_str(value);
    }

    fn finish(mut self) -> Option<Metadata> {
        (!self.0.is_empty()).then(|| {
            self.0.push('}');
            Metadata(self.0)
        })
    }
}

/// Of the `extra` that an arrival carried.
pub fn of_extra(extra: &Option<RawJson>) -> Option<Metadata> {
    extra.as_ref().and_then(|extra| Metadata::from_extra(extra))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(json: &str) -> Option<Metadata> {
        let extra = RawValue::from_string(format!(r#"{{"metadata":{json},"x":1}}"#)).unwrap();
        Metadata::from_extra(&extra)
    }

    #[track_caller]
    fn check(json: &str, expected: Option<&str>) {
        assert_eq!(metadata(json).as_ref().map(Metadata::as_json), expected);
    }

    #[test]
    fn keys_come_in_order_and_values_as_sent() {
        check(r#"{ "b": 1.50, "a": "ü\n", "c": { "d":[1] } }"#, Some(r#"{"a":"ü\n","b":1.50,"c":{ "d":[1] }}"#));
    }

    #[test]
    fn what_is_no_object_or_empty_is_none() {
        for json in ["null", "[]", "\"x\"", "{}", r#"{"usage_metadata":{"input_tokens":1}}"#] {
            check(json, None);
        }
        assert_eq!(Metadata::from_extra(&RawValue::from_string("[1]".to_owned()).unwrap()), None);
    }

    #[test]
    fn long_texts_are_cut_between_characters_and_long_objects_left_out() {
        let long = format!(r#"{{"a":"{}","b":["{}"],"c":1}}"#, "é".repeat(2000), "x".repeat(2000));
        let kept = metadata(&long).unwrap();
        assert!(kept.as_json().len() < 1100, "{}", kept.as_json().len());
        assert!(kept.as_json().ends_with(r#"é","c":1}"#));
    }

    #[test]
    fn thousands_of_keys_are_cut_to_the_first() {
        let keys: Vec<String> = (0..5000).map(|n| format!("\"k{n:04}\":{n}")).collect();
        let kept = metadata(&format!("{{{}}}", keys.join(","))).unwrap();
        assert!(kept.as_json().ends_with("\"k0199\":199}"));
    }

    #[test]
    fn entries_above_win_but_null_unsets_nothing() {
        let (below, above) = (metadata(r#"{"a":1,"b":1,"n":null}"#), metadata(r#"{"a":2,"b":null,"c":null,"n":3}"#));
        let merged = below.unwrap().merge(&above.unwrap());
        assert_eq!(merged.as_json(), r#"{"a":2,"b":1,"c":null,"n":3}"#);
    }
}
