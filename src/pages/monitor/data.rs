//! What the page asks the server, and the last answers.

use super::query::{Asked, MonitorQuery};
use crate::api::{ApiClient, ApiError};
use crate::charts::chart::Rule;
use crate::components::clock::now;
use crate::components::erased::memo;
use crate::monitor::board::MODEL_CALLS;
use crate::monitor::panel::{GROUPED, overview_metrics};
use crate::monitor::rules::rules_of;
use crate::pages::fetched::{Fetched, Fetching, fetched, rest};
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery};
use fanlight_wire::monitor::markers::{MarkerQuery, Markers};
use fanlight_wire::monitor::series::{GroupBy, Rank, Series, SeriesQuery};
use fanlight_wire::monitor::spend::Spend;
use fanlight_wire::monitor::top::{Top, TopQuery};
use fanlight_wire::monitor::{GroupKey, Metric};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::{FacetKey, FacetQuery, Facets};
use fanlight_wire::{ProjectId, RunType};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// Buckets of every chart, at most: as many as a heat map has, so that all of them have the same.
const N_POINTS: usize = 60;
/// Charts of feedback, at most: the keys that most runs have.
const MOST_FEEDBACK: usize = 4;
/// Lines of a list of names.
const N_NAMES: usize = 8;

/// The questions of one project's page and their last answers. Copy it freely.
#[derive(Clone, Copy)]
pub struct Data {
    pub project: ProjectId,
    pub asked: Memo<Option<Asked>>,
    pub overview: Fetched<Series>,
    /// Of the period before; `None` where there is none.
    pub before: Fetched<Option<Series>>,
    pub heat: Fetched<Heatmap>,
    pub cost: Fetched<Series>,
    pub errors: Fetched<Series>,
    pub markers: Fetched<Markers>,
    /// Which keys of feedback and metadata there are.
    pub facets: Fetched<Facets>,
    pub feedback: Fetched<Option<Series>>,
    pub feedback_before: Fetched<Option<Series>>,
    pub grouped: Fetched<Option<Series>>,
    pub names: Fetched<Top>,
    pub tools: Fetched<Top>,
    pub retrievers: Fetched<Top>,
    pub spend: Fetched<Spend>,
    again: RwSignal<u32>,
    ask: Ask,
}

