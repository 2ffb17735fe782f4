//! The facet panel: what the found runs have in common, counted; a click narrows the list.

use super::facet_list::FacetPlan;
use super::facet_view::facet_view;
use crate::components::erased::{Keyed, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::format::visible::visible;
use crate::pages::fetched::Fetched;
use crate::pages::traces::question::Question;
use crate::preferences::use_preferences;
use fanlight_wire::filter::edit::Mark;
use fanlight_wire::run_stats::{Facet, FacetKey, Facets};
use leptos::prelude::*;

/// What the panel shows and changes.
#[derive(Clone, Copy)]
pub struct FacetPanel {
    pub question: Question,
    pub facets: Fetched<Facets>,
    /// Which facets are counted, and how many values of each.
    pub plan: RwSignal<FacetPlan>,
}

/// All facets that have something to say.
#[component]
pub fn FacetsView(panel: FacetPanel, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let facets = panel.facets;
    let shown = memo(move || {
        let counted = facets.value.with(|facets| facets.as_ref().map(|it| it.facets.clone()).unwrap_or_default());
        let is_worth_it = |facet: &Facet| facet.n_values > 0 && facet.key != FacetKey::MetadataKeys;
        counted.into_iter().filter(is_worth_it).map(|facet| facet.key).collect::<Vec<_>>()
    });
    view! {
        <section
            class="facets"
            class:is-loading=live(move || facets.is_loading.get())
            aria-label="Narrow down"
            // A click is likely to follow.
            on:pointerover=move |_| panel.question.fetch_language()
            on:focusin=move |_| panel.question.fetch_language()
        >
            <div class="facets-head">
                <h2>"Narrow down"</h2>
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    aria-label="Hide this panel"
                    title="Hide this panel"
                    on:click=move |_| on_close.run(())
                >
                    <IconView icon=Icon::Close />
                </button>
            </div>
            {dynamic(move || {
                facets.failure
                    .get()
                    .map(|error| {
                        view! {
                            <div class="facets-failure" role="alert">
                                <p>{error.to_string()}</p>
                                <button type="button" class="button" on:click=move |_| facets.refetch()>
                                    "Try again"
                                </button>
                            </div>
                        }
                    })
            })}
            {dynamic(move || {
                let is_first_load = facets.value.with(Option::is_none) && facets.failure.get().is_none();
                is_first_load.then(facets_skeleton)
            })}
            <Keyed each=move || shown.get() key=Clone::clone children=move |key| facet_view(panel, key) />
            <MetadataAdder panel />
        </section>
    }
}

/// Before anything was counted.
pub fn facets_skeleton() -> impl IntoView {
    (0..12).map(|_| view! { <span class="skeleton-bar"></span> }).collect_view()
}

/// Includes or excludes a value, as a click on it does.
pub fn choose(question: Question, key: &FacetKey, value: &str, wanted: Mark) {
    let (key, value) = (key.clone(), value.to_owned());
    question.change_filter(move |language, filter| (language.chosen)(filter, &key, &value, wanted));
}

/// Chooses a metadata key to count the values of.
#[component]
fn MetadataAdder(panel: FacetPanel) -> impl IntoView {
    let preferences = use_preferences();
    let keys = memo(move || {
        let added = preferences.with(|preferences| preferences.trace_facets.clone());
        panel.facets.value.with(|facets| {
            let keys =
                facets.as_ref().and_then(|it| it.facets.iter().find(|facet| facet.key == FacetKey::MetadataKeys));
            let values = keys.map(|facet| facet.values.clone()).unwrap_or_default();
            let is_new = |key: &String| !added.contains(&FacetKey::Metadata(key.clone()).to_string());
            values.into_iter().map(|it| it.value).filter(is_new).collect::<Vec<_>>()
        })
    });
    let add = move |key: String| {
        if !key.is_empty() {
            let word = FacetKey::Metadata(key).to_string();
            preferences.update(|preferences| preferences.trace_facets.push(word));
        }
    };
    dynamic(move || {
        let keys = keys.get();
        (!keys.is_empty()).then(|| {
            let option = |key: String| view! { <option value=key.clone()>{visible(&key).into_owned()}</option> };
            view! {
                <label class="facet-adder">
                    <span class="visually-hidden">"Count another metadata key"</span>
                    <select
                        class="input"
                        on:change:target=move |event| add(event.target().value())
                    >
                        <option value="">"+ Metadata key…"</option>
                        {keys.into_iter().map(option).collect_view()}
                    </select>
                </label>
            }
        })
    })
}
