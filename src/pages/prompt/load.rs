//! What the page shows of a prompt, fetched: the prompt itself, its history, the version that is open.

use crate::api::{ApiClient, ApiError};
use crate::components::erased::effect;
use fanlight_wire::prompt::{Prompt, PromptCommit, TagMove};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// A version as it was opened. A prompt without versions opens as nothing, to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    pub name: String,
    pub hash: Option<String>,
    pub manifest: Option<Arc<Value>>,
}

/// Everything that was fetched. Copy it freely.
#[derive(Clone, Copy)]
pub struct PromptLoad {
    pub name: Memo<String>,
    /// As the address names it: a hash, a tag, or nothing for the newest.
    pub version: Memo<Option<String>>,
    pub prompt: RwSignal<Option<Prompt>>,
    /// Newest first.
    pub commits: RwSignal<Vec<PromptCommit>>,
    pub moves: RwSignal<Vec<TagMove>>,
    pub opened: RwSignal<Option<Opened>>,
    pub failure: RwSignal<Option<ApiError>>,
    api: StoredValue<ApiClient>,
    asked: StoredValue<u64>,
}

impl PromptLoad {
    /// Fetches, and does so again when the address names another prompt or version.
    pub fn new(name: Memo<String>, version: Memo<Option<String>>) -> Self {
        let load = PromptLoad {
            name,
            version,
            prompt: RwSignal::new(None),
            commits: RwSignal::new(Vec::new()),
            moves: RwSignal::new(Vec::new()),
            opened: RwSignal::new(None),
            failure: RwSignal::new(None),
            api: StoredValue::new(expect_context()),
            asked: StoredValue::new(0),
        };
        effect(move || {
            let is_other = load
                .prompt
                .with_untracked(|prompt| prompt.as_ref().is_none_or(|prompt| name.with(|name| prompt.name != *name)));
            version.track();
            if is_other {
                load.prompt.set(None);
                load.opened.set(None);
            }
            load.fetch();
        });
        load
    }

    /// Fetches all of it anew; what is shown stays until the answer is here.
    pub fn fetch(self) {
        let Some(api) = self.api.try_get_value() else { return };
        let asked = self.asked.get_value() + 1;
        self.asked.set_value(asked);
        let (name, version) = (self.name.get_untracked(), self.version.get_untracked());
        leptos::task::spawn_local(async move {
            let answer = fetch_all(&api, &name, version.as_deref()).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok((prompt, commits, moves, opened)) => {
                    self.failure.set(None);
                    self.prompt.set(Some(prompt));
                    self.commits.set(commits);
                    self.moves.set(moves);
                    // The same version again leaves what is being edited alone.
                    self.opened.maybe_update(|shown| {
                        let is_new = shown.as_ref() != Some(&opened);
                        *shown = Some(opened);
                        is_new
                    });
                }
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }

    /// The version that is open, as the history has it.
    pub fn commit(self) -> Option<PromptCommit> {
        let hash = self.opened.with(|opened| opened.as_ref().and_then(|opened| opened.hash.clone()))?;
        self.commits.with(|commits| commits.iter().find(|commit| commit.commit_hash == hash).cloned())
    }

    /// The hash of the newest version.
    pub fn newest(self) -> Option<String> {
        self.commits.with(|commits| commits.first().map(|commit| commit.commit_hash.clone()))
    }

    /// Whether the version that is open is the newest.
    pub fn is_newest(self) -> bool {
        self.newest() == self.opened.with(|opened| opened.as_ref().and_then(|opened| opened.hash.clone()))
    }
}

type All = (Prompt, Vec<PromptCommit>, Vec<TagMove>, Opened);

async fn fetch_all(api: &ApiClient, name: &str, version: Option<&str>) -> Result<All, ApiError> {
    let prompt = api.find_prompt(name).await?;
    let commits = api.list_prompt_commits(name).await?;
    // Another server than Fanlight does not keep them.
    let moves = api.list_tag_moves(name).await.unwrap_or_default();
    let mut opened = Opened { name: name.to_owned(), hash: None, manifest: None };
    if !commits.is_empty() || version.is_some() {
        let pulled = api.pull_prompt(name, version.unwrap_or("latest")).await?;
        let manifest =
            serde_json::from_str(pulled.manifest.get()).map_err(|error| ApiError::Decode(error.to_string()))?;
        opened.hash = Some(pulled.commit_hash);
        opened.manifest = Some(Arc::new(manifest));
    }
    Ok((prompt, commits, moves, opened))
}
