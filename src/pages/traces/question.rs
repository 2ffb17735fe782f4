//! What is asked of the server, from the state of the page: the same for the list, the facets, the histogram, exports.

use super::address::PageState;
use super::filter::bar_text::{self, Committed};
use super::query::{ListSort, Scope};
use super::time_range::TimeRange;
use crate::components::clock::now;
use crate::components::erased::memo;
use fanlight_wire::ProjectId;
use fanlight_wire::filter::{Filter, print};
use fanlight_wire::run_query::RunQuery;
use leptos::prelude::*;

/// Which runs, in what order. Copy it freely.
#[derive(Clone, Copy)]
pub struct Question {
    pub project: ProjectId,
    pub page: PageState,
    pub committed: Memo<Committed>,
    pub scope: Memo<Scope>,
    pub time: Memo<TimeRange>,
    pub sort: Memo<ListSort>,
}

impl Question {
    pub fn new(project: ProjectId, page: PageState) -> Self {
        let text = memo(move || page.with(|query| query.filter.clone()));
        Question {
            project,
            page,
            committed: memo(move || text.with(|text| bar_text::read(text))),
            scope: memo(move || page.with(|query| query.scope)),
            time: memo(move || page.with(|query| query.time)),
            sort: memo(move || page.with(|query| query.sort)),
        }
    }

    /// The filter; everything while it cannot be read.
    pub fn filter(&self) -> Filter {
        self.committed.with(|committed| committed.filter().cloned().unwrap_or(Filter::ALL))
    }

    /// The same, without tracking it.
    pub fn filter_untracked(&self) -> Filter {
        self.committed.with_untracked(|committed| committed.filter().cloned().unwrap_or(Filter::ALL))
    }

    /// The query as of now, `None` while the filter cannot be read: then nothing is asked. Tracks scope, filter and time.
    pub fn run_query(&self) -> Option<RunQuery> {
        let filter = self.committed.with(|committed| committed.filter().cloned())?;
        self.scope.track();
        self.time.track();
        Some(self.with_filter(&filter))
    }

    /// The same question with another filter.
    pub fn with_filter(&self, filter: &Filter) -> RunQuery {
        let filter = (*filter != Filter::ALL).then(|| print(filter));
        self.page.with_untracked(|query| query.run_query(self.project, filter, now()))
    }

    /// Whether the filter searches text, so that matches can be shown.
    pub fn searches(&self) -> bool {
        self.committed.with(|committed| committed.filter().is_some_and(searches))
    }
}

fn searches(filter: &Filter) -> bool {
    match filter {
        Filter::Search { .. } => true,
        Filter::And(all) | Filter::Or(all) => all.iter().any(searches),
        _ => false,
    }
}
