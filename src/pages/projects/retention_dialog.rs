//! How long a project's traces are kept: for ever or so many days, and what that deletes at once.

use super::dialogs::{Failure, Outcome, Subject, open_while, run};
use super::retention::{consequence, cutoff, days, for_words, older_than};
use crate::api::{ApiClient, ApiError};
use crate::components::clock;
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::toast::use_toasts;
use crate::components::unique_id;
use crate::format::digits::grouped;
use crate::pages::storage::follow;
use crate::pages::storage::purge::Purge;
use crate::pages::storage::purge_progress::PurgeProgress;
use fanlight_wire::storage::{Retention, StorageReport};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// How long the number of days must rest before the traces are counted.
const TYPING_RESTS: Duration = Duration::from_millis(300);
/// What the field offers where nothing was set.
const USUAL_DAYS: &str = "30";

/// Asks about the project in `kept`; `on_done` is called when the server has agreed.
#[component]
pub fn RetentionDialog(kept: RwSignal<Option<Subject>>, on_done: Callback<Subject>) -> impl IntoView {
    let is_open = open_while(kept);
    let purge = RwSignal::new(None::<Purge>);
    let name = memo(move || kept.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default()));
    Effect::watch(
        move || is_open.get(),
        move |is_open, _, _| {
            if *is_open {
                purge.set(None);
            }
        },
        false,
    );
    view! {
        <Dialog is_open title=Signal::derive(move || format!("Keep traces of {}", name.get()))>
            {dynamic(move || match (purge.with(Option::is_some), kept.get_untracked()) {
                (true, _) => view! { <PurgeProgress purge is_open /> }.into_any(),
                (false, Some(subject)) => view! { <RetentionForm subject is_open purge on_done /> }.into_any(),
                (false, None) => ().into_any(),
            })}
        </Dialog>
    }
}

