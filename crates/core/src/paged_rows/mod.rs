//! The rows of a list that is longer than what should be kept of it: pages that are fetched, dropped when the reader has
//! gone on, and fetched again by where they begin; and how live changes join them.
//!
//! [`PagedRows`] is the list. `page` is one page of it; `changes` is how changed and new rows get in.

mod changes;
mod page;

use page::{Begin, Page};
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

/// A row of such a list.
pub trait Listed: Clone + PartialEq {
    type Id: Clone + Eq + Hash;
    /// The list is in ascending order of it.
    type Order: Clone + Ord;

    fn id(&self) -> Self::Id;
    fn order(&self) -> Self::Order;
    /// It will change by itself.
    fn is_running(&self) -> bool;
}

/// Rows on each side of what is in view that are kept: one can select so many at once.
pub const KEPT_AROUND: usize = 1000;
/// Nothing is dropped before so many rows are loaded: the pages at the edge would come and go with each turn.
const MAX_LOADED: usize = 3 * KEPT_AROUND;

/// Rows by their place in the list, loaded or not, and new ones that wait to be shown.
#[derive(Clone)]
pub struct PagedRows<R: Listed> {
    /// Without a gap. The first is never dropped: that is where new rows come in.
    pages: Vec<Page<R>>,
    /// The place of each page's first row.
    starts: Vec<usize>,
    n_rows: usize,
    /// Rows that the list did not have, in no order.
    new: Vec<Arc<R>>,
    /// Rows that belong elsewhere by now: they show what is new where they were.
    moved: HashSet<R::Id>,
    /// Where the page after the last begins; `None` when there is none.
    next: Option<Begin<R>>,
    /// The order is the server's, and nothing new can join it.
    is_fixed: bool,
}

impl<R: Listed> Default for PagedRows<R> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            starts: Vec::new(),
            n_rows: 0,
            new: Vec::new(),
            moved: HashSet::new(),
            next: None,
            is_fixed: false,
        }
    }
}

impl<R: Listed> PagedRows<R> {
    /// The first page, in the order of [`Listed::order`].
    pub fn first(page: Vec<R>, next_cursor: Option<String>) -> Self {
        let mut all = Self::default();
        all.append(page, next_cursor);
        all
    }

    /// The first page, in an order that the server decides.
    pub fn in_given_order(page: Vec<R>, next_cursor: Option<String>) -> Self {
        Self { is_fixed: true, ..Self::first(page, next_cursor) }
    }

    /// A row, unless there is none or its page is not loaded.
    pub fn get(&self, row_idx: usize) -> Option<&Arc<R>> {
        let page_idx = self.page_at(row_idx)?;
        self.pages[page_idx].rows()?.get(row_idx - self.starts[page_idx])
    }

    /// Rows that have a place in the list, loaded or not.
    pub fn len(&self) -> usize {
        self.n_rows
    }

