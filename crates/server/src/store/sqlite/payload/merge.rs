//! From the fragments of a run to its payload, whatever order they came in. Pure.
//!
//! The first post wins over later posts, the latest patch over earlier ones, any patch over any post; `extra` is merged key
//! by key, also inside `metadata` and `runtime`.

use super::Fragment;
use crate::model::{OpKind, Payload};
use fanlight_wire::RawJson;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The payload that `fragments`, in order of arrival, amount to.
pub fn merge_payload(fragments: impl IntoIterator<Item = Fragment>) -> Payload {
    let (post, patch) = merge_by_kind(fragments);
    over(post.unwrap_or_default(), patch.unwrap_or_default())
}

/// At most one post and one patch that mean the same as `fragments`, for good: also when more fragments follow.
pub fn merge_by_kind(fragments: impl IntoIterator<Item = Fragment>) -> (Option<Payload>, Option<Payload>) {
    let (mut post, mut patch): (Option<Payload>, Option<Payload>) = (None, None);
    for Fragment { kind, payload } in fragments {
        match kind {
            OpKind::Post => {
                post = Some(match post {
                    Some(earlier) => over(payload, earlier),
                    None => payload,
                });
            }
            OpKind::Patch => {
                patch = Some(match patch {
                    Some(earlier) => over(earlier, payload),
                    None => payload,
                });
            }
        }
    }
    (post, patch)
}

fn over(below: Payload, above: Payload) -> Payload {
    Payload {
        inputs: above.inputs.or(below.inputs),
        outputs: above.outputs.or(below.outputs),
        events: above.events.or(below.events),
        extra: match (below.extra, above.extra) {
            (Some(below), Some(above)) => Some(merge_extra(&below, above)),
            (below, above) => above.or(below),
        },
        serialized: above.serialized.or(below.serialized),
        error: above.error.or(below.error),
        dotted_order: above.dotted_order.or(below.dotted_order),
    }
}

fn merge_extra(below: &RawJson, above: RawJson) -> RawJson {
    let (Ok(below), Ok(over)) = (serde_json::from_str(below.get()), serde_json::from_str(above.get())) else {
        return above;
    };
    let merged = merge_objects(below, over, &["metadata", "runtime"]);
    serde_json::value::to_raw_value(&merged).unwrap_or(above)
}

/// A JSON object whose values are not looked into, its keys in order.
#[derive(Default)]
pub struct RawObject(pub Vec<(String, RawJson)>);

impl RawObject {
    pub fn get(&self, key: &str) -> Option<&RawJson> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }
}

fn merge_objects(below: RawObject, above: RawObject, nested: &[&str]) -> RawObject {
    let mut merged = below.0;
    for (key, value) in above.0 {
        let Some((_, present)) = merged.iter_mut().find(|(k, _)| *k == key) else {
            merged.push((key, value));
            continue;
        };
        if value.get() == "null" {
            continue;
        }
        let objects = nested
            .contains(&key.as_str())
            .then(|| Some((serde_json::from_str(present.get()).ok()?, serde_json::from_str(value.get()).ok()?)));
        *present = match objects.flatten() {
            Some((below, above)) => serde_json::value::to_raw_value(&merge_objects(below, above, &[])).unwrap_or(value),
            None => value,
        };
    }
    RawObject(merged)
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = RawObject;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawObject, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawObject(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl Serialize for RawObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::value::RawValue;

    /// Each line: `post` or `patch`, a field, its JSON.
    #[track_caller]
    fn check(arrivals: &[&str], expected: Expect) {
        let fragments = arrivals.iter().map(|line| {
            let mut words = line.splitn(3, ' ');
            let kind = if words.next() == Some("post") { OpKind::Post } else { OpKind::Patch };
            let (field, json) = (words.next().unwrap(), words.next().unwrap());
            let value = Some(RawValue::from_string(json.to_owned()).unwrap());
            let mut payload = Payload::default();
            match field {
                "inputs" => payload.inputs = value,
                "outputs" => payload.outputs = value,
                _ => payload.extra = value,
            }
            Fragment { kind, payload }
        });
        let merged = merge_payload(fragments);
        let show = |value: Option<RawJson>| value.map_or("-".to_owned(), |value| value.get().to_owned());
        expected.assert_eq(&format!("{} {} {}", show(merged.inputs), show(merged.outputs), show(merged.extra)));
    }

    #[test]
    fn a_patch_wins_in_either_order() {
        check(&["post outputs 1", "patch outputs 2"], expect!["- 2 -"]);
        check(&["patch outputs 2", "post outputs 1"], expect!["- 2 -"]);
    }

    #[test]
    fn the_latest_patch_and_the_first_post_win() {
        check(&["post inputs 1", "patch outputs 1", "post inputs 2", "patch outputs 2"], expect!["1 2 -"]);
    }

    #[test]
    fn extra_is_merged_inside_metadata_and_runtime_too() {
        check(
            &[
                r#"post extra {"metadata":{"a":1,"b":1},"runtime":{"sdk":"x"},"options":{"p":1}}"#,
                r#"patch extra {"metadata":{"b":2,"c":3},"options":{"q":2},"batch":null}"#,
            ],
            expect![[r#"- - {"metadata":{"a":1,"b":2,"c":3},"runtime":{"sdk":"x"},"options":{"q":2},"batch":null}"#]],
        );
    }

    #[test]
    fn null_inside_extra_unsets_nothing() {
        check(
            &[r#"patch extra {"metadata":null,"x":null}"#, r#"post extra {"metadata":{"a":1},"x":1}"#],
            expect![[r#"- - {"metadata":{"a":1},"x":1}"#]],
        );
    }
}
