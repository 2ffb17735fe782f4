//! Which variables came, went and were renamed.

use super::state::DiffState;
use crate::components::erased::dynamic;
use crate::diff::variables::VariableChanges;
use crate::format::visible::visible;
use leptos::prelude::*;

/// A strip above the lines; nothing when all variables stayed.
#[component]
pub fn Variables(state: DiffState) -> impl IntoView {
    dynamic(move || {
        let changes = state.diff.with(|diff| diff.variables.clone());
        (!changes.is_empty()).then(|| strip(changes))
    })
}

fn strip(VariableChanges { added, removed, renamed, kept }: VariableChanges) -> AnyView {
    let chip = |class: &'static str, sign: &'static str, spoken: &'static str, name: String| {
        view! {
            <li class=format!("chip prompt-variable-chip {class}")>
                <span aria-hidden="true">{sign}</span>
                <span class="visually-hidden">{spoken}</span>
                <bdi>{name}</bdi>
            </li>
        }
        .into_any()
    };
    let shown = |name: String| visible(&name).into_owned();
    let renamed = renamed.into_iter().map(|(from, to)| {
        let words = format!("{} → {}", shown(from), shown(to));
        chip("is-renamed", "", "renamed ", words)
    });
    let added = added.into_iter().map(|name| chip("is-added", "+", "added ", shown(name)));
    let removed = removed.into_iter().map(|name| chip("is-removed", "−", "removed ", shown(name)));
    let chips = renamed.chain(added).chain(removed).collect_view();
    let n_kept = kept.len();
    view! {
        <div class="prompt-variables">
            <h2>"Variables"</h2>
            <ul aria-label="Variables that changed">{chips}</ul>
            {(n_kept > 0).then(|| view! { <span class="prompt-title-note">{format!("{n_kept} kept")}</span> })}
        </div>
    }
    .into_any()
}
