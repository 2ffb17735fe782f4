//! How one run is read, field by field.

use super::*;
use proptest::prelude::*;

const ID: &str = "8f6c0000-0000-4000-8000-000000000001";

fn read(kind: OpKind, fields: &str) -> Result<RunOp, Rejection> {
    op_from_fields(&serde_json::from_str(fields).unwrap(), kind, None)
}

/// Reads a post with an id and `rest`.
#[track_caller]
fn post(rest: &str) -> RunOp {
    read(OpKind::Post, &format!("{{\"id\":\"{ID}\",{rest}}}")).unwrap()
}

#[track_caller]
fn check_refused(fields: &str, reason: &str) {
    assert_eq!(read(OpKind::Post, fields).map_err(|rejection| rejection.reason).unwrap_err(), reason);
}

#[test]
fn a_plain_create_run_is_its_own_root() {
    let op = post(r#""name":"n","run_type":"chain","start_time":1795471362229,"session_name":"p","inputs":{"x":"hi"}"#);
    assert_eq!(op.trace_id, Some(op.id.into()));
    assert_eq!(op.start.unwrap().to_string(), "2026-11-23T22:02:42.229000Z");
    assert_eq!((op.project.name.as_deref(), op.inputs_preview.as_deref()), (Some("p"), Some("hi")));
}

#[test]
fn nulls_and_empty_containers_say_nothing() {
    let op = read(
        OpKind::Patch,
        &format!(
            r#"{{"id":"{ID}","name":null,"run_type":null,"trace_id":null,"parent_run_id":null,"dotted_order":null,"tags":[],
            "extra":{{}},"session_id":null,"session_name":null,"events":[],"outputs":{{}},"serialized":{{}},"error":null}}"#
        ),
    )
    .unwrap();
    assert!(op.name.is_none() && op.run_type.is_none() && op.trace_id.is_none() && op.parent_id.is_none());
    assert!(op.tags.is_none() && op.payload.extra.is_none() && op.payload.events.is_none());
    assert!(op.payload.outputs.is_none() && op.payload.serialized.is_none() && op.payload.error.is_none());
    assert_eq!(op.project, ProjectRef::default());
}

