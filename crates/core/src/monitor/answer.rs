//! From the answer of the server to charts: buckets, and series of values in the chart's unit.

use crate::charts::chart::{Chart, Mark, Series};
use crate::charts::color::{Color, colors_of};
use crate::charts::heat::Heat;
use crate::charts::interval::of_mean;
use crate::charts::unit::Unit;
use fanlight_wire::Timestamp;
use fanlight_wire::monitor::heatmap::Heatmap;
use fanlight_wire::monitor::series::{Column, Group, GroupKind, Series as Answer};
use fanlight_wire::monitor::{GroupKey, Metric};
use std::sync::Arc;

const NS_PER_MS: i64 = 1_000_000;
pub const NS_PER_SECOND: f64 = 1e9;

/// The beginnings of buckets and the end of the last one.
pub fn edges(starts_ms: &[i64], end_ms: i64) -> Arc<[Timestamp]> {
    if starts_ms.is_empty() {
        return Arc::new([]);
    }
    starts_ms.iter().chain([&end_ms]).map(|ms| Timestamp(ms.saturating_mul(NS_PER_MS))).collect()
}

/// What a metric counts.
pub fn unit_of(metric: &Metric) -> Unit {
    match metric {
        Metric::LatencyP50
        | Metric::LatencyP95
        | Metric::LatencyP99
        | Metric::LatencyMax
        | Metric::LatencyMean
        | Metric::FirstTokenP50
        | Metric::FirstTokenP95
        | Metric::FirstTokenP99 => Unit::Duration,
        Metric::TotalTokens
        | Metric::PromptTokens
        | Metric::CompletionTokens
        | Metric::CacheReadTokens
        | Metric::ReasoningTokens => Unit::Tokens,
        Metric::Cost | Metric::PromptCost | Metric::CompletionCost | Metric::CostP50 | Metric::CostP99 => Unit::Cost,
        Metric::ErrorRate | Metric::CacheReadShare | Metric::StreamingRate => Unit::Share,
        Metric::Count | Metric::ErrorCount | Metric::UnpricedCount => Unit::Count,
        Metric::TokensPerSecond | Metric::Feedback(_) => Unit::Score,
    }
}

/// From the metric's unit on the wire to the chart's: seconds become nanoseconds.
pub fn in_unit(metric: &Metric, value: f64) -> f64 {
    if unit_of(metric) == Unit::Duration { value * NS_PER_SECOND } else { value }
}

/// The column of a metric in a group.
pub fn column<'a>(group: &'a Group, metric: &Metric) -> Option<&'a Column> {
    group.columns.iter().find(|column| column.metric == *metric)
}

/// The one group of an answer without groups.
pub fn whole(answer: &Answer) -> Option<&Group> {
    answer.groups.iter().find(|group| group.kind == GroupKind::All)
}

/// A metric over the whole range, in the chart's unit.
pub fn total(answer: &Answer, metric: &Metric) -> Option<f64> {
    let column = column(whole(answer)?, metric)?;
    column.total.value.map(|value| in_unit(metric, value))
}

/// With fewer samples than this a percentile says little: the 95th needs twenty, the 99th a hundred.
fn faint_below(metric: &Metric) -> u64 {
    match metric {
        Metric::LatencyP95 | Metric::FirstTokenP95 => 20,
        Metric::LatencyP99 | Metric::FirstTokenP99 | Metric::CostP99 => 100,
        _ => 0,
    }
}

/// A column as a line or layer of a chart.
pub fn series(name: &str, color: Color, column: &Column) -> Series {
    let values = column.values.iter().map(|value| value.map(|value| in_unit(&column.metric, value))).collect();
    let band = |bucket: usize| {
        let (mean, squares) = (column.values.get(bucket).copied()??, column.squares.get(bucket).copied()?);
        of_mean(mean, u64::from(*column.n.get(bucket)?), squares)
    };
    Series {
        n: column.n.iter().map(|n| u64::from(*n)).collect(),
        faint_below: faint_below(&column.metric),
        band: if column.squares.is_empty() { Vec::new() } else { (0..column.values.len()).map(band).collect() },
        ..Series::new(name, color, values)
    }
}

