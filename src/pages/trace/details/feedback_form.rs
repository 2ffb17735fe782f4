//! The fields of feedback: for something new, or to change what was said.

use super::feedback_store::FeedbackStore;
use crate::components::erased::{dynamic, live};
use crate::components::unique_id;
use crate::feedback::{Draft, Problems};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// Fields over `draft`. `is_new` asks for a key too.
#[component]
pub fn FeedbackForm(
    store: FeedbackStore,
    draft: RwSignal<Draft>,
    #[prop(into)] problems: Signal<Problems>,
    is_new: bool,
    #[prop(into)] is_saving: Signal<bool>,
    #[prop(into)] on_submit: Callback<()>,
    #[prop(optional, into)] on_cancel: Option<Callback<()>>,
    /// The element id of the comment field.
    #[prop(into)]
    comment_id: String,
) -> impl IntoView {
    let keys_id = unique_id("feedback-keys");
    let known_keys = move || {
        let mut keys: Vec<String> = store.shown().into_iter().map(|feedback| feedback.key).collect();
        keys.extend(["correctness", "helpfulness", "tone", "note"].map(str::to_owned));
        keys.sort();
        keys.dedup();
        keys.into_iter().map(|key| view! { <option value=key></option> }).collect_view()
    };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            on_submit.run(());
        } else if event.key() == "Escape"
            && let Some(on_cancel) = on_cancel
        {
            event.prevent_default();
            event.stop_propagation();
            on_cancel.run(());
        }
    };
    let key_field = is_new.then(|| {
        let list = keys_id.clone();
        view! {
            <Field
                label="Key"
                hint="What is judged; a comment alone becomes a note"
                value=move || draft.with(|draft| draft.key.clone())
                on_input=move |text| draft.update(|draft| draft.key = text)
                problem=move || problems.with(|problems| problems.key.clone())
                list
            />
        }
    });
    view! {
        <form
            class="feedback-form"
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
            on:keydown=on_keydown
        >
            <datalist id=keys_id>{dynamic(known_keys)}</datalist>
            <div class="feedback-fields">
                {key_field}
                <Field
                    label="Score"
                    hint="A number"
                    is_number=true
                    value=move || draft.with(|draft| draft.score.clone())
                    on_input=move |text| draft.update(|draft| draft.score = text)
                    problem=move || problems.with(|problems| problems.score.clone())
                />
                <Field
                    label="Category"
                    hint="Such as wrong_info"
                    value=move || draft.with(|draft| draft.value.clone())
                    on_input=move |text| draft.update(|draft| draft.value = text)
                    problem=|| None
                />
            </div>
            <TextField
                label="Comment"
                hint=""
                id=comment_id
                value=move || draft.with(|draft| draft.comment.clone())
                on_input=move |text| draft.update(|draft| draft.comment = text)
                problem=|| None
            />
            <TextField
                label="Correction"
                hint="What the answer should have been: text, or JSON"
                id=unique_id("feedback-correction")
                value=move || draft.with(|draft| draft.correction.clone())
                on_input=move |text| draft.update(|draft| draft.correction = text)
                problem=move || problems.with(|problems| problems.correction.clone())
            />
            <div class="feedback-actions">
                <button type="submit" class="button is-primary" disabled=is_saving>
                    {dynamic(move || match (is_saving.get(), is_new) {
                        (true, _) => "Saving…",
                        (false, true) => "Add feedback",
                        (false, false) => "Save",
                    })}
                </button>
                {on_cancel
                    .map(|on_cancel| {
                        view! {
                            <button type="button" class="button" on:click=move |_| on_cancel.run(())>
                                "Cancel"
                            </button>
                        }
                    })}
                <span class="field-error" role="alert">
                    {dynamic(move || problems.with(|problems| problems.all.clone()))}
                </span>
            </div>
        </form>
    }
}

#[component]
fn Field(
    label: &'static str,
    hint: &'static str,
    value: impl Fn() -> String + Send + Sync + 'static,
    on_input: impl Fn(String) + 'static,
    problem: impl Fn() -> Option<String> + Copy + Send + Sync + 'static,
    #[prop(optional)] is_number: bool,
    #[prop(optional, into)] list: Option<String>,
) -> impl IntoView {
    let id = unique_id("field");
    let problem_id = format!("{id}-problem");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                type="text"
                class="input"
                id=id
                inputmode=is_number.then_some("decimal")
                placeholder=hint
                list=list
                autocomplete="off"
                maxlength="2000"
                dir="auto"
                prop:value=value
                aria-invalid=live(move || problem().is_some().to_string())
                aria-describedby=problem_id.clone()
                on:input=move |event| on_input(event_target_value(&event))
            />
            <span class="field-error" id=problem_id>
                {problem}
            </span>
        </div>
    }
}

#[component]
fn TextField(
    label: &'static str,
    hint: &'static str,
    #[prop(into)] id: String,
    value: impl Fn() -> String + Send + Sync + 'static,
    on_input: impl Fn(String) + 'static,
    problem: impl Fn() -> Option<String> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let problem_id = format!("{id}-problem");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                class="input"
                id=id
                rows="2"
                placeholder=hint
                dir="auto"
                prop:value=value
                aria-invalid=live(move || problem().is_some().to_string())
                aria-describedby=problem_id.clone()
                on:input=move |event| on_input(event_target_value(&event))
            ></textarea>
            <span class="field-error" id=problem_id>
                {problem}
            </span>
        </div>
    }
}
