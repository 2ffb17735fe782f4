//! What the trace list looked like when it was left, so that coming back finds it as it was.

use super::list::{Asked, TraceRows};
use super::row::TraceRow;
use super::selection::Selection;
use crate::routes;
use fanlight_wire::{ProjectId, TraceId};
use leptos::prelude::*;
use std::sync::Arc;

/// The list of one project as it was left.
#[derive(Clone)]
pub struct LeftList {
    pub project: ProjectId,
    /// The address, as far as it says which rows there are.
    pub found_by: String,
    pub asked: Asked,
    pub rows: TraceRows,
    pub selection: Selection,
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

    /// The list of `project`, if it was the last one left and was found by the same address.
    pub fn recall(&self, project: ProjectId, found_by: &str) -> Option<LeftList> {
        let is_same = |left: &LeftList| left.project == project && left.found_by == found_by;
        self.0.with_value(|left| left.clone().filter(is_same))
    }

    /// The address of the trace after `trace` in the list of `project`, or before it, where the list was left last; the
    /// list will have its cursor there. Nothing at the ends of what it has loaded there.
    pub fn step(&self, project: ProjectId, trace: TraceId, is_forward: bool) -> Option<String> {
        self.0.try_update_value(|left| {
            let left = left.as_mut().filter(|left| left.project == project)?;
            let (here, _) = left.rows.places().find(|(_, row)| row.trace_id == trace)?;
            let loaded = |idx: usize| left.rows.get(idx).map(|row| (idx, row));
            // A list of runs may have several of one trace.
            let is_other = |(_, row): &(usize, &Arc<TraceRow>)| row.trace_id != trace;
            let (next, row) = if is_forward {
                (here..left.rows.len()).map_while(loaded).find(is_other)
            } else {
                (0..here).rev().map_while(loaded).find(is_other)
            }?;
            let path = routes::run(project, row.trace_id, row.id);
            left.cursor = Some(next);
            Some(path)
        })?
    }

    /// The address of the list of `project` as it was left last.
    pub fn address(&self, project: ProjectId) -> Option<String> {
        self.0.with_value(|left| left.as_ref().filter(|left| left.project == project).map(|left| left.found_by.clone()))
    }
}
