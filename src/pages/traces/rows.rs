//! The rows that are known so far, in the order of the list, and how pages and live changes join them. Pure.

use super::row::TraceRow;
use fanlight_wire::{RunId, TraceId};
use std::collections::HashSet;
use std::sync::Arc;

/// Loaded rows in the order of the list, and new ones that wait to be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceRows {
    rows: Vec<Arc<TraceRow>>,
    /// Newer than all of `rows`, in the order of the list.
    waiting: Vec<Arc<TraceRow>>,
    /// Where the next older page begins; `None` when there is none.
    next_cursor: Option<String>,
    /// The order is another than newest first: the server's, which nothing new can join.
    is_fixed: bool,
}

impl TraceRows {
    /// The first page, the newest first.
    pub fn first(rows: Vec<TraceRow>, next_cursor: Option<String>) -> Self {
        let mut all = Self { next_cursor, ..Self::default() };
        all.insert(rows);
        all
    }

    /// The first page in an order that the server decides.
    pub fn in_given_order(rows: Vec<TraceRow>, next_cursor: Option<String>) -> Self {
        let mut all = Self { next_cursor, is_fixed: true, ..Self::default() };
        all.insert(rows);
        all
    }

    pub fn get(&self, row_idx: usize) -> Option<&Arc<TraceRow>> {
        self.rows.get(row_idx)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.waiting.is_empty()
    }

    pub fn n_waiting(&self) -> usize {
        self.waiting.len()
    }

    pub fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }

    pub fn position(&self, id: RunId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    /// Ids of the rows that are still running, at most `limit`.
    pub fn running(&self, limit: usize) -> Vec<RunId> {
        self.rows.iter().chain(&self.waiting).filter(|row| row.is_running()).map(|row| row.id).take(limit).collect()
    }

    /// Adds the next older page.
    pub fn append(&mut self, page: Vec<TraceRow>, next_cursor: Option<String>) {
        self.next_cursor = next_cursor;
        self.insert(page);
    }

    /// Whether `page`, the newest traces there are, meets what is known: if not, traces between are missing.
    pub fn meets(&self, page: &[TraceRow], has_more: bool) -> bool {
        !has_more || page.iter().any(|row| self.is_known(row.id))
    }

    /// Takes in changed traces, whatever their age: known ones in place, new ones at the top at once or, if
    /// `is_waiting`, when [`TraceRows::show_waiting`] is called. Returns how many rows came in above the first.
    ///
    /// A trace older than everything loaded is left out: its page will bring it. Into another order than newest first
    /// nothing new is taken.
    pub fn merge(&mut self, changed: Vec<TraceRow>, is_waiting: bool) -> usize {
        let mut new = Vec::new();
        for row in changed {
            let known = self.rows.iter_mut().chain(&mut self.waiting).find(|known| known.id == row.id);
            match known {
                // Nothing is drawn anew for an equal row.
                Some(known) if **known != row => *known = Arc::new(row),
                Some(_) => {}
                None => new.push(row),
            }
        }
        if self.is_fixed {
            return 0;
        }
        let oldest = self.rows.last().map(|row| order(row));
        if self.next_cursor.is_some() {
            new.retain(|row| oldest.is_none_or(|oldest| order(row) <= oldest));
        }
        if is_waiting {
            // Those that belong between shown rows (a late sender) would move them, too: they wait as well.
            self.waiting.extend(new.into_iter().map(Arc::new));
            sort(&mut self.waiting);
            return 0;
        }
        self.insert(new)
    }

    /// Shows what waits. Returns how many rows came in above the first.
    pub fn show_waiting(&mut self) -> usize {
        let waiting = std::mem::take(&mut self.waiting);
        self.insert(waiting.into_iter().map(Arc::unwrap_or_clone).collect())
    }

    /// Shows rows that are on the list as they are now, though the filter holds for them no longer. Others are ignored.
    pub fn update_former(&mut self, changed: Vec<TraceRow>) {
        for row in changed {
            if let Some(known) = self.rows.iter_mut().find(|known| known.id == row.id) {
                *known = Arc::new(TraceRow { is_former: true, ..row });
            }
        }
        self.waiting.retain(|row| !row.is_former);
    }

    /// The shown rows that belong to `traces`.
    pub fn of_traces(&self, traces: &[TraceId]) -> Vec<RunId> {
        self.rows.iter().filter(|row| traces.contains(&row.trace_id)).map(|row| row.id).collect()
    }

    /// All shown rows in order.
    pub fn ids(&self) -> Vec<RunId> {
        self.rows.iter().map(|row| row.id).collect()
    }

    fn is_known(&self, id: RunId) -> bool {
        self.rows.iter().chain(&self.waiting).any(|row| row.id == id)
    }

    /// Adds unknown rows in order; returns how many are above what was the first.
    fn insert(&mut self, new: Vec<TraceRow>) -> usize {
        let first = self.rows.first().map(|row| row.id);
        let mut known: HashSet<RunId> = self.rows.iter().map(|row| row.id).collect();
        let before = self.rows.len();
        self.rows.extend(new.into_iter().filter(|row| known.insert(row.id)).map(Arc::new));
        let is_sorted = self.is_fixed || self.rows[before.saturating_sub(1)..].is_sorted_by_key(|row| order(row));
        if !is_sorted {
            sort(&mut self.rows);
        }
        first.and_then(|first| self.position(first)).unwrap_or(0)
    }
}

