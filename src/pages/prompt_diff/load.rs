//! Fetches two versions of a prompt, and the history that they are in.

use super::Compared;
use crate::api::{ApiClient, ApiError};
use crate::diff::prompt::Version;
use crate::diff::prompt::read::read;
use fanlight_wire::Timestamp;
use fanlight_wire::prompt::{PromptCommit, PulledCommit};
use leptos::prelude::*;
use std::sync::Arc;

/// Characters of a hash that are shown.
const HASH_CHARS: usize = 8;

/// One version, and what its history says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub hash: String,
    pub description: String,
    pub tags: Vec<String>,
    /// Unknown for versions that are too old for the history that is read.
    pub created_at: Option<Timestamp>,
    pub version: Version,
}

impl Side {
    fn new(pulled: PulledCommit, history: &[PromptCommit]) -> Self {
        let manifest = serde_json::from_str(pulled.manifest.get()).unwrap_or_default();
        let known = history.iter().find(|commit| commit.commit_hash == pulled.commit_hash);
        let described = known.and_then(|commit| commit.description.clone()).or(pulled.description);
        Side {
            description: described.unwrap_or_default(),
            tags: known.map(|commit| commit.commit_tags.clone()).unwrap_or_default(),
            created_at: known.map(|commit| commit.created_at),
            version: read(&manifest),
            hash: pulled.commit_hash,
        }
    }

    pub fn short_hash(&self) -> String {
        self.hash.chars().take(HASH_CHARS).collect()
    }
}

/// Both versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub a: Side,
    pub b: Side,
    /// Hashes of the prompt's versions, newest first.
    pub history: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    Loading,
    Ready(Arc<Pair>),
    /// There is no such version, as the address calls it; or no such prompt.
    NotFound(String),
    Failed(ApiError),
}

/// The state of loading. Copy it freely.
#[derive(Clone, Copy)]
pub struct Loader {
    pub status: RwSignal<Status>,
    compared: StoredValue<Compared>,
}

impl Loader {
    pub fn start(compared: Compared) -> Self {
        let loader = Loader { status: RwSignal::new(Status::Loading), compared: StoredValue::new(compared) };
        loader.retry();
        loader
    }

    pub fn retry(self) {
        self.status.set(Status::Loading);
        let api: ApiClient = expect_context();
        let compared = self.compared.get_value();
        leptos::task::spawn_local(async move {
            let found = fetch(&api, &compared).await;
            // The page may be gone by then.
            self.status.try_set(found);
        });
    }
}

async fn fetch(api: &ApiClient, Compared { name, a, b }: &Compared) -> Status {
    let pull = async |version: &str| match api.pull_prompt(name, version).await {
        Ok(pulled) => Ok(pulled),
        Err(ApiError::NotFound) => Err(Status::NotFound(version.to_owned())),
        Err(error) => Err(Status::Failed(error)),
    };
    let fetched = async {
        let history = api.list_prompt_commits(name).await.map_err(|error| match error {
            ApiError::NotFound => Status::NotFound(String::new()),
            error => Status::Failed(error),
        })?;
        let (a, b) = (pull(a).await?, pull(b).await?);
        Ok(Pair {
            a: Side::new(a, &history),
            b: Side::new(b, &history),
            history: history.into_iter().map(|commit| commit.commit_hash).collect(),
        })
    };
    match fetched.await {
        Ok(pair) => Status::Ready(Arc::new(pair)),
        Err(status) => status,
    }
}

impl Pair {
    /// The version that is `step` places older than A (1), or newer (−1).
    pub fn neighbour(&self, step: isize) -> Option<String> {
        let at = self.history.iter().position(|hash| *hash == self.a.hash)?;
        self.history.get(at.checked_add_signed(step)?).cloned()
    }
}
