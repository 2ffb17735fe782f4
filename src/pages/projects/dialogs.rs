//! Creating and renaming a project, and what the dialogs about projects share.

use crate::api::{ApiClient, ApiError};
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, live, memo};
use crate::components::unique_id;
use fanlight_wire::ProjectId;
use fanlight_wire::project::{Project, ProjectCreate, ProjectUpdate};
use leptos::prelude::*;

/// Asks for a name and creates the project; `on_done` gets it.
#[component]
pub fn CreateDialog(is_open: RwSignal<bool>, on_done: Callback<Project>) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let save = Callback::new(move |(name, outcome): (String, RwSignal<Outcome>)| {
        run(outcome, async move {
            let project = ProjectCreate { name: Some(name), ..ProjectCreate::default() };
            let created = api.get_value().create_project(&project).await?;
            is_open.set(false);
            on_done.run(created);
            Ok(())
        });
    });
    view! {
        <Dialog is_open title="New project">
            <NameForm
                initial=""
                hint="Applications name it in LANGSMITH_PROJECT. A project is also made by itself when its first trace arrives."
                verb="Create project"
                save
                is_open
            />
        </Dialog>
    }
}

/// Asks for another name of the project in `renamed`; open while there is one.
#[component]
pub fn RenameDialog(renamed: RwSignal<Option<Subject>>, on_done: Callback<Project>) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let is_open = open_while(renamed);
    let name = move || renamed.with(|project| project.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    let save = Callback::new(move |(name, outcome): (String, RwSignal<Outcome>)| {
        let Some(id) = renamed.with_untracked(|project| project.as_ref().map(|it| it.id)) else { return };
        run(outcome, async move {
            let update = ProjectUpdate { name: Some(name), ..ProjectUpdate::default() };
            let updated = api.get_value().update_project(id, &update).await?;
            is_open.set(false);
            on_done.run(updated);
            Ok(())
        });
    });
    view! {
        <Dialog is_open title="Rename project">
            <NameForm
                initial=name()
                hint="Applications that send to the old name will make a new project of that name."
                verb="Rename"
                save
                is_open
            />
        </Dialog>
    }
}

/// The project that a dialog is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub id: ProjectId,
    pub name: String,
}

/// How the request of a dialog is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Idle,
    Running,
    Failed(ApiError),
}

/// Runs `task` unless one runs already.
pub fn run(outcome: RwSignal<Outcome>, task: impl Future<Output = Result<(), ApiError>> + 'static) {
    if outcome.get_untracked() == Outcome::Running {
        return;
    }
    outcome.set(Outcome::Running);
    leptos::task::spawn_local(async move {
        let result = task.await;
        outcome.try_set(result.map_or_else(Outcome::Failed, |()| Outcome::Idle));
    });
}

/// A signal that is true while `subject` holds something; setting it to false empties `subject`.
pub fn open_while<T: Send + Sync + 'static>(subject: RwSignal<Option<T>>) -> RwSignal<bool> {
    let is_open = RwSignal::new(false);
    Effect::watch(move || subject.with(Option::is_some), move |is_some, _, _| is_open.set(*is_some), false);
    Effect::watch(
        move || is_open.get(),
        move |is_open, _, _| {
            // Without the check the two would call each other for ever.
            if !is_open && subject.with_untracked(Option::is_some) {
                subject.set(None);
            }
        },
        false,
    );
    is_open
}

/// One field for a name, and the buttons.
#[component]
fn NameForm(
    #[prop(into)] initial: String,
    hint: &'static str,
    verb: &'static str,
    save: Callback<(String, RwSignal<Outcome>)>,
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let (name, outcome) = (RwSignal::new(initial.clone()), RwSignal::new(Outcome::Idle));
    let (field_id, hint_id) = (unique_id("project-name"), unique_id("project-name-hint"));
    let unchanged = initial.clone();
    let is_ready = memo(move || {
        let name = name.get();
        !name.trim().is_empty() && name.trim() != unchanged && outcome.get() != Outcome::Running
    });
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if is_ready.get_untracked() {
            save.run((name.get_untracked().trim().to_owned(), outcome));
        }
    };
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <div class="field">
                <label for=field_id.clone()>"Name"</label>
                <input
                    class="input"
                    id=field_id
                    value=initial
                    autofocus
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="255"
                    aria-describedby=hint_id.clone()
                    on:input:target=move |event| name.set(event.target().value())
                />
                <p class="field-hint" id=hint_id>
                    {hint}
                </p>
            </div>
            <Failure outcome />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button type="submit" class="button is-primary" disabled=live(move || !is_ready.get())>
                    {verb}
                </button>
            </div>
        </form>
    }
}

/// Why it did not work.
#[component]
pub fn Failure(outcome: RwSignal<Outcome>) -> impl IntoView {
    view! {
        <p class="field-error" role="alert">
            {dynamic(move || match outcome.get() {
                Outcome::Failed(error) => Some(error.to_string()),
                Outcome::Idle | Outcome::Running => None,
            })}
        </p>
    }
}
