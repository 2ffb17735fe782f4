//! Fetches the traces of a project page by page and keeps them up to date. The views only read it.

use super::query::{ListSort, Scope};
use super::row::{SELECT, TraceRow};
use super::rows::TraceRows;
use crate::api::{ApiClient, ApiError};
use fanlight_wire::live::Change;
use fanlight_wire::run_query::{Order, RunQuery, Sort};
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

/// What the list is of. Pages and live changes ask for the same until it is asked anew: a relative time is an instant by
/// now, or the next page would not fit the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub query: RunQuery,
    pub scope: Scope,
    pub sort: ListSort,
    /// Besides [`SELECT`].
    pub select: Vec<&'static str>,
}

/// A handle on the list of one project. Requests end with the owner that made it, the page.
#[derive(Clone, Copy)]
pub struct TraceList {
    project: ProjectId,
    api: StoredValue<ApiClient>,
    owner: StoredValue<Owner>,
    /// Requests for what is asked now; the next question ends them.
    answer: StoredValue<Owner>,
    pub asked: StoredValue<Asked>,
    pub rows: RwSignal<TraceRows>,
    pub state: RwSignal<LoadState>,
    /// The rows on screen answer the question before.
    pub is_stale: RwSignal<bool>,
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
    /// An empty list that waits for a question.
    pub fn new(project: ProjectId, placement: Placement) -> Self {
        let owner = Owner::current().expect("a list belongs to a page");
        TraceList {
            project,
            api: StoredValue::new(expect_context()),
            answer: StoredValue::new(owner.with(Owner::new)),
            owner: StoredValue::new(owner),
            asked: StoredValue::new(Asked::default()),
            rows: RwSignal::new(TraceRows::default()),
            state: RwSignal::new(LoadState::Loading),
            is_stale: RwSignal::new(false),
            page_failure: RwSignal::new(None),
            is_outdated: RwSignal::new(false),
            is_paging: StoredValue::new(false),
            gathered: StoredValue::new(BTreeSet::new()),
            placement,
        }
    }

    /// Begins with rows that are known, as the answer to `asked`, and brings them up to date where that is possible
    /// without losing one's place in them.
    pub fn resume(self, rows: TraceRows, asked: Asked) {
        self.asked.set_value(asked);
        self.rows.set(rows);
        self.state.set(LoadState::Ready);
        if self.is_newest_first() {
            self.resync();
        }
    }

    /// Asks for other rows. Those on screen stay until the answer comes.
    pub fn ask(self, asked: Asked) {
        self.asked.set_value(asked);
        self.reload();
    }

    /// Reads the first page and forgets the rest.
    pub fn reload(self) {
        self.answer.update_value(|answer| {
            answer.cleanup();
            *answer = self.owner.with_value(|owner| owner.with(Owner::new));
        });
        self.is_paging.set_value(false);
        self.is_stale.set(true);
        if matches!(self.state.get_untracked(), LoadState::Failed(_)) {
            self.state.set(LoadState::Loading);
        }
        self.spawn(async move {
            let answer = self.query(RunQuery::default()).await;
            self.is_stale.set(false);
            match answer {
                Ok((page, next_cursor)) => {
                    self.rows.set(self.first_page(page, next_cursor));
                    self.is_outdated.set(false);
                    self.page_failure.set(None);
                    self.state.set(LoadState::Ready);
                }
                Err(error) => {
                    // Rows that answer another question would be taken for the answer to this one.
                    self.rows.set(TraceRows::default());
                    self.state.set(LoadState::Failed(error));
                }
            }
        });
    }

    fn first_page(self, page: Vec<TraceRow>, next_cursor: Option<String>) -> TraceRows {
        if self.is_newest_first() {
            TraceRows::first(page, next_cursor)
        } else {
            TraceRows::in_given_order(page, next_cursor)
        }
    }

