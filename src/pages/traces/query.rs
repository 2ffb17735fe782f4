//! What the Traces page shows, as its address says it: which runs, of what time, in what order, in which columns. Pure.
//!
//! ```text
//! ?scope=llm&q=status:error latency:>2s&t=24h&sort=latency&cols=started,name.180,latency&p=RUN&live=off
//! ```
//!
//! What is as usual is left out.

use super::columns::Columns;
use super::time_range::TimeRange;
use crate::routes;
use fanlight_wire::RunId;
use fanlight_wire::run_query::{Order, RunQuery, Sort};
use fanlight_wire::{ProjectId, RunType, Timestamp};
use std::fmt;
use uuid::Uuid;

/// The state of the page. `filter` is kept as typed, whether it can be read or not: nothing is lost while typing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TracesQuery {
    pub scope: Scope,
    pub filter: String,
    pub time: TimeRange,
    pub sort: ListSort,
    /// `None` for what the reader is used to: their own layout, or the usual one.
    pub columns: Option<Columns>,
    /// The run in the preview panel.
    pub preview: Option<RunId>,
    pub is_live_off: bool,
    /// The saved view that this began as, perhaps changed since.
    pub view: Option<Uuid>,
}

/// Which runs are rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Root runs.
    #[default]
    Traces,
    Runs,
    LlmCalls,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Traces, Scope::Runs, Scope::LlmCalls];

    fn as_str(self) -> &'static str {
        match self {
            Scope::Traces => "traces",
            Scope::Runs => "runs",
            Scope::LlmCalls => "llm",
        }
    }

    /// On its switch.
    pub fn label(self) -> &'static str {
        match self {
            Scope::Traces => "Traces",
            Scope::Runs => "Runs",
            Scope::LlmCalls => "LLM calls",
        }
    }

    /// `1 trace`, `12 runs`.
    pub fn noun(self, count: u64) -> &'static str {
        match (self, count) {
            (Scope::Traces, 1) => "trace",
            (Scope::Traces, _) => "traces",
            (Scope::Runs, 1) => "run",
            (Scope::Runs, _) => "runs",
            (Scope::LlmCalls, 1) => "LLM call",
            (Scope::LlmCalls, _) => "LLM calls",
        }
    }
}

/// What the rows are ordered by, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListSort {
    pub by: Sort,
    pub order: Order,
}

impl ListSort {
    /// Only then can new traces join at the top.
    pub fn is_newest_first(self) -> bool {
        self == ListSort::default()
    }

    /// After a click on the header of `by`: its natural direction first, then the other.
    pub fn clicked(self, by: Sort) -> Self {
        let natural = if by == Sort::Name { Order::Asc } else { Order::Desc };
        match self.by == by {
            true if self.order == Order::Asc => ListSort { by, order: Order::Desc },
            true => ListSort { by, order: Order::Asc },
            false => ListSort { by, order: natural },
        }
    }
}

const SORTS: [(Sort, &str); 6] = [
    (Sort::StartTime, "started"),
    (Sort::Latency, "latency"),
    (Sort::FirstTokenLatency, "first_token"),
    (Sort::TotalTokens, "tokens"),
    (Sort::TotalCost, "cost"),
    (Sort::Name, "name"),
];

impl TracesQuery {
    /// Reads the query of an address. What cannot be understood is left out, and said in a sentence each.
    pub fn read(search: &str) -> (Self, Vec<String>) {
        let (mut query, mut dropped) = (TracesQuery::default(), Vec::new());
        for (key, value) in routes::query_pairs(search) {
            let is_read = match &*key {
                "scope" => set(&mut query.scope, Scope::ALL.into_iter().find(|scope| scope.as_str() == value)),
                "q" => set(&mut query.filter, Some(value.clone())),
                "t" => set(&mut query.time, value.parse().ok()),
                "sort" => set(&mut query.sort, read_sort(&value)),
                "cols" => set(&mut query.columns, value.parse().ok().map(Some)),
                "p" => set(&mut query.preview, value.parse().ok().map(Some)),
                "view" => set(&mut query.view, value.parse().ok().map(Some)),
                "live" => set(&mut query.is_live_off, (value == "off").then_some(true)),
                _ => true,
            };
            if !is_read {
                let value: String = value.chars().take(60).collect();
                dropped.push(format!("The address says {key}={value}, which is not understood. It was left out."));
            }
        }
        (query, dropped)
    }

    /// What the server is asked, apart from paging and fields. `filter` is in LangSmith's form and valid; a relative time
    /// counts from `now`.
    pub fn run_query(&self, project: ProjectId, filter: Option<String>, now: Timestamp) -> RunQuery {
        let (start_time, end_time) = self.time.bounds(now);
        RunQuery {
            projects: Some(vec![project]),
            is_root: (self.scope == Scope::Traces).then_some(true),
            run_type: (self.scope == Scope::LlmCalls).then_some(RunType::Llm),
            start_time,
            end_time,
            filter,
            ..RunQuery::default()
        }
    }

    /// Nothing restricts the list.
    pub fn is_everything(&self) -> bool {
        self.filter.trim().is_empty() && self.time == TimeRange::All
    }

    /// What a saved view keeps: not what happens to be previewed, and not which view it is.
    pub fn as_view(&self) -> String {
        TracesQuery { preview: None, view: None, ..self.clone() }.to_string()
    }

    /// The part that says which rows there are, and in what order.
    pub fn found_by(&self) -> String {
        let TracesQuery { scope, filter, time, sort, .. } = self.clone();
        TracesQuery { scope, filter, time, sort, ..TracesQuery::default() }.to_string()
    }

