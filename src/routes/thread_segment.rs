//! A thread's id as one segment of a path. Pure.
//!
//! Ids are arbitrary text, and more than one party decodes a path on its way to us: the router decodes `%25` once when a
//! link is clicked and once more when it reads the segment. So `%` never stands for itself: what is escaped once more
//! often than it should be decoded is written with `~`, which nobody but this file touches.

use std::fmt::Write as _;

/// `support/50 % off` as `support%2F50%20~25%20off`.
pub fn write(id: &str) -> String {
    // `.` and `..` would be taken for folders, an empty segment for none.
    if id.chars().all(|c| c == '.') {
        return if id.is_empty() { "~".into() } else { id.replace('.', "~2E") };
    }
    let mut segment = String::with_capacity(id.len() + 8);
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' | b'@' => {
                segment.push(char::from(byte))
            }
            b'%' | b'~' => write!(segment, "~{byte:02X}").expect("a string takes all"),
            _ => write!(segment, "%{byte:02X}").expect("a string takes all"),
        }
    }
    segment
}

/// The id in a segment that the router has decoded.
pub fn read(segment: &str) -> String {
    if segment == "~" {
        return String::new();
    }
    let mut id = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some(at) = rest.find('~') {
        id.push_str(&rest[..at]);
        let escaped = rest.get(at + 1..at + 3).and_then(|hex| match hex {
            "25" => Some('%'),
            "7E" => Some('~'),
            "2E" => Some('.'),
            _ => None,
        });
        id.push(escaped.unwrap_or('~'));
        rest = &rest[at + if escaped.is_some() { 3 } else { 1 }..];
    }
    id.push_str(rest);
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As browsers and the router do: bytes for `%XX`, anything else as it is.
    fn decoded(text: &str) -> String {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let [first, tail @ ..] = rest {
            let hex = (*first == b'%').then(|| tail.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
            match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = &tail[2..];
                }
                None => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    #[track_caller]
    fn check(id: &str, expected: &str) {
        assert_eq!(write(id), expected);
        assert_eq!(read(&decoded(&write(id))), id);
    }

    #[test]
    fn ids_become_segments_that_name_no_folder_and_no_query() {
        check("user-42:2026", "user-42:2026");
        check("support/50 % off?", "support%2F50%20~25%20off%3F");
        check("a~25b", "a~7E25b");
        check("..", "~2E~2E");
        check("", "~");
        check("日", "%E6%97%A5");
    }

    #[test]
    fn a_segment_written_by_hand_is_read_as_it_stands() {
        assert_eq!(read("~user"), "~user");
        assert_eq!(read("50%"), "50%");
    }

    proptest! {
        #[test]
        fn every_id_survives_one_decoding_or_two(id in ".{0,20}|[%~2E5./7]{0,12}") {
            let once = decoded(&write(&id));
            prop_assert_eq!(read(&once), id.clone());
            prop_assert_eq!(read(&decoded(&once)), id.clone());
            prop_assert!(!write(&id).contains("%25") && !write(&id).contains('/'));
        }
    }
}
