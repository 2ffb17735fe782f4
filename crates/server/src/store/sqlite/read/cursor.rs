//! Cursors: where a page ended, and of which question. Opaque to callers.

use crate::store::{StoreError, StoreResult};
use fanlight_wire::RunId;
use fanlight_wire::run_query::RunQuery;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The last run of a page: the next page begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub start_ns: i64,
    pub id: RunId,
}

/// `hash.start.id`, in hex: the hash is of the question, so that another question's cursor is noticed.
pub fn print(query: &RunQuery, position: Position) -> String {
    format!("{:016x}.{:016x}.{}", hash(query), position.start_ns, position.id.0.simple())
}

/// Fails when `text` is no cursor, or one of another question.
pub fn parse(query: &RunQuery, text: &str) -> StoreResult<Position> {
    let position = read(query, text.trim());
    position.ok_or_else(|| StoreError::Invalid("this cursor does not belong to this query".to_owned()))
}

fn read(query: &RunQuery, text: &str) -> Option<Position> {
    let mut parts = text.split('.');
    let (of_query, start, id) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || u64::from_str_radix(of_query, 16).ok()? != hash(query) {
        return None;
    }
    let start_ns = u64::from_str_radix(start, 16).ok()?.cast_signed();
    Some(Position { start_ns, id: RunId(Uuid::try_parse(id).ok()?) })
}

/// Of what decides which runs there are and in which order; a page may have another size or other fields than the last.
fn hash(query: &RunQuery) -> u64 {
    let question = RunQuery { cursor: None, limit: None, select: None, ..query.clone() };
    let json = serde_json::to_vec(&question).expect("a query is JSON");
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
        for start_ns in [0, 1, -1, i64::MIN, i64::MAX] {
            let position = Position { start_ns, id: RunId(Uuid::from_u128(7)) };
            let text = print(&query(10, true), position);
            assert_eq!(parse(&query(20, true), &text).unwrap(), position);
        }
    }

    #[test]
    fn another_querys_cursor_is_refused() {
        let position = Position { start_ns: 1, id: RunId(Uuid::from_u128(7)) };
        let text = print(&query(10, true), position);
        assert!(matches!(parse(&query(10, false), &text), Err(StoreError::Invalid(_))));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "x", "0.0.0", "…", &"9".repeat(1000)] {
            assert!(matches!(parse(&query(10, false), text), Err(StoreError::Invalid(_))), "{text}");
        }
    }
}
