//! What happens on the page by itself: asking anew, keeping one's place, remembering it, following live changes.

use super::actions::Actions;
use super::address::{History, PageState};
use super::columns::{ColumnId, Columns};
use super::list::{Asked, TraceList};
use super::live_state::is_live;
use super::memory::{LeftList, ListMemory};
use super::overview::Overview;
use super::query::TracesQuery;
use super::question::Question;
use super::row::{SELECT_METADATA, SELECT_SHAPE, SELECT_SNIPPET};
use crate::components::erased::{effect, memo};
use crate::components::virtual_list::ListState;
use crate::live::{Live, LiveEvent};
use crate::pages::paged::restore;
use fanlight_wire::RunId;
use leptos::prelude::*;

/// Asks the list anew when the question changes; the first time it may know the answer from before.
pub fn ask_on_change(
    question: Question,
    list: TraceList,
    state: ListState,
    columns: Memo<Columns>,
    focused: StoredValue<Option<RunId>>,
) {
    let memory: ListMemory = expect_context();
    let needs_metadata = memo(move || columns.with(Columns::needs_metadata));
    let needs_shape = memo(move || columns.with(|columns| columns.position(&ColumnId::Shape).is_some()));
    let is_first = StoredValue::new(true);
    effect(move || {
        let (sort, needs_metadata, needs_shape) = (question.sort.get(), needs_metadata.get(), needs_shape.get());
        let Some(query) = question.run_query() else { return };
        let select =
            [(needs_metadata, SELECT_METADATA), (question.searches(), SELECT_SNIPPET), (needs_shape, SELECT_SHAPE)];
        let select = select.into_iter().filter_map(|(is_needed, field)| is_needed.then_some(field)).collect();
        let asked = Asked { query, scope: question.scope.get_untracked(), sort, select };
        let found_by = question.page.with_untracked(TracesQuery::found_by);
        let is_first = is_first.try_update_value(|is_first| std::mem::replace(is_first, false)).unwrap_or(false);
        let left = is_first.then(|| memory.recall(question.project, &found_by)).flatten();
        match left {
            Some(left) if left.asked.select == asked.select => {
                list.ask_again(left.asked.clone(), left.rows.clone());
                restore(state, left.cursor, left.scroll_top_px, left.had_focus);
            }
            _ => {
                let row = state
                    .cursor
                    .get_untracked()
                    .and_then(|idx| list.rows.with_untracked(|rows| rows.get(idx).map(|row| row.id)));
                focused.set_value(row);
                list.ask(asked);
            }
        }
    });
}

/// After a new answer the focused row stays in view if it is still there; else the list begins at its top.
pub fn keep_focused_row(list: TraceList, state: ListState, focused: StoredValue<Option<RunId>>) {
    Effect::watch(
        move || list.is_stale.get(),
        move |is_stale, was_stale, _| {
            if *is_stale || was_stale != Some(&true) {
                return;
            }
            let id = focused.try_update_value(Option::take).flatten();
            let row_idx = id.and_then(|id| list.rows.with_untracked(|rows| rows.position(&id)));
            let had_focus = state.has_focus();
            state.cursor.set(row_idx);
            request_animation_frame(move || match row_idx {
                Some(row_idx) if had_focus => state.move_to(row_idx),
                Some(_) => {}
                None => state.scroll_to(0.0),
            });
        },
        false,
    );
}

/// Keeps what the list looks like for when the reader comes back.
pub fn remember(actions: Actions) {
    let memory: ListMemory = expect_context();
    let Actions { project, page, list, state, selection, had_focus, .. } = actions;
    on_cleanup(move || {
        memory.keep(LeftList {
            project,
            found_by: page.with_untracked(TracesQuery::found_by),
            asked: list.source.asked.get_value(),
            rows: list.rows.get_untracked(),
            selection: selection.get_untracked(),
            scroll_top_px: state.viewport.with_untracked(|viewport| viewport.scroll_top_px),
            cursor: state.cursor.get_untracked(),
            had_focus: had_focus.get_value(),
        });
    });
}

/// Takes live changes in while they are wanted, and catches up when they are wanted again.
pub fn follow_live(page: PageState, list: TraceList, overview: Overview) {
    let is_live = memo(move || is_live(page));
    expect_context::<Live>().on_event(move |event| {
        if !is_live.get_untracked() {
            return;
        }
        match event {
            LiveEvent::Change(change) => list.on_change(change),
            LiveEvent::Resync => list.resync(),
        }
        overview.recount();
    });
    Effect::watch(
        move || is_live.get(),
        move |is_live, _, _| {
            if *is_live && !list.is_stale.get_untracked() {
                list.resync();
            }
        },
        false,
    );
}

/// The preview shows the row under the cursor, wherever that goes.
pub fn follow_cursor(page: PageState, list: TraceList, state: ListState) {
    Effect::watch(
        move || state.cursor.get(),
        move |cursor, _, _| {
            let row = cursor.and_then(|row_idx| list.rows.with_untracked(|rows| rows.get(row_idx).map(|row| row.id)));
            if page.with_untracked(|query| query.preview.is_some()) && row.is_some() {
                page.change(History::Replace, |query| query.preview = row);
            }
        },
        false,
    );
}
