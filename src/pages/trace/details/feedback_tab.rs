//! All feedback on a run, and the form that gives more.

use super::feedback_bar::comment_id;
use super::feedback_form::FeedbackForm;
use super::feedback_item::FeedbackItem;
use super::feedback_store::FeedbackStore;
use crate::components::erased::{Keyed, When, dynamic};
use crate::components::load_failed::LoadFailed;
use crate::feedback::{Draft, Problems};
use crate::format::visible::visible;
use leptos::prelude::*;

/// The feedback of a run.
#[component]
pub fn FeedbackTab(store: FeedbackStore) -> impl IntoView {
    let failure = move || store.failure.get().filter(|_| !store.is_loaded.get());
    let is_empty = move || store.is_loaded.get() && store.n_shown() == 0;
    view! {
        <div class="feedback">
            {dynamic(move || {
                failure().map(|message| view! { <LoadFailed message=message on_retry=move |()| store.load() /> })
            })}
            <When when=is_empty>
                <p class="message-empty">"No feedback yet: say what you think of this run below"</p>
            </When>
            <ul class="feedback-list">
                <Keyed
                    each=move || store.shown()
                    key=|feedback| (feedback.id, feedback.modified_at, content_key(feedback))
                    let:feedback
                >
                    <FeedbackItem store feedback />
                </Keyed>
                <Keyed each=move || store.deleted() key=|feedback| feedback.id let:feedback>
                    <li class="feedback-item is-deleted">
                        <span>
                            "Deleted: " <bdi>{visible(&feedback.key).into_owned()}</bdi>
                        </span>
                        <button type="button" class="button" on:click=move |_| store.restore(feedback.clone())>
                            "Undo"
                        </button>
                    </li>
                </Keyed>
            </ul>
            <NewFeedback store />
        </div>
    }
}

/// Changes with what the item shows, so that it is drawn again only then.
fn content_key(feedback: &fanlight_wire::feedback::Feedback) -> String {
    format!("{:?}{:?}{:?}{:?}", feedback.score, feedback.value, feedback.comment, feedback.correction)
}

#[component]
fn NewFeedback(store: FeedbackStore) -> impl IntoView {
    let problems = RwSignal::new(Problems::default());
    let is_saving = RwSignal::new(false);
    let submit = move |()| {
        if is_saving.get_untracked() {
            return;
        }
        let sent = store.draft.get_untracked();
        match sent.create() {
            Err(found) => problems.set(found),
            Ok(create) => {
                problems.set(Problems::default());
                is_saving.set(true);
                store.create(create, move |is_done| {
                    is_saving.try_set(false);
                    // What was typed is only dropped once the server has it, and only if it is still the same.
                    if is_done && store.draft.try_get_untracked().as_ref() == Some(&sent) {
                        store.draft.set(Draft::default());
                    }
                });
            }
        }
    };
    view! {
        <section class="feedback-new" aria-label="New feedback">
            <h3>"Add feedback"</h3>
            <FeedbackForm
                store
                draft=store.draft
                problems
                is_new=true
                is_saving
                on_submit=submit
                comment_id=comment_id(store)
            />
        </section>
    }
}
