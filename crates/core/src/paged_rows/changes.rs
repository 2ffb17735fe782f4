//! How rows that changed, and rows that are new, join a list.

use super::page::Page;
use super::{KEPT_AROUND, Listed, PagedRows};
use std::sync::Arc;

impl<R: Listed> PagedRows<R> {
    /// Takes in changed rows: known ones where they are, new ones and those that belong elsewhere by now at once or, if
    /// `must_wait`, when [`PagedRows::show_waiting`] is called.
    ///
    /// A row that belongs on a page which is not loaded is left out: its page will bring it. Into an order of the
    /// server's nothing new is taken.
    pub fn merge(&mut self, changed: Vec<R>, must_wait: bool) {
        for row in changed {
            let id = row.id();
            let known = loaded_in(&mut self.pages).find(|known| known.id() == id);
            if let Some(known) = known {
                let has_moved = known.order() != row.order();
                // Nothing is drawn anew for an equal row.
                if **known != row {
                    *known = Arc::new(row);
                }
                if has_moved && !self.is_fixed {
                    self.moved.insert(id);
                }
            } else if let Some(waiting) = self.new.iter_mut().find(|waiting| waiting.id() == id) {
                *waiting = Arc::new(row);
            } else if !self.is_fixed && self.page_of(&row).is_some() {
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
        let mut rows = std::mem::take(&mut self.new);
        let moved = std::mem::take(&mut self.moved);
        for page in self.pages.iter_mut().filter_map(Page::rows_mut) {
            rows.extend(page.extract_if(.., |row| moved.contains(&row.id())));
        }
        for row in rows {
            if let Some(page) = self.page_of(&row).and_then(|page_idx| self.pages[page_idx].rows_mut()) {
                let at = page.partition_point(|other| other.order() <= row.order());
                page.insert(at, row);
            }
        }
        self.count();
    }

    /// Whether more waits than is worth its memory: reading the list anew brings it all.
    pub fn has_too_many_waiting(&self) -> bool {
        self.new.len() > KEPT_AROUND
    }

    /// Forgets what waits.
    pub fn forget_waiting(&mut self) {
        self.new.clear();
        self.moved.clear();
    }

    /// Changes each loaded row that `change` has something else for.
    pub fn update_each(&mut self, change: impl Fn(&R) -> Option<R>) {
        for row in loaded_in(&mut self.pages) {
            if let Some(changed) = change(row) {
                *row = Arc::new(changed);
            }
        }
    }

    /// The loaded page on which a row belongs; `None` when that page is not loaded.
    fn page_of(&self, row: &R) -> Option<usize> {
        let order = row.order();
        let is_below = self.next.as_ref().is_some_and(|next| next.after.as_ref().is_none_or(|after| *after < order));
        let page_idx = self.pages.iter().rposition(|page| page.begins_before(&order)).filter(|_| !is_below)?;
        self.pages[page_idx].rows().map(|_| page_idx)
    }
}

fn loaded_in<R: Listed>(pages: &mut [Page<R>]) -> impl Iterator<Item = &mut Arc<R>> {
    pages.iter_mut().filter_map(Page::rows_mut).flatten()
}
