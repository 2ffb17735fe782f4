//! One level of a JSON object or array: keys, and values as text.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The keys and values of an object, in the order they were sent; `None` for anything else.
pub fn entries(value: &RawValue) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    if !is_object(value) {
        return None;
    }
    serde_json::from_str::<Entries<'_>>(value.get()).ok().map(|entries| entries.0)
}

/// The elements of an array; `None` for anything else.
pub fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    if !is_array(value) {
        return None;
    }
    serde_json::from_str(value.get()).ok()
}

/// The value under `key`; the last one when the key is repeated.
pub fn get<'a>(entries: &[(Cow<'a, str>, &'a RawValue)], key: &str) -> Option<&'a RawValue> {
    entries.iter().rev().find(|(name, _)| name == key).map(|&(_, value)| value)
}

/// The text of a JSON string; `None` for anything else.
pub fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    if !is_string(value) {
        return None;
    }
    let text = value.get();
    let inner = &text[1..text.len() - 1];
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str::<String>(text).ok().map(Cow::Owned)
}

/// The text of a string, or a number or boolean as written; `None` for null and containers.
pub fn scalar_text(value: &RawValue) -> Option<Cow<'_, str>> {
    match first_byte(value) {
        b'"' => string(value),
        b'{' | b'[' | b'n' => None,
        _ => Some(Cow::Borrowed(value.get())),
    }
}

/// A whole number, however it is written (`3`, `3.0`, `"3"` is not one).
pub fn integer(value: &RawValue) -> Option<i64> {
    let text = value.get();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number = text.parse::<f64>().ok().filter(|_| text.starts_with(|c: char| c.is_ascii_digit() || c == '-'))?;
    // Beyond 2^53 a float names no particular integer.
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

pub fn is_object(value: &RawValue) -> bool {
    first_byte(value) == b'{'
}

pub fn is_array(value: &RawValue) -> bool {
    first_byte(value) == b'['
}

pub fn is_string(value: &RawValue) -> bool {
    first_byte(value) == b'"'
}

pub fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// `null`, `{}` or `[]`: what clients send as a placeholder for "nothing to say".
pub fn is_placeholder(value: &RawValue) -> bool {
    match value.get().as_bytes() {
        b"null" => true,
        [b'{', middle @ .., b'}'] | [b'[', middle @ .., b']'] => middle.iter().all(u8::is_ascii_whitespace),
        _ => false,
    }
}

/// Raw values carry no white space around them.
fn first_byte(value: &RawValue) -> u8 {
    value.get().as_bytes().first().copied().unwrap_or(b'n')
}

struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    entries.push((key, map.next_value()?));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// An object's key, borrowed where it has no escapes (a plain `Cow<str>` always copies).
pub struct Key<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Reads and drops the rest of an array, so that parsing can go on behind it.
pub fn drain<'de, A: SeqAccess<'de>>(mut array: A) -> Result<(), A::Error> {
    while array.next_element::<serde::de::IgnoredAny>()?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_object_opens_one_level() {
        let entries = entries(raw(r#"{"a": {"b":1}, "c\n": [ 2 ], "a": 3}"#)).unwrap();
        assert_eq!(entries.len(), 3);
        assert_eq!(get(&entries, "a").unwrap().get(), "3");
        assert_eq!(get(&entries, "c\n").unwrap().get(), "[ 2 ]");
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        let mut value: Box<RawValue> = serde_json::from_str(&deep).unwrap();
        for _ in 0..3 {
            value = elements(&value).unwrap()[0].to_owned();
        }
        assert_eq!(value.get().len(), 200_001 - 6);
    }

    #[test]
    fn whole_numbers_are_read_in_any_spelling() {
        let read = |text| integer(raw(text));
        assert_eq!((read("3"), read("3.0"), read("-1e3")), (Some(3), Some(3), Some(-1000)));
        assert_eq!((read("3.5"), read("\"3\""), read("null"), read("1e300")), (None, None, None, None));
    }

    #[test]
    fn placeholders_say_nothing() {
        let says_nothing: Vec<bool> =
            ["null", "{ }", "[]", "0", "{\"a\":1}", "\"\""].map(|t| is_placeholder(raw(t))).into();
        assert_eq!(says_nothing, [true, true, true, false, false, false]);
    }
}
