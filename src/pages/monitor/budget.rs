//! What this month costs, may cost and will have cost, and the dialog that sets the budget.

use super::data::Data;
use crate::api::ApiClient;
use crate::components::dialog::Dialog;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::toast::use_toasts;
use crate::components::unique_id;
use crate::format::cost::cost;
use crate::monitor::budget::{Bar, Standing, bar, projection, standing, typed, unpriced, verdict};
use crate::monitor::cards::exact_words;
use crate::pages::projects::{Failure, Outcome, run};
use crate::routes;
use fanlight_wire::Usd;
use fanlight_wire::monitor::spend::{BudgetWrite, Spend};
use leptos::prelude::*;

/// The month of the calendar, whatever time the page shows: budgets are for months.
#[component]
pub fn Month(data: Data) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let budget = memo(move || data.spend.value.with(|spend| spend.as_ref().and_then(|spend| spend.budget)));
    let title = Signal::derive(move || match budget.get() {
        Some(_) => "Change the budget".to_owned(),
        None => "Set a budget".to_owned(),
    });
    view! {
        <section class="month" aria-labelledby="month-title">
            <header class="month-head">
                <h2 id="month-title">"This month"</h2>
                <button
                    type="button"
                    class="button"
                    disabled=live(move || data.spend.value.with(Option::is_none))
                    on:click=move |_| is_open.set(true)
                >
                    {dynamic(move || if budget.get().is_some() { "Change budget…" } else { "Set a budget…" })}
                </button>
            </header>
            {dynamic(move || match (data.spend.value.get(), data.spend.failure.get()) {
                (None, None) => view! { <p class="month-words">"Adding up what the month costs"</p> }.into_any(),
                (None, Some(error)) => {
                    view! {
                        <p class="month-words" role="alert">
                            {format!("What the month costs is not known. {error} ")}
                            <button type="button" class="button" on:click=move |_| data.spend.refetch()>
                                "Try again"
                            </button>
                        </p>
                    }
                        .into_any()
                }
                (Some(spend), _) => month(&spend),
            })}
            <Dialog is_open title>
                <BudgetForm data is_open kept=budget.get_untracked() />
            </Dialog>
        </section>
    }
}

fn month(spend: &Spend) -> AnyView {
    let spent = match spend.budget {
        Some(budget) => format!("{} of {}", exact_words(spend.spent), exact_words(budget)),
        None => exact_words(spend.spent),
    };
    let class = match standing(spend) {
        Standing::NoBudget | Standing::Within => "month-verdict",
        Standing::WillExceed => "month-verdict is-warning",
        Standing::Exceeded => "month-verdict is-error",
    };
    let unpriced = unpriced(spend).map(|words| {
        view! {
            <p class="month-words">
                {words} ". " <a href=routes::prices()>"Set prices"</a>
            </p>
        }
    });
    view! {
        <p class="month-amount">
            <b>{spent}</b>
            " "
            <span class=class>{verdict(spend)}</span>
        </p>
        {bar(spend).map(|it| bar_view(it, standing(spend)))}
        <p class="month-words">{projection(spend)}</p>
        {unpriced}
    }
    .into_any()
}

/// Says nothing that the words beside it do not.
fn bar_view(Bar { spent, projected, budget }: Bar, standing: Standing) -> AnyView {
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    view! {
        <div
            class="month-bar"
            class:is-over=standing == Standing::Exceeded
            aria-hidden="true"
            style:--spent=percent(spent)
            style:--projected=percent(projected.unwrap_or(spent))
            style:--budget=percent(budget)
        ></div>
    }
    .into_any()
}

#[component]
fn BudgetForm(data: Data, is_open: RwSignal<bool>, kept: Option<Usd>) -> impl IntoView {
    let (api, toasts) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts());
    let text = RwSignal::new(kept.map(|kept| kept.to_string()).unwrap_or_default());
    let outcome = RwSignal::new(Outcome::Idle);
    // What is missing is said once it was tried to save; what is wrong, while it is typed.
    let is_tried = RwSignal::new(false);
    let problem = memo(move || {
        let problem = text.with(|text| typed(text).err())?;
        (is_tried.get() || text.with(|text| !text.trim().is_empty())).then_some(problem)
    });
    let save = move |monthly: Option<Usd>| {
        run(outcome, async move {
            api.get_value().set_budget(data.project, BudgetWrite { monthly }).await?;
            is_open.set(false);
            data.spend.refetch();
            toasts.show(match monthly {
                Some(monthly) => format!("The budget is {} a month", cost(monthly)),
                None => "There is no budget any more".to_owned(),
            });
            Ok(())
        });
    };
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        is_tried.set(true);
        if let Ok(monthly) = text.with_untracked(|text| typed(text)) {
            save(Some(monthly));
        }
    };
    let (field_id, hint_id) = (unique_id("budget"), unique_id("budget-hint"));
    view! {
        <form class="dialog-form" on:submit=on_submit novalidate>
            <div class="field">
                <label for=field_id.clone()>"US dollars a month"</label>
                <input
                    class="input"
                    id=field_id
                    inputmode="decimal"
                    autocomplete="off"
                    autofocus
                    aria-describedby=hint_id.clone()
                    aria-invalid=live(move || problem.get().is_some().to_string())
                    prop:value=live(move || text.get())
                    on:input:target=move |event| text.set(event.target().value())
                />
                <p class="field-hint" id=hint_id class:field-error=live(move || problem.get().is_some())>
                    {dynamic(move || {
                        problem.get().unwrap_or("For each month of the calendar. Charts show it; it stops nothing.")
                    })}
                </p>
            </div>
            <Failure outcome />
            <div class="dialog-actions">
                <When when=move || kept.is_some()>
                    <button
                        type="button"
                        class="button is-danger month-clear"
                        disabled=live(move || outcome.get() == Outcome::Running)
                        on:click=move |_| save(None)
                    >
                        "Remove budget"
                    </button>
                </When>
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    class="button is-primary"
                    disabled=live(move || outcome.get() == Outcome::Running)
                >
                    "Save budget"
                </button>
            </div>
        </form>
    }
}
