//! One arrival's payload as bytes.

use super::locator::{put_varint, take_varint};
use crate::model::{OpKind, Payload};
use anyhow::{Context, Result};
use fanlight_wire::RawJson;
use serde_json::value::RawValue;

/// What one arrival carried, and whether it was a post or a patch: merging needs to know.
#[derive(Clone, Debug)]
pub struct Fragment {
    pub kind: OpKind,
    pub payload: Payload,
}

// Byte 0: bit 7 says patch, bits 0 to 5 which fields follow, in this order, each as length and bytes.
const PATCH: u8 = 0x80;
const N_FIELDS: usize = 6;

/// The bytes of a fragment, or `None` when nothing in `payload` is worth keeping.
///
/// The dotted order is not: it is known from the run's row and its ancestors'.
pub fn encode(kind: OpKind, payload: &Payload) -> Option<Vec<u8>> {
    let json = |value: &'_ Option<RawJson>| {
        value.as_deref().map(RawValue::get).filter(|text| !is_placeholder(text)).map(str::to_owned)
    };
    let fields: [Option<String>; N_FIELDS] = [
        json(&payload.inputs),
        json(&payload.outputs),
        json(&payload.events),
        json(&payload.extra),
        json(&payload.serialized),
        payload.error.clone(),
    ];
    encode_fields(kind, &fields.each_ref().map(Option::as_deref))
}

fn encode_fields(kind: OpKind, fields: &[Option<&str>; N_FIELDS]) -> Option<Vec<u8>> {
    let mut head = if kind == OpKind::Patch { PATCH } else { 0 };
    let mut n_bytes = 1;
    for (field_idx, text) in fields.iter().enumerate().filter_map(|(idx, text)| Some((idx, (*text)?))) {
        head |= 1 << field_idx;
        n_bytes += text.len() + 5;
    }
    if head & !PATCH == 0 {
        return None;
    }
    let mut out = Vec::with_capacity(n_bytes);
    out.push(head);
    for text in fields.iter().flatten() {
        put_varint(&mut out, text.len() as u64);
        out.extend_from_slice(text.as_bytes());
    }
    Some(out)
}

/// SDKs send empty containers where they mean "nothing yet"; they never win over a value, so they are not kept.
fn is_placeholder(text: &str) -> bool {
    matches!(text.trim(), "{}" | "[]" | "null")
}

/// The inverse of [`encode`].
pub fn decode(mut bytes: &[u8]) -> Result<Fragment> {
    let (&head, rest) = bytes.split_first().context("a fragment is empty")?;
    bytes = rest;
    let mut fields: [Option<String>; N_FIELDS] = Default::default();
    for (field_idx, field) in fields.iter_mut().enumerate() {
        if head & (1 << field_idx) != 0 {
            let n_bytes = usize::try_from(take_varint(&mut bytes)?)?;
            let (text, rest) = bytes.split_at_checked(n_bytes).context("a fragment ends early")?;
            *field = Some(std::str::from_utf8(text)?.to_owned());
            bytes = rest;
        }
    }
    let [inputs, outputs, events, extra, serialized, error] = fields;
    let json = |text: Option<String>| text.map(RawValue::from_string).transpose();
    Ok(Fragment {
        kind: if head & PATCH == 0 { OpKind::Post } else { OpKind::Patch },
        payload: Payload {
            inputs: json(inputs)?,
            outputs: json(outputs)?,
            events: json(events)?,
            extra: json(extra)?,
            serialized: json(serialized)?,
            error,
            dotted_order: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn json(text: &str) -> Option<RawJson> {
        Some(RawValue::from_string(text.to_owned()).unwrap())
    }

    #[track_caller]
    fn check(payload: Payload, expected: Expect) {
        let shown = encode(OpKind::Patch, &payload).map(|bytes| {
            let fragment = decode(&bytes).unwrap();
            assert_eq!(fragment.kind, OpKind::Patch);
            let payload = fragment.payload;
            [payload.inputs, payload.outputs, payload.events, payload.extra, payload.serialized]
                .map(|value| value.map_or("-".to_owned(), |value| value.get().to_owned()))
                .join(" ")
                + &format!(" {:?}", payload.error)
        });
        expected.assert_eq(&shown.unwrap_or("nothing".into()));
    }

    #[test]
    fn every_field_comes_back_as_it_was_sent() {
        check(
            Payload {
                inputs: json(r#"{"a": 1.50}"#),
                events: json("[1]"),
                extra: json(r#"{"metadata":{}}"#),
                error: Some("böse".into()),
                ..Payload::default()
            },
            expect![[r#"{"a": 1.50} - [1] {"metadata":{}} - Some("böse")"#]],
        );
    }

    #[test]
    fn placeholders_are_not_kept() {
        check(
            Payload { inputs: json("{ }"), outputs: json("{}"), events: json("[]"), ..Payload::default() },
            expect![[r#"{ } - - - - None"#]],
        );
        check(Payload { outputs: json("null"), ..Payload::default() }, expect!["nothing"]);
    }

    #[test]
    fn a_thousand_levels_of_nesting_are_kept() {
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        let bytes = encode(OpKind::Post, &Payload { inputs: json(&deep), ..Payload::default() }).unwrap();
        assert_eq!(decode(&bytes).unwrap().payload.inputs.unwrap().get(), deep);
    }
}
