//! The prices of one's own, and those that Fanlight comes with.

use super::data::{Data, Shipped};
use super::query::{Opened, PricesQuery};
use super::table::PriceTable;
use crate::components::erased::{dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::load_failed::LoadFailed;
use crate::components::skeleton::RowsSkeleton;
use crate::prices::PriceLine;
use fanlight_wire::price::PriceWrite;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

#[component]
pub fn OwnPrices(data: Data, query: Memo<PricesQuery>, on_delete: Callback<(Uuid, PriceWrite)>) -> impl IntoView {
    let own = data.own;
    view! {
        <section class="prices-part" aria-labelledby="prices-own">
            <h2 id="prices-own">"Your own prices"</h2>
            {dynamic(move || match (own.value.get(), own.failure.get()) {
                (None, None) => view! { <RowsSkeleton n_rows=3 /> }.into_any(),
                (None, Some(error)) => {
                    view! { <LoadFailed message=error.to_string() on_retry=move |()| own.refetch() /> }.into_any()
                }
                (Some(lines), _) if lines.is_empty() => {
                    view! {
                        <p class="prices-note">
                            "None yet. Fanlight knows what the models of the large providers cost; set a price for your own models, a discount that you have, or a provider that is missing. It counts before those below."
                        </p>
                    }
                        .into_any()
                }
                (Some(lines), _) => {
                    view! {
                        <PriceTable caption="Your own prices, in US dollars per million tokens" lines query on_delete />
                        <p class="prices-note">
                            "US dollars per million tokens. A price counts for runs that arrive after it was set, until past runs are priced again."
                        </p>
                    }
                        .into_any()
                }
            })}
        </section>
    }
}

/// `field` gets the field that finds prices.
#[component]
pub fn ShippedList(
    data: Data,
    query: Memo<PricesQuery>,
    on_query: Callback<PricesQuery>,
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let shipped = data.shipped;
    let sought = memo(move || query.with(|query| query.sought.clone()));
    let lines = memo(move || {
        let found = |shipped: &Shipped| -> Vec<PriceLine> {
            let sought = sought.get();
            shipped.lines.iter().filter(|line| line.matches(&sought)).cloned().collect()
        };
        shipped.value.with(|shipped| shipped.as_ref().map(found))
    });
    view! {
        <section class="prices-part" aria-labelledby="prices-shipped">
            <div class="prices-part-head">
                <h2 id="prices-shipped">"Prices that Fanlight comes with"</h2>
                <div class="find-projects" role="search">
                    <IconView icon=Icon::Search />
                    <input
                        node_ref=field
                        class="input"
                        type="search"
                        aria-label="Find a price"
                        placeholder="Find a model or provider"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=live(move || sought.get())
                        on:input:target=move |event| {
                            let sought = event.target().value();
                            // A row that a link marked need not be among what is found.
                            on_query.run(PricesQuery { sought, opened: None });
                        }
                    />
                </div>
            </div>
            {dynamic(move || match (lines.get(), shipped.failure.get()) {
                (None, None) => view! { <RowsSkeleton n_rows=8 /> }.into_any(),
                (None, Some(error)) => {
                    view! { <LoadFailed message=error.to_string() on_retry=move |()| shipped.refetch() /> }.into_any()
                }
                (Some(lines), _) if lines.is_empty() => {
                    view! {
                        <p class="prices-note">
                            "No price has these words. "
                            <button
                                type="button"
                                class="button"
                                on:click=move |_| on_query.run(PricesQuery::default())
                            >
                                "Show all"
                            </button>
                        </p>
                    }
                        .into_any()
                }
                (Some(lines), _) => {
                    view! { <PriceTable caption="Prices that Fanlight comes with, in US dollars per million tokens" lines query /> }
                        .into_any()
                }
            })}
            {dynamic(move || {
                shipped
                    .value
                    .with(|shipped| {
                        shipped
                            .as_ref()
                            .map(|shipped| {
                                let words = format!("US dollars per million tokens, as of {}. Sources: {}.", shipped.as_of, shipped.sources.join("; "));
                                view! { <p class="prices-note">{words}</p> }
                            })
                    })
            })}
        </section>
    }
}

/// Whether a link leads to the price of this key.
pub fn is_marked(query: &PricesQuery, key: &str) -> bool {
    matches!(&query.opened, Some(Opened::Price(marked)) if marked == key)
}
