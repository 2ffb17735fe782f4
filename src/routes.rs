//! Every address of the dashboard: the only place that writes a path or a query of our own pages.
//!
//! ```text
//! /                                                projects
//! /projects/PROJECT/traces?q=FILTER&t=24h&…        the project's traces; see `pages/traces/query.rs`
//! /projects/PROJECT/traces/TRACE?s=RUN&tab=TAB&…   one trace, a run selected, a tab of its details open; the rest is in
//!                                                  `fanlight_core::waterfall::link`
//! /projects/PROJECT/traces/TRACE/compare/OTHER     two traces side by side, of any projects
//! /projects/PROJECT/traces/TRACE/compare/baseline  one trace against the median of traces like it
//! /projects/PROJECT/monitor?t=24h&g=model&…         charts of its traces; see `pages/monitor/query.rs`
//! /projects/PROJECT/threads                        the project's conversations
//! /projects/PROJECT/threads/THREAD?turn=TRACE      one conversation, a turn of it selected
//! /prompts?q=TEXT&tag=TAG&sort=…                  prompts
//! /prompts/PROMPT[/VERSION]                        one prompt, at a version: a hash, a tag, or the newest
//! /prompts/PROMPT/compare/A..B?c=3&…               two versions of a prompt, what differs and which one wins
//! /settings/prices?price=KEY&…                      what models cost; see `pages/prices/query.rs`
//! /settings/storage                                what the data takes on disk
//! /o/TENANT/projects/p/PROJECT[/r/RUN]             links that SDKs print; lead to the pages above
//! ```

use fanlight_wire::{ProjectId, RunId, TraceId};

mod details_tab;
pub mod prompt_diff;
pub mod prompt_links;
pub mod thread_segment;

pub use details_tab::{DetailsTab, UnknownTab};
pub use prompt_links::{prompt, prompt_compare, prompt_version, prompts};

/// The query key of the selected run on the trace page.
pub const QUERY_RUN: &str = fanlight_core::waterfall::link::RUN;
/// The query key of the open details tab on the trace page.
pub const QUERY_TAB: &str = "tab";

/// The query key of the run whose steps the graph shows on the trace page.
pub const QUERY_STEPS_OF: &str = "g";

/// The query key of the window of time on the page of a comparison, in microseconds since its start: `1200~3400`.
pub const QUERY_WINDOW: &str = "t";

/// The query key of the trace to compare with, on the trace page: leads to the comparison.
pub const QUERY_COMPARE: &str = "cmp";

/// In the place of the other trace, and of [`QUERY_COMPARE`]'s value: the median of traces like the first.
pub const BASELINE: &str = "baseline";

/// The query key of how many traces a baseline is made of.
pub const QUERY_BASELINE_SIZE: &str = "n";

/// The query key of the traces that a baseline does without.
pub const QUERY_WITHOUT: &str = "without";

/// The query key of what the columns of a comparison show.
pub const QUERY_MEASURE: &str = "m";

/// The query key that hides equal rows of a comparison: `only=differences`.
pub const QUERY_ONLY: &str = "only";

/// The query key of what is looked for in a comparison.
pub const QUERY_FIND: &str = "q";

/// The query key of the selected turn on the thread page.
pub const QUERY_TURN: &str = "turn";

/// `search` (with or without `?`) with `key` set to `value`, or without it. Other keys keep their order.
///
/// For values that need no escaping: ids, words, numbers, and what is [`escaped`].
pub fn changed_query(search: &str, key: &str, value: Option<&str>) -> String {
    let is_other = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some(key);
    let mut pairs: Vec<String> =
        search.trim_start_matches('?').split('&').filter(is_other).map(str::to_owned).collect();
    pairs.extend(value.map(|value| format!("{key}={value}")));
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The keys and values of `search` (with or without `?`), as they were before they were escaped.
pub fn query_pairs(search: &str) -> Vec<(String, String)> {
    let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescaped(key), unescaped(value))
        })
        .collect()
}

