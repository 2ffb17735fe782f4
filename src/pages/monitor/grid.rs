//! The charts, in their order: as a whole, or by group.

use super::data::{Data, is_of_calls};
use super::names::{By, NameList};
use super::query::{MonitorQuery, period_words};
use crate::charts::chart::Series;
use crate::charts::color::Color;
use crate::charts::figure::{ChartFigure, Progress, Shared};
use crate::charts::summary::headline;
use crate::components::erased::{dynamic, memo};
use crate::format::visible::visible;
use crate::monitor::answer::{by_group, heat, key_words};
use crate::monitor::content::Content;
use crate::monitor::metric_words::metric_title;
use crate::monitor::panel::{GROUPED, Panel, budget_line, heat_content, shown_of, spend_words, sum_of_groups};
use crate::pages::fetched::Fetched;
use fanlight_wire::monitor::series::Series as Answer;
use fanlight_wire::monitor::{GroupKey, Metric};
use fanlight_wire::run_stats::FacetKey;
use leptos::prelude::*;
use std::sync::Arc;

/// All charts and lists of the page.
#[component]
pub fn Grid(data: Data, query: Memo<MonitorQuery>, shared: Shared) -> impl IntoView {
    let group = memo(move || query.with(|query| query.group.clone()));
    let keys = memo(move || data.feedback_keys());
    let charts = Charts { data, query, shared };
    view! {
        <section class="monitor-grid" aria-label="Charts">
            {dynamic(move || match group.get() {
                Some(key) => GROUPED.into_iter().map(|metric| charts.grouped(metric, key.clone())).collect::<Vec<_>>(),
                None => {
                    let mut all = vec![
                        charts.panel(Panel::Latency),
                        charts.panel(Panel::Traces),
                        charts.cost(),
                        charts.heat(),
                        charts.panel(Panel::FirstToken),
                        charts.panel(Panel::Tokens),
                        charts.panel(Panel::ErrorRate),
                        charts.errors(),
                    ];
                    all.extend(keys.get().into_iter().map(|key| charts.panel(Panel::Feedback(key))));
                    all
                }
            })}
        </section>
        <section class="monitor-grid" aria-label="Run names">
            <NameList title="Slowest run names" note="p95" top=data.names by=By::Latency project=data.project query />
            <NameList title="Costliest run names" note="with what is below them" top=data.names by=By::Cost project=data.project query />
            <NameList title="Most failing run names" note="failed runs" top=data.names by=By::Errors project=data.project query />
            <NameList title="Slowest tools" note="p95" top=data.tools by=By::Latency project=data.project query />
            <NameList title="Slowest retrievers" note="p95" top=data.retrievers by=By::Latency project=data.project query />
        </section>
    }
}

/// What every chart is made from.
#[derive(Clone, Copy)]
struct Charts {
    data: Data,
    query: Memo<MonitorQuery>,
    shared: Shared,
}

impl Charts {
    /// A chart of the traces as a whole.
    fn panel(self, panel: Panel) -> AnyView {
        let (of_content, of_note) = (panel.clone(), panel.clone());
        let content = memo(move || {
            let has_previous = self.query.with(|query| query.has_previous);
            self.with_answers(&of_content, |now, before| {
                let Some(now) = now else { return Arc::default() };
                let mut chart = of_content.chart(now, before.filter(|_| has_previous));
                chart.rules = self.data.rules();
                Arc::new(Content::Chart(chart))
            })
        });
        let note = memo(move || {
            let period = self.query.with(|query| period_words(query.time));
            self.with_answers(&of_note, |now, before| {
                now.map(|now| headline(&of_note.headline(now, before), &period)).unwrap_or_default()
            })
        });
        let progress = match panel {
            Panel::Feedback(_) => progress(self.data.feedback),
            _ => progress(self.data.overview),
        };
        self.figure(visible(&panel.title()).into_owned(), note, content, progress)
    }

    fn with_answers<R>(self, panel: &Panel, read: impl FnOnce(Option<&Answer>, Option<&Answer>) -> R) -> R {
        let flat = |answer: &Option<Option<Answer>>| answer.clone().flatten();
        match panel {
            Panel::Feedback(_) => {
                let before = self.data.feedback_before.value.with(flat);
                self.data.feedback.value.with(|now| read(now.as_ref().and_then(Option::as_ref), before.as_ref()))
            }
            _ => {
                let before = self.data.before.value.with(flat);
                self.data.overview.value.with(|now| read(now.as_ref(), before.as_ref()))
            }
        }
    }

