//! Fetches the threads of a project page by page and keeps them up to date. The views only read it.

use super::row::ThreadRow;
use super::rows::ThreadRows;
use crate::api::{ApiClient, ApiError};
use fanlight_wire::live::Change;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::thread::ThreadQuery;
use fanlight_wire::{ProjectId, RunId, TraceId};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeSet;
use std::time::Duration;

/// The most that the API gives at once.
const PAGE_SIZE: usize = 100;
/// Changes within this time are fetched together.
const GATHER: Duration = Duration::from_millis(200);

/// How the first page is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadState {
    Loading,
    Failed(ApiError),
    Ready,
}

/// A handle on the list of one project. Requests end with the owner that made it, the page.
#[derive(Clone, Copy)]
pub struct ThreadList {
    project: ProjectId,
    api: StoredValue<ApiClient>,
    owner: StoredValue<Owner>,
    /// What is asked; pages of a list must all be of one question.
    query: StoredValue<ThreadQuery>,
    /// Counts questions: an answer to an earlier one is thrown away.
    n_queries: StoredValue<u32>,
    pub rows: RwSignal<ThreadRows>,
    pub state: RwSignal<LoadState>,
    /// How many threads there are, loaded or not.
    pub total: RwSignal<u64>,
    /// The rows answer an earlier question.
    pub is_stale: RwSignal<bool>,
    /// Why the next page did not come.
    pub page_failure: RwSignal<Option<ApiError>>,
    /// More threads spoke than one page holds: the list has to be read anew to show them.
    pub is_outdated: RwSignal<bool>,
    is_paging: StoredValue<bool>,
    gathered: StoredValue<BTreeSet<TraceId>>,
    placement: Placement,
}

/// A change of the rows that may move them.
pub type Rearrangement = Box<dyn FnOnce(&mut ThreadRows)>;

/// How changed rows meet what the reader is doing.
#[derive(Clone, Copy)]
pub struct Placement {
    /// Whether rows must stay where they are for now.
    pub must_wait: Callback<(), bool>,
    /// Changes the rows and keeps the reader's place among them.
    pub rearrange: Callback<Rearrangement>,
}

impl ThreadList {
    /// Nothing is asked before [`ThreadList::ask`].
    pub fn new(project: ProjectId, rows: RwSignal<ThreadRows>, placement: Placement) -> Self {
        ThreadList {
            project,
            api: StoredValue::new(expect_context()),
            owner: StoredValue::new(Owner::current().expect("a list belongs to a page")),
            query: StoredValue::new(ThreadQuery::default()),
            n_queries: StoredValue::new(0),
            rows,
            state: RwSignal::new(LoadState::Loading),
            total: RwSignal::new(0),
            is_stale: RwSignal::new(false),
            page_failure: RwSignal::new(None),
            is_outdated: RwSignal::new(false),
            is_paging: StoredValue::new(false),
            gathered: StoredValue::new(BTreeSet::new()),
            placement,
        }
    }

    /// Begins with rows that are known from an earlier visit and answer `asked`.
    pub fn resume(self, rows: ThreadRows, asked: ThreadQuery) {
        self.query.set_value(asked);
        self.rows.set(rows);
        self.state.set(LoadState::Ready);
    }

    /// What the rows answer.
    pub fn asked(self) -> ThreadQuery {
        self.query.get_value()
    }

    /// Asks for the threads of `query` and forgets the rest; the rows on screen stay until the answer is there.
    pub fn ask(self, query: ThreadQuery) {
        self.query.set_value(query);
        self.reload();
    }

    /// Reads the first page anew.
    pub fn reload(self) {
        let asked = self.n_queries.try_update_value(|n| {
            *n += 1;
            *n
        });
        self.is_stale.set(true);
        self.is_paging.set_value(false);
        if matches!(self.state.get_untracked(), LoadState::Failed(_)) {
            self.state.set(LoadState::Loading);
        }
        self.spawn(async move {
            let answer = self.fetch(None, None).await;
            if self.n_queries.try_get_value() != asked {
                return;
            }
            self.is_stale.set(false);
            match answer {
                Ok((page, next_cursor)) => {
                    self.rows.set(ThreadRows::first(page, next_cursor));
                    self.is_outdated.set(false);
                    self.page_failure.set(None);
                    self.state.set(LoadState::Ready);
                }
                Err(error) => {
                    // Rows that answer another question would be a lie.
                    self.rows.set(ThreadRows::default());
                    self.state.set(LoadState::Failed(error));
                }
            }
        });
    }

