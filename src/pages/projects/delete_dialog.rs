//! Deleting a project: what will be lost, the name to type, and how far the deleting has come.

use super::dialogs::{Failure, Outcome, Subject, open_while, run};
use super::losses::{Losses, losses};
use crate::api::{ApiClient, ApiError};
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::toast::use_toasts;
use crate::components::unique_id;
use crate::pages::storage::follow;
use crate::pages::storage::purge::{Phase, Purge};
use crate::pages::storage::purge_progress::PurgeProgress;
use fanlight_wire::storage::StorageReport;
use leptos::prelude::*;
use std::rc::Rc;

/// Asks about the project in `deleted`, deletes it and shows the deleting until it is done. `on_deleted` is called as
/// soon as the project is no longer listed.
#[component]
pub fn DeleteDialog(deleted: RwSignal<Option<Subject>>, on_deleted: Callback<Subject>) -> impl IntoView {
    let (api, toasts) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts());
    let is_open = open_while(deleted);
    let subject = memo(move || deleted.get());
    let name = memo(move || subject.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default()));
    let (typed, outcome) = (RwSignal::new(String::new()), RwSignal::new(Outcome::Idle));
    let counted = RwSignal::new(None::<Result<Counted, ApiError>>);
    // Set once the server has agreed.
    let purge = RwSignal::new(None::<Purge>);
    effect(move || {
        typed.set(String::new());
        outcome.set(Outcome::Idle);
        counted.set(None);
        let Some(subject) = subject.get() else { return };
        purge.set(None);
        leptos::task::spawn_local(async move {
            let Some(api) = api.try_get_value() else { return };
            let answer = count(&api, &subject).await;
            if deleted.try_get_untracked().flatten().as_ref() == Some(&subject) {
                counted.set(Some(answer));
            }
        });
    });
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(subject) = deleted.get_untracked().filter(|it| it.name == typed.get_untracked().trim()) else {
            return;
        };
        let before = counted.with_untracked(|counted| match counted {
            Some(Ok(counted)) => Some((counted.report.clone(), counted.losses.n_runs)),
            _ => None,
        });
        run(outcome, async move {
            api.get_value().delete_project(subject.id).await?;
            on_deleted.run(subject.clone());
            match before {
                Some((report, n_runs)) => {
                    purge.set(Some(Purge::begun(&report, n_runs)));
                    follow::until_done(
                        api.get_value(),
                        purge,
                        Rc::new(move |words: String| {
                            // Somebody who looks at the dialog reads it there.
                            if !is_open.get_untracked() {
                                toasts.show(format!("{} was deleted. {words}", subject.name));
                            }
                        }),
                    );
                }
                None => {
                    is_open.set(false);
                    toasts.show(format!("{} was deleted", subject.name));
                }
            }
            Ok(())
        });
    };
    let title = move || match purge.with(|purge| purge.as_ref().map(Purge::phase)) {
        None => format!("Delete {}?", name.get()),
        Some(Phase::Done) => format!("{} is gone", name.get()),
        Some(_) => format!("Deleting {}", name.get()),
    };
    let is_purging = memo(move || purge.with(Option::is_some));
    let form = move || {
        let field_id = unique_id("delete-name");
        view! {
            <form class="dialog-form" on:submit=on_submit>
                <Consequences counted />
                <div class="field">
                    <label for=field_id.clone()>"Type the project's name to confirm"</label>
                    <input
                        class="input"
                        id=field_id
                        autofocus
                        autocomplete="off"
                        spellcheck="false"
                        placeholder=name
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                </div>
                <Failure outcome />
                <div class="dialog-actions">
                    <button type="button" class="button" on:click=move |_| is_open.set(false)>
                        "Keep it"
                    </button>
                    <button
                        type="submit"
                        class="button is-danger"
                        disabled=live(move || {
                            // Nobody agrees to what has not been said yet.
                            counted.with(Option::is_none)
                                || typed.with(|typed| typed.trim() != name.get() || typed.trim().is_empty())
                                || outcome.get() == Outcome::Running
                        })
                    >
                        "Delete project"
                    </button>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        <Dialog is_open title=Signal::derive(title)>
            {dynamic(move || {
                if is_purging.get() { view! { <PurgeProgress purge is_open /> }.into_any() } else { form() }
            })}
        </Dialog>
    }
}

/// What the server says before anything is deleted.
struct Counted {
    losses: Losses,
    report: StorageReport,
}

async fn count(api: &ApiClient, subject: &Subject) -> Result<Counted, ApiError> {
    let report = api.find_storage().await?;
    let stats = api.find_run_stats(&super::losses::everything_in(subject.id)).await?;
    Ok(Counted { losses: losses(&report, subject.id, &stats), report })
}

/// What will be lost, in numbers.
#[component]
fn Consequences(counted: RwSignal<Option<Result<Counted, ApiError>>>) -> impl IntoView {
    dynamic(move || {
        counted.with(|counted| match counted {
            None => view! {
                <div class="losses" role="status">
                    <span class="visually-hidden">"Counting what would be lost"</span>
                    <span class="skeleton-bar"></span>
                    <span class="skeleton-bar"></span>
                    <span class="skeleton-bar"></span>
                </div>
            }
            .into_any(),
            Some(Ok(counted)) => view! {
                <div class="losses">
                    <p>"These will be deleted, with no way back:"</p>
                    <ul>
                        {counted
                            .losses
                            .lines()
                            .into_iter()
                            .map(|(amount, what)| {
                                view! {
                                    <li>
                                        <b>{amount}</b>
                                        " "
                                        {what}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </div>
            }
            .into_any(),
            Some(Err(error)) => view! {
                <div class="losses">
                    <p>"The project and everything in it will be deleted: traces, runs, attachments and feedback, with no way back."</p>
                    <p class="field-error">{format!("What that is could not be counted. {error}")}</p>
                </div>
            }
            .into_any(),
        })
    })
}
