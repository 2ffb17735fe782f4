//! `GET /api/fanlight/v1/traces/{trace_id}/skeleton`: the shape of one trace, without payloads.
//!
//! [`TraceSkeleton`] is its JSON, for people and small tools. The dashboard asks for [`MEDIA_TYPE`]: a head and blocks of
//! some thousand runs, each complete in itself, so that a trace can be shown while it arrives. [`SkeletonEncoder`] writes
//! it, [`SkeletonDecoder`] reads it; `docs/skeleton.md` has the bytes.

mod block;
mod decode;
mod encode;
mod json;
mod path;
#[cfg(test)]
mod tests;
mod varint;

pub use block::{LeftOut, NO_RUN, SkeletonBlock, SkeletonHead, SkeletonRun, UsageOf};
pub use decode::{SkeletonDecoder, SkeletonError, SkeletonPart};
pub use encode::SkeletonEncoder;
pub use json::TraceSkeleton;

/// What to name in `Accept` for the binary form.
pub const MEDIA_TYPE: &str = "application/vnd.fanlight.skeleton";

/// Most runs in one block.
pub const MAX_BLOCK_RUNS: usize = 4096;

/// The first bytes of every answer; the last one is the version of the layout.
const MAGIC: [u8; 5] = *b"FLSK\x01";
