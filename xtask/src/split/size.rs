//! How large a wasm file is for those who download it. Pure.

/// The bytes of code and data. What comes with them, such as lists of types, is alike in all files that the splitter makes,
/// and is there once when they are put together; names are for tools. `None`: it is no wasm.
pub fn loaded_bytes(wasm: &[u8]) -> Option<u64> {
    const CODE: u8 = 10;
    const DATA: u8 = 11;
    let mut rest = wasm.strip_prefix(b"\0asm")?.get(4..)?;
    let mut n_bytes = 0;
    while let Some((&id, after)) = rest.split_first() {
        let (length, after) = take_number(after)?;
        rest = after.get(usize::try_from(length).ok()?..)?;
        if matches!(id, CODE | DATA) {
            n_bytes += length;
        }
    }
    Some(n_bytes)
}

/// Seven bits per byte, lowest first.
fn take_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (idx, byte) in bytes.iter().take(5).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * idx);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[idx + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_data_count() {
        let wasm =
            [b"\0asm\x01\0\0\0".as_slice(), b"\x01\x02ab", b"\x00\x81\x00x", b"\x0a\x03abc", b"\x0b\x01a"].concat();
        assert_eq!(loaded_bytes(&wasm), Some(4));
        assert_eq!(loaded_bytes(&wasm[..wasm.len() - 1]), None);
        assert_eq!(loaded_bytes(b"<html>"), None);
    }
}
