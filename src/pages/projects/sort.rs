//! The order of the project list, `?sort=` in its address: a column's word, with a `-` in front for largest first. Pure.

use fanlight_wire::project::{Project, ProjectStats};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Traces,
    ErrorRate,
    LatencyP50,
    LatencyP99,
    Tokens,
    Cost,
    LastActivity,
}

impl Column {
    pub const ALL: [Column; 8] = [
        Column::Name,
        Column::Traces,
        Column::ErrorRate,
        Column::LatencyP50,
        Column::LatencyP99,
        Column::Tokens,
        Column::Cost,
        Column::LastActivity,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Column::Name => "Name",
            Column::Traces => "Traces",
            Column::ErrorRate => "Errors",
            Column::LatencyP50 => "Latency p50",
            Column::LatencyP99 => "Latency p99",
            Column::Tokens => "Tokens",
            Column::Cost => "Cost",
            Column::LastActivity => "Last activity",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Traces => "traces",
            Column::ErrorRate => "errors",
            Column::LatencyP50 => "p50",
            Column::LatencyP99 => "p99",
            Column::Tokens => "tokens",
            Column::Cost => "cost",
            Column::LastActivity => "activity",
        }
    }
}

/// A column and a direction. By default what was active last comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectSort {
    pub column: Column,
    pub is_descending: bool,
}

impl Default for ProjectSort {
    fn default() -> Self {
        Self { column: Column::LastActivity, is_descending: true }
    }
}

impl ProjectSort {
    /// What a click on the heading of `column` leads to: the other direction, or the new column in its natural one.
    pub fn clicked(self, column: Column) -> Self {
        let is_descending = if self.column == column { !self.is_descending } else { column != Column::Name };
        Self { column, is_descending }
    }

    /// For `aria-sort`.
    pub fn aria(self, column: Column) -> &'static str {
        match (self.column == column, self.is_descending) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    }
}

impl fmt::Display for ProjectSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_descending { "-" } else { "" }, self.column.word())
    }
}

/// The address names an order that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSort;

impl FromStr for ProjectSort {
    type Err = UnknownSort;

    fn from_str(text: &str) -> Result<Self, UnknownSort> {
        let (is_descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let column = Column::ALL.into_iter().find(|column| column.word() == word).ok_or(UnknownSort)?;
        Ok(Self { column, is_descending })
    }
}

/// Sorts; what has no value comes last either way, and equal projects follow by name.
pub fn sort(projects: &mut [Project], by: ProjectSort) {
    projects.sort_by(|a, b| {
        let name = |project: &Project| project.name.to_lowercase();
        if by.column == Column::Name {
            return directed(name(a).cmp(&name(b)), by);
        }
        let order = match (value(a, by.column), value(b, by.column)) {
            (Some(a), Some(b)) => directed(a.total_cmp(&b), by),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        order.then_with(|| name(a).cmp(&name(b)))
    });
}

fn directed(order: Ordering, by: ProjectSort) -> Ordering {
    if by.is_descending { order.reverse() } else { order }
}

fn value(project: &Project, column: Column) -> Option<f64> {
    let stats: &ProjectStats = project.stats.as_ref()?;
    match column {
        Column::Name => None,
        Column::Traces => Some(stats.run_count as f64),
        Column::ErrorRate => stats.error_rate,
        Column::LatencyP50 => stats.latency_p50,
        Column::LatencyP99 => stats.latency_p99,
        Column::Tokens => Some(stats.total_tokens as f64),
        Column::Cost => stats.total_cost.map(|cost| cost.to_f64()),
        Column::LastActivity => stats.last_run_start_time.map(|time| time.0 as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn project(name: &str, n_traces: i64, error_rate: Option<f64>) -> Project {
        let id = "6f0c7a4e-0000-4000-8000-000000000001";
        serde_json::from_value(json!({
            "id": id, "tenant_id": id, "name": name, "start_time": "2026-11-23T22:00:00Z", "run_count": n_traces,
            "total_tokens": 0, "prompt_tokens": 0, "completion_tokens": 0, "error_rate": error_rate,
        }))
        .unwrap()
    }

    #[track_caller]
    fn check(by: &str, expected: &[&str]) {
        let mut projects = [project("b", 5, None), project("A", 7, Some(0.1)), project("c", 5, Some(0.5))];
        sort(&mut projects, by.parse().unwrap());
        assert_eq!(projects.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn names_ignore_case_and_ties_follow_by_name() {
        check("name", &["A", "b", "c"]);
        check("-name", &["c", "b", "A"]);
        check("traces", &["b", "c", "A"]);
        check("-traces", &["A", "b", "c"]);
    }

    #[test]
    fn what_has_no_value_comes_last_either_way() {
        check("errors", &["A", "c", "b"]);
        check("-errors", &["c", "A", "b"]);
        check("activity", &["A", "b", "c"]);
    }

    #[test]
    fn every_order_survives_the_address() {
        for column in Column::ALL {
            for is_descending in [false, true] {
                let by = ProjectSort { column, is_descending };
                assert_eq!(by.to_string().parse(), Ok(by));
            }
        }
        assert_eq!("size".parse::<ProjectSort>(), Err(UnknownSort));
    }

    #[test]
    fn a_second_click_turns_the_order_round() {
        let by = ProjectSort::default().clicked(Column::Cost);
        assert_eq!(by.to_string(), "-cost");
        assert_eq!(by.clicked(Column::Cost).to_string(), "cost");
        assert_eq!(by.clicked(Column::Name).to_string(), "name");
    }
}
