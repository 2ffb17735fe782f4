//! What the Monitor page shows, as its address says it: which runs of what time, split by what, what is chosen. Pure.
//!
//! ```text
//! ?q=status:error&t=24h&vs=previous&g=model&board=BOARD&b=FROM~UNTIL&l=1.5~3
//! ```
//!
//! What is as usual is left out: the last seven days, by themselves, as a whole.

use crate::monitor::selection::{Latencies, Selection};
use crate::pages::traces::time_range::TimeRange;
use crate::routes;
use fanlight_wire::filter::edit::{conjuncts, exclude, include};
use fanlight_wire::filter::{Comparison, Field, Filter, FilterError, Literal, print, short};
use fanlight_wire::monitor::GroupKey;
use fanlight_wire::run_stats::FacetKey;
use fanlight_wire::{ProjectId, Timestamp};
use std::fmt;
use uuid::Uuid;

/// Long enough to see a week's rhythm, short enough to see an hour.
pub const USUAL_TIME: TimeRange = TimeRange::Last(7 * 24 * 60);

/// The state of the page. `filter` is kept as typed, whether it can be read or not.
#[derive(Clone, Debug, PartialEq)]
pub struct MonitorQuery {
    pub filter: String,
    pub time: TimeRange,
    /// Charts by group instead of as a whole.
    pub group: Option<GroupKey>,
    /// The period before is drawn, too.
    pub has_previous: bool,
    pub selection: Option<Selection>,
    /// Charts of one's own instead of the overview.
    pub board: Option<Uuid>,
}

impl Default for MonitorQuery {
    fn default() -> Self {
        MonitorQuery {
            filter: String::new(),
            time: USUAL_TIME,
            group: None,
            has_previous: false,
            selection: None,
            board: None,
        }
    }
}

impl MonitorQuery {
    /// Reads the query of an address; what cannot be understood is as if it were not there.
    pub fn read(search: &str) -> Self {
        let mut query = MonitorQuery::default();
        let (mut span, mut latency) = (None, None);
        for (key, value) in routes::query_pairs(search) {
            match &*key {
                "q" => query.filter = value,
                "t" => query.time = value.parse().unwrap_or(USUAL_TIME),
                "g" => query.group = value.parse().ok(),
                "board" => query.board = value.parse().ok(),
                "vs" => query.has_previous = value == "previous",
                "b" => span = value.parse().ok(),
                "l" => latency = Latencies::of_word(&value),
                _ => {}
            }
        }
        if let Some(TimeRange::Between { from, to }) = span {
            query.selection = (from < to).then_some(Selection { from, until: to, latency });
        }
        query
    }

    /// The condition, in the form that the server reads; none when nothing was typed.
    pub fn condition(&self) -> Result<Option<String>, FilterError> {
        let filter = self.parsed()?;
        Ok((filter != Filter::ALL).then(|| print(&filter)))
    }

    fn parsed(&self) -> Result<Filter, FilterError> {
        if self.filter.trim().is_empty() { Ok(Filter::ALL) } else { short::parse(&self.filter) }
    }

    /// The same with a value of a facet chosen, or excluded. A filter that cannot be read is replaced.
    pub fn with_value(&self, key: &FacetKey, value: &str, is_excluded: bool) -> Self {
        let filter = self.parsed().unwrap_or(Filter::ALL);
        let filter = if is_excluded { exclude(filter, key, value) } else { include(filter, key, value) };
        MonitorQuery { filter: words(&filter), ..self.clone() }
    }

    /// What was chosen becomes all that is shown.
    pub fn zoomed(&self, selection: Selection) -> Self {
        let filter = match (selection.latency, self.parsed()) {
            (Some(latency), Ok(filter)) => words(&with_latencies(&filter, latency)),
            _ => self.filter.clone(),
        };
        let time = TimeRange::between(selection.from, selection.until);
        MonitorQuery { filter, time, selection: None, ..self.clone() }
    }

    /// The list of the traces that were chosen.
    pub fn traces_of(&self, project: ProjectId, selection: Selection) -> String {
        let MonitorQuery { filter, time, .. } = self.zoomed(selection);
        traces_address(project, "traces", &filter, time, "latency")
    }

    /// The list of the runs of one name, in the time that is shown.
    pub fn runs_of(&self, project: ProjectId, name: &str, sort: &str) -> String {
        let named =
            Filter::Compare { field: Field::Name, comparison: Comparison::Eq, value: Literal::Text(name.to_owned()) };
        traces_address(project, "runs", &words(&named), self.time, sort)
    }
}

/// The query without `?`; empty when all is as usual.
impl fmt::Display for MonitorQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.filter.is_empty() {
            pairs.push(("q", self.filter.clone()));
        }
        if self.time != USUAL_TIME {
            pairs.push(("t", self.time.to_string()));
        }
        if self.has_previous {
            pairs.push(("vs", "previous".to_owned()));
        }
        pairs.extend(self.group.as_ref().map(|group| ("g", group.to_string())));
        pairs.extend(self.board.map(|board| ("board", board.to_string())));
        if let Some(Selection { from, until, latency }) = self.selection {
            pairs.push(("b", TimeRange::between(from, until).to_string()));
            pairs.extend(latency.map(|latency| ("l", latency.to_word())));
        }
        f.write_str(&routes::query_of(&pairs))
    }
}

/// As the Traces page writes its own address.
fn traces_address(project: ProjectId, scope: &str, filter: &str, time: TimeRange, sort: &str) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    if scope != "traces" {
        pairs.push(("scope", scope.to_owned()));
    }
    if !filter.is_empty() {
        pairs.push(("q", filter.to_owned()));
    }
    if time != TimeRange::All {
        pairs.push(("t", time.to_string()));
    }
    pairs.push(("sort", sort.to_owned()));
    routes::traces_with(project, &routes::query_of(&pairs))
}

