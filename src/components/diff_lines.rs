//! Lines that differ, with signs and words as well as colours.

use crate::diff::shown::{Part, Shown, ShownChange, ShownLine, Sign};
use crate::format::visible::visible;
use leptos::prelude::*;

/// The changes one below the other, each under its path.
pub fn changes_view(shown: Shown) -> impl IntoView {
    let note = shown.is_by_lines_only.then(|| {
        view! { <p class="payload-diff-note">"Too much changed to compare it word by word; whole lines are marked."</p> }
    });
    let changes = shown.changes.into_iter().map(change_view).collect_view();
    view! {
        {note}
        {changes}
    }
}

fn change_view(change: ShownChange) -> AnyView {
    let path = change.path.iter().map(|step| visible(step).into_owned()).collect::<Vec<_>>().join(" › ");
    let has_path = !path.is_empty();
    let lines = change.lines.into_iter().map(line_view).collect_view();
    view! {
        <div class="payload-change">
            {has_path.then(|| view! { <h4 class="payload-change-path"><bdi>{path}</bdi></h4> })}
            <div class="payload-change-lines">{lines}</div>
        </div>
    }
    .into_any()
}

fn line_view(ShownLine { sign, parts }: ShownLine) -> AnyView {
    let (class, mark, spoken) = match sign {
        Sign::Same => ("diff-line", " ", "Unchanged: "),
        Sign::Removed => ("diff-line is-removed", "−", "Removed: "),
        Sign::Added => ("diff-line is-added", "+", "Added: "),
        Sign::LeftOut => ("diff-line is-left-out", "⋯", ""),
    };
    let is_removed = sign == Sign::Removed;
    let part = |Part { text, is_marked }: Part| {
        let text = visible(&text).into_owned();
        match (is_marked, is_removed) {
            (false, _) => text.into_any(),
            (true, true) => view! { <del>{text}</del> }.into_any(),
            (true, false) => view! { <ins>{text}</ins> }.into_any(),
        }
    };
    view! {
        <div class=class>
            <span class="diff-sign" aria-hidden="true">{mark}</span>
            <span class="diff-text"><span class="visually-hidden">{spoken}</span>{parts.into_iter().map(part).collect_view()}</span>
        </div>
    }
    .into_any()
}
