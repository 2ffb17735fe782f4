//! One piece of feedback: what it says, who said it; edit and delete.

use super::feedback_form::FeedbackForm;
use super::feedback_store::FeedbackStore;
use super::folded_text::FoldedText;
use super::json_tree::JsonTree;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::relative_time::RelativeTime;
use crate::components::unique_id;
use crate::feedback::{Draft, Problems, THUMBS_KEY, Thumb, json_text, score_text, source_label};
use crate::format::visible::visible;
use crate::messages::is_json_container;
use fanlight_wire::feedback::Feedback;
use leptos::prelude::*;

/// Shows `feedback`, or the form that changes it.
#[component]
pub fn FeedbackItem(store: FeedbackStore, feedback: Feedback) -> impl IntoView {
    let id = feedback.id;
    let is_edited = memo(move || store.editing.with(|editing| editing.as_ref().is_some_and(|(other, _)| *other == id)));
    let feedback = StoredValue::new(feedback);
    view! {
        <li class="feedback-item" class:is-pending=live(move || store.is_pending(id))>
            <When when=move || is_edited.get() fallback=move || view! { <Said store feedback=feedback.get_value() /> }>
                <Edit store feedback=feedback.get_value() />
            </When>
        </li>
    }
}

#[component]
fn Said(store: FeedbackStore, feedback: Feedback) -> impl IntoView {
    let id = feedback.id;
    let thumb = feedback.score.filter(|_| feedback.key == THUMBS_KEY).and_then(Thumb::from_score);
    let score = feedback.score.map(|score| match thumb {
        Some(thumb) => {
            let (icon, words) = match thumb {
                Thumb::Up => (Icon::ThumbUp, "up"),
                Thumb::Down => (Icon::ThumbDown, "down"),
            };
            view! { <b class="feedback-score"><IconView icon /> {words}</b> }.into_any()
        }
        None => view! { <b class="feedback-score">{score_text(score)}</b> }.into_any(),
    });
    let value = feedback.value.as_ref().map(|value| value.get().to_owned()).filter(|value| value != "null");
    let value = value.map(|json| {
        if is_json_container(&json) {
            view! { <div class="feedback-value"><JsonTree text=Signal::stored(json.into()) label="Value" /></div> }
                .into_any()
        } else {
            view! { <span class="chip"><bdi>{visible(&json_text(&json)).into_owned()}</bdi></span> }.into_any()
        }
    });
    let comment = feedback.comment.clone().filter(|comment| !comment.is_empty());
    let correction = feedback.correction.as_ref().map(|json| json.get().to_owned()).filter(|json| json != "null");
    let source = source_label(&feedback);
    let created_at = feedback.created_at;
    let was_edited = feedback.modified_at.since(feedback.created_at) > 1_000_000_000;
    let key = feedback.key.clone();
    let (edited, deleted) = (StoredValue::new(feedback.clone()), StoredValue::new(feedback));
    view! {
        <div class="feedback-head">
            <bdi class="feedback-key">{visible(&key).into_owned()}</bdi>
            {score}
            {value}
            <span class="message-space"></span>
            <button
                type="button"
                class="button is-quiet"
                aria-label=format!("Edit {key}")
                disabled=live(move || store.is_pending(id))
                on:click=move |_| store.editing.set(Some((id, edited.with_value(Draft::of))))
            >
                "Edit"
            </button>
            <button
                type="button"
                class="button is-quiet"
                aria-label=format!("Delete {key}")
                disabled=live(move || store.is_pending(id))
                on:click=move |_| store.delete(deleted.get_value())
            >
                "Delete"
            </button>
        </div>
        {comment.map(|comment| view! { <div class="feedback-comment"><FoldedText text=comment.into() /></div> })}
        {correction
            .map(|json| {
                let shown = if is_json_container(&json) {
                    view! { <JsonTree text=Signal::stored(json.into()) label="Correction" /> }.into_any()
                } else {
                    view! { <FoldedText text=json_text(&json).into() /> }.into_any()
                };
                view! {
                    <div class="feedback-correction">
                        <span class="feedback-correction-title">"Correction"</span>
                        {shown}
                    </div>
                }
            })}
        <p class="feedback-source">
            <bdi>{visible(&source).into_owned()}</bdi>
            " · "
            <RelativeTime time=created_at />
            {was_edited.then_some(" · edited")}
            {dynamic(move || store.is_pending(id).then_some(" · saving…"))}
        </p>
    }
}

#[component]
fn Edit(store: FeedbackStore, feedback: Feedback) -> impl IntoView {
    let id = feedback.id;
    let typed = store.editing.with_untracked(|editing| editing.as_ref().map(|(_, draft)| draft.clone()));
    let draft = RwSignal::new(typed.unwrap_or_else(|| Draft::of(&feedback)));
    let problems = RwSignal::new(Problems::default());
    let key = feedback.key.clone();
    let save = move |()| match draft.with_untracked(|draft| draft.update(&feedback)) {
        Err(found) => problems.set(found),
        Ok(None) => store.editing.set(None),
        Ok(Some(update)) => {
            let typed = draft.get_untracked();
            store.editing.set(None);
            store.update(feedback.clone(), update, move |is_done| {
                // Refused: the form comes back as it was.
                if !is_done {
                    store.editing.try_set(Some((id, typed)));
                }
            });
        }
    };
    view! {
        <p class="feedback-key">
            <bdi>{visible(&key).into_owned()}</bdi>
        </p>
        <FeedbackForm
            store
            draft
            problems
            is_new=false
            is_saving=Signal::stored(false)
            on_submit=save
            on_cancel=move |()| store.editing.set(None)
            comment_id=unique_id("feedback-edit")
        />
    }
}