impl Data {
    pub fn new(project: ProjectId, query: Memo<MonitorQuery>) -> Self {
        let again = RwSignal::new(0);
        let restricted = memo(move || query.with(|query| (query.condition(), query.time)));
        let asked = memo(move || {
            again.track();
            // A filter that cannot be read asks nothing: what is on screen answers the last one that could.
            let (condition, time) = restricted.get();
            Some(Asked::new(condition.ok()?, time, now()))
        });
        let group = memo(move || query.with(|query| query.group.clone()));
        let ask = Ask { api: StoredValue::new(expect_context::<ApiClient>()) };

        let overview =
            ask.about(asked, move |asked| ask.series(roots(project, asked), overview_metrics(&[]), None, None));
        let facets = ask.about(asked, move |asked| {
            let facets = vec![FacetKey::Feedback, FacetKey::MetadataKeys];
            let query = FacetQuery { query: roots(project, asked), facets, max_values: Some(20) };
            patiently(move || {
                let (api, query) = (ask.api.get_value(), query.clone());
                Box::pin(async move { api.count_facets(&query).await })
            })
        });
        let keys = memo(move || facets.value.with(|facets| feedback_keys(facets.as_ref())));
        let feedback = fetched(move || {
            let (asked, keys) = (asked.get()?, keys.get());
            Some(
                ask.optional_series((!keys.is_empty()).then(|| (roots(project, &asked), feedback_metrics(keys))), None),
            )
        });
        let width = memo(move || overview.value.with(|answer| answer.as_ref().map(|answer| answer.bucket_seconds)));
        let before = fetched(move || {
            let (asked, width) = (asked.get()?, width.get()?);
            let query = asked.before().map(|before| (roots(project, &before), overview_metrics(&[])));
            Some(ask.optional_series(query, Some(width)))
        });
        let feedback_before = fetched(move || {
            let (asked, keys, width) = (asked.get()?, keys.get(), width.get()?);
            let before = asked.before().filter(|_| !keys.is_empty());
            Some(ask.optional_series(before.map(|it| (roots(project, &it), feedback_metrics(keys))), Some(width)))
        });
        let heat = ask.about(asked, move |asked| {
            ask.heatmap(HeatmapQuery { query: roots(project, asked), ..HeatmapQuery::default() })
        });
        let cost = ask.about(asked, move |asked| {
            let by = GroupBy { key: GroupKey::Facet(FacetKey::Model), max_groups: Some(8), rank_by: Rank::Cost };
            ask.series(model_calls(project, asked), vec![Metric::Cost, Metric::UnpricedCount], Some(by), None)
        });
        let errors = ask.about(asked, move |asked| {
            let by = GroupBy { key: GroupKey::Facet(FacetKey::ErrorKind), max_groups: Some(8), rank_by: Rank::Errors };
            let failed = RunQuery { error: Some(true), ..roots(project, asked) };
            ask.series(failed, vec![Metric::ErrorCount], Some(by), None)
        });
        let markers = ask.about(asked, move |asked| {
            let query = MarkerQuery { query: roots(project, asked), keys: None };
            patiently(move || {
                let (api, query) = (ask.api.get_value(), query.clone());
                Box::pin(async move { api.find_markers(&query).await })
            })
        });
        let grouped = fetched(move || {
            let asked = asked.get()?;
            let Some(key) = group.get() else {
                return Some(Box::pin(async { Ok(None) }) as Fetching<Option<Series>>);
            };
            let runs = if is_of_calls(&key) { model_calls(project, &asked) } else { roots(project, &asked) };
            let by = GroupBy { key, max_groups: Some(8), rank_by: Rank::Count };
            let answer = ask.series(runs, GROUPED.to_vec(), Some(by), None);
            Some(Box::pin(async move { answer.await.map(Some) }))
        });
        let names = ask.about(asked, move |asked| ask.top(below(project, asked, None)));
        let tools = ask.about(asked, move |asked| ask.top(below(project, asked, Some(RunType::Tool))));
        let retrievers = ask.about(asked, move |asked| ask.top(below(project, asked, Some(RunType::Retriever))));
        let spend = fetched(move || {
            again.track();
            Some(patiently(move || {
                let api = ask.api.get_value();
                Box::pin(async move { api.find_spend(project, &zone().unwrap_or_else(|| "UTC".into())).await })
            }))
        });
        Data {
            project,
            asked,
            overview,
            before,
            heat,
            cost,
            errors,
            markers,
            facets,
            feedback,
            feedback_before,
            grouped,
            names,
            tools,
            retrievers,
            spend,
            again,
            ask,
        }
    }

    /// Asks everything again, up to the present.
    pub fn refresh(&self) {
        self.again.update(|again| *again += 1);
    }

    /// One more question about `runs`, in the buckets of the others.
    pub fn series(&self, runs: RunQuery, metrics: Vec<Metric>, by: Option<GroupBy>) -> Fetching<Series> {
        self.ask.series(runs, metrics, by, None)
    }

    /// The same of a heat map.
    pub fn heatmap(&self, query: HeatmapQuery) -> Fetching<Heatmap> {
        self.ask.heatmap(query)
    }

    /// When versions were first seen.
    pub fn rules(&self) -> Vec<Rule> {
        self.markers.value.with(|markers| markers.as_ref().map(rules_of).unwrap_or_default())
    }

    /// The keys of feedback that have a chart.
    pub fn feedback_keys(&self) -> Vec<String> {
        self.facets.value.with(|facets| feedback_keys(facets.as_ref()))
    }

    /// The keys of metadata that runs have.
    pub fn metadata_keys(&self) -> Vec<String> {
        self.facets.value.with(|facets| values_of(facets.as_ref(), &FacetKey::MetadataKeys))
    }
}

/// Of these groups, only calls of models are members.
pub fn is_of_calls(key: &GroupKey) -> bool {
    matches!(key, GroupKey::Facet(FacetKey::Model | FacetKey::Provider))
}

