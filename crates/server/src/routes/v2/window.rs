//! The start times that a question covers: the last 24 hours, unless it says otherwise.

use crate::error::{AppError, AppResult};
use chrono::Utc;
use fanlight_wire::Timestamp;

const DAY_NS: i64 = 24 * 60 * 60 * 1_000_000_000;

/// Where to look, and where the last page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// The store's own cursor.
    pub cursor: Option<String>,
    /// The start was not asked for: cursors carry it, because a later page is asked for at a later "now".
    is_implied: bool,
}

impl Window {
    /// Of a question that names neither, some or all of its bounds. The end stays open without a word: clients' clocks may
    /// run ahead of ours.
    pub fn of(start: Option<Timestamp>, end: Option<Timestamp>, cursor: Option<&str>) -> AppResult<Window> {
        Window::at(Timestamp(Utc::now().timestamp_nanos_opt().unwrap_or(i64::MAX)), start, end, cursor)
    }

    fn at(now: Timestamp, start: Option<Timestamp>, end: Option<Timestamp>, cursor: Option<&str>) -> AppResult<Window> {
        let cursor = cursor.map(str::trim).filter(|cursor| !cursor.is_empty());
        if start.is_some() {
            return Ok(Window { start, end, cursor: cursor.map(str::to_owned), is_implied: false });
        }
        let Some(cursor) = cursor else {
            return Ok(Window { start: Some(Timestamp(now.0 - DAY_NS)), end, cursor: None, is_implied: true });
        };
        let (start, inner) = cursor
            .split_once('~')
            .and_then(|(start, inner)| Some((u64::from_str_radix(start, 16).ok()?.cast_signed(), inner)))
            .ok_or_else(|| AppError::invalid("body", "cursor", "this cursor does not belong to this query"))?;
        Ok(Window { start: Some(Timestamp(start)), end, cursor: Some(inner.to_owned()), is_implied: true })
    }

    /// A window without bounds of its own.
    pub fn unbounded(start: Option<Timestamp>, end: Option<Timestamp>, cursor: Option<&str>) -> Window {
        let cursor = cursor.map(str::trim).filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        Window { start, end, cursor, is_implied: false }
    }

    /// The instant before `end`, for questions whose end does not belong to them.
    pub fn last(&self) -> Option<Timestamp> {
        self.end.map(|end| Timestamp(end.0.saturating_sub(1)))
    }

    /// The cursor to hand out for the store's own.
    pub fn next(&self, cursor: Option<String>) -> Option<String> {
        match self.start {
            Some(start) if self.is_implied => cursor.map(|cursor| format!("{:016x}~{cursor}", start.0)),
            _ => cursor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000_000);

    #[test]
    fn without_a_word_it_is_the_last_day_and_whatever_is_ahead() {
        let window = Window::at(NOW, None, None, None).unwrap();
        assert_eq!((window.start, window.end), (Some(Timestamp(NOW.0 - DAY_NS)), None));
    }

    #[test]
    fn later_pages_look_where_the_first_one_did() {
        let first = Window::at(NOW, None, None, None).unwrap();
        let cursor = first.next(Some("inner~cursor".into())).unwrap();
        let second = Window::at(Timestamp(NOW.0 + 5), None, None, Some(&cursor)).unwrap();
        assert_eq!((second.start, second.cursor.as_deref()), (first.start, Some("inner~cursor")));
        assert_eq!(second.next(Some("x".into())), first.next(Some("x".into())));
    }

    #[test]
    fn a_start_that_was_asked_for_needs_no_memory() {
        let window = Window::at(NOW, Some(Timestamp(-7)), None, Some("x")).unwrap();
        assert_eq!((window.start, window.next(Some("y".into()))), (Some(Timestamp(-7)), Some("y".into())));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for cursor in ["x", "zz~x", "~", "123"] {
            let window = Window::at(NOW, None, None, Some(cursor));
            assert!(window.is_err(), "{cursor} {window:?}");
        }
    }
}
