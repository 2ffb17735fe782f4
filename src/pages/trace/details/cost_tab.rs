//! Why a run costs what it costs: the price that was applied and the sum, or the costs below it, or why there is none.

use super::Surroundings;
use crate::api::ApiClient;
use crate::components::erased::{dynamic, effect};
use crate::components::load_failed::LoadFailed;
use crate::cost_words::{exact, formula, kind_words, no_price, remarks};
use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::routes::{self, DetailsTab};
use fanlight_wire::cost::{CostBelow, CostExplanation, CostPart, NoPrice, OwnCost, PriceRow, SentPart};
use fanlight_wire::{RunId, Usd};
use leptos::prelude::*;

/// The explanation of the cost of `run_id`, asked for again with each change of `version`.
#[component]
pub fn CostTab(run_id: RunId, #[prop(into)] version: Signal<u64>) -> impl IntoView {
    let told = RwSignal::new(None::<Result<CostExplanation, String>>);
    let n_retries = RwSignal::new(0u32);
    let api = expect_context::<ApiClient>();
    let ask = Action::new_unsync(move |(): &()| {
        let api = api.clone();
        async move {
            let answer = api.explain_cost(run_id).await.map_err(|error| error.to_string());
            // What is on screen is better than an error of a later try.
            if told.try_with_untracked(|told| answer.is_ok() || !matches!(told, Some(Ok(_)))) == Some(true) {
                told.set(Some(answer));
            }
        }
    });
    effect(move || {
        version.track();
        n_retries.track();
        ask.dispatch_local(());
    });
    view! {
        <div class="cost">
            {dynamic(move || match told.get() {
                None => view! { <p class="message-empty" role="status">"Asking what it cost"</p> }.into_any(),
                Some(Err(message)) => {
                    view! { <LoadFailed message on_retry=move |()| n_retries.update(|n| *n += 1) /> }.into_any()
                }
                Some(Ok(told)) => explanation(told),
            })}
        </div>
    }
}

fn explanation(told: CostExplanation) -> AnyView {
    let CostExplanation { total_cost, own, below, .. } = told;
    let has_own = !matches!(own, OwnCost::Nothing);
    let is_nothing = !has_own && below.is_none();
    view! {
        <p class="cost-total">
            <span class="cost-total-word">"Total cost"</span>
            " "
            <b>{total_cost.map_or_else(|| "unknown".to_owned(), exact)}</b>
        </p>
        {is_nothing.then(|| view! { <p class="message-empty">"Neither tokens nor costs were recorded here or below"</p> })}
        {has_own.then(|| own_view(own, below.is_some()))}
        {below.map(below_view)}
    }
    .into_any()
}

fn own_view(own: OwnCost, has_below: bool) -> AnyView {
    let title = if has_below { "This run itself" } else { "How it comes about" };
    let body = match own {
        OwnCost::Priced { cost, price, parts } => priced(cost, &price, parts),
        OwnCost::Sent { cost, parts } => sent(cost, parts),
        OwnCost::PricedEarlier { cost } => view! {
            <p>
                <b>{exact(cost)}</b>
                " was looked up when the run was stored. Today's price table would say something else; what a run cost changes only when "
                <a href=routes::prices()>"past runs are priced again"</a>
            </p>
        }
        .into_any(),
        OwnCost::Unpriced { reason } => view! {
            <p class="cost-unknown">
                <bdi>{visible(&no_price(&reason)).into_owned()}</bdi>
            </p>
            <p>"The cost is unknown, which is not zero: sums leave it out and say so."</p>
            {way_to_a_price(&reason)}
        }
        .into_any(),
        OwnCost::CountedBelow => view! {
            <p>"Its usage is counted at the model runs below it, so that nothing is counted twice."</p>
        }
        .into_any(),
        OwnCost::Nothing => ().into_any(),
    };
    view! {
        <section class="cost-part">
            <h3>{title}</h3>
            {body}
        </section>
    }
    .into_any()
}

/// What can be done about a missing price.
fn way_to_a_price(reason: &NoPrice) -> Option<AnyView> {
    let (href, words) = match reason {
        NoPrice::UnknownModel { model } => (routes::new_price(model), "Add a price for this model"),
        NoPrice::NoneThen { .. } => (routes::prices(), "Price past runs again"),
        NoPrice::NoModel | NoPrice::OnlyTotal { .. } => return None,
    };
    let link = view! {
        <p>
            <a class="button" href=href>
                {words}
            </a>
        </p>
    };
    Some(link.into_any())
}

