//! A chart while it is being made or changed: what the form holds, what it offers, and the chart that comes of it.

use super::answer::{key_words, unit_of};
use super::metric_words::metric_of;
use fanlight_wire::board::{Chart, ChartRuns, MAX_CHART_METRICS, Mark};
use fanlight_wire::filter::{self, Filter, FilterError};
use fanlight_wire::monitor::series::{GroupBy, Rank};
use fanlight_wire::monitor::{GroupKey, Metric, Quantity};

/// Most groups of a chart that is made here; the rest is one group more.
const MAX_GROUPS: usize = 8;
/// Longest title, in characters.
const MAX_TITLE: usize = 100;

/// What is chosen and typed so far. `filter` is kept as typed, whether it can be read or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub title: String,
    pub mark: Mark,
    /// At least one, and for lines, bars and areas all in one unit: an axis has one.
    pub metrics: Vec<Metric>,
    pub runs: ChartRuns,
    pub filter: String,
    pub group: Option<GroupKey>,
    /// Thirds of the board's width.
    pub width: u8,
}

impl Draft {
    /// `chart` as it is edited.
    pub fn of(chart: &Chart) -> Self {
        let typed = |text: &str| filter::parse(text).ok().and_then(|filter| filter::short::print(&filter));
        let filter = chart.filter.as_deref();
        let mut draft = Draft {
            title: chart.title.clone(),
            mark: chart.mark,
            metrics: chart.metrics.clone(),
            runs: chart.runs,
            filter: filter.map(|text| typed(text).unwrap_or_else(|| text.to_owned())).unwrap_or_default(),
            group: chart.group_by.as_ref().map(|by| by.key.clone()),
            width: chart.width.unwrap_or(1),
        };
        if draft.metrics.is_empty() {
            draft.metrics.push(Metric::LatencyP95);
        }
        // Without its own words the title follows what is chosen.
        if draft.title == draft.usual_title() {
            draft.title.clear();
        }
        draft
    }

    /// The metric at `idx` becomes another one; those that the axis no longer fits are dropped.
    pub fn set_metric(&mut self, idx: usize, metric: Metric) {
        if let Some(place) = self.metrics.get_mut(idx) {
            *place = metric;
        }
        self.fit();
    }

    pub fn set_mark(&mut self, mark: Mark) {
        self.mark = mark;
        self.fit();
    }

    /// One more metric, the first that is offered.
    pub fn add_metric(&mut self, feedback: &[String]) {
        let metric = self.offered(self.metrics.len(), feedback).into_iter().next();
        self.metrics.extend(metric.filter(|_| self.has_room()));
    }

    /// Whether the chart can show one metric more.
    pub fn has_room(&self) -> bool {
        self.metrics.len() < MAX_CHART_METRICS && self.mark != Mark::Heatmap
    }

    /// What the metric at `idx` may be: itself, and what no other is, in the unit of the first where there is an axis.
    pub fn offered(&self, idx: usize, feedback: &[String]) -> Vec<Metric> {
        let own = self.metrics.get(idx);
        let is_taken = |metric: &Metric| self.metrics.contains(metric) && own != Some(metric);
        let fits = |metric: &Metric| idx == 0 || self.fits_axis(metric);
        let all = Metric::fixed().chain(feedback.iter().cloned().map(Metric::Feedback));
        let mut offered: Vec<Metric> = all.filter(|metric| !is_taken(metric) && fits(metric)).collect();
        // Feedback of which there is none in this time is not forgotten.
        offered.extend(own.filter(|own| !offered.contains(own)).cloned());
        offered
    }

    fn fits_axis(&self, metric: &Metric) -> bool {
        !has_axis(self.mark) || self.metrics.first().is_none_or(|first| unit_of(first) == unit_of(metric))
    }

    fn fit(&mut self) {
        let metrics = std::mem::take(&mut self.metrics);
        for metric in metrics {
            if self.fits_axis(&metric) && !self.metrics.contains(&metric) {
                self.metrics.push(metric);
            }
        }
    }

    /// What the chart is called without a word: `p95 latency by model`.
    pub fn usual_title(&self) -> String {
        let mut title = match self.mark {
            Mark::Heatmap => "Latency distribution".to_owned(),
            _ => {
                let names: Vec<String> = self.metrics.iter().map(|metric| metric_of(metric, self.runs)).collect();
                names.join(", ")
            }
        };
        if let Some(group) = self.group.as_ref().filter(|_| self.mark != Mark::Heatmap) {
            title = format!("{title} by {}", key_words(group));
        }
        title.chars().take(MAX_TITLE).collect()
    }

