//! The head of the page: which prompt and version, its tags, and what can be done.

use super::Asks;
use super::editor::Editor;
use super::load::PromptLoad;
use super::pull_lines::PullLines;
use crate::api::ApiClient;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::components::relative_time::RelativeTime;
use crate::components::toast::use_toasts;
use crate::preferences::use_preferences;
use crate::prompt::history::{short_hash, signature};
use crate::prompt::settings::kind_summary;
use crate::routes;
use leptos::prelude::*;

#[component]
pub fn PromptHeader(load: PromptLoad, editor: Editor, asks: Asks) -> impl IntoView {
    let has_prompt = memo(move || load.prompt.with(Option::is_some));
    let about = memo(move || {
        load.prompt.with(|prompt| prompt.as_ref().and_then(|prompt| prompt.description.clone())).unwrap_or_default()
    });
    let item = |label: &str, is_danger, ask: Callback<()>| MenuItem { label: label.into(), is_danger, on_select: ask };
    let actions = vec![
        item("Edit description…", false, Callback::new(move |()| asks.describe.set(true))),
        item("Delete…", true, Callback::new(move |()| asks.deleted.set(Some(load.name.get_untracked())))),
    ];
    view! {
        <header class="page-header">
            <a class="prompt-crumb" href=routes::prompts()>
                "Prompts"
            </a>
            <span class="prompt-crumb" aria-hidden="true">
                "/"
            </span>
            <h1>
                <bdi>{dynamic(move || load.name.get())}</bdi>
            </h1>
            <When when=move || has_prompt.get()>
                <span class="chip">{dynamic(move || editor.with(kind_summary))}</span>
            </When>
            <span class="page-header-space"></span>
            <When when=move || has_prompt.get()>
                <PullLines load />
                <Menu label="Actions for this prompt" items=actions.clone()>
                    <IconView icon=Icon::More />
                </Menu>
            </When>
        </header>
        <When when=move || !about.with(String::is_empty)>
            <p class="prompt-about">
                <bdi>{dynamic(move || about.get())}</bdi>
            </p>
        </When>
    }
}

/// The version that is open, and what can be done with it.
#[component]
pub fn VersionBar(load: PromptLoad, editor: Editor, asks: Asks) -> impl IntoView {
    let commit = memo_commit(load);
    let is_changed = memo(move || editor.is_changed());
    let is_first = memo(move || load.opened.with(|opened| opened.as_ref().is_some_and(|opened| opened.hash.is_none())));
    let is_newest = memo(move || load.is_newest());
    let save = move || match (is_first.get(), is_changed.get(), is_newest.get()) {
        (true, ..) => Some("Save first version…"),
        (false, true, _) => Some("Save version…"),
        (false, false, false) => Some("Restore this version…"),
        (false, false, true) => None,
    };
    let compare = move || {
        let hash = commit.with(|commit| commit.as_ref().map(|commit| commit.0.commit_hash.clone()))?;
        let parent = commit.with(|commit| commit.as_ref().and_then(|commit| commit.0.parent_commit_hash.clone()))?;
        Some(routes::prompt_compare(&load.name.get(), short_hash(&parent), short_hash(&hash)))
    };
    view! {
        <div class="prompt-bar">
            {dynamic(move || {
                commit
                    .get()
                    .map(|Shown(commit)| {
                        view! {
                            <code>{short_hash(&commit.commit_hash).to_owned()}</code>
                            <Tags load commit=commit.clone() />
                            <button type="button" class="button is-quiet" on:click=move |_| asks.tag.set(true)>
                                "Tag…"
                            </button>
                            <span class="is-faint">
                                <RelativeTime time=commit.created_at />
                                " by "
                                <bdi>{signature(commit.author.as_deref(), commit.client.as_deref())}</bdi>
                            </span>
                        }
                    })
            })} <span class="page-header-space"></span>
            {dynamic(move || compare().map(|href| view! { <a class="button" href=href>"What changed"</a> }))}
            <When when=move || is_changed.get()>
                <span class="chip is-draft">"unsaved changes, kept in this browser"</span>
            </When>
            <button
                type="button"
                class="button is-quiet is-icon"
                aria-label="Undo"
                title="Undo"
                disabled=live(move || !editor.can_undo())
                on:click=move |_| editor.undo()
            >
                <IconView icon=Icon::Undo />
            </button>
            <button
                type="button"
                class="button is-quiet is-icon is-mirrored"
                aria-label="Redo"
                title="Redo"
                disabled=live(move || !editor.can_redo())
                on:click=move |_| editor.redo()
            >
                <IconView icon=Icon::Undo />
            </button>
            <When when=move || is_changed.get()>
                <button type="button" class="button" on:click=move |_| editor.discard()>
                    "Discard"
                </button>
            </When>
            {dynamic(move || {
                save()
                    .map(|label| {
                        view! {
                            <button type="button" class="button is-primary" on:click=move |_| asks.save.set(true)>
                                {label}
                            </button>
                        }
                    })
            })}
        </div>
    }
}

/// A version that is drawn anew only when what is shown of it changes.
#[derive(Clone)]
struct Shown(fanlight_wire::prompt::PromptCommit);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        (&self.0.commit_hash, &self.0.commit_tags) == (&other.0.commit_hash, &other.0.commit_tags)
    }
}

fn memo_commit(load: PromptLoad) -> Memo<Option<Shown>> {
    memo(move || load.commit().map(Shown))
}

#[component]
fn Tags(load: PromptLoad, commit: fanlight_wire::prompt::PromptCommit) -> impl IntoView {
    let (api, toasts, preferences) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts(), use_preferences());
    let commit_id = commit.id;
    let remove = move |tag: String| {
        let name = load.name.get_untracked();
        let author = preferences.with_untracked(|preferences| preferences.author.trim().to_owned());
        leptos::task::spawn_local(async move {
            if let Err(error) = api.get_value().delete_prompt_tag(&name, &tag, &author).await {
                toasts.show_error(error.to_string());
                return;
            }
            load.fetch();
            let undo = Callback::new(move |()| {
                let (name, tag, author) = (name.clone(), tag.clone(), author.clone());
                leptos::task::spawn_local(async move {
                    let author = (!author.is_empty()).then_some(author);
                    let write = fanlight_wire::prompt::TagWrite { name: Some(tag), commit_id: Some(commit_id), author };
                    match api.get_value().put_prompt_tag(&name, &write).await {
                        Ok(_) => load.fetch(),
                        Err(error) => toasts.show_error(error.to_string()),
                    }
                });
            });
            toasts.show_with_undo("Tag removed", undo);
        });
    };
    commit
        .commit_tags
        .into_iter()
        .map(|tag| {
            let (label, removed) = (format!("Remove the tag {tag}"), tag.clone());
            view! {
                <span class="chip prompt-tag">
                    <bdi>{tag}</bdi>
                    <button type="button" class="prompt-tag-remove" aria-label=label on:click=move |_| remove(removed.clone())>
                        <IconView icon=Icon::Close />
                    </button>
                </span>
            }
        })
        .collect_view()
}
