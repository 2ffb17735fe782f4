//! What the list shows when the filter finds nothing: which condition is to blame, and the ways back.

use super::address::History;
use super::filter::bar_text::{chips, removed, words};
use super::filter::edit::conjuncts;
use super::question::Question;
use crate::api::{ApiClient, ApiError};
use crate::components::clock::{now, zone_offset_minutes};
use crate::components::erased::{dynamic, memo};
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::pages::fetched::{Fetching, fetched};
use fanlight_wire::filter::Filter;
use fanlight_wire::filter::edit::without;
use fanlight_wire::run_stats::FacetQuery;
use leptos::prelude::*;

/// Conditions beyond these are not tried one by one.
const MAX_TRIED: usize = 8;

/// Says why, and offers what helps.
#[component]
pub fn NothingFound(question: Question) -> impl IntoView {
    let api: ApiClient = expect_context();
    let page = question.page;
    // How many runs each condition keeps out by itself.
    let blamed = fetched(move || {
        let filter = question.committed.with(|committed| committed.filter().cloned())?;
        question.scope.track();
        question.time.track();
        let n = conjuncts(&filter).len().min(MAX_TRIED);
        let queries: Vec<FacetQuery> = (0..n)
            .map(|idx| FacetQuery { query: question.with_filter(&without(&filter, idx)), ..FacetQuery::default() })
            .collect();
        let api = api.clone();
        let work: Fetching<Option<(usize, u64)>> = Box::pin(async move {
            let mut most: Option<(usize, u64)> = None;
            for (idx, query) in queries.iter().enumerate() {
                let n_runs = api.count_facets(query).await?.n_runs;
                if n_runs > most.map_or(0, |(_, n)| n) {
                    most = Some((idx, n_runs));
                }
            }
            Ok::<_, ApiError>(most)
        });
        Some(work)
    });
    let suggestion = memo(move || {
        let filter = question.filter();
        let (idx, n_runs) = blamed.value.get().flatten()?;
        let text = chips(&filter).get(idx)?.text.clone();
        Some((idx, text, n_runs))
    });
    let has_filter =
        memo(move || question.committed.with(|committed| committed.filter().is_some_and(|it| *it != Filter::ALL)));
    let wider = memo(move || question.time.get().wider(now()));
    let noun = move || question.scope.get().noun(0);
    view! {
        <div class="nothing-found" role="status">
            <h2>{dynamic(move || format!("No {} found", noun()))}</h2>
            <p>
                {dynamic(move || {
                    let time = question.time.get().label(zone_offset_minutes);
                    if has_filter.get() { format!("Nothing matches the filter. Time: {time}.") } else { format!("Time: {time}.") }
                })}
            </p>
            <div class="nothing-found-ways">
                {dynamic(move || {
                    suggestion
                        .get()
                        .map(|(idx, text, n_runs)| {
                            let text = visible(&text).into_owned();
                            let label = format!("Remove {text} (finds {})", grouped(n_runs as i64));
                            let remove = move |_| {
                                let filter = removed(&question.filter_untracked(), idx);
                                page.change(History::Push, |query| query.filter = filter);
                            };
                            view! {
                                <button type="button" class="button is-primary" on:click=remove>
                                    {label}
                                </button>
                            }
                        })
                })}
                {dynamic(move || {
                    wider
                        .get()
                        .map(|range| {
                            let label = format!("Show {}", range.label(zone_offset_minutes).to_lowercase());
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| page.change(History::Push, |query| query.time = range)
                                >
                                    {label}
                                </button>
                            }
                        })
                })}
                {dynamic(move || {
                    has_filter
                        .get()
                        .then(|| {
                            let clear = move |_| {
                                page.change(History::Push, |query| query.filter = words(&Filter::ALL));
                            };
                            view! {
                                <button type="button" class="button" on:click=clear>
                                    "Clear the filter"
                                </button>
                            }
                        })
                })}
            </div>
        </div>
    }
}
