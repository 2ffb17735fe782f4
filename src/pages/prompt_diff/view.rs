//! The comparison on the page: joins loading, address, keys and the parts.

use super::Compared;
use super::address::Address;
use super::header::PromptDiffHeader;
use super::keys::{Command, PAGE_KEYS};
use super::lines::PromptLines;
use super::load::{Loader, Pair, Status};
use super::production::{ProductionState, ProductionView};
use super::state::DiffState;
use super::toolbar::PromptDiffToolbar;
use super::variables::Variables;
use crate::components::erased::{When, dynamic, effect};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::load_failed::LoadFailed;
use crate::components::palette::{self, use_commands};
use crate::components::skeleton::RowsSkeleton;
use crate::format::visible::visible;
use crate::keys::KeyGroup;
use crate::pages::trace::copy_link;
use crate::routes;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// See the module.
#[component]
pub fn PromptDiffView(compared: Compared) -> impl IntoView {
    let loader = Loader::start(compared.clone());
    view! {
        <div class="page prompt-diff-page">
            {dynamic(move || match loader.status.get() {
                Status::Loading => {
                    view! {
                        <div role="status">
                            <span class="visually-hidden">"Loading both versions"</span>
                            <RowsSkeleton n_rows=16 />
                        </div>
                    }
                        .into_any()
                }
                Status::NotFound(version) => not_found_view(&compared.name, &version),
                Status::Failed(error) => {
                    view! { <LoadFailed message=error.to_string() on_retry=Callback::new(move |()| loader.retry()) /> }
                        .into_any()
                }
                Status::Ready(pair) => view! { <PairView compared=compared.clone() pair /> }.into_any(),
            })}
        </div>
    }
}

#[component]
fn PairView(compared: Compared, pair: Arc<Pair>) -> impl IntoView {
    let address = Address::new();
    let state = DiffState::new(address, Arc::clone(&pair));
    let production = ProductionState::start(&compared, &pair, address);
    let navigate = StoredValue::new_local(use_navigate());
    let kept = StoredValue::new((compared.clone(), Arc::clone(&pair)));
    let go = move |to: Option<String>| match to {
        Some(path) => navigate.with_value(|navigate| navigate(&path, NavigateOptions::default())),
        None => state.announcement.set("There is no such version".to_owned()),
    };
    let act = move |command: Command| {
        if state.carry_out(command) {
            return;
        }
        let (compared, pair) = kept.get_value();
        let with_left = |hash: String| routes::prompt_compare(&compared.name, &hash, &compared.b);
        match command {
            Command::OlderLeft => go(pair.neighbour(1).map(with_left)),
            Command::NewerLeft => go(pair.neighbour(-1).map(with_left)),
            Command::Swap => go(Some(routes::prompt_compare(&compared.name, &compared.b, &compared.a))),
            _ => copy_link(),
        }
    };
    use_key_help(KeyGroup::new("Changes", PAGE_KEYS));
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        // Enter presses the button that has the focus, and follows the link.
        let is_taken = event.key() == "Enter"
            && document().active_element().is_some_and(|it| it.matches("a, button, summary, input").unwrap_or(false));
        if let Some(command) = free_action(PAGE_KEYS, &event).filter(|_| !is_taken) {
            event.prevent_default();
            act(command);
        }
    });
    on_cleanup(move || keys.remove());
    let commands = PAGE_KEYS.iter().map(|binding| {
        let action = binding.action;
        palette::Command::new(binding.label, binding.chords.first().copied(), move || act(action))
    });
    use_commands("This page", Signal::stored(commands.collect::<Vec<_>>()));
    // A link to a change shows it.
    if let Some(change) = untrack(|| state.current()) {
        request_animation_frame(move || state.reveal(change));
    }
    // Other rows have other places: what is looked at stays in view.
    effect(move || {
        state.layout.track();
        if let Some(change) = untrack(|| state.current()) {
            request_animation_frame(move || state.reveal(change));
        }
    });
    let headline = {
        let pair = Arc::clone(&pair);
        move || {
            production.headline(&pair).map(|(says, _)| {
                view! {
                    <a class="prompt-headline" href="#production">
                        <b>"In production"</b>
                        <span>{says}</span>
                    </a>
                }
            })
        }
    };
    view! {
        <PromptDiffHeader compared=compared.clone() pair=Arc::clone(&pair) />
        <PromptDiffToolbar state on_command=Callback::new(act) />
        <div class="page-scroll prompt-diff-scroll" tabindex="-1">
            {dynamic(headline)}
            <Variables state />
            <When
                when=move || state.diff.with(|diff| diff.is_empty())
                fallback=move || view! { <PromptLines state /> }
            >
                <p class="prompt-diff-equal" role="status">
                    {move || match state.address.ignores_space.get() {
                        true => "Both versions say the same, apart from space.",
                        false => "Both versions say the same.",
                    }}
                </p>
            </When>
            <ProductionView compared=compared.clone() pair=Arc::clone(&pair) address state=production />
        </div>
        <div class="visually-hidden" role="status" aria-live="polite">{dynamic(move || state.announcement.get())}</div>
    }
}

fn not_found_view(name: &str, version: &str) -> AnyView {
    let name_shown = visible(name).into_owned();
    let (title, text) = match version.is_empty() {
        true => (format!("There is no prompt {name_shown}"), "It was never pushed, or it was deleted."),
        false => (
            format!("There is no version {} of {name_shown}", visible(version)),
            "It was never pushed, or its tag was taken away. Choose two versions in the prompt's history.",
        ),
    };
    let (href, label) = match version.is_empty() {
        true => (routes::prompts(), "See all prompts"),
        false => (routes::prompt(name), "See its history"),
    };
    view! {
        <div class="page-scroll">
            <div class="empty-state">
                <h1>{title}</h1>
                <p>{text}</p>
                <a class="button" href=href>{label}</a>
            </div>
        </div>
    }
    .into_any()
}
