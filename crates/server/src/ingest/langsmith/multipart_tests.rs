//! How the parts of a body become runs, files and feedback.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::fmt::Write;

const A: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const B: &str = "bbbbbbbb-0000-4000-8000-000000000002";
const F: &str = "ffffffff-0000-4000-8000-000000000003";

fn body(parts: &[(&str, &str, &str)]) -> Bytes {
    let mut body = String::new();
    for (name, content_type, data) in parts {
        let name = name.replace("{A}", A).replace("{B}", B).replace("{F}", F);
        let data = data.replace("{A}", A).replace("{B}", B);
        let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\nContent-Type: {content_type}");
        write!(body, "--BND\r\n{head}\r\nContent-Length: {}\r\n\r\n{data}\r\n", data.len()).unwrap();
    }
    body.push_str("--BND--\r\n");
    body.into()
}

/// Decodes JSON parts, unless a name starts with `attachment`, and draws what came of them.
#[track_caller]
fn check(parts: &[(&str, &str, &str)], expected: Expect) {
    let batch = decode_multipart(&body(parts), "BND");
    let mut drawn = String::new();
    let json = |value: &Option<fanlight_wire::RawJson>| value.as_ref().map_or("-".into(), |v| v.get().to_owned());
    for op in &batch.runs {
        let (inputs, outputs) = (json(&op.payload.inputs), json(&op.payload.outputs));
        writeln!(drawn, "{:?} {} inputs={inputs} outputs={outputs}", op.kind, &op.id.to_string()[..1]).unwrap();
    }
    for file in &batch.attachments {
        let size = file.data.len();
        writeln!(drawn, "file of {}: {} {} {size} B", &file.run_id.to_string()[..1], file.name, file.mime_type)
            .unwrap();
    }
    for feedback in &batch.feedback {
        writeln!(drawn, "feedback {:?} {:?}", feedback.key, feedback.score).unwrap();
    }
    for rejection in &batch.rejections {
        let item = rejection.item.replace(A, "A").replace(B, "B").replace(F, "F");
        writeln!(drawn, "refused {item} ({}): {}", rejection.status, rejection.reason).unwrap();
    }
    expected.assert_eq(&drawn);
}

const JSON: &str = "application/json";

#[test]
fn the_python_sdks_body_is_understood() {
    check(
        &[
            ("post.{A}", JSON, r#"{"id":"{A}","trace_id":"{A}","name":"root","run_type":"chain","replicas":[]}"#),
            ("post.{A}.inputs", JSON, r#"{"x":"hi"}"#),
            ("post.{A}.outputs", JSON, "{}"),
            ("post.{A}.events", JSON, "[]"),
            ("attachment.{A}.att", "text/plain", "DATA"),
            ("patch.{B}", JSON, r#"{"id":"{B}","trace_id":"{A}","parent_run_id":"{A}","session_id":null}"#),
            ("patch.{B}.outputs", JSON, r#"{"output":null}"#),
            ("patch.{B}.error", JSON, r#""ValueError('boom')""#),
            ("feedback.{F}", JSON, r#"{"key":"ok","score":true,"run_id":"{A}","value":null}"#),
        ],
        expect![[r#"
            Post a inputs={"x":"hi"} outputs=-
            Patch b inputs=- outputs={"output":null}
            file of a: att text/plain 4 B
            feedback Some("ok") Some(1.0)
        "#]],
    );
}

#[test]
fn the_js_sdks_lengths_are_stripped_and_dots_stay_in_names() {
    check(
        &[
            ("post.{A}", "application/json; length=9", r#"{"id":"{A}"}"#),
            ("attachment.{A}.a.b.txt", "text/plain; length=2", "hi"),
            ("attachment.{A}.x", "nonsense", ""),
        ],
        expect![[r#"
            Post a inputs=- outputs=-
            file of a: a.b.txt text/plain 2 B
            file of a: x application/octet-stream 0 B
        "#]],
    );
}

#[test]
fn a_field_part_without_a_core_is_a_patch() {
    check(
        &[("post.{A}.outputs", JSON, r#"{"y":1}"#)],
        expect![[r#"
        Patch a inputs=- outputs={"y":1}
    "#]],
    );
}

#[test]
fn parts_of_post_and_patch_come_in_any_order() {
    check(
        &[
            ("patch.{A}.outputs", JSON, r#"{"y":1}"#),
            ("post.{A}.inputs", JSON, r#"{"x":1}"#),
            ("patch.{A}", JSON, r#"{"outputs":{"y":0}}"#),
            ("post.{A}", JSON, r#"{"id":"{A}"}"#),
        ],
        expect![[r#"
            Patch a inputs=- outputs={"y":1}
            Post a inputs={"x":1} outputs=-
        "#]],
    );
}

#[test]
fn good_parts_are_kept_when_others_are_bad() {
    check(
        &[
            ("post.{A}", JSON, r#"{"id":"{A}","run_type":"agent"}"#),
            ("post.{A}.inputs", JSON, r#"{"x":1}"#),
            ("attachment.{A}.lost", "text/plain", "x"),
            ("post.{B}", JSON, r#"{"id":"{B}"}"#),
            ("post.{B}.inputs", JSON, r#"{"x":"#),
            ("post.{B}.colour", JSON, "1"),
            ("post.nobody", JSON, "{}"),
            ("feedback.{F}", JSON, "{}"),
            ("surprise", JSON, "{}"),
        ],
        expect![[r#"
            Post b inputs=- outputs=-
            refused post.nobody (422): the id in the part's name is not a UUID
            refused feedback.F (422): key: is missing
            refused surprise (422): parts are named post, patch, attachment or feedback, then an id
            refused post.B.inputs (400): the part is not JSON: EOF while parsing a value at line 1 column 5
            refused post.B.colour (422): a run has no such field
            refused post.A (422): run_type "agent" is not one of chain, llm, tool, retriever, embedding, prompt, parser
        "#]],
    );
}

#[test]
fn the_id_in_a_core_must_be_that_of_its_part() {
    check(
        &[("post.{A}", JSON, r#"{"id":"{B}"}"#)],
        expect![[r#"
        refused post.A (422): id bbbbbbbb-0000-4000-8000-000000000002 does not match aaaaaaaa-0000-4000-8000-000000000001
    "#]],
    );
}

#[test]
fn a_body_cut_off_is_said_so() {
    let whole = body(&[("post.{A}", JSON, r#"{"id":"{A}"}"#), ("post.{B}", JSON, r#"{"id":"{B}"}"#)]);
    let batch = decode_multipart(&whole.slice(..whole.len() - 20), "BND");
    assert_eq!(batch.runs.len(), 1);
    assert_eq!(batch.rejections, [reject("body", "the body ends inside part 2".into(), 400)]);
}

proptest! {
    #[test]
    fn arbitrary_parts_never_panic(names in proptest::collection::vec(("(post|patch|attachment|feedback|x)", ".{0,3}", ".{0,20}"), 0..8)) {
        let names: Vec<_> = names.into_iter().map(|(kind, rest, data)| (format!("{kind}.{{A}}.{rest}"), data)).collect();
        let parts: Vec<_> = names.iter().map(|(name, data)| (name.as_str(), JSON, data.as_str())).collect();
        let _ = decode_multipart(&body(&parts), "BND");
    }
}
