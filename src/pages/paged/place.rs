//! The reader's place in a list: kept while rows come and go, found again after coming back.

use crate::components::erased::effect;
use crate::components::virtual_list::ListState;
use crate::paged_rows::{Listed, PagedRows};
use leptos::prelude::*;

/// Changes the rows; what the reader looks at stays where it is, unless that is the top of the list.
pub(super) fn rearrange<R>(
    state: ListState,
    rows: RwSignal<PagedRows<R>>,
    change: impl FnOnce(&mut PagedRows<R>) + 'static,
) where
    R: Listed<Id: Send + Sync, Order: Send + Sync> + Send + Sync + 'static,
{
    let viewport = state.viewport.get_untracked();
    let row_height_px = viewport.row_height_px.max(1.0);
    let (top_idx, n_in_view) =
        ((viewport.scroll_top_px / row_height_px) as usize, (viewport.height_px / row_height_px) as usize + 1);
    let id_at = |row_idx: usize| rows.with_untracked(|rows| rows.get(row_idx).map(|row| row.id()));
    let (cursor, had_focus, is_at_top) = (state.cursor.get_untracked(), state.has_focus(), state.is_at_top());
    let cursor_id = cursor.and_then(id_at);
    let in_view = (top_idx..top_idx + n_in_view).find_map(|row_idx| id_at(row_idx).map(|id| (row_idx, id)));
    rows.update(change);
    let position = |id: &R::Id| rows.with_untracked(|rows| rows.position(id));
    // A row that is not loaded has no name by which it could be found.
    let moved_to = if cursor_id.is_some() { cursor_id.as_ref().and_then(position) } else { cursor };
    if moved_to != cursor {
        state.cursor.set(moved_to);
    }
    // The row with the focus stays under the reader's eyes, else the first in view.
    let focused = cursor.zip(moved_to).filter(|_| had_focus && cursor_id.is_some());
    let anchor = focused.or_else(|| in_view.and_then(|(before, id)| position(&id).map(|now| (before, now))));
    let Some((before, now)) = anchor.filter(|(before, now)| before != now) else { return };
    // The list must have grown before it can be scrolled that far.
    request_animation_frame(move || {
        let Some(viewport) = state.viewport.try_get_untracked() else { return };
        if !is_at_top || had_focus {
            state.scroll_to(viewport.scroll_top_px + (now as f64 - before as f64) * viewport.row_height_px);
        }
        if had_focus {
            // The slot that had the focus draws another row by now.
            request_animation_frame(move || state.focus_cursor());
        }
    });
}

/// Puts a list back as it was left, once it is on the page.
pub fn restore(state: ListState, cursor: Option<usize>, scroll_top_px: f64, had_focus: bool) {
    state.cursor.set(cursor);
    let is_restored = StoredValue::new(false);
    effect(move || {
        // The height is known when the list has been measured: before that it cannot be scrolled.
        let is_measured = state.scroller.get().is_some() && state.viewport.with(|viewport| viewport.height_px > 0.0);
        if !is_measured || is_restored.try_update_value(|it| std::mem::replace(it, true)).unwrap_or(true) {
            return;
        }
        request_animation_frame(move || {
            state.scroll_to(scroll_top_px);
            if had_focus {
                request_animation_frame(move || state.focus_cursor());
            }
        });
    });
}
