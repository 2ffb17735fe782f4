//! The reader's place in the list: kept while threads move, found again after coming back.

use super::list::{Placement, Rearrangement};
use super::memory::LeftThreads;
use super::rows::ThreadRows;
use crate::components::erased::effect;
use crate::components::virtual_list::ListState;
use leptos::prelude::*;

/// Rows stay where they are while somebody reads them: scrolled, focused or pointed at.
pub fn placement(state: ListState, rows: RwSignal<ThreadRows>) -> Placement {
    let must_wait = Callback::new(move |()| {
        let is_pointed_at =
            || state.scroller.get_untracked().is_some_and(|scroller| scroller.matches(":hover").unwrap_or(false));
        !state.is_at_top() || state.has_focus() || is_pointed_at()
    });
    let rearrange = Callback::new(move |change: Rearrangement| {
        let viewport = state.viewport.get_untracked();
        let top_idx = (viewport.scroll_top_px / viewport.row_height_px.max(1.0)) as usize;
        let id_at = |row_idx: usize| rows.with_untracked(|rows| rows.get(row_idx).map(|row| row.id.clone()));
        let (cursor, had_focus) = (state.cursor.get_untracked(), state.has_focus());
        let (cursor_id, top_id) = (cursor.and_then(id_at), id_at(top_idx));
        let is_at_top = state.is_at_top();
        rows.update(change);
        let position = |id: &String| rows.with_untracked(|rows| rows.position(id));
        let moved_to = cursor_id.as_ref().and_then(position);
        state.cursor.set(moved_to);
        // The row with the focus stays under the reader's eyes, else the first in view.
        let anchor =
            cursor.zip(moved_to).filter(|_| had_focus).or(top_id.as_ref().and_then(position).map(|now| (top_idx, now)));
        request_animation_frame(move || {
            if let Some((before, now)) = anchor.filter(|_| !is_at_top || had_focus) {
                state.scroll_to(viewport.scroll_top_px + (now as f64 - before as f64) * viewport.row_height_px);
            }
            if had_focus {
                // The slot that had the focus draws another row by now.
                request_animation_frame(move || state.focus_cursor());
            }
        });
    });
    Placement { must_wait, rearrange }
}

/// Puts the list back as it was left, once it is on the page.
pub fn restore(state: ListState, left: Option<LeftThreads>) {
    let Some(left) = left else { return };
    state.cursor.set(left.cursor);
    let left = StoredValue::new(Some((left.scroll_top_px, left.had_focus)));
    effect(move || {
        // The height is known when the list has been measured: before that it cannot be scrolled.
        let is_measured = state.scroller.get().is_some() && state.viewport.with(|viewport| viewport.height_px > 0.0);
        let Some((scroll_top_px, had_focus)) =
            is_measured.then(|| left.try_update_value(Option::take)).flatten().flatten()
        else {
            return;
        };
        request_animation_frame(move || {
            state.scroll_to(scroll_top_px);
            if had_focus {
                request_animation_frame(move || state.focus_cursor());
            }
        });
    });
}
