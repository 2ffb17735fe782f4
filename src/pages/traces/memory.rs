//! What the trace list looked like when it was left, so that coming back finds it as it was.

use super::rows::TraceRows;
use fanlight_wire::ProjectId;
use leptos::prelude::*;

/// The list of one project as it was left.
#[derive(Clone)]
pub struct LeftList {
    pub project: ProjectId,
    pub rows: TraceRows,
    pub scroll_top_px: f64,
    pub cursor: Option<usize>,
    /// The focus was in the list, or went from it to a trace.
    pub had_focus: bool,
}

/// Remembers the list that was left last; older ones are not worth their memory.
#[derive(Clone, Copy)]
pub struct ListMemory(StoredValue<Option<LeftList>>);

impl ListMemory {
    /// Provides the memory. Called once, by the application.
    pub fn provide() {
        provide_context(ListMemory(StoredValue::new(None)));
    }

    pub fn keep(&self, left: LeftList) {
        self.0.set_value(Some(left));
    }

    /// The list of `project`, if it was the last one left.
    pub fn recall(&self, project: ProjectId) -> Option<LeftList> {
        self.0.with_value(|left| left.clone().filter(|left| left.project == project))
    }
}
