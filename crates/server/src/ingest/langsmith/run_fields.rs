//! The fields of one run as text, found in a single pass over its JSON. Unknown fields are skipped.

use crate::ingest::json::shallow::{Key, drain};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

macro_rules! run_fields {
    ($($name:ident),+ $(,)?) => {
        /// What was sent for each field; null counts as not sent. The last of repeated fields is taken.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct RunFields<'a> {
            /// The value was no object, so there are no fields.
            pub is_not_object: bool,
            $(pub $name: Option<&'a RawValue>,)+
        }

        impl<'a> RunFields<'a> {
            fn slot(&mut self, name: &str) -> Option<&mut Option<&'a RawValue>> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }

            /// Takes from `other` what is not set here.
            pub fn fill_from(&mut self, other: RunFields<'a>) {
                self.is_not_object |= other.is_not_object;
                $(self.$name = self.$name.or(other.$name);)+
            }
        }
    };
}

run_fields!(
    id,
    name,
    run_type,
    start_time,
    end_time,
    inputs,
    outputs,
    error,
    extra,
    serialized,
    events,
    tags,
    trace_id,
    dotted_order,
    parent_run_id,
    session_name,
    session_id,
    reference_example_id,
    status,
);

impl<'a> RunFields<'a> {
    /// Sets a field by its name, as multipart parts do; false when there is no such field.
    pub fn set(&mut self, name: &str, value: &'a RawValue) -> bool {
        let Some(slot) = self.slot(name) else { return false };
        *slot = Some(value).filter(|value| value.get() != "null");
        true
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RunFields<'a> {
    /// Fails only on malformed JSON: a value that is no object is read and marked.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RunFieldsVisitor)
    }
}

struct RunFieldsVisitor;

impl RunFieldsVisitor {
    fn not_object<'a, E>(self) -> Result<RunFields<'a>, E> {
        Ok(RunFields { is_not_object: true, ..RunFields::default() })
    }
}

impl<'de> Visitor<'de> for RunFieldsVisitor {
    type Value = RunFields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a run")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = RunFields::default();
        while let Some(Key(key)) = map.next_key()? {
            let value: &RawValue = map.next_value()?;
            fields.set(&key, value);
        }
        Ok(fields)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
        drain(array)?;
        self.not_object()
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        self.not_object()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        self.not_object()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        self.not_object()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        self.not_object()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        self.not_object()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        self.not_object()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_and_unknown_ones_skipped() {
        let fields: RunFields =
            serde_json::from_str(r#"{"id":"x","child_runs":[{"id":"y"}],"name":null,"tags":[1]}"#).unwrap();
        assert_eq!(fields.id.map(RawValue::get), Some("\"x\""));
        assert_eq!((fields.name.is_none(), fields.tags.map(RawValue::get)), (true, Some("[1]")));
    }

    #[test]
    fn what_is_no_object_is_marked_and_reading_goes_on() {
        let all: Vec<RunFields> = serde_json::from_str(r#"[null,1,-1,1.5,"a",true,[[{}],{}],{"id":1}]"#).unwrap();
        let marks: Vec<bool> = all.iter().map(|fields| fields.is_not_object).collect();
        assert_eq!(marks, [true, true, true, true, true, true, true, false]);
    }
}