/// A column of the period before, bucket by bucket under those of now.
pub fn previous(name: &str, color: Color, column: &Column, n_buckets: usize) -> Series {
    let mut before = Series { is_previous: true, band: Vec::new(), ..series(name, color, column) };
    before.values.resize(n_buckets, None);
    before.n.resize(n_buckets, 0);
    before
}

/// A chart of an answer's buckets without any series.
pub fn empty_chart(answer: &Answer, unit: Unit, mark: Mark) -> Chart {
    Chart {
        unit,
        mark,
        edges: edges(&answer.starts_ms, answer.end_ms),
        is_last_partial: answer.is_last_partial,
        is_from_zero: unit != Unit::Score,
        ..Chart::default()
    }
}

/// One metric, a series for each group, the largest lowest in a stack: only sums of groups that do not overlap are
/// stacked.
pub fn by_group(answer: &Answer, metric: &Metric, key: &GroupKey) -> Chart {
    let is_stack = metric.is_sum() && !answer.is_overlapping;
    let mark = match () {
        () if !is_stack => Mark::Lines,
        () if matches!(metric, Metric::Count | Metric::ErrorCount) => Mark::Bars,
        () => Mark::Areas,
    };
    let mut chart = empty_chart(answer, unit_of(metric), mark);
    let values: Vec<&str> = answer.groups.iter().filter_map(|group| group.label.as_deref()).collect();
    let colors = colors_of(&values);
    let n_other = n_other(answer);
    let mut colors = colors.into_iter();
    for group in &answer.groups {
        let color = if group.label.is_some() { colors.next().unwrap_or(Color::Other) } else { group_color(group.kind) };
        if let Some(column) = column(group, metric) {
            chart.series.push(series(&group_name(group, key, n_other), color, column));
        }
    }
    chart
}

/// Groups that an answer has put together.
pub fn n_other(answer: &Answer) -> u64 {
    let n_named = answer.groups.iter().filter(|group| group.label.is_some()).count();
    answer.n_groups.saturating_sub(n_named as u64)
}

fn group_color(kind: GroupKind) -> Color {
    if kind == GroupKind::Without { Color::Neutral } else { Color::Other }
}

/// What a group is called: its value, `15 others`, `without model`.
pub fn group_name(group: &Group, key: &GroupKey, n_other: u64) -> String {
    match group.kind {
        GroupKind::Value => match group.label.as_deref() {
            // A name of nothing but blanks cannot be seen, or clicked.
            Some(label) if label.trim().is_empty() => "(blank)".into(),
            Some(label) => label.to_owned(),
            None => "(blank)".into(),
        },
        GroupKind::Other if n_other == 1 => "1 other".into(),
        GroupKind::Other => format!("{n_other} others"),
        GroupKind::Without => format!("without {}", key_words(key)),
        GroupKind::All => "all".into(),
    }
}

/// A group key in words: `model`, `run type`, `user`, `region`.
pub fn key_words(key: &GroupKey) -> String {
    use fanlight_wire::run_stats::FacetKey;
    match key {
        GroupKey::Facet(FacetKey::Metadata(key)) => match key.as_str() {
            "user_id" => "user".into(),
            // As LangChain names the prompt that was pulled.
            "lc_hub_repo" => "prompt".into(),
            other => other.to_owned(),
        },
        GroupKey::Facet(FacetKey::RunType) => "run type".into(),
        GroupKey::Facet(FacetKey::ErrorKind) => "kind of error".into(),
        other => other.to_string(),
    }
}