    /// Loads the next older page unless it is on its way.
    pub fn load_more(self) {
        let Some(cursor) = self.rows.with_untracked(|rows| rows.next_cursor().map(str::to_owned)) else { return };
        if self.is_paging.get_value() || self.is_stale.get_untracked() {
            return;
        }
        self.is_paging.set_value(true);
        self.page_failure.set(None);
        self.spawn(async move {
            let answer = self.fetch(Some(cursor.clone()), None).await;
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

    /// Takes a live change in: fetches the threads of the traces that it names, together with those of the next moments.
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

    /// Fetches what may have been missed: the newest page, and the threads whose last turn was running.
    pub fn resync(self) {
        if self.state.with_untracked(|state| *state != LoadState::Ready) {
            self.reload();
            return;
        }
        self.spawn(async move {
            let Ok((page, next_cursor)) = self.fetch(None, None).await else { return };
            if self.rows.with_untracked(|rows| rows.meets(&page, next_cursor.is_some())) {
                self.place(page);
            } else if self.placement.must_wait.run(()) {
                self.is_outdated.set(true);
            } else {
                self.rows.set(ThreadRows::first(page, next_cursor));
            }
            if self.page_failure.with_untracked(Option::is_some) {
                self.load_more();
            }
        });
        let running = self.rows.with_untracked(|rows| rows.running(PAGE_SIZE));
        self.spawn(self.fetch_threads(running));
    }

    /// Puts the rows that waited where they belong.
    pub fn show_waiting(self) {
        if self.is_outdated.get_untracked() {
            self.reload();
        } else {
            self.placement.rearrange.run(Box::new(ThreadRows::show_waiting));
        }
    }

    /// A change names traces; whose they are is asked first.
    fn fetch_gathered(self) {
        let Some(traces) = self.gathered.try_update_value(std::mem::take) else { return };
        let traces: Vec<RunId> = traces.into_iter().map(RunId::from).collect();
        for ids in traces.chunks(PAGE_SIZE) {
            let query = RunQuery {
                ids: Some(ids.to_vec()),
                select: Some(["id", "thread_id"].map(str::to_owned).to_vec()),
                limit: Some(PAGE_SIZE as i64),
                ..RunQuery::default()
            };
            self.spawn(async move {
                // A failure needs no word here: the banner tells of a lost connection, after which all is fetched again.
                let Ok(page) = self.api.get_value().query_runs(&query).await else { return };
                let threads: BTreeSet<String> = page.runs.into_iter().filter_map(|run| run.thread_id).collect();
                self.fetch_threads(threads.into_iter().collect()).await;
            });
        }
    }

    async fn fetch_threads(self, threads: Vec<String>) {
        if threads.is_empty() {
            return;
        }
        let asked = self.n_queries.get_value();
        let only = super::query::thread_filter(&threads);
        if let Ok((changed, _)) = self.fetch(None, Some(only)).await
            && self.n_queries.get_value() == asked
        {
            self.place(changed);
        }
    }

    fn place(self, changed: Vec<ThreadRow>) {
        let must_wait = self.placement.must_wait.run(());
        let n_before = self.rows.with_untracked(ThreadRows::n_known);
        self.placement.rearrange.run(Box::new(move |rows| rows.merge(changed, must_wait)));
        let n_new = self.rows.with_untracked(ThreadRows::n_known).saturating_sub(n_before);
        self.total.update(|total| *total += n_new as u64);
    }

    async fn fetch(
        self,
        cursor: Option<String>,
        thread_filter: Option<String>,
    ) -> Result<(Vec<ThreadRow>, Option<String>), ApiError> {
        // Only an answer to the whole question counts all of its threads.
        let is_whole = thread_filter.is_none();
        let query = ThreadQuery { cursor, thread_filter, page_size: Some(PAGE_SIZE), ..self.query.get_value() };
        let page = self.api.get_value().query_threads(&query).await?;
        if is_whole {
            self.total.set(page.total);
        }
        let next_cursor = page.next_cursor.filter(|_| page.has_more);
        Ok((page.items.into_iter().map(ThreadRow::from).collect(), next_cursor))
    }

    fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.owner.with_value(|owner| owner.with(|| spawn_local_scoped_with_cancellation(task)));
    }
}
