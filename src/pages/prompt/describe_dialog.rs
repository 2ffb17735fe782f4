//! What is said about the prompt: a description, and what it is about.

use super::load::PromptLoad;
use crate::api::ApiClient;
use crate::components::dialog::Dialog;
use crate::components::erased::live;
use crate::components::unique_id;
use crate::pages::projects::dialogs::{Failure, Outcome, run};
use fanlight_wire::prompt::PromptUpdate;
use leptos::prelude::*;

#[component]
pub fn DescribeDialog(load: PromptLoad, is_open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog is_open title="About this prompt">
            <Form load is_open />
        </Dialog>
    }
}

#[component]
fn Form(load: PromptLoad, is_open: RwSignal<bool>) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let (about, topics) = load.prompt.with_untracked(|prompt| {
        prompt
            .as_ref()
            .map(|prompt| (prompt.description.clone().unwrap_or_default(), prompt.tags.join(", ")))
            .unwrap_or_default()
    });
    let (description, tags) = (RwSignal::new(about.clone()), RwSignal::new(topics.clone()));
    let outcome = RwSignal::new(Outcome::Idle);
    let (about_id, tags_id, hint_id) =
        (unique_id("prompt-about"), unique_id("prompt-topics"), unique_id("prompt-topics-hint"));
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let listed = tags.get_untracked();
        let listed = listed.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned);
        let update = PromptUpdate {
            description: Some(description.get_untracked().trim().to_owned()),
            tags: Some(listed.collect()),
            ..PromptUpdate::default()
        };
        let name = load.name.get_untracked();
        run(outcome, async move {
            let updated = api.get_value().update_prompt(&name, &update).await?;
            is_open.set(false);
            load.prompt.set(Some(updated));
            Ok(())
        });
    };
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <div class="field">
                <label for=about_id.clone()>"What it is for"</label>
                <textarea
                    class="input"
                    id=about_id
                    rows="3"
                    maxlength="4000"
                    autofocus
                    prop:value=about
                    on:input:target=move |event| description.set(event.target().value())
                ></textarea>
            </div>
            <div class="field">
                <label for=tags_id.clone()>"Topics"</label>
                <input
                    class="input"
                    id=tags_id
                    value=topics
                    autocomplete="off"
                    aria-describedby=hint_id.clone()
                    on:input:target=move |event| tags.set(event.target().value())
                />
                <p class="field-hint" id=hint_id>
                    "Words to find it by, with commas between them. Tags of versions are something else."
                </p>
            </div>
            <Failure outcome />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button type="submit" class="button is-primary" disabled=live(move || outcome.get() == Outcome::Running)>
                    "Save"
                </button>
            </div>
        </form>
    }
}
