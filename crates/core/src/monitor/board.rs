//! Charts of one's own: what each asks, and what becomes of the answer.

use super::answer::{by_group, column, empty_chart, group_name, in_unit, n_other, series, unit_of, whole};
use super::metric_words::metric_of;
use crate::charts::chart::{Chart, Mark};
use crate::charts::color::colors_of;
use fanlight_wire::board::{Chart as Wanted, ChartRuns, Mark as Drawn};
use fanlight_wire::monitor::Metric;
use fanlight_wire::monitor::series::{Group, Series as Answer};
use fanlight_wire::run_query::RunQuery;

/// The calls that cost money, in the language of filters.
pub const MODEL_CALLS: &str = r#"in(run_type, ["llm", "embedding"])"#;

/// The runs of a chart, among the traces that the page asks about: `traces` has their project, range and condition.
pub fn runs_of(wanted: &Wanted, traces: &RunQuery) -> RunQuery {
    let (own, of_page) = (wanted.filter.as_deref(), traces.filter.as_deref());
    let (filter, trace_filter) = match wanted.runs {
        ChartRuns::Traces => (both(own, of_page), wanted.trace_filter.clone()),
        ChartRuns::Runs => (own.map(str::to_owned), both(wanted.trace_filter.as_deref(), of_page)),
        ChartRuns::Models => (both(Some(MODEL_CALLS), own), both(wanted.trace_filter.as_deref(), of_page)),
    };
    RunQuery {
        is_root: (wanted.runs == ChartRuns::Traces).then_some(true),
        filter,
        trace_filter,
        tree_filter: wanted.tree_filter.clone(),
        ..traces.clone()
    }
}

