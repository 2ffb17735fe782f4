//! Which charts there are, what is asked for them, and what becomes of the answer.

use super::answer::{column, empty_chart, previous, series, unit_of, whole};
use super::content::{Content, HeatLine};
use crate::charts::change::More;
use crate::charts::chart::{Chart, Mark, Series};
use crate::charts::color::Color;
use crate::charts::heat::Heat;
use crate::charts::summary::Headline;
use crate::charts::unit::Unit;
use crate::format::cost::cost;
use fanlight_wire::Timestamp;
use fanlight_wire::monitor::Metric;
use fanlight_wire::monitor::series::Series as Answer;
use fanlight_wire::monitor::spend::Spend;

/// A chart of the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Panel {
    Latency,
    Traces,
    Heat,
    ErrorRate,
    FirstToken,
    Tokens,
    /// The mean of one feedback key.
    Feedback(String),
}

/// What every chart of root runs is drawn from; feedback keys are added.
pub fn overview_metrics(feedback: &[String]) -> Vec<Metric> {
    let fixed = [
        Metric::Count,
        Metric::ErrorCount,
        Metric::ErrorRate,
        Metric::LatencyP50,
        Metric::LatencyP95,
        Metric::LatencyP99,
        Metric::LatencyMax,
        Metric::FirstTokenP50,
        Metric::FirstTokenP95,
        Metric::PromptTokens,
        Metric::CompletionTokens,
        Metric::TotalTokens,
        Metric::Cost,
        Metric::UnpricedCount,
    ];
    fixed.into_iter().chain(feedback.iter().cloned().map(Metric::Feedback)).collect()
}

/// What is shown by group, in this order.
pub const GROUPED: [Metric; 6] =
    [Metric::LatencyP95, Metric::Count, Metric::Cost, Metric::ErrorRate, Metric::FirstTokenP50, Metric::TotalTokens];

impl Panel {
    pub fn title(&self) -> String {
        match self {
            Panel::Latency => "Latency".into(),
            Panel::Traces => "Traces and errors".into(),
            Panel::Heat => "Latency distribution".into(),
            Panel::ErrorRate => "Error rate".into(),
            Panel::FirstToken => "Time to first token".into(),
            Panel::Tokens => "Tokens".into(),
            Panel::Feedback(key) => format!("Feedback: {key}"),
        }
    }

    /// Its metrics, and what each is called in it.
    fn lines(&self) -> Vec<(Metric, String, Color, f64)> {
        let line = |metric, name: &str, color, opacity| (metric, name.to_owned(), color, opacity);
        match self {
            Panel::Latency | Panel::Heat => vec![
                line(Metric::LatencyP50, "p50", Color::Series(0), 1.0),
                line(Metric::LatencyP95, "p95", Color::Series(6), 1.0),
                line(Metric::LatencyP99, "p99", Color::Series(1), 1.0),
            ],
            Panel::ErrorRate => vec![line(Metric::ErrorRate, "error rate", Color::Error, 1.0)],
            Panel::FirstToken => vec![
                line(Metric::FirstTokenP50, "p50", Color::Series(0), 1.0),
                line(Metric::FirstTokenP95, "p95", Color::Series(6), 1.0),
            ],
            Panel::Tokens => vec![
                line(Metric::PromptTokens, "prompt", Color::Series(0), 1.0),
                line(Metric::CompletionTokens, "completion", Color::Series(7), 1.0),
            ],
            Panel::Feedback(key) => vec![line(Metric::Feedback(key.clone()), key, Color::Series(2), 1.0)],
            Panel::Traces => Vec::new(),
        }
    }

    /// The metric that the panel is summed up by, what it is called, and what more of it means.
    fn main_metric(&self) -> (Metric, &str, More) {
        match self {
            Panel::Latency | Panel::Heat => (Metric::LatencyP95, "p95", More::IsWorse),
            Panel::Traces => (Metric::Count, "traces", More::IsMore),
            Panel::ErrorRate => (Metric::ErrorRate, "error rate", More::IsWorse),
            Panel::FirstToken => (Metric::FirstTokenP50, "p50", More::IsWorse),
            Panel::Tokens => (Metric::TotalTokens, "tokens", More::IsMore),
            Panel::Feedback(key) => (Metric::Feedback(key.clone()), "mean", More::IsBetter),
        }
    }

