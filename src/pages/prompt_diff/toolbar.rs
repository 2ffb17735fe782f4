//! How many changes there are, the way through them, and how they are shown.

use super::keys::Command;
use super::line::counts_view;
use super::state::DiffState;
use crate::components::erased::{dynamic, live};
use crate::components::unique_id;
use crate::diff::prompt::rows::Layout;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn PromptDiffToolbar(state: DiffState, on_command: Callback<Command>) -> impl IntoView {
    let step = move |label: &'static str, title: &'static str, command: Command| {
        view! {
            <button
                type="button"
                class="button"
                title=title
                disabled=live(move || state.n_changes() == 0)
                on:click=move |_| on_command.run(command)
            >
                {label}
            </button>
        }
        .into_any()
    };
    let counter = move || match (state.current(), state.n_changes()) {
        (_, 0) => "No changes".to_owned(),
        (None, 1) => "1 change".to_owned(),
        (None, n) => format!("{n} changes"),
        (Some(at), n) => format!("{} of {n}", at + 1),
    };
    view! {
        <div class="prompt-toolbar" role="toolbar" aria-label="Changes">
            <span class="prompt-counts">
                {dynamic(move || state.diff.with(|diff| {
                    let n_moved = diff.text.moves.len();
                    counts_view(diff.text.n_added, diff.text.n_removed, n_moved)
                }))}
                <span class="prompt-title-note">"lines"</span>
            </span>
            <span class="prompt-counter" data-testid="counter">{dynamic(counter)}</span>
            {step("← Previous", "Previous change (p)", Command::PreviousChange)}
            {step("Next →", "Next change (n)", Command::NextChange)}
            <span class="page-header-space"></span>
            <LayoutSwitch state />
            <button
                type="button"
                class="button"
                class:is-on=live(move || state.address.ignores_space.get())
                aria-pressed=live(move || state.address.ignores_space.get().to_string())
                title="Changes of space do not count (w)"
                on:click=move |_| on_command.run(Command::ToggleSpace)
            >
                "Ignore space"
            </button>
        </div>
    }
}

/// Side by side where there is room for it.
#[component]
fn LayoutSwitch(state: DiffState) -> impl IntoView {
    let name = unique_id("prompt-layout");
    let choice = move |label: &'static str, layout: Layout| {
        view! {
            <label class="segmented-choice is-word">
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name.clone()
                    prop:checked=live(move || state.layout.get() == layout)
                    on:change=move |_| state.set_unified(layout == Layout::Unified)
                />
                {label}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="segmented prompt-layout" title="Side by side or unified (u)">
            <legend class="visually-hidden">"Layout"</legend>
            {choice("Side by side", Layout::SideBySide)}
            {choice("Unified", Layout::Unified)}
        </fieldset>
    }
}
