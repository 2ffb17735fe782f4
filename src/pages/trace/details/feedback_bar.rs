//! Always at the foot of the panel: thumbs by click or key, what was said so far, and the way to say more.

use super::feedback_store::FeedbackStore;
use crate::components::erased::{dynamic, live};
use crate::components::icon::{Icon, IconView};
use crate::components::keyboard::{use_keys_within, use_page_keys};
use crate::feedback::{Thumb, json_text, score_text};
use crate::format::visible::visible;
use crate::keys::{Binding, KeyGroup};
use fanlight_wire::feedback::Feedback;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How many pieces of feedback the bar names.
const MAX_CHIPS: usize = 4;

/// The panel that the bar stands in, with the pane around it.
const DETAILS_PANE: &str = ".trace-details";

#[derive(Clone, Copy)]
enum FeedbackKey {
    Thumb(Thumb),
    Write,
}

const THUMB_KEYS: &[Binding<FeedbackKey>] = &[
    Binding { chords: &["1"], action: FeedbackKey::Thumb(Thumb::Up), label: "Thumbs up" },
    Binding { chords: &["2"], action: FeedbackKey::Thumb(Thumb::Down), label: "Thumbs down" },
];

const PAGE_KEYS: &[Binding<FeedbackKey>] =
    &[Binding { chords: &["n"], action: FeedbackKey::Write, label: "Write feedback" }];

/// The keys of this bar, for the sheet of shortcuts.
pub fn key_groups() -> [KeyGroup; 2] {
    [KeyGroup::new("Feedback", PAGE_KEYS), KeyGroup::new("In the details", THUMB_KEYS)]
}

/// The element id of the comment field of the new feedback on a run.
pub fn comment_id(store: FeedbackStore) -> String {
    format!("feedback-comment-{}", store.run_id)
}

/// The bar; `on_open` shows the feedback tab.
#[component]
pub fn FeedbackBar(store: FeedbackStore, #[prop(into)] on_open: Callback<()>) -> impl IntoView {
    let write = move || {
        on_open.run(());
        request_animation_frame(move || {
            let field = document().get_element_by_id(&comment_id(store));
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        });
    };
    let act = move |key: FeedbackKey| match key {
        FeedbackKey::Thumb(thumb) => store.press_thumb(thumb),
        FeedbackKey::Write => write(),
    };
    use_page_keys(PAGE_KEYS, act);
    // Elsewhere on the page of a trace, digits choose the view.
    use_keys_within(DETAILS_PANE, THUMB_KEYS, act);
    let chips = move || {
        let shown = store.shown();
        let n_more = shown.len().saturating_sub(MAX_CHIPS);
        let chips =
            shown.into_iter().take(MAX_CHIPS).map(|feedback| view! { <li class="chip">{summary(&feedback)}</li> });
        let chips = chips.collect_view();
        view! { {chips} {(n_more > 0).then(|| view! { <li class="chip">{format!("+{n_more}")}</li> })} }
    };
    view! {
        <div class="feedback-bar" role="group" aria-label="Feedback on this run">
            <ThumbButton store thumb=Thumb::Up />
            <ThumbButton store thumb=Thumb::Down />
            <ul class="feedback-chips">{dynamic(chips)}</ul>
            <button type="button" class="button is-quiet" aria-keyshortcuts="n" on:click=move |_| write()>
                "Comment or correct…"
                <kbd aria-hidden="true">"n"</kbd>
            </button>
        </div>
    }
}

#[component]
pub fn ThumbButton(store: FeedbackStore, thumb: Thumb) -> impl IntoView {
    let (icon, label, key) = match thumb {
        Thumb::Up => (Icon::ThumbUp, "Thumbs up", "1"),
        Thumb::Down => (Icon::ThumbDown, "Thumbs down", "2"),
    };
    let is_given = move || store.thumb() == Some(thumb);
    view! {
        <button
            type="button"
            class="button thumb-button"
            class:is-given=live(is_given)
            class:is-down=thumb == Thumb::Down
            aria-label=label
            aria-keyshortcuts=key
            aria-pressed=live(move || is_given().to_string())
            title=label
            on:click=move |_| store.press_thumb(thumb)
        >
            <IconView icon />
            <kbd aria-hidden="true">{key}</kbd>
        </button>
    }
}

/// `correctness 0.5`, `topic billing`, `note`
fn summary(feedback: &Feedback) -> AnyView {
    let value = feedback.value.as_ref().map(|value| json_text(value.get())).filter(|text| text != "null");
    let said = feedback.score.map(score_text).or(value).map(|text| text.chars().take(24).collect::<String>());
    let key: String = feedback.key.chars().take(40).collect();
    view! {
        <bdi>{visible(&key).into_owned()}</bdi>
        {said.map(|said| view! { " " <b><bdi>{visible(&said).into_owned()}</bdi></b> })}
    }
    .into_any()
}