fn priced(total: Usd, price: &PriceRow, parts: Vec<CostPart>) -> AnyView {
    let remarks = remarks(&parts, price);
    let price_key = price.own_id.map_or_else(|| price.id.clone(), |id| id.to_string());
    let rows = parts
        .into_iter()
        .map(|part| {
            view! {
                <tr>
                    <th scope="row">{visible(&kind_words(part.side, part.kind.as_deref())).into_owned()}</th>
                    <td class="cost-formula">{formula(&part, price)}</td>
                    <td class="cost-amount">{exact(part.cost)}</td>
                </tr>
            }
        })
        .collect_view();
    let sources = price.sources.iter().map(|source| view! { <li>{source.clone()}</li> }).collect_view();
    view! {
        <table class="cost-table">
            <thead>
                <tr>
                    <th scope="col">"Tokens"</th>
                    <th scope="col">"Count × price"</th>
                    <th scope="col" class="cost-amount">
                        "Cost"
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <th scope="row" colspan="2">
                        "Sum"
                    </th>
                    <td class="cost-amount">{exact(total)}</td>
                </tr>
            </tfoot>
        </table>
        {remarks.into_iter().map(|remark| view! { <p class="cost-remark">{visible(&remark).into_owned()}</p> }).collect_view()}
        <dl class="cost-price">
            <dt>"Price of"</dt>
            <dd>
                <a href=routes::price(&price_key)>
                    <bdi>{visible(&price.id).into_owned()}</bdi>
                </a>
                " ("
                {price.provider.clone()}
                ")"
            </dd>
            <dt>"Model as sent"</dt>
            <dd>
                <bdi>{visible(&price.model).into_owned()}</bdi>
            </dd>
            <dt>"Prices as of"</dt>
            <dd>{price.as_of.clone()}</dd>
        </dl>
        <details class="cost-sources">
            <summary>"Where the price is from"</summary>
            <p>
                "The first entry of the price table whose pattern fits the model: " <code>{price.pattern.clone()}</code>
            </p>
            <ul>{sources}</ul>
        </details>
    }
    .into_any()
}

fn sent(total: Usd, parts: Vec<SentPart>) -> AnyView {
    let rows = parts
        .into_iter()
        .map(|part| {
            view! {
                <tr>
                    <th scope="row">{visible(&kind_words(part.side, part.kind.as_deref())).into_owned()}</th>
                    <td class="cost-amount">{exact(part.cost)}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    let table = (!rows.is_empty()).then(|| view! { <table class="cost-table"><tbody>{rows}</tbody></table> });
    view! {
        <p>
            <b>{exact(total)}</b>
            " was sent by the application with the run; prices are not applied."
        </p>
        {table}
    }
    .into_any()
}

fn below_view(below: CostBelow) -> AnyView {
    let go_to = expect_context::<Surroundings>().go_to;
    let most = below.largest.first().map_or(0.0, |run| run.cost.to_f64());
    let n_listed = below.largest.len() as i64;
    let listed: Usd = below.largest.iter().map(|run| run.cost).sum();
    let rest = below.cost.map(|all| all - listed).filter(|_| below.n_with_cost > n_listed);
    let words = match below.cost {
        Some(sum) if below.n_with_cost == 1 => format!("{} in 1 run", exact(sum)),
        Some(sum) => format!("{} in {} runs", exact(sum), grouped(below.n_with_cost)),
        None => "Nothing with a known cost".to_owned(),
    };
    let unpriced = (below.n_without_price > 0).then(|| match below.n_without_price {
        1 => "1 model run has no price: the sum is without it".to_owned(),
        n => format!("{} model runs have no price: the sum is without them", grouped(n)),
    });
    let rows = below
        .largest
        .into_iter()
        .map(|run| {
            let share = if most > 0.0 { (run.cost.to_f64() / most).clamp(0.0, 1.0) } else { 0.0 };
            let model = run.model.clone().filter(|model| *model != run.name);
            let id = run.run_id;
            view! {
                <li class="cost-run">
                    <button type="button" class="cost-run-button" on:click=move |_| go_to.run((id, DetailsTab::Cost))>
                        <span class="cost-run-name">
                            <bdi>{visible(&run.name).into_owned()}</bdi>
                            {model.map(|model| view! { <bdi class="cost-run-model">{visible(&model).into_owned()}</bdi> })}
                        </span>
                        <span class="cost-run-amount">{cost(run.cost)}</span>
                        <span class="cost-run-bar" aria-hidden="true" style:--share=format!("{share:.3}")></span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="cost-part">
            <h3>"Below it"</h3>
            <p>{words}</p>
            {unpriced.map(|words| view! { <p class="cost-unknown">{words}</p> })}
            <ol class="cost-runs" aria-label="The largest costs below this run">
                {rows}
            </ol>
            {rest
                .map(|rest| {
                    let n = grouped(below.n_with_cost - n_listed);
                    view! { <p class="cost-remark">{format!("The other {n} runs together: {}", exact(rest))}</p> }
                })}
            {below
                .is_partial
                .then(|| view! { <p class="cost-remark">"Too many runs to look at all of them: others may cost as much as these"</p> })}
        </section>
    }
    .into_any()
}
