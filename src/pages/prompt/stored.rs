//! Drafts and sample values in the browser's local storage: a reload, or another page, loses nothing.

use crate::prompt::Draft;
use crate::prompt::render::Values;
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A draft and what it is based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDraft {
    pub draft: Draft,
    /// The newest version when the first edit was made: what a save must come after.
    pub newest: Option<String>,
}

/// Where the draft of a version is; `hash` is `None` before the first version.
fn draft_key(name: &str, hash: Option<&str>) -> String {
    format!("fanlight.prompt-draft.{name}.{}", hash.unwrap_or("new"))
}

fn samples_key(name: &str) -> String {
    format!("fanlight.prompt-samples.{name}")
}

pub fn draft(name: &str, hash: Option<&str>) -> Option<StoredDraft> {
    read(&draft_key(name, hash))
}

/// Returns whether it could be kept.
pub fn keep_draft(name: &str, hash: Option<&str>, draft: &StoredDraft) -> bool {
    write(&draft_key(name, hash), draft)
}

pub fn forget_draft(name: &str, hash: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&draft_key(name, hash));
    }
}

/// Values to try the templates with.
pub fn samples(name: &str) -> Values {
    read(&samples_key(name)).unwrap_or_default()
}

pub fn keep_samples(name: &str, values: &Values) {
    write(&samples_key(name), values);
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&storage()?.get_item(key).ok()??).ok()
}

fn write(key: &str, value: &impl Serialize) -> bool {
    let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) else { return false };
    storage.set_item(key, &text).is_ok()
}