    fn is_newest_first(self) -> bool {
        self.asked.with_value(|asked| asked.sort.is_newest_first())
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
        if self.state.with_untracked(|state| *state != LoadState::Ready) || !self.is_newest_first() {
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
                self.rows.set(self.first_page(page, next_cursor));
            }
            if self.page_failure.with_untracked(Option::is_some) {
                self.load_more();
            }
        });
        let running = self.rows.with_untracked(|rows| rows.running(PAGE_SIZE as usize));
        if !running.is_empty() {
            let query = RunQuery { ids: Some(running.clone()), ..RunQuery::default() };
            self.fetch(query, running);
        }
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
        let Some(traces) = self.gathered.try_update_value(std::mem::take) else { return };
        let traces: Vec<TraceId> = traces.into_iter().collect();
        for traces in traces.chunks(PAGE_SIZE as usize) {
            let known = self.rows.with_untracked(|rows| rows.of_traces(traces));
            let scope = self.asked.with_value(|asked| asked.scope);
            let query = match scope {
                Scope::Traces => {
                    let roots = traces.iter().map(|trace| RunId::from(*trace)).collect();
                    RunQuery { ids: Some(roots), ..RunQuery::default() }
                }
                Scope::Runs | Scope::LlmCalls => {
                    let ids: Vec<String> = traces.iter().map(|trace| format!("\"{trace}\"")).collect();
                    RunQuery { filter: Some(format!("in(trace_id, [{}])", ids.join(", "))), ..RunQuery::default() }
                }
            };
            self.fetch(query, known);
        }
    }

    /// Fetches what `narrowed` finds of the list. Of the `known` rows, those not found any more are fetched as they are
    /// now.
    fn fetch(self, narrowed: RunQuery, known: Vec<RunId>) {
        self.spawn(async move {
            // A failure needs no word here: the banner tells of a lost connection, after which all is fetched again.
            let Ok((found, next_cursor)) = self.query(narrowed).await else { return };
            let is_whole = next_cursor.is_none();
            let lost: Vec<RunId> =
                known.into_iter().filter(|id| is_whole && found.iter().all(|row| row.id != *id)).collect();
            self.place(found);
            if lost.is_empty() {
                return;
            }
            let query = RunQuery { projects: Some(vec![self.project]), ids: Some(lost), ..RunQuery::default() };
            if let Ok((former, _)) = self.send(query).await {
                self.rows.update(|rows| rows.update_former(former));
            }
        });
    }

    fn place(self, changed: Vec<TraceRow>) {
        let must_wait = self.placement.must_wait.run(());
        let n_above = self.rows.try_update(|rows| rows.merge(changed, must_wait)).unwrap_or(0);
        self.placement.on_rows_above.run(n_above);
    }

    /// What is asked, narrowed by `more`: its filter holds as well.
    async fn query(self, more: RunQuery) -> Result<(Vec<TraceRow>, Option<String>), ApiError> {
        let asked = self.asked.with_value(|asked| asked.query.clone());
        let filter = match (asked.filter, more.filter) {
            (Some(one), Some(other)) => Some(format!("and({one}, {other})")),
            (one, other) => one.or(other),
        };
        self.send(RunQuery { filter, ids: more.ids, cursor: more.cursor, ..asked }).await
    }

    async fn send(self, query: RunQuery) -> Result<(Vec<TraceRow>, Option<String>), ApiError> {
        let (sort, select) = self.asked.with_value(|asked| (asked.sort, asked.select.clone()));
        let query = RunQuery {
            limit: Some(PAGE_SIZE),
            sort: (sort.by != Sort::default()).then_some(sort.by),
            order: (sort.order != Order::default()).then_some(sort.order),
            select: Some(SELECT.iter().chain(&select).map(|field| (*field).to_owned()).collect()),
            ..query
        };
        let page = self.api.get_value().query_runs(&query).await?;
        Ok((page.runs.into_iter().map(TraceRow::from).collect(), page.cursors.next))
    }

    fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.answer.with_value(|answer| answer.with(|| spawn_local_scoped_with_cancellation(task)));
    }
}
