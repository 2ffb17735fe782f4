//! Prices in rows; on a phone, each as a card.

use super::lists::is_marked;
use super::query::{Opened, PricesQuery};
use crate::components::erased::{effect, live};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::format::NOTHING;
use crate::prices::PriceLine;
use crate::prices::line::COLUMNS;
use fanlight_wire::price::PriceWrite;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// `lines` in the given order; the one that the address names is marked. Those of one's own can be changed and deleted.
#[component]
pub fn PriceTable(
    caption: &'static str,
    lines: Vec<PriceLine>,
    query: Memo<PricesQuery>,
    #[prop(optional, into)] on_delete: Option<Callback<(Uuid, PriceWrite)>>,
) -> impl IntoView {
    let amount = |title: &'static str| {
        view! {
            <th scope="col" class="is-number">
                {title}
            </th>
        }
    };
    view! {
        <table class="projects-table prices-table">
            <caption class="visually-hidden">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Price"</th>
                    <th scope="col">"Fits models"</th>
                    {COLUMNS.map(amount).collect_view()}
                    <th scope="col">"More"</th>
                    <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(|line| row(line, query, on_delete)).collect::<Vec<_>>()}</tbody>
        </table>
    }
}

fn row(line: PriceLine, query: Memo<PricesQuery>, on_delete: Option<Callback<(Uuid, PriceWrite)>>) -> AnyView {
    let amounts: Vec<AnyView> = COLUMNS
        .into_iter()
        .zip(line.amounts())
        .map(|(title, amount)| {
            let words = amount.unwrap_or_else(|| NOTHING.to_owned());
            view! {
                <td class="is-number" data-title=title>
                    {words}
                </td>
            }
            .into_any()
        })
        .collect();
    let from = line.from.as_ref().map(|day| format!("From {day} on"));
    let remarks = from.into_iter().chain(line.remarks.clone());
    let remarks: Vec<AnyView> = remarks.map(|remark| view! { <li>{remark}</li> }.into_any()).collect();
    let key = StoredValue::new(line.key.clone());
    let marked = NodeRef::<html::Tr>::new();
    let is_here = Memo::new(move |_| key.with_value(|key| query.with(|query| is_marked(query, key))));
    effect(move || {
        if is_here.get()
            && let Some(row) = marked.get()
        {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Center);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let href = move || key.with_value(|key| query.with(|query| query.with(Some(Opened::Price(key.clone()))).address()));
    let actions = actions(&line, query, on_delete);
    let pattern = line.price.match_pattern.clone();
    view! {
        <tr node_ref=marked aria-current=live(move || is_here.get().then_some("true"))>
            <th scope="row">
                <a class="project-link" href=live(href)>
                    <bdi>{line.price.name.clone()}</bdi>
                </a>
                " "
                {line.price.provider.clone().map(|provider| view! { <bdi class="project-description">{provider}</bdi> })}
            </th>
            <td class="price-pattern" data-title="Fits models">
                <code title=pattern.clone()>{pattern.clone()}</code>
            </td>
            {amounts}
            <td class="price-more">
                <ul>{remarks}</ul>
            </td>
            <td class="projects-table-actions">{actions}</td>
        </tr>
    }
    .into_any()
}

fn actions(line: &PriceLine, query: Memo<PricesQuery>, on_delete: Option<Callback<(Uuid, PriceWrite)>>) -> AnyView {
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |opened: Opened| {
        let address = query.with_untracked(|query| query.with(Some(opened)).address());
        navigate.with_value(|navigate| {
            navigate(&address, leptos_router::NavigateOptions { scroll: false, ..Default::default() })
        });
    };
    let (name, key) = (line.price.name.clone(), line.key.clone());
    let copy = {
        let key = key.clone();
        Callback::new(move |()| go(Opened::Copy(key.clone())))
    };
    let item = |label: &str, is_danger, on_select| MenuItem { label: label.into(), is_danger, on_select };
    let items = match (line.own, on_delete) {
        (Some(id), Some(on_delete)) => {
            let price = line.price.clone();
            vec![
                item("Change…", false, Callback::new(move |()| go(Opened::Price(key.clone())))),
                item("Duplicate…", false, copy),
                item("Delete", true, Callback::new(move |()| on_delete.run((id, price.clone())))),
            ]
        }
        _ => vec![item("Set your own like it…", false, copy)],
    };
    view! {
        <Menu label=format!("Actions for {name}") items>
            <IconView icon=Icon::More />
        </Menu>
    }
    .into_any()
}
