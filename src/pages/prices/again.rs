//! Pricing past runs again: which, how far it is, and an end to it.

use crate::api::{ApiClient, ApiError};
use crate::components::clock;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::unique_id;
use crate::pages::projects::{Failure, Outcome, run};
use crate::prices::words;
use fanlight_wire::Timestamp;
use fanlight_wire::price::{RepriceQuery, Repricing, RepricingState};
use leptos::prelude::*;
use std::time::Duration;

/// Between two looks at how far it is.
const PERIOD: Duration = Duration::from_millis(1000);
const NS_PER_DAY: i64 = 86_400_000_000_000;
/// How far back, in days; 0 is everything.
const SPANS: [(&str, i64); 4] =
    [("All runs", 0), ("The last 7 days", 7), ("The last 30 days", 30), ("The last 90 days", 90)];

#[component]
pub fn PriceAgain(
    /// Called when it ended.
    on_done: Callback<()>,
) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let last = RwSignal::new(None::<Repricing>);
    let outcome = RwSignal::new(Outcome::Idle);
    let n_days = RwSignal::new(0i64);
    let follow = Follow { api, last, on_done };
    follow.look();
    let is_running =
        memo(move || last.with(|last| last.as_ref().is_some_and(|last| last.state == RepricingState::Running)));
    let on_start = move |_| {
        let days = n_days.get_untracked();
        let start_time = (days > 0).then(|| Timestamp(clock::now().0.saturating_sub(days * NS_PER_DAY)));
        run(outcome, async move {
            let query = RepriceQuery { start_time, ..RepriceQuery::default() };
            let begun = api.get_value().start_repricing(&query).await?;
            last.set(Some(begun));
            follow.look_later();
            Ok(())
        });
    };
    let on_stop = move |_| {
        run(outcome, async move {
            match api.get_value().cancel_repricing().await {
                // It was done a moment before.
                Ok(()) | Err(ApiError::NotFound) => {}
                Err(error) => return Err(error),
            }
            follow.look();
            Ok(())
        });
    };
    let select_id = unique_id("price-again");
    let progress = move || last.with(|last| last.as_ref().map_or(0.0, |last| last.progress));
    view! {
        <section class="prices-part prices-again" aria-labelledby="prices-again-title">
            <h2 id="prices-again-title">"Price past runs again"</h2>
            <p>
                "What a run costs is looked up once, when it arrives. Pricing again looks up what prices say today; costs that applications sent themselves stay."
            </p>
            <div class="prices-again-actions">
                <label for=select_id.clone()>"Which"</label>
                <select
                    id=select_id
                    class="input"
                    disabled=live(move || is_running.get())
                    on:change:target=move |event| n_days.set(event.target().value().parse().unwrap_or(0))
                >
                    {SPANS.map(|(label, days)| view! { <option value=days.to_string()>{label}</option> }).collect_view()}
                </select>
                <When
                    when=move || is_running.get()
                    fallback=move || {
                        view! {
                            <button
                                type="button"
                                class="button"
                                disabled=live(move || outcome.get() == Outcome::Running)
                                on:click=on_start
                            >
                                "Price again"
                            </button>
                        }
                    }
                >
                    <button type="button" class="button" on:click=on_stop>
                        "Stop"
                    </button>
                </When>
            </div>
            <When when=move || is_running.get()>
                <progress max="1" aria-label="Runs priced again" prop:value=live(progress)></progress>
            </When>
            <p class="prices-again-state" role="status">
                {dynamic(move || last.with(|last| last.as_ref().map(words::repriced)))}
            </p>
            <Failure outcome />
        </section>
    }
}

/// Keeps an eye on how far the last one is.
#[derive(Clone, Copy)]
struct Follow {
    api: StoredValue<ApiClient>,
    last: RwSignal<Option<Repricing>>,
    on_done: Callback<()>,
}

impl Follow {
    /// Asks how far it is, and goes on asking while it runs.
    fn look(self) {
        let Some(client) = self.api.try_get_value() else { return };
        leptos::task::spawn_local(async move {
            let answer = client.find_repricing().await;
            let is_known = self.last.try_with_untracked(Option::is_some).unwrap_or(false);
            let goes_on = match answer {
                Ok(Some(now)) => {
                    let is_running = now.state == RepricingState::Running;
                    self.last.try_set(Some(now));
                    if !is_running && is_known {
                        self.on_done.try_run(());
                    }
                    is_running
                }
                Ok(None) => false,
                // A server that is away for a moment is asked again, while something ran.
                Err(_) => is_known,
            };
            if goes_on {
                self.look_later();
            }
        });
    }

    fn look_later(self) {
        set_timeout(move || self.look(), PERIOD);
    }
}
