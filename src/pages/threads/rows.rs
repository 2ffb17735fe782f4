//! The threads that are known so far, those that spoke last first, and how pages and live changes join them. Pure.

use super::row::ThreadRow;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Loaded rows in the order of the list, and what waits to be put in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThreadRows {
    rows: Vec<Arc<ThreadRow>>,
    /// Threads that the list did not have, in no order.
    new: Vec<Arc<ThreadRow>>,
    /// Threads of `rows` that spoke again: they show what is new where they were.
    moved: BTreeSet<String>,
    /// Where the next older page begins; `None` when there is none.
    next_cursor: Option<String>,
}

impl ThreadRows {
    /// The first page.
    pub fn first(page: Vec<ThreadRow>, next_cursor: Option<String>) -> Self {
        let mut all = Self::default();
        all.append(page, next_cursor);
        all
    }

    pub fn get(&self, row_idx: usize) -> Option<&Arc<ThreadRow>> {
        self.rows.get(row_idx)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.new.is_empty()
    }

    /// Threads that are loaded, shown or waiting.
    pub fn n_known(&self) -> usize {
        self.rows.len() + self.new.len()
    }

    /// Threads that are new or would stand elsewhere.
    pub fn n_waiting(&self) -> usize {
        self.new.len() + self.moved.len()
    }

    pub fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }

    pub fn position(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    /// Ids of the threads whose newest turn runs, at most `limit`.
    pub fn running(&self, limit: usize) -> Vec<String> {
        self.rows.iter().chain(&self.new).filter(|row| row.is_running()).map(|row| row.id.clone()).take(limit).collect()
    }

    /// Adds the next older page. A thread that has moved up since the last page is not there twice.
    pub fn append(&mut self, page: Vec<ThreadRow>, next_cursor: Option<String>) {
        self.next_cursor = next_cursor;
        let mut known: HashSet<String> = self.rows.iter().chain(&self.new).map(|row| row.id.clone()).collect();
        self.rows.extend(page.into_iter().filter(|row| known.insert(row.id.clone())).map(Arc::new));
    }

    /// Whether `page`, the threads that spoke last, meets what is known: if not, threads between are missing.
    pub fn meets(&self, page: &[ThreadRow], has_more: bool) -> bool {
        !has_more || page.iter().any(|row| self.position(&row.id).is_some())
    }

    /// Takes in changed threads: known ones where they are, new ones and those that spoke again in order at once or, if
    /// `must_wait`, when [`ThreadRows::show_waiting`] is called.
    ///
    /// A thread that spoke before everything loaded is left out: its page will bring it.
    pub fn merge(&mut self, changed: Vec<ThreadRow>, must_wait: bool) {
        let oldest = self.rows.iter().filter_map(|row| row.last_start).min();
        for row in changed {
            if let Some(known) = self.rows.iter_mut().find(|known| known.id == row.id) {
                if known.last_start < row.last_start {
                    self.moved.insert(row.id.clone());
                }
                // Nothing is drawn anew for an equal row.
                if **known != row {
                    *known = Arc::new(row);
                }
            } else if let Some(known) = self.new.iter_mut().find(|known| known.id == row.id) {
                *known = Arc::new(row);
            } else if self.next_cursor.is_none() || oldest.is_none_or(|oldest| row.last_start >= Some(oldest)) {
                self.new.push(Arc::new(row));
            }
        }
        if !must_wait {
            self.show_waiting();
        }
    }

    /// Puts everything where it belongs.
    pub fn show_waiting(&mut self) {
        if self.n_waiting() == 0 {
            return;
        }
        self.rows.append(&mut self.new);
        self.moved.clear();
        // Stable: what began together keeps the server's order.
        self.rows.sort_by_key(|row| Reverse(row.last_start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::Timestamp;

    /// `a5` is thread `a`, which spoke last in second 5.
    fn rows(words: &str) -> Vec<ThreadRow> {
        words.split_whitespace().map(row).collect()
    }

    fn row(word: &str) -> ThreadRow {
        let (id, second) = word.split_at(1);
        ThreadRow {
            id: id.into(),
            n_turns: 1,
            n_errors: 0,
            first_start: None,
            last_start: Some(Timestamp(second.parse::<i64>().unwrap())),
            last_end: Some(Timestamp(1000)),
            first_input: String::new(),
            last_output: String::new(),
            is_output_error: false,
            total_tokens: 0,
            cost: None,
            feedback: Vec::new(),
        }
    }

    #[track_caller]
    fn check(list: &ThreadRows, expected: &str) {
        let shown: Vec<String> =
            list.rows.iter().map(|row| format!("{}{}", row.id, row.last_start.unwrap().0)).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn a_thread_that_moved_up_between_two_pages_is_there_once() {
        let mut list = ThreadRows::first(rows("a9 b8"), Some("8".into()));
        list.append(rows("b8 c7"), None);
        check(&list, "a9 b8 c7");
        assert_eq!(list.next_cursor(), None);
    }

    #[test]
    fn a_thread_that_speaks_again_comes_first_when_nobody_is_reading() {
        let mut list = ThreadRows::first(rows("a9 b8 c7"), None);
        list.merge(rows("c10"), false);
        check(&list, "c10 a9 b8");
        assert_eq!(list.n_waiting(), 0);
    }

    #[test]
    fn while_somebody_reads_it_shows_what_is_new_where_it_stands() {
        let mut list = ThreadRows::first(rows("a9 b8 c7"), None);
        list.merge(rows("c10 d11"), true);
        list.merge(rows("c12"), true);
        check(&list, "a9 b8 c12");
        assert_eq!(list.n_waiting(), 2);
        list.show_waiting();
        check(&list, "c12 d11 a9 b8");
        assert_eq!(list.n_waiting(), 0);
    }

    #[test]
    fn a_change_that_moves_nothing_waits_for_nobody() {
        let mut list = ThreadRows::first(rows("a9 b8"), None);
        list.merge(vec![ThreadRow { n_turns: 5, ..row("b8") }], true);
        assert_eq!((list.n_waiting(), list.get(1).unwrap().n_turns), (0, 5));
    }

    #[test]
    fn a_thread_older_than_what_is_loaded_is_left_to_its_page() {
        let mut list = ThreadRows::first(rows("a9 b5"), Some("5".into()));
        list.merge(rows("c2"), false);
        check(&list, "a9 b5");
        let mut whole = ThreadRows::first(rows("a9 b5"), None);
        whole.merge(rows("c2"), false);
        check(&whole, "a9 b5 c2");
    }

    #[test]
    fn a_gap_between_the_newest_page_and_the_known_rows_is_noticed() {
        let list = ThreadRows::first(rows("a9 b8"), None);
        assert!(list.meets(&rows("x20 a19"), true));
        assert!(!list.meets(&rows("x20 y19"), true));
        assert!(list.meets(&rows("x20 y19"), false));
    }
}
