//! What this reader likes, kept in the browser's local storage: theme, panel sizes. The address always wins over it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const STORAGE_KEY: &str = "fanlight.preferences";

/// Every choice has a default, so that preferences of an older version still read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub theme: ThemeChoice,
    /// Width of the trace page's tree as a share of the waterfall, in percent.
    pub gutter_percent: Option<f64>,
    /// Width of the trace page's details panel in CSS pixels.
    pub details_width_px: Option<f64>,
    /// The tab of the details panel last chosen, as the address names it.
    pub details_tab: Option<String>,
    /// The columns of the trace list, as its address names them.
    pub trace_columns: Option<String>,
    /// Facets of the trace list beyond the standard ones, as the API names them.
    pub trace_facets: Vec<String>,
    /// The trace list's facets are hidden.
    pub has_no_facets: bool,
    /// Versions of prompts are compared in one column; side by side otherwise, where there is room.
    pub has_unified_prompts: bool,
    /// Messages are drawn as markdown; plain text otherwise.
    pub has_markdown: bool,
    /// What the reader's versions of prompts and moves of tags are signed with.
    pub author: String,
}

/// Light, dark, or what the operating system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

/// Reads the stored preferences, provides them as `RwSignal<Preferences>` and stores every change.
pub fn provide_preferences() -> RwSignal<Preferences> {
    let preferences = RwSignal::new(read().unwrap_or_default());
    provide_context(preferences);
    Effect::watch(
        move || preferences.get(),
        |preferences, _, _| {
            // A full or forbidden storage only means that the choice lasts as long as the page.
            if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(preferences)) {
                let _ = storage.set_item(STORAGE_KEY, &text);
            }
        },
        false,
    );
    preferences
}

/// The preferences, from context.
pub fn use_preferences() -> RwSignal<Preferences> {
    expect_context()
}

fn read() -> Option<Preferences> {
    let text = storage()?.get_item(STORAGE_KEY).ok()??;
    serde_json::from_str(&text).ok()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}