    /// The number that sums the panel up, now and in the period before.
    pub fn headline(&self, now: &Answer, before: Option<&Answer>) -> Headline {
        let (metric, name, more) = self.main_metric();
        Headline {
            name: name.to_owned(),
            unit: unit_of(&metric),
            more,
            now: super::answer::total(now, &metric),
            before: before.and_then(|before| super::answer::total(before, &metric)),
        }
    }

    /// The chart of an answer to [`overview_metrics`]; with the period before under it, if that is asked for.
    pub fn chart(&self, now: &Answer, before: Option<&Answer>) -> Chart {
        let (metric, ..) = self.main_metric();
        let mark = match self {
            Panel::Traces => Mark::Bars,
            Panel::Tokens => Mark::Areas,
            _ => Mark::Lines,
        };
        let mut chart = empty_chart(now, unit_of(&metric), mark);
        let Some(group) = whole(now) else { return chart };
        if let Some(column) = before.and_then(whole).and_then(|group| column(group, &metric)) {
            let (_, name, _) = self.main_metric();
            let name = format!("{name} before");
            chart.series.push(previous(&name, Color::Muted, column, chart.n_buckets()));
        }
        match self {
            Panel::Traces => {
                let failed = column(group, &Metric::ErrorCount).map(|it| series("failed", Color::Error, it));
                let all = column(group, &Metric::Count).map(|it| series("succeeded", Color::Neutral, it));
                // Failures at the bottom, where they stand on zero and are seen first.
                if let Some((failed, all)) = failed.zip(all) {
                    let succeeded = (0..chart.n_buckets()).map(|bucket| {
                        all.value(bucket).map(|all| (all - failed.value(bucket).unwrap_or(0.0)).max(0.0))
                    });
                    let succeeded = Series { values: succeeded.collect(), ..all };
                    chart.series.extend([failed, succeeded]);
                }
            }
            _ => {
                let lines = self.lines().into_iter().filter_map(|(metric, name, color, opacity)| {
                    Some(Series { opacity, ..series(&name, color, column(group, &metric)?) })
                });
                chart.series.extend(lines);
            }
        }
        chart
    }
}

/// Cells with the percentiles and the slowest run of each bucket over them; the answers are of the same range, perhaps in
/// other buckets: then there are no lines.
pub fn heat_content(mut heat: Heat, overview: &Answer) -> Content {
    let chart = Panel::Heat.chart(overview, None);
    if chart.edges != heat.edges {
        return Content::Heat { heat, lines: Vec::new() };
    }
    let max = whole(overview).and_then(|group| column(group, &Metric::LatencyMax));
    heat.max_ns = max.map(|column| series("max", Color::Muted, column).values).unwrap_or_default();
    let line = |series: Series| HeatLine { name: series.name, color: series.color, values_ns: series.values };
    let lines = chart.series.into_iter().map(line).collect();
    Content::Heat { heat, lines }
}

/// The sum over all groups of a metric that is a sum.
pub fn sum_of_groups(answer: &Answer, metric: &Metric) -> Option<f64> {
    let totals = answer.groups.iter().filter_map(|group| column(group, metric)?.total.value);
    let is_sum = metric.is_sum() && !answer.is_overlapping;
    let mut totals = totals.peekable();
    (is_sum && totals.peek().is_some()).then(|| totals.sum())
}

/// `8 of 23 models`: how many groups are shown, where that is not all.
pub fn shown_of(answer: &Answer, words: &str) -> Option<String> {
    let n_shown = answer.groups.iter().filter(|group| group.label.is_some()).count() as u64;
    (answer.n_groups > n_shown).then(|| format!("{n_shown} of {} by {words}", answer.n_groups))
}

/// What a bucket may cost of the month's budget, by its length; `None` without a budget.
pub fn budget_line(spend: &Spend, edges: &[Timestamp]) -> Option<Vec<Option<f64>>> {
    let budget = spend.budget?.to_f64();
    let month_ns = spend.month_end.since(spend.month_start).max(1) as f64;
    let share = |pair: &[Timestamp]| Some(budget * pair[1].since(pair[0]) as f64 / month_ns);
    Some(edges.windows(2).map(share).collect())
}

