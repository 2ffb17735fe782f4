//! What of a run is searched: its texts, part by part. Pure.

use fanlight_wire::filter::TextPart;
use fanlight_wire::filter::words::{Missing, Query, SEARCHABLE_BYTES, searchable};
use serde_json::Number;
use serde_json::value::RawValue;
use std::borrow::Cow;

pub const N_PARTS: usize = 5;

/// Where a word was found. Stored: never renumber them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Name = 0,
    Inputs = 1,
    Outputs = 2,
    Error = 3,
    /// Tags, values of metadata, the model: found when no part is named.
    Other = 4,
}

/// Whether a part is looked into: the one named, or all.
pub fn is_within(within: Option<TextPart>, part: usize) -> bool {
    let named = match within {
        None => return true,
        Some(TextPart::Name) => Part::Name,
        Some(TextPart::Inputs) => Part::Inputs,
        Some(TextPart::Outputs) => Part::Outputs,
        Some(TextPart::Error) => Part::Error,
    };
    named as usize == part
}

/// The texts of one run.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunText<'a> {
    pub name: &'a str,
    pub inputs: Option<&'a RawValue>,
    pub outputs: Option<&'a RawValue>,
    pub error: Option<&'a str>,
    /// A JSON array of strings.
    pub tags: Option<&'a str>,
    /// A JSON object.
    pub metadata: Option<&'a str>,
    pub model: Option<&'a str>,
}

impl RunText<'_> {
    /// Calls `found` with each text that is searched, part by part in order.
    pub fn each_text(&self, mut found: impl FnMut(Part, &str)) {
        found(Part::Name, self.name);
        for (part, json) in [(Part::Inputs, self.inputs), (Part::Outputs, self.outputs)] {
            if let Some(json) = json {
                each_scalar(json.get(), SEARCHABLE_BYTES, &mut |text| found(part, text));
            }
        }
        if let Some(error) = self.error {
            found(Part::Error, searchable(error));
        }
        for json in [self.tags, self.metadata].into_iter().flatten() {
            each_scalar(json, SEARCHABLE_BYTES, &mut |text| found(Part::Other, text));
        }
        if let Some(model) = self.model {
            found(Part::Other, model);
        }
    }

    /// Whether every word and phrase occurs in the part named, or in any.
    pub fn is_found(&self, query: &Query, within: Option<TextPart>) -> bool {
        let mut missing = Missing::of(query);
        self.each_text(|part, text| {
            if !missing.is_empty() && is_within(within, part as usize) {
                missing.look_in(text);
            }
        });
        missing.is_empty()
    }
}

/// Calls `found` with the strings and numbers of `json`, in order and without keys, until `max_bytes` of them are read.
///
/// The same as [`fanlight_wire::filter::words::part_texts`], from text instead of values: it may be nested a thousand
/// levels deep.
pub fn each_scalar(json: &str, max_bytes: usize, found: &mut impl FnMut(&str)) {
    let bytes = json.as_bytes();
    let (mut at, mut n_left) = (0, max_bytes);
    let mut give = |text: &str| {
        found(&text[..text.floor_char_boundary(n_left)]);
        // Each text is a line.
        n_left = n_left.saturating_sub(text.len() + 1);
        n_left > 0
    };
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let end = string_end(bytes, at + 1);
                let token = &json[at..end];
                at = end;
                if !is_key(bytes, at) && !give_string(token, &mut give) {
                    return;
                }
            }
            b'-' | b'0'..=b'9' => {
                let n = bytes[at..].iter().take_while(|byte| is_of_number(**byte)).count();
                if !give(&number_text(&json[at..at + n])) {
                    return;
                }
                at += n;
            }
            _ => at += 1,
        }
    }
}

/// As it is printed once it was read: `1.50` is 1.5.
fn number_text(token: &str) -> Cow<'_, str> {
    let is_plain = token.len() <= 18 && token.bytes().all(|byte| byte.is_ascii_digit());
    match serde_json::from_str::<Number>(token) {
        Ok(number) if !is_plain => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(token),
    }
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

/// One past the closing quote of the string whose text begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(n) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
        at += n;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
        if at >= bytes.len() {
            break;
        }
    }
    bytes.len()
}

fn is_key(bytes: &[u8], mut at: usize) -> bool {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    bytes.get(at) == Some(&b':')
}

/// Returns whether more is wanted.
fn give_string(token: &str, give: &mut impl FnMut(&str) -> bool) -> bool {
    let inner = token.get(1..token.len() - 1).unwrap_or_default();
    if !inner.contains('\\') {
        return give(inner);
    }
    // What is no string cannot be searched, and what follows still can.
    serde_json::from_str::<String>(token).map_or(true, |text| give(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::filter::words::part_texts;

    #[track_caller]
    fn check(json: &str, expected: &[&str]) {
        let mut texts = Vec::new();
        each_scalar(json, 100, &mut |text| texts.push(text.to_owned()));
        assert_eq!(texts, expected);
    }

    #[test]
    fn strings_and_numbers_are_read_and_keys_are_not() {
        check(r#"{"a":"x","b" : [1, -2.5, true, null, {"c":"d"}]}"#, &["x", "1", "-2.5", "d"]);
        check(r#""alone""#, &["alone"]);
        check("[]", &[]);
    }

    #[test]
    fn escapes_are_undone() {
        check(r#"["a\"b\\", "\u00e9\n"]"#, &["a\"b\\", "é\n"]);
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        let long = format!("[\"{}\", \"more\"]", "é".repeat(70));
        check(&long, &[&"é".repeat(50)]);
    }

    #[test]
    fn any_depth_is_read() {
        let deep = format!("{}\"x\"{}", "[".repeat(10_000), "]".repeat(10_000));
        check(&deep, &["x"]);
    }

    #[test]
    fn texts_are_those_that_the_evaluator_sees() {
        for json in [r#"{"a":["x\ty",1.50,-0,1e3,12345678901234567890123],"b":{"c":"é"}}"#, r#""alone""#, "17", "null"]
        {
            let mut texts = Vec::new();
            each_scalar(json, SEARCHABLE_BYTES, &mut |text| texts.push(text.to_owned()));
            assert_eq!(texts, part_texts(&serde_json::from_str(json).unwrap()), "{json}");
        }
    }

    #[test]
    fn parts_come_in_order() {
        let inputs = RawValue::from_string(r#"{"q":"why"}"#.to_owned()).unwrap();
        let text = RunText {
            name: "agent",
            inputs: Some(&inputs),
            error: Some("TimeoutError: slow"),
            tags: Some(r#"["prod"]"#),
            metadata: Some(r#"{"env":"eu","n":3}"#),
            model: Some("gpt"),
            ..RunText::default()
        };
        let mut parts = Vec::new();
        text.each_text(|part, text| parts.push(format!("{part:?} {text}")));
        let expected =
            ["Name agent", "Inputs why", "Error TimeoutError: slow", "Other prod", "Other eu", "Other 3", "Other gpt"];
        assert_eq!(parts, expected);
    }
}
