//! `POST /runs/batch`: `{"post":[run, …],"patch":[run, …]}`. Also single runs, and lines of an exported file.

use super::run::op_from_fields;
use super::run_fields::RunFields;
use crate::ingest::json::text_from_bytes;
use crate::model::{Batch, OpKind, Rejection, RunOp};
use fanlight_wire::RunId;
use serde::Deserialize;

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(default, borrow)]
    post: Option<Vec<RunFields<'a>>>,
    #[serde(default, borrow)]
    patch: Option<Vec<RunFields<'a>>>,
}

/// Decodes a whole body. Bad runs become rejections; malformed JSON fails with a sentence, and nothing is kept.
pub fn decode_batch(body: &[u8]) -> Result<Batch, String> {
    let text = text_from_bytes(body)?;
    // Serde would take an array for a struct's fields in order.
    if !text.trim_start().starts_with('{') {
        return Err("the body is not a batch of runs: an object with post and patch was expected".into());
    }
    let body: Body<'_> = serde_json::from_str(&text).map_err(|e| format!("the body is not a batch of runs: {e}"))?;
    let posts = body.post.unwrap_or_default().into_iter().map(|fields| (OpKind::Post, fields));
    let patches = body.patch.unwrap_or_default().into_iter().map(|fields| (OpKind::Patch, fields));
    let mut batch = Batch::default();
    for (kind, fields) in posts.chain(patches) {
        match op_from_fields(&fields, kind, None) {
            Ok(op) => batch.runs.push(op),
            Err(rejection) => batch.rejections.push(rejection),
        }
    }
    Ok(batch)
}

/// Decodes one run. Malformed JSON is a rejection with status 400.
pub fn decode_run(body: &[u8], kind: OpKind, known_id: Option<RunId>) -> Result<RunOp, Rejection> {
    let malformed = |reason: String| {
        let item = super::run::item_name(kind, &known_id.map_or("?".into(), |id| id.to_string()));
        Rejection { item, reason, status: 400 }
    };
    let text = text_from_bytes(body).map_err(malformed)?;
    let fields = serde_json::from_str(&text).map_err(|e| malformed(format!("the body is not JSON: {e}")))?;
    op_from_fields(&fields, kind, known_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn posts_come_before_patches_and_bad_runs_do_not_hide_good_ones() {
        let id = |n: u8| format!("00000000-0000-4000-8000-00000000000{n}");
        let body = format!(
            r#"{{"patch":[{{"id":"{}"}}],"post":[{{"id":"{}"}},7,{{"id":"{}","run_type":"agent"}}]}}"#,
            id(1),
            id(2),
            id(3)
        );
        let batch = decode_batch(body.as_bytes()).unwrap();
        let kinds: Vec<_> = batch.runs.iter().map(|op| (op.kind, op.id.to_string())).collect();
        assert_eq!(kinds, [(OpKind::Post, id(2)), (OpKind::Patch, id(1))]);
        let rejected: Vec<_> = batch.rejections.iter().map(|r| (r.item.clone(), r.status)).collect();
        assert_eq!(rejected, [("post.?".into(), 422), (format!("post.{}", id(3)), 422)]);
    }

    #[test]
    fn either_list_may_be_missing_or_null() {
        for body in ["{}", r#"{"post":null}"#, r#"{"patch":[],"other":1}"#] {
            assert!(decode_batch(body.as_bytes()).unwrap().runs.is_empty());
        }
    }

    #[test]
    fn a_lone_surrogate_is_stored_as_the_replacement_character() {
        let body =
            br#"{"id":"00000000-0000-4000-8000-000000000001","name":"a\ud800","inputs":{"x":"\ud83d\ude00\ud83d"}}"#;
        let op = decode_run(body, OpKind::Post, None).unwrap();
        assert_eq!(op.name.as_deref(), Some("a\u{fffd}"));
        assert_eq!(op.payload.inputs.unwrap().get(), r#"{"x":"\ud83d\ude00\ufffd"}"#);
    }

    #[test]
    fn malformed_json_is_refused_with_400() {
        let rejection = decode_run(b"{\"id\":", OpKind::Post, None).unwrap_err();
        assert_eq!(rejection.status, 400);
        assert!(decode_batch(b"[]").unwrap_err().starts_with("the body is not a batch of runs: "));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_batch(&body);
            let _ = decode_run(&body, OpKind::Patch, None);
        }
    }
}