/// As it is typed; in the longer form where the short one cannot say it.
fn words(filter: &Filter) -> String {
    if *filter == Filter::ALL { String::new() } else { short::print(filter).unwrap_or_else(|| print(filter)) }
}

/// The filter with these latencies instead of those it had.
fn with_latencies(filter: &Filter, latency: Latencies) -> Filter {
    let is_other = |condition: &&Filter| !matches!(condition, Filter::Compare { field: Field::Latency, .. });
    let bound = |comparison, seconds: f64| Filter::Compare {
        field: Field::Latency,
        comparison,
        value: Literal::Duration((seconds * 1e9).round() as i64),
    };
    let others = conjuncts(filter).iter().filter(is_other).cloned();
    let from = latency.min_s.map(|seconds| bound(Comparison::Gte, seconds));
    let to = latency.max_s.map(|seconds| bound(Comparison::Lt, seconds));
    Filter::all_of(others.chain(from).chain(to))
}

/// What the charts are asked about: of which runs, from when to when.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub condition: Option<String>,
    pub from: Option<Timestamp>,
    /// Not included, so that periods side by side share no trace.
    pub to: Option<Timestamp>,
}

impl Asked {
    /// A relative time counts from `now`, and reaches to it: a chart ends there, not at the last run.
    pub fn new(condition: Option<String>, time: TimeRange, now: Timestamp) -> Self {
        let (from, to) = match time {
            TimeRange::Between { from, to } => (Some(from), Some(to)),
            relative => (relative.bounds(now).0, (relative != TimeRange::All).then_some(now)),
        };
        Asked { condition, from, to }
    }

    /// The same of the time just before, as long; `None` where that has no beginning.
    pub fn before(&self) -> Option<Asked> {
        let (from, to) = (self.from?, self.to?);
        let from_before = Timestamp(from.0.saturating_sub(to.since(from)));
        Some(Asked { from: Some(from_before), to: Some(from), ..self.clone() })
    }
}

/// What is compared with, in words: `7 days`, `period`.
pub fn period_words(time: TimeRange) -> String {
    let label = time.label(|_| 0);
    label.strip_prefix("Last ").map_or_else(|| "period".to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    const PROJECT: ProjectId = ProjectId(uuid::Uuid::from_u128(1));
    const CHOSEN: &str = "b=2026-11-23T22:00:00Z~2026-11-23T23:00:00Z&l=1.5~3";

    #[test]
    fn the_address_says_all_of_the_state() {
        for search in [
            "",
            "q=status:error%20refund",
            "t=24h&vs=previous&g=metadata.user_id",
            &format!("g=model&{CHOSEN}"),
            "b=2026-11-23T22:00:00Z~2026-11-23T23:00:00Z",
            "t=24h&board=6f0c7a4e-0000-4000-8000-000000000001",
        ] {
            assert_eq!(MonitorQuery::read(search).to_string(), search);
        }
        assert_eq!(MonitorQuery::read("?t=soon&x=1&g=feedback&b=1h&l=3~1&vs=x").to_string(), "");
    }

    #[test]
    fn zooming_in_makes_the_choice_the_whole() {
        let query = MonitorQuery::read(&format!("q=status:error latency:>9s&{CHOSEN}"));
        let zoomed = query.zoomed(query.selection.unwrap());
        assert_eq!(
            zoomed.to_string(),
            "q=status:error%20latency:%3E%3D1.5s%20latency:%3C3s&t=2026-11-23T22:00:00Z~2026-11-23T23:00:00Z"
        );
    }

    #[test]
    fn the_way_to_the_list_keeps_filter_time_and_latencies() {
        let query = MonitorQuery::read(&format!("q=status:error&{CHOSEN}"));
        let address = query.traces_of(PROJECT, query.selection.unwrap());
        assert_eq!(
            address,
            format!(
                "{}?q=status:error%20latency:%3E%3D1.5s%20latency:%3C3s&t=2026-11-23T22:00:00Z~2026-11-23T23:00:00Z&sort=latency",
                routes::traces(PROJECT)
            )
        );
        let address = query.runs_of(PROJECT, "look \"up\"", "cost");
        assert!(address.contains("scope=runs") && address.ends_with("&t=7d&sort=cost"), "{address}");
    }

    #[test]
    fn a_value_is_chosen_or_excluded() {
        let query = MonitorQuery::read("q=status:error");
        assert_eq!(query.with_value(&FacetKey::Model, "gpt-4o", false).filter, "status:error model:gpt-4o");
        assert_eq!(query.with_value(&FacetKey::Model, "gpt-4o", true).filter, "status:error -model:gpt-4o");
        let broken = MonitorQuery::read("q=latency:>");
        assert!(broken.condition().is_err());
        assert_eq!(broken.with_value(&FacetKey::Model, "a", false).filter, "model:a");
    }

    #[test]
    fn the_period_before_ends_where_this_one_begins_and_is_as_long() {
        let asked = Asked::new(None, TimeRange::Last(60), at("2026-11-23T22:00:00Z"));
        let before = asked.before().unwrap();
        assert_eq!(before.to, asked.from);
        assert_eq!(before.to.unwrap().since(before.from.unwrap()), asked.to.unwrap().since(asked.from.unwrap()));
        assert_eq!(Asked::new(None, TimeRange::All, at("2026-11-23T22:00:00Z")).before(), None);
    }

    #[test]
    fn the_period_before_has_a_name() {
        assert_eq!(period_words(USUAL_TIME), "7 days");
        assert_eq!(period_words(TimeRange::Last(60)), "hour");
        assert_eq!(period_words(TimeRange::All), "period");
    }
}
