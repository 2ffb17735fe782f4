//! Any bytes as the shape of a trace, whole and in pieces: no panic, no endless loop, the same either way, and what was
//! read is written and read again as the same.
#![no_main]

use fanlight_wire::skeleton::{SkeletonDecoder, SkeletonEncoder, SkeletonPart};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(parts) = parts(bytes, bytes.len().max(1)) else { return };
    assert_eq!(Some(&parts), self::parts(bytes, 7).as_ref());
    let mut encoder = SkeletonEncoder::default();
    let mut written = Vec::new();
    for part in &parts {
        written.extend(match part {
            SkeletonPart::Head(head) => SkeletonEncoder::head(head),
            SkeletonPart::Block(block) => encoder.block(block),
            SkeletonPart::End => SkeletonEncoder::end(),
        });
    }
    let again = self::parts(&written, 4096).expect("what was written can be read");
    assert_eq!(again.len(), parts.len());
});

/// What is in the bytes, as far as they go; `None` when they are damaged.
fn parts(bytes: &[u8], piece: usize) -> Option<Vec<SkeletonPart>> {
    let mut decoder = SkeletonDecoder::default();
    let mut parts = Vec::new();
    for piece in bytes.chunks(piece) {
        decoder.push(piece);
        while let Some(part) = decoder.next_part().ok()? {
            parts.push(part);
        }
    }
    Some(parts)
}
