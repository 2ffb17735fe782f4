//! `/settings/prices`: what models cost, as Fanlight knows it and where the reader knows better.
//!
//! [`query`] is the state that the address holds, [`data`] what is asked and answered. `unpriced` lists models whose price
//! is missing, `table` the prices; `editor` sets one and tries it on past runs (`trial`) before it is saved, `again` prices
//! past runs again.

mod again;
mod data;
mod editor;
mod lists;
mod query;
mod table;
mod trial;
mod unpriced;

use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, effect, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::use_page_keys;
use crate::components::part::Drawn;
use crate::keys::{Binding, KeyGroup};
use again::PriceAgain;
use data::{Data, Edited, Found};
use editor::PriceForm;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use lists::{OwnPrices, ShippedList};
use query::{Opened, PricesQuery};
use unpriced::Unpriced;

/// The page, in a file of its own.
#[wasm_split(prices, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <PricesPage /> }.into_any())
}

#[derive(Clone, Copy, Debug)]
enum PricesKey {
    Find,
    Create,
}

const KEYS: &[Binding<PricesKey>] = &[
    Binding { chords: &["/"], action: PricesKey::Find, label: "Find a price" },
    Binding { chords: &["n"], action: PricesKey::Create, label: "New price" },
];

#[component]
fn PricesPage() -> impl IntoView {
    let search = use_location().search;
    let query = memo(move || search.with(|search| PricesQuery::read(search)));
    let navigate = StoredValue::new_local(use_navigate());
    let on_query = Callback::new(move |query: PricesQuery| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&query.address(), options));
    });
    let open = move |opened: Option<Opened>| on_query.run(query.with_untracked(|query| query.with(opened)));
    let data = Data::new();
    let found = memo(move || query.with(|query| data.find(query.opened.as_ref())));
    let edited = memo(move || match found.get() {
        Found::Form(edited) => Some(*edited),
        _ => None,
    });
    let is_open = RwSignal::new(false);
    effect(move || is_open.set(edited.with(Option::is_some)));
    let is_closed = memo(move || !is_open.get());
    // Esc and the button of the dialog close it; then the address must not say that it is open.
    Effect::watch(
        move || is_closed.get(),
        move |is_closed, _, _| {
            if *is_closed && edited.with_untracked(Option::is_some) {
                open(None);
            }
        },
        false,
    );
    let on_saved = Callback::new(move |name: String| {
        is_open.set(false);
        data.say_saved(&name);
    });
    let on_delete = Callback::new(move |price| {
        is_open.set(false);
        data.delete(price);
    });
    let title = Signal::derive(move || {
        let is_new = edited.with(|edited| edited.as_ref().is_none_or(|edited| edited.id.is_none()));
        if is_new { "New price".to_owned() } else { "Change price".to_owned() }
    });
    let field = NodeRef::<html::Input>::new();
    use_key_help(KeyGroup::new("Prices", KEYS));
    use_page_keys(KEYS, move |key| match key {
        PricesKey::Find => {
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
                field.select();
            }
        }
        PricesKey::Create => open(Some(Opened::New(String::new()))),
    });
    view! {
        <Title text="Prices" />
        <div class="page">
            <header class="page-header">
                <h1>"Prices"</h1>
                <span class="page-header-space"></span>
                <button
                    type="button"
                    class="button is-primary"
                    on:click=move |_| open(Some(Opened::New(String::new())))
                >
                    <IconView icon=Icon::Plus />
                    "New price"
                </button>
            </header>
            <div class="page-scroll prices" tabindex="-1">
                {dynamic(move || {
                    (found.get() == Found::Gone)
                        .then(|| {
                            view! {
                                <p class="prices-gone" role="status">
                                    "The price that this link leads to is not here any more"
                                </p>
                            }
                        })
                })}
                <Unpriced data />
                <OwnPrices data query on_delete />
                <PriceAgain on_done=Callback::new(move |()| data.unpriced.refetch()) />
                <ShippedList data query on_query field />
            </div>
            <Dialog is_open title is_wide=true>
                {dynamic(move || {
                    edited.get_untracked().map(|edited: Edited| view! { <PriceForm edited is_open on_saved on_delete /> })
                })}
            </Dialog>
        </div>
    }
}
