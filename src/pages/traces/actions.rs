//! What the list's keys, buttons and commands do: one place, whoever asks.

use super::address::{History, PageState};
use super::columns::{ColumnId, Columns};
use super::keys::{self, ListKey};
use super::list::{TraceList, TraceRows};
use super::question::Question;
use super::row::{SELECT, SELECT_METADATA, TraceRow};
use super::selection::Selection;
use crate::api::{ApiClient, ApiError};
use crate::components::copy_button::copy_text;
use crate::components::toast::{Toasts, use_toasts};
use crate::components::virtual_list::ListState;
use crate::components::virtual_rows::rows_per_page;
use crate::routes;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, Run, RunId};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Runs in one request.
const CHUNK: usize = 100;

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Everything that actions need to know. Copy it freely.
#[derive(Clone, Copy)]
pub struct Actions {
    pub project: ProjectId,
    pub page: PageState,
    pub question: Question,
    pub list: TraceList,
    pub state: ListState,
    pub columns: Memo<Columns>,
    pub selection: RwSignal<Selection>,
    /// The list had the focus when a trace was opened from it.
    pub had_focus: StoredValue<bool>,
    pub focus_filter: Callback<()>,
    navigate: StoredValue<Navigate, LocalStorage>,
    api: StoredValue<ApiClient>,
    toasts: Toasts,
}

/// What belongs to the page that the actions are of.
pub struct Parts {
    pub question: Question,
    pub list: TraceList,
    pub state: ListState,
    pub columns: Memo<Columns>,
    pub selection: RwSignal<Selection>,
    pub focus_filter: Callback<()>,
}

impl Actions {
    pub fn new(parts: Parts) -> Self {
        let Parts { question, list, state, columns, selection, focus_filter } = parts;
        let navigate: Navigate = Box::new(use_navigate());
        Actions {
            project: question.project,
            page: question.page,
            question,
            list,
            state,
            columns,
            selection,
            had_focus: StoredValue::new(false),
            focus_filter,
            navigate: StoredValue::new_local(navigate),
            api: StoredValue::new(expect_context()),
            toasts: use_toasts(),
        }
    }

    /// Does what `key` stands for; `false` when there is nothing to do it with, so that the key may mean something else.
    pub fn act(self, key: ListKey) -> bool {
        let cursor = self.state.cursor.get_untracked();
        match key {
            ListKey::Open => cursor.map(|row_idx| self.open(row_idx, false)).is_some(),
            ListKey::OpenInNewTab => cursor.map(|row_idx| self.open(row_idx, true)).is_some(),
            ListKey::CellLeft | ListKey::CellRight => self.move_cell(key),
            ListKey::Preview => self.toggle_preview(),
            ListKey::Select => cursor.map(|row_idx| self.select(row_idx, false)).is_some(),
            ListKey::SelectTo => cursor.map(|row_idx| self.select(row_idx, true)).is_some(),
            ListKey::Compare => self.compare(),
            ListKey::FilterTo => self.filter_to_cell(false),
            ListKey::Exclude => self.filter_to_cell(true),
            ListKey::Sort => self.sort(),
            ListKey::CopyLink => self.copy_link(),
            ListKey::CopyJson => self.copy_json(),
            ListKey::FocusFilter => {
                self.focus_filter.run(());
                true
            }
            ListKey::Leave => self.leave(),
            ListKey::SelectNext | ListKey::SelectPrevious => {
                if let Some(row_idx) = cursor {
                    self.select(row_idx, true);
                }
                self.move_cursor(key);
                if let Some(row_idx) = self.state.cursor.get_untracked() {
                    self.select(row_idx, true);
                }
                true
            }
            _ => self.move_cursor(key),
        }
    }

    fn move_cursor(self, key: ListKey) -> bool {
        let n_rows = self.list.rows.with_untracked(TraceRows::len);
        let page = rows_per_page(self.state.viewport.get_untracked());
        let target = keys::moved(key, self.state.cursor.get_untracked(), n_rows, page);
        if let Some(row_idx) = target {
            self.state.move_to(row_idx);
        }
        target.is_some()
    }

    fn move_cell(self, key: ListKey) -> bool {
        if self.state.cursor.get_untracked().is_none() {
            return false;
        }
        let n_columns = self.columns.with_untracked(Columns::count);
        // Cells are counted as `aria-colindex` does: the check box is 1.
        let cell = self.state.cell.get_untracked().and_then(|cell| cell.checked_sub(2));
        let next = keys::moved_cell(key, cell, n_columns);
        self.state.cell.set(next.map(|cell| cell + 2));
        self.state.focus_cursor();
        true
    }

    fn row(self, row_idx: usize) -> Option<TraceRow> {
        self.list.rows.with_untracked(|rows| rows.get(row_idx).map(|row| TraceRow::clone(row)))
    }

    fn focused_row(self) -> Option<TraceRow> {
        self.row(self.state.cursor.get_untracked()?)
    }

    pub fn open(self, row_idx: usize, is_new_tab: bool) {
        let Some(row) = self.row(row_idx) else { return };
        let path = routes::run(self.project, row.trace_id, row.id);
        self.state.cursor.set(Some(row_idx));
        if is_new_tab {
            // A browser that blocks new windows says so itself.
            let _ = window().open_with_url_and_target_and_features(&path, "_blank", "noopener");
        } else {
            self.had_focus.set_value(true);
            self.navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
        }
    }

    /// Opens the preview of the focused row, or closes it.
    pub fn toggle_preview(self) -> bool {
        let row = self.focused_row().map(|row| row.id);
        let is_open = self.page.with_untracked(|query| query.preview.is_some());
        if !is_open && row.is_none() {
            return false;
        }
        self.page.change(History::Push, |query| query.preview = if is_open { None } else { row });
        true
    }

