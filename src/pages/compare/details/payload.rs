//! What differs between two payloads, change by change, with signs and words as well as colours.

use crate::components::diff_lines::changes_view;
use crate::components::erased::dynamic;
use crate::components::unique_id;
use crate::diff::shown::{shown_json, shown_text};
use crate::format::digits::grouped;
use crate::format::visible::visible;
use crate::json_view::pretty;
use leptos::prelude::*;
use std::sync::Arc;

/// Changes shown at first, and how many more each time.
const CHANGES: usize = 12;

/// Lines of equal payloads that can be looked at.
const EQUAL_LINES: usize = 60;

/// Two payloads as JSON texts. The outer `None`: there is no such run; the inner: it has no such payload.
#[component]
pub fn PayloadDiff(title: &'static str, old: Option<Option<Arc<str>>>, new: Option<Option<Arc<str>>>) -> impl IntoView {
    let heading = unique_id("payload");
    let labelled_by = heading.clone();
    let body = match (old, new) {
        (Some(None) | None, Some(None) | None) => None,
        (Some(old), Some(new)) if old == new => Some(equal(old.as_deref().unwrap_or_default()).into_any()),
        (old, new) => Some(changed(old.flatten(), new.flatten()).into_any()),
    };
    body.map(|body| {
        view! {
            <section class="payload-diff" aria-labelledby=labelled_by>
                <h3 id=heading>{title}</h3>
                {body}
            </section>
        }
    })
}

/// Two errors as plain texts; empty for none, `None` for no run.
#[component]
pub fn ErrorDiff(old: Option<String>, new: Option<String>) -> impl IntoView {
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let heading = unique_id("payload");
    let labelled_by = heading.clone();
    (!old.is_empty() || !new.is_empty()).then(|| {
        let shown = shown_text(&old, &new);
        let body = match shown.changes.is_empty() {
            true => view! { <p class="payload-diff-note">"Same in both"</p> <pre class="payload-diff-text">{visible(&new).into_owned()}</pre> }.into_any(),
            false => changes_view(shown).into_any(),
        };
        view! {
            <section class="payload-diff" aria-labelledby=labelled_by>
                <h3 id=heading>"Error"</h3>
                {body}
            </section>
        }
    })
}

fn equal(text: &str) -> impl IntoView + use<> {
    let (lines, rest) = pretty::page(text, pretty::Position::default(), EQUAL_LINES);
    let more = rest.map(|_| view! { <p class="payload-diff-note">"And more; open the run to see all of it."</p> });
    view! {
        <details class="payload-diff-equal">
            <summary>"Same in both"</summary>
            <pre class="payload-diff-text">{visible(&lines).into_owned()}</pre>
            {more}
        </details>
    }
}

fn changed(old: Option<Arc<str>>, new: Option<Arc<str>>) -> impl IntoView {
    let n_shown = RwSignal::new(CHANGES);
    dynamic(move || {
        let shown = shown_json(old.as_deref(), new.as_deref(), n_shown.get());
        let n_more = shown.n_more;
        let is_equal = shown.changes.is_empty();
        view! {
            {is_equal.then(|| view! { <p class="payload-diff-note">"Same in both, apart from how it is written and ids made up for each answer"</p> })}
            {changes_view(shown)}
            {(n_more > 0).then(|| {
                view! {
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| n_shown.update(|n| *n += CHANGES)
                    >
                        {format!("Show {} of {} more changes", grouped(n_more.min(CHANGES) as i64), grouped(n_more as i64))}
                    </button>
                }
            })}
        }
    })
}
