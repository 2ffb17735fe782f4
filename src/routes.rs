//! Every address of the dashboard: the only place that writes a path or a query of our own pages.
//!
//! ```text
//! /                                                projects
//! /projects/PROJECT/traces                         the project's traces
//! /projects/PROJECT/traces/TRACE?s=RUN&tab=TAB     one trace, a run selected, a tab of its details open
//! /o/TENANT/projects/p/PROJECT[/r/RUN]             links that SDKs print; lead to the pages above
//! ```

use fanlight_wire::{ProjectId, RunId, TraceId};
use std::fmt;
use std::str::FromStr;

/// The query key of the selected run on the trace page.
pub const QUERY_RUN: &str = "s";
/// The query key of the open details tab on the trace page.
pub const QUERY_TAB: &str = "tab";

/// The query key of the window of time on the trace page, in microseconds since its start: `1200~3400`.
pub const QUERY_WINDOW: &str = "t";

/// `search` (with or without `?`) with `key` set to `value`, or without it. Other keys keep their order.
///
/// For values that need no escaping: ids, words, numbers.
pub fn changed_query(search: &str, key: &str, value: Option<&str>) -> String {
    let is_other = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some(key);
    let mut pairs: Vec<String> =
        search.trim_start_matches('?').split('&').filter(is_other).map(str::to_owned).collect();
    pairs.extend(value.map(|value| format!("{key}={value}")));
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The list of projects.
pub fn projects() -> String {
    "/".into()
}

/// The traces of one project.
pub fn traces(project: ProjectId) -> String {
    format!("/projects/{project}/traces")
}

/// One trace.
pub fn trace(project: ProjectId, trace: TraceId) -> String {
    format!("/projects/{project}/traces/{trace}")
}

/// One trace with `run` selected; the root run is what the page selects by itself.
pub fn run(project: ProjectId, trace_id: TraceId, run: RunId) -> String {
    let path = trace(project, trace_id);
    if run == RunId::from(trace_id) { path } else { format!("{path}?{QUERY_RUN}={run}") }
}

/// The project whose pages `path` belongs to.
pub fn project_of(path: &str) -> Option<ProjectId> {
    let mut parts = path.trim_matches('/').split('/');
    (parts.next() == Some("projects")).then(|| parts.next()?.parse().ok()).flatten()
}

/// A tab of the details panel, `tab=` in the query of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DetailsTab {
    #[default]
    Messages,
    Documents,
    /// Inputs and outputs as JSON trees.
    Data,
    Error,
    Metadata,
    Feedback,
    Events,
    Attachments,
    Raw,
}

impl DetailsTab {
    pub const ALL: [DetailsTab; 9] = [
        DetailsTab::Messages,
        DetailsTab::Documents,
        DetailsTab::Data,
        DetailsTab::Error,
        DetailsTab::Metadata,
        DetailsTab::Feedback,
        DetailsTab::Events,
        DetailsTab::Attachments,
        DetailsTab::Raw,
    ];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            DetailsTab::Messages => "messages",
            DetailsTab::Documents => "documents",
            DetailsTab::Data => "data",
            DetailsTab::Error => "error",
            DetailsTab::Metadata => "metadata",
            DetailsTab::Feedback => "feedback",
            DetailsTab::Events => "events",
            DetailsTab::Attachments => "attachments",
            DetailsTab::Raw => "raw",
        }
    }
}

impl fmt::Display for DetailsTab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An address names a tab that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTab;

impl FromStr for DetailsTab {
    type Err = UnknownTab;

    fn from_str(text: &str) -> Result<Self, UnknownTab> {
        DetailsTab::ALL.into_iter().find(|tab| tab.as_str() == text).ok_or(UnknownTab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = "6f0c7a4e-0000-4000-8000-000000000001";
    const TRACE: &str = "6f0c7a4e-0000-4000-8000-000000000002";
    const CHILD: &str = "6f0c7a4e-0000-4000-8000-000000000003";

    fn id<T: FromStr>(text: &str) -> T {
        text.parse().ok().expect("an id")
    }

    #[test]
    fn a_run_is_named_in_the_query_unless_it_is_the_root() {
        let path = format!("/projects/{PROJECT}/traces/{TRACE}");
        assert_eq!(run(id(PROJECT), id(TRACE), id(TRACE)), path);
        assert_eq!(run(id(PROJECT), id(TRACE), id(CHILD)), format!("{path}?s={CHILD}"));
    }

    #[test]
    fn the_project_is_read_back_from_every_page_of_it() {
        for path in [traces(id(PROJECT)), trace(id(PROJECT), id(TRACE))] {
            assert_eq!(project_of(&path), Some(id(PROJECT)));
        }
        for path in ["/", "/projects", "/projects/x/traces", "/elsewhere"] {
            assert_eq!(project_of(path), None);
        }
    }

    #[test]
    fn a_query_changes_one_key_and_keeps_the_rest() {
        for (search, value, expected) in [
            ("", Some("1"), "?s=1"),
            ("?tab=raw&s=0", Some("1"), "?tab=raw&s=1"),
            ("?s=0&tab=raw", None, "?tab=raw"),
            ("?s=0", None, ""),
            ("sx=2", Some("1"), "?sx=2&s=1"),
        ] {
            assert_eq!(changed_query(search, "s", value), expected);
        }
    }

    #[test]
    fn every_tab_survives_the_address() {
        for tab in DetailsTab::ALL {
            assert_eq!(tab.to_string().parse(), Ok(tab));
        }
        assert_eq!("nonsense".parse::<DetailsTab>(), Err(UnknownTab));
    }
}