    /// Whether there is nothing, not even waiting.
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0 && self.new.is_empty()
    }

    /// Rows that are known to be, shown or waiting.
    pub fn n_known(&self) -> usize {
        self.n_rows + self.new.len()
    }

    /// Rows that are new or would stand elsewhere.
    pub fn n_waiting(&self) -> usize {
        self.new.len() + self.moved.len()
    }

    /// Rows in memory, waiting ones too.
    pub fn n_loaded(&self) -> usize {
        self.loaded().count() + self.new.len()
    }

    pub fn next_cursor(&self) -> Option<&str> {
        self.next.as_ref().map(|next| next.cursor.as_str())
    }

    /// The place of a loaded row.
    pub fn position(&self, id: &R::Id) -> Option<usize> {
        self.places().find(|(_, row)| row.id() == *id).map(|(row_idx, _)| row_idx)
    }

    /// Loaded rows in order, and their places.
    pub fn places(&self) -> impl Iterator<Item = (usize, &Arc<R>)> {
        let pages = self.pages.iter().zip(&self.starts);
        pages.flat_map(|(page, start)| (*start..).zip(page.rows().into_iter().flatten()))
    }

    /// Loaded rows in order.
    pub fn loaded(&self) -> impl Iterator<Item = &Arc<R>> {
        self.pages.iter().filter_map(Page::rows).flatten()
    }

    /// Loaded rows that still run, at most `limit`.
    pub fn running(&self, limit: usize) -> Vec<R::Id> {
        self.loaded().chain(&self.new).filter(|row| row.is_running()).map(|row| row.id()).take(limit).collect()
    }

    /// Whether `page`, the first there is now, meets the first that is known: if not, rows between are missing.
    pub fn meets(&self, page: &[R], has_more: bool) -> bool {
        !has_more || page.iter().any(|row| self.position(&row.id()).is_some() || self.is_waiting(&row.id()))
    }

    /// Adds the page after the last. A row that was on a page before is not there twice.
    pub fn append(&mut self, page: Vec<R>, next_cursor: Option<String>) {
        let begin = std::mem::replace(&mut self.next, Begin::behind(&page, next_cursor));
        let rows = self.unknown(page, None);
        self.pages.push(Page::loaded(begin, rows));
        self.count();
    }

    /// Where the pages begin that have rows in `range` and are not loaded.
    pub fn missing(&self, range: Range<usize>) -> Vec<String> {
        let Some(first) = self.page_at(range.start) else { return Vec::new() };
        let pages = self.pages[first..].iter().zip(&self.starts[first..]);
        let in_range = pages.take_while(|(_, start)| **start < range.end);
        in_range
            .filter(|(page, _)| page.rows().is_none())
            .filter_map(|(page, _)| page.cursor().map(str::to_owned))
            .collect()
    }

    /// Puts a dropped page back that was fetched again from where it begins.
    ///
    /// Between then and now rows may have gone, and others may have come between: the page has the rows that it has now,
    /// and the page after it begins where this one ends, so that nothing is skipped.
    pub fn refill(&mut self, cursor: &str, page: Vec<R>, next_cursor: Option<String>) {
        let is_here = |page: &Page<R>| page.cursor() == Some(cursor) && page.rows().is_none();
        let Some(page_idx) = self.pages.iter().position(is_here) else { return };
        let reaches_next = self.pages.get(page_idx + 1).and_then(Page::rows).is_some_and(|rows| {
            // One that moved is in the answer because it belongs there, not because the answer reaches so far.
            let mut there = rows.iter().map(|row| row.id()).filter(|id| !self.moved.contains(id));
            there.any(|id| page.iter().any(|row| row.id() == id))
        });
        let next_begin = Begin::behind(&page, next_cursor);
        let rows = self.unknown(page, Some(page_idx));
        self.pages[page_idx].fill(rows);
        match (self.pages.get_mut(page_idx + 1), next_begin) {
            (None, next_begin) => self.next = next_begin,
            // The list ends here by now: what was below is gone.
            (Some(next), None) if next.rows().is_none() => {
                self.pages.truncate(page_idx + 1);
                self.next = None;
            }
            (Some(_), None) => {}
            (Some(next), Some(next_begin)) => {
                if next.rows().is_none() {
                    next.begin = Some(next_begin);
                } else if !reaches_next && next.cursor() != Some(&next_begin.cursor) {
                    self.pages.insert(page_idx + 1, Page::unseen(next_begin, 1));
                }
            }
        }
        self.count();
    }

    /// Drops what is far from `in_view`, once there is a lot. The page of `pinned`, the reader's cursor, stays.
    pub fn drop_far(&mut self, in_view: Range<usize>, pinned: Option<usize>) {
        if self.n_loaded() <= MAX_LOADED {
            return;
        }
        self.drop_outside(in_view.start.saturating_sub(KEPT_AROUND)..in_view.end + KEPT_AROUND, pinned);
    }

    fn drop_outside(&mut self, kept: Range<usize>, pinned: Option<usize>) {
        let pinned = pinned.and_then(|row_idx| self.page_at(row_idx));
        for page_idx in 1..self.pages.len() {
            let (page, start) = (&mut self.pages[page_idx], self.starts[page_idx]);
            let is_near = start < kept.end && start + page.len() > kept.start;
            if !is_near && pinned != Some(page_idx) {
                // The page will not have them when it comes again: they belong elsewhere by now.
                let moved = page.drop_rows(|row| self.moved.contains(&row.id()));
                self.moved.retain(|id| moved.iter().all(|row| row.id() != *id));
                self.new.extend(moved);
            }
        }
        self.count();
    }

    /// Whether the first page has grown by live rows to more than one would fetch: reading it anew loses nothing that
    /// is in view, and gives memory back.
    pub fn is_overgrown(&self) -> bool {
        self.pages.first().is_some_and(|page| page.len() > KEPT_AROUND)
    }

    fn is_waiting(&self, id: &R::Id) -> bool {
        self.new.iter().any(|row| row.id() == *id)
    }

    fn page_at(&self, row_idx: usize) -> Option<usize> {
        // The last page that begins at or before the row: pages may be empty.
        let page_idx = self.starts.partition_point(|start| *start <= row_idx).checked_sub(1)?;
        (row_idx < self.n_rows).then_some(page_idx)
    }

    /// Those of `page` that no loaded page has, except the one at `but`, each once.
    fn unknown(&self, page: Vec<R>, but: Option<usize>) -> Vec<Arc<R>> {
        let others = self.pages.iter().enumerate().filter(|(page_idx, _)| Some(*page_idx) != but);
        let rows = others.filter_map(|(_, page)| page.rows()).flatten();
        let mut known: HashSet<R::Id> = rows.chain(&self.new).map(|row| row.id()).collect();
        page.into_iter().filter(|row| known.insert(row.id())).map(Arc::new).collect()
    }

    /// After a page changed its length.
    fn count(&mut self) {
        self.n_rows = 0;
        self.starts.clear();
        for page in &self.pages {
            self.starts.push(self.n_rows);
            self.n_rows += page.len();
        }
    }
}

#[cfg(test)]
mod tests;
