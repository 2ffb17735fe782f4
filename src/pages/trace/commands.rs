//! Binds the keys of the trace page and offers what they do in the command palette.

use super::header::copy_link;
use super::views::ViewCommands;
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::{KeyMemory, free_action_after};
use crate::components::palette::{Command as PaletteCommand, use_commands};
use crate::components::toast::use_toasts;
use crate::keys::KeyGroup;
use crate::pages::traces::memory::ListMemory;
use crate::routes;
use crate::trace_view::ViewKind;
use crate::waterfall::Waterfall;
use crate::waterfall::keys::{Command, TRACE_KEYS, TREE_KEYS};
use fanlight_wire::{ProjectId, TraceId};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Commands that only move a step; the palette is no place for them.
const MOVES: [Command; 16] = [
    Command::NextRow,
    Command::PreviousRow,
    Command::FirstRow,
    Command::LastRow,
    Command::NextPage,
    Command::PreviousPage,
    Command::StepIn,
    Command::StepOut,
    Command::NextSibling,
    Command::PreviousSibling,
    Command::PanLeft,
    Command::PanRight,
    Command::PanFarLeft,
    Command::PanFarRight,
    Command::FocusDetails,
    Command::FocusTree,
];

/// What the page does itself, apart from the waterfall.
#[derive(Clone, Copy)]
pub struct PageActions {
    pub project_id: ProjectId,
    pub trace_id: TraceId,
    pub on_find: Callback<()>,
    pub has_details: RwSignal<bool>,
    pub show_details: Callback<()>,
    pub on_view: Callback<ViewKind>,
    /// What the view on screen does in its own way.
    pub view_commands: ViewCommands,
}

/// Binds keys and commands for as long as the current owner lives.
pub fn use_trace_commands(state: Waterfall, page: PageActions) {
    let memory: ListMemory = expect_context();
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());
    let go_to_trace = move |is_forward: bool| match memory.step(page.project_id, page.trace_id, is_forward) {
        Some(path) => navigate.with_value(|navigate| navigate(&path, NavigateOptions::default())),
        None if memory.address(page.project_id).is_none() => toasts.show("Open a trace from a list to step through it"),
        None if is_forward => toasts.show("This is the last trace that the list has loaded"),
        None => toasts.show("This is the first trace of the list"),
    };
    let act = move |command: Command| match command {
        Command::Find => page.on_find.run(()),
        Command::ToggleDetails => page.has_details.update(|has| *has = !*has),
        Command::CopyLink => copy_link(),
        Command::NextTrace => go_to_trace(true),
        Command::PreviousTrace => go_to_trace(false),
        Command::Show(kind) => page.on_view.run(kind),
        other => {
            if !page.view_commands.carry_out(other) && !state.carry_out(other) {
                page.show_details.run(());
            }
        }
    };
    use_key_help(KeyGroup::new("Runs", TREE_KEYS));
    use_key_help(KeyGroup::new("Trace", TRACE_KEYS));
    let last_key = KeyMemory::new();
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let Some(command) = free_action_after(TRACE_KEYS, &event, last_key) else { return };
        event.prevent_default();
        act(command);
    });
    on_cleanup(move || keys.remove());
    let commands = TREE_KEYS
        .iter()
        .chain(TRACE_KEYS)
        .filter(|binding| !binding.label.is_empty() && !MOVES.contains(&binding.action));
    let mut commands: Vec<PaletteCommand> = commands
        .map(|binding| {
            let command = binding.action;
            PaletteCommand::new(binding.label, binding.chords.first().copied(), move || act(command))
        })
        .collect();
    commands.push(PaletteCommand::new("Leave out rows that do not match the search, or show them", None, move || {
        state.folding.shows_matches_only.update(|only| *only = !*only);
    }));
    commands.push(PaletteCommand::new("Back to the list of traces", None, move || {
        let address = memory.address(page.project_id).unwrap_or_default();
        let path = routes::traces_with(page.project_id, &address);
        navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
    }));
    use_commands("This trace", Signal::stored(commands));
}
