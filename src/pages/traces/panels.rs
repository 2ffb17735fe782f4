//! What stands above and beside the list: its code is in a file of its own, fetched when the first rows are there.

use super::filter::facets::{FacetPanel, FacetsView, facets_skeleton};
use super::histogram::brush::Chosen;
use super::histogram::view::HistogramView;
use super::list::{LoadState, TraceList};
use super::time_range::TimeRange;
use crate::components::erased::{dynamic, effect};
use crate::components::part::{Drawn, part};
use crate::pages::fetched::Fetched;
use fanlight_wire::run_stats::Histogram;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

/// One of them, with what it works on.
#[derive(Clone, Copy)]
// Pointers are half as long in the browser, where the lint has nothing to say.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "made once a page and passed on; a box would not be `Copy`")
)]
pub enum Panel {
    Histogram { data: Fetched<Histogram>, time: Memo<TimeRange>, on_choose: Callback<Chosen>, on_reset: Callback<()> },
    Facets { panel: FacetPanel, on_close: Callback<()> },
}

#[wasm_split(overview, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
fn draw(panel: Panel) -> Drawn {
    Ok(match panel {
        Panel::Histogram { data, time, on_choose, on_reset } => {
            view! { <HistogramView data time on_choose on_reset /> }.into_any()
        }
        Panel::Facets { panel, on_close } => view! { <FacetsView panel on_close /> }.into_any(),
    })
}

/// Shows the panel, and until its code is here what takes as much space: nothing moves when it comes.
pub fn panel(list: TraceList, panel: Panel) -> AnyView {
    let has_answer = RwSignal::new(false);
    effect(move || {
        if list.state.with(|state| *state != LoadState::Loading) {
            has_answer.set(true);
        }
    });
    dynamic(move || match has_answer.get() {
        true => part(fetch, move || draw(panel), move || panel.skeleton()),
        false => panel.skeleton(),
    })
    .into_any()
}

impl Panel {
    fn skeleton(self) -> AnyView {
        match self {
            Panel::Histogram { .. } => view! {
                <section class="histogram is-loading" aria-hidden="true">
                    <div class="histogram-plot"></div>
                    <div class="histogram-foot">
                        <p class="histogram-summary">"Counting"</p>
                    </div>
                </section>
            }
            .into_any(),
            Panel::Facets { .. } => view! {
                <div class="facets is-loading" aria-hidden="true">
                    <div class="facets-head">
                        <h2>"Narrow down"</h2>
                    </div>
                    {facets_skeleton()}
                </div>
            }
            .into_any(),
        }
    }
}
