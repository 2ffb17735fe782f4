//! Where a filter is typed, before the bar's code is there: the same field, which takes text and fetches the rest as soon
//! as somebody comes near it.

use crate::components::erased::{dynamic, effect};
use crate::components::icon::{Icon, IconView};
use crate::components::virtual_list::ListState;
use crate::pages::traces::question::Question;
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

pub const PLACEHOLDER: &str = "Filter, or search: status:error latency:>2s \"refund\"";

/// What was typed into the field that makes way for the bar.
#[derive(Clone, Copy)]
pub struct Typed {
    pub text: RwSignal<String>,
    /// Enter was pressed.
    pub is_applied: RwSignal<bool>,
    /// The field had the focus when it went.
    pub had_focus: RwSignal<bool>,
}

/// The bar once its code is there, and until then a field. Esc leads back to the list.
#[component]
pub fn FilterEntry(question: Question, field: NodeRef<html::Input>, state: ListState) -> impl IntoView {
    let typed =
        Typed { text: RwSignal::new(String::new()), is_applied: RwSignal::new(false), had_focus: RwSignal::new(false) };
    dynamic(move || {
        if let Some(language) = question.language() {
            let has_focus = field.get_untracked().is_some_and(|field| {
                let active = document().active_element();
                active.is_some_and(|active| active.is_same_node(Some(&field)))
            });
            typed.had_focus.set(has_focus);
            return (language.bar)(question, field, state, typed);
        }
        plain_field(question, field, state, typed)
    })
}

fn plain_field(question: Question, field: NodeRef<html::Input>, state: ListState, typed: Typed) -> AnyView {
    let on_keydown = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => typed.is_applied.set(true),
            "Escape" if typed.text.with_untracked(String::is_empty) => state.focus_cursor(),
            "Escape" => typed.text.set(String::new()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        question.fetch_language();
    };
    view! {
        <search
            class="filter-bar"
            on:pointerover=move |_| question.fetch_language()
            on:focusin=move |_| question.fetch_language()
        >
            <IconView icon=Icon::Search />
            <div class="filter-entry">
                <input
                    node_ref=field
                    class="filter-field"
                    type="text"
                    role="combobox"
                    aria-label="Filter"
                    aria-autocomplete="list"
                    aria-expanded="false"
                    placeholder=PLACEHOLDER
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || typed.text.get()
                    on:input:target=move |event| {
                        typed.text.set(event.target().value());
                        question.fetch_language();
                    }
                    on:keydown=on_keydown
                />
            </div>
        </search>
    }
    .into_any()
}

impl Typed {
    /// Gives the bar's field the focus when the plain one had it, with the cursor behind what was typed.
    pub fn pass_focus(self, field: NodeRef<html::Input>) {
        effect(move || {
            let Some(field) = field.get() else { return };
            if self.had_focus.get_untracked() {
                self.had_focus.set(false);
                let _ = field.focus();
                let end = self.text.with_untracked(|text| text.encode_utf16().count() as u32);
                let _ = field.set_selection_range(end, end);
            }
        });
    }
}