/// `this month $12.40, about $31.00 by its end, of a budget of $50.00; 12 % of calls without a price`.
pub fn spend_words(spend: &Spend) -> String {
    let mut words = format!("this month {}", cost(spend.spent));
    if let Some(projected) = spend.projected {
        let days = if projected.n_days == 1 { "day" } else { "days" };
        words.push_str(&format!(
            ", about {} by its end at the rate of the last {} {days}",
            cost(projected.amount),
            projected.n_days
        ));
    }
    if let Some(budget) = spend.budget {
        words.push_str(&format!(", of a budget of {}", cost(budget)));
    }
    if spend.n_unpriced > 0 {
        let share = spend.n_unpriced as f64 / spend.n_model_runs.max(1) as f64;
        words.push_str(&format!("; {} of its calls have no price", Unit::Share.words(share)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::monitor::series::{Column, Group, GroupKind, Total};
    use fanlight_wire::monitor::spend::Projection;

    fn answer(columns: &[(Metric, [Option<f64>; 2], f64)]) -> Answer {
        let column = |(metric, values, total): &(Metric, [Option<f64>; 2], f64)| Column {
            metric: metric.clone(),
            values: values.to_vec(),
            n: vec![200, 200],
            exact: vec![],
            squares: vec![],
            total: Total { value: Some(*total), n: 400, ..Total::default() },
        };
        let columns = columns.iter().map(column).collect();
        let group = Group { kind: GroupKind::All, label: None, n_runs: 1, columns };
        Answer { starts_ms: vec![0, 1000], end_ms: 2000, groups: vec![group], ..Answer::default() }
    }

    fn names(chart: &Chart) -> Vec<&str> {
        chart.series.iter().map(|series| series.name.as_str()).collect()
    }

    #[test]
    fn failures_stand_on_zero_and_the_rest_on_them() {
        let now = answer(&[
            (Metric::Count, [Some(10.0), Some(0.0)], 10.0),
            (Metric::ErrorCount, [Some(3.0), Some(0.0)], 3.0),
        ]);
        let chart = Panel::Traces.chart(&now, None);
        assert_eq!(names(&chart), ["failed", "succeeded"]);
        assert_eq!(chart.series[1].values, [Some(7.0), Some(0.0)]);
    }

    #[test]
    fn the_period_before_is_drawn_of_the_number_that_sums_it_up() {
        let latencies = |p95| answer(&[(Metric::LatencyP95, [Some(p95), None], p95)]);
        let (now, before) = (latencies(1.2), latencies(1.0));
        assert_eq!(names(&Panel::Latency.chart(&now, Some(&before))), ["p95 before", "p95"]);
        let headline = Panel::Latency.headline(&now, Some(&before));
        assert_eq!(
            crate::charts::summary::headline(&headline, "7 days"),
            "p95 1.20 s, up 20.0 % on the previous 7 days"
        );
    }

    #[test]
    fn lines_lie_over_cells_of_the_same_buckets_only() {
        let now = answer(&[(Metric::LatencyP95, [Some(1.0), None], 1.0), (Metric::LatencyMax, [Some(3.0), None], 3.0)]);
        let heat = |end: i64| Heat { edges: [0, 1_000_000_000, end].map(Timestamp).into(), ..Heat::default() };
        let lines = |content| match content {
            Content::Heat { heat, lines } => (lines.len(), heat.max_ns),
            Content::Chart(_) => unreachable!("cells stay cells"),
        };
        assert_eq!(lines(heat_content(heat(2_000_000_000), &now)), (1, vec![Some(3e9), None]));
        assert_eq!(lines(heat_content(heat(3_000_000_000), &now)), (0, vec![]));
    }

    fn spend() -> Spend {
        Spend {
            month_start: "2026-11-01T00:00:00Z".parse().unwrap(),
            month_end: "2026-12-01T00:00:00Z".parse().unwrap(),
            spent: "12.4".parse().unwrap(),
            budget: Some("30".parse().unwrap()),
            projected: Some(Projection { amount: "31".parse().unwrap(), n_days: 7 }),
            n_model_runs: 100,
            n_unpriced: 12,
            unpriced_tokens: 1,
        }
    }

    #[test]
    fn what_the_month_costs_is_said_with_what_it_leaves_out() {
        assert_eq!(
            spend_words(&spend()),
            "this month $12.40, about $31.00 by its end at the rate of the last 7 days, of a budget of $30.00; \
             12.0 % of its calls have no price"
        );
        let bare = Spend { budget: None, projected: None, n_unpriced: 0, ..spend() };
        assert_eq!(spend_words(&bare), "this month $12.40");
    }

    #[test]
    fn a_day_has_its_share_of_the_budget() {
        let edges = ["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"].map(|text| text.parse().unwrap());
        assert_eq!(budget_line(&spend(), &edges), Some(vec![Some(1.0)]));
        assert_eq!(budget_line(&Spend { budget: None, ..spend() }, &edges), None);
    }
}