    fn heat(self) -> AnyView {
        let content = memo(move || {
            let cells = self.data.heat.value.with(|answer| answer.as_ref().map(heat));
            let Some(cells) = cells else { return Arc::default() };
            let content = self.data.overview.value.with(|overview| match overview {
                Some(overview) => heat_content(cells, overview),
                None => Content::Heat { heat: cells, lines: Vec::new() },
            });
            Arc::new(content)
        });
        let note = memo(|| "darker is more; — is the slowest".to_owned());
        self.figure("Latency distribution".into(), note, content, progress(self.data.heat))
    }

    fn cost(self) -> AnyView {
        let key = GroupKey::Facet(FacetKey::Model);
        let content = memo(move || {
            let Some(mut chart) =
                self.data.cost.value.with(|answer| answer.as_ref().map(|it| by_group(it, &Metric::Cost, &key)))
            else {
                return Arc::default();
            };
            chart.rules = self.data.rules();
            let budget =
                self.data.spend.value.with(|spend| spend.as_ref().and_then(|it| budget_line(it, &chart.edges)));
            chart.series.extend(
                budget.map(|values| Series { is_previous: true, ..Series::new("budget", Color::Error, values) }),
            );
            Arc::new(Content::Chart(chart))
        });
        let note = memo(move || {
            let shown = self.data.cost.value.with(|answer| answer.as_ref().and_then(|it| shown_of(it, "model")));
            let spent = self.data.spend.value.with(|spend| spend.as_ref().map(spend_words));
            [shown, spent].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        self.figure("Cost by model".into(), note, content, progress(self.data.cost))
    }

    fn errors(self) -> AnyView {
        let key = GroupKey::Facet(FacetKey::ErrorKind);
        let content = memo(move || {
            let chart = self.data.errors.value.with(|it| it.as_ref().map(|it| by_group(it, &Metric::ErrorCount, &key)));
            let Some(mut chart) = chart else { return Arc::default() };
            chart.rules = self.data.rules();
            Arc::new(Content::Chart(chart))
        });
        let note = memo(move || {
            self.data
                .errors
                .value
                .with(|answer| answer.as_ref().and_then(|it| shown_of(it, "kind")).unwrap_or_default())
        });
        self.figure("Errors by kind".into(), note, content, progress(self.data.errors))
    }

    /// One metric by group.
    fn grouped(self, metric: Metric, key: GroupKey) -> AnyView {
        let by = key_words(&key);
        let what =
            if is_of_calls(&key) && metric == Metric::Count { "Model calls".into() } else { metric_title(&metric) };
        let title = format!("{what} by {}", visible(&by));
        let (of_note, unit) = (metric.clone(), crate::monitor::answer::unit_of(&metric));
        let content = memo(move || {
            let answer = self
                .data
                .grouped
                .value
                .with(|answer| answer.as_ref().and_then(Option::as_ref).map(|it| by_group(it, &metric, &key)));
            let Some(mut chart) = answer else { return Arc::default() };
            chart.rules = self.data.rules();
            Arc::new(Content::Chart(chart))
        });
        let note = memo(move || {
            self.data.grouped.value.with(|answer| {
                let Some(answer) = answer.as_ref().and_then(Option::as_ref) else { return String::new() };
                let sum = sum_of_groups(answer, &of_note).map(|sum| unit.words(sum));
                [sum, shown_of(answer, &by)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
            })
        });
        self.figure(title, note, content, progress(self.data.grouped))
    }

    fn figure(self, title: String, note: Memo<String>, content: Memo<Arc<Content>>, progress: Progress) -> AnyView {
        view! { <ChartFigure title=Signal::stored(title) note content progress shared=self.shared /> }.into_any()
    }
}

/// How the answer of a figure is doing.
pub fn progress<T: Send + Sync + 'static>(fetched: Fetched<T>) -> Progress {
    Progress {
        is_loading: fetched.is_loading.into(),
        failure: memo(move || fetched.failure.with(|error| error.as_ref().map(ToString::to_string))).into(),
        on_retry: Callback::new(move |()| fetched.refetch()),
    }
}
