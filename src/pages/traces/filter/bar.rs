//! The filter bar: chips for what holds, a field to type more, suggestions below it, and what is wrong where it is wrong.

use super::bar_keys::{BarKey, KEYS, Suggestion, suggestions};
use super::bar_text::{Chip, Committed, byte_of_unit, chips, committed, parts, removed};
use super::entry::{PLACEHOLDER, Typed};
use crate::api::{ApiClient, ApiError};
use crate::components::erased::{Keyed, When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::keyboard::action;
use crate::components::virtual_list::ListState;
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::pages::traces::address::History;
use crate::pages::traces::fetched::{Fetched, fetched, rest};
use crate::pages::traces::question::Question;
use fanlight_wire::filter::complete::{self, Completion, CompletionKind};
use fanlight_wire::filter::edit::without;
use fanlight_wire::filter::{Filter, FilterError, short};
use fanlight_wire::run_stats::{FacetValue, SuggestQuery};
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;
use web_sys::KeyboardEvent;

/// Values offered at once.
const N_SUGGESTIONS: usize = 20;
/// Typing rests this long before the server is asked for values.
const RESTS: Duration = Duration::from_millis(100);

/// What is being typed.
#[derive(Clone, Copy)]
struct Draft {
    question: Question,
    field: NodeRef<html::Input>,
    text: RwSignal<String>,
    cursor: RwSignal<usize>,
    /// The chip whose place the draft takes.
    editing: RwSignal<Option<usize>>,
    /// The text was meant to be whole: say what is wrong with it.
    is_tried: RwSignal<bool>,
    is_open: RwSignal<bool>,
    highlighted: RwSignal<Option<usize>>,
}

/// The bar. Esc in it leads back to the list.
#[component]
pub fn FilterBar(question: Question, field: NodeRef<html::Input>, state: ListState, typed: Typed) -> impl IntoView {
    let draft = Draft {
        question,
        field,
        text: RwSignal::new(typed.text.get_untracked()),
        cursor: RwSignal::new(typed.text.with_untracked(String::len)),
        editing: RwSignal::new(None),
        is_tried: RwSignal::new(false),
        is_open: RwSignal::new(typed.text.with_untracked(|text| !text.is_empty())),
        highlighted: RwSignal::new(None),
    };
    // A filter that cannot be read is there to be mended.
    let to_mend = StoredValue::new(None::<String>);
    effect(move || match question.committed.get() {
        Committed::Invalid { text, .. } => {
            to_mend.set_value(Some(text.clone()));
            draft.text.set(text);
            draft.is_tried.set(true);
        }
        Committed::Unread => {}
        Committed::Valid(_) => {
            let mended = to_mend.try_update_value(Option::take).flatten();
            if mended.is_some_and(|text| draft.text.with_untracked(|draft| *draft == text)) {
                draft.reset();
            }
        }
    });
    let shown = memo(move || question.committed.with(|committed| committed.filter().map(chips).unwrap_or_default()));
    let completion = memo(move || draft.text.with(|text| complete::at(text, draft.cursor.get())));
    let values = suggested_values(draft, completion);
    let offered = memo(move || {
        let values = values.value.get().unwrap_or_default();
        draft.text.with(|text| completion.with(|completion| suggestions(text, completion, &values)))
    });
    let error = memo(move || draft.text.with(|text| short::parse(text).err()));
    let is_wrong = memo(move || draft.is_tried.get() && error.with(Option::is_some));
    typed.pass_focus(field);
    if typed.is_applied.get_untracked() {
        draft.apply();
    }
    let on_keydown = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let is_taken = action(KEYS, &event).is_some_and(|key| on_key(draft, offered, state, key));
        if is_taken {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let read_cursor = move || {
        if let Some(field) = draft.field.get_untracked() {
            let units = field.selection_start().ok().flatten().unwrap_or(0) as usize;
            draft.cursor.set(draft.text.with_untracked(|text| byte_of_unit(text, units)));
        }
    };
    let numbered_chips = move || shown.get().into_iter().enumerate().collect::<Vec<_>>();
    let numbered_offers = move || offered.get().into_iter().enumerate().collect::<Vec<_>>();
    let is_list_open = memo(move || draft.is_open.get() && !offered.with(Vec::is_empty));
    let clear = move |_| {
        draft.reset();
        question.change_filter(|_, _| Filter::ALL);
    };
    view! {
        <search class="filter-bar" class:is-wrong=is_wrong>
            <IconView icon=Icon::Search />
            <ul class="filter-chips" aria-label="Conditions">
                <Keyed
                    each=numbered_chips
                    key=|(idx, chip)| (*idx, chip.text.clone())
                    children=move |(idx, chip)| chip_view(draft, idx, chip)
                />
            </ul>
            <div class="filter-entry">
                <input
                    node_ref=field
                    class="filter-field"
                    type="text"
                    role="combobox"
                    aria-label="Filter"
                    aria-autocomplete="list"
                    aria-controls="filter-suggestions"
                    aria-expanded=live(move || is_list_open.get().to_string())
                    aria-activedescendant=live(move || {
                        draft.highlighted.get().filter(|_| is_list_open.get()).map(option_id)
                    })
                    aria-invalid=live(move || is_wrong.get().to_string())
                    aria-describedby="filter-error"
                    placeholder=live(move || {
                        if shown.with(Vec::is_empty) { PLACEHOLDER } else { "Add a condition" }
                    })
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || draft.text.get()
                    on:input:target=move |event| {
                        draft.text.set(event.target().value());
                        read_cursor();
                        draft.is_tried.set(false);
                        draft.is_open.set(true);
                        draft.highlighted.set(None);
                    }
                    on:keydown=on_keydown
                    on:keyup=move |_| read_cursor()
                    on:click=move |_| {
                        read_cursor();
                        draft.is_open.set(true);
                    }
                    on:blur=move |_| {
                        draft.is_open.set(false);
                        draft.is_tried.set(true);
                    }
                />
                <div
                    class="filter-suggestions"
                    id="filter-suggestions"
                    role="listbox"
                    aria-label="Suggestions"
                    hidden=live(move || !is_list_open.get())
                >
                    <When when=move || is_list_open.get()>
                        <Keyed
                            each=numbered_offers
                            key=|(idx, it)| (*idx, it.draft.clone(), it.count)
                            children=move |(idx, it)| suggestion_view(draft, idx, it)
                        />
                    </When>
                </div>
            </div>
            {dynamic(move || {
                (!shown.with(Vec::is_empty))
                    .then(|| {
                        view! {
                            <button type="button" class="button is-quiet" on:click=clear>
                                "Clear"
                            </button>
                        }
                    })
            })}
            <p class="filter-error" id="filter-error" role="alert">
                {dynamic(move || {
                    let error = error.get().filter(|_| is_wrong.get());
                    error.map(|error| draft.text.with(|text| error_view(text, &error)))
                })}
            </p>
        </search>
    }
}

/// The text with its fault underlined, and the sentence about it.
fn error_view(text: &str, error: &FilterError) -> AnyView {
    let [before, fault, after] = parts(text, &error.span).map(|part| visible(&part).into_owned());
    view! {
        <code class="filter-echo">{before}<u>{fault}</u>{after}</code>
        <span>{error.message.clone()}</span>
    }
    .into_any()
}

fn chip_view(draft: Draft, idx: usize, chip: Chip) -> AnyView {
    let question = draft.question;
    let label = visible(&chip.text).into_owned();
    let edit = move |_| draft.edit(idx);
    let remove = move |_| {
        let text = removed(&question.filter_untracked(), idx);
        question.page.change(History::Push, |query| query.filter = text);
        draft.focus();
    };
    let subject = (!chip.subject.is_empty()).then(|| {
        let subject = if chip.is_negated { format!("not {}", chip.subject) } else { chip.subject.clone() };
        view! { <span>{visible(&subject).into_owned()}</span> }
    });
    view! {
        <li class="filter-chip" class:is-negated=chip.is_negated class:is-edited=live(move || draft.editing.get() == Some(idx))>
            <button type="button" class="filter-chip-text" title="Edit" aria-label=format!("Edit {label}") on:click=edit>
                {subject}
                <b dir="auto">{visible(&chip.value).into_owned()}</b>
            </button>
            <button type="button" class="filter-chip-remove" aria-label=format!("Remove {label}") title="Remove" on:click=remove>
                <IconView icon=Icon::Close />
            </button>
        </li>
    }
    .into_any()
}

fn suggestion_view(draft: Draft, idx: usize, suggestion: Suggestion) -> AnyView {
    let taken = suggestion.clone();
    view! {
        <div
            class="filter-suggestion"
            class:is-highlighted=live(move || draft.highlighted.get() == Some(idx))
            role="option"
            id=option_id(idx)
            aria-selected=live(move || (draft.highlighted.get() == Some(idx)).to_string())
            // Before the field loses the focus.
            on:mousedown=move |event| {
                event.prevent_default();
                draft.take(&taken);
            }
            on:mousemove=move |_| draft.highlighted.set(Some(idx))
        >
            <bdi class="filter-suggestion-text">{visible(&suggestion.label).into_owned()}</bdi>
            <span class="filter-suggestion-detail">{suggestion.detail}</span>
            {suggestion.count.map(|count| view! { <span class="filter-suggestion-count">{tokens(count as i64)}</span> })}
        </div>
    }
    .into_any()
}

fn option_id(idx: usize) -> String {
    format!("filter-suggestion-{idx}")
}

/// Does what a key says; `false` when the field itself should have it.
fn on_key(draft: Draft, offered: Memo<Vec<Suggestion>>, state: ListState, key: BarKey) -> bool {
    let n = if draft.is_open.get_untracked() { offered.with_untracked(Vec::len) } else { 0 };
    let highlighted = draft.highlighted.get_untracked().filter(|&idx| idx < n);
    let take = |idx: usize| {
        if let Some(suggestion) = offered.with_untracked(|offered| offered.get(idx).cloned()) {
            draft.take(&suggestion);
        }
    };
    match key {
        BarKey::Next | BarKey::Previous if n == 0 => {
            draft.is_open.set(true);
            draft.highlighted.set(None);
        }
        BarKey::Next => draft.highlighted.set(Some(highlighted.map_or(0, |idx| (idx + 1) % n))),
        BarKey::Previous => draft.highlighted.set(Some(highlighted.map_or(n - 1, |idx| (idx + n - 1) % n))),
        BarKey::Apply => match highlighted {
            Some(idx) => take(idx),
            None => draft.apply(),
        },
        // An empty field is left by Tab as any other.
        BarKey::Accept if n > 0 && draft.text.with_untracked(|text| !text.is_empty()) => take(highlighted.unwrap_or(0)),
        BarKey::Accept => return false,
        BarKey::EditLast if draft.text.with_untracked(String::is_empty) && draft.editing.get_untracked().is_none() => {
            let n_chips = chips(&draft.question.filter_untracked()).len();
            match n_chips.checked_sub(1) {
                Some(last) => draft.edit(last),
                None => return false,
            }
        }
        BarKey::EditLast => return false,
        BarKey::Leave if n > 0 => draft.is_open.set(false),
        BarKey::Leave if draft.text.with_untracked(|text| !text.is_empty()) => draft.reset(),
        BarKey::Leave => {
            draft.reset();
            state.focus_cursor();
        }
    }
    true
}

impl Draft {
    fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
        }
    }

    fn set_text(self, text: &str, cursor: usize) {
        self.text.set(text.to_owned());
        self.cursor.set(cursor);
        self.is_tried.set(false);
        let units = text[..cursor.min(text.len())].encode_utf16().count() as u32;
        self.focus();
        request_animation_frame(move || {
            if let Some(Some(field)) = self.field.try_get_untracked() {
                let _ = field.set_selection_range(units, units);
            }
        });
    }

    /// Gives up what was typed; an edited chip stays as it was.
    fn reset(self) {
        self.text.set(String::new());
        self.cursor.set(0);
        self.editing.set(None);
        self.is_tried.set(false);
        self.is_open.set(false);
        self.highlighted.set(None);
    }

    fn edit(self, idx: usize) {
        let chips = chips(&self.question.filter_untracked());
        if let Some(chip) = chips.get(idx) {
            self.editing.set(Some(idx));
            self.set_text(&chip.text, chip.text.len());
        }
    }

    fn take(self, suggestion: &Suggestion) {
        self.highlighted.set(None);
        self.set_text(&suggestion.draft, suggestion.cursor);
        if suggestion.is_last {
            self.apply();
        } else {
            self.is_open.set(true);
        }
    }

    /// Makes the draft hold, if it can be read.
    fn apply(self) {
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
fn suggested_values(draft: Draft, completion: Memo<Completion>) -> Fetched<Vec<FacetValue>> {
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