#[test]
fn an_unknown_run_type_is_refused_with_422() {
    let rejection = read(OpKind::Post, &format!(r#"{{"id":"{ID}","run_type":"agent"}}"#)).unwrap_err();
    assert_eq!(rejection.status, 422);
    assert_eq!(rejection.item, format!("post.{ID}"));
    assert_eq!(
        rejection.reason,
        r#"run_type "agent" is not one of chain, llm, tool, retriever, embedding, prompt, parser"#
    );
}

#[test]
fn identity_and_times_are_not_guessed() {
    check_refused(r#"{"name":"x"}"#, "id is missing");
    check_refused(r#"{"id":17}"#, "id is not a UUID: 17");
    check_refused(r#"[1]"#, "a run must be a JSON object");
    check_refused(&format!(r#"{{"id":"{ID}","start_time":"yesterday"}}"#), r#"start_time is not a time: "yesterday""#);
    check_refused(&format!(r#"{{"id":"{ID}","trace_id":"t"}}"#), r#"trace_id is not a UUID: "t""#);
}

#[test]
fn an_id_without_dashes_and_in_capitals_is_the_same_id() {
    let op = read(OpKind::Post, r#"{"id":"8F6C0000000040008000000000000001"}"#).unwrap();
    assert_eq!(op.id.to_string(), ID);
}

#[test]
fn odd_types_of_what_merely_describes_are_forgiven() {
    let op = post(
        r#""name":7,"tags":["a",2,null,{}],"extra":[1],"serialized":"x","events":{"a":1},"status":9,"error":{"code":5}"#,
    );
    assert_eq!((op.name.as_deref(), op.tags), (Some("7"), Some(vec!["a".into(), "2".into()])));
    assert!(op.payload.extra.is_none() && op.payload.serialized.is_none() && op.payload.events.is_none());
    assert_eq!(op.payload.error.as_deref(), Some(r#"{"code":5}"#));
}

#[test]
fn payloads_that_are_no_objects_are_wrapped() {
    let op = post(r#""inputs":"hi","outputs":[1, 2]"#);
    assert_eq!(op.payload.inputs.unwrap().get(), r#"{"input":"hi"}"#);
    assert_eq!(op.payload.outputs.unwrap().get(), r#"{"output":[1, 2]}"#);
}

#[test]
fn the_dotted_order_fills_in_trace_parent_and_order() {
    let root = "11111111-1111-4111-8111-111111111111";
    let dotted = format!("20261123T220053485046Z{root}.20261123T220053501002Z{ID}");
    let op = post(&format!("\"dotted_order\":\"{dotted}\""));
    assert_eq!((op.trace_id.unwrap().to_string(), op.parent_id.unwrap().to_string()), (root.into(), root.into()));
    assert_eq!(op.order.unwrap().to_string(), "2026-11-23T22:00:53.501002Z");
    assert_eq!(op.payload.dotted_order, Some(dotted));
}

#[test]
fn a_wrong_dotted_order_is_dropped() {
    let op = post(r#""dotted_order":"nonsense""#);
    assert!(op.payload.dotted_order.is_none() && op.order.is_none());
}

#[test]
fn tokens_in_outputs_count_on_llm_runs_only() {
    let outputs = r#""outputs":{"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    assert_eq!(post(&format!(r#""run_type":"llm",{outputs}"#)).usage.unwrap().total_tokens, Some(3));
    assert_eq!(post(&format!(r#""run_type":"chain",{outputs}"#)).usage, None);
}

#[test]
fn the_error_preview_is_its_first_line() {
    let op = post(r#""error":"ValueError('boom')\n\nTraceback (most recent call last):\n …""#);
    assert_eq!(op.error_preview.as_deref(), Some("ValueError('boom')"));
}

#[test]
fn nul_characters_pass() {
    let op = post(r#""name":"a\u0000b","inputs":{"x":"\u0000"}"#);
    assert_eq!((op.name.as_deref(), op.inputs_preview), (Some("a\0b"), None));
}

#[test]
fn a_hundred_thousand_levels_are_read_without_recursion() {
    let deep = format!("{}1{}", r#"{"a":["#.repeat(50_000), "]}".repeat(50_000));
    let op = post(&format!(
        r#""run_type":"llm","inputs":{deep},"outputs":{deep},"extra":{deep},"events":[{deep}],"unknown":{deep}"#
    ));
    assert_eq!(op.payload.inputs.unwrap().get().len(), deep.len());
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(value in json()) {
        let text = value.to_string();
        let _ = read(OpKind::Post, &text);
    }

    #[test]
    fn any_value_in_any_field_is_read_or_refused(field in 0usize..19, value in json()) {
        let names = ["name", "run_type", "start_time", "end_time", "inputs", "outputs", "error", "extra", "serialized",
            "events", "tags", "trace_id", "dotted_order", "parent_run_id", "session_name", "session_id",
            "reference_example_id", "status", "id"];
        let run = serde_json::json!({"id": ID, names[field]: value}).to_string();
        let _ = read(OpKind::Patch, &run);
    }
}

/// Small JSON values whose keys are often ones that decoding looks for.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let key = prop_oneof![
        Just("metadata".to_owned()),
        Just("usage_metadata".to_owned()),
        Just("generations".to_owned()),
        Just("messages".to_owned()),
        Just("content".to_owned()),
        Just("type".to_owned()),
        Just("id".to_owned()),
        Just("input_tokens".to_owned()),
        Just("tool_calls".to_owned()),
        ".{0,4}",
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            proptest::collection::vec((key.clone(), inner), 0..5)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}
