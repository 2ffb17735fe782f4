//! How busy each project was in the last seven days: fetched for those that are looked at, one request each.

use crate::api::ApiClient;
use crate::components::clock;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::{Histogram, HistogramQuery};
use fanlight_wire::{ProjectId, Timestamp};
use leptos::prelude::*;
use std::collections::HashMap;

const WEEK_NS: i64 = 7 * 24 * 3_600_000_000_000;
/// Bars in the strip: six hours each.
const N_BUCKETS: usize = 28;
/// A project that is busy right now is not asked about more often than this.
const REST_NS: i64 = 10_000_000_000;

/// Kept by the page, so that rows that are drawn anew show at once what is known.
#[derive(Clone, Copy)]
pub struct Activity {
    api: StoredValue<ApiClient>,
    owner: StoredValue<Owner>,
    known: StoredValue<HashMap<ProjectId, Known>>,
}

#[derive(Clone, Copy)]
struct Known {
    histogram: RwSignal<Option<Histogram>>,
    /// How many traces the project had when it was asked about, and when that was.
    asked: Option<(i64, Timestamp)>,
}

impl Activity {
    pub fn new() -> Self {
        Activity {
            api: StoredValue::new(expect_context()),
            owner: StoredValue::new(Owner::current().expect("activity belongs to a page")),
            known: StoredValue::new(HashMap::new()),
        }
    }

    /// What is known of `project`; nothing at first.
    pub fn of(self, project: ProjectId) -> RwSignal<Option<Histogram>> {
        let signal = || self.owner.with_value(|owner| owner.with(|| RwSignal::new(None)));
        self.known
            .try_update_value(|known| {
                known.entry(project).or_insert_with(|| Known { histogram: signal(), asked: None }).histogram
            })
            .expect("rows live no longer than their page")
    }

    /// Asks about `project`, unless nothing has come since it was asked about.
    pub fn want(self, project: ProjectId, n_traces: i64) {
        let histogram = self.of(project);
        let now = clock::now();
        let is_due = self.known.try_update_value(|known| {
            let Some(known) = known.get_mut(&project) else { return false };
            let is_due = known.asked.is_none_or(|(n_then, time)| n_then != n_traces && now.since(time) > REST_NS);
            if is_due {
                known.asked = Some((n_traces, now));
            }
            is_due
        });
        if is_due != Some(true) {
            return;
        }
        let query = HistogramQuery {
            query: RunQuery {
                projects: Some(vec![project]),
                is_root: Some(true),
                start_time: Some(Timestamp(now.0 - WEEK_NS)),
                end_time: Some(now),
                ..RunQuery::default()
            },
            n_buckets: Some(N_BUCKETS),
        };
        let api = self.api.get_value();
        leptos::task::spawn_local(async move {
            match api.find_histogram(&query).await {
                Ok(answer) => drop(histogram.try_set(Some(answer))),
                // The strip is an extra: without it the row still has its numbers. It is asked for again later.
                Err(_) => self
                    .known
                    .try_update_value(|known| {
                        if let Some(known) = known.get_mut(&project) {
                            known.asked = None;
                        }
                    })
                    .unwrap_or(()),
            }
        });
    }
}