fn sort(rows: &mut [Arc<TraceRow>]) {
    rows.sort_by_key(|row| order(row));
}

/// Newest first; equal starts by id, the larger first, as the server orders them.
fn order(row: &TraceRow) -> std::cmp::Reverse<(i64, RunId)> {
    std::cmp::Reverse((row.start.0, row.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::{RunStatus, RunType, Timestamp};

    /// Row `n` started at second `n`.
    fn row(n: u128) -> TraceRow {
        TraceRow {
            id: RunId(uuid::Uuid::from_u128(n)),
            trace_id: TraceId(uuid::Uuid::from_u128(n)),
            run_type: RunType::Chain,
            model: None,
            thread: None,
            metadata: Vec::new(),
            snippet: None,
            is_former: false,
            name: String::new(),
            status: RunStatus::Success,
            start: Timestamp(n as i64 * 1_000_000_000),
            end: None,
            first_token: None,
            input: String::new(),
            output: String::new(),
            total_tokens: 0,
            prompt_tokens: 0,
            completion_tokens: 0,
            cost: None,
            tags: Vec::new(),
            feedback: Vec::new(),
        }
    }

    fn rows(numbers: &[u128]) -> Vec<TraceRow> {
        numbers.iter().map(|n| row(*n)).collect()
    }

    #[track_caller]
    fn check(list: &TraceRows, expected: &[u128]) {
        let shown: Vec<u128> = list.rows.iter().map(|row| row.id.0.as_u128()).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn pages_follow_each_other_without_doubles() {
        let mut list = TraceRows::first(rows(&[9, 8]), Some("8".into()));
        list.append(rows(&[8, 7, 6]), None);
        check(&list, &[9, 8, 7, 6]);
        assert_eq!(list.next_cursor(), None);
    }

    #[test]
    fn a_new_trace_comes_first_and_says_by_how_much_the_rest_moved() {
        let mut list = TraceRows::first(rows(&[3, 2]), None);
        assert_eq!(list.merge(rows(&[4, 5]), false), 2);
        check(&list, &[5, 4, 3, 2]);
    }

    #[test]
    fn a_waiting_trace_is_shown_when_asked_for() {
        let mut list = TraceRows::first(rows(&[3, 2]), None);
        assert_eq!(list.merge(rows(&[5]), true), 0);
        assert_eq!(list.merge(rows(&[4, 5]), true), 0);
        check(&list, &[3, 2]);
        assert_eq!(list.n_waiting(), 2);
        assert_eq!(list.show_waiting(), 2);
        check(&list, &[5, 4, 3, 2]);
        assert_eq!(list.n_waiting(), 0);
    }

    #[test]
    fn a_known_trace_changes_in_place() {
        let mut list = TraceRows::first(rows(&[3, 2]), None);
        let changed = TraceRow { name: "renamed".into(), ..row(2) };
        assert_eq!(list.merge(vec![changed], false), 0);
        check(&list, &[3, 2]);
        assert_eq!(list.get(1).unwrap().name, "renamed");
    }

    #[test]
    fn a_late_trace_goes_where_it_belongs_without_moving_the_first() {
        let mut list = TraceRows::first(rows(&[9, 5]), None);
        assert_eq!(list.merge(rows(&[7]), false), 0);
        check(&list, &[9, 7, 5]);
    }

    #[test]
    fn a_trace_older_than_what_is_loaded_is_left_to_its_page() {
        let mut list = TraceRows::first(rows(&[9, 5]), Some("5".into()));
        list.merge(rows(&[2]), false);
        check(&list, &[9, 5]);
        let mut whole = TraceRows::first(rows(&[9, 5]), None);
        whole.merge(rows(&[2]), false);
        check(&whole, &[9, 5, 2]);
    }

    #[test]
    fn a_gap_between_the_newest_page_and_the_known_rows_is_noticed() {
        let list = TraceRows::first(rows(&[3, 2]), None);
        assert!(list.meets(&rows(&[5, 4, 3]), true));
        assert!(!list.meets(&rows(&[9, 8]), true));
        assert!(list.meets(&rows(&[9, 8]), false));
    }

    #[test]
    fn another_order_is_kept_as_it_came_and_takes_nothing_new() {
        let mut list = TraceRows::in_given_order(rows(&[2, 9, 5]), Some("5".into()));
        list.append(rows(&[7, 1]), None);
        let changed = TraceRow { name: "renamed".into(), ..row(9) };
        assert_eq!(list.merge(vec![row(12), changed], false), 0);
        check(&list, &[2, 9, 5, 7, 1]);
        assert_eq!(list.get(1).unwrap().name, "renamed");
    }

    #[test]
    fn what_the_filter_no_longer_finds_stays_in_place_and_says_so() {
        let mut list = TraceRows::first(rows(&[3, 2]), None);
        assert_eq!(list.of_traces(&[row(2).trace_id, row(8).trace_id]), [row(2).id]);
        list.update_former(rows(&[2, 8]));
        check(&list, &[3, 2]);
        assert!(list.get(1).unwrap().is_former && !list.get(0).unwrap().is_former);
    }

    #[test]
    fn running_traces_are_known() {
        let running = TraceRow { status: RunStatus::Pending, ..row(4) };
        let list = TraceRows::first(vec![running, row(3)], None);
        assert_eq!(list.running(10), [RunId(uuid::Uuid::from_u128(4))]);
    }
}
