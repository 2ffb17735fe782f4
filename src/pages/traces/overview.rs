//! What the found runs amount to: how many there are, the facets, the histogram. Counted anew as the question changes,
//! and from time to time while traces come in.

use super::address::History;
use super::filter::FacetPlan;
use super::filter::edit::conjuncts;
use super::filter::facets::FacetPanel;
use super::histogram::brush::Chosen;
use super::question::Question;
use super::time_range::TimeRange;
use crate::api::ApiClient;
use crate::components::erased::memo;
use crate::pages::fetched::{Fetched, fetched};
use crate::preferences::use_preferences;
use fanlight_wire::filter::{Comparison, Field, Filter, Literal};
use fanlight_wire::run_stats::{FacetQuery, Facets, Histogram, HistogramQuery};
use leptos::prelude::*;
use std::time::Duration;

/// Bars of the histogram.
const N_BUCKETS: usize = 60;
/// Counting looks at every run: while many come in it is done this often.
const RECOUNT: Duration = Duration::from_secs(3);

#[derive(Clone, Copy)]
pub struct Overview {
    question: Question,
    pub panel: FacetPanel,
    pub facets: Fetched<Facets>,
    pub histogram: Fetched<Histogram>,
    is_recount_due: StoredValue<bool>,
}

impl Overview {
    pub fn new(question: Question) -> Self {
        let api: ApiClient = expect_context();
        let preferences = use_preferences();
        let plan = RwSignal::new(FacetPlan::default());
        // What is counted hangs on these two preferences only.
        let added = memo(move || preferences.with(|it| (!it.has_no_facets).then(|| it.trace_facets.clone())));
        let facets = {
            let api = api.clone();
            fetched(move || {
                let (query, scope) = (question.run_query()?, question.scope.get());
                let (facets, n_values) = added
                    .with(|added| added.as_ref().map(|added| plan.with(|plan: &FacetPlan| plan.keys(scope, added))))
                    .unwrap_or_default();
                let query = FacetQuery { query, facets, max_values: Some(n_values.max(1)) };
                let api = api.clone();
                Some(Box::pin(async move { api.count_facets(&query).await }))
            })
        };
        let histogram = fetched(move || {
            let query = HistogramQuery { query: question.run_query()?, n_buckets: Some(N_BUCKETS) };
            let api = api.clone();
            Some(Box::pin(async move { api.find_histogram(&query).await }))
        });
        let panel = FacetPanel { question, facets, plan };
        Overview { question, panel, facets, histogram, is_recount_due: StoredValue::new(false) }
    }

    /// How many runs were found.
    pub fn n_runs(&self) -> Option<u64> {
        self.facets.value.with(|facets| facets.as_ref().map(|facets| facets.n_runs))
    }

    /// Counts again, soon.
    pub fn recount(self) {
        if self.is_recount_due.get_value() {
            return;
        }
        self.is_recount_due.set_value(true);
        set_timeout(
            move || {
                // The page may be gone.
                if self.is_recount_due.try_update_value(|is_due| *is_due = false).is_some() {
                    self.facets.refetch();
                    self.histogram.refetch();
                }
            },
            RECOUNT,
        );
    }

    /// Narrows the list to what was brushed.
    pub fn choose(self, chosen: Chosen) {
        let question = self.question;
        let Some((from_ms, to_ms)) = chosen.latency_ms else {
            return question.page.change(History::Push, |query| query.time = chosen.time);
        };
        question.with_language(move |language| {
            let text = (language.words)(&with_latency(&question.filter_untracked(), from_ms, to_ms));
            question.page.change(History::Push, |query| {
                query.time = chosen.time;
                query.filter = text;
            });
        });
    }

    /// Shows all time again.
    pub fn show_all_time(self) {
        self.question.page.change(History::Push, |query| query.time = TimeRange::All);
    }
}

/// The filter with these latencies instead of those it had.
fn with_latency(filter: &Filter, from_ms: u64, to_ms: Option<u64>) -> Filter {
    let is_other = |condition: &Filter| !matches!(condition, Filter::Compare { field: Field::Latency, .. });
    let bound = |comparison, ms: u64| Filter::Compare {
        field: Field::Latency,
        comparison,
        value: Literal::Duration(ms as i64 * 1_000_000),
    };
    let others = conjuncts(filter).into_iter().filter(is_other);
    let from = (from_ms > 0).then(|| bound(Comparison::Gte, from_ms));
    let to = to_ms.map(|to_ms| bound(Comparison::Lt, to_ms));
    Filter::all_of(others.chain(from).chain(to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::filter::{parse, print};

    #[test]
    fn brushed_latencies_replace_those_before() {
        let filter = parse(r#"and(gt(latency, "9s"), eq(status, "error"))"#).unwrap();
        assert_eq!(
            print(&with_latency(&filter, 1000, Some(2000))),
            r#"and(eq(status, "error"), gte(latency, "1s"), lt(latency, "2s"))"#
        );
        assert_eq!(print(&with_latency(&Filter::ALL, 0, Some(10))), r#"lt(latency, "10ms")"#);
        assert_eq!(print(&with_latency(&Filter::ALL, 5000, None)), r#"gte(latency, "5s")"#);
    }
}
