//! Putting a tag on the version that is open, or moving it here.

use super::load::PromptLoad;
use super::save_dialog::AuthorField;
use crate::api::ApiClient;
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, live, memo};
use crate::components::toast::use_toasts;
use crate::components::unique_id;
use crate::pages::projects::dialogs::{Failure, Outcome, run};
use crate::preferences::use_preferences;
use crate::prompt::history::{short_hash, tag_problem};
use fanlight_wire::prompt::TagWrite;
use leptos::prelude::*;

/// Suggested before there are any tags.
const USUAL: [&str; 2] = ["production", "staging"];

#[component]
pub fn TagDialog(load: PromptLoad, is_open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog is_open title="Tag this version">
            <Form load is_open />
        </Dialog>
    }
}

#[component]
fn Form(load: PromptLoad, is_open: RwSignal<bool>) -> impl IntoView {
    let (api, toasts, preferences) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts(), use_preferences());
    let (tag, outcome) = (RwSignal::new(String::new()), RwSignal::new(Outcome::Idle));
    let (name_id, list_id, who_id, note_id) =
        (unique_id("tag-name"), unique_id("tag-names"), unique_id("tag-who"), unique_id("tag-note"));
    let here = StoredValue::new(load.commit());
    let places = load
        .prompt
        .with_untracked(|prompt| prompt.as_ref().map(|prompt| prompt.tag_places.clone()))
        .unwrap_or_default();
    let mut known: Vec<String> = places.iter().map(|place| place.name.clone()).collect();
    known.extend(
        USUAL.iter().filter(|usual| !places.iter().any(|place| place.name == **usual)).map(|usual| (*usual).to_owned()),
    );
    let suggestions = known.clone();
    let places = StoredValue::new(places);
    let note = memo(move || {
        let tag = tag.get();
        let here = here.with_value(|here| here.as_ref().map(|commit| commit.commit_hash.clone()))?;
        if tag.trim().is_empty() {
            return None;
        }
        if let Some(problem) = tag_problem(tag.trim()) {
            return Some(problem.to_owned());
        }
        places
            .with_value(|places| {
                places.iter().find(|place| place.name == tag.trim()).map(|place| place.commit_hash.clone())
            })
            .map(|place| match place == here {
                true => "The tag is here already".to_owned(),
                false => format!(
                    "Moves here from {}. Programs that pull it get this version from now on",
                    short_hash(&place)
                ),
            })
    });
    let is_ready = memo(move || tag_problem(tag.get().trim()).is_none() && outcome.get() != Outcome::Running);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(commit) = here.get_value().filter(|_| is_ready.get_untracked()) else { return };
        let (name, tag_name) = (load.name.get_untracked(), tag.get_untracked().trim().to_owned());
        let author = preferences.with_untracked(|preferences| preferences.author.trim().to_owned());
        let write = TagWrite {
            name: Some(tag_name.clone()),
            commit_id: Some(commit.id),
            author: (!author.is_empty()).then_some(author),
        };
        run(outcome, async move {
            api.get_value().put_prompt_tag(&name, &write).await?;
            is_open.set(false);
            toasts.show(format!("{tag_name} is at {}", short_hash(&commit.commit_hash)));
            load.fetch();
            Ok(())
        });
    };
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <div class="field">
                <label for=name_id.clone()>"Tag"</label>
                <input
                    class="input"
                    id=name_id
                    list=list_id.clone()
                    autofocus
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="100"
                    aria-describedby=note_id.clone()
                    prop:value=live(move || tag.get())
                    on:input:target=move |event| tag.set(event.target().value())
                />
                <datalist id=list_id>{known.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
                <span class="prompts-places">
                    {suggestions
                        .into_iter()
                        .map(|name| {
                            let chosen = name.clone();
                            view! {
                                <button type="button" class="chip chip-button" on:click=move |_| tag.set(chosen.clone())>
                                    <bdi>{name}</bdi>
                                </button>
                            }
                        })
                        .collect_view()}
                </span>
                <p class="field-hint" id=note_id role="status">
                    {dynamic(move || note.get())}
                </p>
            </div>
            <AuthorField id=who_id />
            <Failure outcome />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button type="submit" class="button is-primary" disabled=live(move || !is_ready.get())>
                    "Tag version"
                </button>
            </div>
        </form>
    }
}
