//! Whole numbers in as few bytes as they need: seven bits a byte, lowest first, as LEB128 and protocol buffers do.

use super::SkeletonError;

/// Bytes being written.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub fn u64(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub fn i64(&mut self, number: i64) {
        self.u64(zigzag(number));
    }
}

/// Small numbers of either sign become small numbers: 0, −1, 1, −2, …
pub fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

pub fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Bytes being read; every read is checked.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub fn n_left(&self) -> usize {
        self.rest.len()
    }

    pub fn bytes(&mut self, n_bytes: usize) -> Result<&'a [u8], SkeletonError> {
        let (bytes, rest) = self.rest.split_at_checked(n_bytes).ok_or(SkeletonError::Malformed("bytes are missing"))?;
        self.rest = rest;
        Ok(bytes)
    }

    pub fn u64(&mut self) -> Result<u64, SkeletonError> {
        let mut number = 0;
        for (idx, &byte) in self.rest.iter().enumerate().take(10) {
            let bits = u64::from(byte & 0x7F);
            if idx == 9 && bits > 1 {
                break;
            }
            number |= bits << (7 * idx);
            if byte < 0x80 {
                self.rest = &self.rest[idx + 1..];
                return Ok(number);
            }
        }
        Err(SkeletonError::Malformed("a number does not end"))
    }

    pub fn u32(&mut self) -> Result<u32, SkeletonError> {
        u32::try_from(self.u64()?).map_err(|_| SkeletonError::Malformed("a number is too large"))
    }

    pub fn i64(&mut self) -> Result<i64, SkeletonError> {
        self.u64().map(unzigzag)
    }
}
