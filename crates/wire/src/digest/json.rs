//! One number for what a JSON text says, however it is written.

use super::{Digest, SEED, hashed, mixed};
use std::borrow::Cow;

/// What a JSON text says, as 64 bits. The order of an object's keys, space, and how strings and numbers are written do
/// not count. Neither do identifiers that a model's API makes up anew for each answer, such as `"id": "chatcmpl-…"`,
/// `"tool_call_id": "call_…"` and `"created": 1700000000`: with them no two answers would ever be the same.
///
/// Total on any text and without recursion: what is not JSON counts as it is written.
pub fn json_digest(text: &str) -> Digest {
    let mut open: Vec<Container> = Vec::new();
    let mut whole = Container::new(false);
    let mut tokens = Tokens { text, at: 0 };
    while let Some(token) = tokens.next() {
        let inner = open.last_mut().unwrap_or(&mut whole);
        match token {
            Token::Open(is_object) => open.push(Container::new(is_object)),
            Token::Close => {
                if let Some(closed) = open.pop() {
                    open.last_mut().unwrap_or(&mut whole).add(closed.end());
                }
            }
            Token::String(raw) => inner.string(&unescaped(raw)),
            Token::Other(raw) => inner.other(raw),
        }
    }
    // A text that breaks off closes here.
    while let Some(closed) = open.pop() {
        open.last_mut().unwrap_or(&mut whole).add(closed.end());
    }
    Digest(mixed(whole.sum))
}

/// The strings in a JSON text, keys of objects apart, unescaped, in order.
pub fn strings_of(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut tokens = Tokens { text, at: 0 };
    std::iter::from_fn(move || {
        loop {
            match tokens.next()? {
                Token::String(raw) if !tokens.is_before_colon() => return Some(unescaped(raw)),
                _ => {}
            }
        }
    })
}

/// Ids that are made up for each answer, by the keys they stand under and how they begin.
const VOLATILE_KEYS: [&str; 4] = ["id", "tool_call_id", "response_id", "system_fingerprint"];
const VOLATILE_STARTS: [&str; 9] = ["chatcmpl-", "cmpl-", "call_", "toolu_", "msg_", "resp_", "run-", "lc_run-", "fp_"];
/// Seconds since 1970 under `created` are a moment, not an amount.
const EARLIEST_MOMENT: f64 = 1e9;

/// An object or a list whose end has not been seen.
struct Container {
    is_object: bool,
    sum: u64,
    n_values: u64,
    /// The name that the next value has; only in objects.
    key: Option<Key>,
}

struct Key {
    hash: u64,
    is_for_ids: bool,
    is_for_a_moment: bool,
}

impl Container {
    fn new(is_object: bool) -> Self {
        Container { is_object, sum: SEED, n_values: 0, key: None }
    }

    fn string(&mut self, text: &str) {
        if self.is_object && self.key.is_none() {
            self.key = Some(Key {
                hash: hashed(SEED, text.as_bytes()),
                is_for_ids: VOLATILE_KEYS.contains(&text),
                is_for_a_moment: text == "created",
            });
            return;
        }
        let is_made_up = self.key.as_ref().is_some_and(|key| key.is_for_ids)
            && VOLATILE_STARTS.iter().any(|start| text.starts_with(start));
        self.add(if is_made_up { 1 } else { mixed(hashed(SEED ^ 2, text.as_bytes())) });
    }

    fn other(&mut self, raw: &str) {
        // Digits beyond what a float holds count as they are written.
        let number = raw.parse::<f64>().ok().filter(|number| number.is_finite() && raw.len() <= 15);
        let is_moment = self.key.as_ref().is_some_and(|key| key.is_for_a_moment);
        self.add(match number {
            Some(moment) if is_moment && moment >= EARLIEST_MOMENT => 3,
            Some(number) => mixed((number + 0.0).to_bits() ^ 4),
            None => mixed(hashed(SEED ^ 5, raw.as_bytes())),
        });
    }

    fn add(&mut self, value: u64) {
        self.n_values += 1;
        self.sum = match self.key.take() {
            // A sum: the order does not matter.
            Some(key) => self.sum.wrapping_add(mixed(key.hash ^ value.rotate_left(17))),
            None => mixed(self.sum ^ value).wrapping_add(self.n_values),
        };
    }

