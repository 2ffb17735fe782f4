//! Any bytes as the body of `POST /runs/multipart`: no panic, no endless loop, and nothing both kept and refused.
#![no_main]

use bytes::Bytes;
use fanlight_server::ingest::langsmith::multipart::decode_multipart;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let batch = decode_multipart(&Bytes::copy_from_slice(body), "BND");
    // Each part makes at most one of these, and each part costs at least its delimiter.
    let n_items = batch.runs.len() + batch.attachments.len() + batch.feedback.len();
    assert!(n_items <= body.len() / 5 + 1, "{n_items} items from {} bytes", body.len());
    assert!(batch.rejections.iter().all(|rejection| matches!(rejection.status, 400 | 413 | 422)));
});
