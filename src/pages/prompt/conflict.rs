//! Somebody saved a version while this one was being written: what differs, and what can be done. The draft stays.

use super::editor::Editor;
use super::load::PromptLoad;
use crate::api::{ApiClient, ApiError};
use crate::components::diff_lines::changes_view;
use crate::components::erased::dynamic;
use crate::diff::shown::shown_text;
use crate::prompt::history::{short_hash, signature};
use crate::prompt::{Draft, manifest, plain};
use crate::routes;
use fanlight_wire::prompt::PromptCommit;
use leptos::prelude::*;
use serde_json::Value;

/// The version that came in between.
#[derive(Clone, PartialEq)]
pub struct Newer {
    pub commit: PromptCommitFacts,
    draft: Draft,
}

/// What is said of it.
#[derive(Clone, PartialEq)]
pub struct PromptCommitFacts {
    hash: String,
    by: String,
    description: String,
}

impl Newer {
    /// Fetches the newest version.
    pub async fn fetch(api: &ApiClient, name: &str) -> Result<Newer, ApiError> {
        let pulled = api.pull_prompt(name, "latest").await?;
        let commits = api.list_prompt_commits(name).await?;
        let commit = commits.into_iter().find(|commit| commit.commit_hash == pulled.commit_hash);
        let manifest: Value =
            serde_json::from_str(pulled.manifest.get()).map_err(|error| ApiError::Decode(error.to_string()))?;
        let by = |commit: &PromptCommit| signature(commit.author.as_deref(), commit.client.as_deref());
        Ok(Newer {
            commit: PromptCommitFacts {
                by: commit.as_ref().map(by).unwrap_or_default(),
                description: commit.and_then(|commit| commit.description).unwrap_or_default(),
                hash: pulled.commit_hash,
            },
            draft: manifest::read(&manifest),
        })
    }
}

/// Shown while there is a newer version. `on_save` opens the dialog again, now to save on top of it.
#[component]
pub fn Conflict(
    load: PromptLoad,
    editor: Editor,
    newer: RwSignal<Option<Newer>>,
    on_save: Callback<()>,
) -> impl IntoView {
    dynamic(move || {
        newer.get().map(|Newer { commit, draft }| {
            let shown = editor.with(|mine| shown_text(&plain::text(&draft), &plain::text(mine)));
            let name = load.name.get_untracked();
            let theirs = editor.parent().map(|base| {
                let href = routes::prompt_compare(&name, short_hash(&base), short_hash(&commit.hash));
                view! { <a class="button" href=href>"See what they changed"</a> }
            });
            let (hash, address) = (commit.hash.clone(), routes::prompt_version(&name, short_hash(&commit.hash)));
            view! {
                <section class="prompt-conflict" role="alert" aria-label="Conflict">
                    <h2>
                        "While you were writing, "
                        <bdi>{commit.by}</bdi>
                        " saved "
                        <a href=address>
                            <code>{short_hash(&commit.hash).to_owned()}</code>
                        </a>
                        {(!commit.description.is_empty()).then(|| view! { ": " <bdi>{commit.description.clone()}</bdi> })}
                    </h2>
                    <p>"Nothing is lost: your draft is below. Compared with that version, it does this:"</p>
                    <div class="prompt-conflict-diff">{changes_view(shown)}</div>
                    <div class="dialog-actions">
                        {theirs}
                        <button type="button" class="button" on:click=move |_| newer.set(None)>
                            "Keep writing"
                        </button>
                        <button
                            type="button"
                            class="button is-primary"
                            on:click=move |_| {
                                editor.saw(hash.clone());
                                newer.set(None);
                                on_save.run(());
                            }
                        >
                            "Save mine on top of it…"
                        </button>
                    </div>
                </section>
            }
        })
    })
}
