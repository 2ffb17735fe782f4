//! Making a prompt: its name and what it is for. Its first version is written on its page.

use crate::api::ApiClient;
use crate::components::dialog::Dialog;
use crate::components::erased::{live, memo};
use crate::components::unique_id;
use crate::pages::projects::dialogs::{Failure, Outcome, run};
use crate::prompt::history::name_problem;
use fanlight_wire::prompt::{Prompt, PromptCreate};
use leptos::prelude::*;

/// Asks for a name and a description and makes the prompt; `on_done` gets it.
#[component]
pub fn CreatePromptDialog(is_open: RwSignal<bool>, on_done: Callback<Prompt>) -> impl IntoView {
    view! {
        <Dialog is_open title="New prompt">
            <Form is_open on_done />
        </Dialog>
    }
}

#[component]
fn Form(is_open: RwSignal<bool>, on_done: Callback<Prompt>) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let (name, description) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let outcome = RwSignal::new(Outcome::Idle);
    let (name_id, hint_id, about_id) =
        (unique_id("prompt-name"), unique_id("prompt-name-hint"), unique_id("prompt-about"));
    let problem = memo(move || name.with(|name| name_problem(name.trim())));
    let is_ready = memo(move || problem.get().is_none() && outcome.get() != Outcome::Running);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !is_ready.get_untracked() {
            return;
        }
        let about = description.get_untracked().trim().to_owned();
        let prompt = PromptCreate {
            name: name.get_untracked().trim().to_owned(),
            description: (!about.is_empty()).then_some(about),
            ..PromptCreate::default()
        };
        run(outcome, async move {
            let made = api.get_value().create_prompt(&prompt).await?;
            is_open.set(false);
            on_done.run(made);
            Ok(())
        });
    };
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <div class="field">
                <label for=name_id.clone()>"Name"</label>
                <input
                    class="input"
                    id=name_id
                    autofocus
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="100"
                    aria-describedby=hint_id.clone()
                    aria-invalid=live(move || (name.with(|name| !name.is_empty()) && problem.get().is_some()).to_string())
                    on:input:target=move |event| name.set(event.target().value())
                />
                <p class="field-hint" id=hint_id>
                    "Programs pull it by this name: a letter, then letters, digits, - and _, in lower case."
                </p>
            </div>
            <div class="field">
                <label for=about_id.clone()>"What it is for"</label>
                <input
                    class="input"
                    id=about_id
                    autocomplete="off"
                    maxlength="4000"
                    on:input:target=move |event| description.set(event.target().value())
                />
            </div>
            <Failure outcome />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button type="submit" class="button is-primary" disabled=live(move || !is_ready.get())>
                    "Create prompt"
                </button>
            </div>
        </form>
    }
}
