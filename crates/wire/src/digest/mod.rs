//! `GET /api/fanlight/v1/traces/{trace_id}/digests`: what two traces are compared by without reading their payloads.
//!
//! [`json_digest`] says whether two payloads are the same, [`text_sketch`] how alike what they say is. Both are the same
//! on every machine and in every version, so digests of two servers may be compared.

mod json;
mod sketch;

pub use json::{json_digest, strings_of};
pub use sketch::{similarity, text_sketch};

use crate::{RunId, TraceId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Runs of one trace that are digested; of a larger one the earliest are.
pub const MAX_DIGESTS: usize = 20_000;

/// 64 bits that stand for a payload; 16 hexadecimal digits in JSON, since numbers there are not exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The text is not 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDigest;

impl fmt::Display for InvalidDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not 16 hexadecimal digits")
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u64::from_str_radix(text, 16).ok()).flatten().map(Digest).ok_or(InvalidDigest)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Digests of the runs of one trace. Every column has one entry per run, the earliest start first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TraceDigests {
    pub trace_id: Option<TraceId>,
    pub ids: Vec<RunId>,
    /// Of the inputs; null where there are none.
    pub inputs: Vec<Option<Digest>>,
    /// Of the outputs; null where there are none.
    pub outputs: Vec<Option<Digest>>,
    /// Of the error; null where there is none.
    pub errors: Vec<Option<Digest>>,
    /// What [`text_sketch`] makes of the outputs; null where they say nothing.
    pub sketches: Vec<Option<Digest>>,
    /// Runs of the trace that are not among them, because it has too many or they are too large.
    pub n_left_out: u64,
}

impl TraceDigests {
    /// Every column has as many entries as `ids`.
    pub fn is_consistent(&self) -> bool {
        [&self.inputs, &self.outputs, &self.errors, &self.sketches].iter().all(|column| column.len() == self.ids.len())
    }
}

/// FNV-1a, continued from `hash`.
fn hashed(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// Spreads every bit over all of them, as the end of SplitMix64 does.
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The digest of a text that is no JSON, such as an error.
pub fn plain_digest(text: &str) -> Digest {
    Digest(mixed(hashed(SEED, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        for value in [0, 1, 0xdead_beef, u64::MAX] {
            let json = serde_json::to_string(&Digest(value)).expect("digests are texts");
            assert_eq!(json.len(), 18);
            assert_eq!(serde_json::from_str::<Digest>(&json).expect("what we write we read"), Digest(value));
        }
        for text in ["", "12", "+000000000000000", "0123456789abcdefg", "zzzzzzzzzzzzzzzz"] {
            assert_eq!(text.parse::<Digest>(), Err(InvalidDigest), "{text}");
        }
    }
}
