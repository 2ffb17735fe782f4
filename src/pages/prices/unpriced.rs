//! Models of one's own runs whose cost nobody knows, each with the way to a price.

use super::data::Data;
use crate::components::erased::dynamic;
use crate::components::load_failed::LoadFailed;
use crate::components::relative_time::RelativeTime;
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::prices::words;
use crate::routes;
use fanlight_wire::price::{UnpricedModel, UnpricedModels};
use leptos::prelude::*;

#[component]
pub fn Unpriced(data: Data) -> impl IntoView {
    view! {
        <section class="prices-part" aria-labelledby="prices-unpriced">
            <h2 id="prices-unpriced">"Models without a price"</h2>
            {dynamic(move || match (data.unpriced.value.get(), data.unpriced.failure.get()) {
                (None, None) => view! { <p class="prices-note">"Looking at your runs"</p> }.into_any(),
                (None, Some(error)) => {
                    view! { <LoadFailed message=error.to_string() on_retry=move |()| data.unpriced.refetch() /> }.into_any()
                }
                (Some(unpriced), _) if unpriced.models.is_empty() => {
                    view! { <p class="prices-note">"None: every run that names a model and its tokens has a cost"</p> }
                        .into_any()
                }
                (Some(unpriced), _) => list(unpriced),
            })}
        </section>
    }
}

fn list(unpriced: UnpricedModels) -> AnyView {
    let more = unpriced.n_models.saturating_sub(unpriced.models.len() as u64);
    view! {
        <p class="prices-note">"Sums leave out what these runs cost, and say so"</p>
        <ul class="unpriced">{unpriced.models.into_iter().map(row).collect::<Vec<_>>()}</ul>
        {(more > 0).then(|| view! { <p class="prices-note">{format!("and {} more", grouped(more as i64))}</p> })}
    }
    .into_any()
}

fn row(model: UnpricedModel) -> AnyView {
    let name = visible(&model.model).into_owned();
    let words = words::unpriced(&model);
    let way = if model.has_price {
        view! { <a class="button" href="#prices-again-title" rel="external">"Has a price now: price its runs again"</a> }.into_any()
    } else {
        let label = format!("Add a price for {name}");
        view! {
            <a class="button" href=routes::new_price(&model.model) aria-label=label>
                "Add price"
            </a>
        }
        .into_any()
    };
    view! {
        <li class="unpriced-model">
            <bdi class="unpriced-name">{name}</bdi>
            <span class="unpriced-words">{words} ", last " <RelativeTime time=model.last_start_time /></span>
            {way}
        </li>
    }
    .into_any()
}