    fn end(mut self) -> u64 {
        if self.key.is_some() {
            // A name without a value, which is no JSON.
            self.add(6);
        }
        mixed(self.sum ^ self.n_values.rotate_left(40) ^ u64::from(self.is_object))
    }
}

enum Token<'a> {
    /// Whether it is an object.
    Open(bool),
    Close,
    /// As written, without the quotes.
    String(&'a str),
    Other(&'a str),
}

struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b':')) {
            self.at += 1;
        }
        let start = self.at;
        self.at += 1;
        Some(match *bytes.get(start)? {
            b'{' => Token::Open(true),
            b'[' => Token::Open(false),
            b'}' | b']' => Token::Close,
            b'"' => {
                let mut end = start + 1;
                while let Some(byte) = bytes.get(end).filter(|byte| **byte != b'"') {
                    end += if *byte == b'\\' { 2 } else { 1 };
                }
                self.at = end + 1;
                Token::String(self.text.get(start + 1..end.min(bytes.len())).unwrap_or_default())
            }
            _ => {
                let is_end = |byte: &u8| b" \n\r\t,:{}[]\"".contains(byte);
                let end = bytes[start..].iter().position(is_end).map_or(bytes.len(), |length| start + length);
                self.at = end;
                Token::Other(&self.text[start..end])
            }
        })
    }

    fn is_before_colon(&self) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
    }
}

fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    // Half a character, or an escape that does not exist: as it is written.
    serde_json::from_str(&format!("\"{raw}\"")).map_or(Cow::Borrowed(raw), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(one: &str, other: &str, is_same: bool) {
        assert_eq!(json_digest(one) == json_digest(other), is_same, "{one} and {other}");
    }

    #[test]
    fn how_it_is_written_does_not_count() {
        check(r#"{"a":1,"b":[true,null]}"#, "{ \"b\" : [ true , null ],\n \"a\" : 1.0 }", true);
        check(r#""caf\u00e9\n""#, "\"café\\u000a\"", true);
        check("0", "-0.0", true);
    }

    #[test]
    fn what_it_says_does() {
        check(r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#, false);
        check("[1,2]", "[2,1]", false);
        check("[[1],2]", "[[1,2]]", false);
        check("[]", "{}", false);
        check("[]", "[[]]", false);
        check(r#"{"a":{}}"#, r#"{"a":[]}"#, false);
        check(r#""1""#, "1", false);
        check("null", r#""null""#, false);
        check("12345678901234567890", "12345678901234567891", false);
        check(r#"["a","b"]"#, r#"{"a":"b"}"#, false);
    }

    #[test]
    fn ids_that_are_made_up_for_an_answer_do_not_count_and_others_do() {
        check(r#"{"id":"chatcmpl-a","created":1700000000}"#, r#"{"id":"chatcmpl-b","created":1700000009}"#, true);
        check(r#"{"tool_call_id":"call_1"}"#, r#"{"tool_call_id":"call_2"}"#, true);
        check(r#"{"id":"order-1"}"#, r#"{"id":"order-2"}"#, false);
        check(r#"{"order_id":"call_1"}"#, r#"{"order_id":"call_2"}"#, false);
        check(r#"{"created":1}"#, r#"{"created":2}"#, false);
        check(r#"{"id":"call_1"}"#, r#"{"id":null}"#, false);
    }

    #[test]
    fn keys_are_told_from_strings() {
        let strings: Vec<_> = strings_of(r#"{"a": "b", "c" : ["d\n", {"e":1}], "f": "x:y"}"#).collect();
        assert_eq!(strings, ["b", "d\n", "x:y"]);
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        let deeper = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
        check(&deep, &deeper, false);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c]{0,2}", inner, 0..4).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn equal_values_have_equal_digests_and_others_do_not(one in values(), other in values()) {
            let pretty = serde_json::to_string_pretty(&one).expect("values are JSON");
            prop_assert_eq!(json_digest(&pretty), json_digest(&one.to_string()));
            prop_assert_eq!(one == other, json_digest(&one.to_string()) == json_digest(&other.to_string()));
        }

        #[test]
        fn any_text_has_a_digest(text in ".*", cut in 0usize..40) {
            let _ = json_digest(&text);
            let json = r#"{"a": ["b\u00e9\\", {"c": -1.5e3, "d": null}], "e": "\ud83d\ude00"}"#;
            let _ = json_digest(&json[..json.floor_char_boundary(cut)]);
            let _ = strings_of(&text).count();
        }
    }
}
