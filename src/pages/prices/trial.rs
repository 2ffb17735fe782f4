//! What a price would make of the newest runs: asked anew when the form rests.

use crate::api::{ApiClient, ApiError};
use crate::components::erased::{dynamic, effect};
use crate::format::NOTHING;
use crate::format::cost::cost;
use crate::prices::{Problem, words};
use crate::routes;
use fanlight_wire::Usd;
use fanlight_wire::price::{PriceTest, PriceTested, PriceWrite, PricedRun};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;
use uuid::Uuid;

/// How long the form must rest before runs are looked at.
const TYPING_RESTS: Duration = Duration::from_millis(400);
/// Runs that a price is tried on, at most: the most that the server takes.
const N_RUNS: usize = 1_000;
/// Runs that are shown under both prices.
const N_EXAMPLES: usize = 5;

/// Tries what `wanted` holds, in place of the price `replaces`.
#[component]
pub fn Trial(wanted: Memo<Result<PriceWrite, Problem>>, replaces: Option<Uuid>) -> impl IntoView {
    let tested = try_when_it_rests(wanted, replaces);
    view! {
        <section class="price-trial" aria-label="On your own runs">
            <h3>"On your own runs"</h3>
            <div role="status">
                {dynamic(move || match (wanted.with(Result::is_ok), tested.get()) {
                    (false, _) => "Shown here before you save, as soon as there is an amount".into_any(),
                    (true, None) => "Looking at the newest runs".into_any(),
                    (true, Some(Err(error))) => {
                        view! { <span class="field-error">{format!("It could not be tried. {error}")}</span> }.into_any()
                    }
                    (true, Some(Ok(tested))) => {
                        words::tried(&tested).into_iter().map(|said| view! { <p>{said}</p> }).collect_view().into_any()
                    }
                })}
            </div>
            {dynamic(move || match tested.get() {
                Some(Ok(tested)) if !tested.examples.is_empty() => Some(examples(tested)),
                _ => None,
            })}
        </section>
    }
}

fn examples(tested: PriceTested) -> impl IntoView {
    let amount = |cost_usd: Option<Usd>| cost_usd.map_or_else(|| NOTHING.to_owned(), cost);
    let row = move |run: PricedRun| {
        let href = routes::run(run.project_id, run.trace_id, run.run_id);
        view! {
            <tr>
                <th scope="row">
                    <a href=href>
                        <bdi>{run.name}</bdi>
                    </a>
                </th>
                <td>{run.model}</td>
                <td class="is-number">{amount(run.before)}</td>
                <td class="is-number">{amount(run.after)}</td>
            </tr>
        }
    };
    view! {
        <table class="price-examples">
            <caption class="visually-hidden">"Some of the runs whose cost would change"</caption>
            <thead>
                <tr>
                    <th scope="col">"Run"</th>
                    <th scope="col">"Model"</th>
                    <th scope="col" class="is-number">
                        "Today"
                    </th>
                    <th scope="col" class="is-number">
                        "Then"
                    </th>
                </tr>
            </thead>
            <tbody>{tested.examples.into_iter().take(N_EXAMPLES).map(row).collect_view()}</tbody>
        </table>
    }
}

/// The answer for what is wanted now; nothing while that is being asked.
fn try_when_it_rests(
    wanted: Memo<Result<PriceWrite, Problem>>,
    replaces: Option<Uuid>,
) -> RwSignal<Option<Result<PriceTested, ApiError>>> {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let tested = RwSignal::new(None);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        timer.try_update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    };
    effect(move || {
        cancel();
        tested.set(None);
        let Ok(price) = wanted.get() else { return };
        let ask = move || {
            let Some(client) = api.try_get_value() else { return };
            leptos::task::spawn_local(async move {
                let test = PriceTest { price: price.clone(), replaces, limit: Some(N_RUNS), ..PriceTest::default() };
                let answer = client.test_price(&test).await;
                // Something else may have been typed meanwhile.
                if wanted.try_get_untracked() == Some(Ok(price)) {
                    tested.try_set(Some(answer));
                }
            });
        };
        timer.set_value(set_timeout_with_handle(ask, TYPING_RESTS).ok());
    });
    on_cleanup(cancel);
    tested
}