/// A heat map of latencies in seconds, as cells in nanoseconds.
pub fn heat(answer: &Heatmap) -> Heat {
    let mut bounds_ns: Vec<f64> = answer.bounds.iter().map(|seconds| seconds * NS_PER_SECOND).collect();
    // The first row begins at zero, which no logarithm has: drawn as high as the others.
    if let [first, second, third, ..] = &mut bounds_ns[..]
        && *first <= 0.0
        && *second > 0.0
    {
        *first = *second * (*second / *third);
    } else if let [first, second] = &mut bounds_ns[..]
        && *first <= 0.0
        && *second > 0.0
    {
        *first = *second / 2.0;
    }
    let counts = answer.counts.iter().map(|rows| rows.iter().map(|count| u64::from(*count)).collect()).collect();
    Heat { edges: edges(&answer.starts_ms, answer.end_ms), bounds_ns: bounds_ns.into(), counts, max_ns: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::monitor::series::Total;
    use fanlight_wire::run_stats::FacetKey;

    fn column_of(metric: Metric, values: &[Option<f64>]) -> Column {
        let n = vec![4; values.len()];
        Column { metric, values: values.to_vec(), n, exact: vec![], squares: vec![], total: Total::default() }
    }

    fn group(kind: GroupKind, label: Option<&str>, columns: Vec<Column>) -> Group {
        Group { kind, label: label.map(str::to_owned), n_runs: 1, columns }
    }

    fn answer(groups: Vec<Group>) -> Answer {
        Answer { starts_ms: vec![0, 1000], end_ms: 2000, n_groups: 5, groups, ..Answer::default() }
    }

    #[test]
    fn seconds_become_nanoseconds_and_gaps_stay_gaps() {
        let line = series("p95", Color::Accent, &column_of(Metric::LatencyP95, &[Some(1.5), None]));
        assert_eq!((line.values, line.faint_below), (vec![Some(1.5e9), None], 20));
    }

    #[test]
    fn scores_have_an_interval() {
        let scores = Column { squares: vec![1.0], ..column_of(Metric::Feedback("useful".into()), &[Some(0.5)]) };
        let band = series("useful", Color::Accent, &scores).band;
        assert!(band[0].is_some_and(|(low, high)| low < 0.5 && high > 0.5));
    }

    #[test]
    fn sums_are_stacked_unless_a_run_may_be_in_several_groups() {
        let groups = || {
            vec![
                group(GroupKind::Value, Some("gpt-4o"), vec![column_of(Metric::Cost, &[Some(1.0), None])]),
                group(GroupKind::Other, None, vec![column_of(Metric::Cost, &[Some(1.0), None])]),
                group(GroupKind::Without, None, vec![column_of(Metric::Cost, &[None, None])]),
            ]
        };
        let key = GroupKey::Facet(FacetKey::Model);
        let chart = by_group(&answer(groups()), &Metric::Cost, &key);
        let names: Vec<&str> = chart.series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!((chart.mark, names), (Mark::Areas, vec!["gpt-4o", "4 others", "without model"]));
        let overlapping = Answer { is_overlapping: true, ..answer(groups()) };
        assert_eq!(by_group(&overlapping, &Metric::Cost, &key).mark, Mark::Lines);
    }

    #[test]
    fn the_period_before_lies_under_this_one_bucket_by_bucket() {
        let before = previous("before", Color::Muted, &column_of(Metric::Count, &[Some(1.0); 3]), 2);
        assert_eq!((before.values.len(), before.is_previous), (2, true));
        let before = previous("before", Color::Muted, &column_of(Metric::Count, &[Some(1.0)]), 2);
        assert_eq!(before.values, [Some(1.0), None]);
    }

    #[test]
    fn the_row_that_begins_at_nothing_is_as_high_as_the_others() {
        let answer = Heatmap {
            bounds: vec![0.0, 0.1, 0.2],
            counts: vec![vec![1, 2]],
            starts_ms: vec![0],
            end_ms: 9,
            ..Heatmap::default()
        };
        assert_eq!(*heat(&answer).bounds_ns, [0.05e9, 0.1e9, 0.2e9]);
    }

    #[test]
    fn no_answer_has_no_buckets() {
        assert!(edges(&[], 0).is_empty());
        assert_eq!(total(&Answer::default(), &Metric::Count), None);
    }
}
