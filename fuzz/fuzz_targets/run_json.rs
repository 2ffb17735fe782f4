//! Any bytes as a run, a batch of runs, or feedback: no panic, no endless loop, and previews within their bounds.
#![no_main]

use fanlight_server::ingest::langsmith::batch::{decode_batch, decode_run};
use fanlight_server::ingest::langsmith::feedback::decode_feedback;
use fanlight_server::model::{OpKind, RunOp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for kind in [OpKind::Post, OpKind::Patch] {
        if let Ok(op) = decode_run(body, kind, None) {
            check(&op);
        }
    }
    if let Ok(batch) = decode_batch(body) {
        batch.runs.iter().for_each(check);
    }
    let _ = decode_feedback(body, None);
});

fn check(op: &RunOp) {
    let payload = &op.payload;
    for json in [&payload.inputs, &payload.outputs, &payload.events, &payload.extra, &payload.serialized].into_iter().flatten() {
        // Lone surrogates were replaced: the text can be read as JSON by whoever asks for it.
        assert!(!json.get().trim().is_empty());
    }
    assert!(op.inputs_preview.as_ref().is_none_or(|text| text.chars().count() <= 160 && !text.contains('\n')));
    assert!(op.error_preview.as_ref().is_none_or(|text| text.chars().count() <= 200));
}
