//! What is being typed into the filter bar, and what the server knows about it: values it could go on with, and how many
//! runs it would find.

use super::bar_keys::Suggestion;
use super::bar_text::{chips, committed};
use crate::api::{ApiClient, ApiError};
use crate::components::erased::memo;
use crate::pages::fetched::{Fetched, fetched, rest};
use crate::pages::traces::address::History;
use crate::pages::traces::question::Question;
use fanlight_wire::filter::complete::{Completion, CompletionKind};
use fanlight_wire::filter::edit::without;
use fanlight_wire::filter::short;
use fanlight_wire::run_stats::{FacetQuery, FacetValue, SuggestQuery};
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// Values offered at once.
const N_SUGGESTIONS: usize = 20;
/// Typing rests this long before the server is asked for values.
const RESTS: Duration = Duration::from_millis(100);
/// And this long before it counts: that looks at many runs.
const RESTS_TO_COUNT: Duration = Duration::from_millis(250);

/// What is being typed.
#[derive(Clone, Copy)]
pub struct Draft {
    pub question: Question,
    pub field: NodeRef<html::Input>,
    pub text: RwSignal<String>,
    pub cursor: RwSignal<usize>,
    /// The chip whose place the draft takes.
    pub editing: RwSignal<Option<usize>>,
    /// The text was meant to be whole: say what is wrong with it.
    pub is_tried: RwSignal<bool>,
    pub is_open: RwSignal<bool>,
    pub highlighted: RwSignal<Option<usize>>,
}

/// What applying the draft would do.
#[derive(Clone, Debug, PartialEq)]
pub enum Outlook {
    /// So many runs would be listed.
    Finds(u64),
    /// It cannot be read, or not yet; why.
    Unreadable(String),
}

impl Draft {
    pub fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
        }
    }

    fn set_text(self, text: &str, cursor: usize) {
        self.text.set(text.to_owned());
        self.cursor.set(cursor);
        self.is_tried.set(false);
        let Some(field) = self.field.get_untracked() else { return };
        // At once, not when the signal's effect writes the same: what is typed meanwhile must land behind it.
        let units = text[..cursor.min(text.len())].encode_utf16().count() as u32;
        field.set_value(text);
        let _ = field.focus();
        let _ = field.set_selection_range(units, units);
    }

    /// Gives up what was typed; an edited chip stays as it was.
    pub fn reset(self) {
        self.text.set(String::new());
        self.cursor.set(0);
        self.editing.set(None);
        self.is_tried.set(false);
        self.is_open.set(false);
        self.highlighted.set(None);
    }

    pub fn edit(self, idx: usize) {
        let chips = chips(&self.question.filter_untracked());
        if let Some(chip) = chips.get(idx) {
            self.editing.set(Some(idx));
            self.set_text(&chip.text, chip.text.len());
        }
    }

    pub fn take(self, suggestion: &Suggestion) {
        self.highlighted.set(None);
        self.set_text(&suggestion.draft, suggestion.cursor);
        if suggestion.is_last {
            self.apply();
        } else {
            self.is_open.set(true);
        }
    }

    /// Makes the draft hold, if it can be read.
    pub fn apply(self) {
        let question = self.question;
        let text = self.text.get_untracked();
        match committed(&question.filter_untracked(), &text, self.editing.get_untracked()) {
            Ok(filter) => {
                self.reset();
                question.page.change(History::Push, |query| query.filter = filter);
            }
            Err(_) => {
                self.is_tried.set(true);
                self.is_open.set(false);
            }
        }
    }
}

/// Asks the server for values whenever the cursor is where one could stand.
pub fn suggested_values(draft: Draft, completion: Memo<Completion>) -> Fetched<Vec<FacetValue>> {
    let api: ApiClient = expect_context();
    let question = draft.question;
    let wanted = memo(move || {
        let is_open = draft.is_open.get();
        completion.with(|completion| match &completion.kind {
            CompletionKind::Values { of, prefix } if is_open => Some((of.clone(), prefix.clone())),
            _ => None,
        })
    });
    let values = fetched(move || {
        let (of, text) = wanted.get()?;
        // Of all runs that the other conditions find.
        let filter = match draft.editing.get_untracked() {
            Some(idx) => without(&question.filter_untracked(), idx),
            None => question.filter_untracked(),
        };
        let query = SuggestQuery { query: question.with_filter(&filter), of, text, limit: Some(N_SUGGESTIONS) };
        let api = api.clone();
        Some(Box::pin(async move {
            rest(RESTS).await;
            Ok::<_, ApiError>(api.suggest_values(&query).await.unwrap_or_default())
        }))
    });
    // Values of another field must not be offered while those of this one are on their way.
    let of = memo(move || wanted.with(|wanted| wanted.as_ref().map(|(of, _)| of.clone())));
    Effect::watch(move || of.get(), move |_, _, _| values.value.set(None), false);
    values
}

/// What the draft would find, once typing rests; the next letter ends the counting for the last.
pub fn outlook(draft: Draft) -> Fetched<Outlook> {
    let api: ApiClient = expect_context();
    let question = draft.question;
    fetched(move || {
        let text = draft.text.get();
        if text.trim().is_empty() {
            return None;
        }
        let filter = committed(&question.filter(), &text, draft.editing.get()).and_then(|text| short::parse(&text));
        let query = filter
            .map(|filter| FacetQuery { query: question.with_filter(&filter), ..FacetQuery::default() })
            .map_err(|error| error.message);
        let api = api.clone();
        Some(Box::pin(async move {
            rest(RESTS_TO_COUNT).await;
            Ok::<_, ApiError>(match query {
                Ok(query) => Outlook::Finds(api.count_facets(&query).await?.n_runs),
                Err(message) => Outlook::Unreadable(message),
            })
        }))
    })
}