/// A query without `?`, with what would mean something else in an address escaped.
pub fn query_of(pairs: &[(&str, String)]) -> String {
    pairs.iter().map(|(key, value)| format!("{key}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

/// A value as it stands in a query.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        // Everything else that RFC 3986 allows in a query stays readable.
        if byte.is_ascii_alphanumeric() || b"-._~:,!()*@$;/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (byte, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(escaped)) => {
                bytes.push(escaped);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The list of projects.
pub fn projects() -> String {
    "/".into()
}

/// The traces of one project.
pub fn traces(project: ProjectId) -> String {
    format!("/projects/{project}/traces")
}

/// The same with a query, as `TracesQuery` prints it: without `?`, perhaps empty.
pub fn traces_with(project: ProjectId, query: &str) -> String {
    let path = traces(project);
    if query.is_empty() { path } else { format!("{path}?{query}") }
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

/// Two traces side by side; `project` is that of `a`.
pub fn compare(project: ProjectId, a: TraceId, b: TraceId) -> String {
    format!("{}/compare/{b}", trace(project, a))
}

/// One trace against the median of traces like it.
pub fn compare_with_usual(project: ProjectId, trace_id: TraceId) -> String {
    format!("{}/compare/{BASELINE}", trace(project, trace_id))
}

/// The trace that a pasted link or id means: of a trace page, of a run in it, or the bare id.
pub fn trace_in(text: &str) -> Option<TraceId> {
    let text = text.trim();
    if let Ok(id) = text.parse() {
        return Some(id);
    }
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let after = |segment: &str| path.split('/').skip_while(|part| *part != segment).nth(1)?.parse().ok();
    let in_query = || query_pairs(query).into_iter().find(|(key, _)| key == "trace_id")?.1.parse().ok();
    after("traces").or_else(in_query).or_else(|| after("r"))
}

/// The conversations of one project.
pub fn threads(project: ProjectId) -> String {
    format!("/projects/{project}/threads")
}

/// One conversation, with a turn selected if one is named.
pub fn thread(project: ProjectId, thread: &str, turn: Option<TraceId>) -> String {
    let path = format!("/projects/{project}/threads/{}", thread_segment::write(thread));
    match turn {
        Some(turn) => format!("{path}?{QUERY_TURN}={turn}"),
        None => path,
    }
}

/// Charts of one project's traces.
pub fn monitor(project: ProjectId) -> String {
    format!("/projects/{project}/monitor")
}

/// What the data takes on disk, and how long it is kept.
pub fn storage() -> String {
    "/settings/storage".into()
}

/// What models cost, where the reader knows better.
pub fn prices() -> String {
    "/settings/prices".into()
}

/// One price: the id of one that somebody set, or the name of one that comes with Fanlight.
pub fn price(key: &str) -> String {
    format!("{}?price={}", prices(), escaped(key))
}

/// A new price, for a model.
pub fn new_price(model: &str) -> String {
    format!("{}?new={}", prices(), escaped(model))
}

/// The project whose pages `path` belongs to.
pub fn project_of(path: &str) -> Option<ProjectId> {
    let mut parts = path.trim_matches('/').split('/');
    (parts.next() == Some("projects")).then(|| parts.next()?.parse().ok()).flatten()
}

/// A page of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Projects,
    Traces,
    Trace,
    Compare,
    Threads,
    Thread,
    Prompts,
    Prompt,
    PromptDiff,
    Monitor,
    Storage,
    Prices,
}

/// The page that an address of this origin leads to; `None` where it is none of ours.
pub fn page_at(href: &str) -> Option<Page> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    if path == "/" {
        return Some(Page::Projects);
    }
    if path.trim_end_matches('/') == storage() {
        return Some(Page::Storage);
    }
    if path.trim_end_matches('/') == prices() {
        return Some(Page::Prices);
    }
    if let Some(page) = prompt_links::page_at(path) {
        return Some(page);
    }
    project_of(path)?;
    match path.trim_matches('/').split('/').skip(2).collect::<Vec<_>>().as_slice() {
        ["traces"] => Some(Page::Traces),
        ["traces", _] => Some(Page::Trace),
        ["traces", _, "compare", _] => Some(Page::Compare),
        ["monitor"] => Some(Page::Monitor),
        ["threads"] => Some(Page::Threads),
        ["threads", _] => Some(Page::Thread),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

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
    fn every_address_is_read_back_as_its_page() {
        for (href, page) in [
            (projects(), Some(Page::Projects)),
            (traces(id(PROJECT)), Some(Page::Traces)),
            (trace(id(PROJECT), id(TRACE)), Some(Page::Trace)),
            (run(id(PROJECT), id(TRACE), id(CHILD)), Some(Page::Trace)),
            (compare(id(PROJECT), id(TRACE), id(CHILD)), Some(Page::Compare)),
            (compare_with_usual(id(PROJECT), id(TRACE)), Some(Page::Compare)),
            (monitor(id(PROJECT)), Some(Page::Monitor)),
            (threads(id(PROJECT)), Some(Page::Threads)),
            (thread(id(PROJECT), "a/b c", Some(id(TRACE))), Some(Page::Thread)),
            (storage(), Some(Page::Storage)),
            (prompt_compare("refund", "abc12345", "production"), Some(Page::PromptDiff)),
            (prices(), Some(Page::Prices)),
            (format!("/projects/{PROJECT}"), None),
            (format!("/projects/{PROJECT}/traces/{TRACE}/more"), None),
            ("#main".into(), None),
            ("https://example.org/".into(), None),
        ] {
            assert_eq!(page_at(&href), page, "{href}");
        }
    }

    #[test]
    fn a_trace_is_found_in_whatever_was_pasted() {
        for text in [
            TRACE.to_owned(),
            format!("  {TRACE}\n"),
            format!("https://fanlight.example{}", run(id(PROJECT), id(TRACE), id(CHILD))),
            compare(id(PROJECT), id(TRACE), id(CHILD)),
            format!("/o/{PROJECT}/projects/p/{PROJECT}/r/{CHILD}?trace_id={TRACE}&start_time=x"),
            format!("/o/{PROJECT}/projects/p/{PROJECT}/r/{TRACE}"),
        ] {
            assert_eq!(trace_in(&text), Some(id(TRACE)), "{text}");
        }
        for text in ["", "refund", "/projects/x/traces", "https://example.org/traces/7"] {
            assert_eq!(trace_in(text), None, "{text}");
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
    fn values_survive_the_address() {
        for value in ["", "a b&c=d", "100 % + 5", "é ✓", "and(eq(name, \"x\"))", "#?/\\", "%41"] {
            let query = query_of(&[("q", value.to_owned()), ("t", "24h".to_owned())]);
            assert!(query.is_ascii() && !query.contains([' ', '#', '"']), "{query}");
            assert_eq!(query_pairs(&query), [("q".to_owned(), value.to_owned()), ("t".to_owned(), "24h".to_owned())]);
        }
        assert_eq!(
            query_pairs("?a=1+2&b&=%zz%"),
            [("a".to_owned(), "1 2".to_owned()), ("b".to_owned(), String::new()), (String::new(), "%zz%".to_owned()),]
        );
    }
}