    pub fn select(self, row_idx: usize, is_range: bool) {
        let Some(row) = self.row(row_idx) else { return };
        self.selection.update(|selection| {
            if is_range {
                let ids: Vec<RunId> = self.list.rows.with_untracked(|rows| rows.loaded().map(|row| row.id).collect());
                selection.extend_to(row.id, &ids);
            } else {
                selection.toggle(row.id);
            }
        });
    }

    /// Opens the comparison of the two selected traces, the one selected first as A.
    pub fn compare(self) -> bool {
        let ids = self.selection.with_untracked(|selection| selection.ids().to_vec());
        let &[a, b] = ids.as_slice() else {
            self.toasts.show("Select two traces with x to compare them");
            return true;
        };
        leptos::task::spawn_local(async move {
            let found = self.fetch_runs(vec![a, b]).await;
            let trace_of = |runs: &[Run], id: RunId| runs.iter().find(|run| run.id == id).map(|run| run.trace_id);
            match found.map(|runs| trace_of(&runs, a).zip(trace_of(&runs, b))) {
                Ok(Some((a, b))) if a == b => self.toasts.show("Both runs are of the same trace"),
                Ok(Some((a, b))) => {
                    self.had_focus.set_value(true);
                    let path = routes::compare(self.project, a, b);
                    self.navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
                }
                Ok(None) => self.toasts.show_error("One of the traces does not exist any more"),
                Err(error) => self.toasts.show_error(error.to_string()),
            }
        });
        true
    }

    fn focused_column(self) -> Option<ColumnId> {
        let idx = self.state.cell.get_untracked()?.checked_sub(2)?;
        self.columns.with_untracked(|columns| columns.get(idx).map(|column| column.id.clone()))
    }

    fn filter_to_cell(self, is_excluded: bool) -> bool {
        let Some(row) = self.focused_row() else { return false };
        match self.focused_column() {
            Some(column) => self.filter_to(&row, &column, is_excluded),
            None => self.toasts.show("Choose a cell with ← and → first"),
        }
        true
    }

    /// Narrows the list to a cell's value, or excludes it.
    pub fn filter_to(self, row: &TraceRow, column: &ColumnId, is_excluded: bool) {
        let (row, column) = (row.clone(), column.clone());
        self.question.with_language(move |language| match (language.condition_of_cell)(&row, &column) {
            Some(condition) => self
                .question
                .change_filter(move |language, filter| (language.narrowed)(&filter, condition, is_excluded)),
            None => self.toasts.show(format!("{} of this row is nothing to filter by", column.title())),
        });
    }

    fn sort(self) -> bool {
        let Some(column) = self.focused_column() else {
            self.toasts.show("Choose a cell with ← and → first, or a column's header");
            return true;
        };
        match column.sort() {
            Some(by) => self.page.change(History::Push, |query| query.sort = query.sort.clicked(by)),
            None => self.toasts.show(format!("{} has no order", column.title())),
        }
        true
    }

    fn copy_link(self) -> bool {
        let origin = window().location().origin().unwrap_or_default();
        let path = match self.focused_row() {
            Some(row) => routes::run(self.project, row.trace_id, row.id),
            None => routes::traces_with(self.project, &self.page.with_untracked(ToString::to_string)),
        };
        self.copy(format!("{origin}{path}"), "Link copied");
        true
    }

    pub fn copy_ids(self) {
        let ids = self
            .selection
            .with_untracked(|selection| selection.ids().iter().map(RunId::to_string).collect::<Vec<_>>().join("\n"));
        self.copy(ids, "Ids copied");
    }

    /// Copies the selected runs, or the focused one, as a JSON list without payloads.
    pub fn copy_json(self) -> bool {
        let mut ids = self.selection.with_untracked(|selection| selection.ids().to_vec());
        if ids.is_empty() {
            ids.extend(self.focused_row().map(|row| row.id));
        }
        if ids.is_empty() {
            return false;
        }
        leptos::task::spawn_local(async move {
            match self.fetch_runs(ids).await {
                Ok(runs) => match serde_json::to_string_pretty(&runs) {
                    Ok(text) => self.copy(text, "Copied as JSON"),
                    Err(error) => self.toasts.show_error(error.to_string()),
                },
                Err(error) => self.toasts.show_error(error.to_string()),
            }
        });
        true
    }

    async fn fetch_runs(self, ids: Vec<RunId>) -> Result<Vec<Run>, ApiError> {
        let mut runs = Vec::with_capacity(ids.len());
        for ids in ids.chunks(CHUNK) {
            let query = RunQuery {
                projects: Some(vec![self.project]),
                ids: Some(ids.to_vec()),
                limit: Some(CHUNK as i64),
                select: Some(SELECT.iter().chain(&[SELECT_METADATA]).map(|field| (*field).to_owned()).collect()),
                ..RunQuery::default()
            };
            runs.extend(self.api.get_value().query_runs(&query).await?.runs);
        }
        Ok(runs)
    }

    fn copy(self, text: String, done: &'static str) {
        leptos::task::spawn_local(async move {
            if copy_text(&text).await {
                self.toasts.show(done);
            } else {
                self.toasts.show_error("The browser does not allow copying here");
            }
        });
    }

    /// Leaves one layer: the cell, the selection, the preview.
    fn leave(self) -> bool {
        if self.state.cell.get_untracked().is_some() {
            self.state.cell.set(None);
            self.state.focus_cursor();
        } else if !self.selection.with_untracked(Selection::is_empty) {
            self.selection.update(Selection::clear);
        } else if self.page.with_untracked(|query| query.preview.is_some()) {
            self.page.change(History::Push, |query| query.preview = None);
        } else {
            return false;
        }
        true
    }
}
