//! `/settings/prices`: what models cost, where the reader knows better than Fanlight.
//!
//! `table` lists the prices, `editor` changes one and tries it on past runs (`trial`) before it is saved, `again` prices
//! past runs again.

mod again;
mod editor;
mod table;
mod trial;

use crate::api::{ApiClient, ApiError};
use crate::components::dialog::Dialog;
use crate::components::erased::dynamic;
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::components::toast::use_toasts;
use crate::pages::projects::open_while;
use again::PriceAgain;
use editor::PriceForm;
use fanlight_wire::price::{Price, PriceWrite};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use table::PriceTable;
use uuid::Uuid;

/// The page, in a file of its own.
#[wasm_split(prices, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <PricesPage /> }.into_any())
}

/// The price that the editor is about: a new one, or one that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    pub id: Option<Uuid>,
    pub price: PriceWrite,
}

/// The prices, as far as they are known.
type Prices = Option<Result<Vec<Price>, ApiError>>;

#[component]
fn PricesPage() -> impl IntoView {
    let (api, toasts) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts());
    let prices = RwSignal::new(Prices::None);
    let edited = RwSignal::new(None::<Edited>);
    let is_open = open_while(edited);
    let refetch = move || {
        let Some(client) = api.try_get_value() else { return };
        leptos::task::spawn_local(async move {
            let answer = client.list_prices().await;
            prices.try_set(Some(answer));
        });
    };
    refetch();
    let on_saved = Callback::new(move |said: String| {
        is_open.set(false);
        toasts.show(said);
        refetch();
    });
    let title = Signal::derive(move || {
        let is_new = edited.with(|edited| edited.as_ref().is_none_or(|edited| edited.id.is_none()));
        if is_new { "New price".to_owned() } else { "Change price".to_owned() }
    });
    view! {
        <Title text="Prices" />
        <div class="page">
            <header class="page-header">
                <h1>"Prices"</h1>
                <button
                    type="button"
                    class="button is-primary"
                    on:click=move |_| edited.set(Some(Edited::default()))
                >
                    "New price…"
                </button>
            </header>
            <div class="page-scroll" tabindex="-1">
                {dynamic(move || match prices.get() {
                    None => view! { <RowsSkeleton n_rows=4 /> }.into_any(),
                    Some(Err(error)) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| refetch() /> }.into_any()
                    }
                    Some(Ok(prices)) if prices.is_empty() => {
                        view! {
                            <div class="prices-empty">
                                <h2>"No prices of your own"</h2>
                                <p>
                                    "Fanlight knows what the models of the large providers cost. Set a price for your own models, a discount that you have, or a provider that is missing."
                                </p>
                            </div>
                        }
                            .into_any()
                    }
                    Some(Ok(prices)) => {
                        view! { <PriceTable prices on_edit=Callback::new(move |price| edited.set(Some(price))) /> }
                            .into_any()
                    }
                })}
                <PriceAgain />
            </div>
            <Dialog is_open title is_wide=true>
                {dynamic(move || {
                    edited.get_untracked().map(|edited| view! { <PriceForm edited is_open on_saved /> })
                })}
            </Dialog>
        </div>
    }
}
