//! One page of a list: its rows, or how many they were.

use super::Listed;
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Page<R: Listed> {
    /// `None` for the first page.
    pub(super) begin: Option<Begin<R>>,
    content: Content<R>,
}

/// Where a page begins: behind the last row of the page before, as that was fetched.
pub(super) struct Begin<R: Listed> {
    /// As the server says it.
    pub(super) cursor: String,
    /// The order of that last row; `None` when there was none.
    pub(super) after: Option<R::Order>,
}

#[derive(Clone)]
enum Content<R> {
    Loaded(Vec<Arc<R>>),
    /// So many rows had their place here.
    Dropped(usize),
}

impl<R: Listed> Clone for Begin<R> {
    fn clone(&self) -> Self {
        Begin { cursor: self.cursor.clone(), after: self.after.clone() }
    }
}

impl<R: Listed> Begin<R> {
    /// Where the page after `page` begins.
    pub(super) fn behind(page: &[R], next_cursor: Option<String>) -> Option<Self> {
        next_cursor.map(|cursor| Begin { cursor, after: page.last().map(Listed::order) })
    }
}

impl<R: Listed> Page<R> {
    pub(super) fn loaded(begin: Option<Begin<R>>, rows: Vec<Arc<R>>) -> Self {
        Page { begin, content: Content::Loaded(rows) }
    }

    /// A page that was never seen, and is thought to have `n_rows`.
    pub(super) fn unseen(begin: Begin<R>, n_rows: usize) -> Self {
        Page { begin: Some(begin), content: Content::Dropped(n_rows) }
    }

    pub(super) fn cursor(&self) -> Option<&str> {
        self.begin.as_ref().map(|begin| begin.cursor.as_str())
    }

    /// Whether a row of this order belongs here, or on a later page.
    pub(super) fn begins_before(&self, order: &R::Order) -> bool {
        self.begin.as_ref().is_none_or(|begin| begin.after.as_ref().is_some_and(|after| after < order))
    }

    pub(super) fn len(&self) -> usize {
        match &self.content {
            Content::Loaded(rows) => rows.len(),
            Content::Dropped(n_rows) => *n_rows,
        }
    }

    pub(super) fn rows(&self) -> Option<&Vec<Arc<R>>> {
        match &self.content {
            Content::Loaded(rows) => Some(rows),
            Content::Dropped(_) => None,
        }
    }

    pub(super) fn rows_mut(&mut self) -> Option<&mut Vec<Arc<R>>> {
        match &mut self.content {
            Content::Loaded(rows) => Some(rows),
            Content::Dropped(_) => None,
        }
    }

    pub(super) fn fill(&mut self, rows: Vec<Arc<R>>) {
        self.content = Content::Loaded(rows);
    }

    /// Keeps but the place of its rows, and returns those that `is_kept`. A page without rows keeps the place of one: what
    /// it has when it comes again is not known, and only places are asked for.
    pub(super) fn drop_rows(&mut self, is_kept: impl Fn(&R) -> bool) -> Vec<Arc<R>> {
        let n_rows = self.len();
        let Some(rows) = self.rows_mut() else { return Vec::new() };
        let kept = rows.extract_if(.., |row| is_kept(row)).collect();
        self.content = Content::Dropped(n_rows.max(1));
        kept
    }
}