/// How questions are asked.
#[derive(Clone, Copy)]
struct Ask {
    api: StoredValue<ApiClient>,
}

impl Ask {
    /// Asks `start` whenever `asked` changes.
    fn about<T: Send + Sync + 'static>(
        self,
        asked: Memo<Option<Asked>>,
        start: impl Fn(&Asked) -> Fetching<T> + 'static,
    ) -> Fetched<T> {
        fetched(move || asked.get().map(|asked| start(&asked)))
    }

    fn series(
        self,
        query: RunQuery,
        metrics: Vec<Metric>,
        group_by: Option<GroupBy>,
        bucket_seconds: Option<u32>,
    ) -> Fetching<Series> {
        let n_points = bucket_seconds.is_none().then_some(N_POINTS);
        let query = SeriesQuery { query, bucket_seconds, n_points, time_zone: zone(), group_by, metrics };
        patiently(move || {
            let (api, query) = (self.api.get_value(), query.clone());
            Box::pin(async move { api.find_series(&query).await })
        })
    }

    /// The same of a question that may have nothing to ask.
    fn optional_series(
        self,
        question: Option<(RunQuery, Vec<Metric>)>,
        bucket_seconds: Option<u32>,
    ) -> Fetching<Option<Series>> {
        let Some((query, metrics)) = question else { return Box::pin(async { Ok(None) }) };
        let answer = self.series(query, metrics, None, bucket_seconds);
        Box::pin(async move { answer.await.map(Some) })
    }

    fn heatmap(self, query: HeatmapQuery) -> Fetching<Heatmap> {
        let query = HeatmapQuery { time_zone: zone(), ..query };
        patiently(move || {
            let (api, query) = (self.api.get_value(), query.clone());
            Box::pin(async move { api.find_heatmap(&query).await })
        })
    }

    fn top(self, query: RunQuery) -> Fetching<Top> {
        let query = TopQuery { query, limit: Some(N_NAMES) };
        patiently(move || {
            let (api, query) = (self.api.get_value(), query.clone());
            Box::pin(async move { api.find_top(&query).await })
        })
    }
}

/// Asks again when the server has no turn left: a page asks many questions at once, and it answers few at a time.
pub fn patiently<T: 'static>(ask: impl Fn() -> Fetching<T> + 'static) -> Fetching<T> {
    Box::pin(async move {
        for attempt in 1..6 {
            match ask().await {
                Err(ApiError::Refused { status: 429, .. }) => rest(Duration::from_millis(400 * attempt)).await,
                answer => return answer,
            }
        }
        ask().await
    })
}

/// The traces that are asked about.
pub fn roots(project: ProjectId, asked: &Asked) -> RunQuery {
    RunQuery {
        projects: Some(vec![project]),
        is_root: Some(true),
        start_time: asked.from,
        end_time: asked.to,
        filter: asked.condition.clone(),
        ..RunQuery::default()
    }
}

/// Calls of models in those traces.
fn model_calls(project: ProjectId, asked: &Asked) -> RunQuery {
    RunQuery { filter: Some(MODEL_CALLS.to_owned()), ..below(project, asked, None) }
}

/// Runs of a type, or all of them, in those traces.
fn below(project: ProjectId, asked: &Asked, run_type: Option<RunType>) -> RunQuery {
    RunQuery { is_root: None, filter: None, trace_filter: asked.condition.clone(), run_type, ..roots(project, asked) }
}

fn values_of(facets: Option<&Facets>, key: &FacetKey) -> Vec<String> {
    let facet = facets.and_then(|facets| facets.facets.iter().find(|facet| facet.key == *key));
    facet.map(|facet| facet.values.iter().map(|value| value.value.clone()).collect()).unwrap_or_default()
}

fn feedback_keys(facets: Option<&Facets>) -> Vec<String> {
    let mut keys = values_of(facets, &FacetKey::Feedback);
    keys.truncate(MOST_FEEDBACK);
    keys
}

fn feedback_metrics(keys: Vec<String>) -> Vec<Metric> {
    keys.into_iter().map(Metric::Feedback).collect()
}

/// The reader's time zone by its name, where the browser says it.
fn zone() -> Option<String> {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}
