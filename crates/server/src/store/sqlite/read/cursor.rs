//! Cursors: where a page ended, and of which question. Opaque to callers.

use crate::store::sqlite::index::scan::{Position, SortValue};
use crate::store::sqlite::index::threads::Place;
use crate::store::{StoreError, StoreResult};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::thread::ThreadQuery;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// `hash.start.row`, in hex, and the value sorted by where there is one: `n` and a number, or `t` and a text. The hash is of
/// the question, so that another question's cursor is noticed.
pub fn print(query: &RunQuery, position: &Position) -> String {
    let mut text = print_place(hash_of_runs(query), position.start_ns, position.pk);
    match &position.value {
        None => {}
        Some(SortValue::Number(number)) => write!(text, ".n{number:016x}").expect("a string takes all"),
        Some(SortValue::Text(value)) => {
            text.push_str(".t");
            value.bytes().for_each(|byte| write!(text, "{byte:02x}").expect("a string takes all"));
        }
    }
    text
}

/// Fails when `text` is no cursor, or one of another question.
pub fn parse(query: &RunQuery, text: &str) -> StoreResult<Position> {
    let read = || {
        let mut parts = text.trim().split('.');
        let (start_ns, pk) = read_place(hash_of_runs(query), &mut parts)?;
        let value = match parts.next() {
            None => None,
            Some(value) => Some(read_value(value)?),
        };
        parts.next().is_none().then_some(Position { value, start_ns, pk })
    };
    read().ok_or_else(foreign)
}

/// Where a page of threads ended.
pub fn print_threads(query: &ThreadQuery, place: Place) -> String {
    print_place(hash_of_threads(query), place.start_ns, place.pk)
}

/// Fails when `text` is no cursor, or one of another question.
pub fn parse_threads(query: &ThreadQuery, text: &str) -> StoreResult<Place> {
    let mut parts = text.trim().split('.');
    let place = read_place(hash_of_threads(query), &mut parts).filter(|_| parts.next().is_none());
    place.map(|(start_ns, pk)| Place { start_ns, pk }).ok_or_else(foreign)
}

fn foreign() -> StoreError {
    StoreError::Invalid("this cursor does not belong to this query".to_owned())
}

fn print_place(hash: u64, start_ns: i64, pk: u32) -> String {
    format!("{hash:016x}.{start_ns:016x}.{pk:x}")
}

fn read_place<'a>(hash: u64, parts: &mut impl Iterator<Item = &'a str>) -> Option<(i64, u32)> {
    let (of_query, start, pk) = (parts.next()?, parts.next()?, parts.next()?);
    if u64::from_str_radix(of_query, 16).ok()? != hash {
        return None;
    }
    Some((u64::from_str_radix(start, 16).ok()?.cast_signed(), u32::from_str_radix(pk, 16).ok()?))
}

fn read_value(text: &str) -> Option<SortValue> {
    if let Some(number) = text.strip_prefix('n') {
        return Some(SortValue::Number(u64::from_str_radix(number, 16).ok()?.cast_signed()));
    }
    let digits = text.strip_prefix('t')?.as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    rest.is_empty().then_some(SortValue::Text(String::from_utf8(bytes?).ok()?))
}

/// Of what decides which runs there are and in which order; a page may have another size or other fields than the last.
fn hash_of_runs(query: &RunQuery) -> u64 {
    hash(&RunQuery { cursor: None, limit: None, select: None, ..query.clone() })
}

fn hash_of_threads(query: &ThreadQuery) -> u64 {
    hash(&ThreadQuery { cursor: None, page_size: None, ..query.clone() })
}

fn hash(question: &impl Serialize) -> u64 {
    let json = serde_json::to_vec(question).expect("a query is JSON");
    let digest = Sha256::digest(&json);
    u64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: i64, is_root: bool) -> RunQuery {
        RunQuery { limit: Some(limit), is_root: Some(is_root), ..RunQuery::default() }
    }

    #[test]
    fn a_cursor_comes_back_as_its_position_whatever_the_page_size() {
        let values = [
            None,
            Some(SortValue::Number(0)),
            Some(SortValue::Number(-1)),
            Some(SortValue::Text(String::new())),
            Some(SortValue::Text("büro".to_owned())),
        ];
        for start_ns in [0, 1, -1, i64::MIN, i64::MAX] {
            for value in values.clone() {
                let position = Position { value, start_ns, pk: 7 };
                let text = print(&query(10, true), &position);
                assert_eq!(parse(&query(20, true), &text).unwrap(), position);
            }
        }
    }

    #[test]
    fn another_querys_cursor_is_refused() {
        let position = Position { value: None, start_ns: 1, pk: 7 };
        let text = print(&query(10, true), &position);
        assert!(matches!(parse(&query(10, false), &text), Err(StoreError::Invalid(_))));
        assert!(matches!(parse_threads(&ThreadQuery::default(), &text), Err(StoreError::Invalid(_))));
    }

    #[test]
    fn a_cursor_of_threads_comes_back_as_its_place() {
        let (query, place) =
            (ThreadQuery { page_size: Some(3), ..ThreadQuery::default() }, Place { start_ns: -1, pk: 7 });
        let text = print_threads(&query, place);
        assert_eq!(parse_threads(&ThreadQuery::default(), &text).unwrap(), place);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "x", "0.0.0", "…", &"9".repeat(1000)] {
            assert!(matches!(parse(&query(10, false), text), Err(StoreError::Invalid(_))), "{text}");
        }
        let good = print(&query(10, false), &Position { value: None, start_ns: 1, pk: 7 });
        for value in [".", ".n", ".nx", ".t1", ".tzz", ".tff", ".x1", ".n1.n1", ".té"] {
            assert!(
                matches!(parse(&query(10, false), &format!("{good}{value}")), Err(StoreError::Invalid(_))),
                "{value}"
            );
        }
    }
}