#[component]
fn RetentionForm(
    subject: Subject,
    is_open: RwSignal<bool>,
    purge: RwSignal<Option<Purge>>,
    on_done: Callback<Subject>,
) -> impl IntoView {
    let (api, toasts) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts());
    let subject = StoredValue::new(subject);
    let outcome = RwSignal::new(Outcome::Idle);
    // What the server says now; the form shows once that is known.
    let report = RwSignal::new(None::<Result<StorageReport, ApiError>>);
    let (is_limited, typed) = (RwSignal::new(false), RwSignal::new(USUAL_DAYS.to_owned()));
    leptos::task::spawn_local(async move {
        let Some(client) = api.try_get_value() else { return };
        let answer = client.find_storage().await;
        if let Ok(found) = &answer
            && let Some(id) = subject.try_with_value(|subject| subject.id)
            && let Some(days) = found.projects.iter().find(|it| it.project_id == id).and_then(|it| it.retention.days)
        {
            is_limited.try_set(true);
            typed.try_set(days.to_string());
        }
        report.try_set(Some(answer));
    });
    let problem = memo(move || if is_limited.get() { typed.with(|typed| days(typed).err()) } else { None });
    let wanted = memo(move || match is_limited.get() {
        false => Some(Retention { days: None }),
        true => typed.with(|typed| days(typed).ok()).map(|days| Retention { days: Some(days) }),
    });
    let n_older = count_older(api, subject, wanted);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (Some(retention), Some(Ok(n_older))) = (wanted.get_untracked(), n_older.get_untracked()) else { return };
        let before = report.with_untracked(|report| report.as_ref().and_then(|it| it.as_ref().ok()).cloned());
        run(outcome, async move {
            let subject = subject.get_value();
            api.get_value().set_retention(subject.id, retention).await?;
            on_done.run(subject.clone());
            match before.filter(|_| n_older > 0) {
                // How many runs the traces have is only known as they go.
                Some(report) => {
                    purge.set(Some(Purge::begun(&report, n_older as u64)));
                    follow::until_done(api.get_value(), purge, Rc::new(|_| {}));
                }
                None => {
                    is_open.set(false);
                    toasts.show(format!("Traces of {} are kept {}", subject.name, for_words(retention)));
                }
            }
            Ok(())
        });
    };
    let (group, days_id, hint_id) = (unique_id("retention"), unique_id("retention-days"), unique_id("retention-hint"));
    let described_by = hint_id.clone();
    let button_words = move || match (wanted.get(), n_older.get()) {
        (Some(Retention { days: Some(days) }), Some(Ok(n))) if n > 0 => {
            let kept = for_words(Retention { days: Some(days) });
            format!("Keep {kept} and delete {} {}", grouped(n), if n == 1 { "trace" } else { "traces" })
        }
        (Some(retention), _) => format!("Keep {}", for_words(retention)),
        (None, _) => "Keep".into(),
    };
    let deletes = move || matches!(n_older.get(), Some(Ok(n)) if n > 0);
    view! {
        <form class="dialog-form" on:submit=on_submit>
            <p>"Counted from when a trace began. Older ones are deleted as time goes by, with their runs, attachments and feedback."</p>
            <fieldset class="retention-choices">
                <legend class="visually-hidden">"How long to keep traces"</legend>
                <label class="retention-choice">
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=live(move || !is_limited.get())
                        on:change=move |_| is_limited.set(false)
                    />
                    "Keep for ever"
                </label>
                <div class="retention-choice">
                    <label>
                        <input
                            type="radio"
                            name=group
                            prop:checked=live(move || is_limited.get())
                            on:change=move |_| is_limited.set(true)
                        />
                        "Keep for"
                    </label>
                    <input
                        class="input retention-days"
                        id=days_id.clone()
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        aria-label="Days"
                        aria-describedby=described_by
                        aria-invalid=live(move || problem.get().is_some().to_string())
                        prop:value=typed
                        on:focus=move |_| is_limited.set(true)
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                    <label for=days_id>"days"</label>
                </div>
            </fieldset>
            <p class="retention-consequence" id=hint_id role="status">
                {dynamic(move || match (problem.get(), wanted.get(), n_older.get()) {
                    (Some(problem), ..) => view! { <span class="field-error">{problem}</span> }.into_any(),
                    (None, Some(retention), Some(Ok(n))) => consequence(retention, n).into_any(),
                    (None, _, Some(Err(error))) => {
                        view! { <span class="field-error">{format!("What would be deleted could not be counted. {error}")}</span> }
                            .into_any()
                    }
                    _ => "Counting what would be deleted".into_any(),
                })}
            </p>
            <Failure outcome />
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    class="button"
                    class:is-danger=live(deletes)
                    class:is-primary=live(move || !deletes())
                    disabled=live(move || !matches!(n_older.get(), Some(Ok(_))) || outcome.get() == Outcome::Running)
                >
                    {dynamic(button_words)}
                </button>
            </div>
        </form>
    }
}

/// How many traces are too old for what is wanted; nothing while that is being asked.
fn count_older(
    api: StoredValue<ApiClient>,
    subject: StoredValue<Subject>,
    wanted: Memo<Option<Retention>>,
) -> RwSignal<Option<Result<i64, ApiError>>> {
    let n_older = RwSignal::new(None);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        timer.try_update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    };
    effect(move || {
        cancel();
        let Some(retention) = wanted.get() else {
            n_older.set(None);
            return;
        };
        let Some(days) = retention.days else {
            n_older.set(Some(Ok(0)));
            return;
        };
        n_older.set(None);
        let ask = move || {
            let Some((client, id)) = api.try_get_value().zip(subject.try_with_value(|subject| subject.id)) else {
                return;
            };
            leptos::task::spawn_local(async move {
                let query = older_than(id, cutoff(clock::now(), days));
                let answer = client.find_run_stats(&query).await.map(|stats| stats.run_count);
                // Another number may have been typed meanwhile.
                if wanted.try_get_untracked() == Some(Some(retention)) {
                    n_older.try_set(Some(answer));
                }
            });
        };
        timer.set_value(set_timeout_with_handle(ask, TYPING_RESTS).ok());
    });
    on_cleanup(cancel);
    n_older
}
