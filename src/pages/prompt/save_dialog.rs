//! Saving what is written as a new version.

use super::editor::Editor;
use super::load::PromptLoad;
use crate::api::{ApiClient, ApiError};
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, live, memo};
use crate::components::toast::use_toasts;
use crate::components::unique_id;
use crate::pages::projects::dialogs::{Failure, Outcome, run};
use crate::preferences::use_preferences;
use crate::prompt::history::short_hash;
use crate::routes;
use fanlight_wire::prompt::CommitCreate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Asks what changed and saves. `on_conflict` is called when somebody else has saved meanwhile.
#[component]
pub fn SaveDialog(
    load: PromptLoad,
    editor: Editor,
    is_open: RwSignal<bool>,
    on_conflict: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog is_open title="Save a new version">
            <Form load editor is_open on_conflict />
        </Dialog>
    }
}

#[component]
fn Form(load: PromptLoad, editor: Editor, is_open: RwSignal<bool>, on_conflict: Callback<()>) -> impl IntoView {
    let (api, toasts) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts());
    let (preferences, navigate) = (use_preferences(), StoredValue::new_local(use_navigate()));
    let restored = match load.commit().filter(|_| !editor.is_changed() && !load.is_newest()) {
        Some(commit) => format!("Restore {}", short_hash(&commit.commit_hash)),
        None => String::new(),
    };
    let description = RwSignal::new(restored.clone());
    let outcome = RwSignal::new(Outcome::Idle);
    let (what_id, who_id) = (unique_id("version-what"), unique_id("version-who"));
    let problems = memo(move || editor.with(|draft| draft.problems()));
    let is_ready = memo(move || problems.with(Vec::is_empty) && outcome.get() != Outcome::Running);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Ok(manifest) = editor.manifest() else { return };
        let Ok(manifest) = serde_json::value::to_raw_value(&manifest) else { return };
        let said = |text: String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let commit = CommitCreate {
            manifest,
            parent_commit: editor.parent(),
            description: said(description.get_untracked()),
            example_run_ids: None,
            author: said(preferences.with_untracked(|preferences| preferences.author.clone())),
        };
        let name = load.name.get_untracked();
        run(outcome, async move {
            match api.get_value().create_prompt_commit(&name, &commit).await {
                Ok(saved) => {
                    editor.forget();
                    is_open.set(false);
                    toasts.show(format!("Saved {}", short_hash(&saved.commit_hash)));
                    load.fetch();
                    let address = routes::prompt(&name);
                    navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
                    Ok(())
                }
                // The other conflict is that nothing would change, which the dialog itself says.
                Err(ApiError::Conflict(message)) if !message.starts_with("Nothing to commit") => {
                    is_open.set(false);
                    on_conflict.run(());
                    Ok(())
                }
                Err(error) => Err(error),
            }
        });
    };
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <div class="field">
                <label for=what_id.clone()>"What changed"</label>
                <input
                    class="input"
                    id=what_id
                    value=restored
                    autofocus
                    autocomplete="off"
                    maxlength="1000"
                    on:input:target=move |event| description.set(event.target().value())
                />
            </div>
            <AuthorField id=who_id />
            <ul class="prompt-problems" role="alert">
                {dynamic(move || problems.get().into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view())}
            </ul>
            <Failure outcome />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button type="submit" class="button is-primary" disabled=live(move || !is_ready.get())>
                    "Save version"
                </button>
            </div>
        </form>
    }
}

/// Who signs versions and moves of tags; remembered in this browser.
#[component]
pub fn AuthorField(id: String) -> impl IntoView {
    let preferences = use_preferences();
    let hint = format!("{id}-hint");
    view! {
        <div class="field">
            <label for=id.clone()>"Your name"</label>
            <input
                class="input"
                id=id
                autocomplete="name"
                maxlength="100"
                aria-describedby=hint.clone()
                prop:value=live(move || preferences.with(|preferences| preferences.author.clone()))
                on:input:target=move |event| {
                    let author = event.target().value();
                    preferences.update(|preferences| preferences.author = author);
                }
            />
            <p class="field-hint" id=hint>
                "Shown in the history. There is no sign-in, so nobody checks it."
            </p>
        </div>
    }
}