    /// The chart. What the form does not show stays as it is in `before`.
    pub fn finish(&self, before: &Chart) -> Result<Chart, FilterError> {
        let typed = if self.filter.trim().is_empty() { Filter::ALL } else { filter::short::parse(&self.filter)? };
        let title = self.title.trim();
        let is_heatmap = self.mark == Mark::Heatmap;
        let group_by = self.group.clone().filter(|_| !is_heatmap).map(|key| match &before.group_by {
            Some(by) if by.key == key => by.clone(),
            _ => GroupBy { key, max_groups: Some(MAX_GROUPS), rank_by: Rank::Count },
        });
        Ok(Chart {
            title: if title.is_empty() { self.usual_title() } else { title.chars().take(MAX_TITLE).collect() },
            mark: self.mark,
            metrics: if is_heatmap { Vec::new() } else { self.metrics.clone() },
            of: is_heatmap.then(|| before.of.unwrap_or(Quantity::Latency)),
            group_by,
            runs: self.runs,
            filter: (typed != Filter::ALL).then(|| filter::print(&typed)),
            width: (self.width > 1).then_some(self.width),
            ..before.clone()
        })
    }
}

/// Whether all metrics share one axis.
fn has_axis(mark: Mark) -> bool {
    matches!(mark, Mark::Line | Mark::Bar | Mark::Area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::run_stats::FacetKey;

    fn chart() -> Chart {
        Chart {
            title: "Slow searches".into(),
            metrics: vec![Metric::LatencyP50, Metric::LatencyP95],
            group_by: Some(GroupBy { key: GroupKey::Facet(FacetKey::Model), max_groups: Some(3), rank_by: Rank::Cost }),
            runs: ChartRuns::Runs,
            filter: Some(r#"eq(name, "search")"#.into()),
            trace_filter: Some(r#"eq(status, "error")"#.into()),
            width: Some(2),
            ..Chart::default()
        }
    }

    #[test]
    fn what_is_not_changed_stays_as_it_was() {
        for before in [
            chart(),
            Chart { mark: Mark::Table, ..chart() },
            Chart { mark: Mark::Heatmap, of: Some(Quantity::Cost), metrics: vec![], group_by: None, ..chart() },
            Chart { title: "p95 latency".into(), metrics: vec![Metric::LatencyP95], ..Chart::default() },
        ] {
            assert_eq!(Draft::of(&before).finish(&before), Ok(before));
        }
        assert_eq!(Draft::of(&chart()).filter, "name:search", "as one would type it");
    }

    #[test]
    fn one_axis_has_one_unit_and_numbers_have_any() {
        let mut draft = Draft::of(&chart());
        assert!(draft.offered(1, &[]).contains(&Metric::LatencyP99) && !draft.offered(1, &[]).contains(&Metric::Cost));
        assert!(!draft.offered(1, &[]).contains(&Metric::LatencyP50), "once is enough");
        draft.set_metric(0, Metric::Cost);
        assert_eq!(draft.metrics, [Metric::Cost]);
        draft.set_mark(Mark::Number);
        assert!(draft.offered(1, &[]).contains(&Metric::Count));
        draft.metrics.push(Metric::Count);
        draft.set_mark(Mark::Bar);
        assert_eq!(draft.metrics, [Metric::Cost]);
        draft.add_metric(&[]);
        assert_eq!(draft.metrics, [Metric::Cost, Metric::PromptCost]);
    }

    #[test]
    fn feedback_is_offered_also_when_there_is_none_in_this_time() {
        let mut draft = Draft::of(&Chart::default());
        draft.set_metric(0, Metric::Feedback("gone".into()));
        let offered = draft.offered(0, &["useful".into()]);
        assert!(offered.ends_with(&[Metric::Feedback("useful".into()), Metric::Feedback("gone".into())]));
    }

    #[test]
    fn without_a_word_the_title_says_what_is_shown() {
        let before = Chart::default();
        let mut draft = Draft { group: Some(GroupKey::Facet(FacetKey::Model)), ..Draft::of(&before) };
        assert_eq!(draft.finish(&before).unwrap().title, "p95 latency by model");
        draft.set_metric(0, Metric::Count);
        draft.runs = ChartRuns::Models;
        assert_eq!(draft.finish(&before).unwrap().title, "Model calls by model");
        let saved = draft.finish(&before).unwrap();
        let mut again = Draft::of(&saved);
        again.group = None;
        assert_eq!(again.finish(&saved).unwrap().title, "Model calls", "it follows what is chosen");
    }

    #[test]
    fn a_filter_that_cannot_be_read_makes_no_chart() {
        let draft = Draft { filter: "latency:>".into(), ..Draft::of(&Chart::default()) };
        assert!(draft.finish(&Chart::default()).is_err());
        let draft = Draft { filter: "  ".into(), ..Draft::of(&Chart::default()) };
        assert_eq!(draft.finish(&Chart::default()).unwrap().filter, None);
    }
}
