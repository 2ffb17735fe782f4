//! Which two versions these are, and the way to others.

use super::Compared;
use super::load::{Pair, Side};
use crate::components::icon::{Icon, IconView};
use crate::components::relative_time::RelativeTime;
use crate::format::visible::visible;
use crate::pages::trace::copy_link;
use crate::routes;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// See the module. `older` and `newer` are what could be on the left instead.
#[component]
pub fn PromptDiffHeader(compared: Compared, pair: Arc<Pair>) -> impl IntoView {
    let title = format!("{} {} → {}", compared.name, pair.a.short_hash(), pair.b.short_hash());
    let name = compared.name.clone();
    let swapped = routes::prompt_compare(&name, &compared.b, &compared.a);
    let (older, newer) = (pair.neighbour(1), pair.neighbour(-1));
    let left_link = move |label: &'static str, key: &'static str, hash: Option<String>| {
        let href = hash.map(|hash| routes::prompt_compare(&name, &hash, &compared.b));
        match href {
            Some(href) => view! { <a class="button is-quiet" href=href title=format!("{label} version on the left ({key})")>{label}</a> }.into_any(),
            None => {
                view! {
                    <button type="button" class="button is-quiet" disabled title=format!("There is no {} version", label.to_lowercase())>
                        {label}
                    </button>
                }
                    .into_any()
            }
        }
    };
    view! {
        <Title text=title />
        <header class="page-header prompt-diff-header">
            <h1 class="trace-title">
                <a class="trace-title-back" href=routes::prompts()>
                    "Prompts"
                </a>
                <span class="trace-title-slash" aria-hidden="true">"/"</span>
                <a class="trace-title-back" href=routes::prompt(&compared.name)>
                    <bdi>{visible(&compared.name).into_owned()}</bdi>
                </a>
                <span class="trace-title-slash" aria-hidden="true">"/"</span>
                <span>"Compare"</span>
            </h1>
            <div class="prompt-diff-sides">
                <span class="prompt-diff-left" role="group" aria-label="Version on the left">
                    {left_link("Older", "[", older)}
                    {left_link("Newer", "]", newer)}
                </span>
                <SideView name=compared.name.clone() side=pair.a.clone() letter="A" class="is-a" />
                <a class="button is-quiet" href=swapped title="Swap the sides (Shift+X)">"Swap"</a>
                <SideView name=compared.name side=pair.b.clone() letter="B" class="is-b" />
            </div>
            <button type="button" class="button" on:click=move |_| copy_link()>
                <IconView icon=Icon::Copy />
                "Copy link"
            </button>
        </header>
    }
}

/// One version: its hash, which leads to it, its tags, what it is about and when it was saved.
#[component]
fn SideView(name: String, side: Side, letter: &'static str, class: &'static str) -> impl IntoView {
    let tags = side
        .tags
        .iter()
        .map(|tag| view! { <span class="chip"><bdi>{visible(tag).into_owned()}</bdi></span> })
        .collect_view();
    let description = visible(&side.description).into_owned();
    let has_description = !description.is_empty();
    view! {
        <span class="prompt-diff-side">
            <span class=format!("compare-key {class}") aria-hidden="true"></span>
            <b>{letter}</b>
            <a class="prompt-hash" href=routes::prompt_version(&name, &side.hash) title=side.hash.clone()>
                {side.short_hash()}
            </a>
            {tags}
            {has_description.then(|| view! { <span class="prompt-diff-about" title=description.clone()><bdi>{description.clone()}</bdi></span> })}
            {side.created_at.map(|time| view! { <span class="compare-side-time"><RelativeTime time /></span> })}
        </span>
    }
}
