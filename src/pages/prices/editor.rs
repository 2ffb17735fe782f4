//! The form that sets a price, with what it would make of past runs beside it.

use super::data::Edited;
use super::trial::Trial;
use crate::api::ApiClient;
use crate::components::erased::{When, live, memo};
use crate::components::unique_id;
use crate::pages::projects::{Failure, Outcome, run};
use crate::prices::Field;
use crate::prices::draft::has_one_tier_at_most;
use fanlight_wire::price::PriceWrite;
use leptos::prelude::*;
use uuid::Uuid;

/// `on_saved` gets the price's name.
#[component]
pub fn PriceForm(
    edited: Edited,
    is_open: RwSignal<bool>,
    on_saved: Callback<String>,
    on_delete: Callback<(Uuid, PriceWrite)>,
) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let Edited { id, kept, draft } = edited;
    let draft = RwSignal::new(draft);
    let has_tier_fields = has_one_tier_at_most(&kept);
    let n_tiers = kept.tiers.len();
    let kept = StoredValue::new(kept);
    let outcome = RwSignal::new(Outcome::Idle);
    // What is missing is said once it was tried to save; what is wrong, while it is typed.
    let is_tried = RwSignal::new(false);
    let wanted = memo(move || kept.with_value(|kept| draft.with(|draft| draft.price(kept))));
    let problem = memo(move || {
        let problem = wanted.with(|wanted| wanted.as_ref().err().cloned())?;
        let is_empty = draft.with(|draft| draft.get(problem.field).trim().is_empty());
        (is_tried.get() || !is_empty).then_some(problem)
    });
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        is_tried.set(true);
        let Ok(price) = wanted.get_untracked() else { return };
        run(outcome, async move {
            let client = api.get_value();
            let saved = match id {
                Some(id) => client.update_price(id, &price).await?,
                None => client.create_price(&price).await?,
            };
            on_saved.run(saved.price.name);
            Ok(())
        });
    };
    let delete = move |_| {
        if let Some(id) = id {
            on_delete.run((id, kept.get_value()));
        }
    };
    let field = move |field: Field, label: &'static str, hint: &'static str| {
        let (field_id, hint_id) = (unique_id("price"), unique_id("price-hint"));
        let kind = if field == Field::From { "date" } else { "text" };
        let is_first = field == Field::Name;
        let mode = if is_amount(field) { "decimal" } else { "text" };
        let is_wrong = memo(move || problem.with(|problem| problem.as_ref().is_some_and(|it| it.field == field)));
        let words = memo(move || match problem.get() {
            Some(problem) if problem.field == field => problem.words,
            _ => hint.to_owned(),
        });
        view! {
            <div class="field">
                <label for=field_id.clone()>{label}</label>
                <input
                    class="input"
                    id=field_id
                    type=kind
                    inputmode=mode
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=is_first
                    aria-describedby=hint_id.clone()
                    aria-invalid=live(move || is_wrong.get().to_string())
                    prop:value=live(move || draft.with(|draft| draft.get(field).to_owned()))
                    on:input:target=move |event| draft.update(|draft| draft.set(field, event.target().value()))
                />
                <p class="field-hint" id=hint_id class:field-error=live(move || is_wrong.get())>
                    {words}
                </p>
            </div>
        }
    };
    view! {
        <form class="dialog-form price-form" on:submit=on_submit novalidate>
            <div class="price-fields">
                {field(Field::Name, "Name", "As cost explanations will call it")}
                {field(Field::Pattern, "Models", "A regular expression: ^my-llama fits every name that begins so")}
                {field(Field::Provider, "Provider", "Optional")}
                {field(Field::From, "Counts from", "Optional: runs that began earlier have other prices")}
            </div>
            <fieldset class="price-amounts">
                <legend>"US dollars per million tokens"</legend>
                <div class="price-fields">
                    {field(Field::Input, "Input", "")}
                    {field(Field::Output, "Output", "")}
                    {field(Field::CacheRead, "Cached input", "As input, when empty")}
                    {field(Field::CacheWrite, "Written to the cache", "As input, when empty")}
                </div>
            </fieldset>
            <When
                when=move || has_tier_fields
                fallback=move || {
                    view! { <p class="field-hint">{format!("Its {n_tiers} tiers for larger requests were set through the API, and stay.")}</p> }
                }
            >
                <fieldset class="price-amounts">
                    <legend>"Larger requests"</legend>
                    <div class="price-fields">
                        {field(Field::TierAbove, "Above", "Input tokens; optional")}
                        {field(Field::TierInput, "Input", "As above, when empty")}
                        {field(Field::TierOutput, "Output", "As above, when empty")}
                    </div>
                </fieldset>
            </When>
            <Trial wanted replaces=id />
            <Failure outcome />
            <div class="dialog-actions">
                <When when=move || id.is_some()>
                    <button type="button" class="button is-danger price-delete" on:click=delete>
                        "Delete price"
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
                    "Save price"
                </button>
            </div>
        </form>
    }
}

fn is_amount(field: Field) -> bool {
    !matches!(field, Field::Name | Field::Pattern | Field::Provider | Field::From)
}
