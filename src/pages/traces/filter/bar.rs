//! The filter bar: chips for what holds, a field to type more, suggestions below it, and what is wrong where it is wrong.

use super::bar_keys::{BarKey, KEYS, Suggestion, suggestions};
use super::bar_text::{Chip, Committed, byte_of_unit, chips, parts, removed};
use super::draft::{Draft, Outlook, outlook, suggested_values};
use super::entry::{PLACEHOLDER, Typed};
use crate::components::erased::{Keyed, When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::keyboard::action;
use crate::components::virtual_list::ListState;
use crate::format::digits::grouped;
use crate::format::tokens::tokens;
use crate::format::visible::visible;
use crate::pages::fetched::Fetched;
use crate::pages::traces::address::History;
use crate::pages::traces::question::Question;
use fanlight_wire::filter::complete;
use fanlight_wire::filter::{Filter, FilterError, short};
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

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
    let outlook = outlook(draft);
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
                {outlook_view(draft, outlook, is_wrong)}
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

/// What the draft would find, over the end of the field: nothing moves as it comes and goes.
fn outlook_view(draft: Draft, outlook: Fetched<Outlook>, is_wrong: Memo<bool>) -> AnyView {
    let is_empty = memo(move || draft.text.with(|text| text.trim().is_empty()));
    let known = memo(move || {
        // A fault that is told in full below needs no second word; nor does a text that is gone.
        let is_told = is_wrong.get() || is_empty.get() || outlook.failure.with(Option::is_some);
        outlook.value.get().filter(|_| !is_told)
    });
    let words = move || {
        let noun = |n_runs: u64| draft.question.scope.get().noun(n_runs);
        known.get().map(|known| match known {
            Outlook::Finds(n_runs) => format!("{} {}", grouped(n_runs as i64), noun(n_runs)),
            Outlook::Unreadable(message) => message,
        })
    };
    view! {
        <span
            class="filter-outlook"
            class:is-counting=live(move || outlook.is_loading.get())
            class:is-unreadable=live(move || known.with(|known| matches!(known, Some(Outlook::Unreadable(_)))))
            role="status"
        >
            {dynamic(words)}
        </span>
    }
    .into_any()
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