/// A condition that holds where both do.
pub fn both(one: Option<&str>, other: Option<&str>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("and({one}, {other})")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// The chart of an answer, and how many of its metrics are left out since an axis has one unit.
///
/// Stacks are for sums of groups that do not overlap: whatever else is asked for is drawn as lines.
pub fn chart_of(wanted: &Wanted, answer: &Answer) -> (Chart, usize) {
    let Some(first) = wanted.metrics.first() else { return (Chart::default(), 0) };
    let unit = unit_of(first);
    let metrics: Vec<&Metric> = wanted.metrics.iter().filter(|metric| unit_of(metric) == unit).collect();
    let mark = match wanted.mark {
        Drawn::Bar => Mark::Bars,
        Drawn::Area => Mark::Areas,
        _ => Mark::Lines,
    };
    let can_stack = metrics.iter().all(|metric| metric.is_sum()) && !answer.is_overlapping;
    let mark = if can_stack { mark } else { Mark::Lines };
    let n_left_out = wanted.metrics.len() - metrics.len();
    let Some(by) = &wanted.group_by else {
        let names: Vec<String> = metrics.iter().map(|metric| metric_of(metric, wanted.runs)).collect();
        let colors = colors_of(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let mut chart = empty_chart(answer, unit, mark);
        let group = whole(answer);
        for ((metric, name), color) in metrics.iter().zip(&names).zip(colors) {
            chart.series.extend(group.and_then(|group| column(group, metric)).map(|it| series(name, color, it)));
        }
        return (chart, n_left_out);
    };
    let mut chart = by_group(answer, first, &by.key);
    for metric in &metrics[1..] {
        let name = metric_of(metric, wanted.runs);
        chart.series.extend(by_group(answer, metric, &by.key).series.into_iter().map(|mut series| {
            series.name = format!("{name}: {}", series.name);
            series
        }));
    }
    chart.mark = mark;
    (chart, n_left_out)
}

/// Numbers of the whole range: what the columns are, and of each group its name and its numbers, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    pub metrics: Vec<String>,
    /// Without groups one row without a name.
    pub rows: Vec<(String, Vec<String>)>,
}

/// Of a number or a table.
pub fn totals_of(wanted: &Wanted, answer: &Answer) -> Totals {
    let cell = |group: &Group, metric: &Metric| {
        let total = column(group, metric).and_then(|column| column.total.value);
        total.map_or("–".to_owned(), |total| unit_of(metric).words(in_unit(metric, total)))
    };
    let row = |group: &Group| {
        let name = wanted.group_by.as_ref().map(|by| group_name(group, &by.key, n_other(answer))).unwrap_or_default();
        (name, wanted.metrics.iter().map(|metric| cell(group, metric)).collect())
    };
    Totals {
        metrics: wanted.metrics.iter().map(|metric| metric_of(metric, wanted.runs)).collect(),
        rows: answer.groups.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::monitor::GroupKey;
    use fanlight_wire::monitor::series::{Column, GroupBy, GroupKind, Rank, Total};
    use fanlight_wire::run_stats::FacetKey;

    fn wanted(metrics: &[Metric], mark: Drawn) -> Wanted {
        Wanted { title: "mine".into(), metrics: metrics.to_vec(), mark, ..Wanted::default() }
    }

    fn answer(kind: GroupKind, label: Option<&str>, metrics: &[Metric]) -> Answer {
        let column = |metric: &Metric| Column {
            metric: metric.clone(),
            values: vec![Some(1.0)],
            n: vec![1],
            exact: vec![],
            squares: vec![],
            total: Total { value: Some(2.0), n: 1, ..Total::default() },
        };
        let columns = metrics.iter().map(column).collect();
        let group = Group { kind, label: label.map(str::to_owned), n_runs: 1, columns };
        Answer { starts_ms: vec![0], end_ms: 1, groups: vec![group], n_groups: 1, ..Answer::default() }
    }

    #[test]
    fn the_pages_filter_is_about_traces_whatever_runs_a_chart_shows() {
        let traces = RunQuery { is_root: Some(true), filter: Some("page".into()), ..RunQuery::default() };
        let of = |runs| {
            let query = runs_of(&Wanted { runs, filter: Some("own".into()), ..Wanted::default() }, &traces);
            (query.is_root, query.filter.unwrap_or_default(), query.trace_filter.unwrap_or_default())
        };
        assert_eq!(of(ChartRuns::Traces), (Some(true), "and(own, page)".into(), String::new()));
        assert_eq!(of(ChartRuns::Runs), (None, "own".into(), "page".into()));
        assert_eq!(of(ChartRuns::Models), (None, format!("and({MODEL_CALLS}, own)"), "page".into()));
    }

    #[test]
    fn one_axis_has_one_unit_and_only_sums_are_stacked() {
        let metrics = [Metric::LatencyP50, Metric::LatencyP95, Metric::Cost];
        let (chart, n_left_out) = chart_of(&wanted(&metrics, Drawn::Area), &answer(GroupKind::All, None, &metrics));
        assert_eq!((chart.mark, chart.series.len(), n_left_out), (Mark::Lines, 2, 1));
        let (chart, _) =
            chart_of(&wanted(&[Metric::Cost], Drawn::Area), &answer(GroupKind::All, None, &[Metric::Cost]));
        assert_eq!(chart.mark, Mark::Areas);
    }

    #[test]
    fn a_chart_by_group_and_its_totals_name_the_groups() {
        let key = GroupKey::Facet(FacetKey::Model);
        let by = GroupBy { key, max_groups: None, rank_by: Rank::Count };
        let wanted = Wanted { group_by: Some(by), ..wanted(&[Metric::Count], Drawn::Bar) };
        let answer = answer(GroupKind::Value, Some("gpt-4o"), &[Metric::Count]);
        let (chart, _) = chart_of(&wanted, &answer);
        assert_eq!((chart.mark, chart.series[0].name.as_str()), (Mark::Bars, "gpt-4o"));
        let totals = totals_of(&wanted, &answer);
        assert_eq!((totals.metrics, totals.rows), (vec!["Traces".into()], vec![("gpt-4o".into(), vec!["2".into()])]));
    }
}
