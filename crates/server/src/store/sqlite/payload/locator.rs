//! Where a fragment is, and the varints in which a run's row says so.

use anyhow::{Context, Result};

/// The place of one fragment: bytes `offset..offset + n_bytes` of a decompressed block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locator {
    pub block: i64,
    pub offset: usize,
    pub n_bytes: usize,
}

/// Seven bits per byte, lowest first; the high bit says that more follow.
pub fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes one varint from the front of `bytes`.
pub fn take_varint(bytes: &mut &[u8]) -> Result<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().context("a varint ends early")?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    anyhow::bail!("a varint is too long")
}

/// For the `fragments` column; nothing is `None`.
pub fn encode_locators(locators: &[Locator]) -> Option<Vec<u8>> {
    if locators.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(locators.len() * 8);
    for locator in locators {
        put_varint(&mut out, locator.block as u64);
        put_varint(&mut out, locator.offset as u64);
        put_varint(&mut out, locator.n_bytes as u64);
    }
    Some(out)
}

pub fn decode_locators(column: Option<&[u8]>) -> Result<Vec<Locator>> {
    let mut bytes = column.unwrap_or_default();
    let mut locators = Vec::new();
    while !bytes.is_empty() {
        locators.push(Locator {
            block: i64::try_from(take_varint(&mut bytes)?)?,
            offset: usize::try_from(take_varint(&mut bytes)?)?,
            n_bytes: usize::try_from(take_varint(&mut bytes)?)?,
        });
    }
    Ok(locators)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn locators_survive_their_column(
            parts in proptest::collection::vec((0i64..i64::MAX, 0usize..usize::MAX, 0usize..usize::MAX), 0..9)
        ) {
            let locators: Vec<Locator> =
                parts.into_iter().map(|(block, offset, n_bytes)| Locator { block, offset, n_bytes }).collect();
            let column = encode_locators(&locators);
            prop_assert_eq!(decode_locators(column.as_deref()).unwrap(), locators);
        }

        #[test]
        fn a_damaged_column_is_an_error_not_a_panic(column in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode_locators(Some(&column));
        }
    }
}
