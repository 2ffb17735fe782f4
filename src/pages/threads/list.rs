//! The threads of a project as a list that is fetched page by page: what is asked, and what a live change means.

use super::row::ThreadRow;
use crate::api::{ApiClient, ApiError};
use crate::components::virtual_list::ListState;
use crate::paged_rows::{Listed, PagedRows};
use crate::pages::fetched::Fetching;
use crate::pages::paged::list::{NewPage, PAGE_SIZE, PagedList, Source};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::thread::ThreadQuery;
use fanlight_wire::{ProjectId, RunId, Timestamp, TraceId};
use leptos::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

pub use crate::pages::paged::list::LoadState;

pub type ThreadList = PagedList<Threads>;
pub type ThreadRows = PagedRows<ThreadRow>;

/// The threads of one project.
#[derive(Clone, Copy)]
pub struct Threads {
    api: StoredValue<ApiClient>,
    /// What is asked; pages of a list must all be of one question.
    query: StoredValue<ThreadQuery>,
    /// How many threads there are, loaded or not.
    pub total: RwSignal<u64>,
}

impl Listed for ThreadRow {
    type Id = String;
    /// Those that spoke last first.
    type Order = Reverse<Option<Timestamp>>;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn order(&self) -> Self::Order {
        Reverse(self.last_start)
    }

    fn is_running(&self) -> bool {
        self.is_running()
    }
}

impl ThreadList {
    /// An empty list that waits for a question. Rows stay where they are while somebody reads them: scrolled, focused or
    /// pointed at.
    pub fn of(project: ProjectId, view: ListState) -> Self {
        let is_read = move |()| {
            let is_pointed_at =
                || view.scroller.get_untracked().is_some_and(|scroller| scroller.matches(":hover").unwrap_or(false));
            !view.is_at_top() || view.has_focus() || is_pointed_at()
        };
        let source = Threads {
            api: StoredValue::new(expect_context()),
            query: StoredValue::new(ThreadQuery::default()),
            total: RwSignal::new(0),
        };
        PagedList::new(source, project, view, Callback::new(is_read))
    }

    /// Asks for the threads of `query`. Those on screen stay until the answer comes.
    pub fn ask(self, query: ThreadQuery) {
        self.source.query.set_value(query);
        self.reload();
    }

    /// Begins with rows that are known, as the answer to `query`.
    pub fn ask_again(self, query: ThreadQuery, rows: ThreadRows) {
        self.source.query.set_value(query);
        self.resume(rows);
    }

    /// What the rows answer.
    pub fn asked(self) -> ThreadQuery {
        self.source.query.get_value()
    }
}

impl Source for Threads {
    type Row = ThreadRow;

    const GATHER: Duration = Duration::from_millis(200);

    fn page(self, cursor: Option<String>) -> Fetching<NewPage<ThreadRow>> {
        Box::pin(self.fetch(cursor, None))
    }

    fn is_newest_first(self) -> bool {
        true
    }

    /// A change names traces; whose they are is asked first.
    fn fetch_traces(self, list: ThreadList, traces: Vec<TraceId>) {
        let query = RunQuery {
            ids: Some(traces.into_iter().map(RunId::from).collect()),
            select: Some(["id", "thread_id"].map(str::to_owned).to_vec()),
            limit: Some(PAGE_SIZE as i64),
            ..RunQuery::default()
        };
        list.spawn(async move {
            // A failure needs no word here: the banner tells of a lost connection, after which all is fetched again.
            let Ok(page) = self.api.get_value().query_runs(&query).await else { return };
            let threads: BTreeSet<String> = page.runs.into_iter().filter_map(|run| run.thread_id).collect();
            self.fetch_threads(list, threads.into_iter().collect()).await;
        });
    }

    fn fetch_again(self, list: ThreadList, ids: Vec<String>) {
        list.spawn(self.fetch_threads(list, ids));
    }
}

impl Threads {
    async fn fetch_threads(self, list: ThreadList, threads: Vec<String>) {
        if threads.is_empty() {
            return;
        }
        let only = super::query::thread_filter(&threads);
        let Ok((changed, _)) = self.fetch(None, Some(only)).await else { return };
        let n_before = list.rows.with_untracked(PagedRows::n_known);
        list.place(changed);
        let n_new = list.rows.with_untracked(PagedRows::n_known).saturating_sub(n_before);
        self.total.update(|total| *total += n_new as u64);
    }

    async fn fetch(
        self,
        cursor: Option<String>,
        thread_filter: Option<String>,
    ) -> Result<NewPage<ThreadRow>, ApiError> {
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
}
