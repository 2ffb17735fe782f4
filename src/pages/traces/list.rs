//! Fetches the traces of a project page by page and keeps them up to date. The views only read it.

use super::row::{SELECT, TraceRow};
use super::rows::TraceRows;
use crate::api::{ApiClient, ApiError};
use fanlight_wire::live::Change;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunId, TraceId};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeSet;
use std::time::Duration;

/// The most that the API gives at once.
const PAGE_SIZE: i64 = 100;
/// Changes within this time are fetched together.
const GATHER: Duration = Duration::from_millis(80);

/// How the first page is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadState {
    Loading,
    Failed(ApiError),
    Ready,
}

/// A handle on the list of one project. Requests end with the owner that made it, the page.
#[derive(Clone, Copy)]
pub struct TraceList {
    project: ProjectId,
    api: StoredValue<ApiClient>,
    owner: StoredValue<Owner>,
    pub rows: RwSignal<TraceRows>,
    pub state: RwSignal<LoadState>,
    /// Why the next page did not come.
    pub page_failure: RwSignal<Option<ApiError>>,
    /// More new traces came in than one page holds: the list has to be read anew to show them.
    pub is_outdated: RwSignal<bool>,
    is_paging: StoredValue<bool>,
    gathered: StoredValue<BTreeSet<TraceId>>,
    /// Whether new traces have to wait, and what to do when rows came in above the first.
    placement: Placement,
}

/// How new rows meet what the reader is doing.
#[derive(Clone, Copy)]
pub struct Placement {
    pub must_wait: Callback<(), bool>,
    pub on_rows_above: Callback<usize>,
}

impl TraceList {
    /// Begins with `known` rows, brought up to date, or with nothing, and loads the first page.
    pub fn new(project: ProjectId, known: Option<TraceRows>, placement: Placement) -> Self {
        let is_known = known.is_some();
        let list = TraceList {
            project,
            api: StoredValue::new(expect_context()),
            owner: StoredValue::new(Owner::current().expect("a list belongs to a page")),
            rows: RwSignal::new(known.unwrap_or_default()),
            state: RwSignal::new(if is_known { LoadState::Ready } else { LoadState::Loading }),
            page_failure: RwSignal::new(None),
            is_outdated: RwSignal::new(false),
            is_paging: StoredValue::new(false),
            gathered: StoredValue::new(BTreeSet::new()),
            placement,
        };
        if is_known {
            list.resync()
        } else {
            list.reload()
        }
        list
    }

    /// Reads the first page and forgets the rest.
    pub fn reload(self) {
        self.spawn(async move {
            match self.query(RunQuery::default()).await {
                Ok((page, next_cursor)) => {
                    self.rows.set(TraceRows::first(page, next_cursor));
                    self.is_outdated.set(false);
                    self.page_failure.set(None);
                    self.state.set(LoadState::Ready);
                }
                Err(error) if self.rows.with_untracked(TraceRows::is_empty) => self.state.set(LoadState::Failed(error)),
                Err(error) => self.page_failure.set(Some(error)),
            }
        });
    }

    /// Loads the next older page unless it is on its way.
    pub fn load_more(self) {
        let Some(cursor) = self.rows.with_untracked(|rows| rows.next_cursor().map(str::to_owned)) else { return };
        if self.is_paging.get_value() {
            return;
        }
        self.is_paging.set_value(true);
        self.page_failure.set(None);
        self.spawn(async move {
            let answer = self.query(RunQuery { cursor: Some(cursor.clone()), ..RunQuery::default() }).await;
            self.is_paging.set_value(false);
            match answer {
                // The list may have been read anew meanwhile.
                Ok((page, next)) if self.rows.with_untracked(|rows| rows.next_cursor() == Some(&*cursor)) => {
                    self.rows.update(|rows| rows.append(page, next));
                }
                Ok(_) => {}
                Err(error) => self.page_failure.set(Some(error)),
            }
        });
    }

    /// Takes a live change in: fetches the traces that it names, together with those of the next moments.
    pub fn on_change(self, change: &Change) {
        if change.project_id != self.project {
            return;
        }
        if change.is_truncated {
            self.resync();
            return;
        }
        let was_empty = self.gathered.with_value(BTreeSet::is_empty);
        self.gathered.update_value(|gathered| gathered.extend(&change.traces));
        if was_empty {
            set_timeout(move || self.fetch_gathered(), GATHER);
        }
    }

    /// Fetches what may have been missed: the newest page, and the rows that were still running.
    pub fn resync(self) {
        if self.state.with_untracked(|state| *state != LoadState::Ready) {
            self.reload();
            return;
        }
        self.spawn(async move {
            let Ok((page, next_cursor)) = self.query(RunQuery::default()).await else { return };
            if self.rows.with_untracked(|rows| rows.meets(&page, next_cursor.is_some())) {
                self.place(page);
            } else if self.placement.must_wait.run(()) {
                self.is_outdated.set(true);
            } else {
                self.rows.set(TraceRows::first(page, next_cursor));
            }
            if self.page_failure.with_untracked(Option::is_some) {
                self.load_more();
            }
        });
        self.fetch(self.rows.with_untracked(|rows| rows.running(PAGE_SIZE as usize)));
    }

    /// Inserts the rows that waited.
    pub fn show_waiting(self) {
        if self.is_outdated.get_untracked() {
            self.reload();
            return;
        }
        let n_above = self.rows.try_update(TraceRows::show_waiting).unwrap_or(0);
        self.placement.on_rows_above.run(n_above);
    }

    fn fetch_gathered(self) {
        let Some(ids) = self.gathered.try_update_value(std::mem::take) else { return };
        let ids: Vec<TraceId> = ids.into_iter().collect();
        for ids in ids.chunks(PAGE_SIZE as usize) {
            self.fetch(ids.to_vec());
        }
    }

    fn fetch(self, ids: Vec<TraceId>) {
        if ids.is_empty() {
            return;
        }
        self.spawn(async move {
            let ids: Vec<RunId> = ids.into_iter().map(RunId::from).collect();
            // A failure needs no word here: the banner tells of a lost connection, after which all is fetched again.
            if let Ok((changed, _)) = self.query(RunQuery { ids: Some(ids), ..RunQuery::default() }).await {
                self.place(changed);
            }
        });
    }

    fn place(self, changed: Vec<TraceRow>) {
        let must_wait = self.placement.must_wait.run(());
        let n_above = self.rows.try_update(|rows| rows.merge(changed, must_wait)).unwrap_or(0);
        self.placement.on_rows_above.run(n_above);
    }

    async fn query(self, more: RunQuery) -> Result<(Vec<TraceRow>, Option<String>), ApiError> {
        let query = RunQuery {
            projects: Some(vec![self.project]),
            is_root: Some(true),
            limit: Some(PAGE_SIZE),
            select: Some(SELECT.iter().map(|field| (*field).to_owned()).collect()),
            ..more
        };
        let page = self.api.get_value().query_runs(&query).await?;
        Ok((page.runs.into_iter().map(TraceRow::from).collect(), page.cursors.next))
    }

    fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.owner.with_value(|owner| owner.with(|| spawn_local_scoped_with_cancellation(task)));
    }
}
