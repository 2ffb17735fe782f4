//! One facet: its values with counts and shares, a search among them, and what a click on one does.

use super::facet_list::{STANDARD, listed, title, value_label};
use super::facets::{FacetPanel, choose};
use crate::api::ApiClient;
use crate::components::erased::{Keyed, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::unique_id;
use crate::format::digits::{grouped, percent};
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::pages::fetched::{Fetched, fetched, rest};
use crate::preferences::use_preferences;
use fanlight_wire::filter::edit::Mark;
use fanlight_wire::run_stats::{FacetKey, FacetValue, SuggestQuery};
use leptos::prelude::*;
use std::time::Duration;
use web_sys::MouseEvent;

/// Values found by a search, at most.
const N_SEARCHED: usize = 50;
/// Typing rests this long before the server is asked.
const RESTS: Duration = Duration::from_millis(120);

/// One facet.
pub fn facet_view(panel: FacetPanel, key: FacetKey) -> AnyView {
    let facet = {
        let key = key.clone();
        memo(move || {
            panel
                .facets
                .value
                .with(|facets| facets.as_ref().and_then(|it| it.facets.iter().find(|facet| facet.key == key).cloned()))
        })
    };
    let search = RwSignal::new(String::new());
    let searched = searched_values(panel, key.clone(), search);
    let listed = {
        let key = key.clone();
        memo(move || {
            if !search.read().trim().is_empty() {
                return searched.value.get().unwrap_or_default();
            }
            let values = facet.with(|facet| facet.as_ref().map(|it| it.values.clone()).unwrap_or_default());
            let n_shown = panel.plan.with(|plan| plan.n_shown(&key));
            listed(values, n_shown, |value| panel.question.mark(&key, value) != Mark::Off)
        })
    };
    let values = memo(move || listed.with(|listed| listed.iter().map(|it| it.value.clone()).collect::<Vec<_>>()));
    let n_runs = memo(move || facet.with(|facet| facet.as_ref().map_or(0, |facet| facet.n_runs)));
    let n_more = {
        let key = key.clone();
        memo(move || {
            let n_shown = panel.plan.with(|plan| plan.n_shown(&key));
            facet.with(|facet| {
                facet.as_ref().map_or(0, |it| it.n_values.saturating_sub(it.values.len().min(n_shown) as u64))
            })
        })
    };
    let is_expanded = {
        let key = key.clone();
        memo(move || panel.plan.with(|plan| plan.is_expanded(&key)))
    };
    let expand = {
        let key = key.clone();
        move |_| panel.plan.update(|plan| plan.toggle_expanded(&key))
    };
    let title_id = unique_id("facet");
    let labelled_by = title_id.clone();
    let preferences = use_preferences();
    let is_added = !STANDARD.contains(&key);
    let remove = {
        let key = key.clone();
        move |_| {
            let word = key.to_string();
            preferences.update(|preferences| preferences.trace_facets.retain(|other| *other != word));
        }
    };
    let heading = title(&key);
    view! {
        <section class="facet" aria-labelledby=labelled_by>
            <div class="facet-head">
                <h3 id=title_id>{heading.clone()}</h3>
                {is_added
                    .then(|| {
                        view! {
                            <button type="button" class="facet-remove" aria-label=format!("Do not count {heading}") on:click=remove>
                                <IconView icon=Icon::Close />
                            </button>
                        }
                    })}
            </div>
            {dynamic(move || {
                is_expanded
                    .get()
                    .then(|| {
                        view! {
                            <input
                                class="input facet-search"
                                type="search"
                                placeholder="Find a value"
                                aria-label=format!("Find a value of {heading}")
                                on:input:target=move |event| search.set(event.target().value())
                            />
                        }
                    })
            })}
            <ul class="facet-values">
                <Keyed
                    each=move || values.get()
                    key=Clone::clone
                    children=move |value| value_view(panel, key.clone(), Counts { listed, n_runs }, value)
                />
            </ul>
            {dynamic(move || {
                let (n_more, is_expanded) = (n_more.get(), is_expanded.get());
                (n_more > 0 || is_expanded)
                    .then(|| {
                        let words = match (is_expanded, n_more) {
                            (false, n_more) => format!("{} more", grouped(n_more as i64)),
                            (true, 0) => "Show fewer".to_owned(),
                            (true, n_more) => format!("Show fewer ({} not listed)", grouped(n_more as i64)),
                        };
                        view! {
                            <button type="button" class="facet-more" on:click=expand.clone()>
                                {words}
                            </button>
                        }
                    })
            })}
        </section>
    }
    .into_any()
}

/// What is listed of a facet, and of how many runs.
#[derive(Clone, Copy)]
struct Counts {
    listed: Memo<Vec<FacetValue>>,
    n_runs: Memo<u64>,
}

fn value_view(panel: FacetPanel, key: FacetKey, counts: Counts, value: String) -> AnyView {
    let counted = {
        let value = value.clone();
        memo(move || {
            let find = |listed: &Vec<FacetValue>| listed.iter().find(|other| other.value == value).map(|it| it.count);
            let count = counts.listed.with(find).unwrap_or(0);
            (count, count as f64 / counts.n_runs.get().max(count).max(1) as f64)
        })
    };
    let state = {
        let (key, value) = (key.clone(), value.clone());
        memo(move || panel.question.mark(&key, &value))
    };
    let choose = {
        let (key, value) = (key.clone(), value.clone());
        Callback::new(move |wanted: Mark| choose(panel.question, &key, &value, wanted))
    };
    let label = visible(&value_label(&key, &value)).into_owned();
    let tip = label.clone();
    let title = move || {
        let (count, share) = counted.get();
        format!("{tip}: {} ({})\nShift+click hides these", grouped(count as i64), percent(share))
    };
    view! {
        <li
            class="facet-value"
            class:is-included=live(move || state.get() == Mark::Included)
            class:is-excluded=live(move || state.get() == Mark::Excluded)
            style:--share=live(move || format!("{:.4}", counted.get().1))
        >
            <button
                type="button"
                class="facet-include"
                dir="auto"
                aria-pressed=live(move || (state.get() == Mark::Included).to_string())
                title=live(title)
                on:click=move |event: MouseEvent| {
                    choose.run(if event.shift_key() { Mark::Excluded } else { Mark::Included });
                }
            >
                {label.clone()}
            </button>
            <span class="facet-count">{dynamic(move || tokens(counted.get().0 as i64))}</span>
            <button
                type="button"
                class="facet-exclude"
                aria-label=format!("Exclude {label}")
                aria-pressed=live(move || (state.get() == Mark::Excluded).to_string())
                on:click=move |_| choose.run(Mark::Excluded)
            >
                "−"
            </button>
        </li>
    }
    .into_any()
}

/// Values that contain what is being searched for, whether they were listed or not.
fn searched_values(panel: FacetPanel, key: FacetKey, search: RwSignal<String>) -> Fetched<Vec<FacetValue>> {
    let api: ApiClient = expect_context();
    fetched(move || {
        let text = search.with(|search| search.trim().to_owned());
        if text.is_empty() {
            return None;
        }
        // As facets are counted: whatever is chosen of this one.
        let query = panel.question.with_filter(&panel.question.without_facet(&key));
        let query = SuggestQuery { query, of: key.clone(), text, limit: Some(N_SEARCHED) };
        let api = api.clone();
        Some(Box::pin(async move {
            rest(RESTS).await;
            api.suggest_values(&query).await
        }))
    })
}
