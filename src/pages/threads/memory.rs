//! What the thread list looked like when it was left, so that coming back finds it as it was.

use super::list::ThreadRows;
use super::query::ThreadsQuery;
use fanlight_wire::ProjectId;
use fanlight_wire::thread::ThreadQuery;
use leptos::prelude::*;

/// The list of one project as it was left.
#[derive(Clone)]
pub struct LeftThreads {
    pub project: ProjectId,
    pub query: ThreadsQuery,
    /// What the rows answer: their next page is of the same question.
    pub asked: ThreadQuery,
    pub rows: ThreadRows,
    pub scroll_top_px: f64,
    pub cursor: Option<usize>,
    /// The focus was in the list, or went from it to a thread.
    pub had_focus: bool,
}

/// Remembers the list that was left last; older ones are not worth their memory.
#[derive(Clone, Copy)]
pub struct ThreadMemory(StoredValue<Option<LeftThreads>>);

impl ThreadMemory {
    /// Provides the memory. Called once, by the application.
    pub fn provide() {
        provide_context(ThreadMemory(StoredValue::new(None)));
    }

    pub fn keep(&self, left: LeftThreads) {
        self.0.set_value(Some(left));
    }

    /// The list of `project` for `query`, if it was the last one left.
    pub fn recall(&self, project: ProjectId, query: &ThreadsQuery) -> Option<LeftThreads> {
        self.0.with_value(|left| left.clone().filter(|left| left.project == project && left.query == *query))
    }
}