    /// The state that a saved view brings back.
    pub fn from_view(id: Uuid, query: &str) -> Self {
        TracesQuery { preview: None, view: Some(id), ..Self::read(query).0 }
    }
}

/// Sets `place` to `value` if there is one; says whether.
fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let is_read = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    is_read
}

fn read_sort(text: &str) -> Option<ListSort> {
    let (word, is_reversed) = match text.strip_suffix(".reversed") {
        Some(word) => (word, true),
        None => (text, false),
    };
    let (by, _) = SORTS.into_iter().find(|(_, name)| *name == word)?;
    let natural =
        ListSort { by: if by == Sort::Name { Sort::StartTime } else { Sort::Name }, order: Order::Desc }.clicked(by);
    Some(if is_reversed { natural.clicked(by) } else { natural })
}

fn sort_word(sort: ListSort) -> String {
    let (_, word) = SORTS.into_iter().find(|(by, _)| *by == sort.by).unwrap_or(SORTS[0]);
    let is_natural = (sort.order == Order::Asc) == (sort.by == Sort::Name);
    if is_natural { word.to_owned() } else { format!("{word}.reversed") }
}

/// The query without `?`; empty when all is as usual.
impl fmt::Display for TracesQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if self.scope != Scope::default() {
            pairs.push(("scope", self.scope.as_str().into()));
        }
        if !self.filter.is_empty() {
            pairs.push(("q", self.filter.clone()));
        }
        if self.time != TimeRange::default() {
            pairs.push(("t", self.time.to_string()));
        }
        if self.sort != ListSort::default() {
            pairs.push(("sort", sort_word(self.sort)));
        }
        pairs.extend(self.columns.as_ref().map(|columns| ("cols", columns.to_string())));
        pairs.extend(self.preview.map(|run| ("p", run.to_string())));
        if self.is_live_off {
            pairs.push(("live", "off".into()));
        }
        pairs.extend(self.view.map(|view| ("view", view.to_string())));
        f.write_str(&routes::query_of(&pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(search: &str, n_dropped: usize, expected: &str) {
        let (query, dropped) = TracesQuery::read(search);
        assert_eq!((query.to_string().as_str(), dropped.len()), (expected, n_dropped), "{dropped:?}");
        let (again, _) = TracesQuery::read(&query.to_string());
        assert_eq!(again, query, "an address says all of the state");
    }

    #[test]
    fn defaults_are_left_out() {
        check("", 0, "");
        check("?scope=traces&q=&t=all&sort=started", 0, "");
    }

    #[test]
    fn every_part_survives_the_address() {
        for search in [
            "scope=llm",
            "scope=runs&q=status:error",
            "q=status:error%20latency:%3E2s%20-tag:beta%20%22refund%20%26%20co%22",
            "q=%C3%A9t%C3%A9%20%E2%9C%93",
            "t=24h",
            "t=2026-11-23T22:00:00Z~2026-11-23T23:30:00Z",
            "sort=latency",
            "sort=latency.reversed",
            "sort=started.reversed",
            "sort=name",
            "sort=name.reversed",
            "cols=name.180.pin,status,metadata.env",
            "p=6f0c7a4e-0000-4000-8000-000000000001",
            "live=off",
            "scope=runs&q=a&t=7d&sort=cost&cols=name&p=6f0c7a4e-0000-4000-8000-000000000001&live=off",
        ] {
            check(search, 0, search);
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out_and_said() {
        check("?scope=everything&t=soon&q=keep", 2, "q=keep");
        check("?sort=shoe&p=7&live=maybe&cols=", 4, "");
        check("?utm=elsewhere", 0, "");
    }

    #[test]
    fn a_filter_that_cannot_be_read_stays_as_it_was_typed() {
        check("q=and(eq(", 0, "q=and(eq(");
    }

    #[test]
    fn a_saved_view_is_what_it_was_whatever_is_previewed_since() {
        let (query, _) = TracesQuery::read("q=refund&sort=cost&p=6f0c7a4e-0000-4000-8000-000000000001");
        let view = TracesQuery::from_view(Uuid::from_u128(7), &query.as_view());
        assert_eq!(view.as_view(), "q=refund&sort=cost");
        assert_eq!(view.to_string(), "q=refund&sort=cost&view=00000000-0000-0000-0000-000000000007");
    }

    #[test]
    fn a_second_click_on_a_header_turns_the_order_round() {
        let by_latency = ListSort::default().clicked(Sort::Latency);
        assert_eq!(by_latency, ListSort { by: Sort::Latency, order: Order::Desc });
        assert_eq!(by_latency.clicked(Sort::Latency).order, Order::Asc);
        assert_eq!(by_latency.clicked(Sort::Name).order, Order::Asc);
        assert!(by_latency.clicked(Sort::StartTime).is_newest_first());
    }

    #[test]
    fn the_server_is_asked_for_the_scope_and_the_time() {
        let project = ProjectId(uuid::Uuid::from_u128(1));
        let now: Timestamp = "2026-11-23T22:00:00Z".parse().unwrap();
        let (query, _) = TracesQuery::read("t=1h");
        let asked = query.run_query(project, None, now);
        assert_eq!(asked.is_root, Some(true));
        assert_eq!(asked.start_time, Some("2026-11-23T21:00:00Z".parse().unwrap()));
        assert_eq!(asked.end_time, None);
        let (query, _) = TracesQuery::read("scope=llm");
        let asked = query.run_query(project, Some("eq(status, \"error\")".into()), now);
        assert_eq!((asked.is_root, asked.run_type, asked.start_time), (None, Some(RunType::Llm), None));
    }
}
