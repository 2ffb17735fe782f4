//! Which charts are shown: the overview, or a board; and what can be done with boards.

use super::{Boards, Failure};
use crate::components::copy_button::copy_text;
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::format::visible::visible;
use crate::pages::monitor::query::MonitorQuery;
use fanlight_wire::board::Board;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// What the dialog asks a name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    New,
    Rename,
    Duplicate,
}

/// A choice of boards, and a menu.
#[component]
pub fn BoardChoice(
    boards: Boards,
    query: Memo<MonitorQuery>,
    on_change: Callback<(MonitorQuery, bool)>,
) -> impl IntoView {
    let chosen = memo(move || query.with(|query| query.board));
    // After the answer of the server the page may be another one: then nothing is shown.
    let show = move |board: Option<Uuid>| {
        if let Some(query) = query.try_get_untracked() {
            on_change.try_run((MonitorQuery { board, selection: None, ..query }, false));
        }
    };
    let (naming, is_open) = (RwSignal::new(Naming::New), RwSignal::new(false));
    let (failure, is_saving) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let current = move || untrack(move || chosen.get().and_then(|id| boards.find(id)));
    let ask = move |what: Naming| {
        failure.set(None);
        naming.set(what);
        is_open.set(true);
    };
    let names = memo(move || {
        boards.all.value.with(|all| {
            let all = all.iter().flatten();
            all.map(|board| (board.id, board.name.clone())).collect::<Vec<_>>()
        })
    });
    let has_board = memo(move || chosen.get().is_some_and(|id| names.with(|all| all.iter().any(|it| it.0 == id))));
    let items = move || {
        let item = |label: &str, is_danger: bool, on_select: Callback<()>| MenuItem {
            label: label.to_owned(),
            is_danger,
            on_select,
        };
        let mut items = vec![item("New board…", false, Callback::new(move |()| ask(Naming::New)))];
        if has_board.get() {
            let copy = move |()| copy_link(boards);
            let delete = move |()| current().into_iter().for_each(|board| delete(boards, board, show));
            items.extend([
                item("Copy the link", false, Callback::new(copy)),
                item("Rename…", false, Callback::new(move |()| ask(Naming::Rename))),
                item("Duplicate…", false, Callback::new(move |()| ask(Naming::Duplicate))),
                item("Delete", true, Callback::new(delete)),
            ]);
        }
        items
    };
    let on_name = Callback::new(move |name: String| {
        is_saving.set(true);
        failure.set(None);
        let is_rename = naming.get_untracked() == Naming::Rename;
        let on_done = move |done: Result<Board, Failure>| {
            is_saving.try_set(false);
            match done {
                Ok(board) => {
                    is_open.try_set(false);
                    if !is_rename {
                        show(Some(board.id));
                    }
                }
                Err(error) => {
                    failure.try_set(Some(error.to_string()));
                }
            }
        };
        match (naming.get_untracked(), current()) {
            (Naming::Rename, Some(board)) => boards.rename(board.id, name, Box::new(on_done)),
            (Naming::Duplicate, Some(board)) => {
                boards.create(boards.api(), None, name, board.charts, Box::new(on_done));
            }
            _ => boards.create(boards.api(), None, name, Vec::new(), Box::new(on_done)),
        }
    });
    let title = move || {
        let words = match naming.get() {
            Naming::New => "New board",
            Naming::Rename => "Rename board",
            Naming::Duplicate => "Duplicate board",
        };
        words.to_owned()
    };
    let initial = move || {
        let name = current().map(|board| board.name).unwrap_or_default();
        match naming.get_untracked() {
            Naming::New => String::new(),
            Naming::Rename => name,
            Naming::Duplicate => name.chars().take(93).collect::<String>() + " (copy)",
        }
    };
    view! {
        <label class="monitor-group">
            <span>"Charts"</span>
            <select
                class="input"
                prop:value=live(move || {
                    names.track();
                    chosen.get().map(|id| id.to_string()).unwrap_or_default()
                })
                on:change:target=move |event| show(event.target().value().parse().ok())
            >
                <option value="">"Overview"</option>
                {dynamic(move || {
                    let option = |(id, name): (Uuid, String)| {
                        let is_chosen = chosen.get_untracked() == Some(id);
                        view! {
                            <option value=id.to_string() selected=is_chosen>
                                {visible(&name).into_owned()}
                            </option>
                        }
                            .into_any()
                    };
                    names.get().into_iter().map(option).collect::<Vec<_>>()
                })}
            </select>
        </label>
        <Menu label="Boards" items=Signal::derive(items)>
            <IconView icon=Icon::More />
        </Menu>
        <Dialog is_open title=Signal::derive(title)>
            <NameForm initial=initial() failure is_saving on_name />
        </Dialog>
    }
}

/// The address is all there is to share.
fn copy_link(boards: Boards) {
    let address = window().location().href().unwrap_or_default();
    leptos::task::spawn_local(async move {
        match copy_text(&address).await {
            true => boards.toasts.show("The link to these charts was copied"),
            false => {
                boards.toasts.show_error("The browser does not let pages copy here: take the link from its address bar")
            }
        }
    });
}

/// Deletes a board, which can be taken back for a moment: then its links lead to it again.
fn delete(boards: Boards, board: Board, show: impl Fn(Option<Uuid>) + Copy + Send + Sync + 'static) {
    let (api, id) = (boards.api(), board.id);
    let on_done = move |done: Result<(), Failure>| {
        if let Err(error) = done {
            return boards.toasts.show_error(error.to_string());
        }
        show(None);
        let undo = Callback::new(move |()| {
            let on_done = move |made: Result<Board, Failure>| match made {
                Ok(board) => show(Some(board.id)),
                Err(error) => boards.toasts.show_error(error.to_string()),
            };
            boards.create(api.clone(), Some(id), board.name.clone(), board.charts.clone(), Box::new(on_done));
        });
        boards.toasts.show_with_undo("Board deleted", undo);
    };
    boards.delete(id, Box::new(on_done));
}

/// One field for a name. `failure` says why it was not taken.
#[component]
fn NameForm(
    initial: String,
    failure: RwSignal<Option<String>>,
    is_saving: RwSignal<bool>,
    on_name: Callback<String>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let name = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        if !name.is_empty() {
            on_name.run(name);
        }
    };
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <label class="field">
                <span>"Name"</span>
                <input node_ref=field class="input" required autofocus maxlength="100" value=initial autocomplete="off" />
                <span class="field-error" role="alert">
                    {dynamic(move || failure.get())}
                </span>
            </label>
            <div class="dialog-actions">
                <button type="submit" class="button is-primary" disabled=live(move || is_saving.get())>
                    "Save"
                </button>
            </div>
        </form>
    }
}
