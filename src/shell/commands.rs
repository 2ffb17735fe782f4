//! The keys that work everywhere, and what the command palette offers on every page.

use crate::api::ApiClient;
use crate::components::key_sheet::{KeySheet, use_key_help};
use crate::components::keyboard::{action, use_page_keys};
use crate::components::palette::{Command, Palette, use_commands};
use crate::components::toast::use_toasts;
use crate::keys::{Binding, KeyGroup};
use crate::preferences::{ThemeChoice, use_preferences};
use crate::project_list::use_project_list;
use crate::routes;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunId};
use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

#[derive(Clone, Copy, Debug)]
enum ShellKey {
    Help,
    Projects,
    Traces,
    Threads,
    Prompts,
    Monitor,
    Storage,
    Prices,
    Palette,
}

const KEYS: &[Binding<ShellKey>] = &[
    Binding { chords: &["?"], action: ShellKey::Help, label: "Show the keys of this screen" },
    Binding { chords: &["Mod+K"], action: ShellKey::Palette, label: "Find a command, page or run" },
    Binding { chords: &["g p"], action: ShellKey::Projects, label: "Go to projects" },
    Binding { chords: &["g t"], action: ShellKey::Traces, label: "Go to this project's traces" },
    Binding { chords: &["g c"], action: ShellKey::Threads, label: "Go to this project's threads (conversations)" },
    Binding { chords: &["g m"], action: ShellKey::Prompts, label: "Go to prompts (messages to models)" },
    Binding { chords: &["g d"], action: ShellKey::Monitor, label: "Go to this project's monitor (dashboards)" },
    Binding { chords: &["g s"], action: ShellKey::Storage, label: "Go to storage" },
    Binding { chords: &["g b"], action: ShellKey::Prices, label: "Go to prices (bills)" },
];

/// Binds the keys and fills the palette. Called once, by the shell.
pub fn use_shell_commands() {
    let location = use_location();
    let (sheet, palette): (KeySheet, Palette) = (expect_context(), expect_context());
    use_key_help(KeyGroup::new("Everywhere", KEYS));
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |path: String| navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
    let act = move |key: ShellKey| {
        let project = location.pathname.with_untracked(|path| routes::project_of(path));
        match (key, project) {
            (ShellKey::Help, _) => sheet.is_open.set(true),
            (ShellKey::Palette, _) => palette.is_open.set(true),
            (ShellKey::Projects, _) => go(routes::projects()),
            (ShellKey::Traces, Some(project)) => go(routes::traces(project)),
            (ShellKey::Threads, Some(project)) => go(routes::threads(project)),
            (ShellKey::Prompts, _) => go(routes::prompts()),
            (ShellKey::Monitor, Some(project)) => go(routes::monitor(project)),
            (ShellKey::Storage, _) => go(routes::storage()),
            (ShellKey::Prices, _) => go(routes::prices()),
            (ShellKey::Traces | ShellKey::Threads | ShellKey::Monitor, None) => {}
        }
    };
    use_page_keys(KEYS, act);
    // The one key that works while typing, too.
    let listener = window_event_listener(ev::keydown, move |event| {
        if matches!(action(KEYS, &event), Some(ShellKey::Palette)) && !event.default_prevented() {
            event.prevent_default();
            act(ShellKey::Palette);
        }
    });
    on_cleanup(move || listener.remove());

    let of_key = move |binding: &Binding<ShellKey>| {
        let key = binding.action;
        Command::new(binding.label, binding.chords.first().copied(), move || act(key))
    };
    let themes = [
        ("Theme: as the system", ThemeChoice::System),
        ("Theme: light", ThemeChoice::Light),
        ("Theme: dark", ThemeChoice::Dark),
    ];
    let preferences = use_preferences();
    let of_theme = move |(label, theme): (&str, ThemeChoice)| {
        Command::new(label, None, move || preferences.update(|preferences| preferences.theme = theme))
    };
    let everywhere: Vec<Command> = KEYS
        .iter()
        .filter(|binding| !matches!(binding.action, ShellKey::Palette))
        .map(of_key)
        .chain(themes.into_iter().map(of_theme))
        .collect();
    let projects = use_project_list();
    let of_project = move |(id, name): (ProjectId, String)| Command::new(name, None, move || go(routes::traces(id)));
    use_commands(
        "Project",
        Signal::derive(move || {
            let names = projects.all().with(|all| all.iter().map(|it| (it.id, it.name.clone())).collect::<Vec<_>>());
            names.into_iter().map(of_project).collect()
        }),
    );
    use_commands("Everywhere", Signal::stored(everywhere));
    palette.understand(open_by_id(Callback::new(go)));
}

/// A pasted id becomes "Open run …": whatever project the run is in.
fn open_by_id(go: Callback<String>) -> Callback<String, Option<Command>> {
    let api: ApiClient = expect_context();
    let (api, toasts) = (StoredValue::new(api), use_toasts());
    Callback::new(move |text: String| {
        let id: RunId = text.parse().ok()?;
        let open = move || {
            leptos::task::spawn_local(async move {
                let query = RunQuery {
                    ids: Some(vec![id]),
                    select: Some(vec!["id".into(), "trace_id".into(), "session_id".into()]),
                    ..RunQuery::default()
                };
                match api.get_value().query_runs(&query).await {
                    Ok(page) => match page.runs.first() {
                        Some(run) => go.run(routes::run(run.project_id, run.trace_id, run.id)),
                        None => toasts.show_error(format!("There is no run {id}")),
                    },
                    Err(error) => toasts.show_error(error.to_string()),
                }
            });
        };
        Some(Command::new(format!("Open run {id}"), None, open))
    })
}
