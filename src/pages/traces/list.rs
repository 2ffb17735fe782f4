//! The traces of a project as a list that is fetched page by page: what is asked, and what a live change means.

use super::query::{ListSort, Scope};
use super::row::{SELECT, TraceRow};
use crate::api::{ApiClient, ApiError};
use crate::components::virtual_list::ListState;
use crate::paged_rows::{Listed, PagedRows};
use crate::pages::fetched::Fetching;
use crate::pages::paged::list::{NewPage, PAGE_SIZE, PagedList, Source};
use fanlight_wire::run_query::{Order, RunQuery, Sort};
use fanlight_wire::{ProjectId, RunId, TraceId};
use leptos::prelude::*;
use std::cmp::Reverse;
use std::time::Duration;

pub use crate::pages::paged::list::LoadState;

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

pub type TraceList = PagedList<Traces>;
pub type TraceRows = PagedRows<TraceRow>;

/// The traces, or runs, of one project.
#[derive(Clone, Copy)]
pub struct Traces {
    project: ProjectId,
    api: StoredValue<ApiClient>,
    pub asked: StoredValue<Asked>,
}

impl Listed for TraceRow {
    type Id = RunId;
    /// Newest first; equal starts by id, the larger first, as the server orders them.
    type Order = Reverse<(i64, RunId)>;

    fn id(&self) -> RunId {
        self.id
    }

    fn order(&self) -> Self::Order {
        Reverse((self.start.0, self.id))
    }

    fn is_running(&self) -> bool {
        self.is_running()
    }
}

impl TraceList {
    /// An empty list that waits for a question.
    pub fn of(project: ProjectId, view: ListState) -> Self {
        let api = StoredValue::new(expect_context());
        let source = Traces { project, api, asked: StoredValue::new(Asked::default()) };
        PagedList::new(source, project, view, Callback::new(move |()| !view.is_at_top()))
    }

    /// Asks for other rows. Those on screen stay until the answer comes.
    pub fn ask(self, asked: Asked) {
        self.source.asked.set_value(asked);
        self.reload();
    }

    /// Begins with rows that are known, as the answer to `asked`, and brings them up to date where that is possible
    /// without losing one's place in them.
    pub fn ask_again(self, asked: Asked, rows: TraceRows) {
        self.source.asked.set_value(asked);
        self.resume(rows);
        if self.source.is_newest_first() {
            self.resync();
        }
    }
}

impl Source for Traces {
    type Row = TraceRow;

    const GATHER: Duration = Duration::from_millis(80);

    fn page(self, cursor: Option<String>) -> Fetching<NewPage<TraceRow>> {
        Box::pin(self.query(RunQuery { cursor, ..RunQuery::default() }))
    }

    fn is_newest_first(self) -> bool {
        self.asked.with_value(|asked| asked.sort.is_newest_first())
    }

    fn fetch_traces(self, list: TraceList, traces: Vec<TraceId>) {
        let known = list.rows.with_untracked(|rows| {
            rows.loaded().filter(|row| traces.contains(&row.trace_id)).map(|row| row.id).collect()
        });
        let query = match self.asked.with_value(|asked| asked.scope) {
            Scope::Traces => {
                let roots = traces.iter().map(|trace| RunId::from(*trace)).collect();
                RunQuery { ids: Some(roots), ..RunQuery::default() }
            }
            Scope::Runs | Scope::LlmCalls => {
                let ids: Vec<String> = traces.iter().map(|trace| format!("\"{trace}\"")).collect();
                RunQuery { filter: Some(format!("in(trace_id, [{}])", ids.join(", "))), ..RunQuery::default() }
            }
        };
        self.fetch(list, query, known);
    }

    fn fetch_again(self, list: TraceList, ids: Vec<RunId>) {
        self.fetch(list, RunQuery { ids: Some(ids.clone()), ..RunQuery::default() }, ids);
    }
}

impl Traces {
    /// Fetches what `narrowed` finds of the list. Of the `known` rows, those not found any more are fetched as they are
    /// now: the filter holds for them no longer, and they say so where they stand.
    fn fetch(self, list: TraceList, narrowed: RunQuery, known: Vec<RunId>) {
        list.spawn(async move {
            // A failure needs no word here: the banner tells of a lost connection, after which all is fetched again.
            let Ok((found, next_cursor)) = self.query(narrowed).await else { return };
            let is_whole = next_cursor.is_none();
            let lost: Vec<RunId> =
                known.into_iter().filter(|id| is_whole && found.iter().all(|row| row.id != *id)).collect();
            list.place(found);
            if lost.is_empty() {
                return;
            }
            let query = RunQuery { projects: Some(vec![self.project]), ids: Some(lost), ..RunQuery::default() };
            if let Ok((former, _)) = self.send(query).await {
                list.rows.update(|rows| rows.update_each(|row| now_former(&former, row.id)));
            }
        });
    }

    /// What is asked, narrowed by `more`: its filter holds as well.
    async fn query(self, more: RunQuery) -> Result<NewPage<TraceRow>, ApiError> {
        let asked = self.asked.with_value(|asked| asked.query.clone());
        let filter = match (asked.filter, more.filter) {
            (Some(one), Some(other)) => Some(format!("and({one}, {other})")),
            (one, other) => one.or(other),
        };
        self.send(RunQuery { filter, ids: more.ids, cursor: more.cursor, ..asked }).await
    }

    async fn send(self, query: RunQuery) -> Result<NewPage<TraceRow>, ApiError> {
        let (sort, select) = self.asked.with_value(|asked| (asked.sort, asked.select.clone()));
        let query = RunQuery {
            limit: Some(PAGE_SIZE as i64),
            sort: (sort.by != Sort::default()).then_some(sort.by),
            order: (sort.order != Order::default()).then_some(sort.order),
            select: Some(SELECT.iter().chain(&select).map(|field| (*field).to_owned()).collect()),
            ..query
        };
        let page = self.api.get_value().query_runs(&query).await?;
        Ok((page.runs.into_iter().map(TraceRow::from).collect(), page.cursors.next))
    }
}

/// A row as it is now, though the filter holds for it no longer.
fn now_former(former: &[TraceRow], id: RunId) -> Option<TraceRow> {
    former.iter().find(|row| row.id == id).map(|row| TraceRow { is_former: true, ..row.clone() })
}
