//! What the Threads page shows, as its address says it: `?q=status:error refund&t=7d`. Pure.

use crate::pages::traces::time_range::TimeRange;
use crate::routes;
use fanlight_wire::filter::{self, Comparison, Field, Filter, FilterError, Literal};
use fanlight_wire::thread::ThreadQuery;
use fanlight_wire::{ProjectId, Timestamp};
use std::fmt;

/// The state of the page. `filter` is kept as typed, whether it can be read or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThreadsQuery {
    pub filter: String,
    pub time: TimeRange,
}

impl ThreadsQuery {
    /// Reads the query of an address; what cannot be understood is as if it were not there.
    pub fn read(search: &str) -> Self {
        let mut query = ThreadsQuery::default();
        for (key, value) in routes::query_pairs(search) {
            match &*key {
                "q" => query.filter = value,
                "t" => query.time = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        query
    }

    /// Nothing restricts the list.
    pub fn is_everything(&self) -> bool {
        self.filter.trim().is_empty() && self.time == TimeRange::All
    }

    /// What the server is asked; `filter` is in LangSmith's form, a relative time counts from `now`.
    pub fn thread_query(&self, project: ProjectId, filter: Option<String>, now: Timestamp) -> ThreadQuery {
        let (from, to) = self.time.bounds(now);
        ThreadQuery {
            project_id: Some(project),
            filter,
            // Without it only the last day would count.
            min_start_time: Some(from.unwrap_or(Timestamp(0))),
            max_start_time: to,
            ..ThreadQuery::default()
        }
    }
}

/// The query without `?`; empty when all is as usual.
impl fmt::Display for ThreadsQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.filter.is_empty() {
            pairs.push(("q", self.filter.clone()));
        }
        if self.time != TimeRange::All {
            pairs.push(("t", self.time.to_string()));
        }
        f.write_str(&routes::query_of(&pairs))
    }
}

/// The condition that was typed, in LangSmith's form; none when nothing was.
pub fn typed_filter(text: &str) -> Result<Option<String>, FilterError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    filter::short::parse(text).map(|filter| Some(filter::print(&filter)))
}

/// Only these threads, as a condition in LangSmith's form.
pub fn thread_filter(threads: &[String]) -> String {
    let values = threads.iter().map(|thread| Literal::Text(thread.clone())).collect();
    filter::print(&Filter::In { field: Field::ThreadId, values })
}

/// The root runs of a thread, as a condition in LangSmith's form.
pub fn is_root_of(thread: &str) -> String {
    let is = |field, value| Filter::Compare { field, comparison: Comparison::Eq, value };
    filter::print(&is(Field::ThreadId, Literal::Text(thread.to_owned())).and(is(Field::IsRoot, Literal::Bool(true))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_all_of_the_state() {
        for search in
            ["", "q=status:error%20refund", "t=7d", "q=%22a%20%26%20b%22&t=2026-11-23T22:00:00Z~2026-11-23T23:00:00Z"]
        {
            assert_eq!(ThreadsQuery::read(search).to_string(), search);
        }
        assert_eq!(ThreadsQuery::read("?t=soon&x=1&q=").to_string(), "");
    }

    #[test]
    fn all_time_is_said_to_the_server() {
        let now = "2026-11-23T22:00:00Z".parse().unwrap();
        let project = ProjectId(uuid::Uuid::from_u128(1));
        let asked = |search| ThreadsQuery::read(search).thread_query(project, None, now);
        assert_eq!(asked("").min_start_time, Some(Timestamp(0)));
        assert_eq!(asked("t=1h").min_start_time, "2026-11-23T21:00:00Z".parse().ok());
        assert_eq!(asked("t=1h").max_start_time, None);
    }

    #[test]
    fn any_thread_id_can_be_asked_for() {
        assert_eq!(thread_filter(&["a".into(), "b \"c\"".into()]), r#"in(thread_id, ["a", "b \"c\""])"#);
        assert_eq!(is_root_of("a"), r#"and(eq(thread_id, "a"), eq(is_root, true))"#);
    }
}
