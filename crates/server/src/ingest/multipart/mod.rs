//! Splits a `multipart/form-data` body (RFC 7578, RFC 2046 §5.1) that is in memory; the parts share its bytes.
//!
//! Lengths that parts claim are ignored: the boundary alone divides. Text before the first boundary and after the last
//! is skipped. A reader for streams (such as `multer`) would copy each part once more and hand over one part at a time,
//! while a request is applied as a whole anyway.

pub mod headers;

use bytes::Bytes;
use headers::PartHeaders;
use memchr::memmem;

/// One part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From `Content-Disposition`.
    pub name: String,
    /// As sent, parameters included.
    pub content_type: Option<String>,
    pub data: Bytes,
}

/// What is wrong with a part, or with the body where it should have continued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    #[error("part {n}: {reason}")]
    BadHeaders { n: usize, reason: &'static str },
    #[error("the body ends inside part {n}")]
    CutOff { n: usize },
    #[error("the body holds no boundary")]
    NoBoundary,
}

/// The parts in order. One bad part does not hide the others; after `CutOff` or `NoBoundary` there are no more.
pub fn split(body: &Bytes, boundary: &str) -> Vec<Result<Part, PartError>> {
    let delimiter = format!("\r\n--{boundary}");
    let finder = memmem::Finder::new(delimiter.as_bytes());
    let mut parts = Vec::new();
    // The first delimiter may open the body, without a line break before it.
    let opening = &delimiter.as_bytes()[2..];
    let mut after_delimiter = match delimiter_end(body, 0, opening) {
        Some(end) => end,
        None => match find_delimiter(&finder, body, 0) {
            Some((_, end)) => end,
            None if body.is_empty() => return parts,
            None => return vec![Err(PartError::NoBoundary)],
        },
    };
    while let DelimiterEnd::Part(start) = after_delimiter {
        let n = parts.len() + 1;
        let Some((end, next)) = find_delimiter(&finder, body, start) else {
            parts.push(Err(PartError::CutOff { n }));
            return parts;
        };
        parts.push(read_part(body, start, end).map_err(|reason| PartError::BadHeaders { n, reason }));
        after_delimiter = next;
    }
    parts
}

/// Where a delimiter leads: to a part that starts at an offset, or to the end of the body.
#[derive(Clone, Copy)]
enum DelimiterEnd {
    Part(usize),
    Close,
}

/// The offset of the next delimiter at or after `from`, and where it leads.
///
/// `from` is where a part starts, so a part without headers or content is found by looking two bytes back, at the line
/// break that ended the delimiter line.
fn find_delimiter(finder: &memmem::Finder<'_>, body: &[u8], from: usize) -> Option<(usize, DelimiterEnd)> {
    let mut search_from = from.saturating_sub(2);
    loop {
        let at = search_from + finder.find(&body[search_from..])?;
        if let Some(end) = delimiter_end(body, at, finder.needle()) {
            return Some((at.max(from), end));
        }
        // Content that merely begins like a delimiter.
        search_from = at + 1;
    }
}

/// Where the delimiter at `at` leads; `None` when there is none: it must be followed by `--`, or by the end of its line.
fn delimiter_end(body: &[u8], at: usize, delimiter: &[u8]) -> Option<DelimiterEnd> {
    let rest = body.get(at..)?.strip_prefix(delimiter)?;
    if rest.starts_with(b"--") {
        return Some(DelimiterEnd::Close);
    }
    let n_padding = rest.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    rest[n_padding..].starts_with(b"\r\n").then(|| DelimiterEnd::Part(body.len() - rest.len() + n_padding + 2))
}

/// Reads the part between the offsets: header lines, an empty line, content.
fn read_part(body: &Bytes, start: usize, end: usize) -> Result<Part, &'static str> {
    let part = body.slice(start..end);
    let (head, data_start) = match memmem::find(&part, b"\r\n\r\n") {
        Some(at) => (&part[..at], at + 4),
        None => return Err("it has no empty line after its headers"),
    };
    let PartHeaders { name, content_type } = headers::read(head)?;
    Ok(Part { name, content_type, data: part.slice(data_start..) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Writes parts as the SDKs do.
    fn encode(parts: &[(String, Vec<u8>)], boundary: &str) -> Bytes {
        let mut body = Vec::new();
        for (name, data) in parts {
            body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n").bytes());
            body.extend(format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", data.len()).bytes());
            body.extend(data);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").bytes());
        body.into()
    }

    #[track_caller]
    fn check(body: &str, expected: &[Result<(&str, &str), &str>]) {
        let parts: Vec<_> = split(&Bytes::copy_from_slice(body.as_bytes()), "B")
            .into_iter()
            .map(|part| match part {
                Ok(part) => Ok((part.name, String::from_utf8_lossy(&part.data).into_owned())),
                Err(error) => Err(error.to_string()),
            })
            .collect();
        let parts: Vec<_> = parts
            .iter()
            .map(|part| part.as_ref().map(|(name, data)| (name.as_str(), data.as_str())).map_err(String::as_str))
            .collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn preamble_epilogue_and_padding_are_skipped() {
        let body = "hello\r\n--B  \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--\r\nbye";
        check(body, &[Ok(("a", "1"))]);
    }

    #[test]
    fn an_empty_body_has_no_parts() {
        check("", &[]);
        check("--B--\r\n", &[]);
    }

    #[test]
    fn content_may_look_like_the_boundary() {
        check(
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--Bx\r\n--B-\r\n\r\n--B--",
            &[Ok(("a", "\r\n--Bx\r\n--B-\r\n"))],
        );
    }

    #[test]
    fn a_bad_part_does_not_hide_the_others() {
        check(
            "--B\r\nno headers\r\n--B\r\n\r\n--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--",
            &[
                Err("part 1: it has no empty line after its headers"),
                Err("part 2: it has no empty line after its headers"),
                Ok(("a", "1")),
            ],
        );
    }

    #[test]
    fn a_body_cut_off_keeps_what_came_whole() {
        check(
            "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B\r\nContent-Disposition: form-d",
            &[Ok(("a", "1")), Err("the body ends inside part 2")],
        );
        check("{}", &[Err("the body holds no boundary")]);
    }

    proptest! {
        #[test]
        fn encoding_and_splitting_gives_the_same_parts(
            parts in proptest::collection::vec(("[a-z.]{1,12}", proptest::collection::vec(any::<u8>(), 0..60)), 0..6),
        ) {
            let boundary = "f00dfeed12345678";
            let read: Result<Vec<_>, _> = split(&encode(&parts, boundary), boundary)
                .into_iter()
                .map(|part| part.map(|part| (part.name, part.data.to_vec())))
                .collect();
            prop_assert_eq!(read.unwrap(), parts);
        }

        #[test]
        fn never_panics(pieces in proptest::collection::vec(piece(), 0..20)) {
            let _ = split(&pieces.concat().into(), "B");
        }
    }

    /// Bytes that are likely to be taken for structure.
    fn piece() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            Just(b"--B".to_vec()),
            Just(b"\r\n--B".to_vec()),
            Just(b"--".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\r\n\r\n".to_vec()),
            Just(b"Content-Disposition: form-data; name=\"a".to_vec()),
            Just(b"\"".to_vec()),
            Just(b"\\".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..8),
        ]
    }
}
