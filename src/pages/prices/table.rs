//! The prices of one's own; on a phone, each as a card.

use super::Edited;
use crate::format::NOTHING;
use crate::prices::draft::per_million;
use fanlight_wire::Usd;
use fanlight_wire::price::Price;
use leptos::prelude::*;

/// `prices` in the order in which they were set. A click on one asks to change it.
#[component]
pub fn PriceTable(prices: Vec<Price>, on_edit: Callback<Edited>) -> impl IntoView {
    view! {
        <table class="projects-table prices-table">
            <caption class="visually-hidden">"Prices of your own, in US dollars per million tokens"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Models"</th>
                    <th scope="col">"Counts from"</th>
                    <th scope="col" class="is-number">
                        "Input"
                    </th>
                    <th scope="col" class="is-number">
                        "Cached input"
                    </th>
                    <th scope="col" class="is-number">
                        "Output"
                    </th>
                </tr>
            </thead>
            <tbody>{prices.into_iter().map(|price| price_row(price, on_edit)).collect_view()}</tbody>
        </table>
        <p class="prices-note">"US dollars per million tokens. They count for runs that arrive after they were set."</p>
    }
}

fn price_row(price: Price, on_edit: Callback<Edited>) -> impl IntoView {
    let amount = |title: &'static str, per_token: Option<Usd>| {
        let words = match per_token {
            Some(_) => format!("${}", per_million(per_token)),
            None => NOTHING.to_owned(),
        };
        view! {
            <td class="is-number" data-title=title>
                {words}
            </td>
        }
    };
    let Price { id, price, .. } = price;
    let from =
        price.start_time.map_or_else(|| "always".to_owned(), |start| start.to_string().chars().take(10).collect());
    let cached = price.prompt_cost_details.as_ref().and_then(|kinds| kinds.get("cache_read")).copied();
    let cells =
        (amount("Input", price.prompt_cost), amount("Cached input", cached), amount("Output", price.completion_cost));
    let (name, pattern) = (price.name.clone(), price.match_pattern.clone());
    let label = format!("Change {name}");
    view! {
        <tr>
            <th scope="row">
                <button
                    type="button"
                    class="price-name"
                    aria-label=label
                    on:click=move |_| on_edit.run(Edited { id: Some(id), price: price.clone() })
                >
                    <bdi>{name}</bdi>
                </button>
            </th>
            <td data-title="Models">
                <code>{pattern}</code>
            </td>
            <td data-title="Counts from">{from}</td>
            {cells.0}
            {cells.1}
            {cells.2}
        </tr>
    }
}
